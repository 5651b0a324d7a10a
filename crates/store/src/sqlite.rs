//! SQLite: the path in a URL, a file for its owner alone, the settings of a connection.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use crate::StoreError;

/// What every connection to SQLite is set to: a writer waits two minutes for another, because a long import is one
/// transaction; a commit is on the disk before it is acknowledged.
pub(crate) const SETTINGS: [&str; 5] = [
    "PRAGMA busy_timeout = 120000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -16384",
];

/// The URL of a SQLite file.
#[must_use]
pub fn sqlite_url(path: &Path) -> String {
    let mut url = String::from("sqlite://");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                url.push(char::from(*byte));
            }
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url
}

/// The path in `sqlite:///absolute`, `sqlite://relative` or `sqlite:relative`; percent signs decoded.
pub(crate) fn path_of(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let mut bytes = Vec::with_capacity(rest.len());
    let mut left = rest.as_bytes();
    while let [first, after @ ..] = left {
        let coded = match (first, after.get(..2)) {
            (b'%', Some(hex)) => {
                std::str::from_utf8(hex).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok())
            }
            _ => None,
        };
        bytes.push(coded.unwrap_or(*first));
        left = if coded.is_some() { &after[2..] } else { after };
    }
    let path = String::from_utf8(bytes).ok()?;
    (!path.is_empty() && !path.starts_with(':')).then(|| PathBuf::from(path))
}

/// Waits until no other program is making or changing the tables. Released when dropped.
pub(crate) fn take_lock(database: &Path) -> Result<File, StoreError> {
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    let path = PathBuf::from(path);
    let named = |source| StoreError::File { path: path.display().to_string(), source };
    let file = create_private(&path).map_err(named)?;
    file.lock().map_err(named)?;
    Ok(file)
}

/// Opens a file; a new one is for its owner alone, and SQLite gives its WAL the same rights.
pub(crate) fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_and_paths() {
        for path in ["/var/lib/sanse/registry.sqlite", "data/registry.sqlite", "/社区 1/50%/a?b#c.sqlite"] {
            assert_eq!(path_of(&sqlite_url(Path::new(path))).as_deref(), Some(Path::new(path)));
        }
        assert_eq!(path_of("sqlite:registry.sqlite").as_deref(), Some(Path::new("registry.sqlite")));
        for url in ["sqlite:", "sqlite::memory:", "postgres://x", "", "sqlite://%FF"] {
            assert_eq!(path_of(url), None, "{url}");
        }
    }
}
