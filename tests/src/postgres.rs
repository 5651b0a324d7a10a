//! A PostgreSQL server for one test program: started by the first test that asks, gone when the program is.
//!
//! Knows nothing of tables. The crate `store` tests with it as well, and takes this file in by its path.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

/// The password of the server's owner, `office`.
pub const PASSWORD: &str = "not a real secret";

/// A server, listening at a socket in a folder of its own.
#[derive(Debug)]
pub struct Postgres {
    /// Stops the server when its standard input ends, which it does with this program, however that ends.
    keeper: Child,
    /// What the keeper hears and says.
    pub talk: Mutex<(Option<ChildStdin>, BufReader<ChildStdout>)>,
    programs: PathBuf,
    /// The folder of its socket.
    pub folder: String,
}

impl Postgres {
    /// The server of this test program.
    ///
    /// # Panics
    /// When PostgreSQL isn't installed, or doesn't start.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SERVER: OnceLock<Postgres> = OnceLock::new();
        SERVER.get_or_init(Self::start)
    }

    /// The URL of a fresh database.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn database(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let name = format!("office_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        self.url("office", PASSWORD, &name)
    }

    /// The URL of a database as a user with a password sees it.
    #[must_use]
    pub fn url(&self, user: &str, password: &str, database: &str) -> String {
        let password = password.replace(' ', "%20");
        format!("postgres://{user}:{password}@localhost/{database}?host={}", self.folder)
    }

    /// What a statement of SQL answers, as text; for what the programs under test have no command for.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn sql(&self, database: &str, statement: &str) -> String {
        let output = Command::new(self.programs.join("psql"))
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"])
            .args([
                "--host",
                &self.folder,
                "--username",
                "office",
                "--dbname",
                database,
                "--command",
                statement,
            ])
            .env("PGPASSWORD", PASSWORD)
            .output()
            .expect("psql comes with the server");
        assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("the database is in UTF-8").trim().to_owned()
    }

    /// A server of its own.
    ///
    /// # Panics
    /// As [`Postgres::shared`].
    #[must_use]
    pub fn start() -> Self {
        let programs =
            programs().expect("PostgreSQL is missing: run cargo xtask test, or install postgresql");
        // initdb refuses to be run by root.
        let mut command = match is_root() {
            true => {
                let mut command = Command::new("runuser");
                command.args(["-u", "postgres", "--", "sh"]);
                command
            }
            false => Command::new("sh"),
        };
        command.args(["-c", include_str!("postgres.sh"), "postgres.sh"]).arg(&programs).arg(PASSWORD);
        command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut keeper = command.spawn().expect("there is a shell");
        let mut folder = String::new();
        let mut output = BufReader::new(keeper.stdout.take().expect("it was piped"));
        let _ = output.read_line(&mut folder).expect("a path is text");
        let talk = Mutex::new((keeper.stdin.take(), output));
        let folder = folder.trim().to_owned();
        assert!(!folder.is_empty(), "PostgreSQL did not start; it said why above");
        Self { keeper, talk, programs, folder }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Its input ends, and it cleans up.
        if let Ok(mut talk) = self.talk.lock() {
            talk.0 = None;
        }
        let _ = self.keeper.wait();
    }
}

/// The folder of the newest server's programs: Debian keeps them off the path.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok().into_iter().flatten().flatten();
    let number = |folder: &std::fs::DirEntry| folder.file_name().to_str()?.parse::<u32>().ok();
    let newest = versions.filter_map(|folder| Some((number(&folder)?, folder.path().join("bin")))).max();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = newest.into_iter().map(|(_, folder)| folder).chain(std::env::split_paths(&path));
    folders.find(|folder| folder.join("postgres").exists() && folder.join("initdb").exists())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
