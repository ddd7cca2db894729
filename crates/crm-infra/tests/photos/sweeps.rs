//! The sweep, with every fault at every step, and held at each step while others go on.

use crm_domain::photo::{PhotoState, SweepOptions};
use crm_domain::value::PhotoSize;
use crm_infra::testing::{Fault, Operation};
use futures_util::future::join;

use crate::acts::{Act, Sight};
use crate::pictures::Picture;
use crate::world::{A_LONG_TIME, CLIENTS, World, user};

/// What is left of picture `a` of a client.
#[derive(Clone, Copy, Debug)]
struct Remains {
    sight: Sight,
    record: Option<PhotoState>,
    /// How much is left of the large picture, in percent.
    full: usize,
    /// How much is left of the thumbnail, in percent.
    thumbnail: usize,
    /// What is seen once it is swept.
    swept: Sight,
}

const WRITING: Option<PhotoState> = Some(PhotoState::Writing);
const KEPT: Option<PhotoState> = Some(PhotoState::Kept);
const DOOMED: Option<PhotoState> = Some(PhotoState::Doomed);

impl Remains {
    /// Of a photo that no profile shows.
    const fn unseen(record: Option<PhotoState>, full: usize, thumbnail: usize) -> Self {
        Self { sight: Sight::BLANK, record, full, thumbnail, swept: Sight::BLANK }
    }

    /// Of a photo that a profile shows.
    fn seen(record: Option<PhotoState>, full: usize) -> Self {
        let sight = Sight::showing('a');
        Self { sight, record, full, thumbnail: 100, swept: if full == 100 { sight } else { Sight::BLANK } }
    }

    /// Everything that a cut can leave, and some that only a restored backup can.
    fn all() -> Vec<Self> {
        vec![
            Self::unseen(WRITING, 0, 0),
            Self::unseen(WRITING, 0, 100),
            Self::unseen(WRITING, 50, 100),
            Self::unseen(WRITING, 100, 100),
            Self::unseen(DOOMED, 100, 100),
            Self::unseen(DOOMED, 0, 100),
            Self::unseen(DOOMED, 0, 0),
            Self::unseen(None, 100, 100),
            Self::unseen(None, 0, 100),
            Self::unseen(KEPT, 100, 100),
            Self::unseen(KEPT, 50, 0),
            Self { sight: Sight::waiting('a'), swept: Sight::NOBODY, ..Self::unseen(KEPT, 100, 100) },
            Self { sight: Sight::NOBODY, swept: Sight::NOBODY, ..Self::unseen(WRITING, 100, 100) },
            Self { sight: Sight::NOBODY, swept: Sight::NOBODY, ..Self::unseen(None, 100, 100) },
            Self::seen(None, 100),
            Self::seen(WRITING, 100),
            Self::seen(DOOMED, 100),
            Self::seen(KEPT, 0),
            Self::seen(KEPT, 50),
            Self::seen(WRITING, 50),
            Self::seen(None, 0),
        ]
    }

    fn is_whole(self) -> bool {
        self.full == 100
    }

    /// Leaves this of a client's picture, a long time ago.
    async fn leave(self, world: &World, client: usize) {
        let (client, picture) = (user(client), Picture::new('a'));
        world.arrange(&client, self.sight).await;
        let id = picture.of_user(&client);
        world.put_record(&id, picture, self.record).await;
        for (size, percent) in [(PhotoSize::Full, self.full), (PhotoSize::Thumbnail, self.thumbnail)] {
            let whole = picture.processed();
            let bytes = whole.bytes(size);
            world.put(&id, size, (percent > 0).then(|| &bytes[..bytes.len() * percent / 100])).await;
        }
    }
}

/// Even where most photos are missing.
const FORCED: SweepOptions = SweepOptions { dry_run: false, force: true };

/// Leaves remains of these kinds, one for each client, and lets a long time pass.
async fn leave(world: &World, remains: &[Remains]) {
    world.reset().await;
    for (client, remains) in remains.iter().enumerate() {
        remains.leave(world, client).await;
    }
    world.wait(A_LONG_TIME);
    world.faults.clear();
}

/// Asserts that every picture that was whole and seen, or that waited, is where it was, or was swept.
async fn assert_seen(world: &World, remains: &[Remains], context: &str) {
    for (client, remains) in remains.iter().enumerate() {
        let context = format!("{context}, client {client}");
        if remains.is_whole() {
            world.assert_sees(&user(client), &[remains.sight, remains.swept], &context).await;
        } else {
            let sight = world.sight(&user(client)).await;
            assert!([remains.sight, remains.swept].contains(&sight), "{context}: {sight:?}");
        }
    }
}

async fn assert_swept(world: &World, remains: &[Remains], context: &str) {
    for (client, remains) in remains.iter().enumerate() {
        world.assert_sees(&user(client), &[remains.swept], &format!("{context}, client {client}")).await;
    }
    world.assert_settles(context).await;
}

/// Sweeps as often as it takes. Nothing is late that long.
async fn sweep_the_rest(world: &World) {
    world.faults.release().await;
    world.wait(A_LONG_TIME);
    world.sweep(FORCED).await.unwrap();
}

/// The steps of a sweep that nothing disturbs.
async fn steps(world: &World, remains: &[Remains]) -> Vec<Operation> {
    leave(world, remains).await;
    world.sweep(FORCED).await.unwrap();
    let steps = world.faults.clear();
    assert_swept(world, remains, "undisturbed").await;
    steps
}

