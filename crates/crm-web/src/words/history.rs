use super::{say, words};

words! {
    /// Appointments, services and payments.
    History {
        title: "Historial" / "History",
        from: "Desde" / "From",
        until: "Hasta" / "Until",
        csv: "Descargar CSV" / "Download CSV",
        appointments: "Citas" / "Appointments",
        services: "Servicios usados" / "Services used",
        spending: "Gasto por mes" / "Spending by month",
        spending_lead: "Pagos de los últimos 12 meses" / "Payments of the last 12 months",
        month: "Mes" / "Month",
        amount: "Pagado" / "Paid",
        service: "Servicio" / "Service",
        times: "Veces" / "Times",
        last: "Última vez" / "Last time",
        listed: "A precio de lista" / "At list price",
        payments: "Pagos" / "Payments",
        no_payments: "Sin pagos" / "No payments",
        online: "reservada en línea" / "booked online",
        as_numbers: "Ver los números" / "See the numbers",
        empty: "Sin citas todavía. Cuando agende la primera, aparecerá aquí." / "No appointments yet. The first one will show up here.",
        empty_period: "No hay citas en estas fechas." / "There are no appointments in these dates.",
        no_services: "Ningún servicio completado todavía." / "No completed services yet.",
        no_services_period: "Ningún servicio completado en estas fechas." / "No completed services in these dates.",
        older: "Ver citas anteriores" / "See earlier appointments",
        newest: "Volver a las más recientes" / "Back to the newest",
        bad_period: "La fecha final debe ser igual o posterior a la inicial." / "The end date must not be before the start date.",
        bad_date: "Escribe una fecha válida." / "Enter a valid date.",
        file: "historial" / "history",
        csv_date: "Fecha" / "Date",
        csv_start: "Inicio" / "Start",
        csv_end: "Fin" / "End",
        csv_status: "Estado" / "Status",
        csv_staff: "Profesional" / "Professional",
        csv_branch: "Sucursal" / "Branch",
        csv_price: "Precio de lista" / "List price",
        csv_paid: "Pagado" / "Paid",
        csv_methods: "Formas de pago" / "Payment methods",
        csv_notes: "Comentario" / "Remark",
    }
}

impl History {
    /// A file holds no more appointments than these, the latest.
    pub(crate) fn csv_is_cut(&self, most: &str) -> String {
        say!(
            self.language,
            "El CSV trae las {most} citas más recientes; elige fechas para las anteriores.",
            "The CSV holds the latest {most} appointments; choose dates for earlier ones."
        )
    }

    /// With whom and where an appointment was.
    pub(crate) fn with(&self, staff: &str, branch: &str) -> String {
        say!(self.language, "Con {staff}, {branch}", "With {staff}, {branch}")
    }
}
