//! The session secret that embedded mode makes for itself, so that `cargo run` needs no set-up.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context as _, bail};
use secrecy::SecretString;

const FILE_NAME: &str = "session-secret";
const RANDOM_BYTES: usize = 48;
const SHORTEST: usize = 32;

/// The secret kept in the data folder; made and kept there on first use.
/// Processes that start together end up with the same one.
pub(crate) fn load_or_create(data_dir: &Path) -> anyhow::Result<SecretString> {
    let path = data_dir.join(FILE_NAME);
    if let Some(secret) = load(&path)? {
        return Ok(secret);
    }
    create(data_dir, &path).with_context(|| format!("cannot make {}", path.display()))?;
    load(&path)?.with_context(|| format!("{} vanished as soon as it was made", path.display()))
}

fn load(path: &Path) -> anyhow::Result<Option<SecretString>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let secret = text.trim();
    if secret.len() < SHORTEST {
        bail!("{} holds no usable secret; delete it to have a new one made (this ends all sessions)", path.display());
    }
    Ok(Some(secret.into()))
}

/// Writes a private file and then links it into place: the link appears whole or not at all,
/// and does nothing if another process was first.
fn create(data_dir: &Path, path: &Path) -> io::Result<()> {
    crate::wire::private_folder(data_dir)?;
    let draft = data_dir.join(format!("{FILE_NAME}.{}", hex::encode(rand::random::<[u8; 8]>())));
    let linked =
        write_private(&draft, &hex::encode(rand::random::<[u8; RANDOM_BYTES]>())).and_then(|()| fs::hard_link(&draft, path));
    let _ = fs::remove_file(&draft);
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = private_file(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::thread;

    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_secret_is_made_once_kept_private_and_reused() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = folder.path().join("data");

        let first = load_or_create(&data_dir).unwrap();
        let second = load_or_create(&data_dir).unwrap();

        assert_eq!(first.expose_secret().len(), 2 * RANDOM_BYTES);
        assert_eq!(first.expose_secret(), second.expose_secret());
        let mode = fs::metadata(data_dir.join(FILE_NAME)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn processes_that_start_together_get_the_same_secret_and_leave_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let start = || load_or_create(folder.path()).unwrap().expose_secret().to_owned();

        let secrets: Vec<String> = thread::scope(|scope| {
            let threads: Vec<_> = (0..16).map(|_| scope.spawn(start)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });

        assert!(secrets.iter().all(|secret| *secret == secrets[0]));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn two_data_folders_have_two_secrets() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let one = load_or_create(one.path()).unwrap();
        let other = load_or_create(other.path()).unwrap();
        assert_ne!(one.expose_secret(), other.expose_secret());
    }

    #[test]
    fn a_damaged_secret_file_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        fs::write(&path, "short\n").unwrap();

        let error = load_or_create(folder.path()).unwrap_err().to_string();

        assert!(error.contains("delete it to have a new one made"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "short\n");
    }
}
