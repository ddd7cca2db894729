use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Path, Query};
use crm_domain::history::{Appointment, HistoryPeriod};
use crm_http::problem::{ErrorCode, Problem};

use super::PeriodQuery;
use crate::card::profile_id;
use crate::person::full_name;
use crate::visit::Visit;

/// Tells spreadsheet programs that the file is UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// `GET /ui/clientes/{id}/historial.csv`: the appointments of a period as a file for spreadsheets.
pub(crate) async fn csv(visit: Visit, id: Path<String>, Query(asked): Query<PeriodQuery>) -> Result<HttpResponse, Problem> {
    let id = profile_id(id.into_inner())?;
    let period: HistoryPeriod = asked.period(visit.frame.t).map_err(|_| Problem::new(ErrorCode::InvalidInput))?;
    let appointments = visit.api.history.export(&visit.actor, &id, period).await?;
    let file = write(&appointments, &visit).map_err(|_| Problem::new(ErrorCode::InternalError))?;
    let name = format!("attachment; filename=\"{}-{}.csv\"", visit.frame.t.history.file, visit.today());
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(file))
}

fn write(appointments: &[Appointment], visit: &Visit) -> csv::Result<Vec<u8>> {
    let (t, format) = (visit.frame.t, visit.frame.format);
    let h = &t.history;
    let mut writer = csv::Writer::from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record([
        h.csv_date,
        h.csv_start,
        h.csv_end,
        h.csv_status,
        h.service,
        h.csv_staff,
        h.csv_branch,
        h.csv_price,
        h.csv_paid,
        h.csv_methods,
        h.csv_notes,
    ])?;
    for appointment in appointments {
        let paid: crm_domain::money::Money = appointment.payments.iter().map(|payment| payment.amount).sum();
        let methods = appointment.payments.iter().map(|payment| t.labels.method(&payment.payment_method));
        let row = [
            format.local_date(appointment.start_time).to_string(),
            format.time(appointment.start_time),
            format.time(appointment.end_time),
            t.labels.appointment(&appointment.status).to_owned(),
            appointment.service.name.clone(),
            full_name(&appointment.staff.first_name, &appointment.staff.last_name, t),
            appointment.branch.name.clone(),
            format!("{:.2}", appointment.service.price.to_cents()),
            format!("{:.2}", paid.to_cents()),
            methods.collect::<Vec<_>>().join(", "),
            appointment.notes.clone().unwrap_or_default(),
        ];
        writer.write_record(row.map(harmless))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// Spreadsheet programs run what begins like a formula (OWASP, "CSV Injection"); an apostrophe keeps it text.
/// Amounts are never negative here.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_stays_text() {
        for (cell, expected) in [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-5", "'-5"), ("Corte", "Corte"), ("", "")] {
            assert_eq!(harmless(cell.to_owned()), expected);
        }
    }
}
