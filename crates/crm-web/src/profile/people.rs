//! Whose profile to make: a user without one, or a client of the host's agenda.

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use crm_domain::directory::{HostClient, User};
use crm_domain::ids::UserId;
use crm_domain::profile::SearchTerms;
use crm_http::problem::Problem;
use serde::Deserialize;

use crate::form::{Form, written_date};
use crate::frame::{Frame, Page, show};
use crate::paging::{Pager, numbered};
use crate::person::full_name;
use crate::visit::Visit;

const ROWS: u32 = 20;

/// Somebody who could have a profile.
struct PersonLine {
    name: String,
    contact: String,
    /// The user who would have it; `None` for a client of the agenda without one.
    user: Option<String>,
    /// The profile there is already.
    profile: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/profile_people.html")]
struct PeoplePage {
    frame: Frame,
    search: String,
    /// Whether clients of the agenda are shown, rather than users.
    from_agenda: bool,
    users_address: String,
    agenda_address: String,
    people: Vec<PersonLine>,
    nobody: &'static str,
    pager: Pager,
}

impl Page for PeoplePage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        self.frame.t.profile.whose.to_owned()
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct PeopleQuery {
    q: String,
    de: String,
    pagina: String,
}

/// `GET /ui/clientes/nuevo`
pub(crate) async fn choose_person(visit: Visit, Query(query): Query<PeopleQuery>) -> Result<HttpResponse, Problem> {
    let search: String = query.q.trim().chars().filter(|c| !c.is_control()).take(200).collect();
    let from_agenda = query.de == "agenda";
    let page = numbered(&query.pagina, ROWS);
    let people = if from_agenda {
        let found = visit.api.profiles.host_clients(&visit.actor, terms(&search), &page).await?;
        found.map(|client| agenda_line(&client, &visit))
    } else {
        let found = visit.api.profiles.people_without_profile(&visit.actor, terms(&search), &page).await?;
        found.map(|user: User| PersonLine {
            name: full_name(&user.first_name, &user.last_name, visit.frame.t),
            contact: user.email,
            user: Some(user.id.to_string()),
            profile: None,
        })
    };
    let t = &visit.frame.t.profile;
    let nobody = match (search.is_empty(), from_agenda) {
        (false, _) => t.nobody_found,
        (true, true) => t.agenda_empty,
        (true, false) => t.nobody_left,
    };
    show(&PeoplePage {
        users_address: address(&search, false, 1),
        agenda_address: address(&search, true, 1),
        pager: Pager::new(&page, &people, &visit.frame, |number| address(&search, from_agenda, number)),
        people: people.items,
        nobody,
        search,
        from_agenda,
        frame: visit.frame,
    })
}

fn terms(search: &str) -> Option<SearchTerms> {
    let words: Vec<_> = search.split_whitespace().take(SearchTerms::MAX_WORDS).collect();
    SearchTerms::parse(&words.join(" "))
}

fn address(search: &str, from_agenda: bool, page: u64) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", search);
    if from_agenda {
        query.append_pair("de", "agenda");
    }
    if page > 1 {
        query.append_pair("pagina", &page.to_string());
    }
    format!("/ui/clientes/nuevo?{}", query.finish())
}

fn agenda_line(client: &HostClient, visit: &Visit) -> PersonLine {
    let contact = client.phone.as_deref().map(crate::format::phone).or_else(|| client.email.clone());
    PersonLine {
        name: full_name(&client.first_name, &client.last_name, visit.frame.t),
        contact: contact.unwrap_or_default(),
        user: client.user.as_ref().map(ToString::to_string),
        profile: client.profile.as_ref().map(ToString::to_string),
    }
}

/// What is known of a user already, as if it had been typed: the account's data, and those of the agenda.
pub(super) async fn prefilled(visit: &Visit, user: &UserId) -> Result<Form, Problem> {
    let account = visit.api.directory.user(&visit.actor, user).await?;
    let agenda = visit.api.profiles.host_client_of(&visit.actor, user).await?;
    let mut fields = vec![
        ("firstName", account.first_name),
        ("lastName", account.last_name),
        ("email", account.email),
        ("phone", account.phone.unwrap_or_default()),
    ];
    if let Some(HostClient { address, birthday, .. }) = agenda {
        fields.push(("address", address.unwrap_or_default()));
        fields.push(("dateOfBirth", birthday.map(|day| written_date(&day.to_string())).unwrap_or_default()));
    }
    fields.push(("country", crm_domain::profile::DEFAULT_COUNTRY.to_owned()));
    Ok(Form::holding(fields))
}
