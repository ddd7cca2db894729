use serde_json::Value;
use tokio::task::JoinSet;

use super::{Answer, Caller};

impl Caller<'_> {
    /// Sends all these requests at once: method, path, JSON body. Answers come in no particular order.
    pub(crate) async fn send_together(&self, requests: impl IntoIterator<Item = (&str, &str, Value)>) -> Vec<Answer> {
        let mut running = JoinSet::new();
        for (method, path, body) in requests {
            let request = self.prepare(method, path, Some("application/json"), body.to_string().into_bytes());
            running.spawn(async move { Answer::read(request.send().await.unwrap()).await });
        }
        running.join_all().await
    }
}
