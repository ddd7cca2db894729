//! What a power cut leaves behind during uploads, and what a sweep makes of it.

use std::sync::Arc;

use crm_domain::photo::PhotoProcessor as _;
use crm_infra::{ImageProcessor, PhotoSizes};
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use crate::command::Server;
use crate::picture::jpeg;
use crate::salon::{Desk, Salon, age, thumbnail};

const CLIENTS: usize = 6;
const KILLS: usize = 5;
/// Uploads that are answered before the server is killed, each time.
const ANSWERED: usize = 12;

/// Gives a client one photo after another until the server is gone. Returns the addresses that were answered.
async fn upload_until_killed(
    server: Arc<Server>,
    desk: Desk,
    client: usize,
    first: u8,
    done: UnboundedSender<()>,
) -> Vec<String> {
    let mut answered = Vec::new();
    for tone in (first..=u8::MAX).chain(0..first).cycle() {
        let Ok(answer) = desk.upload(&server, &format!("c{client}"), &jpeg(320, 240, tone)).await else { break };
        let status = answer.status().as_u16();
        let Ok(body) = answer.json::<Value>().await else { break };
        assert!([200, 503].contains(&status), "{status}: {body}");
        if status == 200 {
            answered.push(body["url"].as_str().unwrap().to_owned());
            let _ = done.send(());
        }
    }
    answered
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_power_cut_profiles_show_whole_photos_and_a_sweep_removes_the_rest() {
    let salon = Salon::with_clients(CLIENTS).await;
    let desk = Desk::new();
    for round in 0..KILLS {
        let server = Arc::new(salon.start());
        let (sender, mut done) = unbounded_channel();
        let mut running = JoinSet::new();
        for client in 1..=CLIENTS {
            let first = u8::try_from(round * 50 + client * 8).unwrap();
            running.spawn(upload_until_killed(Arc::clone(&server), desk.clone(), client, first, sender.clone()));
        }
        drop(sender);
        for _ in 0..ANSWERED {
            done.recv().await.unwrap();
        }
        server.kill();
        let answered = running.join_all().await;
        nothing_that_was_answered_is_lost(&salon, &answered).await;
        what_is_shown_is_whole(&salon, &desk).await;
    }

    salon.age_records().await;
    for file in salon.files() {
        age(&salon.folder().join(file), 48);
    }
    salon.succeed("photos sweep", &[]);
    let shown: Vec<_> = salon.shown().await.into_iter().flatten().collect();
    assert_eq!(shown.len(), CLIENTS, "{shown:?}");
    assert_eq!(salon.files(), salon.files_of(&shown));
    let expected: Vec<_> = (1..=CLIENTS).map(|client| format!("c{client} kept")).collect();
    assert_eq!(salon.records().await, expected);
}

/// Each client has the photo that was answered last, or the one that was about to be.
async fn nothing_that_was_answered_is_lost(salon: &Salon, answered: &[Vec<String>]) {
    let shown: Vec<_> = salon.shown().await.into_iter().flatten().collect();
    for (last, earlier) in answered.iter().filter_map(|urls| urls.split_last()) {
        let owner = last.rsplit_once('/').unwrap().0;
        let shown = shown.iter().find(|url| url.starts_with(owner));
        assert!(shown.is_some_and(|shown| !earlier.contains(shown)), "{shown:?} is older than {last}");
    }
}

/// Restarts, and looks at every photo that a profile shows.
async fn what_is_shown_is_whole(salon: &Salon, desk: &Desk) {
    let server = salon.start();
    let reader = ImageProcessor::new(PhotoSizes::default(), 1);
    for url in salon.shown().await.into_iter().flatten() {
        for (address, size) in [(thumbnail(&url), (96, 96)), (url, (320, 240))] {
            let photo = desk.read(&server, &address).await;
            let read = reader.process(photo).await.unwrap_or_else(|error| panic!("{address}: {error}"));
            assert_eq!((read.width, read.height), size, "{address}");
        }
    }
    assert_eq!(server.terminate().0, Some(0));
}
