//! Expressions that the two engines spell differently.

use sea_orm::DbBackend;
use sea_orm::sea_query::{Expr, SelectStatement, UnionType};

/// A native enum as text.
pub(crate) fn text(column: &'static str) -> Expr {
    Expr::cust(format!("CAST({column} AS text)"))
}

/// Stands between ids that are sent as one text. No id that was made here or by the host holds it.
const SEPARATOR: char = '\u{1f}';

/// Whether an id is one of these. However many there are, the statement is the same, so its plan is kept.
///
/// SQLite takes them for many: an index on the tenant must be kept out of such a statement.
pub(crate) fn one_of<'a>(backend: DbBackend, id: Expr, ids: impl Iterator<Item = &'a str>) -> Expr {
    let ids: Vec<_> = ids.collect();
    if backend == DbBackend::Postgres {
        let is_among = format!("$1 = ANY(string_to_array($2, chr({})))", u32::from(SEPARATOR));
        return Expr::cust_with_exprs(is_among, [id, Expr::val(ids.join(&SEPARATOR.to_string()))]);
    }
    let listed = serde_json::json!(ids).to_string();
    Expr::cust_with_exprs("? IN (SELECT value FROM json_each(?))", [id, Expr::val(listed)])
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

#[cfg(test)]
mod tests {
    use sea_orm::ConnectionTrait as _;

    use super::*;
    use crate::scope;
    use crate::testing::TestDatabase;

    async fn an_id_is_one_of_those_listed_and_of_no_others(database: TestDatabase) {
        let database = database.database();
        let is_one = async |id: &str, ids: &[&str]| {
            let listed = one_of(database.backend(), Expr::val(id), ids.iter().copied());
            let found = database.reading().query_all(&scope::nothing().and_where(listed).to_owned()).await;
            found.unwrap().len() == 1
        };
        let strange = ["u1", "it's", r#""quoted", \ñ"#, "{a,b}", "null"];
        for id in strange {
            assert!(is_one(id, &[id]).await && is_one(id, &strange).await, "{id}");
            assert!(!is_one(id, &[]).await && !is_one(id, &["u", "U1", "a"]).await, "{id}");
        }
        let many: Vec<_> = (0..200).map(|number| format!("u{number}")).collect();
        let many: Vec<_> = many.iter().map(String::as_str).collect();
        assert!(is_one("u199", &many).await && !is_one("u200", &many).await);
    }

    #[tokio::test]
    async fn ids_are_listed_alike_on_sqlite() {
        an_id_is_one_of_those_listed_and_of_no_others(TestDatabase::sqlite().await).await;
    }

    #[tokio::test]
    async fn ids_are_listed_alike_on_postgres() {
        if let Some(database) = TestDatabase::postgres().await {
            an_id_is_one_of_those_listed_and_of_no_others(database).await;
        }
    }
}
