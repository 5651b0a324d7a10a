//! The commands: each opens what it needs, does one thing, and tells it in the reader's language.

mod account;
mod backup;
mod bundle;
mod closure;
mod decide;
mod duty;
mod exempt;
mod export;
mod gate;
mod import;
mod keygen;
mod notice;
mod office;
mod passages;
mod passes;
mod print;
mod progress;
mod purge;
mod rules;
mod serve;
mod sheet;
mod sign;
mod simulate;
mod specimen;
mod staff;
mod status_list;
mod stick;
mod trust;
mod update;
mod who;

use std::path::PathBuf;
use std::sync::Arc;

use pass::{Clock, SigningKey, Timestamp, TrustedKey};
use protocol::ReceiverKey;
use store::{Act, Compound, Store, StoreError};

use crate::cards::CannotSign;
use crate::cli::{Cli, Task};
use crate::exchange::Hands;
use crate::keys::{KeyFiles, Passphrase, PemError, RegistryKey};
use crate::people;
use crate::words::Language;
use crate::words::cards::Told;
use crate::words::cli::Message;
use crate::words::programs::AboutProgram;
use crate::words::{keys as key_words, store as store_words};

/// Who did it, in the audit log, when it was done at the command line.
const AT_THE_COMMAND_LINE: &str = "command line";

/// Why a command did not do its work.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// Keys exist, and are never overwritten.
    KeysExist(PathBuf),
    /// There are no keys yet.
    NoKeys(PathBuf),
    /// A private key can't be used.
    Key(PemError),
    /// There is no such compound.
    NoCompound {
        /// What was asked for.
        name: String,
        /// Those that exist.
        others: Vec<String>,
    },
    /// The issuer key may not sign for the compound.
    NotCovered(Compound),
    /// The issuer key ends too soon to sign anything.
    KeyEnds,
    /// There is nothing to print.
    NothingToPrint,
    /// A file can't be written.
    CannotWrite(PathBuf, std::io::Error),
    /// Told by a part of the program that has its own words.
    Told(String),
    /// The rest: the chain of causes.
    Other(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Problem {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

impl From<CannotSign> for Problem {
    fn from(why: CannotSign) -> Self {
        match why {
            CannotSign::NotCovered(compound) => Self::NotCovered(compound),
            CannotSign::KeyEnds => Self::KeyEnds,
        }
    }
}

impl Problem {
    /// What is wrong and what to do.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let message = match self {
            Self::KeysExist(path) => return key_words::exists(&path.display().to_string(), language),
            Self::Key(error) => return key_words::problem(error, language),
            Self::Told(text) => return text.clone(),
            Self::Other(error) => {
                return match error.downcast_ref::<StoreError>() {
                    Some(error) => store_words::problem(error, language),
                    None => format!("{error:#}"),
                };
            }
            Self::NoKeys(folder) => Message::NoKeys { folder },
            Self::NoCompound { name, others } => {
                let others = others.join(language.choose("、", ", "));
                return Message::NoCompound { name, others: &others }.text(language);
            }
            Self::NotCovered(compound) => {
                Message::CompoundNotCovered { name: &compound.name, number: compound.id.0 }
            }
            Self::KeyEnds => Message::KeyEnds,
            Self::NothingToPrint => Message::NothingToPrint,
            Self::CannotWrite(path, why) => {
                return Message::CannotWrite { path, why: &why.to_string() }.text(language);
            }
        };
        message.text(language)
    }
}

/// Runs a command to its end.
///
/// # Errors
/// [`Problem`], for the person at the terminal.
pub async fn run(cli: Cli, language: Language, clock: Arc<dyn Clock>) -> Result<(), Problem> {
    let database = cli.database.filter(|url| !url.is_empty());
    let desk = Desk { folder: cli.data, database, language, clock };
    match cli.task {
        Task::Keygen(options) => keygen::run(&desk, &options),

        Task::Sign(options) => sign::run(&desk, &options).await,
        Task::Print(options) => print::run(&desk, &options).await,
        Task::Sheet(task) => sheet::run(&desk, &task).await,
        Task::Notice(task) => notice::run(&desk, &task).await,
        Task::Specimen(options) => specimen::run(&desk, &options).await,
        Task::Office(task) => office::run(&desk, &task).await,
        Task::Keys => {
            desk.trusted()?;
            let set = desk.key_files().jwk_set()?;
            tell(&serde_json::to_string_pretty(&set)?)
        }
        Task::Bundle(options) => bundle::run(&desk, &options).await,
        Task::Simulate(task) => simulate::run(&desk, &task).await,
        Task::Trust(task) => trust::run(&desk, &task),
        Task::Update(task) => update::run(&desk, &task),
        Task::StatusList(task) => status_list::run(&desk, &task).await,
        Task::Stick(task) => stick::run(&desk, &task).await,
        Task::Gate(task) => gate::run(&desk, &task).await,
        Task::Gates { troubles } => gate::list(&desk, troubles).await,
        Task::Account(task) => account::run(&desk, &task).await,
        Task::Staff(task) => staff::run(&desk, &task).await,
        Task::Duty(task) => duty::run(&desk, &task).await,
        Task::Closure(task) => closure::run(&desk, &task).await,
        Task::Exempt(task) => exempt::run(&desk, &task).await,
        Task::Rules(task) => rules::run(&desk, &task).await,
        Task::Import { roster, dry_run } => import::run(&desk, &roster, dry_run).await,
        Task::Purge(options) => purge::run(&desk, &options).await,
        Task::Export(options) => export::run(&desk, &options).await,
        Task::Template { out } => export::template(&desk, &out),
        Task::XlsRows => Ok(crate::roster::give_rows()?),
        Task::Serve(options) => serve::run(&desk, options).await,
        Task::Backup { file } => backup::backup(&desk, &file).await,
        Task::Restore { file } => backup::restore(&desk, file).await,
        Task::Pass(task) => decide::pass(&desk, &task).await,
        Task::Colour(task) => decide::colour(&desk, &task).await,
        Task::Health(task) => decide::health(&desk, &task).await,
        Task::Passages(task) => passages::run(&desk, &task).await,
        Task::Passes(options) => passes::run(&desk, &options).await,
    }
}

