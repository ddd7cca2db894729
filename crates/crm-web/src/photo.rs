//! `/ui/clientes/{client}/foto`: choosing, replacing and removing a client's photo.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use crm_domain::access::Action;
use crm_domain::error::{CrmError, Resource};
use crm_domain::ids::ProfileId;
use crm_domain::photo::PhotoRejection;
use crm_domain::version::Precondition;
use crm_http::photos::UploadForm;
use crm_http::problem::{ErrorCode, Problem};
use crm_http::session::BodyKind;

use crate::card::profile_id;
use crate::flash::{Flash, Notice};
use crate::form::Mistakes;
use crate::frame::{Frame, Page, lead_to, show, show_as};
use crate::person::{Head, Tab, preferred_channel};
use crate::visit::{Submission, Visit};
use crate::words::Words;

/// The field with the file.
const FILE: &str = "file";

#[derive(Template)]
#[template(path = "pages/photo.html")]
struct PhotoPage {
    frame: Frame,
    head: Head,
    user: String,
    mistakes: Mistakes,
}

impl Page for PhotoPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        format!("{} · {}", self.frame.t.photo.title, self.head.name)
    }

    fn has_mistakes(&self) -> bool {
        !self.mistakes.is_empty()
    }
}

/// `GET /ui/clientes/{client}/foto`
pub(crate) async fn page(visit: Visit, client: Path<String>) -> Result<HttpResponse, Problem> {
    let client = profile_id(client.into_inner())?;
    show(&photo_page(visit, &client, Mistakes::default()).await?)
}

async fn photo_page(visit: Visit, client: &ProfileId, mistakes: Mistakes) -> Result<PhotoPage, Problem> {
    let summary = visit.api.profiles.summary(&visit.actor, client).await?;
    let user = &summary.profile.user_id;
    visit.actor.require_on_profile(Action::ChangePhoto, user, Resource::Profile)?;
    Ok(PhotoPage {
        head: Head::of(&visit, &summary, Tab::Photo, preferred_channel(&visit, &summary.profile).await?).await?,
        user: user.to_string(),
        mistakes,
        frame: visit.frame,
    })
}

/// `POST /ui/clientes/{client}/foto`
pub(crate) async fn upload(request: HttpRequest, client: Path<String>, body: Payload) -> Result<HttpResponse, Problem> {
    let visit = Visit::of(&request, BodyKind::Multipart).await?;
    let client = profile_id(client.into_inner())?;
    let summary = visit.api.profiles.summary(&visit.actor, &client).await?;
    let api = visit.api.clone();
    // Waiting before the body is read leaves it with the sender.
    let _turn = api.uploads.wait(visit.actor.user()).await.ok_or(ErrorCode::Unavailable)?;
    let (status, sentence) = match UploadForm::read(request.headers(), body).await {
        Ok(form) if form.user == summary.profile.user_id => {
            match api.photos.upload(&visit.actor, &form.user, form.file).await {
                Ok(_) => return Ok(lead_to(&format!("/ui/clientes/{client}/foto"), &Flash::new(Notice::PhotoSaved))),
                Err(CrmError::Rejected(rejection)) => {
                    (Problem::from(rejection).code().status(), rejected(rejection, visit.frame.t))
                }
                Err(other) => return Err(other.into()),
            }
        }
        Ok(_) => return Err(ErrorCode::ProfileNotFound.into()),
        Err(problem) => match problem.code() {
            ErrorCode::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, visit.frame.t.photo.too_large),
            ErrorCode::InvalidInput => (StatusCode::BAD_REQUEST, visit.frame.t.photo.required),
            _ => return Err(problem),
        },
    };
    let mistakes = Mistakes::one(FILE, visit.frame.t.photo.choose, sentence);
    show_as(status, &photo_page(visit, &client, mistakes).await?)
}

/// Why a file is no photo for us.
fn rejected(rejection: PhotoRejection, t: &Words) -> &'static str {
    match rejection {
        PhotoRejection::NotAPhoto => t.photo.wrong_type,
        PhotoRejection::TooManyBytes => t.photo.too_large,
        PhotoRejection::TooManyPixels => t.photo.too_many_pixels,
        PhotoRejection::Unreadable => t.photo.unreadable,
    }
}

/// `POST /ui/clientes/{client}/foto/quitar`
pub(crate) async fn remove(submission: Submission, client: Path<String>) -> Result<HttpResponse, Problem> {
    let Submission { visit, form, .. } = submission;
    let client = profile_id(client.into_inner())?;
    let place = format!("/ui/clientes/{client}/foto");
    let summary = visit.api.profiles.summary(&visit.actor, &client).await?;
    let seen = Precondition::one_of(vec![form.version()]);
    match visit.api.photos.remove(&visit.actor, &summary.profile.user_id, &seen).await {
        Ok(item) => {
            let undo = item.filter(|_| visit.actor.require(Action::RestoreDeleted).is_ok());
            Ok(lead_to(&place, &Flash::new(Notice::PhotoRemoved).undone_by(undo)))
        }
        Err(CrmError::NotFound(Resource::Photo)) => Ok(lead_to(&place, &Flash::new(Notice::AlreadyDone))),
        Err(other) => Err(other.into()),
    }
}
