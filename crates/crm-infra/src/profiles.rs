//! Profiles in `client_profiles`, listed by way of `crm_profile_search`.

use async_trait::async_trait;
use chrono::{DateTime, NaiveTime, Utc};
use crm_domain::error::{StoreError, UniqueRule};
use crm_domain::ids::{ProfileId, UserId};
use crm_domain::page::{Page, PageRequest};
use crm_domain::profile::{
    ClientProfile, Duplicate, Gender, PossibleDuplicate, ProfileDetails, ProfileFigures, ProfileFilter, ProfileRepository,
    ProfileSummary,
};
use crm_domain::value::{BirthDate, Email, Phone, PhotoUrl, Text};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, JoinType, QueryFilter, QuerySelect, Select, Statement,
};

use crate::entity::client_profile::{ActiveModel, Column, Entity, Model};
use crate::entity::{profile_search, user};
use crate::error::store_error;
use crate::rows::{changed, utc};
use crate::scope;
use crate::sql::same_id;
use crate::store::SeaUnit;

#[async_trait]
impl ProfileRepository for SeaUnit {
    async fn find(&self, id: &ProfileId) -> Result<Option<ClientProfile>, StoreError> {
        let select = scope::profiles(&self.scope).filter(Column::Id.eq(id.as_str()));
        let row = self.lock(select, Entity).one(self.executor()).await.map_err(store_error)?;
        row.map(into_domain).transpose()
    }

    async fn find_by_user(&self, user: &UserId) -> Result<Option<ClientProfile>, StoreError> {
        let select = scope::profiles(&self.scope).filter(Column::UserId.eq(user.as_str()));
        let row = self.lock(select, Entity).one(self.executor()).await.map_err(store_error)?;
        row.map(into_domain).transpose()
    }

    async fn list(&self, filter: &ProfileFilter, page: &PageRequest) -> Result<Page<ProfileSummary>, StoreError> {
        self.list_profiles(filter, page).await
    }

    async fn duplicates(&self, of: &PossibleDuplicate) -> Result<Vec<Duplicate>, StoreError> {
        self.possible_duplicates(of).await
    }

    async fn figures(&self, month_start: DateTime<Utc>, now: DateTime<Utc>) -> Result<ProfileFigures, StoreError> {
        self.profile_figures(month_start, now).await
    }

    async fn insert(&self, profile: &ClientProfile) -> Result<(), StoreError> {
        let user = scope::users(&self.scope).filter(user::Column::Id.eq(profile.user_id.as_str()));
        if user.one(self.executor()).await.map_err(store_error)?.is_none() {
            return Err(StoreError::MissingReference);
        }
        let mut row = ActiveModel::from(into_row(profile));
        self.respell_gender(&mut row.gender).await?;
        // PostgreSQL aborts the whole transaction on a unique violation, so ask it to do nothing
        // and look at the row count instead.
        let inserted = Entity::insert(row)
            .on_conflict(OnConflict::column(Column::UserId).do_nothing().to_owned())
            .exec_without_returning(self.executor())
            .await
            .map_err(store_error)?;
        if inserted == 0 { Err(StoreError::Duplicate(UniqueRule::ProfilePerUser)) } else { Ok(()) }
    }

    async fn update(&self, before: &ClientProfile, after: &ClientProfile) -> Result<bool, StoreError> {
        let mut changes = differences(&into_row(before), into_row(after));
        self.respell_gender(&mut changes.gender).await?;
        let update = scope::update_profiles(&self.scope).set(changes).filter(Column::Id.eq(before.id.as_str()));
        let result = update.exec(self.executor()).await.map_err(store_error)?;
        Ok(result.rows_affected > 0)
    }

    async fn delete(&self, id: &ProfileId) -> Result<bool, StoreError> {
        // Notes and preferences go by their foreign keys.
        let delete = scope::delete_profiles(&self.scope).filter(Column::Id.eq(id.as_str()));
        let result = delete.exec(self.executor()).await.map_err(store_error)?;
        Ok(result.rows_affected > 0)
    }
}

impl SeaUnit {
    /// The profiles of a list, joined with the projection that orders and narrows them.
    pub(crate) fn listed_profiles(&self) -> Select<Entity> {
        let mut listed =
            scope::profiles(&self.scope).filter(profile_search::Column::TenantId.eq(self.scope.tenant().as_str()));
        let same_profile = same_id(self.backend(), "client_profiles.id", "crm_profile_search.profile_id");
        QuerySelect::query(&mut listed).join(JoinType::InnerJoin, profile_search::Entity, same_profile);
        listed
    }

    /// Writes the gender by the label this database has. Host databases that stopped at the module's first migration
    /// have English labels, later ones Spanish; asking each time stays right when the host migrates meanwhile.
    pub(crate) async fn respell_gender(&self, gender: &mut ActiveValue<Option<String>>) -> Result<(), StoreError> {
        // A model that becomes a row to insert carries its values as unchanged ones.
        let (Set(Some(label)) | Unchanged(Some(label))) = gender else { return Ok(()) };
        if self.backend() != DbBackend::Postgres {
            return Ok(());
        }
        let Ok(wanted) = label.parse::<Gender>() else { return Ok(()) };
        let sql = r#"SELECT $1 = ANY (enum_range(NULL::"Gender")::text[]) AS known"#;
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [wanted.as_str().into()]);
        let answer = self.executor().query_one_raw(statement).await.map_err(store_error)?;
        let knows_english: bool =
            answer.map(|row| row.try_get("", "known")).transpose().map_err(store_error)?.unwrap_or(true);
        if !knows_english {
            *gender = Set(Some(wanted.as_spanish_str().to_owned()));
        }
        Ok(())
    }
}

