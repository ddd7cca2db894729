use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crm_infra::ObjectPhotoStore;
use futures_util::{StreamExt as _, stream};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{Body, HttpResponse};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

/// The one bucket there is.
pub(crate) const BUCKET: &str = "fotos";
/// Who may use it.
const ACCESS_KEY: &str = "AKIAPRUEBA";
const SECRET_KEY: &str = "secreto-de-prueba";

/// How the server answers instead of doing its work.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mood {
    /// It asks for patience, and nothing happens.
    SlowDown,
    /// It does its work and never says so.
    Silent,
    /// It sends half of what it announced, then breaks off.
    CutShort,
}

/// The mood, and for how many requests more.
type Moods = Arc<Mutex<(Option<Mood>, usize)>>;

/// An S3 server in this process that checks signatures and keeps objects in a folder.
pub(crate) struct Server {
    folder: TempDir,
    port: u16,
    moods: Moods,
    accepting: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let mut service = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let moods = Moods::default();
        let answering = Answering { s3: service.build(), folder: folder.path().to_owned(), moods: Arc::clone(&moods) };
        let accepting = tokio::spawn(serve(listener, answering));
        Self { folder, port, moods, accepting }
    }

    /// Is in this mood for so many requests.
    pub(crate) fn turn(&self, mood: Mood, requests: usize) {
        *self.moods.lock().unwrap() = (Some(mood), requests);
    }

    /// How many of the requests for which it was to be in a mood have not come.
    pub(crate) fn moody_requests_left(&self) -> usize {
        self.moods.lock().unwrap().1
    }

    /// Stops listening and closes every connection.
    pub(crate) async fn stop(&mut self) {
        self.accepting.abort();
        let stopped = (&mut self.accepting).await;
        assert!(stopped.unwrap_err().is_cancelled());
    }

    /// Where the bucket's objects lie.
    pub(crate) fn files(&self) -> PathBuf {
        self.folder.path().join(BUCKET)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The bucket, or another one, as a program would open it whose environment says what it should.
    pub(crate) fn open(&self, bucket: &str, prefix: &str) -> ObjectPhotoStore {
        self.open_with(&[], bucket, prefix, Duration::from_secs(5))
    }

    /// The bucket, with little patience.
    pub(crate) fn open_impatiently(&self) -> ObjectPhotoStore {
        self.open_with(&[], BUCKET, "", Duration::from_millis(150))
    }

    /// With these variables instead of those that an environment should have.
    pub(crate) fn open_with(
        &self,
        variables: &[(&str, &str)],
        bucket: &str,
        prefix: &str,
        attempt_limit: Duration,
    ) -> ObjectPhotoStore {
        let address = self.address();
        let should_be = [
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ENDPOINT_URL", &address),
        ];
        let variables = [&should_be, variables].concat();
        ObjectPhotoStore::in_bucket_with(&variables, bucket, prefix, attempt_limit).unwrap()
    }
}

/// What every connection needs.
#[derive(Clone)]
struct Answering {
    s3: S3Service,
    folder: PathBuf,
    moods: Moods,
}

async fn serve(listener: TcpListener, answering: Answering) {
    let mut connections = JoinSet::new();
    loop {
        let (socket, _) = listener.accept().await.unwrap();
        let answering = answering.clone();
        let service = service_fn(move |request| answering.clone().answer(request));
        // A client may break off, and so may an answer.
        connections.spawn(async move { drop(http1::Builder::new().serve_connection(TokioIo::new(socket), service).await) });
    }
}

impl Answering {
    async fn answer(self, request: Request<Incoming>) -> Result<HttpResponse, Infallible> {
        Ok(match self.mood() {
            None => self.work(request).await,
            Some(Mood::SlowDown) => failure(StatusCode::SERVICE_UNAVAILABLE, "SlowDown"),
            Some(Mood::Silent) => {
                drop(self.work(request).await);
                std::future::pending().await
            }
            Some(Mood::CutShort) => cut_short(self.work(request).await).await,
        })
    }

    fn mood(&self) -> Option<Mood> {
        let (mood, requests) = &mut *self.moods.lock().unwrap();
        *requests = requests.checked_sub(1)?;
        *mood
    }

    async fn work(&self, request: Request<Incoming>) -> HttpResponse {
        let bucket = request.uri().path().split('/').nth(1).unwrap();
        // This server would make it, which S3 does not.
        if !self.folder.join(bucket).exists() {
            return failure(StatusCode::NOT_FOUND, "NoSuchBucket");
        }
        self.s3.call(request.map(Body::from)).await.unwrap()
    }
}

fn failure(status: StatusCode, code: &str) -> HttpResponse {
    let body = format!(r#"<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code></Error>"#);
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    response
}

/// The same headers, half of the body.
async fn cut_short(response: HttpResponse) -> HttpResponse {
    let (head, body) = response.into_parts();
    let whole = BodyExt::collect(body).await.unwrap().to_bytes();
    let half = stream::iter([Ok(Frame::data(whole.slice(..whole.len() / 2)))]);
    let end = stream::once(async {
        // Lets the half go out first.
        tokio::task::yield_now().await;
        Err(std::io::Error::other("cut short"))
    });
    Response::from_parts(head, Body::http_body_unsync(StreamBody::new(half.chain(end))))
}

/// The names of all files below a folder.
pub(crate) fn file_names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    collect_names(folder, folder, &mut names);
    names
}

fn collect_names(root: &Path, folder: &Path, names: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_names(root, &path, names);
        } else {
            names.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
        }
    }
}
