//! Expressions that the two engines spell differently.

use sea_orm::DbBackend;
use sea_orm::sea_query::{Expr, SelectStatement, UnionType};

/// A native enum as text.
pub(crate) fn text(column: &'static str) -> Expr {
    Expr::cust(format!("CAST({column} AS text)"))
}

/// Whether an id is one of these. However many there are, the statement is the same, so its plan is kept.
pub(crate) fn one_of<'a>(backend: DbBackend, id: Expr, ids: impl Iterator<Item = &'a str>) -> Expr {
    let ids: Vec<_> = ids.collect();
    match backend {
        // No id holds the separator of units.
        DbBackend::Postgres => {
            Expr::cust_with_exprs("$1 = ANY(string_to_array($2, chr(31)))", [id, Expr::val(ids.join("\u{1f}"))])
        }
        _ => {
            let listed = serde_json::json!(ids).to_string();
            Expr::cust_with_exprs("? IN (SELECT value FROM json_each(?))", [id, Expr::val(listed)])
        }
    }
}

/// What any of these selects finds, each once. An `OR` over two indexes would make SQLite use neither.
pub(crate) fn any_of(selects: impl IntoIterator<Item = SelectStatement>) -> Option<SelectStatement> {
    let mut selects = selects.into_iter();
    let mut any = selects.next()?;
    for select in selects {
        any.union(UnionType::Distinct, select);
    }
    Some(any)
}

/// The comparable form of an e-mail, as `crm_domain::value::email_key` computes it.
pub(crate) fn email_key(backend: DbBackend, column: &'static str) -> Expr {
    Expr::cust(migration::sql_email_key(backend, column))
}

/// The comparable form of a phone, as `crm_domain::value::phone_key` computes it.
pub(crate) fn phone_key(backend: DbBackend, column: &'static str) -> Expr {
    Expr::cust(format!("({})", migration::sql_phone_key(backend, column)))
}

/// Whether a phone tells who somebody is, as `crm_domain::value::phone_identity` judges it.
pub(crate) fn is_phone_identity(backend: DbBackend, column: &'static str) -> Expr {
    let key = format!("({})", migration::sql_phone_key(backend, column));
    let is_number = match backend {
        DbBackend::Postgres => format!("{key} !~ '[^0-9]'"),
        _ => format!("{key} NOT GLOB '*[^0-9]*'"),
    };
    Expr::cust(format!("{is_number} AND length({key}) BETWEEN 7 AND 15"))
}

/// Whether an id of a host or module table equals one of a projection.
///
/// On PostgreSQL the projections' columns are ordered byte by byte (`COLLATE "C"`). Compared as they are, the module
/// table's own index could not be used in a database that is ordered otherwise.
pub(crate) fn same_id(backend: DbBackend, id: &'static str, projected: &'static str) -> Expr {
    match backend {
        DbBackend::Postgres => Expr::cust(format!(r#"{id} = {projected} COLLATE "default""#)),
        _ => Expr::cust(format!("{id} = {projected}")),
    }
}

/// An id of a host table, ordered byte by byte as SQLite does.
pub(crate) fn id_order(backend: DbBackend, column: &'static str) -> Expr {
    match backend {
        DbBackend::Postgres => Expr::cust(format!(r#"{column} COLLATE "C""#)),
        _ => Expr::cust(column),
    }
}
