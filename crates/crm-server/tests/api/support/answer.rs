use reqwest::Response;
use serde_json::Value;

/// What the server answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) bytes: Vec<u8>,
    /// The body, if it is JSON; else null.
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) async fn read(response: Response) -> Self {
        let status = response.status().as_u16();
        let headers = response.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned())).collect();
        let bytes = response.bytes().await.unwrap().to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or_default();
        Self { status, headers, bytes, body }
    }

    /// An answer as it came over the wire; `None` until it is complete.
    pub(crate) fn parse(raw: &[u8]) -> Option<Self> {
        let end = raw.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&raw[..end]).into_owned();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let headers = head.lines().filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        let mut answer = Self { status, headers, bytes: Vec::new(), body: Value::Null };
        let length: usize = answer.header("content-length")?.parse().ok()?;
        answer.bytes = raw.get(end + 4..end + 4 + length)?.to_vec();
        answer.body = serde_json::from_slice(&answer.bytes).unwrap_or_default();
        Some(answer)
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(existing, _)| existing == name).map(|(_, value)| value.as_str())
    }

    /// `data` of a success with this status.
    #[track_caller]
    pub(crate) fn data(&self, status: u16) -> &Value {
        assert_eq!((self.status, &self.body["success"]), (status, &Value::Bool(true)), "{}", self.body);
        &self.body["data"]
    }

    /// `code` of a failure with this status, after a look at the envelope.
    #[track_caller]
    pub(crate) fn code(&self, status: u16) -> &str {
        assert_eq!((self.status, &self.body["success"]), (status, &Value::Bool(false)), "{}", self.body);
        assert!(self.body["error"].as_str().is_some_and(|sentence| !sentence.is_empty()), "{}", self.body);
        assert!(self.body["requestId"].is_string(), "{}", self.body);
        self.body["code"].as_str().unwrap()
    }

    /// The fields a 400 complains of, sorted.
    #[track_caller]
    pub(crate) fn wrong_fields(&self) -> Vec<&str> {
        assert_eq!(self.code(400), "invalid_input", "{}", self.body);
        let mut fields: Vec<_> =
            self.body["fields"].as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
        fields.sort_unstable();
        fields
    }

    /// The ids of the rows of a list.
    #[track_caller]
    pub(crate) fn ids(&self) -> Vec<&str> {
        self.data(200).as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect()
    }
}
