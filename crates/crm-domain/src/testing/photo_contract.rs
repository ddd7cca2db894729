//! What every adapter of the [`PhotoStore`] must do, as tests.
//!
//! An adapter implements [`PhotoStoreHarness`] and calls
//! [`photo_store_contract_tests!`](crate::photo_store_contract_tests) once per kind of store, in a module of its own.
//! A new contract is added to the list in the macro; a test of this crate fails if it is not.
#![expect(missing_docs, reason = "the name of a contract says what it asks for")]

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures_util::future::{join, join_all};
use futures_util::stream::TryStreamExt as _;

use crate::ids::{TenantId, UserId};
use crate::photo::{Listing, PhotoId, PhotoKey, PhotoStore};
use crate::value::{PhotoHash, PhotoSize};

/// What an adapter gives the suite: a new, empty store.
#[async_trait]
pub trait PhotoStoreHarness: Send + Sync {
    /// The store under test.
    fn store(&self) -> Arc<dyn PhotoStore>;

    /// Stores an object under any name, as another application would.
    async fn put_foreign(&self, name: &str, bytes: &[u8]);

    /// The names of all objects, ours and others.
    async fn names(&self) -> BTreeSet<String>;
}

/// One test per contract, run by the `tokio` of the calling crate (with its features `macros` and `rt-multi-thread`).
///
/// The argument is an async expression that makes a fresh
/// [`PhotoStoreHarness`](crate::testing::photo_contract::PhotoStoreHarness).
#[macro_export]
macro_rules! photo_store_contract_tests {
    // Every contract. This is the only list.
    (@all $then:ident $($harness:expr)?) => {
        $crate::photo_store_contract_tests! {
            @$then $($harness)?;
            a_store_that_works_answers,
            a_photo_is_opened_as_it_was_put_whatever_its_length,
            a_photo_of_three_megabytes_comes_in_order_and_with_its_length,
            a_photo_that_was_never_put_is_missing,
            a_photo_is_put_again_and_again,
            many_photos_are_put_at_once,
            a_photo_that_is_being_put_is_there_whole_or_not_at_all,
            a_deleted_photo_is_missing_and_deleting_it_again_succeeds,
            the_sizes_the_users_and_the_tenants_do_not_mix,
            every_put_and_delete_is_listed_at_once_with_its_length,
            a_photo_is_listed_as_stored_when_it_was_last_put,
            an_empty_store_has_no_tenants_and_lists_nothing,
            more_photos_are_listed_than_fit_on_a_page,
            foreign_names_are_counted_and_left_alone,
            names_that_can_not_be_a_tenant_are_no_tenant,
            removing_leftovers_removes_no_photo,
        }
    };
    // The contracts by name.
    (@names; $($contract:ident,)+) => {
        [$(stringify!($contract)),+]
    };
    (@tests $harness:expr; $($contract:ident,)+) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $contract() {
            $crate::testing::photo_contract::$contract(&$harness).await;
        }
    )+};
    ($harness:expr) => {
        $crate::photo_store_contract_tests! { @all tests $harness }
    };
}

fn tenant(id: &str) -> TenantId {
    TenantId::from_stored(id)
}

/// Photo `number` of a user.
fn photo_of(user: &str, number: usize) -> PhotoId {
    PhotoId { user: UserId::from_stored(user), hash: PhotoHash::of(&[&number.to_be_bytes()]) }
}

/// Where photo `number` of user `u1` is kept.
fn key(tenant_id: &str, number: usize) -> PhotoKey {
    key_of(tenant_id, "u1", number, PhotoSize::Full)
}

fn key_of(tenant_id: &str, user: &str, number: usize, size: PhotoSize) -> PhotoKey {
    photo_of(user, number).key(&tenant(tenant_id), size).unwrap()
}

/// Bytes that differ from stretch to stretch, so that one out of place is noticed.
fn noise(length: usize) -> Vec<u8> {
    let scrambled = |number: u32| (number.wrapping_mul(2_654_435_761) >> 8).to_be_bytes();
    (0..).flat_map(scrambled).take(length).collect()
}

