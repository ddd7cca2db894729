//! Everybody who may knock, and the things they may ask for.

use std::fmt::Display;

use chrono::TimeDelta;
use crm_domain::access::Role;
use crm_domain::clock::Clock;
use crm_domain::testing::rows::{self, Row};
use crm_http::session::{Claims, SessionKey};
use secrecy::SecretString;

use crate::support::{Caller, SECRET, TestServer, photo_url};

/// Somebody with a session, in the tenant they act in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Person {
    /// A user of tenant `t1`.
    User(Role),
    /// A portal account of tenant `t1`.
    Portal,
    /// A SUPERADMIN of tenant `t1` who chose tenant `t2`.
    Visitor,
}

impl Person {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Role::ALL.into_iter().map(Self::User).chain([Self::Portal, Self::Visitor])
    }

    pub(crate) fn role(self) -> Role {
        match self {
            Self::User(role) => role,
            Self::Portal => Role::Client,
            Self::Visitor => Role::SuperAdmin,
        }
    }

    /// The tenant they act in.
    pub(crate) fn tenant(self) -> &'static str {
        if self == Self::Visitor { "t2" } else { "t1" }
    }

    /// Their id in the world of `support::world`. The portal account has no profile of its own.
    pub(crate) fn subject(self) -> &'static str {
        match self {
            Self::User(Role::SuperAdmin) | Self::Visitor => "super1",
            Self::User(Role::Admin) => "admin1",
            Self::User(Role::Manager) => "manager1",
            Self::User(Role::Professional) => "pro1",
            Self::User(Role::Receptionist) => "desk1",
            Self::User(Role::Client) => "client1",
            Self::Portal => "portal1",
        }
    }

    pub(crate) fn caller(self, server: &TestServer) -> Caller<'_> {
        self.caller_as(server, self.subject())
    }

    fn caller_as<'a>(self, server: &'a TestServer, subject: &str) -> Caller<'a> {
        let caller = server.user(subject);
        if self == Self::Visitor { caller.with("x-tenant-id", self.tenant()) } else { caller }
    }
}

/// Whose the thing is that somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// The caller's own profile; for staff, one of their tenant.
    Own,
    /// Another profile of the caller's tenant.
    SameTenant,
    OtherTenant,
    /// Ids that nothing has.
    Missing,
}

impl Relation {
    pub(crate) const ALL: [Self; 4] = [Self::Own, Self::SameTenant, Self::OtherTenant, Self::Missing];
}

/// The hash of nothing in particular.
pub(crate) const HASH: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// A user with everything that can hang on one, made for one request.
pub(crate) struct Target {
    pub(crate) user: String,
    pub(crate) profile: String,
    pub(crate) preferences: String,
    pub(crate) note: String,
    pub(crate) trash: String,
    tenant: &'static str,
    portal: String,
}

impl Target {
    /// The name makes it unique in its database.
    pub(crate) fn new(name: impl Display, tenant: &'static str) -> Self {
        let id = |kind: &str| format!("{kind}-{name}");
        Self {
            user: id("user"),
            profile: id("profile"),
            preferences: id("preferences"),
            note: id("note"),
            trash: id("trash"),
            tenant,
            portal: id("portal"),
        }
    }

    pub(crate) fn photo_url(&self) -> String {
        photo_url(&self.user, &format!("{HASH}.jpg"))
    }

    /// The user, the portal account of the same person, and the rest unless the request is to make it.
    pub(crate) fn rows(&self, has_profile: bool, has_preferences: bool) -> Vec<Row> {
        let user = rows::user(&self.user).with("tenantId", self.tenant);
        let email = format!("{}@ejemplo.mx", self.user);
        let mut all = vec![user, rows::portal_account(&self.portal, &email).with("tenantId", self.tenant)];
        if has_profile {
            let photo = self.photo_url();
            all.push(rows::profile(&self.profile, &self.user).with("profilePhotoUrl", photo.as_str()));
            let author = if self.tenant == "t1" { "author1" } else { "author2" };
            all.push(rows::note(&self.note, &self.profile).with("createdByUserId", author));
            all.extend(rows::trashed_note(&self.trash, self.tenant, &self.profile, &self.user, author));
        }
        if has_profile && has_preferences {
            all.push(rows::preferences(&self.preferences, &self.profile));
        }
        all
    }

    pub(crate) async fn store_photo(&self, server: &TestServer) {
        server.keep_photo(self.tenant, &self.user, HASH).await;
    }

    /// The person, who is the target's user if it is to be a client's own.
    pub(crate) fn asked_by<'a>(&self, server: &'a TestServer, person: Person, relation: Relation) -> Caller<'a> {
        match (person, relation) {
            (Person::User(Role::Client), Relation::Own) => person.caller_as(server, &self.user),
            (Person::Portal, Relation::Own) => person.caller_as(server, &self.portal),
            _ => person.caller(server),
        }
    }
}

/// Writes many rows in one transaction, which is much faster.
pub(crate) async fn add_at_once(server: &TestServer, rows: impl IntoIterator<Item = Row>) {
    let statements: Vec<_> = rows.into_iter().map(|row| row.to_string()).collect();
    server.execute(&format!("BEGIN;\n{};\nCOMMIT", statements.join(";\n"))).await;
}

/// Adds the people whom the world of two tenants lacks.
pub(crate) async fn invite(server: &TestServer) {
    let inactive = |row: Row| row.with("isActive", false);
    server
        .add([
            rows::portal_account("portal1", "blank1@ejemplo.mx"),
            inactive(rows::portal_account("gone-portal", "gone-portal@ejemplo.mx")),
            inactive(rows::user("gone").with("role", "ADMIN")),
            inactive(rows::tenant("t3")),
            rows::user("admin3").with("role", "ADMIN").with("tenantId", "t3"),
        ])
        .await;
}

/// Callers without a session, each with the reason.
pub(crate) fn strangers(server: &TestServer) -> Vec<(&'static str, Caller<'_>)> {
    let bearer = |token: String| server.nobody().with("authorization", format!("Bearer {token}"));
    let minute_ago = server.clock().now() - TimeDelta::minutes(1);
    let expired = Claims { sub: "admin1".to_owned(), expires_at: minute_ago.timestamp(), ..Claims::default() };
    let sealed_with = |secret: &str, claims: &Claims| SessionKey::derive(&SecretString::from(secret)).seal(claims).unwrap();
    let valid = Claims { expires_at: server.clock().now().timestamp() + 3_600, ..expired.clone() };
    vec![
        ("nobody", server.nobody()),
        ("an expired session", bearer(sealed_with(SECRET, &expired))),
        ("a session of another secret", bearer(sealed_with("another secret", &valid))),
        ("garbage", bearer("garbage".to_owned())),
        ("a user who does not exist", server.user("nobody-at-all")),
        ("an inactive user", server.user("gone")),
        ("a user of an inactive tenant", server.user("admin3")),
        ("an inactive portal account", server.user("gone-portal")),
    ]
}
