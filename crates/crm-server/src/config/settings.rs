//! The one table of settings. Known names, error messages, `crm --help`,
//! `docs/CONFIGURATION.md` and `.env.example` all come from here.

/// One thing an operator can set.
#[derive(Debug)]
pub(crate) struct Setting {
    /// Name of the environment variable.
    pub(crate) name: &'static str,
    /// What applies when nothing is set.
    pub(crate) default: Fallback,
    /// What a value must be, worded to follow "must be".
    pub(crate) accepts: &'static str,
    /// What it is for, in one sentence.
    pub(crate) help: &'static str,
}

/// What applies when a setting is not given.
#[derive(Debug)]
pub(crate) enum Fallback {
    /// This very text, read like a given value.
    Fixed(&'static str),
    /// Worked out from other settings.
    Derived {
        /// How, in words.
        described: &'static str,
        /// A value an operator could give instead.
        example: &'static str,
    },
}

impl Setting {
    /// The name's part after `CRM_`, in lower case: the key in a configuration file.
    pub(crate) fn key(&self) -> String {
        self.name.trim_start_matches(PREFIX).to_ascii_lowercase()
    }

    /// The default as the documentation shows it.
    pub(crate) fn described_default(&self) -> &'static str {
        match self.default {
            Fallback::Fixed(text) => text,
            Fallback::Derived { described, .. } => described,
        }
    }

    /// A value that shows the notation.
    pub(crate) fn example(&self) -> &'static str {
        match self.default {
            Fallback::Fixed(text) => text,
            Fallback::Derived { example, .. } => example,
        }
    }
}

/// What the names of all our variables begin with.
pub(super) const PREFIX: &str = "CRM_";

/// Read for the session secret when [`SESSION_SECRET`] is not set; the web app's own name for it.
pub(super) const NEXTAUTH_SECRET: &str = "NEXTAUTH_SECRET";

/// Every setting, in the order in which the documentation lists them.
pub(crate) static SETTINGS: [&Setting; 23] = [
    &CONFIG,
    &DATA_DIR,
    &DATABASE_URL,
    &DATABASE_MAX_CONNECTIONS,
    &LISTEN,
    &PUBLIC_URL,
    &TRUSTED_PROXIES,
    &PHOTO_STORE,
    &PHOTO_PIXELS,
    &PHOTO_THUMBNAIL_PIXELS,
    &PHOTO_DECODERS,
    &PHOTO_SWEEP_SECONDS,
    &SESSION_SECRET,
    &SIGN_IN,
    &SIGN_IN_PER_MINUTE,
    &REDIS_URL,
    &TRASH_DAYS,
    &REQUIRE_IF_MATCH,
    &SEED_DEMO,
    &RECONCILE_SECONDS,
    &LOG,
    &LOG_FORMAT,
    &SHUTDOWN_SECONDS,
];

pub(super) static CONFIG: Setting = Setting {
    name: "CRM_CONFIG",
    default: Fallback::Derived { described: "none", example: "crm.toml" },
    accepts: "the path of a TOML file",
    help: "Configuration file to read; `--config` comes before it.",
};

pub(super) static DATA_DIR: Setting = Setting {
    name: "CRM_DATA_DIR",
    default: Fallback::Fixed("./data"),
    accepts: "the path of a folder",
    help: "Where embedded mode keeps everything.",
};

pub(super) static DATABASE_URL: Setting = Setting {
    name: "CRM_DATABASE_URL",
    default: Fallback::Derived {
        described: "sqlite://<data dir>/crm.db",
        example: "postgres://user:password@localhost:5432/citaplanner",
    },
    accepts: "sqlite:// and the path of a file, or a postgres:// or postgresql:// address",
    help: "The database: an SQLite file, or the PostgreSQL database of CitaPlanner.",
};

pub(super) static DATABASE_MAX_CONNECTIONS: Setting = Setting {
    name: "CRM_DATABASE_MAX_CONNECTIONS",
    default: Fallback::Fixed("10"),
    accepts: "a whole number from 2 to 200",
    help: "Most connections for requests, a third of which write; on PostgreSQL up to 8 more search, and on SQLite two for each \
           processor read at most.",
};

pub(super) static LISTEN: Setting = Setting {
    name: "CRM_LISTEN",
    default: Fallback::Fixed("127.0.0.1:8080"),
    accepts: "an IP address and a port",
    help: "Address to serve on; port 0 picks a free one and prints it.",
};

pub(super) static PUBLIC_URL: Setting = Setting {
    name: "CRM_PUBLIC_URL",
    default: Fallback::Derived { described: "none", example: "https://crm.example.mx" },
    accepts: "http:// or https:// with a host and, if need be, a port, without a path",
    help: "Address under which browsers reach the service; with https, cookies are marked Secure.",
};

pub(super) static TRUSTED_PROXIES: Setting = Setting {
    name: "CRM_TRUSTED_PROXIES",
    default: Fallback::Derived { described: "none", example: "10.0.0.0/8,192.0.2.7" },
    accepts: "IP addresses or networks in CIDR notation, separated by commas",
    help: "Proxies whose forwarding headers count.",
};

