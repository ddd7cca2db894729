use futures_util::stream::{self, StreamExt as _};

use super::*;

#[test]
fn ids_that_could_leave_the_folder_have_no_key() {
    let name: PhotoName = format!("{}.jpg", "0".repeat(64)).parse().unwrap();
    let tenant = TenantId::from_stored("t1");
    assert!(PhotoKey::new(&tenant, &UserId::from_stored("u1"), &name).is_some());
    for hostile in ["..", "a/b", "", "a\\b"] {
        assert_eq!(PhotoKey::new(&tenant, &UserId::from_stored(hostile), &name), None);
        assert_eq!(PhotoKey::new(&TenantId::from_stored(hostile), &UserId::from_stored("u1"), &name), None);
    }
}

/// What comes of a photo of four bytes that arrives in these chunks; `None` is an error.
async fn collected(chunks: &[Option<&'static [u8]>]) -> Result<Vec<u8>, StoreError> {
    let broken = || StoreError::Unavailable("the connection broke".into());
    let chunks: Vec<_> = chunks.iter().map(|chunk| chunk.map(Bytes::from_static).ok_or_else(broken)).collect();
    PhotoContent { bytes: 4, chunks: stream::iter(chunks).boxed() }.collect().await
}

#[tokio::test]
async fn a_photo_that_comes_whole_is_collected_in_order() {
    for chunks in [&[Some(&b"jpeg"[..])][..], &[Some(b"j"), Some(b""), Some(b"pe"), Some(b"g")]] {
        assert_eq!(collected(chunks).await.unwrap(), b"jpeg");
    }
}

#[tokio::test]
async fn a_photo_that_is_cut_short_too_long_or_broken_off_is_none() {
    for chunks in [
        &[][..],
        &[Some(&b"jpe"[..])],
        &[Some(b"jpeg"), Some(b"s")],
        &[Some(b"jp"), None, Some(b"eg")],
        &[Some(b"jpeg"), None],
    ] {
        let refused = collected(chunks).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{chunks:?}: {refused:?}");
    }
}
