//! `crm photos sweep`.

use std::fs;

use crm_domain::clock::Clock as _;
use crm_infra::SystemClock;

use crate::picture::jpeg;
use crate::salon::{LONG_AGO, Salon, age, lines, thumbnail};

const HASH: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// A photo of its own for each client.
fn photos(count: u8) -> Vec<Vec<u8>> {
    (0..count).map(|number| jpeg(40, 30, 90 + number)).collect()
}

fn shown(count: usize) -> String {
    format!("{count} photos are shown in 1 tenants")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_nothing_shows_is_removed_after_its_grace() {
    let salon = Salon::with_clients(3).await;
    let urls = salon.upload(&photos(3)).await;
    assert_eq!(salon.succeed("photos sweep", &[]), [shown(3)]);
    salon.database.execute("UPDATE client_profiles SET \"profilePhotoUrl\" = NULL WHERE id = 'p1'").await;
    let waiting = "1 photos that nothing shows yet are too young to judge";
    assert_eq!(salon.succeed("photos sweep", &[]), [&shown(2), waiting]);

    let hours_ago = |hours| (SystemClock.now() - chrono::TimeDelta::hours(hours)).format("%Y-%m-%d %H:%M:%S").to_string();
    for (hours, line) in [(23, waiting), (25, "1 photos that nothing shows would be removed")] {
        let older = format!("UPDATE crm_photos SET changed_at = '{}' WHERE user_id = 'c1'", hours_ago(hours));
        salon.database.execute(&older).await;
        assert_eq!(salon.succeed("photos sweep --dry-run", &[]), [&shown(2), line], "{hours} hours");
        assert_eq!(salon.files(), salon.files_of(&urls), "a dry run changes nothing");
    }
    assert_eq!(salon.succeed("photos sweep", &[]), [&shown(2), "1 photos that nothing shows were removed"]);
    assert_eq!(salon.files(), salon.files_of(&urls[1..]));
    assert_eq!(salon.records().await, ["c2 kept", "c3 kept"]);
    assert_eq!(salon.succeed("photos sweep", &[]), [shown(2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_nobody_knows_are_removed_when_old_if_they_are_ours() {
    let salon = Salon::with_clients(1).await;
    let urls = salon.upload(&photos(1)).await;
    let ours = |folder: &str| format!("{folder}/{HASH}.jpg");
    for (path, hours) in [(ours("t1/c1"), 2), (ours("t1/gone"), 2), (ours("nobody/c1"), 2), (ours("t1/young"), 0)] {
        salon.leave(&path, &jpeg(40, 30, 90), hours);
    }
    let foreign = ["t1/c1/notes.txt", "t1/c1/foto.jpg", "t1/c1/x/foto.jpg", &ours("t1"), &ours("t1/c1/x")];
    for path in foreign {
        salon.leave(path, b"not ours", 99);
    }
    let half = |folder: &str, name: &str| format!("{folder}/{HASH}{name}");
    let kept = [half("t1/c1", "-thumbnail.jpg#23"), half("t1/c1", ".jpg#x"), "t1/c1/x.jpg#1".to_owned()];
    for (path, hours) in [(half("t1/c1", ".jpg#1"), 2), (half("nobody/c1", ".jpg#1"), 2), (kept[0].clone(), 0)] {
        salon.leave(&path, b"half a photo", hours);
    }
    salon.leave(&kept[1], b"not ours", 99);
    salon.leave(&kept[2], b"not ours", 99);
    let before = salon.files();

    let shown = "1 photos are shown in 2 tenants";
    let left_alone = [
        "1 photos that nothing shows yet are too young to judge",
        "1 photos of tenants that the database does not know were left: this may be the wrong database; --force removes \
         them",
        "6 objects in the store are not of this service and were left alone",
    ];
    let planned = [&[shown, "2 photos that nothing shows would be removed"], &left_alone[..]].concat();
    assert_eq!(salon.succeed("photos sweep --dry-run", &[]), planned);
    let forced = [shown, "3 photos that nothing shows would be removed", left_alone[0], left_alone[2]];
    assert_eq!(salon.succeed("photos sweep --dry-run --force", &[]), forced);
    assert_eq!(salon.files(), before);

    let removed = ["3 photos that nothing shows were removed", "2 remains of interrupted writes were removed"];
    let done = [&[shown], &removed[..], &[left_alone[0], left_alone[2]]].concat();
    assert_eq!(salon.succeed("photos sweep --force", &[]), done);
    let mut left = salon.files_of(&urls);
    left.extend(foreign.map(str::to_owned));
    left.extend(kept.into_iter().chain([ours("t1/young")]));
    assert_eq!(salon.files(), left);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_to_a_missing_photo_is_removed_unless_most_are_missing() {
    let salon = Salon::with_clients(5).await;
    let urls = salon.upload(&photos(5)).await;
    fs::remove_file(salon.file(&urls[0])).unwrap();
    fs::write(salon.file(&urls[1]), b"cut short").unwrap();
    let planned = "2 references to missing photos would be removed";
    assert_eq!(salon.succeed("photos sweep --dry-run", &[]), [&shown(5), planned]);
    assert_eq!(salon.succeed("photos sweep", &[]), [&shown(5), "2 references to missing photos were removed"]);
    let rest: Vec<_> = urls[2..].iter().cloned().map(Some).collect();
    assert_eq!(salon.shown().await, [vec![None, None], rest.clone()].concat());
    assert_eq!(
        (salon.files(), salon.records().await.len()),
        (salon.files_of(&urls[2..]), 3),
        "what was left of them is gone"
    );

    for url in &urls[2..4] {
        fs::remove_file(salon.file(url)).unwrap();
    }
    let withheld = "2 references to missing photos were left: most photos are missing, so this may be the wrong store; \
                    --force removes them";
    for arguments in ["photos sweep --dry-run", "photos sweep"] {
        assert_eq!(salon.succeed(arguments, &[]), [&shown(3), withheld], "{arguments}");
        assert_eq!(salon.shown().await[2..], rest, "{arguments}");
    }
    assert_eq!(salon.succeed("photos sweep --force --dry-run", &[]), [&shown(3), planned]);
    assert_eq!(salon.succeed("photos sweep --force", &[]), [&shown(3), "2 references to missing photos were removed"]);
    assert_eq!(salon.shown().await, [None, None, None, None, Some(urls[4].clone())]);
    assert_eq!(salon.files(), salon.files_of(&urls[4..]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_of_the_wrong_store_removes_nothing() {
    let salon = Salon::with_clients(2).await;
    let urls = salon.upload(&photos(2)).await;
    salon.age_records().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let store = |path: &str| format!("file://{}", elsewhere.path().join(path).display());
    let empty = salon.succeed("photos sweep", &[("CRM_PHOTO_STORE", &store("empty"))]);
    assert!(empty[1].starts_with("2 references to missing photos were left"), "{empty:?}");

    fs::write(elsewhere.path().join("file"), "no folder").unwrap();
    for command in ["photos sweep", "photos sweep --force", "photos reprocess"] {
        let output = salon.run(command, &[("CRM_PHOTO_STORE", &store("file"))]);
        assert_eq!((output.status.code(), lines(&output)), (Some(1), Vec::new()), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("CRM_PHOTO_STORE"), "{output:?}");
    }
    assert_eq!(salon.shown().await, urls.iter().cloned().map(Some).collect::<Vec<_>>());
    assert_eq!((salon.files(), salon.records().await.len()), (salon.files_of(&urls), 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shown_photo_whose_record_is_lost_is_recorded_again() {
    let salon = Salon::with_clients(3).await;
    let urls = salon.upload(&photos(3)).await;
    salon.database.execute("DELETE FROM crm_photos WHERE user_id = 'c1'").await;
    salon
        .database
        .execute(&format!("UPDATE crm_photos SET state = 'writing', changed_at = '{LONG_AGO}' WHERE user_id = 'c2'"))
        .await;
    for url in [&urls[0], &thumbnail(&urls[0])] {
        age(&salon.file(url), 2);
    }
    assert_eq!(salon.succeed("photos sweep", &[]), [&shown(3), "2 shown photos without a record were recorded"]);
    assert_eq!(salon.records().await, ["c1 kept", "c2 kept", "c3 kept"]);
    assert_eq!(salon.files(), salon.files_of(&urls));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_removed_fails_the_sweep_and_is_removed_by_the_next() {
    let salon = Salon::with_clients(1).await;
    salon.upload(&photos(1)).await;
    salon.database.execute("UPDATE client_profiles SET \"profilePhotoUrl\" = NULL").await;
    salon.age_records().await;
    let file = salon.folder().join(salon.files().first().unwrap());
    // A folder can't be deleted as a file can.
    let aside = salon.folder().join("aside");
    fs::rename(&file, &aside).unwrap();
    fs::create_dir_all(file.join("x")).unwrap();
    let output = salon.run("photos sweep", &[]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let failed = "1 steps failed and will be tried by the next sweep".to_owned();
    assert!(lines(&output).contains(&failed), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains(" of user c1: "), "{output:?}");
    assert_eq!(salon.records().await, ["c1 doomed"]);

    fs::remove_dir_all(&file).unwrap();
    fs::rename(&aside, &file).unwrap();
    salon.age_records().await;
    assert_eq!(salon.succeed("photos sweep", &[]), [&shown(0), "1 photos that nothing shows were removed"]);
    assert_eq!((salon.files().len(), salon.records().await.len()), (0, 0));
}
