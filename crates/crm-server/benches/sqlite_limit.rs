//! What SQLite itself does with the statements of requests: the limit beside which `scripts/bench-load.sh` sets the server.
//!
//! `sqlite_limit <database> <token> <seconds> <path>...` asks the API, in this process, for each path and listens to what
//! that asks the database. Then as many threads as there are processors, each with a connection of its own, run these
//! statements, prepared, one path after the other, and read every value. It prints how many paths a second that makes.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that fails must stop, and prints its figure")]

use std::hint::black_box;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use actix_web::rt::System;
use actix_web::test::{TestRequest, call_service, init_service};
use chrono::TimeDelta;
use crm_http::Settings;
use crm_infra::testing::Recording;
use crm_infra::{ImageProcessor, ObjectPhotoStore, PhotoSizes, SystemClock};
use crm_server::wire;
use metrics_exporter_prometheus::PrometheusBuilder;
use rusqlite::{Connection, OpenFlags};
use secrecy::SecretString;

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SECRET: &str = "only-for-this-measurement-0123456789";

fn main() {
    // Cargo adds an argument of its own.
    let given: Vec<_> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [database, token, seconds, paths @ ..] = given.as_slice() else { return };
    let statements = System::new().block_on(statements(database, token, paths));
    let limit = Duration::from_secs(seconds.parse().unwrap());
    let threads = thread::available_parallelism().unwrap().get();
    let rate: f64 = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(|| repeat(database, &statements, limit))).collect();
        running.into_iter().map(|running| running.join().unwrap()).sum()
    });
    println!("{} {rate:.0}", statements.iter().map(Vec::len).max().unwrap_or_default());
}

/// The statements of each path, with their values.
async fn statements(database: &str, token: &str, paths: &[String]) -> Vec<Vec<String>> {
    let (database, recording) = Recording::over(&format!("sqlite://{database}")).await;
    let settings = Settings {
        session_secret: SecretString::from(SECRET),
        trusted_proxies: Vec::new(),
        trash_keeps: TimeDelta::days(30),
        require_if_match: false,
        public_url: None,
    };
    let (photos, processor) = (ObjectPhotoStore::in_memory(), ImageProcessor::new(PhotoSizes::default(), 1));
    let metrics = PrometheusBuilder::new().build_recorder().handle();
    let api = wire::api(&database, Arc::new(photos), Arc::new(processor), Arc::new(SystemClock), None, metrics, settings);
    let app = init_service(crm_http::app(api, |_| {})).await;
    let mut all = Vec::new();
    for path in paths {
        // The second time, nothing has to be looked up once.
        for _ in 0..2 {
            recording.take();
            let request = TestRequest::get().uri(path).insert_header(("authorization", format!("Bearer {token}")));
            let answer = call_service(&app, request.to_request()).await;
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
        }
        all.push(recording.take().into_iter().map(|statement| statement.with_values).collect());
    }
    all
}

/// Runs the statements of one path after the other; answers how many paths a second.
fn repeat(database: &str, statements: &[Vec<String>], limit: Duration) -> f64 {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    connection.pragma_update(None, "mmap_size", 1_i64 << 30).unwrap();
    let prepare = |path: &Vec<String>| path.iter().map(|sql| connection.prepare(sql).unwrap()).collect::<Vec<_>>();
    let mut prepared: Vec<_> = statements.iter().map(prepare).collect();
    let (began, mut done) = (Instant::now(), 0_u32);
    while began.elapsed() < limit {
        for path in &mut prepared {
            for statement in path {
                let columns = statement.column_count();
                let mut rows = statement.query(()).unwrap();
                while let Some(row) = rows.next().unwrap() {
                    for column in 0..columns {
                        black_box(row.get_ref(column).unwrap());
                    }
                }
            }
            done += 1;
        }
    }
    f64::from(done) / began.elapsed().as_secs_f64()
}