pub(crate) async fn wherever_a_sweep_is_cut_the_next_one_does_the_rest(world: &World) {
    for remains in Remains::all().chunks(CLIENTS) {
        let steps = steps(world, remains).await;
        for (step, operation) in steps.iter().enumerate() {
            for fault in operation.faults() {
                let context = format!("{remains:?}, {fault:?} at step {step} of {steps:?}");
                leave(world, remains).await;
                world.faults.plan(step, *fault);
                drop(world.faults.unless_silenced(world.sweep(FORCED)).await);
                world.faults.clear();
                assert_seen(world, remains, &context).await;
                // The next one may begin while something is late.
                world.sweep(FORCED).await.unwrap();
                sweep_the_rest(world).await;
                assert_swept(world, remains, &context).await;
            }
        }
    }
}

/// Sweeps, and does something else as soon as the sweep is held; or beside it, without a hold.
async fn sweep_beside<T>(world: &World, hold: Option<(usize, Fault)>, act: impl Future<Output = T>) -> T {
    // Whatever comes of the sweep, the next one must be able to do the rest.
    let sweep = world.sweep(FORCED);
    let (_, outcome) = match hold {
        Some((step, fault)) => {
            world.faults.plan(step, fault);
            world.faults.while_held(sweep, act).await
        }
        None => join(sweep, act).await,
    };
    outcome
}

/// Every place where a sweep of these steps can be held, and nowhere.
fn holds(steps: &[Operation]) -> Vec<Option<(usize, Fault)>> {
    let steps = steps.iter().enumerate();
    let holds = steps.flat_map(|(step, operation)| operation.holds().iter().map(move |hold| Some((step, *hold))));
    holds.chain([None]).collect()
}

pub(crate) async fn two_sweeps_at_once_do_what_one_does(world: &World) {
    for remains in Remains::all().chunks(CLIENTS) {
        for hold in holds(&steps(world, remains).await) {
            let context = format!("{remains:?}, {hold:?}");
            leave(world, remains).await;
            sweep_beside(world, hold, world.sweep(FORCED)).await.unwrap();
            assert_seen(world, remains, &context).await;
            sweep_the_rest(world).await;
            assert_swept(world, remains, &context).await;
        }
    }
}

/// Does this beside a sweep that is held at each of its steps until it is over, and beside one that is not held.
async fn act_beside_sweeps(world: &World, remains: Remains, act: Act) {
    let client = user(0);
    for hold in holds(&steps(world, &[remains]).await) {
        leave(world, &[remains]).await;
        let act_and_look = async {
            let before = world.sight(&client).await;
            (act.perform(world, &client).await, act.changes(world, before))
        };
        let (outcome, after) = sweep_beside(world, hold, act_and_look).await;
        let context = format!("{remains:?}, {hold:?}, {act:?}: {outcome:?}");
        let mut expected = if outcome.is_ok() { vec![after] } else { vec![remains.sight, remains.swept] };
        // Only an upload brings back what is missing.
        let is_whole = remains.is_whole() || (outcome.is_ok() && matches!(act, Act::Upload(_)));
        if is_whole {
            world.assert_sees(&client, &expected, &context).await;
        } else {
            expected.push(remains.swept);
            let sight = world.sight(&client).await;
            assert!(expected.contains(&sight), "{context}: sees {sight:?} and not one of {expected:?}");
        }
        sweep_the_rest(world).await;
        world.assert_settles(&context).await;
    }
}

pub(crate) async fn what_is_uploaded_beside_a_sweep_survives_it(world: &World) {
    act_beside_sweeps_over_all(world, |_| vec![Act::Upload('a'), Act::Upload('b')]).await;
}

pub(crate) async fn what_changes_beside_a_sweep_survives_it(world: &World) {
    let acts = |remains: Remains| {
        if remains.sight.has_profile {
            vec![Act::Show('a'), Act::DeleteProfile, Act::ShowElsewhere, Act::Remove]
        } else {
            vec![Act::CreateProfile(Some('a')), Act::CreateProfile(None), Act::Remove]
        }
    };
    act_beside_sweeps_over_all(world, acts).await;
}

async fn act_beside_sweeps_over_all(world: &World, acts: impl Fn(Remains) -> Vec<Act>) {
    // The most dangerous acts come first, for where all take too long.
    let limit = if world.is_sqlite() { usize::MAX } else { 1 };
    for remains in Remains::all() {
        for act in acts(remains).into_iter().take(limit) {
            act_beside_sweeps(world, remains, act).await;
        }
    }
}

/// The sweep has found that there is no record of an object, and is about to doom it.
pub(crate) async fn what_is_uploaded_while_a_sweep_dooms_an_object_without_record_survives_it(world: &World) {
    // SQLite lets nobody else write meanwhile.
    if world.is_sqlite() {
        return;
    }
    let orphan = Remains { sight: Sight::NOBODY, swept: Sight::NOBODY, ..Remains::unseen(None, 100, 100) };
    let steps = steps(world, &[orphan]).await;
    let dooms = steps.iter().position(|operation| *operation == Operation::Insert).unwrap();
    leave(world, &[orphan]).await;
    let client = user(0);
    let upload = Act::Upload('a').perform(world, &client);
    let outcome = sweep_beside(world, Some((dooms, Fault::HoldBefore)), upload).await;
    let expected = if outcome.is_ok() { Sight::waiting('a') } else { Sight::NOBODY };
    world.assert_sees(&client, &[expected], &format!("{outcome:?}")).await;
}