pub(super) static PHOTO_STORE: Setting = Setting {
    name: "CRM_PHOTO_STORE",
    default: Fallback::Derived { described: "file://<data dir>/photos", example: "s3://bucket/prefix" },
    accepts: "file:// and the path of a folder, s3:// with a bucket and an optional prefix, or memory://",
    help: "Where photos are kept; S3 also reads the usual `AWS_*` variables, `memory://` forgets them and is for tests.",
};

pub(super) static PHOTO_PIXELS: Setting = Setting {
    name: "CRM_PHOTO_PIXELS",
    default: Fallback::Fixed("512"),
    accepts: "a whole number from 128 to 2048",
    help: "Longest side of a photo, in pixels; `crm photos reprocess` makes kept photos fit a smaller one.",
};

pub(super) static PHOTO_THUMBNAIL_PIXELS: Setting = Setting {
    name: "CRM_PHOTO_THUMBNAIL_PIXELS",
    default: Fallback::Fixed("96"),
    accepts: "a whole number from 32 to 256",
    help: "Side of a photo's square thumbnail, in pixels; `crm photos reprocess` makes kept ones anew.",
};

pub(super) static PHOTO_DECODERS: Setting = Setting {
    name: "CRM_PHOTO_DECODERS",
    default: Fallback::Derived { described: "half the processors, at least 1", example: "1" },
    accepts: "a whole number from 1 to 64",
    help: "Uploaded photos worked on at a time; each may take 300 MB.",
};

pub(super) static PHOTO_SWEEP_SECONDS: Setting = Setting {
    name: "CRM_PHOTO_SWEEP_SECONDS",
    default: Fallback::Fixed("3600"),
    accepts: "a whole number from 60 to 86400",
    help: "How often photos that nothing shows any more are swept away, in seconds.",
};

pub(super) static SESSION_SECRET: Setting = Setting {
    name: "CRM_SESSION_SECRET",
    default: Fallback::Derived {
        described: "made and kept in <data dir>/session-secret (SQLite only)",
        // Too short on purpose, so that nobody runs with a secret copied from the documentation.
        example: "replace-me",
    },
    accepts: "at least 32 characters",
    help: "Secret of the session tokens, for example from `openssl rand -hex 32`; `NEXTAUTH_SECRET`, of any length, is read when this is unset.",
};

pub(super) static SIGN_IN: Setting = Setting {
    name: "CRM_SIGN_IN",
    default: Fallback::Derived { described: "true with SQLite, false with PostgreSQL", example: "true" },
    accepts: BOOLEAN,
    help: "Whether to serve our own sign-in page.",
};

pub(super) static SIGN_IN_PER_MINUTE: Setting = Setting {
    name: "CRM_SIGN_IN_PER_MINUTE",
    default: Fallback::Fixed("10"),
    accepts: "a whole number from 1 to 1000",
    help: "Sign-in attempts allowed a minute, per account and per address.",
};

pub(super) static REDIS_URL: Setting = Setting {
    name: "CRM_REDIS_URL",
    default: Fallback::Derived { described: "none", example: "redis://:password@localhost:6379" },
    accepts: "a redis:// address",
    help: "Redis in which several replicas count sign-in attempts together; without it each counts for itself.",
};

pub(super) static TRASH_DAYS: Setting = Setting {
    name: "CRM_TRASH_DAYS",
    default: Fallback::Fixed("30"),
    accepts: "a whole number from 1 to 3650",
    help: "How many days what was deleted can be brought back.",
};

pub(super) static REQUIRE_IF_MATCH: Setting = Setting {
    name: "CRM_REQUIRE_IF_MATCH",
    default: Fallback::Fixed("false"),
    accepts: BOOLEAN,
    help: "Whether changes and deletions must say by `If-Match` which version the caller saw; else they get a 428.",
};

pub(super) static SEED_DEMO: Setting = Setting {
    name: "CRM_SEED_DEMO",
    default: Fallback::Derived { described: "true with SQLite on a loopback address, otherwise false", example: "false" },
    accepts: BOOLEAN,
    help: "Whether to fill an empty database with demo data, whose passwords are published; `true` is refused with PostgreSQL and on other addresses than loopback.",
};

pub(super) static RECONCILE_SECONDS: Setting = Setting {
    name: "CRM_RECONCILE_SECONDS",
    default: Fallback::Fixed("600"),
    accepts: "a whole number from 5 to 86400",
    help: "How often the search projection is compared with its sources, in seconds.",
};

pub(super) static LOG: Setting = Setting {
    name: "CRM_LOG",
    default: Fallback::Fixed("info"),
    accepts: "a level (error, warn, info, debug, trace, off) or target=level, several separated by commas",
    help: "What is logged.",
};

pub(super) static LOG_FORMAT: Setting = Setting {
    name: "CRM_LOG_FORMAT",
    default: Fallback::Fixed("auto"),
    accepts: "auto, pretty or json",
    help: "How logs look; `auto` is pretty on a terminal and JSON otherwise.",
};

pub(super) static SHUTDOWN_SECONDS: Setting = Setting {
    name: "CRM_SHUTDOWN_SECONDS",
    default: Fallback::Fixed("10"),
    accepts: "a whole number from 1 to 300",
    help: "How long running requests may take to finish at shutdown, in seconds.",
};

const BOOLEAN: &str = "true or false (on/off, yes/no and 1/0 work too)";
