//! Businesses and what they offer.

use super::names::plain;

/// A service with its minutes and its price in cents.
pub(super) type Offer = (&'static str, u32, u32);
pub(super) type Category = (&'static str, &'static [Offer]);

pub(super) struct Business {
    pub(super) name: String,
    pub(super) subdomain: String,
    pub(super) offers: &'static [Category],
}

impl Business {
    /// The business with this number: two with names of their own, then generated ones, no two alike.
    pub(super) fn numbered(number: usize, suffix: &str) -> Self {
        let (name, subdomain, offers): (String, String, _) = match number {
            0 => ("Bella Vita".to_owned(), "bellavita".to_owned(), SALON),
            1 => ("Clínica Santa Lucía".to_owned(), "santalucia".to_owned(), CLINIC),
            _ => {
                let (kind, offers) = KINDS[number % KINDS.len()];
                let round = number / KINDS.len();
                let title = TITLES[(round + 7 * number) % TITLES.len()];
                let again = round / TITLES.len() + 1;
                let name = if again > 1 { format!("{kind} {title} {again}") } else { format!("{kind} {title}") };
                (name.clone(), plain(&name), offers)
            }
        };
        Self { name, subdomain: format!("{subdomain}{suffix}"), offers }
    }
}

#[rustfmt::skip]
const KINDS: [(&str, &[Category]); 10] = [
    ("Estética", SALON), ("Clínica", CLINIC), ("Barbería", BARBER), ("Spa", SPA), ("Salón", SALON),
    ("Centro Médico", CLINIC), ("Studio", SALON), ("Casa de Bienestar", SPA), ("Peluquería", BARBER), ("Consultorio", CLINIC),
];
#[rustfmt::skip]
const TITLES: [&str; 30] = [
    "Aurora", "Jacaranda", "Los Ángeles", "San José", "Azucena", "El Encanto", "Bugambilia", "Alhelí", "Santa Inés",
    "Malinalli", "Luna Nueva", "La Güera", "Tres Marías", "Frida", "Esmeralda", "El Roble", "Citlalli", "Montserrat",
    "Del Ángel", "Quetzal", "Íntima", "Magnolia", "Doña Chuy", "Obsidiana", "Sor Juana", "El Pípila", "Vía Láctea",
    "Maguey", "Colibrí", "Ñandú",
];

#[rustfmt::skip]
const SALON: &[Category] = &[
    ("Cabello", &[
        ("Corte de dama", 45, 35_000), ("Corte de caballero", 30, 22_000), ("Tinte completo", 120, 125_050),
        ("Balayage", 180, 249_900), ("Tratamiento de keratina", 150, 189_999), ("Peinado para evento", 60, 68_000),
    ]),
    ("Uñas", &[("Manicure", 45, 25_050), ("Pedicure spa", 60, 38_900), ("Uñas de gel", 75, 45_000)]),
    ("Rostro", &[("Limpieza facial", 60, 59_990), ("Diseño de ceja", 30, 18_000), ("Maquillaje profesional", 75, 95_000)]),
];
#[rustfmt::skip]
const CLINIC: &[Category] = &[
    ("Consulta", &[
        ("Consulta general", 30, 60_000), ("Consulta de nutrición", 45, 75_050), ("Valoración dermatológica", 45, 98_000),
        ("Consulta de seguimiento", 20, 35_000),
    ]),
    ("Procedimientos", &[
        ("Limpieza dental", 45, 69_990), ("Resina dental", 60, 115_000), ("Peeling químico", 45, 139_900),
        ("Retiro de lunar", 40, 180_000), ("Curación", 20, 25_000),
    ]),
    ("Fisioterapia", &[("Sesión de fisioterapia", 60, 65_000), ("Rehabilitación de espalda", 75, 82_075), ("Punción seca", 30, 55_000)]),
];
#[rustfmt::skip]
const BARBER: &[Category] = &[
    ("Corte", &[
        ("Corte clásico", 30, 18_000), ("Corte y barba", 50, 32_050), ("Corte infantil", 30, 15_000), ("Degradado", 40, 24_990),
    ]),
    ("Barba", &[("Arreglo de barba", 25, 14_000), ("Afeitado con toalla caliente", 35, 21_075), ("Tinte de barba", 40, 26_000)]),
    ("Extras", &[("Mascarilla negra", 20, 12_000), ("Diseño de ceja", 15, 8_050), ("Masaje capilar", 20, 13_500)]),
];
#[rustfmt::skip]
const SPA: &[Category] = &[
    ("Masajes", &[
        ("Masaje relajante", 60, 85_000), ("Masaje de tejido profundo", 75, 109_990), ("Piedras calientes", 90, 135_050),
        ("Masaje prenatal", 60, 92_000),
    ]),
    ("Faciales", &[("Facial hidratante", 60, 78_000), ("Facial antiedad", 75, 115_025), ("Exfoliación corporal", 45, 69_900)]),
    ("Rituales", &[("Temazcal individual", 120, 160_000), ("Circuito de aguas", 150, 145_000), ("Aromaterapia", 45, 48_050)]),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_thousand_businesses_have_different_names() {
        let names: HashSet<_> = (0..1_000).map(|number| Business::numbered(number, "").subdomain).collect();
        assert_eq!(names.len(), 1_000);
    }

    #[test]
    fn every_business_offers_eight_to_fifteen_services() {
        for offers in [SALON, CLINIC, BARBER, SPA] {
            assert!((8..=15).contains(&offers.iter().map(|(_, offers)| offers.len()).sum::<usize>()));
        }
    }
}
