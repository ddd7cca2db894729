use std::collections::HashSet;
use std::hash::Hash;

use super::{
    ClientPreferences, CommunicationPreference, MAX_PREFERRED, NewPreferences, PreferencesPatch, PreferencesUpdate,
    ReminderTime,
};
use crate::access::{Action, Actor};
use crate::audit::AuditEntry;
use crate::error::{CrmError, Current, Resource};
use crate::ids::{PreferencesId, ProfileId, TrashId, UserId};
use crate::ports::Ports;
use crate::profile::readable_profile;
use crate::store::Repositories;
use crate::trash::TrashItem;
use crate::validation::{Reason, Violations};
use crate::version::{Precondition, Updated};

/// Sets, shows, changes and deletes preferences.
#[derive(Clone)]
pub struct PreferencesService {
    ports: Ports,
}

impl PreferencesService {
    /// Builds the service from its ports.
    pub fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Sets the preferences of a profile that has none.
    pub async fn create(&self, actor: &Actor, new: NewPreferences) -> Result<ClientPreferences, CrmError> {
        actor.require(Action::CreatePreferences)?;
        let unit = self.ports.store.begin(actor.scope()).await?;
        let profile = readable_profile(&*unit, actor, Action::CreatePreferences, &new.profile_id).await?;

        let now = self.ports.clock.now();
        let mut preferences = ClientPreferences {
            id: PreferencesId::from_stored(self.ports.ids.next_id()),
            profile_id: profile.id,
            services: Vec::new(),
            staff: Vec::new(),
            communication: CommunicationPreference::default(),
            reminder: ReminderTime::default(),
            special_requests: None,
            created_at: now,
            updated_at: now,
        };
        check_lists(&*unit, &preferences, &new.details, new.mistakes).await?;
        new.details.apply(&mut preferences);
        unit.preferences().insert(&preferences).await.map_err(|error| CrmError::from_insert(error, Resource::Profile))?;
        unit.commit(vec![AuditEntry::created(actor.principal(), &preferences)]).await?;
        Ok(preferences)
    }

    /// Preferences by their id.
    pub async fn get(&self, actor: &Actor, id: &PreferencesId) -> Result<ClientPreferences, CrmError> {
        let read = self.ports.store.read(actor.scope());
        permitted(&*read, actor, Action::ReadPreferences, id).await.map(|(preferences, _)| preferences)
    }

    /// The preferences of a profile; `None` if the profile has none.
    pub async fn get_by_profile(&self, actor: &Actor, profile: &ProfileId) -> Result<Option<ClientPreferences>, CrmError> {
        let read = self.ports.store.read(actor.scope());
        let profile = readable_profile(&*read, actor, Action::ReadPreferences, profile).await?;
        Ok(read.preferences().find_by_profile(&profile.id).await?)
    }

    /// Changes the given fields and leaves the others alone.
    ///
    /// Fails with `Stale` if the preferences are not what the caller saw.
    pub async fn update(
        &self,
        actor: &Actor,
        id: &PreferencesId,
        update: PreferencesUpdate,
    ) -> Result<Updated<ClientPreferences>, CrmError> {
        let unit = self.ports.store.begin(actor.scope()).await?;
        let (before, _) = permitted(&*unit, actor, Action::UpdatePreferences, id).await?;
        let reconciled = update.reconcile(&before);
        let stale = |differing| CrmError::stale(differing, Current::Preferences(before.clone()));
        let (update, merged) = reconciled.map_err(stale)?;
        let mut mistakes = update.mistakes;
        update.echo.check(&before, &mut mistakes);
        check_lists(&*unit, &before, &update.patch, mistakes).await?;

        let mut after = before.clone();
        update.patch.apply(&mut after);
        if after != before {
            after.updated_at = crate::clock::after(before.updated_at, self.ports.clock.now());
            if !unit.preferences().update(&before, &after).await? {
                return Err(CrmError::NotFound(Resource::Preferences));
            }
            unit.commit(vec![AuditEntry::updated(actor.principal(), &before, &after)]).await?;
        }
        Ok(Updated { item: after, merged })
    }

    /// Puts preferences into the trash, and answers where to find them there; the profile then has the defaults again.
    ///
    /// Fails with `Stale` if the preferences are not what the caller saw.
    pub async fn delete(&self, actor: &Actor, id: &PreferencesId, precondition: &Precondition) -> Result<TrashId, CrmError> {
        let unit = self.ports.store.begin(actor.scope()).await?;
        let (preferences, owner) = permitted(&*unit, actor, Action::DeletePreferences, id).await?;
        let stale = |differing| CrmError::stale(differing, Current::Preferences(preferences.clone()));
        precondition.check(&preferences).map_err(stale)?;
        let (by, now) = (actor.principal(), self.ports.clock.now());
        let trash_id = TrashId::from_stored(self.ports.ids.next_id());
        let item = TrashItem::of(trash_id, by, now, &preferences, &owner);
        let contents = unit.trash().put(&item).await?;
        if !unit.preferences().delete(id).await? {
            return Err(CrmError::NotFound(Resource::Preferences));
        }
        unit.commit(contents.deleted(by, now)).await?;
        Ok(item.id)
    }
}

async fn permitted(
    repositories: &dyn Repositories,
    actor: &Actor,
    action: Action,
    id: &PreferencesId,
) -> Result<(ClientPreferences, UserId), CrmError> {
    let found = repositories.preferences().find(id).await?;
    let (preferences, owner) = found.ok_or(CrmError::NotFound(Resource::Preferences))?;
    actor.require_on_profile(action, &owner, Resource::Preferences)?;
    Ok((preferences, owner))
}

/// New ids must be the tenant's; ids stored earlier may stay although they no longer exist.
async fn check_lists(
    repositories: &dyn Repositories,
    stored: &ClientPreferences,
    patch: &PreferencesPatch,
    mut violations: Violations,
) -> Result<(), CrmError> {
    let directory = repositories.directory();
    if let Some(services) = patch.services.value() {
        match new_ids(services, &stored.services) {
            Err(reason) => violations.add("preferredServices", reason),
            Ok(new) => {
                let unknown = directory.unknown_services(&new).await?;
                violations.unknown_ids("preferredServices", &unknown);
            }
        }
    }
    if let Some(staff) = patch.staff.value() {
        match new_ids(staff, &stored.staff) {
            Err(reason) => violations.add("preferredStaff", reason),
            Ok(new) => {
                let unknown = directory.unknown_staff(&new).await?;
                violations.unknown_ids("preferredStaff", &unknown);
            }
        }
    }
    Ok(violations.into_result()?)
}

fn new_ids<T: Clone + Eq + Hash>(ids: &[T], stored: &[T]) -> Result<Vec<T>, Reason> {
    if ids.len() > MAX_PREFERRED {
        return Err(Reason::TooMany { max: MAX_PREFERRED });
    }
    if ids.iter().collect::<HashSet<_>>().len() < ids.len() {
        return Err(Reason::Repeated);
    }
    Ok(ids.iter().filter(|id| !stored.contains(id)).cloned().collect())
}
