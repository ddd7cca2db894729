//! From a request to a person looking at a page.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use chrono::NaiveDate;
use crm_domain::access::{Action, Actor};
use crm_domain::directory::{Tenant, User};
use crm_domain::error::Resource;
use crm_domain::ids::UserId;
use crm_http::body::read_bytes;
use crm_http::problem::Problem;
use crm_http::session::{BodyKind, Presented, cookie};
use crm_http::{Api, caller};

use crate::form::Form;
use crate::frame::Frame;
use crate::pages;

/// Who looks at a page, and where.
#[derive(Clone)]
pub(crate) struct Viewer {
    pub(crate) actor: Actor,
    pub(crate) tenant: Tenant,
    /// Whose name a note will carry: `None` of clients, and of who is no user of the tenant.
    pub(crate) user: Option<User>,
}

/// A signed-in person looking at a page.
pub(crate) struct Visit {
    pub(crate) actor: Actor,
    pub(crate) api: Data<Api>,
    pub(crate) frame: Frame,
}

/// A signed-in person sending a form of ours.
pub(crate) struct Submission {
    pub(crate) visit: Visit,
    pub(crate) form: Rc<Form>,
    path: String,
}

impl Submission {
    /// Whoever sends the form, under the form's own name: if it is sent twice, it takes effect once.
    pub(crate) fn actor(&self) -> Actor {
        let actor = self.visit.actor.clone();
        match self.form.request_key(&self.path) {
            Some(key) => actor.sending(key),
            None => actor,
        }
    }
}

impl Visit {
    /// The person behind a request whose body is of this kind.
    pub(crate) async fn of(request: &HttpRequest, body: BodyKind) -> Result<Self, Problem> {
        let api = caller::api(request)?.clone();
        require_own_form(request, body)?;
        let actor = caller::identify(request, body).await?;
        let tenant = api.directory.tenant(&actor).await?;
        let user = match actor.require(Action::ListProfiles) {
            Ok(()) => api.directory.users(&actor, std::slice::from_ref(actor.user())).await?.pop(),
            Err(_) => None,
        };
        let viewer = Viewer { actor: actor.clone(), tenant, user };
        let frame = Frame::of(request, Some(&viewer), here(request), api.has_sign_in());
        // For an error page, which may be all that is left to show.
        request.extensions_mut().insert(viewer);
        Ok(Self { actor, api, frame })
    }

    /// Whether the person may do this to the profile of this user and to what belongs to it.
    pub(crate) fn may(&self, action: Action, owner: &UserId) -> bool {
        self.actor.require_on_profile(action, owner, Resource::Profile).is_ok()
    }

    /// Today, where the tenant is.
    pub(crate) fn today(&self) -> NaiveDate {
        self.frame.format.local_date(self.api.clock.now())
    }

    /// A name for the next request of a form.
    pub(crate) fn once(&self) -> String {
        self.api.ids.next_id()
    }
}

impl FromRequest for Visit {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request, BodyKind::Form).await })
    }
}

impl FromRequest for Submission {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            // First of all: a form of another page must not come back from an error page as one of ours.
            require_own_form(&request, BodyKind::Form)?;
            let form = Rc::new(Form::parse(&read_bytes(&mut payload).await?));
            // Before anything else can fail: what was typed is offered again on the error page.
            request.extensions_mut().insert(Rc::clone(&form));
            let visit = Visit::of(&request, BodyKind::Form).await?;
            Ok(Self { visit, form, path: request.path().to_owned() })
        })
    }
}

/// Refuses a form that another page may have made the browser send, whether there is a session or not. Programs, which
/// carry a token, may send it from anywhere.
fn require_own_form(request: &HttpRequest, body: BodyKind) -> Result<(), Problem> {
    match cookie::presented(request.headers()) {
        Some(Presented::Bearer(_)) => Ok(()),
        _ => caller::require_own_page(request, caller::api(request)?, body),
    }
}

/// The address of the page that a request is about: that of a form that has no page of its own is the start.
pub(crate) fn here(request: &HttpRequest) -> String {
    let pattern = request.match_pattern().unwrap_or_default();
    let uri = request.uri();
    match request.method().as_str() {
        "GET" | "HEAD" => uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        _ if pages::has_page(&pattern) => uri.path().to_owned(),
        _ => pages::START.to_owned(),
    }
}

/// Who sent a request, if the person was found, for its error page.
pub(crate) fn viewer(request: &HttpRequest) -> Option<Viewer> {
    request.extensions().get().cloned()
}
