use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use reqwest::Client;
use serde_json::{Value, json};

/// A setting that some commands insist on.
pub(crate) const SECRET: (&str, &str) = ("CRM_SESSION_SECRET", "a-secret-of-thirty-two-characters");

pub(crate) fn crm(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crm"));
    command.args(arguments.split_whitespace()).current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

#[track_caller]
pub(crate) fn succeed(folder: &Path, arguments: &str) -> String {
    let output = crm(folder, arguments).output().unwrap();
    assert!(output.status.success(), "crm {arguments}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
pub(crate) fn complaint(output: Output) -> String {
    assert!(output.status.code().is_some_and(|code| code != 0), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// A server on a port of its own. What it prints is its only sign of life, so nothing here waits for a time.
pub(crate) struct Server {
    process: Child,
    printed: BufReader<ChildStdout>,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(folder: &Path, settings: &[(&str, &str)]) -> Self {
        Self::start_logging(folder, settings, Stdio::inherit())
    }

    /// The same, with its log written there.
    pub(crate) fn start_logging(folder: &Path, settings: &[(&str, &str)], log: Stdio) -> Self {
        let mut command = crm(folder, "");
        command.stderr(log).env("CRM_LISTEN", "127.0.0.1:0").env("CRM_LOG", "error").envs(settings.iter().copied());
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let printed = BufReader::new(process.stdout.take().unwrap());
        let mut server = Self { process, printed, address: String::new() };
        let line = server.line_with("listens on ");
        let address = line.split_once("listens on ").unwrap().1.to_owned();
        server.address = address;
        server
    }

    /// Reads what is printed up to the line that contains this.
    pub(crate) fn line_with(&mut self, text: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.printed.read_line(&mut line).unwrap(), 0, "it ended without printing {text:?}");
            if line.contains(text) {
                return line.trim_end().to_owned();
            }
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Signs in and reads the first page of profiles: how many there are.
    pub(crate) async fn profiles(&self, email: &str, password: &str) -> u64 {
        let client = client();
        let credentials = json!({ "email": email, "password": password });
        let session = client.post(self.url("/sign-in")).json(&credentials).send().await.unwrap();
        let session: Value = session.error_for_status().unwrap().json().await.unwrap();
        let request = client.get(self.url("/api/clients/profiles")).bearer_auth(session["data"]["token"].as_str().unwrap());
        let list: Value = request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
        list["pagination"]["total"].as_u64().unwrap()
    }

    /// Asks it to stop, as a service manager does. Returns its exit code and what it printed since.
    pub(crate) fn terminate(mut self) -> (Option<i32>, String) {
        assert!(Command::new("kill").arg(self.process.id().to_string()).status().unwrap().success());
        let mut rest = String::new();
        self.printed.read_to_string(&mut rest).unwrap();
        (self.process.wait().unwrap().code(), rest)
    }

    /// Ends it as a power cut would: it gets no chance to finish anything.
    pub(crate) fn kill(&self) {
        assert!(Command::new("kill").args(["-9", &self.process.id().to_string()]).status().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Only a test that failed leaves one running.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn client() -> Client {
    // The HTTP client wants one although it speaks plain HTTP here.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::new()
}
