use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use crm_domain::access::{Actor, Role};
use crm_domain::clock::Clock;
use crm_domain::error::CrmError;
use crm_domain::ids::{ProfileId, UserId};
use crm_domain::photo::{PhotoId, PhotoRecord, PhotoService, PhotoState, PhotoStore, PhotoSweep, SweepOptions, SweepReport};
use crm_domain::ports::Ports;
use crm_domain::progress::Unwatched;
use crm_domain::store::{Repositories, Store};
use crm_domain::testing::fixtures::{actor_in, tenant};
use crm_domain::testing::{FixedClock, SequentialIds, rows};
use crm_domain::trash::TrashPurge;
use crm_domain::value::{PhotoName, PhotoSize};
use crm_infra::testing::{Faults, FaultyObjects, FaultyStore, TestDatabase};
use crm_infra::{ObjectPhotoStore, SeaStore};
use futures_util::TryStreamExt as _;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore as _, ObjectStoreExt as _};

use crate::acts::{Act, Photo, Sight};
use crate::pictures::{Picture, Processor};

/// Long after whatever the object store's own clock says, so that no object is too young to judge.
const NOW: &str = "2126-02-01T12:00:00Z";
/// Longer than any grace.
pub(crate) const A_LONG_TIME: TimeDelta = TimeDelta::hours(25);

/// How many clients there are, with users `u0`, `u1`, ….
pub(crate) const CLIENTS: usize = 5;

/// Everything that photos need, over a real database, with objects in memory and faults in between.
pub(crate) struct World {
    database: TestDatabase,
    store: Arc<dyn Store>,
    objects: Arc<InMemory>,
    pub(crate) faults: Faults,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) processor: Arc<Processor>,
    ids: Arc<SequentialIds>,
}

pub(crate) fn admin() -> Actor {
    actor_in("t1", "staff", Role::Admin)
}

pub(crate) fn user(number: usize) -> UserId {
    UserId::from_stored(format!("u{number}"))
}

