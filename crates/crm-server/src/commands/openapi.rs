use std::process::ExitCode;

use crate::console;

/// Prints the OpenAPI document.
pub(crate) fn print() -> anyhow::Result<ExitCode> {
    console::say(&crm_http::openapi::document().to_pretty_json()?);
    Ok(ExitCode::SUCCESS)
}
