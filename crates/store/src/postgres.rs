//! PostgreSQL, and engines that talk like it: reaching the server, the settings of a connection, whose turn it is.
//!
//! Nothing here asks for more than such engines share: no advisory locks, no LISTEN, no functions of the server's own.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use sqlx::any::AnyConnectOptions;
use sqlx::migrate::MigrateError;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AnyConnection, Connection, Executor};

use crate::StoreError;
use crate::write::{Patience, clash};

/// A server that doesn't answer within this time is told as unreachable.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a query waits for a connection that isn't busy.
pub(crate) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(60);

/// The oldest server that will do: PostgreSQL 11, on which the oldest engines still in use are built. Tested with 15.
const OLDEST: i64 = 11_00_00;

/// What every connection is set to: how long it waits for another's lock, how soon the server forgets a program whose machine
/// died with a lock in its hands, and that notices (a commit that clashed is rolled back twice, for one) are not sent. An engine
/// that doesn't know one of these goes without.
const SETTINGS: [&str; 5] = [
    "SET client_min_messages = 'error'",
    "SET lock_timeout = '120s'",
    "SET tcp_keepalives_idle = '30s'",
    "SET tcp_keepalives_interval = '10s'",
    "SET tcp_keepalives_count = 3",
];

/// One that waits for its turn waits for the longest import.
const TURN_TIMEOUT: &str = "SET lock_timeout = '30min'";

/// Where the database is.
#[derive(Clone)]
pub(crate) struct Server {
    options: AnyConnectOptions,
    /// User, host, port and database; no password.
    name: String,
    user: String,
    database: String,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Server").field(&self.name).finish()
    }
}

impl Server {
    /// The server of a URL that begins `postgres:` or `postgresql:`. What the URL leaves out comes from libpq's variables.
    pub(crate) fn of_url(url: &str) -> Option<Self> {
        if !url.starts_with("postgres:") && !url.starts_with("postgresql:") {
            return None;
        }
        let options = AnyConnectOptions::from_str(url).ok()?;
        let details = PgConnectOptions::from_str(url).ok()?;
        let host = match details.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => details.get_host().to_owned(),
        };
        let user = details.get_username().to_owned();
        let database = details.get_database().unwrap_or(&user).to_owned();
        let name = format!("{user}@{host}:{}/{database}", details.get_port());
        Some(Self { options, name, user, database })
    }

    pub(crate) fn options(&self) -> &AnyConnectOptions {
        &self.options
    }

    /// A connection beside the pool's.
    pub(crate) async fn connect(&self) -> Result<AnyConnection, StoreError> {
        let connecting = AnyConnection::connect_with(&self.options);
        let mut connection = match tokio::time::timeout(CONNECT_TIMEOUT, connecting).await {
            Ok(connected) => connected.map_err(|error| self.explain(error))?,
            Err(_) => {
                let why = format!("no answer within {} seconds", CONNECT_TIMEOUT.as_secs());
                return Err(StoreError::Unreachable { server: self.name.clone(), why });
            }
        };
        set_up(&mut connection).await?;
        Ok(connection)
    }

    /// Refuses servers that lack what the queries need.
    pub(crate) async fn demand_new_enough(&self, connection: &mut AnyConnection) -> Result<(), StoreError> {
        let version: String = sqlx::query_scalar("SHOW server_version_num").fetch_one(connection).await?;
        match is_new_enough(&version) {
            true => Ok(()),
            false => Err(StoreError::TooOld { found: version, oldest: OLDEST }),
        }
    }

    /// Says what a failed migration means where the database was merely told to refuse it.
    pub(crate) fn explain_migration(&self, error: MigrateError) -> StoreError {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)
                if code_of(&error).is_some_and(|code| code == "42501") =>
            {
                self.explain(error)
            }
            other => other.into(),
        }
    }

    /// What a refusal means, by the SQLSTATE (PostgreSQL's manual, appendix A).
    fn explain(&self, error: sqlx::Error) -> StoreError {
        let server = self.name.clone();
        let code = code_of(&error);
        match (code.as_deref(), &error) {
            (Some("28P01" | "28000" | "42501"), _) => {
                StoreError::Denied { server, user: self.user.clone(), why: told(&error) }
            }
            (Some("3D000"), _) => StoreError::NoDatabase { server, database: self.database.clone() },
            (Some("53300" | "57P03"), _)
            | (None, sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_)) => {
                StoreError::Unreachable { server, why: told(&error) }
            }
            _ => error.into(),
        }
    }
}

