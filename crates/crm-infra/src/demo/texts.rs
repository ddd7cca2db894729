//! What staff write about clients, in Spanish. `{}` stands for a service.

use crm_domain::note::NoteType;
use crm_domain::profile::Gender;

use super::dice::Dice;

pub(super) fn notes(of: NoteType) -> &'static [&'static str] {
    match of {
        NoteType::General => GENERAL,
        NoteType::Medical => MEDICAL,
        NoteType::Preference => PREFERENCE,
        NoteType::Complaint => COMPLAINT,
    }
}

/// What somebody of this gender does.
pub(super) fn occupation(gender: Gender, dice: &mut Dice) -> &'static str {
    dice.pick(&OCCUPATIONS)[usize::from(gender == Gender::Male)]
}

const GENERAL: &[&str] = &[
    "Llegó por recomendación de una amiga.",
    "Suele llegar diez minutos tarde; conviene confirmar por teléfono.",
    "Pidió factura de «{}»; se envió por correo.",
    "Está planeando su boda y quiere paquete para noviembre.",
    "Compró tarjeta de regalo para su mamá.",
    "Cambió de número; el anterior ya no sirve.",
    "Viene desde otra ciudad, agendar dos servicios el mismo día.",
    "Preguntó por promociones de «{}» para estudiantes.",
    "Muy puntual y siempre deja propina.",
    "Trae a su hija pequeña: tener a la mano colores y hojas.",
    "Se le explicó el programa de puntos.\nSe interesó por el nivel Oro.",
];
const MEDICAL: &[&str] = &[
    "Alergia al amoníaco; usar productos sin él.",
    "Cirugía reciente: preguntar por el alta médica antes de «{}».",
    "Hipertensión controlada con losartán 50 mg.",
    "Piel sensible; hacer prueba de parche 48 horas antes de «{}».",
    "Diabetes tipo 2, cuidado especial con cutículas y cortes.",
    "Refiere dolor lumbar después de una hora en la misma posición.",
    "Alergia a la penicilina. Antecedente de asma.",
    "Toma anticoagulantes; no aplicar presión profunda.",
    "Usa lentes de contacto: retirarlos antes del tratamiento.",
];
const PREFERENCE: &[&str] = &[
    "Prefiere citas por la mañana, antes de las 11.",
    "Le gusta el café americano sin azúcar.",
    "Prefiere que «{}» se haga en silencio.",
    "Pide siempre la misma cabina, junto a la ventana.",
    "No le gustan las fragancias fuertes; usar línea neutra.",
    "Prefiere WhatsApp; no contesta llamadas.",
    "Quiere que le avisen si hay espacio antes para «{}».",
    "Le agrada la música instrumental y el agua tibia.",
];
const COMPLAINT: &[&str] = &[
    "Esperó 25 minutos sin que nadie le avisara. Se ofreció 15 % de descuento.",
    "No quedó conforme con «{}»; se agendó retoque sin costo.",
    "Se quejó del ruido de la obra vecina.",
    "Le cobraron dos veces «{}»; ya se hizo la devolución.",
    "Comentó que el baño no estaba limpio. Se habló con intendencia.",
    "Molestia porque se cambió al profesional sin aviso.",
];

pub(super) const PROFILE_NOTES: [&str; 6] = [
    "Cliente frecuente desde la apertura.",
    "Requiere acceso para silla de ruedas.",
    "Familiar de otra clienta; suelen agendar el mismo día.",
    "Pagos solo con tarjeta.",
    "Verificar dirección de facturación.",
    "Contactar por la tarde, trabaja de noche.",
];
pub(super) const SPECIAL_REQUESTS: [&str; 7] = [
    "Estacionamiento cercano, por favor.",
    "Sin conversación durante el servicio.",
    "Recordatorio también a mi pareja.",
    "Productos veganos o sin crueldad animal.",
    "Necesito recibo con RFC.",
    "Asiento con respaldo alto.",
    "Que me atienda una mujer.",
];
pub(super) const APPOINTMENT_NOTES: [&str; 6] = [
    "Pidió factura.",
    "Pidió llegar 15 minutos antes.",
    "Trae su propio producto.",
    "Reagendada una vez.",
    "Viene con acompañante.",
    "Confirmar el día anterior.",
];
const OCCUPATIONS: [[&str; 2]; 16] = [
    ["Maestra", "Maestro"],
    ["Contadora", "Contador"],
    ["Ingeniera civil", "Ingeniero civil"],
    ["Enfermera", "Enfermero"],
    ["Abogada", "Abogado"],
    ["Comerciante", "Comerciante"],
    ["Ama de casa", "Mecánico"],
    ["Estudiante", "Estudiante"],
    ["Diseñadora gráfica", "Diseñador gráfico"],
    ["Médica", "Médico"],
    ["Arquitecta", "Arquitecto"],
    ["Programadora", "Programador"],
    ["Psicóloga", "Psicólogo"],
    ["Jubilada", "Jubilado"],
    ["Periodista", "Chofer"],
    ["Servidora pública", "Servidor público"],
];
pub(super) const COMPANIES: [&str; 10] = [
    "Grupo Ibáñez",
    "Textiles del Bajío",
    "IMSS",
    "Universidad Autónoma",
    "Despacho Güemes y Asociados",
    "Cafetería La Selva",
    "SEP",
    "Constructora Peñón",
    "Farmacias Niño Jesús",
    "Por su cuenta",
];
