use askama::Template;

use super::{HOSTILE, is_sound, long_name, moment, words};
use crate::card::{Alert, Detail, DetailGroup};
use crate::clients::{ClientRow, PhoneLink};
use crate::history::{Figure, PaymentLine, ServiceLine, Spending, VisitLine};
use crate::notes::NoteLine;
use crate::person::{Contact, Head, TabLine};
use crate::preferences::PreferencesView;
use crate::words::Words;

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{%- import "components/client_profile_view.html" as v -%}
{% call v::medical_alert(alert, "p1", t) %}{% endcall %}{% call v::client_head(head, t) %}{% endcall %}{% call v::client_tabs(head, t) %}{% endcall %}{% call v::figures(figures) %}{% endcall %}{% call v::details(groups) %}{% endcall %}"#
)]
struct ClientProfileView {
    t: &'static Words,
    head: Head,
    alert: Alert,
    figures: Vec<Figure>,
    groups: Vec<DetailGroup>,
}

fn head(name: &str) -> Head {
    Head {
        id: "p1".to_owned(),
        name: name.to_owned(),
        initials: "ÑÑ".to_owned(),
        photo: None,
        facts: vec!["36 años".to_owned(), HOSTILE.to_owned()],
        has_birthday: true,
        contacts: vec![Contact { label: "Llamar", href: format!("tel:{HOSTILE}"), icon: "phone", is_preferred: true }],
        tabs: vec![TabLine { href: "/ui/clientes/p1".to_owned(), label: "Resumen", is_current: true, count: Some(3) }],
        may_edit: true,
        may_delete: true,
        may_add_note: true,
        may_see_activity: true,
        version: "v".to_owned(),
    }
}

fn note(text: &str, is_long: bool) -> NoteLine {
    NoteLine {
        id: "n1".to_owned(),
        kind: "medical",
        icon: "alert",
        type_label: "Médica",
        text: text.to_owned(),
        whole: is_long.then(|| text.repeat(20)),
        author: long_name(),
        written: moment(),
        is_edited: true,
        is_private: true,
        may_edit: true,
        may_delete: true,
        version: HOSTILE.to_owned(),
    }
}

#[test]
fn client_profile_view_shows_any_name_as_text() {
    for t in words() {
        for name in [long_name(), HOSTILE.to_owned()] {
            let view = ClientProfileView {
                t,
                head: head(&name),
                alert: Alert { notes: vec![note(HOSTILE, false)], shown_of: Some(HOSTILE.to_owned()) },
                figures: vec![Figure { label: t.card.paid, value: HOSTILE.to_owned() }],
                groups: vec![DetailGroup {
                    title: t.card.contact,
                    details: vec![
                        Detail { label: "Teléfono", value: HOSTILE.to_owned(), href: Some(HOSTILE.to_owned()) },
                        Detail { label: "Calle", value: long_name(), href: None },
                    ],
                }],
            };
            let markup = view.render().unwrap();
            is_sound(&markup);
            assert!(markup.contains(&long_name()) && markup.contains("aria-current=\"page\""), "{markup}");
            assert!(markup.contains(t.card.prefers) && markup.contains(t.card.birthday_today), "{markup}");
        }
    }
}

#[test]
fn a_photo_takes_the_place_of_the_initials() {
    let t = words()[0];
    let with_photo = Head { photo: Some("/api/clients/photos/u/x.jpg".to_owned()), ..head(HOSTILE) };
    let view = ClientProfileView {
        t,
        head: with_photo,
        alert: Alert { notes: Vec::new(), shown_of: None },
        figures: Vec::new(),
        groups: Vec::new(),
    };
    let markup = view.render().unwrap();
    is_sound(&markup);
    assert!(markup.contains("src=\"/api/clients/photos/u/x.jpg\"") && !markup.contains("ÑÑ"), "{markup}");
    assert!(!markup.contains(t.card.medical_alert), "{markup}");
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{%- import "components/client_notes_list.html" as n -%}{% call n::client_notes_list(notes, "p1", t, acts) %}{% endcall %}"#
)]
struct ClientNotesList {
    t: &'static Words,
    notes: Vec<NoteLine>,
    acts: bool,
}

