//! Forms that are not what they should be.

use crate::support::form::Form;
use crate::support::hostile::hostile_uploads;
use crate::support::picture::jpeg;
use crate::support::{TestServer, UPLOAD, is_key, keys_of};

pub(crate) async fn what_is_no_proper_form_is_refused_and_leaves_nothing(server: &TestServer) {
    let desk = server.user("desk1");
    let url = desk.show_photo("client1", 91).await;
    let before = (server.kept().await, server.module_rows().await);
    for hostile in hostile_uploads("client1") {
        let answer = desk.send_raw("POST", UPLOAD, Some(&hostile.content_type), hostile.body).await;
        assert_eq!(answer.code(hostile.status), hostile.code, "{}: {}", hostile.name, answer.body);
        assert!(answer.bytes.len() < 4 * 1024, "{}: what the caller made up is repeated at length", hostile.name);
    }
    assert_eq!((server.kept().await, server.module_rows().await), before);
    assert_eq!(server.objects().await, keys_of("t1", &url));
}

pub(crate) async fn the_name_of_a_file_means_nothing(server: &TestServer) {
    let desk = server.user("desk1");
    let photo = jpeg(40, 30, 90);
    let url = desk.show_photo("client1", 90).await;
    let long = "x".repeat(4 * 1024);
    let dispositions = [
        "filename=\"../../x\"",
        "filename=\"..\\..\\x\"",
        "filename=\"/etc/passwd\"",
        "filename=\"C:\\x.jpg\"",
        "filename=\"%00.jpg\"",
        "filename=\"foto.jpg%00.php\"",
        "filename=\"\u{202e}gpj.exe\"",
        "filename=\"'; DROP TABLE crm_photos; --\"",
        "filename=\"<script>alert(1)</script>\"",
        "filename=\"\"",
        "filename=x",
        "filename*=UTF-8''..%2F..%2Fx",
        "filename=\"a.jpg\"; filename*=UTF-8''%00",
        "filename=\"a.jpg\"; filename=\"b.jpg\"",
        &format!("filename=\"{long}\""),
    ];
    for disposition in dispositions {
        let header = format!("Content-Disposition: form-data; name=\"file\"; {disposition}");
        let form = Form::default().text("userId", "client1");
        let answer = desk.upload_form(form.clone().part(&header, &photo).end()).await;
        assert_eq!(answer.data(200)["url"], url.as_str(), "{disposition}");
        let answer = desk.upload_form(form.part(&header, "no photo").end()).await;
        assert_eq!(answer.code(415), "unsupported_media_type", "{disposition}");
    }
    assert_eq!(server.objects().await, keys_of("t1", &url));
    assert!(server.photos().keys().iter().all(|key| is_key(key)), "{:?}", server.photos().keys());
}

pub(crate) async fn a_name_that_no_header_can_hold_is_refused(server: &TestServer) {
    for byte in [b'\0', b'\x01', b'\x7f', b'\r', b'\n'] {
        let header = [b"Content-Disposition: form-data; name=\"file\"; filename=\"a".as_slice(), &[byte], b"b\""].concat();
        let form = Form::default().text("userId", "client1").raw("--frontera\r\n").raw(header).raw("\r\n\r\n");
        let answer = server.user("desk1").upload_form(form.raw(jpeg(40, 30, 90)).raw("\r\n").end()).await;
        assert_eq!(answer.status, 400, "{byte}: {}", answer.body);
    }
    assert_eq!(server.kept().await, (Vec::new(), Vec::new()));
}