impl World {
    pub(crate) async fn over(mut database: TestDatabase) -> Self {
        database.hurry().await;
        let mut people = vec![rows::tenant("t1"), rows::user("staff").with("role", "ADMIN")];
        people.extend((0..CLIENTS).map(|number| rows::user(user(number).as_str())));
        for row in people {
            database.execute(&row.to_string()).await;
        }
        Self {
            store: Arc::new(SeaStore::new(database.database().clone())),
            database,
            objects: Arc::default(),
            faults: Faults::default(),
            clock: Arc::new(FixedClock::at(NOW)),
            processor: Arc::default(),
            ids: Arc::default(),
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.database.database().is_sqlite()
    }

    pub(crate) fn ports(&self) -> Ports {
        let store = FaultyStore::over(Arc::clone(&self.store), self.faults.clone());
        Ports { store: Arc::new(store), clock: Arc::clone(&self.clock) as _, ids: Arc::clone(&self.ids) as _ }
    }

    pub(crate) fn photos(&self) -> Arc<dyn PhotoStore> {
        let objects = FaultyObjects::over(Arc::clone(&self.objects) as _, self.faults.clone());
        Arc::new(ObjectPhotoStore::over(Arc::new(objects)))
    }

    pub(crate) fn processor(&self) -> Arc<Processor> {
        Arc::clone(&self.processor)
    }

    pub(crate) fn read(&self) -> Box<dyn Repositories> {
        self.store.read(admin().scope())
    }

    /// The profile of a user, or an id that nobody has.
    pub(crate) async fn profile_id(&self, user: &UserId) -> ProfileId {
        let profile = self.read().profiles().find_by_user(user).await.unwrap();
        profile.map_or_else(|| ProfileId::from_stored("nobody"), |profile| profile.id)
    }

    /// Nobody has a profile or a photo, and nothing fails.
    pub(crate) async fn reset(&self) {
        self.faults.clear();
        self.clock.set(NOW);
        self.processor.set(0);
        self.database
            .execute(
                "DELETE FROM crm_trash_rows; DELETE FROM crm_trash; DELETE FROM crm_photos; DELETE FROM client_profiles",
            )
            .await;
        for name in self.objects().await.into_keys() {
            self.objects.delete(&Path::from(name)).await.unwrap();
        }
    }

    /// Lets a client be seen like this.
    pub(crate) async fn arrange(&self, user: &UserId, sight: Sight) {
        if sight.has_profile {
            Act::CreateProfile(None).perform(self, user).await.unwrap();
        }
        match sight.photo {
            Photo::None => {}
            Photo::Ours(picture) => Act::Upload(picture.of).perform(self, user).await.unwrap(),
            Photo::Elsewhere => Act::ShowElsewhere.perform(self, user).await.unwrap(),
        }
        assert_eq!(self.sight(user).await, sight);
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, time: TimeDelta) {
        self.clock.set(&(self.clock.now() + time).to_rfc3339());
    }

    /// Puts an object in the place of any there is; `None` leaves none.
    pub(crate) async fn put(&self, id: &PhotoId, size: PhotoSize, bytes: Option<&[u8]>) {
        let path = Path::from(id.key(&tenant(), size).unwrap().as_str());
        // Deleting what is missing fails.
        drop(self.objects.delete(&path).await);
        if let Some(bytes) = bytes {
            self.objects.put(&path, bytes.to_vec().into()).await.unwrap();
        }
    }

    /// Puts a record in the place of any there is; `None` leaves none.
    pub(crate) async fn put_record(&self, id: &PhotoId, picture: Picture, state: Option<PhotoState>) {
        let unit = self.store.begin(admin().scope()).await.unwrap();
        unit.photos().delete(id).await.unwrap();
        if let Some(state) = state {
            assert!(unit.photos().insert(&self.record(id, picture, state)).await.unwrap());
        }
        unit.commit(Vec::new()).await.unwrap();
    }

    fn record(&self, id: &PhotoId, picture: Picture, state: PhotoState) -> PhotoRecord {
        let photo = picture.processed();
        let (full_bytes, thumbnail_bytes) = (photo.full.len() as u64, photo.thumbnail.len() as u64);
        PhotoRecord { id: id.clone(), state, full_bytes, thumbnail_bytes, changed_at: self.clock.now() }
    }

    /// Every object by its name.
    async fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        let mut objects = BTreeMap::new();
        for object in self.objects.list(None).try_collect::<Vec<_>>().await.unwrap() {
            let bytes = self.objects.get(&object.location).await.unwrap().bytes().await.unwrap();
            objects.insert(object.location.to_string(), bytes.into());
        }
        objects
    }

    /// The pictures that wait for a profile of this user.
    pub(crate) async fn waiting(&self, user: &UserId) -> Vec<Picture> {
        let records = self.read().photos().list_of(user).await.unwrap();
        let kept = records.into_iter().filter(|record| record.state == PhotoState::Kept);
        kept.map(|record| Picture::named(&record.id.hash)).collect()
    }

    /// What is seen of a client.
    pub(crate) async fn sight(&self, user: &UserId) -> Sight {
        let profile = self.read().profiles().find_by_user(user).await.unwrap();
        let has_profile = profile.is_some();
        let photo = match profile {
            None => self.waiting(user).await.pop().map_or(Photo::None, Photo::Ours),
            Some(profile) => match (PhotoId::shown_by(&profile), profile.details.profile_photo_url) {
                (Some(id), _) => Photo::Ours(Picture::named(&id.hash)),
                (None, Some(_)) => Photo::Elsewhere,
                (None, None) => Photo::None,
            },
        };
        Sight { has_profile, photo }
    }

