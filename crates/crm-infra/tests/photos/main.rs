//! Photos: every kind of store against the domain's contract, and the whole of upload, removal and sweep while stores
//! fail at every step.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

mod acts;
mod bucket;
mod contract;
mod cuts;
mod folder;
mod pictures;
mod races;
mod server;
mod storm;
mod sweeps;
mod world;

/// One test per engine for each function, which gets a world to itself.
macro_rules! on_both_engines {
    ($($module:ident::$test:ident,)+) => {
        mod sqlite {$(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let database = crm_infra::testing::TestDatabase::sqlite().await;
                crate::$module::$test(&crate::world::World::over(database).await).await;
            }
        )+}

        mod postgres {$(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                let Some(database) = crm_infra::testing::TestDatabase::postgres().await else { return };
                crate::$module::$test(&crate::world::World::over(database).await).await;
            }
        )+}
    };
}

on_both_engines! {
    cuts::wherever_a_first_upload_is_cut_nothing_or_the_new_photo_is_seen,
    cuts::wherever_a_replacing_upload_is_cut_the_old_or_the_new_photo_is_seen,
    cuts::wherever_an_upload_of_the_same_photo_is_cut_it_is_seen,
    cuts::wherever_a_removal_is_cut_the_photo_is_seen_or_none,
    cuts::wherever_a_change_of_the_profile_is_cut_the_old_or_the_new_photo_is_seen,
    cuts::wherever_reprocessing_is_cut_the_old_or_the_new_photo_is_seen,
    races::of_two_uploads_at_once_one_is_seen_and_nothing_is_left_of_the_other,
    races::many_uploads_at_once_leave_exactly_one_photo,
    races::an_upload_beside_a_removal_is_seen_or_removed,
    races::an_upload_beside_a_change_of_the_profile_leaves_one_of_the_two,
    races::reprocessing_beside_a_change_does_not_undo_it,
    races::a_slow_removal_does_not_take_what_was_uploaded_again_meanwhile,
    sweeps::wherever_a_sweep_is_cut_the_next_one_does_the_rest,
    sweeps::two_sweeps_at_once_do_what_one_does,
    sweeps::what_is_uploaded_beside_a_sweep_survives_it,
    sweeps::what_is_uploaded_while_a_sweep_dooms_an_object_without_record_survives_it,
    sweeps::what_changes_beside_a_sweep_survives_it,
    storm::whatever_happens_in_a_storm_of_acts_and_faults_nothing_is_lost_or_left_behind,
}
