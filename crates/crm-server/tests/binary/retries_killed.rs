//! Requests that are sent again and again while the server is killed take effect once.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use crate::command::Server;
use crate::salon::{Desk, Salon};

const KEYS: usize = 200;
const AT_ONCE: usize = 64;
const KILLS: usize = 8;
/// Keys that are new in each life of the server.
const NEW_KEYS: usize = KEYS / KILLS;

/// What was answered under each key.
type Answers = BTreeMap<usize, Vec<String>>;

/// Sends the requests of the given keys, each from a place of its own, until the server is gone.
async fn send(
    server: Arc<Server>,
    desk: Desk,
    keys: std::ops::Range<usize>,
    from: usize,
    done: UnboundedSender<()>,
) -> Vec<(usize, String)> {
    let mut answered = Vec::new();
    for step in 0..keys.len() {
        let key = keys.start + (step + from) % keys.len();
        let body = json!({ "clientProfileId": "p1", "content": format!("nota {key}") });
        let Ok(answer) = desk.post_once(&server, "/api/clients/notes", &format!("clave {key}"), &body).await else { break };
        let status = answer.status().as_u16();
        let Ok(text) = answer.text().await else { break };
        // A writer that waits too long for its turn is told to try again.
        assert!([201, 503].contains(&status), "{status}: {text}");
        if status == 201 {
            answered.push((key, text));
            let _ = done.send(());
        }
    }
    answered
}

/// Sends each of the keys 64 times at once. With `kill_after`, kills the server after so many answers.
async fn storm(salon: &Salon, keys: std::ops::Range<usize>, kill_after: Option<usize>, answers: &mut Answers) {
    let (server, desk) = (Arc::new(salon.start()), Desk::new());
    let (sender, mut done) = unbounded_channel();
    let mut running = JoinSet::new();
    for place in 0..AT_ONCE {
        // Several places begin with the same key.
        running.spawn(send(Arc::clone(&server), desk.clone(), keys.clone(), place / 16, sender.clone()));
    }
    drop(sender);
    if let Some(enough) = kill_after {
        for _ in 0..enough {
            done.recv().await.unwrap();
        }
        server.kill();
    }
    for (key, text) in running.join_all().await.into_iter().flatten() {
        answers.entry(key).or_default().push(text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_requests_sent_over_and_over_to_a_server_that_is_killed_make_two_hundred_notes() {
    let salon = Salon::with_clients(1).await;
    let mut answers = Answers::new();
    for life in 0..KILLS {
        let keys = life * NEW_KEYS..(life + 1) * NEW_KEYS;
        storm(&salon, keys, Some(20 + life * 37), &mut answers).await;
    }
    storm(&salon, 0..KEYS, None, &mut answers).await;

    let notes = salon.database.select_text("SELECT CAST(COUNT(*) AS text) FROM client_notes").await;
    assert_eq!(notes, Some(KEYS.to_string()));
    assert_eq!(answers.len(), KEYS);
    for (key, mut texts) in answers {
        let times = texts.len();
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), 1, "key {key} was answered {times} times");
    }
    let audit = salon.succeed("audit verify", &[]);
    assert_eq!(audit[0], format!("{KEYS} entries checked, 0 anchors compared"));
}
