use super::{say, words};

words! {
    /// The photo.
    Photo {
        title: "Foto" / "Photo",
        choose: "Elige una foto" / "Choose a photo",
        limits: "JPG, PNG o WebP, de menos de 5 MB y hasta 25 megapíxeles." / "JPG, PNG or WebP, smaller than 5 MB and up to 25 megapixels.",
        upload: "Guardar foto" / "Save photo",
        replace: "Cambiar foto" / "Change photo",
        remove: "Quitar foto" / "Remove photo",
        none: "Sin foto: se muestran las iniciales." / "No photo: the initials are shown.",
        preview: "Vista previa" / "Preview",
        uploading: "Subiendo foto" / "Uploading photo",
        failed: "No se pudo subir la foto. Revisa tu conexión y vuelve a intentar." / "The photo could not be uploaded. Check your connection and try again.",
        required: "Elige una foto" / "Choose a photo",
        wrong_type: "La foto debe ser JPG, PNG o WebP" / "The photo must be a JPG, PNG or WebP",
        too_large: "La foto debe pesar menos de 5 MB" / "The photo must be smaller than 5 MB",
        too_many_pixels: "La foto es demasiado grande (máximo 25 megapíxeles)" / "The photo is too large (25 megapixels maximum)",
        unreadable: "No pudimos leer la foto. Prueba con otra." / "We couldn't read the photo. Try another one.",
    }
}

impl Photo {
    /// What the picture shows.
    pub(crate) fn of(&self, name: &str) -> String {
        say!(self.language, "Foto de {name}", "Photo of {name}")
    }
}
