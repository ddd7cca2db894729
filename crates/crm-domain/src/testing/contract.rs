//! What every adapter of the [`Store`] and of the [`IdentityDirectory`] must do, as tests.
//!
//! An adapter implements [`StoreHarness`] and calls [`store_contract_tests!`](crate::store_contract_tests) once per
//! engine, in a module of its own:
//!
//! ```text
//! mod sqlite {
//!     crm_domain::store_contract_tests!(super::SqliteHarness::fresh().await);
//! }
//! ```
//!
//! Each contract is a function that gets an empty database. A new one is added to the list in the macro;
//! a test of this crate fails if it is not.
#![expect(missing_docs, reason = "the name of a contract says what it asks for")]

use std::sync::Arc;

use async_trait::async_trait;

use crate::access::IdentityDirectory;
use crate::store::Store;

pub mod audit_log;
pub mod directory;
pub mod duplicates;
pub mod history_appointments;
pub mod history_facts;
pub mod history_records;
pub mod identity;
pub mod note_lists;
pub mod notes;
mod pages;
pub mod people;
pub mod photo_ledger;
pub mod preferences;
pub mod profile_filters;
pub mod profile_lists;
pub mod profile_order;
pub mod profile_search;
pub mod profiles;
pub mod requests;
mod samples;
pub mod tenancy;
pub mod trash;
pub mod units;
mod world;

/// What an adapter gives the suite: a fresh, migrated, empty database.
#[async_trait]
pub trait StoreHarness: Send + Sync {
    /// The store under test.
    fn store(&self) -> Arc<dyn Store>;

    /// The accounts of the same database.
    fn identity(&self) -> Arc<dyn IdentityDirectory>;

    /// Runs SQL as another application would, and panics if it fails.
    ///
    /// There may be several statements, separated by `;`, which appears nowhere else.
    /// SQLite and PostgreSQL both understand them: quoted camelCase columns, string literals for enums and for times
    /// such as `'2026-01-01 10:00:00.001'`, `TRUE` and `FALSE`.
    async fn execute(&self, sql: &str);
}

