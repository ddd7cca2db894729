//! Lists of people of the host who have no projection: users without a profile, and client records.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDateTime;
use crm_domain::access::Role;
use crm_domain::directory::{HostClient, User};
use crm_domain::error::StoreError;
use crm_domain::history::HistoryQueries as _;
use crm_domain::ids::{ClientId, ProfileId, TenantId, UserId};
use crm_domain::page::{Page, PageRequest, Total};
use crm_domain::profile::SearchTerms;
use crm_domain::value::{email_key, phone_identity, phone_key};
use sea_orm::sea_query::{Expr, ExprTrait, Order, SelectStatement};
use sea_orm::{ColumnTrait, DbBackend, DbErr, QueryFilter, QueryResult, QuerySelect};

use crate::contacts::Contact;
use crate::entity::client_profile;
use crate::error::store_error;
use crate::rows::{Placed, cut, newest_first};
use crate::sql::{id_order, one_of, text};
use crate::store::SeaUnit;
use crate::{scope, search};

/// People of the host that are counted; whoever has a profile is passed over one by one.
const COUNTED_PEOPLE: u64 = 100;

impl SeaUnit {
    pub(crate) async fn users_without_profile(
        &self,
        search: Option<SearchTerms>,
        page: &PageRequest,
    ) -> Result<Page<User>, StoreError> {
        let mut select = scope::users_without_profile(&self.scope);
        select.and_where(is_client(self.backend())).and_where(Expr::col(("t", "isActive")).eq(true));
        let tenant = self.scope.tenant();
        self.people(select, search, page, |row| user(row, tenant)).await
    }

    pub(crate) async fn clients_of_host(
        &self,
        search: Option<SearchTerms>,
        page: &PageRequest,
    ) -> Result<Page<HostClient>, StoreError> {
        let mut found = self.people(active(scope::host_rows(&self.scope, "clients")), search, page, client).await?;
        self.recognise(&mut found.items).await?;
        Ok(found)
    }

    /// A page of the tenant's rows of a host table, newest first.
    async fn people<T>(
        &self,
        mut select: SelectStatement,
        search: Option<SearchTerms>,
        page: &PageRequest,
        read: impl Fn(&QueryResult) -> Result<T, DbErr>,
    ) -> Result<Page<T>, StoreError> {
        select.columns(["id", "firstName", "lastName", "email", "phone", "createdAt"].map(|column| ("t", column)));
        let listed = |row: &QueryResult| {
            let at = row.try_get::<NaiveDateTime>("", "createdAt")?.and_utc();
            Ok(Placed { at, id: row.try_get("", "id")?, item: read(row)? })
        };
        let id = id_order(self.backend(), "t.id");
        let (rows, total) = if let Some(terms) = search {
            // Folding is cheap here and dear in SQLite, and whoever is found must be counted anyway.
            select.order_by(("t", "createdAt"), Order::Desc).order_by_expr(id, Order::Desc);
            let rows = self.rows(&select, |row| is_found(&terms, row)?.then(|| listed(row)).transpose()).await?;
            let rows: Vec<_> = rows.into_iter().flatten().collect();
            let total = Total::exact(rows.len() as u64);
            (cut(rows, page), total)
        } else {
            // Counted from the newest on, too: those without a profile are mostly new.
            let mut all = select.clone();
            all.order_by(("t", "createdAt"), Order::Desc).order_by_expr(id.clone(), Order::Desc);
            newest_first(&mut select, ("t", "createdAt"), &id, page);
            let rows = self.rows(&select, listed).await?;
            let total = self.total_up_to(COUNTED_PEOPLE, page, rows.len(), || all).await?;
            (rows, total)
        };
        Ok(Page::from_overfetched(rows, page.take(), total, Placed::cursor).map(|row| row.item))
    }

    /// The active client record of a person, if the person is this user and nobody else.
    pub(crate) async fn client_of(&self, user: &User) -> Result<Option<HostClient>, StoreError> {
        let (email, phone) = (email_key(&user.email), user.phone.as_deref().and_then(phone_identity));
        let records = self.client_records(email, phone).await?;
        if records.is_empty() {
            return Ok(None);
        }
        let mut select = active(scope::host_rows_by_key(&self.scope, "clients"));
        select
            .columns(["id", "firstName", "lastName", "email", "phone"].map(|column| ("t", column)))
            .and_where(one_of(self.backend(), Expr::col(("t", "id")), records.iter().map(ClientId::as_str)))
            .order_by(("t", "createdAt"), Order::Desc)
            .order_by_expr(id_order(self.backend(), "t.id"), Order::Desc);
        let mut clients = self.rows(&select, client).await?;
        self.recognise(&mut clients).await?;
        Ok(clients.into_iter().find(|client| client.user.as_ref() == Some(&user.id)))
    }

