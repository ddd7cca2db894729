//! A business: the tenant, its branches, services and staff.

use chrono::NaiveDateTime;
use crm_domain::access::Role;

use super::DemoAccount;
use super::catalogue::{Business, Category};
use super::maker::{Account, Maker};
use super::names::Name;
use super::phone::Phone;
use super::places::{self, Place};
use super::rows::{Table, time};

/// Before the oldest client.
const OPENED_DAYS_AGO: u32 = 900;
const COLOURS: [&str; 6] = ["#3B82F6", "#EC4899", "#10B981", "#F59E0B", "#8B5CF6", "#0EA5E9"];

pub(super) struct Salon {
    pub(super) id: String,
    pub(super) name: String,
    /// Of its e-mail addresses.
    pub(super) domain: String,
    pub(super) home: &'static Place,
    pub(super) services: Vec<Service>,
    pub(super) professionals: Vec<Colleague>,
    pub(super) receptionists: Vec<Colleague>,
    pub(super) managers: Vec<Colleague>,
    branches: Vec<String>,
    opened: NaiveDateTime,
}

pub(super) struct Service {
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) minutes: u32,
    pub(super) cents: u32,
}

/// A member of the staff and the branch they work in.
pub(super) struct Colleague {
    pub(super) id: String,
    pub(super) branch: String,
}

impl Salon {
    /// Opens the business with this number and tells its accounts.
    pub(super) fn open(maker: &mut Maker, number: usize) -> (Self, Vec<DemoAccount>) {
        let Business { name, subdomain, offers } = Business::numbered(number, &maker.suffix);
        let mut salon = Self {
            id: maker.ids.next(),
            name,
            domain: format!("{subdomain}.example"),
            home: places::home_of(number),
            services: Vec::new(),
            professionals: Vec::new(),
            receptionists: Vec::new(),
            managers: Vec::new(),
            branches: Vec::new(),
            opened: maker.days_ago(OPENED_DAYS_AGO),
        };
        salon.register(maker, subdomain);
        salon.open_branches(maker);
        for category in offers {
            salon.offer(maker, category);
        }
        let accounts = salon.hire(maker, number == 0);
        (salon, accounts)
    }

    pub(super) fn client_email(&self) -> String {
        self.email("cliente")
    }

    fn email(&self, mailbox: &str) -> String {
        format!("{mailbox}@{}", self.domain)
    }

    fn register(&self, maker: &mut Maker, subdomain: String) {
        let row = [
            ("id", self.id.as_str().into()),
            ("name", self.name.as_str().into()),
            ("email", self.email("contacto").into()),
            ("phone", self.phone(maker).into()),
            ("address", self.home.address(&mut maker.dice).0.into()),
            ("city", self.home.city.into()),
            ("timezone", self.home.zone.name().into()),
            ("subdomain", subdomain.into()),
            ("createdAt", time(self.opened)),
            ("updatedAt", time(maker.last_change(self.opened))),
        ];
        maker.rows.add(Table::Tenants, &row);
    }

    fn phone(&self, maker: &mut Maker) -> String {
        let area = self.home.area(&mut maker.dice);
        Phone::any(area, &mut maker.dice).typed(&mut maker.dice)
    }

    fn open_branches(&mut self, maker: &mut Maker) {
        let names = ["Centro", "Norte", "Plaza del Sol"];
        let count = maker.dice.number(1..=3);
        for (name, _) in names.iter().zip(0..count) {
            let id = maker.ids.next();
            let row = [
                ("id", id.as_str().into()),
                ("name", format!("Sucursal {name}").into()),
                ("address", self.home.address(&mut maker.dice).0.into()),
                ("phone", self.phone(maker).into()),
                ("tenantId", self.id.as_str().into()),
                ("createdAt", time(self.opened)),
                ("updatedAt", time(self.opened)),
            ];
            maker.rows.add(Table::Branches, &row);
            self.branches.push(id);
        }
    }

    fn offer(&mut self, maker: &mut Maker, (name, offers): &Category) {
        let (category, colour) = (maker.ids.next(), *maker.dice.pick(&COLOURS));
        let row = [
            ("id", category.as_str().into()),
            ("name", (*name).into()),
            ("color", colour.into()),
            ("tenantId", self.id.as_str().into()),
            ("createdAt", time(self.opened)),
            ("updatedAt", time(self.opened)),
        ];
        maker.rows.add(Table::ServiceCategories, &row);
        for (name, minutes, cents) in *offers {
            let id = maker.ids.next();
            let row = [
                ("id", id.as_str().into()),
                ("name", (*name).into()),
                ("duration", (*minutes).into()),
                ("price", pesos(*cents).into()),
                ("color", colour.into()),
                ("tenantId", self.id.as_str().into()),
                ("categoryId", category.as_str().into()),
                ("createdAt", time(self.opened)),
                ("updatedAt", time(maker.last_change(self.opened))),
            ];
            maker.rows.add(Table::Services, &row);
            self.services.push(Service { id, name, minutes: *minutes, cents: *cents });
        }
    }

    /// Hires staff of every role. Everybody after the first of a role has a number in the e-mail address.
    fn hire(&mut self, maker: &mut Maker, is_first: bool) -> Vec<DemoAccount> {
        let mut accounts = Vec::new();
        if is_first {
            let email = format!("superadmin@citaplanner{}.example", maker.suffix);
            self.add_colleague(maker, Role::SuperAdmin, &email, true);
            accounts.push(self.account(Role::SuperAdmin, email));
        }
        let professionals = maker.dice.number(3..=5);
        let staff = [
            (Role::Admin, "admin", 1),
            (Role::Manager, "manager", 1),
            (Role::Professional, "profesional", professionals),
            (Role::Receptionist, "recepcion", 2),
        ];
        for (role, mailbox, count) in staff {
            let email = self.email(mailbox);
            let colleagues = self.add_colleague(maker, role, &email, true);
            let mut hired = vec![colleagues];
            for number in 2..=count {
                hired.push(self.add_colleague(maker, role, &self.email(&format!("{mailbox}{number}")), true));
            }
            match role {
                Role::Professional => self.professionals = hired,
                Role::Receptionist => self.receptionists = hired,
                _ => self.managers.append(&mut hired),
            }
            accounts.push(self.account(role, email));
        }
        // Somebody who left and can't sign in any more.
        self.add_colleague(maker, Role::Professional, &self.email("antes"), false);
        accounts.push(self.account(Role::Client, self.client_email()));
        accounts
    }

    fn add_colleague(&self, maker: &mut Maker, role: Role, email: &str, is_active: bool) -> Colleague {
        let (name, phone) = (Name::any(&mut maker.dice), self.phone(maker));
        let branch = maker.dice.pick(&self.branches).clone();
        let id = maker.add_user(Account {
            tenant: &self.id,
            branch: Some(&branch),
            role,
            email,
            name: &name,
            phone: Some(phone),
            is_active,
            can_sign_in: true,
            since: self.opened,
        });
        Colleague { id, branch }
    }

    fn account(&self, role: Role, email: String) -> DemoAccount {
        DemoAccount { tenant: self.name.clone(), role: role.as_str().to_owned(), email }
    }
}

/// Money as the host stores it.
pub(super) fn pesos(cents: u32) -> f64 {
    f64::from(cents) / 100.0
}
