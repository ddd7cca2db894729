//! `crm trash purge`.

use std::collections::BTreeSet;

use crate::picture::jpeg;
use crate::salon::{Desk, Salon};

#[tokio::test(flavor = "multi_thread")]
async fn the_trash_is_emptied_of_what_is_old_enough_with_its_photos() {
    let salon = Salon::with_clients(1).await;
    let (server, desk) = (salon.start(), Desk::new());
    desk.upload(&server, "c1", &jpeg(40, 30, 90)).await.unwrap().error_for_status().unwrap();
    let removed = desk.delete(&server, "/api/clients/upload-photo?userId=c1").await.unwrap();
    assert_eq!(removed.status(), 200);
    assert_eq!(server.terminate().0, Some(0));
    assert_eq!((salon.files().len(), salon.records().await), (2, vec!["c1 trashed".to_owned()]));

    // What is in the trash is nobody's to sweep.
    salon.age_records().await;
    salon.succeed("photos sweep", &[]);
    assert_eq!(salon.succeed("trash purge", &[]), ["Removed for good: 0; failed: 0"]);
    assert_eq!(salon.files().len(), 2);
    assert_eq!(salon.succeed("trash purge --days 0", &[]), ["Removed for good: 1; failed: 0"]);
    assert_eq!((salon.files(), salon.records().await), (BTreeSet::new(), Vec::new()));
    assert_eq!(salon.run("trash purge --days -1", &[]).status.code(), Some(2));
}
