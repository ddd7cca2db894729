use reqwest::RequestBuilder;
use serde_json::Value;
use tokio::task::JoinSet;

use super::form::{self, FORM};
use super::{Answer, Caller, UPLOAD};

impl Caller<'_> {
    /// Sends all these requests at once: method, path, JSON body. Answers come in no particular order.
    pub(crate) async fn send_together(&self, requests: impl IntoIterator<Item = (&str, &str, Value)>) -> Vec<Answer> {
        let prepare = |(method, path, body): (_, _, Value)| {
            self.prepare(method, path, Some("application/json"), body.to_string().into_bytes())
        };
        all(requests.into_iter().map(prepare)).await
    }

    /// Gives all these users these photos at once. Who is given nothing loses the photo they have.
    pub(crate) async fn upload_together(&self, uploads: impl IntoIterator<Item = (&str, Option<&[u8]>)>) -> Vec<Answer> {
        let prepare = |(user, photo): (&str, Option<&[u8]>)| match photo {
            Some(photo) => self.prepare("POST", UPLOAD, Some(FORM), form::upload(user, photo)),
            None => self.prepare("DELETE", &format!("{UPLOAD}?userId={user}"), None, Vec::new()),
        };
        all(uploads.into_iter().map(prepare)).await
    }
}

async fn all(requests: impl Iterator<Item = RequestBuilder>) -> Vec<Answer> {
    let mut running = JoinSet::new();
    for request in requests {
        running.spawn(async move { Answer::read(request.send().await.unwrap()).await });
    }
    running.join_all().await
}