pub(crate) fn into_domain(row: Model) -> Result<ClientProfile, StoreError> {
    let Model {
        id,
        user_id,
        first_name,
        last_name,
        date_of_birth,
        gender,
        address,
        city,
        state,
        postal_code,
        country,
        phone,
        alternate_phone,
        email,
        alternate_email,
        occupation,
        company,
        profile_photo_url,
        emergency_contact_name,
        emergency_contact_phone,
        notes,
        created_at,
        updated_at,
    } = row;
    let gender = gender.map(|label| label.parse::<Gender>()).transpose().map_err(|_| StoreError::Corrupt {
        table: "client_profiles",
        column: "gender",
        id: id.clone(),
    })?;
    Ok(ClientProfile {
        id: ProfileId::from_stored(id),
        user_id: UserId::from_stored(user_id),
        details: ProfileDetails {
            first_name: given(first_name).map(Text::from_stored),
            last_name: given(last_name).map(Text::from_stored),
            date_of_birth: date_of_birth.map(|time| BirthDate::from_stored(time.date())),
            gender,
            address: given(address).map(Text::from_stored),
            city: given(city).map(Text::from_stored),
            state: given(state).map(Text::from_stored),
            postal_code: given(postal_code).map(Text::from_stored),
            country: given(country).map(Text::from_stored),
            phone: given(phone).map(Phone::from_stored),
            alternate_phone: given(alternate_phone).map(Phone::from_stored),
            email: given(email).map(Email::from_stored),
            alternate_email: given(alternate_email).map(Email::from_stored),
            occupation: given(occupation).map(Text::from_stored),
            company: given(company).map(Text::from_stored),
            profile_photo_url: given(profile_photo_url).map(PhotoUrl::from_stored),
            emergency_contact_name: given(emergency_contact_name).map(Text::from_stored),
            emergency_contact_phone: given(emergency_contact_phone).map(Phone::from_stored),
            notes: given(notes).map(Text::from_stored),
        },
        created_at: utc(created_at),
        updated_at: utc(updated_at),
    })
}

/// The web app may store blank text, which counts as nothing.
fn given(stored: Option<String>) -> Option<String> {
    stored.filter(|text| !text.trim().is_empty())
}

fn text<const MAX: usize, const MULTILINE: bool>(value: Option<&Text<MAX, MULTILINE>>) -> Option<String> {
    value.map(|text| text.as_str().to_owned())
}

fn phone(value: Option<&Phone>) -> Option<String> {
    value.map(|phone| phone.as_str().to_owned())
}

fn email(value: Option<&Email>) -> Option<String> {
    value.map(|email| email.as_str().to_owned())
}

fn into_row(profile: &ClientProfile) -> Model {
    let ClientProfile { id, user_id, details, created_at, updated_at } = profile;
    Model {
        id: id.to_string(),
        user_id: user_id.to_string(),
        first_name: text(details.first_name.as_ref()),
        last_name: text(details.last_name.as_ref()),
        date_of_birth: details.date_of_birth.map(|day| day.date().and_time(NaiveTime::MIN)),
        gender: details.gender.map(|gender| gender.as_str().to_owned()),
        address: text(details.address.as_ref()),
        city: text(details.city.as_ref()),
        state: text(details.state.as_ref()),
        postal_code: text(details.postal_code.as_ref()),
        country: text(details.country.as_ref()),
        phone: phone(details.phone.as_ref()),
        alternate_phone: phone(details.alternate_phone.as_ref()),
        email: email(details.email.as_ref()),
        alternate_email: email(details.alternate_email.as_ref()),
        occupation: text(details.occupation.as_ref()),
        company: text(details.company.as_ref()),
        profile_photo_url: details.profile_photo_url.as_ref().map(|url| url.as_str().to_owned()),
        emergency_contact_name: text(details.emergency_contact_name.as_ref()),
        emergency_contact_phone: phone(details.emergency_contact_phone.as_ref()),
        notes: text(details.notes.as_ref()),
        created_at: created_at.naive_utc(),
        updated_at: updated_at.naive_utc(),
    }
}

fn differences(before: &Model, after: Model) -> ActiveModel {
    ActiveModel {
        id: ActiveValue::NotSet,
        user_id: ActiveValue::NotSet,
        first_name: changed(&before.first_name, after.first_name),
        last_name: changed(&before.last_name, after.last_name),
        date_of_birth: changed(&before.date_of_birth, after.date_of_birth),
        gender: changed(&before.gender, after.gender),
        address: changed(&before.address, after.address),
        city: changed(&before.city, after.city),
        state: changed(&before.state, after.state),
        postal_code: changed(&before.postal_code, after.postal_code),
        country: changed(&before.country, after.country),
        phone: changed(&before.phone, after.phone),
        alternate_phone: changed(&before.alternate_phone, after.alternate_phone),
        email: changed(&before.email, after.email),
        alternate_email: changed(&before.alternate_email, after.alternate_email),
        occupation: changed(&before.occupation, after.occupation),
        company: changed(&before.company, after.company),
        profile_photo_url: changed(&before.profile_photo_url, after.profile_photo_url),
        emergency_contact_name: changed(&before.emergency_contact_name, after.emergency_contact_name),
        emergency_contact_phone: changed(&before.emergency_contact_phone, after.emergency_contact_phone),
        notes: changed(&before.notes, after.notes),
        created_at: ActiveValue::NotSet,
        updated_at: changed(&before.updated_at, after.updated_at),
    }
}
