//! The form of a profile: choosing whose it will be, making it, changing it, deleting it.

mod form;
mod people;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use crm_domain::access::{Action, Role};
use crm_domain::error::{CrmError, Current, Resource, UniqueRule};
use crm_domain::ids::UserId;
use crm_domain::profile::{Duplicate, PossibleDuplicate, SameContact};
use crm_domain::validation::Violations;
use crm_domain::version::Precondition;
use crm_http::problem::{ErrorCode, Problem};
use crm_http::profiles::{CreateProfileBody, UpdateProfileBody};

use crate::card::profile_id;
use crate::conflict::{self, Places, field_label};
use crate::flash::{Flash, Notice};
use crate::form::{Form, Mistakes, VERSION};
use crate::frame::{Frame, Page, lead_to, show, show_as};
use crate::person::{full_name, name_of};
use crate::visit::{Submission, Visit};

use form::fields;
pub(crate) use form::{Input, ProfileForm};
pub(crate) use people::choose_person;

/// The field with the possible duplicates that were looked at.
const LOOKED: &str = "es-otra-persona";

/// A profile that may be of the same person.
struct DuplicateLine {
    id: String,
    name: String,
    same: String,
}

#[derive(Template)]
#[template(path = "pages/profile_new.html")]
struct NewPage {
    frame: Frame,
    action: String,
    whose: String,
    once: String,
    form: ProfileForm,
    duplicates: Vec<DuplicateLine>,
    /// The ids of those that were shown, now or before.
    looked_at: String,
}

impl Page for NewPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.t.profile.new_title.to_owned()
    }

    fn has_mistakes(&self) -> bool {
        !self.form.mistakes.is_empty()
    }
}

#[derive(Template)]
#[template(path = "pages/profile_edit.html")]
struct EditPage {
    frame: Frame,
    id: String,
    name: String,
    version: String,
    is_own: bool,
    form: ProfileForm,
}

impl Page for EditPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        format!("{} · {}", self.frame.t.profile.edit_title, self.name)
    }

    fn has_mistakes(&self) -> bool {
        !self.form.mistakes.is_empty()
    }
}

/// `GET /ui/clientes/nuevo/{user}`
pub(crate) async fn new(visit: Visit, user: Path<String>) -> Result<HttpResponse, Problem> {
    let user = user_id(user.into_inner())?;
    let typed = people::prefilled(&visit, &user).await?;
    show(&new_page(visit, &user, &typed, Mistakes::default(), Vec::new()).await?)
}

async fn new_page(
    visit: Visit,
    user: &UserId,
    typed: &Form,
    mistakes: Mistakes,
    duplicates: Vec<DuplicateLine>,
) -> Result<NewPage, Problem> {
    let person = visit.api.directory.user(&visit.actor, user).await?;
    let t = visit.frame.t;
    Ok(NewPage {
        action: format!("/ui/clientes/nuevo/{user}"),
        whose: t.profile.for_person(&full_name(&person.first_name, &person.last_name, t)),
        once: visit.once(),
        form: ProfileForm::new(t, typed, mistakes, true),
        looked_at: match &duplicates[..] {
            [] => typed.text(LOOKED).to_owned(),
            shown => shown.iter().map(|duplicate| duplicate.id.as_str()).collect::<Vec<_>>().join(","),
        },
        duplicates,
        frame: visit.frame,
    })
}

/// `POST /ui/clientes/nuevo/{user}`
pub(crate) async fn create(submission: Submission, user: Path<String>) -> Result<HttpResponse, Problem> {
    let actor = submission.actor();
    let Submission { visit, form, .. } = submission;
    actor.require(Action::CreateProfile)?;
    let user = user_id(user.into_inner())?;
    let body: CreateProfileBody = form.read_with(&fields(true), "userId", user.as_str())?;
    let new = match body.into_new(visit.today()) {
        Ok(new) => new,
        Err(violations) => return refused(visit, &user, &form, &violations).await,
    };
    if new.mistakes.is_empty() {
        let duplicates = duplicates(&visit, &form).await?;
        let known: Vec<_> = form.text(LOOKED).split(',').collect();
        if duplicates.iter().any(|duplicate| !known.contains(&duplicate.id.as_str())) {
            let page = new_page(visit, &user, &form, Mistakes::default(), duplicates).await?;
            return show_as(StatusCode::CONFLICT, &page);
        }
    }
    match visit.api.profiles.create(&actor, new).await {
        Ok(summary) => Ok(lead_to(&format!("/ui/clientes/{}", summary.profile.id), &Flash::new(Notice::ClientCreated))),
        Err(CrmError::Invalid(violations)) => refused(visit, &user, &form, &violations).await,
        Err(CrmError::Conflict(UniqueRule::ProfilePerUser | UniqueRule::Request)) => {
            let card = visit.api.profiles.get_by_user(&visit.actor, &user).await?;
            Ok(lead_to(&format!("/ui/clientes/{}", card.profile.id), &Flash::new(Notice::ProfileExists)))
        }
        Err(other) => Err(other.into()),
    }
}