async fn read(store: &dyn PhotoStore, key: &PhotoKey) -> Option<Vec<u8>> {
    Some(store.open(key).await.unwrap()?.collect().await.unwrap())
}

/// Asserts what is there under a key, by every way of asking.
async fn assert_holds(store: &dyn PhotoStore, key: &PhotoKey, expected: Option<&[u8]>) {
    assert_eq!(store.size(key).await.unwrap(), expected.map(|bytes| bytes.len() as u64), "{key}");
    let found = read(store, key).await;
    assert!(found.as_deref() == expected, "{key}: {:?} bytes", found.map(|bytes| bytes.len()));
}

/// What is listed: photo, size and length.
fn listed(listing: &Listing) -> BTreeSet<(PhotoId, bool, u64)> {
    let objects: BTreeSet<_> =
        listing.objects.iter().map(|object| (object.photo.clone(), object.size == PhotoSize::Full, object.bytes)).collect();
    assert_eq!(objects.len(), listing.objects.len(), "listed twice");
    objects
}

async fn tenants(store: &dyn PhotoStore) -> BTreeSet<TenantId> {
    let all = store.tenants().await.unwrap();
    let different: BTreeSet<_> = all.iter().cloned().collect();
    assert_eq!(different.len(), all.len(), "named twice");
    different
}

pub async fn a_store_that_works_answers(harness: &dyn PhotoStoreHarness) {
    let store = harness.store();
    store.ping().await.unwrap();
    store.put(&key("t1", 1), noise(3)).await.unwrap();
    store.ping().await.unwrap();
    assert_eq!(harness.names().await.len(), 1, "asking leaves nothing behind");
}

pub async fn a_photo_is_opened_as_it_was_put_whatever_its_length(harness: &dyn PhotoStoreHarness) {
    let store = harness.store();
    for (number, length) in [1, 2, 4_095, 4_096, 8_192, 100_001].into_iter().enumerate() {
        store.put(&key("t1", number), noise(length)).await.unwrap();
        assert_holds(&*store, &key("t1", number), Some(&noise(length))).await;
    }
}

pub async fn a_photo_of_three_megabytes_comes_in_order_and_with_its_length(harness: &dyn PhotoStoreHarness) {
    let (store, photo) = (harness.store(), noise(3 * 1024 * 1024));
    store.put(&key("t1", 1), photo.clone()).await.unwrap();
    let content = store.open(&key("t1", 1)).await.unwrap().unwrap();
    assert_eq!(content.bytes, photo.len() as u64);
    let chunks: Vec<_> = content.chunks.try_collect().await.unwrap();
    assert!(chunks.concat() == photo, "{} chunks", chunks.len());
}

pub async fn a_photo_that_was_never_put_is_missing(harness: &dyn PhotoStoreHarness) {
    let store = harness.store();
    assert_holds(&*store, &key("t1", 1), None).await;
    store.put(&key("t1", 1), noise(9)).await.unwrap();
    assert_holds(&*store, &key("t1", 2), None).await;
    assert_holds(&*store, &key("t2", 1), None).await;
}

pub async fn a_photo_is_put_again_and_again(harness: &dyn PhotoStoreHarness) {
    let store = harness.store();
    // Other lengths never come from us; whatever a damaged object has, it is replaced as a whole.
    for length in [100, 100, 5_000, 100] {
        store.put(&key("t1", 1), noise(length)).await.unwrap();
        assert_holds(&*store, &key("t1", 1), Some(&noise(length))).await;
    }
    assert_eq!(harness.names().await.len(), 1);
}

pub async fn many_photos_are_put_at_once(harness: &dyn PhotoStoreHarness) {
    let store = harness.store();
    let put = async |number: usize| {
        // Every other one is the same, as when somebody presses the button twice.
        let number = number / 2;
        store.put(&key("t1", number), noise(1_000 + number)).await.unwrap();
        assert_holds(&*store, &key("t1", number), Some(&noise(1_000 + number))).await;
    };
    join_all((0..40).map(put)).await;
    assert_eq!(store.list(&tenant("t1")).await.unwrap().objects.len(), 20);
}

