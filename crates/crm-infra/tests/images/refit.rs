//! Kept photos are brought to the sizes of today.

use crm_domain::photo::{KeptPhoto, PhotoProcessor, PhotoRejection, ProcessedPhoto, ProcessingError};
use crm_infra::{ImageProcessor, PhotoSizes};

use crate::support::{DRAWING, Picture, fixture, processed};

const FULL: u32 = 90;
const THUMBNAIL: u32 = 40;

/// The drawing of 96 by 64 pixels, with a thumbnail of 96.
async fn kept() -> KeptPhoto {
    let ProcessedPhoto { full, thumbnail, .. } = processed("420.jpg", fixture("420.jpg")).await;
    KeptPhoto { full, thumbnail: Some(thumbnail) }
}

async fn refitted(kept: KeptPhoto, full: u32, thumbnail: u32) -> Option<ProcessedPhoto> {
    ImageProcessor::new(PhotoSizes { full, thumbnail }, 1).refit(kept).await.unwrap()
}

#[tokio::test]
async fn a_photo_of_the_right_sizes_is_left_alone() {
    for full in [96, 97, 512] {
        assert_eq!(refitted(kept().await, full, 96).await, None, "{full}");
    }
}

#[tokio::test]
async fn a_picture_larger_than_wanted_is_made_anew() {
    let photo = refitted(kept().await, FULL, 96).await.unwrap();
    assert_eq!((photo.width, photo.height), (90, 60));
    Picture::decode(&photo.full).assert_shows("smaller", DRAWING);
    assert_eq!(Picture::decode(&photo.thumbnail).size(), (96, 96));
    assert_eq!(refitted(KeptPhoto { full: photo.full, thumbnail: Some(photo.thumbnail) }, FULL, 96).await, None, "again");
}

#[tokio::test]
async fn another_thumbnail_leaves_the_picture_byte_for_byte() {
    for wanted in [THUMBNAIL, 120] {
        let kept = kept().await;
        let photo = refitted(kept.clone(), 512, wanted).await.unwrap();
        assert_eq!(photo.full, kept.full);
        assert_eq!((photo.width, photo.height), (96, 64));
        let side = wanted as usize;
        assert_eq!(Picture::decode(&photo.thumbnail).size(), (side, side));
    }
}

#[tokio::test]
async fn a_lost_or_unreadable_thumbnail_is_made() {
    let kept = kept().await;
    let not_square = Some(kept.full.clone());
    for thumbnail in [None, Some(Vec::new()), Some(b"no JPEG".to_vec()), not_square] {
        let photo = refitted(KeptPhoto { full: kept.full.clone(), thumbnail }, 512, 96).await.unwrap();
        assert_eq!(photo.full, kept.full);
        assert_eq!(Picture::decode(&photo.thumbnail).size(), (96, 96));
    }
}

#[tokio::test]
async fn a_kept_picture_that_is_unreadable_is_rejected() {
    let processor = ImageProcessor::new(PhotoSizes::default(), 1);
    let half = kept().await.full[..300].to_vec();
    for full in [Vec::new(), b"no JPEG".to_vec(), fixture("16-bit.png"), half] {
        let answer = processor.refit(KeptPhoto { full, thumbnail: None }).await;
        assert!(matches!(answer, Err(ProcessingError::Rejected(PhotoRejection::Unreadable))), "{answer:?}");
    }
}
