//! A pickup folder, and what in it may be mail. Only looks: nothing is opened, written or deleted here.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::ledger::{Entry, Stamp};

/// A folder that could be read when the server started.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// A folder cannot be used; a sentence for whoever named it.
#[derive(Debug)]
pub struct FolderError {
    /// As it was named.
    path: PathBuf,
    error: io::Error,
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match self.error.kind() {
            io::ErrorKind::NotFound => write!(
                f,
                "--pickup {path}: there is no such folder; make it (mkdir -p {path}), or name the one that your \
                 application writes its mail to"
            ),
            io::ErrorKind::NotADirectory => {
                write!(f, "--pickup {path}: that is a file; name the folder that your application writes its mail to")
            }
            _ => write!(f, "--pickup {path}: the folder cannot be read: {}; check that you may", self.error),
        }
    }
}

impl std::error::Error for FolderError {}

/// Files of one folder that are looked at; a folder with more is none of a test's.
pub const FILES_MAX: usize = 100_000;

impl Folder {
    /// The folder at `path`, if it can be read.
    ///
    /// # Errors
    /// It is not there, not a folder, or not ours to read.
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        match fs::read_dir(&absolute) {
            Ok(_) => Ok(Self(absolute)),
            Err(error) => Err(FolderError { path: path.to_owned(), error }),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The folders to watch: itself, and those of a Maildir.
    pub fn watched(&self) -> [PathBuf; 3] {
        [self.0.clone(), self.0.join(NEW), self.0.join(CUR)]
    }

    /// What may be mail in it. In a Maildir (it has `new` and `cur`) that is what lies in those two, which comes in
    /// there by a rename; the files beside them are the bookkeeping of mail programs. Else it is every file that is
    /// not hidden and not named as a temporary one.
    ///
    /// # Errors
    /// The folder is gone, or not ours to read any more.
    pub fn list(&self) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        let maildir = [self.0.join(NEW), self.0.join(CUR)];
        if maildir.iter().all(|folder| folder.is_dir()) {
            for folder in &maildir {
                files(folder, &mut entries, |path| Some((path.with_file_name(unflagged(path.file_name()?)), true)))?;
            }
            // Moved from `new` to `cur` during the look, it is listed twice.
            for entry in &mut entries {
                entry.key = entry.key.file_name().unwrap_or_default().into();
            }
            entries.sort_by(|a, b| a.key.cmp(&b.key));
            entries.dedup_by(|a, b| a.key == b.key);
        } else {
            files(&self.0, &mut entries, |path| Some((path.to_owned(), false)))?;
        }
        Ok(entries)
    }
}

const NEW: &str = "new";
const CUR: &str = "cur";

/// Adds the files of `folder`, as `known` tells their key and whether they came whole.
fn files(folder: &Path, entries: &mut Vec<Entry>, known: impl Fn(&Path) -> Option<(PathBuf, bool)>) -> io::Result<()> {
    for found in fs::read_dir(folder)?.take(FILES_MAX) {
        let path = found?.path();
        if path.file_name().is_none_or(is_temporary) {
            continue;
        }
        // What is gone by now is no concern; a link is what it leads to.
        let Ok(data) = fs::metadata(&path) else { continue };
        if !data.is_file() {
            continue;
        }
        let stamp = Stamp { bytes: data.len(), modified: data.modified().ok() };
        if let Some((key, whole)) = known(&path) {
            entries.push(Entry { key, path, stamp, whole });
        }
    }
    Ok(())
}

/// Names under which programs write what is not finished, or not meant for others.
fn is_temporary(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let endings = ["~", ".tmp", ".temp", ".part", ".partial", ".swp", ".lock"];
    name.starts_with(['.', '#']) || endings.iter().any(|ending| name.ends_with(ending))
}

/// `1795.M1P2.box:2,RS` is `1795.M1P2.box`; systems that allow no colon write `;` or `!`.
fn unflagged(name: &OsStr) -> PathBuf {
    let name = name.to_string_lossy();
    let end = [":2,", ";2,", "!2,"].iter().filter_map(|mark| name.find(mark)).min().unwrap_or(name.len());
    name[..end].into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(folder: &Folder) -> Vec<String> {
        let mut keys: Vec<_> = folder.list().unwrap().into_iter().map(|entry| entry.key).collect();
        keys.sort();
        keys.iter().map(|key| key.file_name().unwrap().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn temporary_and_hidden_files_and_folders_are_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        for name in
            ["a.eml", "bob@app.test", "20261124.log", ".a.eml.swp", ".hidden", "b.eml~", "c.tmp", "#d#", "e.part"]
        {
            fs::write(dir.path().join(name), "x").unwrap();
        }
        fs::create_dir(dir.path().join("folder")).unwrap();
        assert_eq!(keys(&Folder::open(dir.path()).unwrap()), ["20261124.log", "a.eml", "bob@app.test"]);
    }

    #[test]
    fn a_maildir_is_its_new_and_cur_whatever_the_flags() {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["new", "cur", "tmp", ".Sent"] {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        for name in ["new/1.M1.box", "cur/1.M1.box:2,S", "cur/2.M2.box:2,RS", "tmp/3.M3.box", "subscriptions"] {
            fs::write(dir.path().join(name), "x").unwrap();
        }
        let folder = Folder::open(dir.path()).unwrap();
        assert_eq!(keys(&folder), ["1.M1.box", "2.M2.box"]);
        assert!(folder.list().unwrap().iter().all(|entry| entry.whole));
    }

    #[test]
    fn what_cannot_be_a_folder_is_said() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("file"), "x").unwrap();
        let said = |name: &str| Folder::open(&dir.path().join(name)).unwrap_err().to_string();
        assert!(said("nowhere").contains("there is no such folder; make it (mkdir -p "));
        assert!(said("file").contains("that is a file"));
    }
}
