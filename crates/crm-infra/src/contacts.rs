//! Users by what tells who they are: comparable phone and e-mail.

use crm_domain::access::Role;
use crm_domain::error::StoreError;
use crm_domain::ids::UserId;
use crm_domain::value::{email_key, phone_identity};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{DbErr, QueryResult};

use crate::store::SeaUnit;
use crate::{scope, sql};

/// What tells who a user is.
pub(crate) struct Contact {
    pub(crate) id: UserId,
    pub(crate) role: Option<Role>,
    email: Option<String>,
    phone: Option<String>,
}

impl Contact {
    fn read(row: &QueryResult) -> Result<Self, DbErr> {
        Ok(Self {
            id: UserId::from_stored(row.try_get::<String>("", "id")?),
            role: row.try_get::<String>("", "role")?.parse().ok(),
            email: email_key(&row.try_get::<String>("", "email")?),
            phone: row.try_get::<Option<String>>("", "phone")?.as_deref().and_then(phone_identity),
        })
    }

    /// Whether the user has one of these addresses or this phone.
    pub(crate) fn has(&self, is_one: impl Fn(&String) -> bool, phone: Option<&str>) -> bool {
        self.email.as_ref().is_some_and(is_one) || (phone.is_some() && self.phone.as_deref() == phone)
    }
}

impl SeaUnit {
    /// The tenant's users who have one of these addresses or phones.
    pub(crate) async fn users_with(
        &self,
        emails: impl Iterator<Item = String>,
        phones: impl Iterator<Item = String>,
    ) -> Result<Vec<Contact>, StoreError> {
        let (emails, phones): (Vec<_>, Vec<_>) = (emails.collect(), phones.collect());
        let backend = self.backend();
        let users = |is_same: Expr| {
            let mut select = scope::host_rows(&self.scope, "users");
            select.columns(["id", "email", "phone"].map(|column| ("t", column))).expr_as(sql::text("t.role"), "role");
            select.and_where(is_same).to_owned()
        };
        let by_email = (!emails.is_empty()).then(|| users(sql::email_key(backend, "t.email").is_in(emails)));
        let by_phone = (!phones.is_empty()).then(|| users(sql::phone_key(backend, "t.phone").is_in(phones)));
        match sql::any_of([by_email, by_phone].into_iter().flatten()) {
            Some(select) => self.rows(&select, Contact::read).await,
            None => Ok(Vec::new()),
        }
    }
}