#[test]
fn client_notes_list_shows_what_may_be_done_to_each() {
    for t in words() {
        for acts in [true, false] {
            let unchangeable = NoteLine { id: "n2".to_owned(), may_edit: false, may_delete: false, ..note(HOSTILE, false) };
            let markup = ClientNotesList { t, notes: vec![note(HOSTILE, true), unchangeable], acts }.render().unwrap();
            is_sound(&markup);
            assert_eq!(markup.contains("/ui/clientes/p1/notas/n1/eliminar"), acts, "{markup}");
            assert!(!markup.contains("/ui/clientes/p1/notas/n2/e"), "{markup}");
            assert!(markup.contains(&long_name()) && markup.contains(t.notes.edited), "{markup}");
        }
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{%- import "components/client_history.html" as h -%}
{% call h::client_history(visits, t) %}{% endcall %}{% call h::services_used(services, t) %}{% endcall %}{% call h::spending_by_month(spending, t) %}{% endcall %}"#
)]
struct ClientHistory {
    t: &'static Words,
    visits: Vec<VisitLine>,
    services: Vec<ServiceLine>,
    spending: Spending,
}

#[test]
fn client_history_shows_the_same_numbers_as_bars_and_as_a_table() {
    use crm_domain::directory::TimeZone;
    use crm_domain::history::MonthSpending;
    use crm_domain::money::Money;
    for t in words() {
        let visit = |service: &str, payments| VisitLine {
            service: service.to_owned(),
            status: "no-show".to_owned(),
            status_label: t.labels.no_show.to_owned(),
            when: moment(),
            until: "11:00".to_owned(),
            with: long_name(),
            is_online: true,
            price: "$350.00".to_owned(),
            payments,
            remark: Some(HOSTILE.to_owned()),
        };
        let paid = PaymentLine {
            amount: "$100.00".to_owned(),
            method: HOSTILE.to_owned(),
            status: "x".to_owned(),
            is_received: true,
        };
        let format = crate::format::Format { language: t.language(), zone: TimeZone::UTC };
        let months =
            [(1, 10.0), (2, 0.0)].map(|(month, paid)| MonthSpending { year: 2026, month, paid: Money::from_stored(paid) });
        let markup = ClientHistory {
            t,
            visits: vec![visit(&long_name(), vec![paid]), visit(HOSTILE, Vec::new())],
            services: vec![ServiceLine {
                name: HOSTILE.to_owned(),
                count: "3".to_owned(),
                last: moment(),
                listed: "$1".to_owned(),
            }],
            spending: Spending::new(&months, format),
        }
        .render()
        .unwrap();
        is_sound(&markup);
        assert_eq!(markup.matches("$10.00").count(), 2, "in the picture and in the table: {markup}");
        assert!(markup.contains(t.history.no_payments) && markup.contains(t.labels.no_show), "{markup}");
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{%- import "components/client_preferences.html" as p -%}{% call p::client_preferences(view, t) %}{% endcall %}"#
)]
struct ClientPreferences {
    t: &'static Words,
    view: PreferencesView,
}

#[test]
fn client_preferences_are_sentences() {
    for t in words() {
        let view = PreferencesView {
            sentence: t.preferences.sentence(t.labels.whatsapp, t.labels.both),
            services: vec![long_name(), HOSTILE.to_owned()],
            staff: vec![t.preferences.gone_staff.to_owned()],
            special_requests: Some(HOSTILE.to_owned()),
        };
        let markup = ClientPreferences { t, view }.render().unwrap();
        is_sound(&markup);
        assert!(markup.contains("WhatsApp, 24 ") && markup.contains(&long_name()), "{markup}");
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{%- import "components/clients_list.html" as c -%}{% call c::clients_list(rows, t.list.title, t) %}{% endcall %}"#
)]
struct ClientsList {
    t: &'static Words,
    rows: Vec<ClientRow>,
}

#[test]
fn the_list_of_clients_shows_any_name_as_text() {
    for t in words() {
        let row = |name: &str, phone: Option<&str>| ClientRow {
            id: "p1".to_owned(),
            name: name.to_owned(),
            phone: phone.map(PhoneLink::of),
            email: long_name(),
            city: HOSTILE.to_owned(),
            since: moment(),
        };
        let rows = vec![row(&long_name(), Some("5512345678")), row(HOSTILE, Some(HOSTILE)), row("", None)];
        let markup = ClientsList { t, rows }.render().unwrap();
        is_sound(&markup);
        assert!(markup.contains("href=\"tel:+525512345678\">55 1234 5678<"), "{markup}");
    }
}
