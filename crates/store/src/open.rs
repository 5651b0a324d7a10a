//! Opening a store: which database, its settings, its tables.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::Migrator;
use sqlx::{AnyConnection, AnyPool, Connection, Executor};

use crate::postgres::{Server, Turn};
use crate::tally::Tally;
use crate::{StoreError, postgres, sqlite};

/// So many new rows make what a server knows of its tables wrong.
const MANY: usize = 1_000;
/// Connections kept open: readers go beside the one writer.
const CONNECTIONS: u32 = 4;

/// The tables, and every change to them.
static MIGRATIONS: Migrator = {
    let mut migrations = sqlx::migrate!();
    // sqlx would take an advisory lock, which not every engine has that talks like PostgreSQL. Two programs that start at once
    // are kept apart by a locked file, or by a row.
    migrations.locking = false;
    migrations
};
// They are run by `run_direct`, which is `run` without a conversion whose future can't be moved between threads.

/// The kinds of database, a closed set.
#[derive(Clone, Debug)]
pub(crate) enum Backend {
    Sqlite,
    Postgres(Server),
}

/// The registry of one office. Clones share its connections; several programs may have it open at once.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    backend: Backend,
    tally: Arc<Tally>,
}

impl Store {
    /// Opens the database at `url` and brings its tables up to date: `sqlite:///path/to/file`, or
    /// `postgres://user:password@host/database`. A SQLite file that is missing is made, readable and writable for its owner
    /// alone; a PostgreSQL database must be there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let store = match (sqlite::path_of(url), Server::of_url(url)) {
            (Some(path), _) => Self::open_sqlite(&path).await?,
            (None, Some(server)) => Self::open_postgres(server).await?,
            (None, None) => {
                return Err(StoreError::Url { url: url.split('@').next_back().unwrap_or(url).to_owned() });
            }
        };
        store.fill_search_terms().await?;
        store.fill_places().await?;
        Ok(store)
    }

    async fn open_sqlite(path: &Path) -> Result<Self, StoreError> {
        let lock = path.to_owned();
        let _lock = tokio::task::spawn_blocking(move || sqlite::take_lock(&lock))
            .await
            .expect("the lock is taken without panicking")?;
        sqlite::create_private(path)
            .map_err(|source| StoreError::File { path: path.display().to_string(), source })?;
        let options = AnyConnectOptions::from_str(&sqlite::sqlite_url(path))?;
        // A pool would try again and again where a single connection says at once what is wrong.
        let mut connection = AnyConnection::connect_with(&options).await?;
        set_up(&mut connection, &sqlite::SETTINGS).await?;
        MIGRATIONS.run_direct(None, &mut connection, false).await?;
        connection.close().await?;
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .after_connect(|connection, _| Box::pin(set_up(connection, &sqlite::SETTINGS)))
            .connect_lazy_with(options);
        Ok(Self { pool, backend: Backend::Sqlite, tally: Arc::default() })
    }

    async fn open_postgres(server: Server) -> Result<Self, StoreError> {
        let mut connection = server.connect().await?;
        server.demand_new_enough(&mut connection).await?;
        let turn = Turn::take(&server, "tables").await?;
        MIGRATIONS
            .run_direct(None, &mut connection, false)
            .await
            .map_err(|error| server.explain_migration(error))?;
        turn.end().await;
        connection.close().await?;
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(postgres::ACQUIRE_TIMEOUT)
            .after_connect(|connection, _| Box::pin(postgres::set_up(connection)))
            .connect_lazy_with(server.options().clone());
        Ok(Self { pool, backend: Backend::Postgres(server), tally: Arc::default() })
    }

    /// Ends its connections; what was acknowledged stays.
    pub async fn close(self) {
        self.pool.close().await;
    }

    pub(crate) fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// What this program has done with it since it was opened, clones and all.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    pub(crate) fn backend(&self) -> &Backend {
        &self.backend
    }

    /// Has the server look again at what its tables hold, after so many rows were written: until it does by itself, a minute later, it
    /// would read whole tables for a page. SQLite needs no such look.
    pub(crate) async fn look_again(&self, rows: usize) {
        if rows < MANY || matches!(self.backend, Backend::Sqlite) {
            return;
        }
        for table in ["ANALYZE households", "ANALYZE holders", "ANALYZE search_terms", "ANALYZE passes"] {
            // What was written is right without it.
            let _ = sqlx::query(table).execute(&self.pool).await;
        }
    }

    /// Waits until no other program does what takes long and touches everything: importing, signing. Two that did it at once
    /// would undo each other's work again and again. Short writes go on beside it.
    pub(crate) async fn turn(&self) -> Result<Option<Turn>, StoreError> {
        match &self.backend {
            // Its writers come one after the other anyway.
            Backend::Sqlite => Ok(None),
            Backend::Postgres(server) => Ok(Some(Turn::take(server, "long work").await?)),
        }
    }
}

async fn set_up(connection: &mut AnyConnection, settings: &[&'static str]) -> Result<(), sqlx::Error> {
    for setting in settings {
        connection.execute(*setting).await?;
    }
    Ok(())
}
