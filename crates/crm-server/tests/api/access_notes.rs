//! Notes, in every place where one can surface: item, lists, totals, pages, and the notes embedded in a profile.

use crm_domain::access::Role;
use crm_domain::note::NoteType;
use crm_domain::testing::rows;

use crate::access::contract::{NoteKind, Rule, allows};
use crate::access::people::{Person, add_at_once, invite};
use crate::support::{Answer, TestServer};

/// Profiles with notes, and the tenants they are of.
const PROFILES: [(&str, &str); 4] = [("p1", "t1"), ("o1", "t1"), ("p2", "t2"), ("o2", "t2")];
/// Who wrote notes, on profiles of both tenants.
const AUTHORS: [&str; 8] = ["super1", "admin1", "manager1", "pro1", "desk1", "author1", "author2", "client1"];

struct Note {
    id: String,
    profile: &'static str,
    tenant: &'static str,
    author: &'static str,
    kind: NoteType,
    is_private: bool,
}

impl Note {
    /// The oldest first.
    fn all() -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for author in AUTHORS {
            for NoteKind { note_type, is_private, .. } in NoteKind::all().filter(|kind| kind.is_own) {
                for (profile, tenant) in PROFILES {
                    let id = format!("note-{:03}", all.len());
                    all.push(Self { id, profile, tenant, author, kind: note_type, is_private });
                }
            }
        }
        all
    }

    fn content(&self) -> String {
        format!("secreto de {}", self.id)
    }

    fn is_readable_by(&self, person: Person) -> bool {
        let kind = NoteKind { note_type: self.kind, is_private: self.is_private, is_own: self.author == person.subject() };
        self.tenant == person.tenant() && kind.is_readable(person.role())
    }
}

/// What a list is asked for.
#[derive(Clone, Copy, Default)]
struct Filter {
    profile: Option<&'static str>,
    author: Option<&'static str>,
    note_type: Option<NoteType>,
    is_private: Option<bool>,
}

impl Filter {
    fn all(person: Person) -> impl Iterator<Item = Self> {
        let profiles = [None, Some("p1"), Some("o2")];
        let authors = [None, Some(person.subject()), Some("author1")];
        let types = [None].into_iter().chain(NoteType::ALL.map(Some));
        profiles.into_iter().flat_map(move |profile| {
            let types = types.clone();
            authors.into_iter().flat_map(move |author| {
                types.clone().flat_map(move |note_type| {
                    [None, Some(true), Some(false)].map(|is_private| Self { profile, author, note_type, is_private })
                })
            })
        })
    }

    fn accepts(&self, note: &Note) -> bool {
        self.profile.is_none_or(|profile| profile == note.profile)
            && self.author.is_none_or(|author| author == note.author)
            && self.note_type.is_none_or(|note_type| note_type == note.kind)
            && self.is_private.is_none_or(|is_private| is_private == note.is_private)
    }

    fn path(&self, page: &str) -> String {
        let parts = [
            self.profile.map(|profile| format!("&clientProfileId={profile}")),
            self.author.map(|author| format!("&createdByUserId={author}")),
            self.note_type.map(|note_type| format!("&noteType={}", note_type.as_str())),
            self.is_private.map(|is_private| format!("&isPrivate={is_private}")),
        ];
        format!("/api/clients/notes?{page}{}", parts.into_iter().flatten().collect::<String>())
    }
}

/// The notes, the newest first.
async fn write_notes(server: &TestServer) -> Vec<Note> {
    invite(server).await;
    let mut all = Note::all();
    let rows = all.iter().enumerate().map(|(number, note)| {
        let time = format!("2026-02-01 {:02}:{:02}:00", number / 60, number % 60);
        rows::note(&note.id, note.profile)
            .with("createdByUserId", note.author)
            .with("noteType", note.kind.as_str())
            .with("isPrivate", note.is_private)
            .with("content", note.content().as_str())
            .with("createdAt", time.as_str())
    });
    add_at_once(server, rows).await;
    all.reverse();
    all
}

/// Not a byte of a note that the person may not read.
#[track_caller]
fn assert_no_leak(notes: &[Note], person: Person, answer: &Answer) {
    let text = String::from_utf8_lossy(&answer.bytes);
    let leaked = notes.iter().filter(|note| !note.is_readable_by(person)).find(|note| text.contains(&note.content()));
    assert!(leaked.is_none(), "{person:?} sees {:?}", leaked.map(|note| &note.id));
}

