use serde::{Deserialize, Serialize};
use std::fmt;

/// What a session token says. It says who; what they may do is read from the database.
///
/// Claims not named here are ignored when read and dropped when sealed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Claims {
    /// Id of a user, or of a portal account when [`client_id`](Self::client_id) is given. Never blank.
    pub sub: String,
    /// E-mail address at sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Display name at sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Role at sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Tenant at sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// Branch at sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch_id: Option<String>,
    /// Client behind a portal session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// First name at sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name at sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// When the token was made, in seconds since 1970. Informative: a late clock here refuses nobody.
    #[serde(rename = "iat", skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<i64>,
    /// From when the token is valid, in seconds since 1970.
    #[serde(rename = "nbf", skip_serializing_if = "Option::is_none")]
    pub not_before: Option<i64>,
    /// Until when the token is valid, in seconds since 1970.
    #[serde(rename = "exp")]
    pub expires_at: i64,
    /// Id of the token itself.
    #[serde(rename = "jti", skip_serializing_if = "Option::is_none")]
    pub token_id: Option<String>,
}

impl Claims {
    /// Reads the claims, unless they name nobody.
    pub(super) fn from_json(json: &[u8]) -> Option<Self> {
        super::from_object(json).filter(|claims: &Self| !claims.sub.trim().is_empty())
    }
}

/// Shows ids and times, no personal data.
impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims")
            .field("sub", &self.sub)
            .field("role", &self.role)
            .field("tenant_id", &self.tenant_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
