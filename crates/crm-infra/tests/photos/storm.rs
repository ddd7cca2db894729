//! Thousands of acts at random, half of them with a fault somewhere, and the same promises throughout.

use chrono::TimeDelta;
use crm_domain::photo::SweepOptions;
use crm_infra::testing::Fault;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};

use crate::acts::{Act, Photo, Sight};
use crate::world::{CLIENTS, World, user};

const FAULTS: [Fault; 7] =
    [Fault::FailBefore, Fault::FailAfter, Fault::FailLate, Fault::Die, Fault::Late, Fault::HalfWell, Fault::HalfFailing];
/// More steps than any act takes.
const STEPS: usize = 16;

struct Storm<'a> {
    world: &'a World,
    dice: StdRng,
    /// What happened lately, for whoever has to explain a failure.
    log: Vec<String>,
}

impl Storm<'_> {
    fn context(&self) -> String {
        self.log[self.log.len().saturating_sub(12)..].join("\n")
    }

    async fn blow(&mut self, acts: usize) {
        self.world.reset().await;
        self.log.clear();
        for _ in 0..acts {
            match self.dice.random_range(0..100) {
                0..75 => self.act().await,
                75..85 => self.sweep().await,
                85..98 => self.wait().await,
                _ => self.check().await,
            }
        }
        self.check().await;
    }

    fn letter(&mut self) -> char {
        self.dice.random_range('a'..='e')
    }

    /// Something that could be done to whoever is seen like this.
    fn choose(&mut self, sight: Sight) -> Act {
        match (self.dice.random_range(0..20), sight.has_profile) {
            (0..9, _) => Act::Upload(self.letter()),
            (9..11, _) => Act::Remove,
            (11..12, _) => Act::Reprocess,
            (12..16, true) => Act::Show(self.letter()),
            (16..17, true) => Act::ShowNone,
            (17..18, true) => Act::ShowElsewhere,
            (_, true) => Act::DeleteProfile,
            (12..15, false) => Act::CreateProfile(None),
            (_, false) => Act::CreateProfile(Some(self.letter())),
        }
    }

    /// Half of the time plans something.
    async fn plan(&mut self) -> Option<Fault> {
        self.world.faults.clear();
        if self.dice.random_bool(0.5) {
            return None;
        }
        self.world.faults.release().await;
        let fault = *FAULTS.choose(&mut self.dice).unwrap();
        self.world.faults.plan(self.dice.random_range(0..STEPS), fault);
        Some(fault)
    }

    async fn act(&mut self) {
        let (world, number) = (self.world, self.dice.random_range(0..CLIENTS));
        let client = user(number);
        let act = self.choose(world.sight(&client).await);
        let mut concerned = vec![number];
        if act == Act::Reprocess {
            world.processor.change();
            concerned = (0..CLIENTS).collect();
        }
        let before = self.sights(&concerned).await;
        let fault = self.plan().await;
        let outcome = world.faults.unless_silenced(act.perform(world, &client)).await;
        let steps = world.faults.clear();
        let is_done = matches!(outcome, Some(Ok(())));
        self.log.push(format!("{act:?} for {client}, {fault:?}: {outcome:?}, {steps:?}"));
        for (number, before) in concerned.into_iter().zip(before) {
            let possible = [act.changes(world, before), before];
            self.assert_sees(number, if is_done { &possible[..1] } else { &possible }).await;
        }
    }

    async fn sights(&self, clients: &[usize]) -> Vec<Sight> {
        let mut sights = Vec::new();
        for number in clients {
            sights.push(self.world.sight(&user(*number)).await);
        }
        sights
    }

    async fn assert_sees(&self, number: usize, expected: &[Sight]) {
        let (world, client, context) = (self.world, user(number), format!("u{number} after\n{}", self.context()));
        let sight = world.sight(&client).await;
        if sight.has_profile {
            world.assert_sees(&client, expected, &context).await;
            return;
        }
        // Several may wait, since what waited before there was a profile may still do so when it is gone.
        assert!(expected.iter().any(|expected| !expected.has_profile), "{context}: no profile");
        let waiting = world.waiting(&client).await;
        for picture in &waiting {
            world.assert_opens(&client, *picture, &context).await;
        }
        if let [Sight { photo: Photo::Ours(uploaded), .. }] = expected {
            assert!(waiting.contains(uploaded), "{context}: {uploaded:?} is not among {waiting:?}");
        }
    }

    async fn sweep(&mut self) {
        let everybody: Vec<_> = (0..CLIENTS).collect();
        let before = self.sights(&everybody).await;
        let fault = self.plan().await;
        let outcome = self.world.faults.unless_silenced(self.world.sweep(SweepOptions::default())).await;
        let steps = self.world.faults.clear();
        self.log.push(format!("sweep, {fault:?}: {outcome:?}, {steps:?}"));
        for (number, before) in everybody.into_iter().zip(before) {
            let swept = if before.has_profile { before } else { Sight::NOBODY };
            self.assert_sees(number, &[before, swept]).await;
        }
    }

    /// Lets seconds, minutes or hours pass; nothing is late that long.
    async fn wait(&mut self) {
        self.world.faults.release().await;
        let units = [TimeDelta::seconds(1), TimeDelta::minutes(1), TimeDelta::hours(1)];
        let time = *units.choose(&mut self.dice).unwrap() * self.dice.random_range(1..70);
        self.world.wait(time);
        self.log.push(format!("{time} pass"));
    }

    async fn check(&mut self) {
        self.world.faults.release().await;
        self.world.assert_settles(&self.context()).await;
        self.log.push("all is checked".to_owned());
    }
}

pub(crate) async fn whatever_happens_in_a_storm_of_acts_and_faults_nothing_is_lost_or_left_behind(world: &World) {
    let storms = if world.is_sqlite() { 6 } else { 1 };
    for seed in 0..storms {
        let mut storm = Storm { world, dice: StdRng::seed_from_u64(seed), log: Vec::new() };
        storm.log.push(format!("seed {seed}"));
        storm.blow(500).await;
    }
}
