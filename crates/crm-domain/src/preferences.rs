//! What a client prefers: services, staff, channel and reminders.

mod model;
mod repository;
mod service;

pub use model::{
    ClientPreferences, CommunicationPreference, MAX_PREFERRED, NewPreferences, PreferencesEcho, PreferencesPatch,
    PreferencesUpdate, ReminderTime,
};
#[cfg(any(test, feature = "test-support"))]
pub use repository::MockPreferencesRepository;
pub use repository::PreferencesRepository;
pub use service::PreferencesService;
