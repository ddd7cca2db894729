//! The `crm` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    crm_server::run()
}
