use super::{ClientNote, NewNote, NoteCounts, NoteFilter, NoteType, NoteUpdate, NoteView};
use crate::access::{Action, Actor};
use crate::audit::{Accountable as _, AuditEntry};
use crate::error::{CrmError, Current, Resource, StoreError};
use crate::ids::{NoteId, ProfileId, TrashId, UserId};
use crate::page::{Page, PageRequest};
use crate::ports::Ports;
use crate::profile::readable_profile;
use crate::store::{Repositories, UnitOfWork};
use crate::trash::TrashItem;
use crate::validation::{Expectation, Reason, Violations};
use crate::version::{Precondition, Updated};

/// Writes, shows, changes and deletes notes.
#[derive(Clone)]
pub struct NoteService {
    ports: Ports,
}

impl NoteService {
    /// Builds the service from its ports.
    pub fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Writes a note on a profile of the tenant.
    ///
    /// The author is the session's user; an administrator may name another user of the tenant.
    pub async fn create(&self, actor: &Actor, new: NewNote) -> Result<NoteView, CrmError> {
        actor.require(Action::CreateNote)?;
        let unit = self.ports.store.begin(actor.scope()).await?;
        let profile = readable_profile(&*unit, actor, Action::CreateNote, &new.profile_id).await?;
        let author = new.author.unwrap_or_else(|| actor.user().clone());
        require_author(&*unit, actor, &author).await?;

        let now = self.ports.clock.now();
        let note = ClientNote {
            id: NoteId::from_stored(self.ports.ids.next_id()),
            profile_id: profile.id,
            author,
            note_type: new.note_type,
            content: new.content,
            is_private: new.is_private,
            created_at: now,
            updated_at: now,
        };
        unit.notes().insert(&note).await.map_err(|error| CrmError::from_insert(error, Resource::Profile))?;
        // Read back rather than assembled, so that the answer is what every other route shows.
        let view = unit.notes().find(&actor.note_visibility(), &note.id).await?;
        unit.commit(vec![AuditEntry::created(actor.principal(), &note)]).await?;
        view.ok_or(CrmError::NotFound(Resource::Note))
    }

    /// A note the actor may read.
    pub async fn get(&self, actor: &Actor, id: &NoteId) -> Result<NoteView, CrmError> {
        let view = readable_note(&*self.ports.store.read(actor.scope()), actor, id).await?;
        account_for_reading(&self.ports, actor, std::slice::from_ref(&view)).await?;
        Ok(view)
    }

    /// Changes the given fields of a note and leaves the others alone.
    ///
    /// Fails with `Stale` if the note is not what the caller saw.
    pub async fn update(&self, actor: &Actor, id: &NoteId, update: NoteUpdate) -> Result<Updated<NoteView>, CrmError> {
        let unit = self.ports.store.begin(actor.scope()).await?;
        let view = readable_note(&*unit, actor, id).await?;
        actor.require_on_note(Action::UpdateNote, &view.note)?;
        let (update, merged) = match update.reconcile(&view.note) {
            Ok(reconciled) => reconciled,
            Err(differing) => return Err(self.stale(unit, actor, differing, view).await?),
        };

        let after = update.apply_to(&view.note, self.ports.clock.now())?;
        if after.is_private != view.note.is_private {
            actor.require_on_note(Action::ChangeNotePrivacy, &view.note)?;
        }
        let entries = if after == view.note {
            // The answer shows the note all the same.
            readings(&self.ports, actor, std::slice::from_ref(&view))
        } else {
            if !unit.notes().update(&view.note, &after).await? {
                return Err(CrmError::NotFound(Resource::Note));
            }
            vec![AuditEntry::updated(actor.principal(), &view.note, &after)]
        };
        if !entries.is_empty() {
            unit.commit(entries).await?;
        }
        Ok(Updated { item: NoteView { note: after, ..view }, merged })
    }

