//! The pages over HTTP, without a browser: who may open them, what they keep to themselves, what their forms do.
//! What they look like and how they feel is tested in `crates/crm-web/browser`.

mod support;

on_both_engines! {
    access:
        every_page_has_a_case,
        every_page_answers_every_role_as_the_contract_says,
        without_a_session_every_page_leads_to_the_sign_in,
        own_leads_clients_to_their_card_and_staff_to_the_list;
    privacy:
        a_note_is_on_no_page_of_those_who_may_not_read_it,
        nothing_of_another_tenant_is_on_any_page,
        a_client_sees_no_trace_of_the_staff_field,
        what_a_role_may_not_do_is_not_offered;
    forms:
        a_client_is_made_from_a_form,
        similar_clients_are_shown_before_another_is_made,
        a_form_that_is_sent_twice_takes_effect_once,
        what_is_wrong_is_said_beside_everything_typed,
        changes_to_different_fields_are_both_kept,
        a_field_that_both_changed_is_asked_for_and_the_choice_is_kept,
        a_choice_between_versions_clears_nothing_else,
        a_private_note_stays_private_whatever_is_chosen,
        a_deleted_note_comes_back_by_the_notice,
        preferences_are_set_then_changed,
        a_note_is_changed_without_touching_its_privacy;
    files:
        a_photo_is_uploaded_and_removed_by_forms,
        what_is_no_photo_is_explained,
        the_history_is_downloaded_in_the_tenants_time_and_without_formulas;
    said:
        an_alert_says_how_many_medical_notes_there_are,
        a_sheet_says_how_many_notes_are_not_on_it,
        the_trash_says_what_a_note_was_about,
        notes_that_were_read_at_once_are_one_line_of_the_activity,
        staff_see_their_name_on_pages_and_on_those_of_errors,
        clients_see_nothing_that_is_for_staff_on_their_card,
        a_period_of_the_history_says_nothing_of_the_next_visit,
        filters_are_named_where_nobody_meets_them_all,
        a_date_that_does_not_exist_is_told_from_half_a_date;
    failures:
        what_was_typed_is_offered_again_when_the_session_is_over,
        a_foreign_page_changes_nothing_through_the_forms,
        what_is_not_there_is_a_page_too,
        every_page_has_the_headers_that_keep_it_safe,
        the_language_and_the_theme_are_remembered;
}
