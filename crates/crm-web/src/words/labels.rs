use crm_domain::access::Role;
use crm_domain::error::Resource;
use crm_domain::history::{AppointmentStatus, PaymentStatus};
use crm_domain::note::NoteType;
use crm_domain::preferences::{CommunicationPreference, ReminderTime};
use crm_domain::profile::Gender;

use super::words;

words! {
    /// Names of what the host and the mission name by constants.
    Labels {
        male: "Masculino" / "Male",
        female: "Femenino" / "Female",
        other_gender: "Otro" / "Other",
        prefer_not_to_say: "Prefiere no decir" / "Prefers not to say",
        general: "General" / "General",
        medical: "Médica" / "Medical",
        preference: "Preferencia" / "Preference",
        complaint: "Queja" / "Complaint",
        email: "Correo" / "E-mail",
        sms: "SMS" / "SMS",
        whatsapp: "WhatsApp" / "WhatsApp",
        hours_24: "24 horas antes" / "24 hours before",
        hours_1: "1 hora antes" / "1 hour before",
        both: "24 horas y 1 hora antes" / "24 hours and 1 hour before",
        pending: "Pendiente" / "Pending",
        confirmed: "Confirmada" / "Confirmed",
        completed: "Completada" / "Completed",
        cancelled: "Cancelada" / "Cancelled",
        no_show: "No asistió" / "No-show",
        cash: "Efectivo" / "Cash",
        credit_card: "Tarjeta de crédito" / "Credit card",
        debit_card: "Tarjeta de débito" / "Debit card",
        transfer: "Transferencia" / "Transfer",
        other_method: "Otro" / "Other",
        paid: "Pagado" / "Paid",
        partial: "Parcial" / "Partial",
        payment_pending: "Pendiente" / "Pending",
        superadmin: "Superadministración" / "Super administrator",
        admin: "Administración" / "Administrator",
        manager: "Gerencia" / "Manager",
        professional: "Profesional" / "Professional",
        receptionist: "Recepción" / "Receptionist",
        client: "Cliente" / "Client",
        the_profile: "Ficha" / "Profile",
        the_note: "Nota" / "Note",
        the_preferences: "Preferencias" / "Preferences",
        the_photo: "Foto" / "Photo",
        the_user: "Usuario" / "User",
        the_tenant: "Negocio" / "Business",
        the_trash: "Papelera" / "Trash",
    }
}

impl Labels {
    /// A gender.
    pub(crate) fn gender(&self, gender: Gender) -> &'static str {
        match gender {
            Gender::Male => self.male,
            Gender::Female => self.female,
            Gender::Other => self.other_gender,
            Gender::PreferNotToSay => self.prefer_not_to_say,
        }
    }

    /// What a note is about.
    pub(crate) fn note_type(&self, note_type: NoteType) -> &'static str {
        match note_type {
            NoteType::General => self.general,
            NoteType::Medical => self.medical,
            NoteType::Preference => self.preference,
            NoteType::Complaint => self.complaint,
        }
    }

    /// How to reach a client.
    pub(crate) fn channel(&self, channel: CommunicationPreference) -> &'static str {
        match channel {
            CommunicationPreference::Email => self.email,
            CommunicationPreference::Sms => self.sms,
            CommunicationPreference::Whatsapp => self.whatsapp,
        }
    }

    /// When to remind a client.
    pub(crate) fn reminder(&self, reminder: ReminderTime) -> &'static str {
        match reminder {
            ReminderTime::Hours24 => self.hours_24,
            ReminderTime::Hours1 => self.hours_1,
            ReminderTime::Both => self.both,
        }
    }

    /// How an appointment stands; a status that this version does not know is shown as the host names it.
    pub(crate) fn appointment<'a>(&self, status: &'a str) -> &'a str {
        match status.parse() {
            Ok(AppointmentStatus::Pending) => self.pending,
            Ok(AppointmentStatus::Confirmed) => self.confirmed,
            Ok(AppointmentStatus::Completed) => self.completed,
            Ok(AppointmentStatus::Cancelled) => self.cancelled,
            Ok(AppointmentStatus::NoShow) => self.no_show,
            Err(()) => status,
        }
    }

    /// How a payment stands.
    pub(crate) fn payment<'a>(&self, status: &'a str) -> &'a str {
        match PaymentStatus::ALL.into_iter().find(|known| known.as_str() == status) {
            Some(PaymentStatus::Paid) => self.paid,
            Some(PaymentStatus::Partial) => self.partial,
            Some(PaymentStatus::Pending) => self.payment_pending,
            None => status,
        }
    }

    /// How something was paid (host schema, `payments.paymentMethod`).
    pub(crate) fn method<'a>(&self, method: &'a str) -> &'a str {
        match method {
            "CASH" => self.cash,
            "CREDIT_CARD" => self.credit_card,
            "DEBIT_CARD" => self.debit_card,
            "TRANSFER" => self.transfer,
            "OTHER" => self.other_method,
            unknown => unknown,
        }
    }

    /// What a person is.
    pub(crate) fn role(&self, role: Role) -> &'static str {
        match role {
            Role::SuperAdmin => self.superadmin,
            Role::Admin => self.admin,
            Role::Manager => self.manager,
            Role::Professional => self.professional,
            Role::Receptionist => self.receptionist,
            Role::Client => self.client,
        }
    }

    /// A thing; a note with what it is about.
    pub(crate) fn thing(&self, resource: Resource, note_type: Option<NoteType>) -> String {
        let kind = self.resource(resource);
        note_type.map_or_else(|| kind.to_owned(), |note_type| format!("{kind} ({})", self.note_type(note_type)))
    }

    /// A kind of thing.
    pub(crate) fn resource(&self, resource: Resource) -> &'static str {
        match resource {
            Resource::Profile => self.the_profile,
            Resource::Note => self.the_note,
            Resource::Preferences => self.the_preferences,
            Resource::Photo => self.the_photo,
            Resource::User => self.the_user,
            Resource::Tenant => self.the_tenant,
            Resource::Trash => self.the_trash,
        }
    }
}
