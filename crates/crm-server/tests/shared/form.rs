//! Bodies of `multipart/form-data`, written byte by byte, so that they can be wrong in every way.

/// What separates the parts of every form here.
pub(crate) const BOUNDARY: &str = "frontera";
/// The content type of every form here.
pub(crate) const FORM: &str = "multipart/form-data; boundary=frontera";

/// A form that is not finished.
#[derive(Clone, Default)]
pub(crate) struct Form(Vec<u8>);

impl Form {
    /// Adds a part with these header lines.
    pub(crate) fn part(mut self, headers: &str, content: impl AsRef<[u8]>) -> Self {
        self.0.extend(format!("--{BOUNDARY}\r\n{headers}\r\n\r\n").bytes());
        self.0.extend(content.as_ref());
        self.raw("\r\n")
    }

    /// Adds a field.
    pub(crate) fn text(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.part(&format!("Content-Disposition: form-data; name=\"{name}\""), value)
    }

    /// Adds the file, as a browser describes it.
    pub(crate) fn file(self, content: impl AsRef<[u8]>) -> Self {
        self.file_called("foto.jpg", "image/jpeg", content)
    }

    /// Adds the file under any name and content type.
    pub(crate) fn file_called(self, name: &str, content_type: &str, content: impl AsRef<[u8]>) -> Self {
        let disposition = format!("Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"");
        self.part(&format!("{disposition}\r\nContent-Type: {content_type}"), content)
    }

    /// Adds whatever this is.
    pub(crate) fn raw(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.0.extend(bytes.as_ref());
        self
    }

    /// The body, finished.
    pub(crate) fn end(self) -> Vec<u8> {
        self.raw(format!("--{BOUNDARY}--\r\n")).0
    }

    /// The body, cut off where it is.
    pub(crate) fn cut(self) -> Vec<u8> {
        self.0
    }
}

/// The form that gives a user a photo.
pub(crate) fn upload(user: &str, file: &[u8]) -> Vec<u8> {
    Form::default().file(file).text("userId", user).end()
}
