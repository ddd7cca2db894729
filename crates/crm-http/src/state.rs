use std::sync::Arc;

use chrono::TimeDelta;
use crm_domain::access::{AttemptLimiter, IdentityDirectory, IdentityService, PasswordVerifier};
use crm_domain::audit::AuditService;
use crm_domain::clock::Clock;
use crm_domain::directory::DirectoryService;
use crm_domain::history::HistoryService;
use crm_domain::ids::IdGenerator;
use crm_domain::note::NoteService;
use crm_domain::photo::{PhotoProcessor, PhotoService, PhotoStore};
use crm_domain::ports::Ports;
use crm_domain::preferences::PreferencesService;
use crm_domain::profile::ProfileService;
use crm_domain::store::Store;
use crm_domain::trash::TrashService;
use ipnet::IpNet;
use metrics_exporter_prometheus::PrometheusHandle;
use secrecy::SecretString;

use crate::photos::Turns;
use crate::session::SessionKey;

/// How the API is deployed.
pub struct Settings {
    /// The secret that session tokens are made with.
    pub session_secret: SecretString,
    /// Proxies whose forwarding headers count.
    pub trusted_proxies: Vec<IpNet>,
    /// How long what was deleted can be brought back.
    pub trash_keeps: TimeDelta,
    /// Whether changes and deletions must say which version the caller saw.
    pub require_if_match: bool,
    /// The origin under which browsers reach us, such as `https://crm.ejemplo.mx`, if it is known.
    pub public_url: Option<String>,
}

/// What the API is built from.
pub struct Parts {
    /// The ports of the services.
    pub ports: Ports,
    /// Where photos are kept.
    pub photos: Arc<dyn PhotoStore>,
    /// How uploads become photos.
    pub processor: Arc<dyn PhotoProcessor>,
    /// Where accounts are found.
    pub identities: Arc<dyn IdentityDirectory>,
    /// How passwords are checked.
    pub passwords: Arc<dyn PasswordVerifier>,
    /// Counts attempts to sign in, of each account and each address; `None` if our own sign-in is off.
    pub attempts: Option<Arc<dyn AttemptLimiter>>,
    /// What `/metrics` shows.
    pub metrics: PrometheusHandle,
}

/// Everything handlers use.
pub struct Api {
    /// Profiles.
    pub profiles: ProfileService,
    /// Notes.
    pub notes: NoteService,
    /// Preferences.
    pub preferences: PreferencesService,
    /// Appointments, services and payments.
    pub history: HistoryService,
    /// The tenant, its services and its people.
    pub directory: DirectoryService,
    /// Photos.
    pub photos: PhotoService,
    /// Who did what.
    pub audit: AuditService,
    /// What was deleted.
    pub trash: TrashService,
    /// How long what was deleted can be brought back.
    pub trash_keeps: TimeDelta,
    pub(crate) identities: IdentityService,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where new ids come from.
    pub ids: Arc<dyn IdGenerator>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) photo_store: Arc<dyn PhotoStore>,
    /// Turns to upload.
    pub uploads: Turns,
    pub(crate) metrics: PrometheusHandle,
    pub(crate) session_key: SessionKey,
    pub(crate) attempts: Option<Arc<dyn AttemptLimiter>>,
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) require_if_match: bool,
    pub(crate) public_url: Option<String>,
}

impl Api {
    /// Builds the services.
    pub fn new(parts: Parts, settings: Settings) -> Self {
        let Parts { ports, photos, processor, identities, passwords, attempts, metrics } = parts;
        let Settings { session_secret, trusted_proxies, trash_keeps, require_if_match, public_url } = settings;
        let profiles = ProfileService::new(ports.clone(), Arc::clone(&photos));
        Self {
            notes: NoteService::new(ports.clone()),
            preferences: PreferencesService::new(ports.clone()),
            history: HistoryService::new(ports.clone()),
            directory: DirectoryService::new(ports.clone()),
            photos: PhotoService::new(ports.clone(), Arc::clone(&photos), processor),
            audit: AuditService::new(ports.clone()),
            trash: TrashService::beside(&profiles),
            profiles,
            trash_keeps,
            identities: IdentityService::new(ports.clone(), identities, passwords),
            clock: ports.clock,
            ids: ports.ids,
            store: ports.store,
            photo_store: photos,
            uploads: Turns::new(),
            metrics,
            session_key: SessionKey::derive(&session_secret),
            attempts,
            trusted_proxies,
            require_if_match,
            public_url,
        }
    }
    /// Whether people sign in here rather than in the web app.
    pub fn has_sign_in(&self) -> bool {
        self.attempts.is_some()
    }
}