    /// Finds out who these clients are: the inverse of [`crm_domain::history::HistoryQueries::client_records`].
    async fn recognise(&self, clients: &mut [HostClient]) -> Result<(), StoreError> {
        let mut emails = self.portal_emails(clients).await?;
        for client in clients.iter() {
            let email = client.email.as_deref().and_then(email_key);
            emails.entry(client.id.clone()).or_default().extend(email);
        }
        let phone = |client: &HostClient| client.phone.as_deref().and_then(phone_identity);
        let users = self.users_with(emails.values().flatten().cloned(), clients.iter().filter_map(phone)).await?;
        let mut known = Vec::new();
        for client in clients.iter_mut() {
            let (emails, phone) = (&emails[&client.id], phone(client));
            let is_same = |user: &&Contact| {
                user.role == Some(Role::Client) && user.has(|email| emails.contains(email), phone.as_deref())
            };
            let mut same = users.iter().filter(is_same);
            if let (Some(user), None) = (same.next(), same.next()) {
                client.user = Some(user.id.clone());
                known.push(user.id.as_str());
            }
        }
        let profiles = self.profiles_of(&known).await?;
        for client in clients {
            client.profile = client.user.as_ref().and_then(|user| profiles.get(user.as_str())).cloned();
        }
        Ok(())
    }

    /// The comparable e-mail addresses of the portal accounts of these clients.
    async fn portal_emails(&self, clients: &[HostClient]) -> Result<HashMap<ClientId, BTreeSet<String>>, StoreError> {
        let mut emails: HashMap<_, BTreeSet<_>> = HashMap::new();
        if clients.is_empty() {
            return Ok(emails);
        }
        let mut select = scope::host_rows_by_key(&self.scope, "client_users");
        let ids = clients.iter().map(|client| client.id.as_str());
        let of_clients = one_of(self.backend(), Expr::col(("t", "clientId")), ids);
        select.columns([("t", "clientId"), ("t", "email")]).and_where(of_clients);
        let email = |row: &QueryResult| Ok((row.try_get::<String>("", "clientId")?, row.try_get::<String>("", "email")?));
        for (client, email) in self.rows(&select, email).await? {
            emails.entry(ClientId::from_stored(client)).or_default().extend(email_key(&email));
        }
        Ok(emails)
    }

    async fn profiles_of(&self, users: &[&str]) -> Result<HashMap<String, ProfileId>, StoreError> {
        if users.is_empty() {
            return Ok(HashMap::new());
        }
        let select = scope::profiles_by_key(&self.scope)
            .filter(one_of(self.backend(), client_profile::Column::UserId.into_expr(), users.iter().copied()))
            .select_only()
            .columns([client_profile::Column::UserId, client_profile::Column::Id]);
        let rows = select.into_tuple::<(String, String)>().all(self.executor()).await.map_err(store_error)?;
        Ok(rows.into_iter().map(|(user, profile)| (user, ProfileId::from_stored(profile))).collect())
    }
}

/// Client records that are in use.
fn active(mut clients: SelectStatement) -> SelectStatement {
    clients.columns([("t", "address"), ("t", "birthday")]).and_where(Expr::col(("t", "isActive")).eq(true)).to_owned()
}

/// Whether a user of the host is a client, which nearly all are. PostgreSQL knows that of the role itself; SQLite would
/// take the index on roles for a short cut.
fn is_client(backend: DbBackend) -> Expr {
    match backend {
        DbBackend::Postgres => Expr::cust("t.role = 'CLIENT'"),
        _ => text("t.role").eq("CLIENT"),
    }
}

/// Whether a person's names, e-mail or phone hold what is looked for.
fn is_found(terms: &SearchTerms, row: &QueryResult) -> Result<bool, DbErr> {
    let text = |column| Ok::<_, DbErr>(row.try_get::<Option<String>>("", column)?.unwrap_or_default());
    let searched = search::fold(&format!("{} {} {}", text("firstName")?, text("lastName")?, text("email")?));
    Ok(search::found(terms, &searched, &phone_key(&text("phone")?).unwrap_or_default()))
}

fn user(row: &QueryResult, tenant: &TenantId) -> Result<User, DbErr> {
    Ok(User {
        id: UserId::from_stored(row.try_get::<String>("", "id")?),
        tenant: tenant.clone(),
        email: row.try_get("", "email")?,
        first_name: row.try_get("", "firstName")?,
        last_name: row.try_get("", "lastName")?,
        phone: row.try_get("", "phone")?,
        role: Some(Role::Client),
    })
}

fn client(row: &QueryResult) -> Result<HostClient, DbErr> {
    Ok(HostClient {
        id: ClientId::from_stored(row.try_get::<String>("", "id")?),
        first_name: row.try_get("", "firstName")?,
        last_name: row.try_get("", "lastName")?,
        email: row.try_get("", "email")?,
        phone: row.try_get("", "phone")?,
        address: row.try_get("", "address")?,
        birthday: row.try_get::<Option<NaiveDateTime>>("", "birthday")?.map(|stored| stored.date()),
        user: None,
        profile: None,
    })
}