    /// Asserts that what is seen of a client is one of these and, if it is a picture of ours, comes whole in both sizes.
    pub(crate) async fn assert_sees(&self, user: &UserId, expected: &[Sight], context: &str) -> Sight {
        let sight = self.sight(user).await;
        assert!(expected.contains(&sight), "{context}: sees {sight:?} and not one of {expected:?}");
        if let Photo::Ours(picture) = sight.photo {
            self.assert_opens(user, picture, context).await;
        }
        sight
    }

    pub(crate) async fn assert_opens(&self, user: &UserId, picture: Picture, context: &str) {
        let service = PhotoService::new(self.ports(), self.photos(), self.processor());
        for size in PhotoSize::ALL {
            let name = PhotoName { hash: picture.of_user(user).hash, size };
            let key = service.find(&admin(), user, name).await;
            let key = key.unwrap_or_else(|error| panic!("{context}: {picture:?} {size:?} is not found: {error:?}"));
            let found = service.open(&key).await;
            let found = found.unwrap_or_else(|error| panic!("{context}: {picture:?} {size:?} does not open: {error:?}"));
            let bytes = found.collect().await.unwrap();
            assert_eq!(bytes, picture.processed().bytes(size), "{context}: {picture:?} {size:?} is not whole");
        }
    }

    pub(crate) async fn sweep(&self, options: SweepOptions) -> Result<SweepReport, CrmError> {
        PhotoSweep::new(self.ports(), self.photos()).run(options, &Unwatched).await
    }

    /// Empties the trash and sweeps after every grace is over. Asserts that then there is exactly what profiles show, that sweeping changed
    /// none of that, and that nothing is left to sweep.
    pub(crate) async fn assert_settles(&self, context: &str) {
        let before = self.shown().await;
        self.wait(A_LONG_TIME);
        let purge = TrashPurge::new(self.ports(), self.photos());
        let purged = purge.run(TimeDelta::zero(), &Unwatched).await.unwrap();
        assert_eq!(purged.failed, 0, "{context}");
        let first = self.sweep(SweepOptions::default()).await.unwrap();
        let mended = [first.failed, first.adopted, first.cleared, first.withheld, first.without_thumbnail];
        assert_eq!(mended, [0; 5], "{context}: {first:?}");
        assert_eq!(self.shown().await, before, "{context}: {first:?}");
        self.assert_fits(context).await;
        let second = self.sweep(SweepOptions::default()).await.unwrap();
        let nothing = SweepReport { tenants: second.tenants, shown: second.shown, ..SweepReport::default() };
        assert_eq!(second, nothing, "{context}");
    }

    /// The pictures that profiles show.
    async fn shown(&self) -> Vec<(UserId, Picture)> {
        let shown = self.read().photos().shown().await.unwrap();
        shown.into_iter().map(|id| (id.user.clone(), Picture::named(&id.hash))).collect()
    }

    /// Asserts that objects and records are exactly those of the photos that profiles show.
    async fn assert_fits(&self, context: &str) {
        let (mut objects, mut records) = (BTreeMap::new(), Vec::new());
        for (user, picture) in self.shown().await {
            let id = picture.of_user(&user);
            for size in PhotoSize::ALL {
                let name = id.key(&tenant(), size).unwrap().to_string();
                objects.insert(name, picture.processed().bytes(size).to_vec());
            }
            records.push(self.record(&id, picture, PhotoState::Kept));
        }
        let found = self.objects().await;
        let names = |objects: &BTreeMap<_, Vec<u8>>| objects.keys().cloned().collect::<Vec<String>>();
        assert_eq!(names(&found), names(&objects), "{context}: objects");
        assert!(found == objects, "{context}: some object is not what it should be");
        let found = self.read().photos().list().await.unwrap();
        let any_time = |record| PhotoRecord { changed_at: self.clock.now(), ..record };
        let mut found: Vec<_> = found.into_iter().map(any_time).collect();
        found.sort_by_key(|record| record.id.clone());
        records.sort_by_key(|record| record.id.clone());
        assert_eq!(found, records, "{context}: records");
    }
}
