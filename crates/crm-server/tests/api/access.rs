//! Who may do what, over HTTP: every route, every role, things of one's own, of the tenant and of another tenant.

pub(crate) mod cases;
pub(crate) mod contract;
pub(crate) mod people;

use std::collections::BTreeSet;

use crm_http::routes::{Access, ENDPOINTS};

use crate::support::{Answer, TestServer};
use cases::{CASES, Case, Shape};
use people::{Person, Relation, Target, add_at_once, invite, strangers};

/// A case for somebody and something.
pub(crate) struct Cell {
    case: &'static Case,
    person: Person,
    relation: Relation,
    target: Target,
    expected: u16,
}

impl Cell {
    pub(crate) fn all(cases: &'static [Case]) -> Vec<Self> {
        let mut cells = Vec::new();
        for case in cases {
            for (person, relation) in Person::all().flat_map(|person| Relation::ALL.map(|relation| (person, relation))) {
                let tenant = match (relation, person.tenant()) {
                    (Relation::OtherTenant, "t1") => "t2",
                    (Relation::OtherTenant, _) => "t1",
                    (_, own) => own,
                };
                let target = Target::new(cells.len(), tenant);
                let expected = case.expected(person, relation);
                cells.push(Self { case, person, relation, target, expected });
            }
        }
        cells
    }

    async fn send(&self, server: &TestServer) -> Answer {
        self.case.send(&self.target.asked_by(server, self.person, self.relation), &self.target).await
    }

    /// What the answer gets wrong.
    fn complaint(&self, answer: &Answer) -> Option<String> {
        let is_right = answer.status == self.expected && (self.case.shape != Shape::List || self.lists_rightly(answer));
        let Self { case, person, relation, expected, .. } = self;
        let got = (answer.status, &answer.body);
        (!is_right).then(|| format!("{} by {person:?} on {relation:?}: expected {expected}, got {got:?}", case.route))
    }

    /// A list holds the thing, or neither it nor a trace of it in the total.
    fn lists_rightly(&self, answer: &Answer) -> bool {
        if answer.status != 200 {
            return true;
        }
        let id = if self.case.route.ends_with("notes") { &self.target.note } else { &self.target.profile };
        let is_there = matches!(self.relation, Relation::Own | Relation::SameTenant);
        let wanted = if is_there { vec![id.as_str()] } else { Vec::new() };
        answer.ids() == wanted && answer.body["pagination"]["total"] == wanted.len()
    }
}

pub(crate) async fn every_route_has_a_case(_: &TestServer) {
    let routes: BTreeSet<_> = ENDPOINTS.iter().map(|endpoint| format!("{} {}", endpoint.method, endpoint.path)).collect();
    let cases: BTreeSet<_> = CASES.iter().map(|case| case.route.to_owned()).collect();
    let missing: Vec<_> = routes.difference(&cases).collect();
    assert!(missing.is_empty(), "the access tests lack a case for {missing:?}");
    let gone: Vec<_> = cases.difference(&routes).collect();
    assert!(gone.is_empty(), "the access tests have cases for routes that do not exist: {gone:?}");
    assert_eq!(CASES.len(), ENDPOINTS.len());
    for endpoint in ENDPOINTS {
        let case = CASES.iter().find(|case| case.route == format!("{} {}", endpoint.method, endpoint.path)).unwrap();
        assert_eq!(endpoint.access == Access::Public, case.shape == Shape::Public, "{}", case.route);
        assert_eq!(endpoint.access == Access::Session, case.shape == Shape::Session, "{}", case.route);
    }
}

pub(crate) async fn every_route_answers_every_role_as_the_contract_says(server: &TestServer) {
    answers_every_role(server, &Cell::all(CASES)).await;
}

/// Sends every cell's request, those that must be refused first.
pub(crate) async fn answers_every_role(server: &TestServer, cells: &[Cell]) {
    invite(server).await;
    let real = cells.iter().filter(|cell| cell.relation != Relation::Missing);
    let rows = real.clone().flat_map(|cell| cell.target.rows(cell.case.has_profile(), cell.case.has_preferences()));
    add_at_once(server, rows).await;
    for cell in real.filter(|cell| cell.case.route.contains("/photos/")) {
        cell.target.store_photo(server).await;
    }

    let mut complaints = Vec::new();
    let (refused, permitted): (Vec<_>, Vec<_>) = cells.iter().partition(|cell| cell.expected >= 400);
    let before = server.module_rows().await;
    for cell in &refused {
        complaints.extend(cell.complaint(&cell.send(server).await));
    }
    if complaints.is_empty() {
        assert!(before == server.module_rows().await, "a refused request changed a row");
    }
    for cell in &permitted {
        complaints.extend(cell.complaint(&cell.send(server).await));
    }
    assert!(complaints.is_empty(), "{} of {} cells:\n{}", complaints.len(), cells.len(), complaints.join("\n"));
    assert!(refused.len() > 300 && permitted.len() > 100, "{} refused, {} permitted", refused.len(), permitted.len());
}

pub(crate) async fn without_a_session_nothing_answers_but_the_public_routes(server: &TestServer) {
    invite(server).await;
    let target = Target::new(0, "t1");
    server.add(target.rows(true, true)).await;
    let before = server.module_rows().await;
    let mut complaints = Vec::new();
    for case in CASES {
        for (who, caller) in strangers(server) {
            let answer = case.send(&caller, &target).await;
            let expected = if case.shape == Shape::Public { case.success } else { 401 };
            let is_right = answer.status == expected
                && (expected != 401 || answer.header("www-authenticate") == Some("Bearer"))
                && (expected != 401 || answer.body["code"] == "unauthenticated");
            if !is_right {
                complaints.push(format!("{} by {who}: {} {}", case.route, answer.status, answer.body));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(before == server.module_rows().await, "somebody without a session changed a row");
}
