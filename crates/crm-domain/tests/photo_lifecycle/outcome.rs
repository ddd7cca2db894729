use std::sync::{Arc, Mutex};

use crm_domain::error::StoreError;

/// Whether a step fails, by its entry in the log.
type Rule = Box<dyn Fn(&str) -> bool + Send>;

/// Lets every change to rows or objects succeed, and logs it, until told otherwise.
#[derive(Clone, Default)]
pub(crate) struct Outcome(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    log: Vec<String>,
    fails: Option<Rule>,
    cut: Option<Cut>,
}

/// Where the process dies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    /// This many steps succeed.
    pub(crate) after: usize,
    /// Whether the next one takes effect too, although nobody hears of it.
    pub(crate) is_late: bool,
}

impl Outcome {
    /// Makes a change, unless it is to fail.
    pub(crate) fn of<T>(&self, entry: String, change: impl FnOnce() -> T) -> Result<T, StoreError> {
        let mut state = self.0.lock().unwrap();
        let cut = state.cut.filter(|cut| state.log.len() >= cut.after);
        let takes_effect = cut.is_none_or(|cut| cut.is_late && state.log.len() == cut.after);
        let fails = state.fails.as_ref().is_some_and(|fails| fails(&entry));
        if fails || !takes_effect {
            return Err(StoreError::Unavailable(entry.into()));
        }
        state.log.push(entry);
        let changed = change();
        if cut.is_some() { Err(StoreError::Unavailable("cut off".into())) } else { Ok(changed) }
    }

    /// Whether something that changes nothing succeeds. It is not logged.
    pub(crate) fn of_reading(&self, entry: String) -> Result<(), StoreError> {
        let fails = self.0.lock().unwrap().fails.as_ref().is_some_and(|fails| fails(&entry));
        if fails { Err(StoreError::Unavailable(entry.into())) } else { Ok(()) }
    }

    /// Steps whose entry this holds for fail from now on.
    pub(crate) fn fail(&self, rule: impl Fn(&str) -> bool + Send + 'static) {
        self.0.lock().unwrap().fails = Some(Box::new(rule));
    }

    pub(crate) fn cut(&self, cut: Option<Cut>) {
        self.0.lock().unwrap().cut = cut;
    }

    /// What took effect, in order.
    pub(crate) fn log(&self) -> Vec<String> {
        self.0.lock().unwrap().log.clone()
    }
}