/// Prints a result on standard output. A reader that has gone away is no problem.
fn tell(line: &str) -> Result<(), Problem> {
    use std::io::Write;
    match writeln!(std::io::stdout(), "{line}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// What every command works with: a data folder, a database, a language, a clock.
struct Desk {
    folder: PathBuf,
    /// Where it is not the file in the data folder.
    database: Option<String>,
    language: Language,
    clock: Arc<dyn Clock>,
}

impl Desk {
    fn key_files(&self) -> KeyFiles {
        KeyFiles::new(&self.folder)
    }

    fn passphrase(&self) -> Passphrase {
        Passphrase::from_environment(self.language)
    }

    /// What is wrong, in words that a message has.
    fn problem(&self, message: Message<'_>) -> Problem {
        Problem::Told(message.text(self.language))
    }

    /// A name of somebody or of a gate, as gates take it.
    fn name(&self, text: &str) -> Result<String, Problem> {
        let name = registry::tidy(text);
        if people::is_name(&name) { Ok(name) } else { Err(self.problem(Message::NoName)) }
    }

    /// Tells a person something, beside the results.
    fn say(&self, message: Message<'_>) {
        eprintln!("{}", message.text(self.language));
    }

    /// The same about cards on paper.
    fn tell(&self, told: &Told<'_>) {
        eprintln!("{}", told.text(self.language));
    }

    /// The same about programs of gates.
    fn about_program(&self, about: AboutProgram<'_>) {
        eprintln!("{}", about.text(self.language));
    }

    /// What is wrong with cards on paper.
    fn told(&self, told: &Told<'_>) -> Problem {
        Problem::Told(told.text(self.language))
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn act(&self) -> Act<'static> {
        Act { by: AT_THE_COMMAND_LINE, at: self.now() }
    }

    /// The office's database, with its tables up to date.
    async fn store(&self) -> Result<Store, Problem> {
        if let Some(url) = &self.database {
            return Ok(Store::open(url).await?);
        }
        std::fs::create_dir_all(&self.folder)
            .map_err(|why| Problem::CannotWrite(self.folder.clone(), why))?;
        Ok(Store::open(&store::sqlite_url(&self.folder.join("office.sqlite"))).await?)
    }

    /// The office's own entry in the trust list.
    fn trusted(&self) -> Result<TrustedKey, Problem> {
        let files = self.key_files();
        if !files.trust().exists() {
            return Err(Problem::NoKeys(self.folder.clone()));
        }
        Ok(files.own()?)
    }

    /// The key that signs, and what it may do.
    fn signer(&self) -> Result<(SigningKey, TrustedKey), Problem> {
        let trusted = self.trusted()?;
        let key = self.key_files().issuer_key(&self.passphrase()).map_err(Problem::Key)?;
        if key.public() != trusted.public {
            return Err(Problem::Key(PemError::Malformed(self.key_files().issuer())));
        }
        Ok((key, trusted))
    }

    /// All keys that make bundles.
    fn keys(&self) -> Result<Keys, Problem> {
        let (key, trusted) = self.signer()?;
        let files = self.key_files();
        let registry = files.registry_key(&self.passphrase()).map_err(Problem::Key)?;
        Ok(Keys { files, key, trusted, registry })
    }

    /// The compound of this name.
    async fn compound(&self, store: &Store, name: &str) -> Result<Compound, Problem> {
        match store.compound_by_name(name).await {
            Err(StoreError::Absent { .. }) => {
                let others = store.compounds().await?.into_iter().map(|compound| compound.name).collect();
                Err(Problem::NoCompound { name: name.to_owned(), others })
            }
            other => Ok(other?),
        }
    }
}

/// The keys that make bundles.
struct Keys {
    files: KeyFiles,
    key: SigningKey,
    trusted: TrustedKey,
    registry: RegistryKey,
}

impl Keys {
    fn hands<'a>(&'a self, store: &'a Store, now: Timestamp) -> Hands<'a> {
        let receiver = self.receiver().receiver();
        Hands { store, files: &self.files, key: &self.key, trusted: &self.trusted, receiver, now }
    }

    /// What opens reports of gates.
    fn receiver(&self) -> &ReceiverKey {
        self.registry.receiver()
    }
}

/// A moment in a compound's zone, as its people write it.
fn local(at: Timestamp, zone: &jiff::tz::TimeZone) -> String {
    let at = jiff::Timestamp::from_second(at.0).map(|at| at.to_zoned(zone.clone()));
    at.map_or_else(|_| "—".to_owned(), |at| at.strftime("%Y-%m-%dT%H:%M").to_string())
}

/// Demands that the key may sign for a compound.
fn demand_covered(trusted: &TrustedKey, compounds: &[Compound]) -> Result<(), Problem> {
    let outside = compounds.iter().find(|compound| !trusted.covers(compound.id));
    outside.map_or(Ok(()), |compound| Err(Problem::NotCovered(compound.clone())))
}