/// Settings that the engine may lack are left; anything else is an error.
pub(crate) async fn set_up(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for setting in SETTINGS {
        courtesy(connection, setting).await?;
    }
    Ok(())
}

async fn courtesy(connection: &mut AnyConnection, setting: &'static str) -> Result<(), sqlx::Error> {
    match connection.execute(setting).await {
        // Unknown parameter, unsupported value, not supported at all.
        Err(error) if matches!(code_of(&error).as_deref(), Some("42704" | "22023" | "0A000")) => Ok(()),
        other => other.map(|_| ()),
    }
}

/// Somebody's turn to do what only one program should do at a time: a row of the table `turns`, held by a transaction that
/// is never committed. It ends with [`Turn::end`], with the program, or with its connection, whichever comes first; those who
/// wait get it in the order they came. It saves work, and nothing relies on it for what is right.
#[derive(Debug)]
pub(crate) struct Turn {
    connection: AnyConnection,
}

impl Turn {
    /// Waits for it.
    pub(crate) async fn take(server: &Server, name: &'static str) -> Result<Self, StoreError> {
        let mut connection = server.connect().await?;
        courtesy(&mut connection, TURN_TIMEOUT).await?;
        let mut patience = Patience::default();
        loop {
            match try_take(&mut connection, name).await {
                Ok(()) => return Ok(Self { connection }),
                Err(error) => {
                    let clash = clash(&error);
                    let error = server.explain(error);
                    connection.execute("ROLLBACK").await?;
                    if !patience.once_more(clash).await {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// Lets the next one in.
    pub(crate) async fn end(self) {
        // A connection that can't even say farewell is lost, and the server ends the transaction by itself.
        let _ = self.connection.close().await;
    }
}

async fn try_take(connection: &mut AnyConnection, name: &'static str) -> Result<(), sqlx::Error> {
    connection
        .execute("CREATE TABLE IF NOT EXISTS turns (name TEXT NOT NULL PRIMARY KEY, taken BIGINT NOT NULL)")
        .await?;
    connection.execute("BEGIN").await?;
    sqlx::query(
        "INSERT INTO turns (name, taken) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET taken = turns.taken + 1",
    )
    .bind(name)
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// The SQLSTATE.
fn code_of(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}

/// What the server or the system says, without what sqlx says around it.
fn told(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => error.to_string(),
        other => other.to_string(),
    }
}

fn is_new_enough(version: &str) -> bool {
    version.trim().parse::<i64>().is_ok_and(|version| version >= OLDEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_without_its_password() {
        sqlx::any::install_default_drivers();
        let server =
            Server::of_url("postgres://office:secret@db.example:5433/sanse?sslmode=require").unwrap();
        assert_eq!(format!("{server:?}"), r#"Server("office@db.example:5433/sanse")"#);
        let server = Server::of_url("postgresql://office@localhost/sanse?host=/run/postgresql").unwrap();
        assert!(server.name.contains("/run/postgresql"), "{server:?}");
        for url in ["mysql://x", "postgres", "postgres://[", "", "sqlite://x"] {
            assert!(Server::of_url(url).is_none(), "{url}");
        }
    }

    #[test]
    fn old_servers() {
        for (version, will_do) in [
            ("90624", false),
            ("100023", false),
            ("110002", true),
            ("150019", true),
            ("", false),
            ("x", false),
        ] {
            assert_eq!(is_new_enough(version), will_do, "{version}");
        }
    }
}
