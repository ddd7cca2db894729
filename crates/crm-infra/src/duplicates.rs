//! Profiles that may be of the same person: found by the projection, compared by the live rows.

use crm_domain::error::StoreError;
use crm_domain::page::PageRequest;
use crm_domain::profile::{Duplicate, PossibleDuplicate, ProfileSummary, SameContact};
use crm_domain::value::{Email, Phone, email_key, phone_identity};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect};

use crate::contacts::Contact;
use crate::entity::profile_search::Column::{CreatedAt, PhoneKeys, ProfileId, SearchText, UserId};
use crate::entity::{client_profile, profile_search, user};
use crate::error::store_error;
use crate::profiles::summary;
use crate::rows::newest_first;
use crate::search::{contains, fold, spaced};
use crate::store::SeaUnit;

/// Most profiles that are looked at more closely for having something in common.
const MAX_CANDIDATES: u32 = 200;

impl SeaUnit {
    pub(crate) async fn possible_duplicates(&self, of: &PossibleDuplicate) -> Result<Vec<Duplicate>, StoreError> {
        let wanted = Wanted::of(of);
        let users = self.users_with(wanted.email.iter().cloned(), wanted.phone.iter().cloned()).await?;
        let Some(candidates) = wanted.candidates(&users) else { return Ok(Vec::new()) };
        let other = of.except.as_ref().map(|id| client_profile::Column::Id.ne(id.as_str()));
        let listed = self.listed_profiles().filter(candidates).filter(Condition::all().add_option(other));
        let mut rows = listed.select_also(user::Entity);
        let id = Expr::col((profile_search::Entity, ProfileId));
        let first = PageRequest::first(MAX_CANDIDATES);
        newest_first(QuerySelect::query(&mut rows), (profile_search::Entity, CreatedAt), &id, &first);
        let rows = rows.all(&self.executor()).await.map_err(store_error)?;

        let mut duplicates = Vec::new();
        for (profile, user) in rows.into_iter().filter_map(|(profile, user)| Some((profile, user?))) {
            let summary = summary(profile, user)?;
            let same = wanted.shared_with(&summary);
            if !same.is_empty() {
                duplicates.push(Duplicate { summary, same });
            }
        }
        Ok(duplicates)
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

    /// Everybody who may be this person; `None` if nothing is known of the person.
    fn candidates(&self, users: &[Contact]) -> Option<Condition> {
        let called =
            |(first, last): &(String, String)| contains(SearchText, &spaced(first)).and(contains(SearchText, &spaced(last)));
        let known = Condition::any()
            .add_option(self.phone.as_ref().map(|key| contains(PhoneKeys, key)))
            .add_option(self.email.as_ref().map(|key| contains(SearchText, &fold(key))))
            .add_option(self.names.as_ref().map(called))
            .add_option((!users.is_empty()).then(|| UserId.is_in(users.iter().map(|user| user.id.as_str()))));
        (!known.is_empty()).then_some(known)
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
    typed.map(|name| fold(name.trim())).filter(|name| !name.is_empty())
}
