//! `crm photos reprocess`.

use std::fs;

use crate::picture::{dimensions, jpeg};
use crate::salon::{Salon, lines, thumbnail};

fn sizes(salon: &Salon, url: &str) -> [Option<(u16, u16)>; 2] {
    [url.to_owned(), thumbnail(url)].map(|url| dimensions(&fs::read(salon.file(&url)).unwrap()))
}

fn made_anew(changed: usize, unchanged: usize, failed: usize) -> String {
    format!("{changed} photos made anew, {unchanged} left as they are, {failed} failed")
}

#[tokio::test(flavor = "multi_thread")]
async fn photos_become_smaller_under_a_new_address_and_only_once() {
    let salon = Salon::with_clients(2).await;
    let urls = salon.upload(&[jpeg(800, 600, 90), jpeg(200, 100, 91)]).await;
    assert_eq!(sizes(&salon, &urls[0]), [Some((512, 384)), Some((96, 96))]);
    assert_eq!(salon.succeed("photos reprocess", &[]), [made_anew(0, 2, 0)]);

    let smaller = [("CRM_PHOTO_PIXELS", "256")];
    assert_eq!(salon.succeed("photos reprocess", &smaller), [made_anew(1, 1, 0)]);
    let shown: Vec<_> = salon.shown().await.into_iter().flatten().collect();
    assert_ne!(shown[0], urls[0]);
    assert_eq!(shown[1], urls[1]);
    assert_eq!(sizes(&salon, &shown[0]), [Some((256, 192)), Some((96, 96))]);
    assert_eq!(salon.files(), salon.files_of(&shown), "the old ones are gone");
    assert_eq!(salon.records().await, ["c1 kept", "c2 kept"]);

    assert_eq!(salon.succeed("photos reprocess", &smaller), [made_anew(0, 2, 0)]);
    assert_eq!(salon.succeed("photos reprocess", &[]), [made_anew(0, 2, 0)], "nothing grows");
    assert_eq!(salon.shown().await.into_iter().flatten().collect::<Vec<_>>(), shown);
}

#[tokio::test(flavor = "multi_thread")]
async fn thumbnails_are_made_anew_when_their_size_changes_or_they_are_lost() {
    let salon = Salon::with_clients(2).await;
    let urls = salon.upload(&[jpeg(800, 600, 90), jpeg(200, 100, 91)]).await;
    fs::remove_file(salon.file(&thumbnail(&urls[0]))).unwrap();
    let swept = salon.succeed("photos sweep", &[]);
    assert_eq!(swept[1], "1 shown photos have no thumbnail; `crm photos reprocess` makes them");
    assert_eq!(salon.succeed("photos reprocess", &[]), [made_anew(1, 1, 0)]);
    assert_eq!(salon.files().len(), 4);

    assert_eq!(salon.succeed("photos reprocess", &[("CRM_PHOTO_THUMBNAIL_PIXELS", "64")]), [made_anew(2, 0, 0)]);
    let shown: Vec<_> = salon.shown().await.into_iter().flatten().collect();
    assert_eq!(sizes(&salon, &shown[0]), [Some((512, 384)), Some((64, 64))]);
    assert_eq!(sizes(&salon, &shown[1]), [Some((200, 100)), Some((64, 64))]);
    assert_eq!(salon.files(), salon.files_of(&shown));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_can_not_be_read_stays_as_it_is_and_fails_the_command() {
    let salon = Salon::with_clients(3).await;
    let urls = salon.upload(&[jpeg(800, 600, 90), jpeg(800, 600, 91), jpeg(800, 600, 92)]).await;
    fs::remove_file(salon.file(&urls[0])).unwrap();
    fs::write(salon.file(&urls[1]), b"damaged").unwrap();
    let output = salon.run("photos reprocess", &[("CRM_PHOTO_PIXELS", "256")]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let advice = "What failed is left as it was. Run the command again to try again.".to_owned();
    assert_eq!(lines(&output), [made_anew(1, 0, 2), advice]);
    let complaints = String::from_utf8(output.stderr).unwrap();
    assert!(complaints.contains(" of user c1: ") && complaints.contains(" of user c2: "), "{complaints}");
    assert_eq!(salon.shown().await[..2], [Some(urls[0].clone()), Some(urls[1].clone())]);
    assert_eq!(fs::read(salon.file(&urls[1])).unwrap(), b"damaged");
}
