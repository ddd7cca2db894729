//! Profiles that may be of the same person: found by the projection, compared by the live rows.

use crm_domain::error::StoreError;
use crm_domain::profile::{Duplicate, PossibleDuplicate, ProfileOrder, ProfileSummary, SameContact};
use crm_domain::value::{Email, Phone, email_key, phone_identity};
use sea_orm::sea_query::ExprTrait;

use crate::contacts::Contact;
use crate::entity::profile_search::Column;
use crate::entity::profile_search::Column::UserId;
use crate::listing::{Place, column};
use crate::scope;
use crate::search::{fold, spaced};
use crate::store::SeaUnit;

/// Most profiles that are looked at more closely for having something in common.
const MAX_CANDIDATES: usize = 200;

impl SeaUnit {
    pub(crate) async fn possible_duplicates(&self, of: &PossibleDuplicate) -> Result<Vec<Duplicate>, StoreError> {
        let wanted = Wanted::of(of);
        let users = self.users_with(wanted.email.iter().cloned(), wanted.phone.iter().cloned()).await?;
        let mut places = self.places_with(wanted.texts()).await?;
        places.extend(self.places_of_users(&users).await?);
        places.sort_unstable();
        places.dedup();
        places.retain(|place| of.except.as_ref().is_none_or(|except| place.id() != except.as_str()));
        places.truncate(MAX_CANDIDATES);

        let mut duplicates = Vec::new();
        for summary in self.profiles_at(&places).await? {
            let same = wanted.shared_with(&summary);
            if !same.is_empty() {
                duplicates.push(Duplicate { summary, same });
            }
        }
        Ok(duplicates)
    }

    async fn places_of_users(&self, users: &[Contact]) -> Result<Vec<Place>, StoreError> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let mut select = scope::profile_places(&self.scope);
        let of_users = column(UserId).is_in(users.iter().map(|user| user.id.as_str()));
        select.columns(Place::columns(ProfileOrder::Newest)).and_where(of_users);
        self.rows(&select, |row| Place::read(row, 0, ProfileOrder::Newest)).await
    }
}

/// A person to be found, in comparable form.
struct Wanted {
    phone: Option<String>,
    email: Option<String>,
    names: Option<(String, String)>,
}

impl Wanted {
    fn of(person: &PossibleDuplicate) -> Self {
        let PossibleDuplicate { first_name, last_name, phone, email, except: _ } = person;
        Self {
            phone: phone.as_deref().and_then(phone_identity),
            email: email.as_deref().and_then(email_key),
            names: name(first_name.as_deref()).zip(name(last_name.as_deref())),
        }
    }

    /// What the projection holds of whoever may be this person: one of these, each with all its parts.
    fn texts(&self) -> Vec<Vec<(Column, String)>> {
        let phone = self.phone.as_ref().map(|key| vec![(Column::PhoneKeys, key.clone())]);
        let email = self.email.as_ref().map(|key| vec![(Column::SearchText, fold(key))]);
        let names = self.names.as_ref().map(|(first, last)| {
            let name = |name: &str| (Column::SearchText, format!("  {}  ", spaced(name)));
            vec![name(first), name(last)]
        });
        [phone, email, names].into_iter().flatten().collect()
    }

    fn shared_with(&self, ProfileSummary { profile, user }: &ProfileSummary) -> Vec<SameContact> {
        let details = &profile.details;
        let phones = [&details.phone, &details.alternate_phone].map(|phone| phone.as_ref().map(Phone::as_str));
        let emails = [&details.email, &details.alternate_email].map(|email| email.as_ref().map(Email::as_str));
        let phones = phones.into_iter().chain([user.phone.as_deref()]).flatten().filter_map(phone_identity);
        let emails = emails.into_iter().chain([Some(user.email.as_str())]).flatten().filter_map(email_key);
        let first = details.first_name.as_ref().and_then(|first| name(Some(first.as_str())));
        let last = details.last_name.as_ref().and_then(|last| name(Some(last.as_str())));
        let names = first.or_else(|| name(Some(&user.first_name))).zip(last.or_else(|| name(Some(&user.last_name))));
        let is_shared = [
            (SameContact::Phone, phones.into_iter().any(|phone| Some(phone) == self.phone)),
            (SameContact::Email, emails.into_iter().any(|email| Some(email) == self.email)),
            (SameContact::Name, self.names.is_some() && self.names == names),
        ];
        is_shared.into_iter().filter_map(|(what, is_shared)| is_shared.then_some(what)).collect()
    }
}

/// A name in comparable form, if there is one.
fn name(typed: Option<&str>) -> Option<String> {
    typed.map(|name| fold(name).trim().to_owned()).filter(|name| !name.is_empty())
}
