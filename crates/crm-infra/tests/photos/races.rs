//! Two use cases at once: one is held at each of its steps while the other runs to its end, and both run freely.

use chrono::TimeDelta;
use crm_domain::error::CrmError;
use crm_domain::photo::REMOVAL_GRACE;
use crm_infra::testing::Fault;
use futures_util::future::{join, join_all};

use crate::acts::{Act, Sight};
use crate::world::{World, user};

/// How often two use cases run freely beside each other.
const ROUNDS: usize = 8;

/// Whatever may be seen once both are over, in whatever order they took effect.
fn possible(world: &World, before: Sight, acts: [(Act, &Result<(), CrmError>); 2]) -> Vec<Sight> {
    let done = |order: [usize; 2]| {
        let done = order.into_iter().map(|nth| acts[nth]).filter(|(_, outcome)| outcome.is_ok());
        done.fold(before, |sight, (act, _)| act.changes(world, sight))
    };
    vec![done([0, 1]), done([1, 0])]
}

async fn check(world: &World, before: Sight, acts: [(Act, &Result<(), CrmError>); 2], context: &str) {
    let context = format!("{before:?} {acts:?}, {context}");
    world.assert_sees(&user(0), &possible(world, before, acts), &context).await;
    world.assert_settles(&context).await;
}

async fn begin(world: &World, before: Sight, acts: [Act; 2]) {
    world.reset().await;
    world.arrange(&user(0), before).await;
    if acts.contains(&Act::Reprocess) {
        world.processor.change();
    }
    world.faults.clear();
}

/// Holds the first at each of its steps while the second runs to its end.
async fn hold_everywhere(world: &World, before: Sight, first: Act, second: Act) {
    let client = user(0);
    begin(world, before, [first, second]).await;
    first.perform(world, &client).await.unwrap();
    let steps = world.faults.clear();
    for (step, operation) in steps.iter().enumerate() {
        for hold in operation.holds() {
            begin(world, before, [first, second]).await;
            world.faults.plan(step, *hold);
            let (first_outcome, second_outcome) =
                world.faults.while_held(first.perform(world, &client), second.perform(world, &client)).await;
            let context = format!("the first under {hold:?} at step {step} of {steps:?}");
            check(world, before, [(first, &first_outcome), (second, &second_outcome)], &context).await;
        }
    }
}

/// Lets both run as they may.
async fn run_freely(world: &World, before: Sight, first: Act, second: Act) {
    let client = user(0);
    for round in 0..ROUNDS {
        begin(world, before, [first, second]).await;
        let (one, other) = join(first.perform(world, &client), second.perform(world, &client)).await;
        check(world, before, [(first, &one), (second, &other)], &format!("freely, round {round}")).await;
    }
}

async fn race(world: &World, before: Sight, pairs: &[(Act, Act)]) {
    for (one, other) in pairs {
        hold_everywhere(world, before, *one, *other).await;
        if one != other {
            hold_everywhere(world, before, *other, *one).await;
        }
        run_freely(world, before, *one, *other).await;
    }
}

pub(crate) async fn of_two_uploads_at_once_one_is_seen_and_nothing_is_left_of_the_other(world: &World) {
    let (a, b) = (Act::Upload('a'), Act::Upload('b'));
    race(world, Sight::BLANK, &[(a, b), (b, b)]).await;
    race(world, Sight::showing('a'), &[(Act::Upload('c'), b), (b, b), (a, b), (a, a)]).await;
    race(world, Sight::waiting('a'), &[(b, b), (a, a)]).await;
}

pub(crate) async fn many_uploads_at_once_leave_exactly_one_photo(world: &World) {
    let client = user(0);
    for round in 0..ROUNDS {
        begin(world, Sight::BLANK, [Act::Upload('a'); 2]).await;
        let uploads: Vec<_> = ['a', 'b', 'c', 'd', 'e', 'a', 'b'].map(Act::Upload).into();
        let outcomes = join_all(uploads.iter().map(|upload| upload.perform(world, &client))).await;
        let done = uploads.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_ok());
        let possible: Vec<_> = done.map(|(upload, _)| upload.changes(world, Sight::BLANK)).collect();
        let context = format!("round {round}: {outcomes:?}");
        world.assert_sees(&client, &possible, &context).await;
        world.assert_settles(&context).await;
    }
}

pub(crate) async fn an_upload_beside_a_removal_is_seen_or_removed(world: &World) {
    let (a, b) = (Act::Upload('a'), Act::Upload('b'));
    race(world, Sight::showing('a'), &[(b, Act::Remove), (a, Act::Remove), (b, Act::ShowNone)]).await;
    race(world, Sight::waiting('a'), &[(b, Act::Remove), (a, Act::Remove)]).await;
}

pub(crate) async fn an_upload_beside_a_change_of_the_profile_leaves_one_of_the_two(world: &World) {
    let (a, b) = (Act::Upload('a'), Act::Upload('b'));
    let pairs = [(b, Act::ShowElsewhere), (b, Act::DeleteProfile), (a, Act::DeleteProfile), (b, Act::Show('a'))];
    race(world, Sight::showing('a'), &pairs).await;
    let create = Act::CreateProfile(Some('a'));
    race(world, Sight::waiting('a'), &[(a, create), (b, create), (Act::Remove, create)]).await;
}

pub(crate) async fn reprocessing_beside_a_change_does_not_undo_it(world: &World) {
    let acts = [Act::Upload('b'), Act::Upload('a'), Act::Remove, Act::ShowElsewhere, Act::DeleteProfile];
    race(world, Sight::showing('a'), &acts.map(|act| (Act::Reprocess, act))).await;
}

/// The old photo is uploaded again as soon as that is allowed, while its removal is still on the way.
pub(crate) async fn a_slow_removal_does_not_take_what_was_uploaded_again_meanwhile(world: &World) {
    let (client, before, again) = (user(0), Sight::showing('a'), Act::Upload('a'));
    for act in [Act::Upload('b'), Act::Remove, Act::ShowNone, Act::DeleteProfile] {
        begin(world, before, [act; 2]).await;
        act.perform(world, &client).await.unwrap();
        let steps = world.faults.clear();
        for (step, operation) in steps.iter().enumerate() {
            // A single call that is late by more than the grace breaks the contract of the store.
            for hold in operation.holds().iter().filter(|hold| **hold == Fault::HoldAfter) {
                begin(world, before, [act; 2]).await;
                world.faults.plan(step, *hold);
                let upload_again = async {
                    world.wait(REMOVAL_GRACE + TimeDelta::seconds(1));
                    let outcome = again.perform(world, &client).await;
                    let context = format!("{act:?} under {hold:?} at step {step} of {steps:?}, {outcome:?}");
                    (world.assert_sees(&client, &[world.sight(&client).await], &context).await, outcome, context)
                };
                let (_, (sight, outcome, context)) =
                    world.faults.while_held(act.perform(world, &client), upload_again).await;
                let expected = if outcome.is_ok() { vec![sight, act.changes(world, sight)] } else { vec![sight] };
                world.assert_sees(&client, &expected, &context).await;
                world.assert_settles(&context).await;
            }
        }
    }
}
