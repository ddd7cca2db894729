//! Tables described once and rendered for either engine.
//!
//! The names of keys and indexes, and the defaults, are those that Prisma gives.

use crate::engine;
use sea_orm_migration::sea_orm::DbBackend;
use sea_orm_migration::sea_query::extension::postgres::{Type, TypeCreateStatement, TypeDropStatement};
use sea_orm_migration::sea_query::{
    Alias, ColumnDef, ColumnType, Expr, ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Index,
    IndexCreateStatement, IntoTableRef, Table as TableStatement, TableCreateStatement, TableRef,
};

/// A table of the host or of the module.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [Column],
    pub(crate) unique: &'static [&'static [&'static str]],
    pub(crate) references: &'static [Reference],
}

/// An enumerated type. SQLite stores the label as text.
pub(crate) struct Enumeration {
    pub(crate) name: &'static str,
    pub(crate) labels: &'static [&'static str],
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Integer,
    Double,
    Boolean,
    Timestamp,
    Enumeration(&'static str),
}

/// A column, required unless told otherwise.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    name: &'static str,
    kind: Kind,
    optional: bool,
    default: Option<&'static str>,
}

/// A foreign key to the `id` of another table.
pub(crate) struct Reference {
    column: &'static str,
    table: &'static str,
    on_delete: ForeignKeyAction,
}

pub(crate) const ID: Column = text("id");
pub(crate) const CREATED_AT: Column = timestamp("createdAt").or("CURRENT_TIMESTAMP");
/// The host sets it in its client, so it has no default.
pub(crate) const UPDATED_AT: Column = timestamp("updatedAt");

pub(crate) const fn text(name: &'static str) -> Column {
    Column::new(name, Kind::Text)
}

pub(crate) const fn integer(name: &'static str) -> Column {
    Column::new(name, Kind::Integer)
}

pub(crate) const fn double(name: &'static str) -> Column {
    Column::new(name, Kind::Double)
}

pub(crate) const fn boolean(name: &'static str) -> Column {
    Column::new(name, Kind::Boolean)
}

pub(crate) const fn timestamp(name: &'static str) -> Column {
    Column::new(name, Kind::Timestamp)
}

pub(crate) const fn enumeration(name: &'static str, of: &'static str) -> Column {
    Column::new(name, Kind::Enumeration(of))
}

/// A row that goes with the row it points to.
pub(crate) const fn cascade(column: &'static str, table: &'static str) -> Reference {
    Reference { column, table, on_delete: ForeignKeyAction::Cascade }
}

/// A row that keeps the row it points to.
pub(crate) const fn restrict(column: &'static str, table: &'static str) -> Reference {
    Reference { column, table, on_delete: ForeignKeyAction::Restrict }
}

/// A row that forgets the row it points to.
pub(crate) const fn set_null(column: &'static str, table: &'static str) -> Reference {
    Reference { column, table, on_delete: ForeignKeyAction::SetNull }
}

impl Column {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, optional: false, default: None }
    }

    pub(crate) const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// The default, as SQL.
    pub(crate) const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    fn definition(&self, backend: DbBackend) -> ColumnDef {
        let postgres = backend == DbBackend::Postgres;
        let kind = match self.kind {
            Kind::Integer => ColumnType::Integer,
            Kind::Double => ColumnType::Double,
            Kind::Boolean => ColumnType::Boolean,
            Kind::Timestamp => ColumnType::custom(engine::timestamp(backend)),
            Kind::Enumeration(of) if postgres => ColumnType::custom(format!("public.\"{of}\"")),
            Kind::Text | Kind::Enumeration(_) => ColumnType::Text,
        };
        let mut column = ColumnDef::new_with_type(self.name, kind);
        if !self.optional {
            column.not_null();
        }
        if let Some(default) = self.default {
            column.default(Expr::cust(default));
        }
        column
    }
}

impl Table {
    pub(crate) fn reference(&self, backend: DbBackend) -> TableRef {
        table_ref(backend, self.name)
    }

    pub(crate) fn create(&self, backend: DbBackend) -> TableCreateStatement {
        let mut table = TableStatement::create();
        table.table(self.reference(backend));
        for column in self.columns {
            table.col(column.definition(backend));
        }
        table.primary_key(Index::create().name(format!("{}_pkey", self.name)).col(ID.name));
        for reference in self.references {
            table.foreign_key(&mut reference.create(backend, self.name));
        }
        table
    }

    pub(crate) fn unique_indexes(&self, backend: DbBackend) -> Vec<IndexCreateStatement> {
        self.unique
            .iter()
            .map(|columns| {
                let mut index = Index::create();
                index.unique().name(format!("{}_{}_key", self.name, columns.join("_"))).table(self.reference(backend));
                for column in *columns {
                    index.col(*column);
                }
                index
            })
            .collect()
    }
}

impl Reference {
    fn create(&self, backend: DbBackend, from: &str) -> ForeignKeyCreateStatement {
        ForeignKey::create()
            .name(format!("{from}_{}_fkey", self.column))
            .from(table_ref(backend, from), self.column)
            .to(table_ref(backend, self.table), ID.name)
            .on_delete(self.on_delete)
            .on_update(ForeignKeyAction::Cascade)
            .take()
    }
}

impl Enumeration {
    pub(crate) fn create(&self) -> TypeCreateStatement {
        Type::create().as_enum(self.reference()).values(self.labels.iter().copied()).to_owned()
    }

    pub(crate) fn drop(&self) -> TypeDropStatement {
        Type::drop().name(self.reference()).if_exists().to_owned()
    }

    fn reference(&self) -> (Alias, Alias) {
        (Alias::new("public"), Alias::new(self.name))
    }
}

fn table_ref(backend: DbBackend, table: &str) -> TableRef {
    let table = Alias::new(table);
    match backend {
        DbBackend::Postgres => (Alias::new("public"), table).into_table_ref(),
        _ => table.into_table_ref(),
    }
}
