//! Another service that uses this crate: a sender of reminders.
//!
//! It depends on two services and knows neither the web API nor the database;
//! here it runs against mocks, as its own tests would. Run `cargo run -p crm-domain --example reminders`.

use std::sync::Arc;

use crm_domain::access::{Actor, Role};
use crm_domain::error::CrmError;
use crm_domain::ids::ProfileId;
use crm_domain::ports::Ports;
use crm_domain::preferences::{ClientPreferences, CommunicationPreference, PreferencesService, ReminderTime};
use crm_domain::profile::ProfileService;
use crm_domain::testing::{MockPhotoStore, MockStore, fixtures};

/// Says how and when a client is reminded of an appointment.
struct ReminderService {
    profiles: ProfileService,
    preferences: PreferencesService,
}

impl ReminderService {
    fn new(ports: Ports) -> Self {
        let profiles = ProfileService::new(ports.clone(), Arc::new(MockPhotoStore::new()));
        Self { profiles, preferences: PreferencesService::new(ports) }
    }

    /// One line per reminder. A client without preferences gets the defaults: an e-mail a day before.
    async fn plan(&self, actor: &Actor, profile: &ProfileId) -> Result<Vec<String>, CrmError> {
        let card = self.profiles.get(actor, profile).await?;
        let preferences = self.preferences.get_by_profile(actor, profile).await?;
        let (channel, time) = preferences.map(|p| (p.communication, p.reminder)).unwrap_or_default();

        let address = match channel {
            CommunicationPreference::Email => Some(card.user.email),
            CommunicationPreference::Sms | CommunicationPreference::Whatsapp => card.user.phone,
        };
        let Some(address) = address else { return Ok(Vec::new()) };
        let hours = match time {
            ReminderTime::Hours24 => &[24][..],
            ReminderTime::Hours1 => &[1],
            ReminderTime::Both => &[24, 1],
        };
        let name = card.user.first_name;
        Ok(hours.iter().map(|hours| format!("{hours:>2} h before: {} to {name} at {address}", channel.as_str())).collect())
    }
}

/// A store with one client who has these preferences.
fn store_with(preferences: Option<ClientPreferences>) -> MockStore {
    let mut store = MockStore::default();
    store.profiles.expect_find().returning(|_| Ok(Some(fixtures::a_profile())));
    store.directory.expect_find_user().returning(|_| Ok(Some(fixtures::a_user())));
    store.notes.expect_list().returning(|_, _, _| Ok(crm_domain::page::Page::empty()));
    store.preferences.expect_find_by_profile().returning(move |_| Ok(preferences.clone()));
    store
}

#[expect(clippy::print_stdout, reason = "the output is the point of an example")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), CrmError> {
    let whatsapp = ClientPreferences {
        communication: CommunicationPreference::Whatsapp,
        reminder: ReminderTime::Both,
        ..fixtures::some_preferences()
    };
    let actor = fixtures::an_actor(Role::Receptionist);
    for (title, preferences) in [("Without preferences", None), ("WhatsApp, both times", Some(whatsapp))] {
        let reminders = ReminderService::new(store_with(preferences).into_ports().ports);
        println!("{title}:");
        for line in reminders.plan(&actor, &fixtures::a_profile().id).await? {
            println!("  {line}");
        }
    }
    Ok(())
}