/// One test per contract, run by the `tokio` of the calling crate (with its features `macros` and `rt-multi-thread`).
///
/// The argument is an async expression that makes a fresh harness: an `Option` of anything that dereferences to a
/// [`StoreHarness`](crate::testing::contract::StoreHarness). `None` means that the engine is not available here;
/// the harness itself says so loudly.
#[macro_export]
macro_rules! store_contract_tests {
    // Every contract. This is the only list.
    (@all $then:ident $($harness:expr)?) => {
        $crate::store_contract_tests! {
            @$then $($harness)?;
            trash::a_deleted_profile_comes_back_with_everything_as_it_was,
            trash::a_deleted_note_and_deleted_preferences_come_back_as_they_were,
            trash::what_has_been_replaced_or_lost_what_it_belongs_to_does_not_come_back,
            trash::the_trash_shows_what_its_reader_may_read_and_bring_back,
            trash::a_photo_in_the_trash_is_referred_to_until_it_is_purged_or_shown_again,
            trash::only_what_is_old_enough_is_purged_and_every_purge_is_accounted_for,
            requests::a_change_under_a_key_is_noted_with_it_and_answered_once,
            requests::a_second_change_under_a_key_is_undone_until_the_key_has_served_its_time,
            requests::of_many_changes_under_a_key_at_once_one_is_made,
            requests::what_is_no_change_uses_no_key_up,
            requests::old_requests_are_forgotten_in_every_tenant,
            audit_log::an_entry_of_every_kind_is_read_back_as_it_was_written_newest_first,
            audit_log::entries_are_found_by_person_client_action_and_time,
            audit_log::pages_of_entries_never_overlap_and_cover_all,
            audit_log::an_entry_is_as_private_as_its_note_was_then_has_been_since_and_is_now,
            audit_log::a_change_and_its_account_are_stored_together_or_not_at_all,
            audit_log::many_writers_at_once_leave_whole_chains_whose_entries_are_in_order,
            audit_log::what_the_stored_log_was_made_to_say_is_found_out,
            audit_log::what_guards_a_changed_note_guards_the_account_of_the_change,
            profiles::every_field_of_a_profile_is_stored_and_found_again,
            profiles::a_profile_that_says_nothing_stays_empty,
            profiles::every_gender_and_birth_date_is_stored_and_found_again,
            profiles::an_update_sets_and_empties_every_field,
            profiles::a_profile_update_leaves_the_columns_alone_that_it_does_not_change,
            profiles::a_second_profile_for_a_user_is_refused_and_the_unit_stays_usable,
            profiles::a_profile_for_no_user_of_the_tenant_is_refused_and_the_unit_stays_usable,
            profiles::a_hundred_people_making_one_profile_at_once_make_one,
            profiles::changing_or_deleting_a_vanished_profile_answers_no,
            profiles::deleting_a_profile_takes_its_notes_and_preferences_and_leaves_the_user,
            profiles::what_another_application_does_to_a_profile_is_read_at_once,
            profile_lists::profiles_are_listed_newest_first_and_ties_by_id_downwards,
            profile_lists::offset_pages_of_profiles_never_overlap_and_cover_all,
            profile_lists::cursor_pages_of_profiles_never_overlap_and_cover_all,
            profile_lists::cursor_pages_of_profiles_stand_still_while_rows_come_and_go,
            profile_lists::a_page_of_profiles_by_offset_continues_by_cursor,
            profile_lists::a_page_of_profiles_far_beyond_the_end_is_empty,
            profile_lists::a_listed_profile_is_whole_and_has_its_user_beside_it,
            profile_lists::what_another_application_does_to_profiles_is_listed_at_once,
            profile_lists::a_profile_leaves_the_tenant_together_with_its_user,
            profile_filters::profiles_are_filtered_by_user,
            profile_filters::cities_and_states_match_in_part_whatever_their_case_and_accents,
            profile_filters::special_characters_in_cities_and_states_mean_themselves,
            profile_filters::every_condition_on_profiles_must_hold,
            profile_filters::filtered_profiles_are_paged_and_counted_like_all,
            profile_order::profiles_are_listed_by_name_whatever_its_case_and_accents_and_ties_by_id,
            profile_order::pages_of_profiles_by_name_never_overlap_and_cover_all,
            profile_order::a_list_by_name_goes_on_after_a_profile_wherever_it_stands_now,
            profile_order::profiles_are_filtered_by_month_of_birth,
            profile_order::many_who_were_not_seen_are_all_listed_and_counted_as_at_least_50,
            profile_order::not_seen_since_is_without_a_completed_appointment_since_then,
            profile_order::who_was_seen_is_whose_history_shows_it,
            profile_order::profiles_are_counted_with_the_new_ones_and_those_who_will_come,
            profile_order::appointments_of_another_tenant_are_no_visits,
            duplicates::a_duplicate_has_the_same_phone_or_email_wherever_it_is_written,
            duplicates::a_duplicate_has_both_names_whatever_their_case_and_accents,
            duplicates::what_says_nothing_of_a_person_has_no_duplicates,
            duplicates::profiles_of_another_tenant_are_no_duplicates,
            profile_search::names_are_found_in_either_order_whatever_their_case_and_accents,
            profile_search::accents_stored_as_marks_of_their_own_are_found,
            profile_search::a_part_of_an_email_address_is_found,
            profile_search::a_phone_is_found_however_it_is_spelled,
            profile_search::a_phone_in_pieces_may_stand_beside_a_name,
            profile_search::every_word_must_be_found_somewhere,
            profile_search::special_characters_in_a_search_mean_themselves,
            profile_search::words_of_one_or_two_letters_are_found,
            profile_search::whole_words_come_before_beginnings_and_those_before_the_rest,
            profile_search::what_was_meant_is_found_where_nothing_matches,
            profile_search::pages_of_a_search_never_overlap_and_cover_all,
            profile_search::whoever_several_ways_lead_to_is_listed_once,
            profile_search::an_accent_by_itself_finds_nobody,
            profile_search::romanian_letters_are_found_by_plain_ones,
            profile_search::what_a_profile_does_not_say_is_searched_in_its_user,
            profile_search::what_another_application_left_blank_is_searched_in_the_user,
            profile_search::what_another_application_does_to_a_profile_is_searched_at_once,
            profile_search::a_profile_written_through_the_store_is_searched_at_once,
            notes::every_kind_of_note_is_stored_and_found_again,
            notes::a_note_is_shown_with_its_author_and_its_profile,
            notes::a_note_by_somebody_of_another_tenant_is_shown_with_its_author,
            notes::a_note_on_no_profile_of_the_tenant_is_refused_and_the_unit_stays_usable,
            notes::a_note_update_changes_every_field_it_may,
            notes::a_note_update_leaves_the_columns_alone_that_it_does_not_change,
            notes::a_deleted_note_is_gone_and_deleting_or_changing_it_again_answers_no,
            notes::notes_written_while_their_profile_is_deleted_go_with_it_or_are_refused,
            note_lists::a_note_is_found_listed_and_counted_exactly_if_it_may_be_read,
            note_lists::notes_that_may_be_read_are_counted_by_type,
            note_lists::every_condition_on_notes_must_hold,
            note_lists::notes_are_listed_newest_first_and_ties_by_id_downwards,
            note_lists::cursor_pages_of_notes_stand_still_while_rows_come_and_go,
            note_lists::what_another_application_does_to_a_note_is_seen_at_once,
            note_lists::notes_leave_the_tenant_together_with_their_profiles_user,
            preferences::preferences_are_stored_and_found_again_with_their_lists_in_order,
            preferences::every_channel_and_reminder_is_stored_and_found_again,
            preferences::a_profile_without_preferences_has_none,
            preferences::second_preferences_of_a_profile_are_refused_and_the_unit_stays_usable,
            preferences::preferences_of_no_profile_of_the_tenant_are_refused_and_the_unit_stays_usable,
            preferences::fifty_people_setting_preferences_of_one_profile_at_once_make_one,
            preferences::lists_that_can_not_be_read_count_as_empty,
            preferences::lists_written_by_another_application_are_read_as_they_are,
            preferences::a_preferences_update_sets_and_empties_every_field,
            preferences::a_preferences_update_leaves_the_columns_alone_that_it_does_not_change,
            preferences::deleted_preferences_are_gone_and_deleting_or_changing_them_again_answers_no,
            photo_ledger::every_field_of_a_photo_record_is_stored_and_found_again,
            photo_ledger::a_photo_record_update_replaces_every_field_of_that_record_alone,
            photo_ledger::a_second_record_of_a_photo_is_refused_and_the_unit_stays_usable,
            photo_ledger::changing_or_deleting_a_missing_photo_record_answers_no,
            photo_ledger::a_deleted_photo_record_is_gone_and_can_be_made_again,
            photo_ledger::photo_records_are_listed_by_user_and_hash_whatever_their_case,
            photo_ledger::dropping_a_unit_undoes_what_it_did_to_photo_records,
            photo_ledger::photo_records_of_another_tenant_are_neither_read_nor_changed,
            photo_ledger::profiles_show_only_photos_at_our_addresses_of_their_own_user,
            photo_ledger::the_photos_that_profiles_show_are_named_by_user_whatever_their_case,
            photo_ledger::what_profiles_show_follows_every_change_at_once,
            photo_ledger::of_many_units_recording_one_photo_at_once_exactly_one_does,
            photo_ledger::many_units_changing_one_photo_record_at_once_lose_no_change,
            photo_ledger::every_tenant_with_a_row_of_its_own_or_a_photo_on_record_is_named_once,
            history_records::the_client_record_of_a_portal_account_is_found_by_the_accounts_email,
            history_records::client_records_are_found_by_phone_and_email_without_duplicates,
            history_records::an_empty_phone_or_email_finds_no_client_record,
            history_records::a_phone_that_is_no_number_opens_no_history,
            history_records::client_records_of_another_tenant_are_never_found,
            history_records::the_store_compares_phones_exactly_as_the_domain_does,
            history_records::the_store_compares_emails_exactly_as_the_domain_does,
            history_appointments::appointments_are_listed_newest_first_and_ties_by_id_downwards,
            history_appointments::pages_of_appointments_never_overlap_and_cover_all,
            history_appointments::cursor_pages_of_appointments_stand_still_while_new_ones_are_booked,
            history_appointments::a_range_of_appointments_includes_its_beginning_and_excludes_its_end,
            history_appointments::an_appointment_is_shown_with_service_professional_branch_and_payments,
            history_appointments::appointments_of_every_status_are_listed,
            history_appointments::appointments_and_payments_of_another_tenant_are_never_listed,
            history_appointments::nobody_has_no_appointments,
            history_facts::appointments_are_counted_by_status_and_upcoming_ones_lie_ahead,
            history_facts::a_range_limits_every_count,
            history_facts::services_count_completed_appointments_only,
            history_facts::appointments_of_several_services_count_together,
            history_facts::what_was_paid_is_summed_without_drift_from_paid_and_partial_payments,
            history_facts::spending_is_what_was_paid_in_each_range_in_the_given_order,
            history_facts::appointments_and_payments_of_another_tenant_are_never_counted,
            history_facts::nobody_has_an_empty_history,
            history_facts::a_history_is_found_through_the_profiles_user_in_the_tenants_zone,
            directory::a_user_of_the_tenant_is_found_whole,
            directory::a_user_of_another_tenant_is_as_unknown_as_a_missing_one,
            directory::users_are_found_by_a_list_of_ids,
            directory::services_and_staff_are_listed_by_name_with_what_is_inactive,
            directory::unknown_services_are_named_in_the_given_order,
            directory::staff_are_the_tenants_users_other_than_clients,
            directory::the_time_zone_is_the_tenants_own_or_else_the_default,
            people::users_without_a_profile_are_active_clients_newest_first,
            people::pages_of_the_hosts_people_never_overlap_and_cover_all,
            people::the_hosts_people_are_searched_like_profiles,
            people::a_host_client_is_shown_whole_with_the_user_who_is_the_same_person,
            people::a_host_client_is_recognised_exactly_as_a_history_is_found,
            people::the_hosts_people_of_another_tenant_are_neither_listed_nor_recognised,
            identity::an_account_is_found_in_whatever_tenant_with_its_role,
            identity::an_account_is_active_only_together_with_its_tenant,
            identity::a_portal_account_has_the_contact_of_its_client_record_or_else_its_own,
            identity::users_are_found_by_contact_however_it_is_spelled_in_one_tenant,
            identity::an_empty_contact_finds_no_user,
            identity::a_portal_account_whose_phone_is_no_number_has_no_profile_of_its_own,
            identity::of_many_users_with_one_contact_two_are_enough,
            identity::credentials_are_found_by_email_as_stored_or_however_typed_if_stored_in_lower_case,
            tenancy::profiles_of_another_tenant_are_neither_read_nor_changed,
            tenancy::notes_of_another_tenant_are_neither_read_nor_changed,
            tenancy::preferences_of_another_tenant_are_neither_read_nor_changed,
            tenancy::a_history_of_another_tenant_is_not_read,
            tenancy::the_directory_of_another_tenant_is_not_read,
            tenancy::a_cursor_of_another_tenant_opens_nothing,
            units::a_store_that_works_answers,
            units::dropping_a_unit_undoes_everything_it_did,
            units::what_is_for_reading_refuses_changes,
            units::a_unit_sees_its_own_changes_and_others_see_them_after_it_commits,
            units::many_people_changing_one_profile_at_once_lose_no_change,
            units::many_people_changing_one_note_at_once_lose_no_change,
            units::many_people_changing_the_same_preferences_at_once_lose_no_change,
        }
    };
    // The contracts as pairs of module and name.
    (@names; $($module:ident::$contract:ident,)+) => {
        [$((stringify!($module), stringify!($contract))),+]
    };
    (@tests $harness:expr; $($module:ident::$contract:ident,)+) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $contract() {
            let Some(harness) = $harness else { return };
            $crate::testing::contract::$module::$contract(&*harness).await;
        }
    )+};
    ($harness:expr) => {
        $crate::store_contract_tests! { @all tests $harness }
    };
}
