//! Opening a store: which database, its settings, its tables.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{Any, AnyConnection, AnyPool, Connection, Executor, Transaction};

use crate::StoreError;

/// Connections kept open: readers go beside the one writer.
const CONNECTIONS: u32 = 4;
/// What every connection to SQLite is set to: a writer waits two minutes for another, because a long import is one
/// transaction; a commit is on the disk before it is acknowledged.
const SQLITE_SETTINGS: [&str; 5] = [
    "PRAGMA busy_timeout = 120000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -16384",
];

/// The kinds of database, a closed set.
#[derive(Clone, Copy, Debug)]
enum Backend {
    Sqlite,
}

impl Backend {
    /// How a transaction begins that will write: two writers must not both read what only one may change.
    fn begin_writing(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
        }
    }
}

/// The registry of one office. Clones share its connections; several programs may have it open at once.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    backend: Backend,
}

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

impl Store {
    /// Opens the database at `url` and brings its tables up to date. A SQLite file that is missing is made, readable and
    /// writable for its owner alone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let Some(path) = sqlite_path(url) else {
            return Err(StoreError::Url { url: url.split('@').next_back().unwrap_or(url).to_owned() });
        };
        sqlx::any::install_default_drivers();
        let lock = path.clone();
        let _lock = tokio::task::spawn_blocking(move || take_lock(&lock))
            .await
            .expect("the lock is taken without panicking")?;
        create_private(&path)
            .map_err(|source| StoreError::File { path: path.display().to_string(), source })?;
        let options: AnyConnectOptions = sqlite_url(&path).parse()?;
        // A pool would try again and again where a single connection says at once what is wrong.
        let mut connection = AnyConnection::connect_with(&options).await?;
        set_up(&mut connection).await?;
        sqlx::migrate!().run(&mut connection).await?;
        connection.close().await?;
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .after_connect(|connection, _| Box::pin(set_up(connection)))
            .connect_lazy_with(options);
        Ok(Self { pool, backend: Backend::Sqlite })
    }

    /// Ends its connections; what was acknowledged stays.
    pub async fn close(self) {
        self.pool.close().await;
    }

    pub(crate) fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// Starts a transaction that will write. Dropping it undoes everything.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Any>, StoreError> {
        Ok(self.pool.begin_with(self.backend.begin_writing()).await?)
    }
}

async fn set_up(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for setting in SQLITE_SETTINGS {
        connection.execute(setting).await?;
    }
    Ok(())
}

/// The path in `sqlite:///absolute`, `sqlite://relative` or `sqlite:relative`; percent signs decoded.
fn sqlite_path(url: &str) -> Option<PathBuf> {
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
fn take_lock(database: &Path) -> Result<File, StoreError> {
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    let path = PathBuf::from(path);
    let named = |source| StoreError::File { path: path.display().to_string(), source };
    let file = create_private(&path).map_err(named)?;
    file.lock().map_err(named)?;
    Ok(file)
}

/// Opens a file; a new one is for its owner alone, and SQLite gives its WAL the same rights.
fn create_private(path: &Path) -> std::io::Result<File> {
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
            assert_eq!(sqlite_path(&sqlite_url(Path::new(path))).as_deref(), Some(Path::new(path)));
        }
        assert_eq!(sqlite_path("sqlite:registry.sqlite").as_deref(), Some(Path::new("registry.sqlite")));
        for url in ["sqlite:", "sqlite::memory:", "postgres://x", "", "sqlite://%FF"] {
            assert_eq!(sqlite_path(url), None, "{url}");
        }
    }
}
