//! Who may write, change and delete a note, and whose name stands on it.

use crm_domain::access::Role;
use crm_domain::testing::rows::{self, Row};
use serde_json::{Value, json};

use crate::access::contract::NoteKind;
use crate::access::people::{Person, add_at_once, invite};
use crate::support::{Answer, TestServer};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Content,
    Privacy,
    Delete,
}

/// Somebody's change to a note made for it.
struct Attempt {
    id: String,
    person: Person,
    kind: NoteKind,
    /// Whether the note is on a profile of the tenant the person acts in.
    in_tenant: bool,
    change: Change,
}

impl Attempt {
    fn all() -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for person in Person::all() {
            // A portal account is no user, so no note can name it as its author.
            for kind in NoteKind::all().filter(|kind| person != Person::Portal || !kind.is_own) {
                for in_tenant in [true, false] {
                    for change in [Change::Content, Change::Privacy, Change::Delete] {
                        let id = format!("note-{}", all.len());
                        all.push(Self { id, person, kind, in_tenant, change });
                    }
                }
            }
        }
        all
    }

    fn row(&self) -> Row {
        let tenant_of_profile = if self.in_tenant == (self.person.tenant() == "t1") { "1" } else { "2" };
        let author = if self.kind.is_own { self.person.subject().to_owned() } else { format!("author{tenant_of_profile}") };
        rows::note(&self.id, &format!("p{tenant_of_profile}"))
            .with("createdByUserId", author.as_str())
            .with("noteType", self.kind.note_type.as_str())
            .with("isPrivate", self.kind.is_private)
    }

    fn expected(&self) -> u16 {
        match self.change {
            _ if !self.in_tenant => 404,
            Change::Content | Change::Delete => self.kind.status_of_change(self.person.role()),
            Change::Privacy => self.kind.status_of_privacy_change(self.person.role()),
        }
    }

    async fn send(&self, server: &TestServer) -> Answer {
        let (caller, path) = (self.person.caller(server), format!("/api/clients/notes/{}", self.id));
        match self.change {
            // The privacy as it is: an echo is no change.
            Change::Content => caller.put(&path, json!({"content": "Otra", "isPrivate": self.kind.is_private})).await,
            Change::Privacy => caller.put(&path, json!({"isPrivate": !self.kind.is_private})).await,
            Change::Delete => caller.delete(&path).await,
        }
    }
}

pub(crate) async fn a_note_is_changed_only_by_whom_the_contract_names(server: &TestServer) {
    invite(server).await;
    let all = Attempt::all();
    add_at_once(server, all.iter().map(Attempt::row)).await;
    let (permitted, refused): (Vec<_>, Vec<_>) = all.iter().partition(|attempt| attempt.expected() == 200);
    let before = server.module_rows().await;
    let mut complaints = Vec::new();
    for Phase { attempts, leaves_rows } in [Phase::of(&refused, true), Phase::of(&permitted, false)] {
        for attempt in attempts {
            let answer = attempt.send(server).await;
            if answer.status != attempt.expected() {
                let Attempt { person, kind, in_tenant, change, .. } = attempt;
                let expected = attempt.expected();
                complaints.push(format!(
                    "{change:?} by {person:?} of {kind:?}, in the tenant: {in_tenant}: expected {expected}, got {} {}",
                    answer.status, answer.body
                ));
            }
        }
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
        assert_eq!(
            before == server.module_rows().await,
            leaves_rows,
            "what was refused changed something, or the rest did not"
        );
    }
    assert!(permitted.len() > 100 && refused.len() > 300, "{} permitted, {} refused", permitted.len(), refused.len());
}

struct Phase<'a> {
    attempts: &'a [&'a Attempt],
    leaves_rows: bool,
}

impl<'a> Phase<'a> {
    fn of(attempts: &'a [&'a Attempt], leaves_rows: bool) -> Self {
        Self { attempts, leaves_rows }
    }
}

/// A refused change of privacy takes the rest of the request with it.
pub(crate) async fn a_manager_edits_a_note_but_not_its_privacy(server: &TestServer) {
    server.add([rows::note("n1", "p1").with("createdByUserId", "author1")]).await;
    let manager = server.user("manager1");
    let both = manager.put("/api/clients/notes/n1", json!({"content": "Otra", "isPrivate": true})).await;
    assert_eq!(both.code(403), "forbidden");
    let note = manager.get("/api/clients/notes/n1").await;
    assert_eq!((&note.data(200)["content"], &note.data(200)["isPrivate"]), (&json!("n1"), &json!(false)));

    let edited = manager.put("/api/clients/notes/n1", json!({"content": "Otra", "noteType": "MEDICAL"})).await;
    assert_eq!((&edited.data(200)["content"], &edited.data(200)["createdByUserId"]), (&json!("Otra"), &json!("author1")));
    let hidden = server.user("author1").put("/api/clients/notes/n1", json!({"isPrivate": true})).await;
    assert_eq!(hidden.data(200)["isPrivate"], true);
    assert_eq!(manager.get("/api/clients/notes/n1").await.code(404), "note_not_found");
}

/// Nobody learns of a note by trying to change it into one they may read.
pub(crate) async fn a_hidden_note_can_not_be_opened_by_changing_its_type(server: &TestServer) {
    let note = |id, note_type, author| rows::note(id, "p1").with("noteType", note_type).with("createdByUserId", author);
    server.add([note("medical", "MEDICAL", "author1"), note("complaint", "COMPLAINT", "admin1")]).await;
    let before = server.module_rows().await;
    for (person, id) in [("desk1", "medical"), ("pro1", "complaint")] {
        for body in [json!({"noteType": "GENERAL"}), json!({"isPrivate": false}), json!({"id": id})] {
            let answer = server.user(person).put(&format!("/api/clients/notes/{id}"), body).await;
            assert_eq!(answer.code(404), "note_not_found", "{person}");
        }
    }
    assert_eq!(server.module_rows().await, before);
}

pub(crate) async fn only_an_administrator_writes_in_the_name_of_another_user_of_the_tenant(server: &TestServer) {
    invite(server).await;
    let mut written = 0;
    for person in Person::all().filter(|person| person.role() != Role::Client) {
        let number = if person.tenant() == "t1" { "1" } else { "2" };
        let (colleague, stranger) = match number {
            "1" => ("author1", "author2"),
            _ => ("author2", "author1"),
        };
        let is_admin = matches!(person.role(), Role::SuperAdmin | Role::Admin);
        for (author, may) in [
            (None, true),
            (Some(person.subject()), true),
            (Some(colleague), is_admin),
            (Some(stranger), false),
            (Some("nobody-at-all"), false),
        ] {
            let mut body = json!({"clientProfileId": format!("p{number}"), "content": "Llamar"});
            if let Some(author) = author {
                body["createdByUserId"] = Value::from(author);
            }
            let before = server.module_rows().await;
            let answer = person.caller(server).post("/api/clients/notes", body).await;
            if may {
                let expected = author.unwrap_or(person.subject());
                assert_eq!(answer.data(201)["createdByUserId"], expected, "{person:?}");
                assert_eq!(answer.data(201)["createdBy"]["id"], expected, "{person:?}");
                written += 1;
            } else {
                assert_eq!(answer.wrong_fields(), ["createdByUserId"], "{person:?} in the name of {author:?}");
                assert_eq!(server.module_rows().await, before, "{person:?}");
            }
        }
    }
    assert_eq!(written, 6 * 2 + 3);
}