pub async fn a_photo_that_is_being_put_is_there_whole_or_not_at_all(harness: &dyn PhotoStoreHarness) {
    let (store, photo) = (harness.store(), noise(400_000));
    let whole = Some(photo.len() as u64);
    for number in 0..5 {
        let key = key("t1", number);
        let put = async { store.put(&key, photo.clone()).await.unwrap() };
        let look = async || {
            let size = store.size(&key).await.unwrap();
            assert!(size.is_none() || size == whole, "{size:?}");
            let found = read(&*store, &key).await;
            assert!(found.is_none_or(|found| found == photo), "read a part");
        };
        join(put, join_all((0..10).map(|_| look()))).await;
        assert_holds(&*store, &key, Some(&photo)).await;
    }
}

pub async fn a_deleted_photo_is_missing_and_deleting_it_again_succeeds(harness: &dyn PhotoStoreHarness) {
    let store = harness.store();
    store.delete(&key("t1", 1)).await.unwrap();
    for _ in 0..2 {
        store.put(&key("t1", 1), noise(10)).await.unwrap();
        store.put(&key("t1", 2), noise(20)).await.unwrap();
        store.delete(&key("t1", 1)).await.unwrap();
        store.delete(&key("t1", 1)).await.unwrap();
        assert_holds(&*store, &key("t1", 1), None).await;
        assert_holds(&*store, &key("t1", 2), Some(&noise(20))).await;
    }
    assert_eq!(harness.names().await.len(), 1);
}

pub async fn the_sizes_the_users_and_the_tenants_do_not_mix(harness: &dyn PhotoStoreHarness) {
    let store = harness.store();
    let mut keys = Vec::new();
    // Each id is the beginning of another one, since stores find by prefix.
    for tenant in ["t1", "t10", "t1-1"] {
        for user in ["u1", "u10"] {
            keys.extend(PhotoSize::ALL.map(|size| key_of(tenant, user, 1, size)));
        }
    }
    for (number, key) in keys.iter().enumerate() {
        store.put(key, noise(number + 1)).await.unwrap();
    }
    for (number, key) in keys.iter().enumerate() {
        assert_holds(&*store, key, Some(&noise(number + 1))).await;
    }
    assert_eq!(tenants(&*store).await, BTreeSet::from(["t1", "t10", "t1-1"].map(tenant)));
    for (nth, of) in ["t1", "t10", "t1-1"].into_iter().enumerate() {
        let first = nth as u64 * 4;
        let expected = [("u1", true, 1), ("u1", false, 2), ("u10", true, 3), ("u10", false, 4)];
        let expected = expected.map(|(user, is_full, number)| (photo_of(user, 1), is_full, first + number));
        let listing = store.list(&tenant(of)).await.unwrap();
        assert_eq!((listed(&listing), listing.foreign), (BTreeSet::from(expected), 0), "{of}");
    }
    assert_eq!(harness.names().await.len(), keys.len());
}

pub async fn every_put_and_delete_is_listed_at_once_with_its_length(harness: &dyn PhotoStoreHarness) {
    let store = harness.store();
    let mut expected = BTreeSet::new();
    for number in 1..=20 {
        store.put(&key("t1", number), noise(number)).await.unwrap();
        expected.insert((photo_of("u1", number), true, number as u64));
        if number % 3 == 0 {
            store.delete(&key("t1", number - 1)).await.unwrap();
            expected.remove(&(photo_of("u1", number - 1), true, number as u64 - 1));
        }
        assert_eq!(listed(&store.list(&tenant("t1")).await.unwrap()), expected);
    }
}

