use std::collections::BTreeSet;

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use crm_domain::access::Action;
use crm_domain::history::HistoryPeriod;
use crm_domain::ids::ProfileId;
use crm_domain::note::{NoteFilter, NoteType};
use crm_domain::page::{Page as Rows, PageRequest};
use crm_domain::profile::ProfileSummary;
use crm_http::problem::Problem;

use super::{DetailGroup, detail_groups, profile_id};
use crate::frame::{Frame, Page, show};
use crate::history::{Figure, VisitLine, figures};
use crate::notes::NoteLine;
use crate::person::{Head, Tab};
use crate::preferences::{Names, PreferencesView};
use crate::visit::Visit;

/// Notes of each type, and appointments, on paper.
const NOTES: u32 = 50;
const VISITS: u32 = 20;

/// What can be printed. MEDICAL notes leave the screen only where somebody asks for them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Details,
    Preferences,
    Notes,
    Medical,
    History,
}

impl Section {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Details, "datos"),
        (Self::Preferences, "preferencias"),
        (Self::Notes, "notas"),
        (Self::Medical, "medicas"),
        (Self::History, "historial"),
    ];
    const USUAL: [Self; 3] = [Self::Details, Self::Preferences, Self::History];
}

/// A section that can be ticked.
struct SectionChoice {
    value: &'static str,
    label: &'static str,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "pages/print.html")]
struct PrintPage {
    frame: Frame,
    head: Head,
    choices: Vec<SectionChoice>,
    printed: String,
    groups: Vec<DetailGroup>,
    preferences: Option<PreferencesView>,
    figures: Vec<Figure>,
    visits: Vec<VisitLine>,
    /// Says how many appointments there are, if not all are on the sheet.
    visits_shown: Option<String>,
    notes: Vec<NoteLine>,
    notes_shown: Option<String>,
}

impl Page for PrintPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> String {
        format!("{} · {}", self.frame.t.card.print_title, self.head.name)
    }
}

/// `GET /ui/clientes/{id}/imprimir`
pub(crate) async fn print(visit: Visit, id: Path<String>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let id = profile_id(id.into_inner())?;
    let summary = visit.api.profiles.summary(&visit.actor, &id).await?;
    let reads_notes = visit.may(Action::ListNotes, &summary.profile.user_id);
    let wanted = wanted(request.query_string());
    let has = |section| wanted.contains(&section);

    let t = visit.frame.t;
    let (mut notes, mut all_notes) = (Vec::new(), 0);
    for note_type in NoteType::ALL {
        let section = if note_type == NoteType::Medical { Section::Medical } else { Section::Notes };
        if reads_notes && has(section) {
            let found = notes_of(&visit, &id, note_type).await?;
            notes.extend(found.items);
            all_notes += found.total;
        }
    }
    let (figures, visits) = if has(Section::History) { past(&visit, &id).await? } else { (Vec::new(), Rows::empty()) };
    let shown_of = |shown: usize, total| ((shown as u64) < total).then(|| t.card.newest_shown(shown as u64, total));
    let name = |section| match section {
        Section::Details => t.card.personal,
        Section::Preferences => t.card.preferences,
        Section::Notes => t.card.notes,
        Section::Medical => t.card.print_medical,
        Section::History => t.card.history,
    };
    let offered = Section::ALL.into_iter().filter(|(section, _)| reads_notes || !is_of_notes(*section));
    let choice = |(section, value)| SectionChoice { value, label: name(section), is_chosen: has(section) };
    let tenant = visit.frame.person.as_ref().map(|person| person.tenant.as_str()).unwrap_or_default();
    show(&PrintPage {
        head: Head::of(&visit, &summary, Tab::Summary, None).await?,
        choices: offered.map(choice).collect(),
        printed: t.card.printed(&visit.frame.format.moment(visit.api.clock.now()).text, tenant),
        groups: if has(Section::Details) { detail_groups(&summary, &visit) } else { Vec::new() },
        preferences: if has(Section::Preferences) { preferences(&visit, &summary).await? } else { None },
        figures,
        visits_shown: shown_of(visits.items.len(), visits.total),
        visits: visits.items,
        notes_shown: shown_of(notes.len(), all_notes),
        notes,
        frame: visit.frame,
    })
}

fn is_of_notes(section: Section) -> bool {
    matches!(section, Section::Notes | Section::Medical)
}

/// The sections that an address asks for; the usual ones if it asks for none.
fn wanted(query: &str) -> BTreeSet<Section> {
    let values: Vec<_> = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name == "seccion")
        .filter_map(|(_, value)| Section::ALL.into_iter().find(|(_, known)| *known == value))
        .map(|(section, _)| section)
        .collect();
    if values.is_empty() { Section::USUAL.into_iter().collect() } else { values.into_iter().collect() }
}

async fn notes_of(visit: &Visit, id: &ProfileId, note_type: NoteType) -> Result<Rows<NoteLine>, Problem> {
    let filter = NoteFilter { profile: Some(id.clone()), note_type: Some(note_type), ..NoteFilter::default() };
    let found = visit.api.notes.list(&visit.actor, &filter, &PageRequest::first(NOTES)).await?;
    Ok(found.map(|view| NoteLine::whole(&view, visit)))
}

async fn past(visit: &Visit, id: &ProfileId) -> Result<(Vec<Figure>, Rows<VisitLine>), Problem> {
    let (page, period) = (PageRequest::first(VISITS), HistoryPeriod::default());
    let history = visit.api.history.complete(&visit.actor, id, period, &page).await?;
    let visits = history.appointments.map(|one| VisitLine::of(&one, visit));
    Ok((figures(&history.statistics, period, visit), visits))
}

async fn preferences(visit: &Visit, summary: &ProfileSummary) -> Result<Option<PreferencesView>, Problem> {
    let stored = visit.api.preferences.get_by_profile(&visit.actor, &summary.profile.id).await?;
    let Some(stored) = stored else { return Ok(None) };
    let t = visit.frame.t;
    let names = Names::of(&visit.api.directory.catalogue(&visit.actor).await?, t);
    Ok(Some(PreferencesView::of(&stored, &names, t)))
}