/// The form again, with what is wrong.
async fn refused(visit: Visit, user: &UserId, form: &Form, violations: &Violations) -> Result<HttpResponse, Problem> {
    let t = visit.frame.t;
    let mistakes = Mistakes::of(violations, t, form, |field| field_label(field, t));
    show_as(StatusCode::BAD_REQUEST, &new_page(visit, user, form, mistakes, Vec::new()).await?)
}

async fn duplicates(visit: &Visit, form: &Form) -> Result<Vec<DuplicateLine>, Problem> {
    let typed = |name| Some(form.text(name).trim().to_owned()).filter(|text| !text.is_empty());
    let new = PossibleDuplicate {
        first_name: typed("firstName"),
        last_name: typed("lastName"),
        phone: typed("phone"),
        email: typed("email"),
        except: None,
    };
    let found = visit.api.profiles.possible_duplicates(&visit.actor, &new).await?;
    let t = visit.frame.t;
    let line = |Duplicate { summary, same }: Duplicate| {
        let same = same.iter().map(|same| match same {
            SameContact::Phone => t.profile.same_phone,
            SameContact::Email => t.profile.same_email,
            SameContact::Name => t.profile.same_name,
        });
        let same = same.collect::<Vec<_>>().join(", ");
        DuplicateLine { id: summary.profile.id.to_string(), name: name_of(&summary, t), same }
    };
    Ok(found.into_iter().map(line).collect())
}

/// `GET /ui/clientes/{id}/editar`
pub(crate) async fn edit(visit: Visit, id: Path<String>) -> Result<HttpResponse, Problem> {
    let id = profile_id(id.into_inner())?;
    let summary = visit.api.profiles.summary(&visit.actor, &id).await?;
    visit.actor.require_on_profile(Action::UpdateProfile, &summary.profile.user_id, Resource::Profile)?;
    let typed = form::stored(&summary.profile);
    let has_remarks = visit.may(Action::UpdateStaffField, &summary.profile.user_id);
    let t = visit.frame.t;
    show(&EditPage {
        id: id.to_string(),
        name: name_of(&summary, t),
        version: crm_domain::version::Version::of(&summary.profile).to_string(),
        is_own: visit.actor.role() == Role::Client,
        form: ProfileForm::new(t, &typed, Mistakes::default(), has_remarks),
        frame: visit.frame,
    })
}

/// `POST /ui/clientes/{id}/editar`
pub(crate) async fn update(submission: Submission, id: Path<String>) -> Result<HttpResponse, Problem> {
    let Submission { visit, form, .. } = submission;
    let id = profile_id(id.into_inner())?;
    let has_remarks = visit.actor.require(Action::UpdateStaffField).is_ok();
    let body: UpdateProfileBody = form.read(&fields(has_remarks))?;
    let update = body.into_update(visit.today(), form.precondition());
    let card = format!("/ui/clientes/{id}");
    match visit.api.profiles.update(&visit.actor, &id, update).await {
        Ok(_) => Ok(lead_to(&card, &Flash::new(Notice::Saved))),
        Err(CrmError::Invalid(violations)) => {
            let summary = visit.api.profiles.summary(&visit.actor, &id).await?;
            let t = visit.frame.t;
            let mistakes = Mistakes::of(&violations, t, &form, |field| field_label(field, t));
            // After a choice between two versions, the form speaks of what was chosen alone.
            let typed = form.over(form::stored(&summary.profile), &fields(has_remarks));
            let page = EditPage {
                id: id.to_string(),
                name: name_of(&summary, t),
                version: form.text(VERSION).to_owned(),
                is_own: visit.actor.role() == Role::Client,
                form: ProfileForm::new(t, &typed, mistakes, has_remarks),
                frame: visit.frame,
            };
            show_as(StatusCode::BAD_REQUEST, &page)
        }
        Err(CrmError::Stale(stale)) => {
            let Current::Profile(summary, _) = stale.current else { return Err(ErrorCode::InternalError.into()) };
            let (t, places) = (visit.frame.t, Places { action: format!("{card}/editar"), back: card, hidden: Vec::new() });
            let (now, both) = (&summary.profile, &stale.differing);
            conflict::ask(visit.frame, places, &form, &fields(has_remarks), now, both, |field, values| {
                conflict::plain(field, values, t)
            })
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /ui/clientes/{id}/eliminar`
pub(crate) async fn delete(submission: Submission, id: Path<String>) -> Result<HttpResponse, Problem> {
    let Submission { visit, form, .. } = submission;
    let id = profile_id(id.into_inner())?;
    let seen = Precondition::one_of(vec![form.version()]);
    match visit.api.profiles.delete(&visit.actor, &id, &seen).await {
        Ok(item) => Ok(lead_to("/ui/clientes", &Flash::new(Notice::ClientDeleted).undone_by(Some(item)))),
        Err(other) => Err(other.into()),
    }
}

fn user_id(raw: String) -> Result<UserId, Problem> {
    UserId::parse(raw).map_err(|_| ErrorCode::UserNotFound.into())
}