pub async fn a_photo_is_listed_as_stored_when_it_was_last_put(harness: &dyn PhotoStoreHarness) {
    let store = harness.store();
    let modified = async |number| -> DateTime<Utc> {
        let listing = store.list(&tenant("t1")).await.unwrap();
        listing.objects.into_iter().find(|object| object.photo == photo_of("u1", number)).unwrap().modified
    };
    store.put(&key("t1", 1), noise(1)).await.unwrap();
    let first = modified(1).await;
    assert!(first > DateTime::UNIX_EPOCH);
    store.put(&key("t1", 2), noise(1)).await.unwrap();
    assert!(modified(2).await >= first);
    assert_eq!(modified(1).await, first);
    store.put(&key("t1", 1), noise(1)).await.unwrap();
    assert!(modified(1).await >= modified(2).await);
}

pub async fn an_empty_store_has_no_tenants_and_lists_nothing(harness: &dyn PhotoStoreHarness) {
    let store = harness.store();
    assert_eq!(tenants(&*store).await, BTreeSet::new());
    assert_eq!(store.list(&tenant("t1")).await.unwrap(), Listing::default());
}

pub async fn more_photos_are_listed_than_fit_on_a_page(harness: &dyn PhotoStoreHarness) {
    // S3 lists a thousand at a time.
    const COUNT: usize = 1_030;
    let store = harness.store();
    let put = async |number| harness.put_foreign(key("t1", number).as_str(), b"jpeg").await;
    for first in (0..COUNT).step_by(103) {
        join_all((first..first + 103).map(put)).await;
    }
    let expected: BTreeSet<_> = (0..COUNT).map(|number| (photo_of("u1", number), true, 4)).collect();
    assert_eq!(listed(&store.list(&tenant("t1")).await.unwrap()), expected);
}

pub async fn foreign_names_are_counted_and_left_alone(harness: &dyn PhotoStoreHarness) {
    let store = harness.store();
    let hash = "0a".repeat(32);
    let foreign = [
        "t1/readme.txt".to_owned(),
        format!("t1/{hash}.jpg"),
        "t1/u1/foto.jpg".to_owned(),
        format!("t1/u1/{hash}.png"),
        format!("t1/u1/{hash}"),
        format!("t1/u1/{}.jpg", hash.to_uppercase()),
        format!("t1/u1/{}.jpg", &hash[2..]),
        format!("t1/u1/{hash}-small.jpg"),
        format!("t1/u1/{hash}.jpg.bak"),
        format!("t1/u1/album/{hash}.jpg"),
        format!("t1/u.1/{hash}.jpg"),
        "t1/u1/foto de Begoña, 100%.jpg".to_owned(),
        "t1/u1/foto.jpg#copia".to_owned(),
    ];
    for name in &foreign {
        harness.put_foreign(name, b"something").await;
    }
    harness.put_foreign("t2/readme.txt", b"something").await;
    let before = harness.names().await;
    store.put(&key("t1", 1), noise(7)).await.unwrap();

    let listing = store.list(&tenant("t1")).await.unwrap();
    assert_eq!(listed(&listing), BTreeSet::from([(photo_of("u1", 1), true, 7)]));
    assert_eq!(listing.foreign, foreign.len() as u64);
    store.delete(&key("t1", 1)).await.unwrap();
    store.remove_leftovers(DateTime::<Utc>::MAX_UTC).await.unwrap();
    assert_eq!(harness.names().await, before);
}

pub async fn names_that_can_not_be_a_tenant_are_no_tenant(harness: &dyn PhotoStoreHarness) {
    let store = harness.store();
    for name in ["lost+found/readme.txt", "t.1/u1/readme.txt", "Peluquería/readme.txt", "readme.txt"] {
        harness.put_foreign(name, b"something").await;
    }
    store.put(&key("t1", 1), noise(1)).await.unwrap();
    assert_eq!(tenants(&*store).await, BTreeSet::from([tenant("t1")]));
}

pub async fn removing_leftovers_removes_no_photo(harness: &dyn PhotoStoreHarness) {
    let store = harness.store();
    store.put(&key("t1", 1), noise(10)).await.unwrap();
    assert_eq!(store.remove_leftovers(DateTime::<Utc>::MAX_UTC).await.unwrap(), 0);
    assert_holds(&*store, &key("t1", 1), Some(&noise(10))).await;
}
