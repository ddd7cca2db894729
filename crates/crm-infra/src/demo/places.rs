//! Cities of Mexico and addresses in them.

use std::ops::RangeInclusive;

use chrono_tz::{America, Tz};

use super::dice::Dice;

pub(super) struct Place {
    pub(super) city: &'static str,
    pub(super) state: &'static str,
    pub(super) zone: Tz,
    areas: &'static [&'static str],
    postal_codes: RangeInclusive<u32>,
    neighbourhoods: &'static [&'static str],
}

impl Place {
    pub(super) fn area(&self, dice: &mut Dice) -> &'static str {
        dice.pick::<&str>(self.areas)
    }

    /// A street with house and neighbourhood, and a postal code.
    pub(super) fn address(&self, dice: &mut Dice) -> (String, String) {
        let (street, house) = (dice.pick(&STREETS), dice.number(1..=1850));
        let flat = dice.maybe(25, |dice| dice.number(1..=40)).map_or_else(String::new, |flat| format!(" Int. {flat}"));
        let address = format!("{street} {house}{flat}, Col. {}", dice.pick(self.neighbourhoods));
        (address, format!("{:05}", dice.number(self.postal_codes.clone())))
    }
}

/// Where a business is: the first two are fixed, the others go round the country.
pub(super) fn home_of(business: usize) -> &'static Place {
    &PLACES[business % PLACES.len()]
}

/// Where somebody lives: mostly nearby.
pub(super) fn near(home: &'static Place, dice: &mut Dice) -> &'static Place {
    if dice.percent(78) { home } else { dice.pick(&PLACES) }
}

#[rustfmt::skip]
const STREETS: [&str; 20] = [
    "Av. Insurgentes", "Av. Juárez", "Calle Hidalgo", "Av. Revolución", "Calle Morelos", "Blvd. Díaz Ordaz",
    "Calle 5 de Mayo", "Av. de la Constitución", "Calle Niños Héroes", "Calzada de Guadalupe", "Calle Álvaro Obregón",
    "Av. Universidad", "Calle Emiliano Zapata", "Av. Lázaro Cárdenas", "Calle Benito Juárez", "Privada Los Álamos",
    "Calle Río Pánuco", "Av. Vallarta", "Calle Jacarandas", "Cerrada del Ángel",
];

#[rustfmt::skip]
static PLACES: [Place; 16] = [
    place("Ciudad de México", "CDMX", America::Mexico_City, &["55", "56"], 1000..=16_900, &["Roma Norte", "Del Valle", "Narvarte", "Coyoacán", "Nápoles"]),
    place("Tijuana", "Baja California", America::Tijuana, &["664", "663"], 22_000..=22_700, &["Zona Río", "Playas", "Chapultepec", "Otay"]),
    place("Guadalajara", "Jalisco", America::Mexico_City, &["33"], 44_100..=44_990, &["Americana", "Providencia", "Analco", "Santa Tere"]),
    place("Mérida", "Yucatán", America::Merida, &["999"], 97_000..=97_300, &["Itzimná", "García Ginerés", "Montejo", "Chuburná"]),
    place("Monterrey", "Nuevo León", America::Monterrey, &["81"], 64_000..=64_990, &["Obispado", "Mitras Centro", "Cumbres", "Contry"]),
    place("Cancún", "Quintana Roo", America::Cancun, &["998"], 77_500..=77_570, &["Supermanzana 17", "Puerto Juárez", "Donceles"]),
    place("Hermosillo", "Sonora", America::Hermosillo, &["662"], 83_000..=83_299, &["Pitic", "San Benito", "Villa Satélite"]),
    place("Culiacán", "Sinaloa", America::Mazatlan, &["667"], 80_000..=80_299, &["Las Quintas", "Guadalupe", "Chapultepec"]),
    place("Chihuahua", "Chihuahua", America::Chihuahua, &["614"], 31_000..=31_390, &["San Felipe", "Santo Niño", "Quintas del Sol"]),
    place("León", "Guanajuato", America::Mexico_City, &["477", "479"], 37_000..=37_690, &["Jardines del Moral", "Centro", "Obregón"]),
    place("Querétaro", "Querétaro", America::Mexico_City, &["442"], 76_000..=76_250, &["Álamos", "Juriquilla", "Centro Histórico"]),
    place("Puebla", "Puebla", America::Mexico_City, &["222"], 72_000..=72_595, &["La Paz", "El Carmen", "Huexotitla"]),
    place("San Luis Potosí", "San Luis Potosí", America::Mexico_City, &["444"], 78_000..=78_430, &["Tequisquiapan", "Lomas", "De Águila"]),
    place("Oaxaca de Juárez", "Oaxaca", America::Mexico_City, &["951"], 68_000..=68_159, &["Reforma", "Jalatlaco", "Xochimilco"]),
    place("Ciudad Juárez", "Chihuahua", America::Ciudad_Juarez, &["656"], 32_000..=32_699, &["Partido Romero", "Campestre", "Los Ángeles"]),
    place("Tlaquepaque", "Jalisco", America::Mexico_City, &["33"], 45_500..=45_640, &["Centro", "La Duraznera", "El Álamo"]),
];

const fn place(
    city: &'static str,
    state: &'static str,
    zone: Tz,
    areas: &'static [&'static str],
    postal_codes: RangeInclusive<u32>,
    neighbourhoods: &'static [&'static str],
) -> Place {
    Place { city, state, zone, areas, postal_codes, neighbourhoods }
}
