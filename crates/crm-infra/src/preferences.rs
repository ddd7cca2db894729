//! Preferences in `client_preferences`; the id lists are JSON text.

use async_trait::async_trait;
use crm_domain::error::{StoreError, UniqueRule};
use crm_domain::ids::{PreferencesId, ProfileId, ServiceId, UserId};
use crm_domain::preferences::{ClientPreferences, PreferencesRepository};
use crm_domain::value::Text;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::client_preferences::{ActiveModel, Column, Entity, Model};
use crate::entity::client_profile;
use crate::error::store_error;
use crate::rows::{changed, utc};
use crate::scope;
use crate::store::SeaUnit;

#[async_trait]
impl PreferencesRepository for SeaUnit {
    async fn find(&self, id: &PreferencesId) -> Result<Option<(ClientPreferences, UserId)>, StoreError> {
        let select = scope::preferences(&self.scope).filter(Column::Id.eq(id.as_str())).select_also(client_profile::Entity);
        let row = self.lock(select, Entity).one(self.executor()).await.map_err(store_error)?;
        let Some((preferences, Some(profile))) = row else { return Ok(None) };
        Ok(Some((into_domain(preferences)?, UserId::from_stored(profile.user_id))))
    }

    async fn find_by_profile(&self, profile: &ProfileId) -> Result<Option<ClientPreferences>, StoreError> {
        let select = scope::preferences(&self.scope).filter(Column::ClientProfileId.eq(profile.as_str()));
        let row = select.one(self.executor()).await.map_err(store_error)?;
        row.map(into_domain).transpose()
    }

    async fn insert(&self, preferences: &ClientPreferences) -> Result<(), StoreError> {
        let profile = scope::profiles(&self.scope).filter(client_profile::Column::Id.eq(preferences.profile_id.as_str()));
        if profile.one(self.executor()).await.map_err(store_error)?.is_none() {
            return Err(StoreError::MissingReference);
        }
        // See the insert of profiles: a collision must not abort the transaction.
        let inserted = Entity::insert(ActiveModel::from(into_row(preferences)))
            .on_conflict(OnConflict::column(Column::ClientProfileId).do_nothing().to_owned())
            .exec_without_returning(self.executor())
            .await
            .map_err(store_error)?;
        if inserted == 0 { Err(StoreError::Duplicate(UniqueRule::PreferencesPerProfile)) } else { Ok(()) }
    }

    async fn update(&self, before: &ClientPreferences, after: &ClientPreferences) -> Result<bool, StoreError> {
        let changes = differences(&into_row(before), into_row(after));
        let update = scope::update_preferences(&self.scope).set(changes).filter(Column::Id.eq(before.id.as_str()));
        let result = update.exec(self.executor()).await.map_err(store_error)?;
        Ok(result.rows_affected > 0)
    }

    async fn delete(&self, id: &PreferencesId) -> Result<bool, StoreError> {
        let delete = scope::delete_preferences(&self.scope).filter(Column::Id.eq(id.as_str()));
        let result = delete.exec(self.executor()).await.map_err(store_error)?;
        Ok(result.rows_affected > 0)
    }
}

/// Ids stored as a JSON array of strings. Old rows may hold anything; that counts as none.
fn read_list(stored: Option<String>) -> Vec<String> {
    stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

fn write_list<'a>(ids: impl Iterator<Item = &'a str>) -> Option<String> {
    let ids: Vec<_> = ids.collect();
    if ids.is_empty() { None } else { serde_json::to_string(&ids).ok() }
}

pub(crate) fn into_domain(row: Model) -> Result<ClientPreferences, StoreError> {
    let Model {
        id,
        client_profile_id,
        preferred_services,
        preferred_staff,
        communication_preference,
        reminder_time,
        special_requests,
        created_at,
        updated_at,
    } = row;
    let corrupt = |column| StoreError::Corrupt { table: "client_preferences", column, id: id.clone() };
    let communication = communication_preference.parse().map_err(|_| corrupt("communicationPreference"))?;
    let reminder = reminder_time.parse().map_err(|_| corrupt("reminderTime"))?;
    Ok(ClientPreferences {
        id: PreferencesId::from_stored(id),
        profile_id: ProfileId::from_stored(client_profile_id),
        services: read_list(preferred_services).into_iter().map(ServiceId::from_stored).collect(),
        staff: read_list(preferred_staff).into_iter().map(UserId::from_stored).collect(),
        communication,
        reminder,
        special_requests: special_requests.map(Text::from_stored),
        created_at: utc(created_at),
        updated_at: utc(updated_at),
    })
}

fn into_row(preferences: &ClientPreferences) -> Model {
    let ClientPreferences {
        id,
        profile_id,
        services,
        staff,
        communication,
        reminder,
        special_requests,
        created_at,
        updated_at,
    } = preferences;
    Model {
        id: id.to_string(),
        client_profile_id: profile_id.to_string(),
        preferred_services: write_list(services.iter().map(ServiceId::as_str)),
        preferred_staff: write_list(staff.iter().map(UserId::as_str)),
        communication_preference: communication.as_str().to_owned(),
        reminder_time: reminder.as_str().to_owned(),
        special_requests: special_requests.as_ref().map(|text| text.as_str().to_owned()),
        created_at: created_at.naive_utc(),
        updated_at: updated_at.naive_utc(),
    }
}

fn differences(before: &Model, after: Model) -> ActiveModel {
    ActiveModel {
        preferred_services: changed(&before.preferred_services, after.preferred_services),
        preferred_staff: changed(&before.preferred_staff, after.preferred_staff),
        communication_preference: changed(&before.communication_preference, after.communication_preference),
        reminder_time: changed(&before.reminder_time, after.reminder_time),
        special_requests: changed(&before.special_requests, after.special_requests),
        updated_at: changed(&before.updated_at, after.updated_at),
        id: ActiveValue::NotSet,
        client_profile_id: ActiveValue::NotSet,
        created_at: ActiveValue::NotSet,
    }
}
