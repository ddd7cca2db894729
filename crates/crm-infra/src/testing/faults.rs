//! Stores that fail when a test wants them to, at a step and in a way of its choice.
//!
//! A [`FaultyStore`] and [`FaultyObjects`] that share their [`Faults`] count their steps together, so that a number
//! names a step of a whole use case.

mod objects;
mod store;

use std::mem;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinHandle;

pub use objects::FaultyObjects;
pub use store::FaultyStore;

/// What is done in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the methods they stand for")]
pub enum Operation {
    Tenants,
    Begin,
    /// A record of a photo.
    Insert,
    Commit,
    Put,
    Get,
    Head,
    Delete,
    List,
}

impl Operation {
    /// Every fault that makes sense here, apart from those that hold.
    pub const fn faults(self) -> &'static [Fault] {
        use Fault::{Die, FailAfter, FailBefore, FailLate, HalfFailing, HalfWell, Late};
        match self {
            Self::Tenants | Self::Begin | Self::Insert | Self::Head => &[FailBefore, Die],
            Self::Commit => &[FailBefore, FailAfter, Die],
            Self::Put => &[FailBefore, FailAfter, FailLate, Die, Late, HalfWell, HalfFailing],
            Self::Delete => &[FailBefore, FailAfter, FailLate, Die, Late],
            Self::Get | Self::List => &[FailBefore, Die, HalfWell, HalfFailing],
        }
    }

    /// Where a step can be held without keeping everybody else waiting. After one that changes nothing is before the next.
    pub const fn holds(self) -> &'static [Fault] {
        use Fault::{HoldAfter, HoldBefore};
        match self {
            // Inside a transaction.
            Self::Insert => &[],
            // Before that it is still open.
            Self::Commit => &[HoldAfter],
            Self::Put | Self::Delete => &[HoldBefore, HoldAfter],
            Self::Tenants | Self::Begin | Self::Get | Self::Head | Self::List => &[HoldBefore],
        }
    }
}

/// What goes wrong in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It fails and does nothing.
    FailBefore,
    /// It takes effect and fails.
    FailAfter,
    /// The process dies before it: neither this step nor any later one takes effect or ends. Dying after a step is
    /// dying before the next.
    Die,
    /// It does not end before it is released, and takes effect only then, even if nobody waits for it any more.
    Late,
    /// It fails, and takes effect all the same when it is released.
    FailLate,
    /// Half of what is put, got or listed comes through, and all is said to be well.
    HalfWell,
    /// Half of what is put, got or listed comes through, then it fails.
    HalfFailing,
    /// It begins when it is released.
    HoldBefore,
    /// It takes effect, and ends when it is released.
    HoldAfter,
}

/// An error made on purpose.
#[derive(Debug, thiserror::Error)]
#[error("a fault that a test asked for")]
pub(super) struct Injected;

/// Counts steps, and lets one of them go wrong.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<State>>);

struct State {
    steps: Vec<Operation>,
    planned: Option<(usize, Fault)>,
    is_dead: bool,
    struck: Arc<Notify>,
    /// Has no permits, and is closed to release what is held.
    released: Arc<Semaphore>,
    late: Vec<JoinHandle<()>>,
}

impl Default for State {
    fn default() -> Self {
        let (struck, released) = (Arc::default(), Arc::new(Semaphore::new(0)));
        Self { steps: Vec::new(), planned: None, is_dead: false, struck, released, late: Vec::new() }
    }
}

async fn wait_for(released: &Semaphore) {
    // It fails when the semaphore is closed.
    drop(released.acquire().await);
}

impl Faults {
    /// Begins to count anew; the step with this number will go wrong, if it can in this way.
    pub fn plan(&self, step: usize, fault: Fault) {
        self.with(|state| *state = State { planned: Some((step, fault)), ..State::default() });
    }

    /// Lets every step that begins from now on succeed, in a process that lives. Answers with the steps so far.
    pub fn clear(&self) -> Vec<Operation> {
        self.with(|state| {
            (state.planned, state.is_dead) = (None, false);
            mem::take(&mut state.steps)
        })
    }

    /// Does this; `None` if the planned fault leaves nobody to hear the outcome. What was begun is dropped then, as by
    /// a process that is killed.
    pub async fn unless_silenced<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let is_silent = self.with(|state| state.planned.is_some_and(|(_, fault)| matches!(fault, Fault::Die | Fault::Late)));
        tokio::select! {
            biased;
            outcome = work => Some(outcome),
            () = self.struck(), if is_silent => None,
        }
    }

    /// Does the first, which comes to the hold that is planned for it, and the second from beginning to end meanwhile.
    /// The second succeeds in every step.
    pub async fn while_held<A, B>(&self, first: impl Future<Output = A>, second: impl Future<Output = B>) -> (A, B) {
        let mut first = pin!(first);
        tokio::select! {
            _ = &mut first => panic!("over before it was held"),
            () = self.struck() => {}
        }
        self.clear();
        let second = second.await;
        self.release().await;
        (first.await, second)
    }

    /// Waits until the planned fault happens.
    async fn struck(&self) {
        let struck = self.with(|state| Arc::clone(&state.struck));
        struck.notified().await;
    }

    /// Lets go of what is held, and waits until everything that is late has taken effect.
    pub async fn release(&self) {
        let late = self.with(|state| {
            state.released.close();
            mem::take(&mut state.late)
        });
        for task in late {
            task.await.expect("what is late takes effect");
        }
    }

    fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Comes to a step. The caller does its work, or half of it, and calls [`end`](Self::end).
    async fn begin(&self, operation: Operation) -> Result<Option<Fault>, Injected> {
        let fault = self.with(|state| {
            if state.is_dead {
                return Some(Fault::Die);
            }
            state.steps.push(operation);
            let (_, fault) = state.planned.filter(|(step, _)| step + 1 == state.steps.len())?;
            if !matches!(fault, Fault::HoldBefore | Fault::HoldAfter) && !operation.faults().contains(&fault) {
                return None;
            }
            state.is_dead = fault == Fault::Die;
            if fault != Fault::HoldAfter {
                state.struck.notify_one();
            }
            Some(fault)
        });
        match fault {
            Some(Fault::FailBefore) => Err(Injected),
            Some(Fault::Die) => std::future::pending().await,
            Some(Fault::HoldBefore) => {
                self.released().await;
                Ok(None)
            }
            fault => Ok(fault),
        }
    }

    /// A step has taken effect.
    async fn end(&self, fault: Option<Fault>) -> Result<(), Injected> {
        match fault {
            Some(Fault::FailAfter | Fault::HalfFailing) => Err(Injected),
            Some(Fault::HoldAfter) => {
                self.with(|state| state.struck.notify_one());
                self.released().await;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn released(&self) {
        let released = self.with(|state| Arc::clone(&state.released));
        wait_for(&released).await;
    }

    /// Does the work of a step that may be late.
    async fn work<T, E>(
        &self,
        fault: Option<Fault>,
        work: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Injected> + Send + 'static,
    {
        if !matches!(fault, Some(Fault::Late | Fault::FailLate)) {
            return work.await;
        }
        let (sender, receiver) = tokio::sync::oneshot::channel();
        self.with(|state| {
            let released = Arc::clone(&state.released);
            state.late.push(tokio::spawn(async move {
                wait_for(&released).await;
                drop(sender.send(work.await));
            }));
        });
        if fault == Some(Fault::FailLate) {
            return Err(Injected.into());
        }
        receiver.await.expect("what is late takes effect")
    }
}
