//! The API end to end: a real server, real HTTP, both engines.

mod plans;
mod support;

/// One test per engine for each function: it gets a server with the two tenants of `support::world`.
macro_rules! on_both_engines {
    ($($module:ident: $($name:ident),+ $(,)?;)+) => {
        $(mod $module;)+

        mod sqlite {
            $($(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(server) = super::support::TestServer::on_sqlite().await {
                    super::$module::$name(&server.with_two_tenants().await).await;
                }
            })+)+
        }

        mod postgres {
            $($(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                if let Some(server) = super::support::TestServer::on_postgres().await {
                    super::$module::$name(&server.with_two_tenants().await).await;
                }
            })+)+
        }
    };
}

on_both_engines! {
    smoke: a_profile_can_be_read_by_staff_of_its_tenant_only;
    mission:
        existing_users_can_sign_in,
        a_user_without_a_profile_can_use_the_system,
        a_client_profile_can_be_created_read_changed_and_deleted,
        notes_can_be_added_to_a_profile,
        preferences_can_be_set,
        the_appointment_history_can_be_viewed,
        history_works_with_no_appointments,
        a_photo_can_be_read_and_removed,
        pagination_works,
        creating_a_profile_requires_that_the_user_exists,
        a_user_can_not_have_two_profiles,
        notes_require_a_valid_profile,
        preferences_require_a_valid_profile,
        appointments_can_be_made_for_people_without_a_profile,
        the_hosts_rows_are_the_same_after_every_operation;
    profiles:
        a_list_row_holds_the_profile_and_its_user,
        a_card_holds_user_with_tenant_notes_and_preferences,
        a_card_without_preferences_says_null,
        a_card_embeds_the_ten_newest_notes,
        a_client_reads_their_own_card_without_the_staff_field_and_notes,
        staff_who_are_no_clients_have_no_profile_of_their_own,
        a_new_profile_is_answered_whole,
        a_profile_needs_nothing_but_its_user,
        a_changed_profile_is_answered_whole,
        a_client_changes_their_contact_fields_and_never_sees_the_staff_field,
        deleting_a_profile_takes_its_notes_and_preferences_and_leaves_the_user,
        profiles_are_filtered_by_city_and_state_whatever_case_and_accents;
    profile_fields:
        a_date_of_birth_never_shifts,
        a_date_of_birth_that_others_stored_with_a_time_keeps_its_day,
        a_date_of_birth_that_can_not_be_is_refused,
        a_gender_may_be_spanish_and_is_answered_in_the_missions_words,
        an_unknown_gender_is_refused,
        texts_may_be_as_long_as_the_limit_in_characters,
        texts_may_not_be_longer_than_the_limit,
        texts_are_trimmed_before_they_are_measured,
        text_of_any_alphabet_comes_back_unchanged,
        text_with_nul_or_hidden_direction_marks_is_refused,
        phones_have_7_to_15_digits_and_are_stored_as_typed,
        emails_look_like_one,
        a_photo_address_is_ours_or_https,
        the_country_is_mexico_unless_said_otherwise;
    profile_updates:
        a_field_left_out_keeps_its_value,
        null_and_blank_clear_every_field,
        blank_fields_of_a_new_profile_are_null,
        a_change_that_changes_nothing_leaves_the_row_alone,
        updated_at_always_moves_forward,
        immutable_fields_may_be_echoed,
        immutable_fields_may_not_differ_and_all_are_named,
        unknown_fields_are_refused_by_name,
        nested_objects_are_refused,
        every_wrong_field_is_reported_at_once,
        an_immutable_field_is_reported_together_with_a_malformed_one,
        values_of_the_wrong_json_type_are_refused,
        the_user_of_a_new_profile_must_be_an_id;
    notes:
        a_note_is_shown_with_its_author_and_profile,
        a_new_note_is_public_and_general_unless_said_otherwise,
        a_note_may_come_under_the_web_apps_names,
        two_names_of_a_field_may_not_contradict_each_other,
        a_note_is_changed_field_by_field,
        a_note_changed_to_what_it_is_stays_as_it_is,
        what_a_note_says_of_itself_may_be_echoed_but_not_changed,
        a_deleted_note_is_gone,
        notes_are_listed_newest_first_by_profile_author_type_and_privacy;
    note_fields:
        a_note_holds_1_to_5000_characters_after_trimming,
        a_notes_content_is_kept_as_written,
        wrong_fields_of_a_note_are_all_named,
        fields_of_a_note_can_not_be_null_or_blank,
        an_administrator_may_write_in_the_name_of_a_user_of_the_tenant,
        a_notes_author_may_be_left_out,
        a_forged_author_is_reported_together_with_missing_content;
    preferences:
        preferences_are_read_by_id_and_by_profile,
        new_preferences_have_the_missions_defaults,
        preferences_keep_the_order_of_their_lists,
        a_profile_has_preferences_once,
        preferences_are_changed_field_by_field,
        the_ids_in_preferences_may_be_echoed_but_not_changed,
        wrong_fields_of_preferences_are_all_named,
        special_requests_hold_2000_characters,
        deleted_preferences_are_gone_and_the_profile_stays;
    preference_lists:
        preferred_services_and_staff_must_be_the_tenants_and_strangers_are_named,
        a_client_is_not_preferred_staff,
        unknown_services_and_unknown_staff_are_reported_together,
        unknown_services_are_reported_together_with_a_wrong_reminder,
        a_list_may_not_repeat_an_id_nor_hold_more_than_100,
        a_list_holds_ids,
        stored_ids_that_no_longer_exist_are_shown_and_may_stay,
        a_stored_list_that_is_not_json_is_read_as_empty;
}
