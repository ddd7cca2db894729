//! Names of people in Mexico, common ones first.

use crm_domain::profile::Gender;

use super::dice::Dice;

#[rustfmt::skip]
const WOMEN: [&str; 60] = [
    "María Guadalupe", "Sofía", "María Fernanda", "Alejandra", "Verónica", "Ana María", "Gabriela", "Leticia",
    "Juana", "Rosa María", "Valentina", "Mariana", "Ximena", "Ana Sofía", "Patricia", "Margarita", "Adriana",
    "Luz María", "Daniela", "Andrea", "María del Carmen", "Claudia", "Karla", "Renata", "Mónica", "Regina", "Lucía",
    "Paola", "Silvia", "Beatriz", "Martha", "Ana Karen", "Itzel", "Camila", "Norma", "Yolanda", "Rocío", "Araceli",
    "Elizabeth", "Brenda", "Miriam", "Jimena", "Inés", "Graciela", "Maribel", "Lourdes", "Esperanza", "Citlali",
    "Noemí", "Ángela", "Xóchitl", "María José", "Belén", "Úrsula", "Nayeli", "Rebeca", "Ana Belén", "Eréndira",
    "Zoé", "Begoña",
];
#[rustfmt::skip]
const MEN: [&str; 60] = [
    "José Luis", "Juan Carlos", "Miguel Ángel", "Alejandro", "Francisco", "Luis", "Jesús", "Antonio", "Santiago",
    "Pedro", "Roberto", "Fernando", "Diego", "José Antonio", "Ricardo", "Carlos", "Jorge", "Sebastián", "Eduardo",
    "Emiliano", "Raúl", "Ángel", "Manuel", "Javier", "Sergio", "Luis Fernando", "Óscar", "Martín", "Daniel", "Rafael",
    "Héctor", "Andrés", "José María", "Arturo", "Enrique", "Gerardo", "Víctor Manuel", "Mateo", "Iván", "Alberto",
    "Guillermo", "Rubén", "César", "Leonardo", "Adrián", "Ignacio", "Salvador", "Ramón", "Hugo", "Marco Antonio",
    "Joaquín", "Gustavo", "Felipe", "Julián", "Ulises", "Cuauhtémoc", "Íñigo", "Tomás", "Nicolás", "Eligio",
];
#[rustfmt::skip]
const SURNAMES: [&str; 110] = [
    "Hernández", "García", "Martínez", "López", "González", "Pérez", "Rodríguez", "Sánchez", "Ramírez", "Cruz",
    "Flores", "Gómez", "Morales", "Vázquez", "Jiménez", "Reyes", "Díaz", "Torres", "Gutiérrez", "Ruiz", "Mendoza",
    "Aguilar", "Ortiz", "Moreno", "Castillo", "Romero", "Álvarez", "Méndez", "Chávez", "Rivera", "Juárez", "Ramos",
    "Domínguez", "Herrera", "Medina", "Castro", "Vargas", "Guzmán", "Velázquez", "Muñoz", "Rojas", "de la Cruz",
    "Contreras", "Salazar", "Luna", "Ortega", "Santiago", "Guerrero", "Estrada", "Bautista", "Cortés", "Soto",
    "Alvarado", "Espinoza", "Lara", "Ávila", "Ríos", "Cervantes", "Silva", "Delgado", "Vega", "Márquez", "Sandoval",
    "Carrillo", "León", "Mejía", "Solís", "Núñez", "Rosas", "Valdez", "Fuentes", "Campos", "Nava", "Cárdenas",
    "Camacho", "Maldonado", "Ibarra", "Rangel", "Pacheco", "Acosta", "Peña", "Rosales", "Figueroa", "Orozco",
    "Cabrera", "Trejo", "Miranda", "Zamora", "Ochoa", "Villanueva", "Escobar", "Montes", "Ayala", "Arellano",
    "Zúñiga", "Galván", "Bernal", "Saldaña", "Cisneros", "Ibáñez", "Treviño", "Garza", "Uribe", "Quiñones", "Güemes",
    "Yáñez", "Argüello", "Echeverría", "Pech", "Xicoténcatl",
];
const COMMON: [Gender; 2] = [Gender::Female, Gender::Male];

/// A name: one or two first names, one or two surnames.
pub(super) struct Name {
    pub(super) first: &'static str,
    pub(super) last: String,
    pub(super) gender: Gender,
}

impl Name {
    pub(super) fn any(dice: &mut Dice) -> Self {
        // Salons and clinics see more women.
        let gender = COMMON[usize::from(dice.percent(35))];
        let first = *dice.pick_common(if gender == Gender::Female { &WOMEN } else { &MEN });
        let father = dice.pick_common(&SURNAMES);
        let last = match dice.maybe(93, |dice| dice.pick_common(&SURNAMES)) {
            Some(mother) => format!("{father} {mother}"),
            None => (*father).to_owned(),
        };
        Self { first, last, gender }
    }

    pub(super) fn full(&self) -> String {
        format!("{} {}", self.first, self.last)
    }

    /// The part of an e-mail address before the `@`, unique by the number.
    pub(super) fn mailbox(&self, number: u64, dice: &mut Dice) -> String {
        let first = plain(self.first.split(' ').next().unwrap_or_default());
        let last = plain(self.last.split(' ').find(|word| word.len() > 2).unwrap_or_default());
        match dice.number(0..=3) {
            0 => format!("{last}.{first}{number}"),
            1 => format!("{first}{last}{number}"),
            _ => format!("{first}.{last}{number}"),
        }
    }
}

/// Lower-case letters and digits only, without accents.
pub(super) fn plain(text: &str) -> String {
    let unaccented = |letter: char| {
        let found = migration::FOLD_LETTERS.iter().find(|(_, variants)| variants.contains(letter));
        found.map_or(letter, |(plain, _)| *plain)
    };
    text.chars().map(unaccented).filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
