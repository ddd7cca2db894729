//! Turns to upload: so many in all, and not all of them for one account.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use crm_domain::ids::UserId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// Most uploads at once, in all; each holds its file in memory.
const IN_ALL: usize = 32;
/// Most uploads of one account at once.
const OF_ONE: usize = 8;
/// Longest an upload waits for its turn before its body is read.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who may upload now.
pub struct Turns {
    all: Semaphore,
    accounts: Mutex<HashMap<UserId, Weak<Semaphore>>>,
}

/// A turn, which ends with this value.
pub struct Turn<'a> {
    _own: OwnedSemaphorePermit,
    _shared: SemaphorePermit<'a>,
}

impl Turns {
    pub(crate) fn new() -> Self {
        Self { all: Semaphore::new(IN_ALL), accounts: Mutex::default() }
    }

    /// Waits for a turn; `None` if there is none in time.
    pub async fn wait(&self, account: &UserId) -> Option<Turn<'_>> {
        let both = async {
            let own = self.of(account).acquire_owned().await.ok()?;
            let shared = self.all.acquire().await.ok()?;
            Some(Turn { _own: own, _shared: shared })
        };
        tokio::time::timeout(PATIENCE, both).await.ok().flatten()
    }

    fn of(&self, account: &UserId) -> Arc<Semaphore> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|_, turns| turns.strong_count() > 0);
        if let Some(turns) = accounts.get(account).and_then(Weak::upgrade) {
            return turns;
        }
        let turns = Arc::new(Semaphore::new(OF_ONE));
        accounts.insert(account.clone(), Arc::downgrade(&turns));
        turns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: usize) -> UserId {
        UserId::from_stored(format!("user{number}"))
    }

    #[tokio::test(start_paused = true)]
    async fn one_account_leaves_turns_to_the_others() {
        let turns = Turns::new();
        let mut taken = Vec::new();
        for _ in 0..OF_ONE {
            taken.push(turns.wait(&account(0)).await.expect("a turn"));
        }
        assert!(turns.wait(&account(0)).await.is_none(), "one more of the same account");
        assert!(turns.wait(&account(1)).await.is_some());
        taken.pop();
        assert!(turns.wait(&account(0)).await.is_some(), "a turn that was given back");
    }

    #[tokio::test(start_paused = true)]
    async fn there_are_only_so_many_turns_in_all() {
        let turns = Turns::new();
        let mut taken = Vec::new();
        for number in 0..IN_ALL {
            taken.push(turns.wait(&account(number)).await.expect("a turn"));
        }
        assert!(turns.wait(&account(IN_ALL)).await.is_none());
        drop(taken);
        assert!(turns.wait(&account(IN_ALL)).await.is_some());
        assert_eq!(turns.accounts.lock().unwrap().len(), 1, "accounts without turns are forgotten");
    }
}
