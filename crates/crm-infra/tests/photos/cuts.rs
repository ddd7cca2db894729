//! Every use case, with every fault at every step.

use crm_infra::testing::Fault;

use crate::acts::{Act, Sight};
use crate::world::{World, user};

/// What is done after something went wrong, by somebody who saw it fail and tries again, or goes back.
const AFTERWARDS: [Option<Next>; 3] = [None, Some(Next::Again), Some(Next::Other(Act::Upload('a')))];

#[derive(Clone, Copy, Debug)]
enum Next {
    Again,
    Other(Act),
}

/// Does this with every fault at every step.
async fn cut_everywhere(world: &World, before: Sight, act: Act) {
    world.reset().await;
    world.arrange(&user(0), before).await;
    prepare(world, act);
    world.faults.clear();
    act.perform(world, &user(0)).await.unwrap();
    let steps = world.faults.clear();
    let context = format!("{before:?} {act:?}");
    world.assert_sees(&user(0), &[act.changes(world, before)], &context).await;
    world.assert_settles(&context).await;

    for (step, operation) in steps.iter().enumerate() {
        for (nth, fault) in operation.faults().iter().enumerate() {
            // One each in turn is enough where it takes long: what follows does not depend on the engine.
            let afterwards =
                if world.is_sqlite() { &AFTERWARDS[..] } else { &AFTERWARDS[(step + nth) % AFTERWARDS.len()..][..1] };
            for next in afterwards {
                let context = format!("{before:?} {act:?}, {fault:?} at step {step} of {steps:?}, then {next:?}");
                world.reset().await;
                world.arrange(&user(0), before).await;
                prepare(world, act);
                cut(world, before, act, (step, *fault), *next, &context).await;
            }
        }
    }
}

fn prepare(world: &World, act: Act) {
    if act == Act::Reprocess {
        world.processor.change();
    }
}

async fn cut(world: &World, before: Sight, act: Act, (step, fault): (usize, Fault), next: Option<Next>, context: &str) {
    let client = user(0);
    world.faults.plan(step, fault);
    let outcome = world.faults.unless_silenced(act.perform(world, &client)).await;
    world.faults.clear();
    let after = act.changes(world, before);
    let expected = if matches!(outcome, Some(Ok(()))) { vec![after] } else { vec![before, after] };
    let mut sight = world.assert_sees(&client, &expected, context).await;

    let next = next.map(|next| match next {
        Next::Again => act,
        Next::Other(act) => act,
    });
    if let Some(next) = next {
        let outcome = next.perform(world, &client).await;
        let expected = if outcome.is_ok() { next.changes(world, sight) } else { sight };
        sight = world.assert_sees(&client, &[expected], &format!("{context}: {outcome:?}")).await;
    }
    world.faults.release().await;
    world.assert_sees(&client, &[sight], &format!("{context}, after what was late")).await;
    world.assert_settles(context).await;
}

pub(crate) async fn wherever_a_first_upload_is_cut_nothing_or_the_new_photo_is_seen(world: &World) {
    for before in [Sight::BLANK, Sight::NOBODY, Sight::ELSEWHERE] {
        cut_everywhere(world, before, Act::Upload('a')).await;
    }
}

pub(crate) async fn wherever_a_replacing_upload_is_cut_the_old_or_the_new_photo_is_seen(world: &World) {
    for before in [Sight::showing('a'), Sight::waiting('a')] {
        cut_everywhere(world, before, Act::Upload('b')).await;
    }
}

pub(crate) async fn wherever_an_upload_of_the_same_photo_is_cut_it_is_seen(world: &World) {
    for before in [Sight::showing('a'), Sight::waiting('a')] {
        cut_everywhere(world, before, Act::Upload('a')).await;
    }
}

pub(crate) async fn wherever_a_removal_is_cut_the_photo_is_seen_or_none(world: &World) {
    for before in [Sight::showing('a'), Sight::waiting('a'), Sight::ELSEWHERE] {
        cut_everywhere(world, before, Act::Remove).await;
    }
}

pub(crate) async fn wherever_a_change_of_the_profile_is_cut_the_old_or_the_new_photo_is_seen(world: &World) {
    for act in [Act::ShowNone, Act::ShowElsewhere, Act::Show('a'), Act::DeleteProfile] {
        cut_everywhere(world, Sight::showing('a'), act).await;
    }
    for act in [Act::CreateProfile(None), Act::CreateProfile(Some('a'))] {
        cut_everywhere(world, Sight::waiting('a'), act).await;
    }
}

pub(crate) async fn wherever_reprocessing_is_cut_the_old_or_the_new_photo_is_seen(world: &World) {
    cut_everywhere(world, Sight::showing('a'), Act::Reprocess).await;
}
