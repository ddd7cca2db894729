//! Uploads that are refused leave nothing on the disk, neither beside the database nor in the temporary folder.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::net::TcpStream;

use serde_json::Value;

use crate::form::{self, FORM};
use crate::hostile::hostile_uploads;
use crate::picture::jpeg;
use crate::salon::{Desk, Salon};

#[tokio::test(flavor = "multi_thread")]
async fn refused_and_interrupted_uploads_leave_no_file() {
    let salon = Salon::with_clients(1).await;
    let (server, desk) = (salon.start(), Desk::new());
    let before = salon.other_files();
    let url = server.url("/api/clients/upload-photo");
    for hostile in hostile_uploads("c1") {
        let answer = desk.send_form(&url, &hostile.content_type, hostile.body).await.unwrap();
        let (status, body) = (answer.status().as_u16(), answer.json::<Value>().await.unwrap());
        assert_eq!((status, body["code"].as_str()), (hostile.status, Some(hostile.code)), "{}", hostile.name);
        assert_eq!((&salon.files(), &salon.other_files()), (&BTreeSet::new(), &before), "{}", hostile.name);
    }
    for file in [b"<svg/>".to_vec(), jpeg(400, 300, 90)[..200].to_vec(), vec![0; 6 << 20], jpeg(5_001, 5_000, 90)] {
        let answer = desk.upload(&server, "c1", &file).await.unwrap();
        assert!(answer.status().is_client_error(), "{}", answer.status());
    }
    let whole = form::upload("c1", &jpeg(4_000, 3_000, 90));
    for sent in [1, 100, 1_000, whole.len() / 2, whole.len() - 1] {
        let mut stream = TcpStream::connect(server.address.strip_prefix("http://").unwrap()).unwrap();
        let head =
            format!("POST /api/clients/upload-photo HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n", desk.token());
        write!(stream, "{head}content-type: {FORM}\r\ncontent-length: {}\r\n\r\n", whole.len()).unwrap();
        stream.write_all(&whole[..sent]).unwrap();
    }
    // The server has nothing left to do once this one is answered and it has stopped.
    desk.upload(&server, "c1", &jpeg(40, 30, 90)).await.unwrap().error_for_status().unwrap();
    assert_eq!(server.terminate().0, Some(0));
    let shown: Vec<_> = salon.shown().await.into_iter().flatten().collect();
    assert_eq!((salon.files(), salon.other_files()), (salon.files_of(&shown), before));
    assert_eq!(salon.records().await, ["c1 kept"]);
}
