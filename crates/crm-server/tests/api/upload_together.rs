//! Many uploads at once.

use std::collections::BTreeMap;

use crate::support::TestServer;
use crate::support::picture::{dimensions, jpeg};

const USERS: [&str; 4] = ["client1", "other1", "blank1", "pro1"];

pub(crate) async fn of_many_uploads_at_once_each_user_has_one_photo_afterwards(server: &TestServer) {
    // Twelve megapixels. Half of a user's uploads are of one photo.
    let photos: Vec<_> = [90, 90, 90, 90, 91, 92, 93, 94].map(|tone| jpeg(4_000, 3_000, tone)).into();
    let uploads = photos.iter().flat_map(|photo| USERS.map(|user| (user, Some(photo.as_slice()))));
    let answers = server.user("desk1").upload_together(uploads).await;
    assert_eq!(answers.len(), 32);
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    for answer in &answers {
        *statuses.entry(answer.status).or_default() += 1;
    }
    assert!(statuses.keys().all(|status| [200, 503].contains(status)) && statuses.contains_key(&200), "{statuses:?}");

    let desk = server.user("desk1");
    for (user, profile) in [("client1", "p1"), ("other1", "o1")] {
        let card = desk.get(&format!("/api/clients/profiles/{profile}")).await;
        let url = card.data(200)["profilePhotoUrl"].as_str().unwrap_or_else(|| panic!("{user}: {statuses:?}"));
        assert_eq!(dimensions(&desk.get(url).await.bytes), Some((512, 384)), "{user}");
    }
    let ledger = server.ledger().await;
    let kept: Vec<_> = ledger.iter().filter_map(|record| record.strip_suffix(" kept")).collect();
    let owners: Vec<_> = kept.iter().map(|photo| photo.split('/').nth(1).unwrap()).collect();
    assert_eq!(owners, ["blank1", "client1", "other1", "pro1"], "{ledger:?}");
    for photo in kept {
        let url = format!("/api/clients/photos/{}.jpg", photo.strip_prefix("t1/").unwrap());
        let thumbnail = desk.get(&url.replace(".jpg", "-thumbnail.jpg")).await;
        assert_eq!((desk.get(&url).await.status, dimensions(&thumbnail.bytes)), (200, Some((96, 96))), "{photo}");
    }
    // Whatever an upload that failed left behind has a record.
    for object in server.objects().await {
        assert!(ledger.iter().any(|record| object.starts_with(record.split(' ').next().unwrap())), "{object} {ledger:?}");
    }
}

pub(crate) async fn uploads_and_removals_at_once_leave_one_photo_or_none(server: &TestServer) {
    let desk = server.user("desk1");
    let photos: Vec<_> = (90..122).map(|tone| (tone % 4 > 0).then(|| jpeg(40, 30, tone))).collect();
    let answers = desk.upload_together(photos.iter().map(|photo| ("client1", photo.as_deref()))).await;
    assert!(answers.iter().all(|answer| [200, 404, 503].contains(&answer.status)), "{answers:?}");
    let url = desk.get("/api/clients/profiles/p1").await.data(200)["profilePhotoUrl"].as_str().map(str::to_owned);
    if let Some(url) = &url {
        assert_eq!(desk.get(url).await.status, 200);
    }
    let kept = server.ledger().await.into_iter().filter(|record| record.ends_with(" kept")).count();
    assert_eq!(kept, usize::from(url.is_some()));
}
