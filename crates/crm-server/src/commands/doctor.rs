use std::process::ExitCode;

use crm_infra::Database;
use migration::{ContactKey, RecommendedIndex};

use crate::config::{Config, DatabaseKind};
use crate::{console, wire};

/// What was looked at, how it stands, and what to do about it.
enum Finding {
    Fine(String),
    /// Works, but not as well as it could.
    Advice(String),
    /// Does not work.
    Fault(String),
}

/// Checks everything the server depends on. Fails if something does not work.
pub(crate) async fn run(config: &Config, create_indexes: bool) -> anyhow::Result<ExitCode> {
    let mut findings = vec![configuration(config)];
    if config.database.kind == DatabaseKind::Embedded && !config.data_dir.exists() {
        // Looking must not leave anything behind.
        let text = format!("database: {} does not exist yet; the first start creates it", config.data_dir.display());
        findings.push(Finding::Advice(text));
    } else {
        findings.extend(database(config, create_indexes).await);
        findings.push(photo_store(config).await);
    }

    let mut code = ExitCode::SUCCESS;
    for finding in findings {
        let line = match finding {
            Finding::Fine(text) => format!("ok      {text}"),
            Finding::Advice(text) => format!("advice  {text}"),
            Finding::Fault(text) => {
                code = ExitCode::FAILURE;
                format!("FAULT   {text}")
            }
        };
        console::say(&line);
    }
    Ok(code)
}

fn configuration(config: &Config) -> Finding {
    let is_embedded = config.database.kind == DatabaseKind::Embedded;
    if config.sign_in && !config.listen.ip().is_loopback() && config.public_url.is_none() {
        return Finding::Advice(
            "configuration: the sign-in page is reachable from other machines; put a TLS proxy in front and name its address in CRM_PUBLIC_URL".to_owned(),
        );
    }
    Finding::Fine(format!("configuration: {} mode", if is_embedded { "embedded" } else { "beside CitaPlanner" }))
}

async fn database(config: &Config, create_indexes: bool) -> Vec<Finding> {
    let database = match wire::maintenance_database(config).await {
        Ok(database) => database,
        Err(error) => {
            return vec![Finding::Fault(format!(
                "database: {error:#}. Check CRM_DATABASE_URL, that the server runs, and that it accepts this user."
            ))];
        }
    };
    let mut findings = vec![Finding::Fine("database: answers".to_owned())];
    match inspect(&database, create_indexes).await {
        Ok(found) => findings.extend(found),
        Err(error) => findings.push(Finding::Fault(format!("database: {error:#}"))),
    }
    findings
}

async fn inspect(database: &Database, create_indexes: bool) -> anyhow::Result<Vec<Finding>> {
    if create_indexes {
        create_missing_indexes(database).await?;
    }
    let mut findings = schema(database).await?;
    findings.extend(indexes(database).await?);
    Ok(findings)
}

/// Tables that every request depends on.
const TABLES: [&str; 11] = [
    "tenants",
    "users",
    "appointments",
    "payments",
    "client_profiles",
    "client_notes",
    "client_preferences",
    "crm_profile_search",
    "crm_profile_counts",
    "crm_note_index",
    "crm_photos",
];

async fn unreadable_tables(database: &Database) -> Vec<Finding> {
    let mut findings = Vec::new();
    for table in TABLES {
        if let Err(error) = database.run_unprepared(&format!("SELECT 1 FROM {table} WHERE 1 = 0")).await {
            let error = anyhow::Error::new(error);
            let advice = "Check the rights of this user, or restore the table from a backup";
            findings.push(Finding::Fault(format!("table {table}: can't be read: {error:#}. {advice}.")));
        }
    }
    findings
}

async fn schema(database: &Database) -> anyhow::Result<Vec<Finding>> {
    let steps = migration::status(database.connection()).await?;
    let pending: Vec<_> = steps.iter().filter(|step| !step.applied).map(|step| step.name.as_str()).collect();
    if !pending.is_empty() {
        let text = format!("schema: {} pending. Run `crm migrate up`, or start the server, which does.", pending.join(", "));
        return Ok(vec![Finding::Fault(text)]);
    }
    let unreadable = unreadable_tables(database).await;
    if !unreadable.is_empty() {
        return Ok(unreadable);
    }
    let missing = migration::missing_triggers(database.connection()).await?;
    let triggers = if missing.is_empty() {
        Finding::Fine("triggers: the search projection follows every change".to_owned())
    } else {
        Finding::Fault(format!(
            "triggers: {} missing, so changes made by others are found late. Run `crm migrate up` or start the server.",
            missing.join(", ")
        ))
    };
    Ok(vec![Finding::Fine(format!("schema: {} steps applied", steps.len())), triggers])
}

async fn indexes(database: &Database) -> anyhow::Result<Vec<Finding>> {
    let missing = migration::missing_indexes(database.connection()).await?;
    let leftover = migration::leftover_indexes(database.connection()).await?.into_iter().map(|name| {
        Finding::Advice(format!(
            "index: {name} was left by an interrupted `crm reindex`, or belongs to one that is still running. It slows writes, and no search uses it. If none is running, run `crm reindex`."
        ))
    });
    let recommended = if missing.is_empty() {
        vec![Finding::Fine("indexes: every recommended index on the host's tables exists".to_owned())]
    } else {
        missing.into_iter().map(|index| advise(index, database)).collect()
    };
    Ok(recommended.into_iter().chain(leftover).collect())
}

fn advise(index: &RecommendedIndex, database: &Database) -> Finding {
    let key = index.key.map(|key| match key {
        ContactKey::Email => "the e-mail as it is compared",
        ContactKey::Phone => "the phone as it is compared",
    });
    let columns: Vec<_> = index.columns.iter().copied().chain(key).collect();
    let lasting = match index.prisma() {
        Some(line) => format!("and add to the host's model, so that its next push keeps it:\n          {line}"),
        None => "The host's next push leaves it alone. Restart the server afterwards.".to_owned(),
    };
    Finding::Advice(format!(
        "index: {} has none on ({}). Run `crm doctor --create-indexes`, or this SQL:\n          {};\n        {lasting}",
        index.table,
        columns.join(", "),
        index.create_sql(database.backend()),
    ))
}

async fn create_missing_indexes(database: &Database) -> anyhow::Result<()> {
    for index in migration::missing_indexes(database.connection()).await? {
        database.run_unprepared(&index.create_sql(database.backend())).await?;
        console::say(&format!("created {}", index.name));
    }
    Ok(())
}

async fn photo_store(config: &Config) -> Finding {
    let fault = |reason: String| {
        Finding::Fault(format!("photo store: {reason}. Check CRM_PHOTO_STORE and, for S3, the AWS_* variables."))
    };
    match wire::photos(config) {
        Ok(photos) => match photos.ping().await {
            Ok(()) => Finding::Fine(format!("photo store: {} answers", config.photo_store)),
            Err(error) => fault(format!("{:#}", anyhow::Error::new(error))),
        },
        Err(error) => fault(format!("{error:#}")),
    }
}