pub(crate) async fn a_note_is_shown_to_exactly_those_who_may_read_it(server: &TestServer) {
    let notes = write_notes(server).await;
    for person in Person::all() {
        let mut shown = 0;
        for note in &notes {
            let answer = person.caller(server).get(&format!("/api/clients/notes/{}", note.id)).await;
            assert_no_leak(&notes, person, &answer);
            if note.is_readable_by(person) {
                assert_eq!(answer.data(200)["content"], note.content(), "{person:?}");
                shown += 1;
            } else {
                assert_eq!(answer.code(404), "note_not_found", "{person:?} and {}", note.id);
            }
        }
        assert_eq!(shown > 0, person.role() != Role::Client, "{person:?} reads {shown}");
    }
}

pub(crate) async fn lists_and_totals_of_notes_leave_out_what_may_not_be_read(server: &TestServer) {
    let notes = write_notes(server).await;
    for person in Person::all().filter(|person| person.role() != Role::Client) {
        for filter in Filter::all(person) {
            let wanted: Vec<_> = notes.iter().filter(|note| note.is_readable_by(person) && filter.accepts(note)).collect();
            let wanted: Vec<_> = wanted.into_iter().map(|note| note.id.as_str()).collect();
            let path = filter.path("take=200");
            let answer = person.caller(server).get(&path).await;
            assert_eq!(answer.ids(), wanted, "{person:?} {path}");
            assert_eq!(answer.body["pagination"]["total"], wanted.len(), "{person:?} {path}");
            assert_no_leak(&notes, person, &answer);
        }
    }
}

pub(crate) async fn pages_of_notes_count_only_what_may_be_read(server: &TestServer) {
    let notes = write_notes(server).await;
    for person in Person::all().filter(|person| person.role() != Role::Client) {
        let wanted: Vec<_> = notes.iter().filter(|note| note.is_readable_by(person)).map(|note| note.id.as_str()).collect();
        let (mut seen, mut page) = (Vec::new(), String::new());
        loop {
            let answer = person.caller(server).get(&Filter::default().path(&format!("take=7{page}"))).await;
            let pagination = &answer.body["pagination"];
            seen.extend(answer.ids().into_iter().map(ToOwned::to_owned));
            assert_eq!(pagination["total"], wanted.len(), "{person:?}");
            assert_eq!(pagination["hasMore"], seen.len() < wanted.len(), "{person:?}");
            let Some(cursor) = pagination["nextCursor"].as_str() else { break };
            page = format!("&cursor={cursor}");
        }
        assert_eq!(seen, wanted, "{person:?}");

        let rest = person.caller(server).get(&Filter::default().path("take=200&skip=3")).await;
        assert_eq!(rest.ids(), wanted[3..], "{person:?}");
    }
}

pub(crate) async fn a_profile_embeds_the_latest_ten_notes_that_may_be_read(server: &TestServer) {
    let notes = write_notes(server).await;
    for person in Person::all() {
        for (profile, tenant) in PROFILES {
            let answer = person.caller(server).get(&format!("/api/clients/profiles/{profile}")).await;
            assert_no_leak(&notes, person, &answer);
            let is_own = (person, profile) == (Person::User(Role::Client), "p1");
            if tenant != person.tenant() || !allows(Rule::ReadProfile, person.role(), is_own) {
                assert_eq!(answer.code(404), "profile_not_found", "{person:?} {profile}");
                continue;
            }
            let readable = notes.iter().filter(|note| note.profile == profile && note.is_readable_by(person));
            let wanted: Vec<_> = readable.map(|note| note.id.as_str()).take(10).collect();
            let embedded = answer.data(200)["clientNotes"].as_array().unwrap();
            let embedded: Vec<_> = embedded.iter().map(|note| note["id"].as_str().unwrap()).collect();
            assert_eq!(embedded, wanted, "{person:?} {profile}");
        }
    }
    let own = Person::User(Role::Client).caller(server).get("/api/clients/profiles/me").await;
    assert_eq!(own.data(200)["clientNotes"], serde_json::json!([]));
    assert_no_leak(&notes, Person::User(Role::Client), &own);
}

/// Places that show profiles show no note of theirs.
pub(crate) async fn notes_surface_nowhere_else(server: &TestServer) {
    let notes = write_notes(server).await;
    for person in Person::all() {
        for path in [
            "/api/clients/profiles?take=200",
            "/api/clients/profiles?search=secreto",
            "/api/clients/profiles/p1/history",
            "/api/clients/preferences?clientProfileId=p1",
            "/api/clients/preferences/f1",
            "/api/clients/session",
        ] {
            let answer = person.caller(server).get(path).await;
            let text = String::from_utf8_lossy(&answer.bytes);
            assert!(!text.contains("secreto"), "{person:?} {path}: {text}");
        }
        let found = person.caller(server).get("/api/clients/profiles?search=secreto").await;
        assert!(found.status == 403 || found.ids().is_empty(), "{person:?} finds a profile by what a note says");
    }
    assert!(!notes.is_empty());
}