    /// Puts a note into the trash, and answers where to find it there.
    ///
    /// Fails with `Stale` if the note is not what the caller saw.
    pub async fn delete(&self, actor: &Actor, id: &NoteId, precondition: &Precondition) -> Result<TrashId, CrmError> {
        let unit = self.ports.store.begin(actor.scope()).await?;
        let view = readable_note(&*unit, actor, id).await?;
        actor.require_on_note(Action::DeleteNote, &view.note)?;
        if let Err(differing) = precondition.check(&view.note) {
            return Err(self.stale(unit, actor, differing, view).await?);
        }
        let (by, now) = (actor.principal(), self.ports.clock.now());
        let trash_id = TrashId::from_stored(self.ports.ids.next_id());
        let item = TrashItem::of(trash_id, by, now, &view.note, &view.profile.user_id);
        let contents = unit.trash().put(&item).await?;
        if !unit.notes().delete(id).await? {
            return Err(CrmError::NotFound(Resource::Note));
        }
        unit.commit(contents.deleted(by, now)).await?;
        Ok(item.id)
    }

    /// The notes of the tenant that the actor may read, newest first.
    pub async fn list(&self, actor: &Actor, filter: &NoteFilter, page: &PageRequest) -> Result<Page<NoteView>, CrmError> {
        actor.require(Action::ListNotes)?;
        let found = self.ports.store.read(actor.scope()).notes().list(&actor.note_visibility(), filter, page).await?;
        account_for_reading(&self.ports, actor, &found.items).await?;
        Ok(found)
    }

    /// How many notes on a profile the actor may read. Counting them is no reading.
    pub async fn counts(&self, actor: &Actor, profile: &ProfileId) -> Result<NoteCounts, CrmError> {
        let read = self.ports.store.read(actor.scope());
        let profile = readable_profile(&*read, actor, Action::ListNotes, profile).await?;
        let of_profile = NoteFilter { profile: Some(profile.id), ..NoteFilter::default() };
        let by_type = read.notes().count_by_type(&actor.note_visibility(), &of_profile).await?;
        Ok(NoteCounts { by_type: by_type.into_iter().collect() })
    }

    /// Shows the caller what they did not see, which is a reading.
    async fn stale(
        &self,
        unit: Box<dyn UnitOfWork>,
        actor: &Actor,
        differing: Vec<&'static str>,
        view: NoteView,
    ) -> Result<CrmError, StoreError> {
        unit.commit(readings(&self.ports, actor, std::slice::from_ref(&view))).await?;
        Ok(CrmError::stale(differing, Current::Note(view)))
    }
}

/// Accounts for the MEDICAL notes among those that are about to be shown. If that fails, they are not shown.
pub(crate) async fn account_for_reading(ports: &Ports, actor: &Actor, shown: &[NoteView]) -> Result<(), StoreError> {
    let entries = readings(ports, actor, shown);
    if entries.is_empty() {
        return Ok(());
    }
    ports.store.begin(actor.scope()).await?.commit(entries).await
}

fn readings(ports: &Ports, actor: &Actor, shown: &[NoteView]) -> Vec<AuditEntry> {
    let medical = shown.iter().filter(|view| view.note.note_type == NoteType::Medical);
    let now = ports.clock.now();
    medical.map(|view| AuditEntry::read(actor.principal(), now, view.note.subject())).collect()
}

async fn readable_note(repositories: &dyn Repositories, actor: &Actor, id: &NoteId) -> Result<NoteView, CrmError> {
    repositories.notes().find(&actor.note_visibility(), id).await?.ok_or(CrmError::NotFound(Resource::Note))
}

/// Nobody writes in another's name, but an administrator in that of a user of the tenant.
async fn require_author(repositories: &dyn Repositories, actor: &Actor, author: &UserId) -> Result<(), CrmError> {
    let refused = |reason| CrmError::from(Violations::one("createdByUserId", reason));
    actor.may_write_as(author).map_err(refused)?;
    if author == actor.user() || repositories.directory().find_user(author).await?.is_some() {
        return Ok(());
    }
    Err(refused(Reason::Expected(Expectation::TenantUser)))
}
