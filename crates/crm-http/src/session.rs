//! The web app's session: what it says, where a request carries it, and when a cookie may change data.

pub mod cookie;
pub mod csrf;
pub mod token;

pub use self::cookie::{CookieName, Presented};
pub use self::csrf::{BodyKind, CsrfError};
pub use self::token::{Claims, SealError, SessionKey, TokenError};
