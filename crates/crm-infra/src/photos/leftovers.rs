//! Files of writes that were cut off. `LocalFileSystem` writes `<name>#<number>` first and renames it when it is
//! complete; it hides such files from its listings.

use std::fs::DirEntry;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crm_domain::ids::UserId;
use crm_domain::value::PhotoName;

/// Removes leftovers in the folders of all users that were last written before this time.
pub(super) fn remove(folder: &Path, before: SystemTime) -> io::Result<u64> {
    let mut removed = 0;
    for tenant in folders(std::fs::read_dir(folder)?.collect::<io::Result<_>>()?) {
        for user in folders(entries(&tenant)?) {
            for file in entries(&user)? {
                removed += u64::from(is_leftover(&file) && is_removed(&file, before)?);
            }
        }
    }
    Ok(removed)
}

/// What is in a folder. One that is gone meanwhile is empty.
fn entries(folder: &Path) -> io::Result<Vec<DirEntry>> {
    unless_gone(std::fs::read_dir(folder))?.into_iter().flatten().collect()
}

/// Those that are folders of a tenant or a user. Others, such as `lost+found`, may not even be readable.
fn folders(entries: Vec<DirEntry>) -> impl Iterator<Item = PathBuf> {
    let is_id = |entry: &DirEntry| entry.file_name().to_str().is_some_and(|name| UserId::parse(name).is_ok());
    let is_folder = |entry: &DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    entries.into_iter().filter(move |entry| is_id(entry) && is_folder(entry)).map(|entry| entry.path())
}

fn is_leftover(file: &DirEntry) -> bool {
    let name = file.file_name();
    let Some((name, number)) = name.to_str().and_then(|name| name.split_once('#')) else { return false };
    name.parse::<PhotoName>().is_ok() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// Removes the file if it is old. One that is gone meanwhile belonged to a write that has just been completed.
fn is_removed(file: &DirEntry, before: SystemTime) -> io::Result<bool> {
    let Some(metadata) = unless_gone(file.metadata())? else { return Ok(false) };
    let is_old = metadata.is_file() && metadata.modified()? < before;
    Ok(is_old && unless_gone(std::fs::remove_file(file.path()))?.is_some())
}

fn unless_gone<T>(answer: io::Result<T>) -> io::Result<Option<T>> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
