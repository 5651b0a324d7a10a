//! `serve`: the office's pages, until somebody stops the program.
//!
//! A stop (SIGTERM, Ctrl-C) takes no connection any more, answers what is under way and lets jobs end, each for a bounded time: below what
//! the unit in `issuer/package` grants. SIGHUP has the certificate's files looked at.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{Desk, Problem, purge, tell};
use crate::cli::Serve;
use crate::keys::PemError;
use crate::metrics::{self, Metrics};
use crate::office::Office;
use crate::serving::{self, Stopping};
use crate::settings::{self, File};
use crate::tls::{Certificate, Files};
use crate::web::{Web, router};
use crate::words::cli::Message;
use crate::words::serve as words;

/// How often the certificate's files are looked at.
const LOOKED_AT_EVERY: Duration = Duration::from_secs(3600);
/// What a transaction under way gets to end when the program does: an import of a whole district takes longer, and is undone.
const LAST_WORK: Duration = Duration::from_secs(10);

pub(super) async fn run(desk: &Desk, options: Serve) -> Result<(), Problem> {
    let asked = Asked::of(options, File::read(&desk.folder)?, desk)?;
    let certificate = asked.certificate(desk)?;
    let store = desk.store().await?;
    let (listener, address) = listen(asked.listen, desk).await?;
    let figures = match asked.metrics_listen {
        Some(address) => Some(listen(address, desk).await?.0),
        None => None,
    };
    let by_tls = asked.behind_tls || certificate.is_some();
    let has_office = by_tls || address.ip().is_loopback();
    let stopping = Stopping::by_signals()?;
    let web = Web {
        store: store.clone(),
        clock: desk.clock.clone(),
        hosts: asked.hosts,
        by_tls,
        has_office,
        // A proxy before it would hand them to everybody.
        has_metrics: figures.is_none() && !by_tls && address.ip().is_loopback(),
        metrics: Metrics::of(certificate.clone()),
        office: office(desk)?,
    };
    if !has_office {
        desk.say(Message::PhonesOnly);
    } else if store.accounts().await?.is_empty() {
        desk.say(Message::NoAccounts);
    }

    // What goes on beside the pages, for as long as they are served. Each may be given up between two transactions.
    let mut beside = JoinSet::new();
    beside.spawn(purge::every_day(store.clone(), desk.clock.clone()));
    let (exchange, ending) = (web.office.exchange.clone(), stopping.clone());
    let files = desk.key_files();
    beside.spawn(crate::exchange::keep_up(store.clone(), files, desk.clock.clone(), exchange.clone()));
    beside.spawn(async move {
        ending.asked().await;
        exchange.news.end();
    });
    if let Some(certificate) = &certificate {
        beside.spawn(look_again(Arc::clone(certificate), signal(SignalKind::hangup())?));
    }

    let scheme = if certificate.is_some() { "https" } else { "http" };
    tell(&Message::Listening { address: &format!("{scheme}://{address}") }.text(desk.language))?;
    // systemd takes the program for started from here on.
    #[cfg(target_os = "linux")]
    sd_notify::notify(&[sd_notify::NotifyState::Ready])?;
    let tls = certificate.as_ref().map(Certificate::acceptor);
    if let Some(listener) = figures {
        beside.spawn(serving::serve(listener, None, metrics::watched(web.clone()), std::future::pending()));
    }
    serving::serve(listener, tls, router(web), stopping.asked()).await;

    beside.shutdown().await;
    // Waits for what still uses a connection: an import that somebody said yes to. What isn't committed by then is undone.
    if timeout(LAST_WORK, store.close()).await.is_err() {
        tracing::warn!("work on the registry took too long, and was given up");
    }
    Ok(())
}

/// What was asked for: flags and environment before the file.
struct Asked {
    listen: SocketAddr,
    hosts: Vec<String>,
    behind_tls: bool,
    tls: Option<Files>,
    metrics_listen: Option<SocketAddr>,
}

impl Asked {
    fn of(options: Serve, file: File, desk: &Desk) -> Result<Self, Problem> {
        let certificate = options.tls_certificate.or(file.tls_certificate);
        let tls = match (certificate, options.tls_key.or(file.tls_key)) {
            (Some(certificate), Some(key)) => Some(Files { certificate, key }),
            (None, None) => None,
            _ => return Err(Problem::Told(words::half_tls(desk.language))),
        };
        Ok(Self {
            listen: options.listen.or(file.listen).unwrap_or(settings::LISTEN),
            hosts: if options.hosts.is_empty() { file.hosts } else { options.hosts },
            behind_tls: options.behind_tls || file.behind_tls.unwrap_or_default(),
            tls,
            metrics_listen: options.metrics_listen.or(file.metrics_listen),
        })
    }

    fn certificate(&self, desk: &Desk) -> Result<Option<Arc<Certificate>>, Problem> {
        let read = self.tls.clone().map(Certificate::read).transpose();
        let read = read.map_err(|error| Problem::Told(words::no_tls(&error, desk.language)))?;
        Ok(read.map(Arc::new))
    }
}

async fn listen(address: SocketAddr, desk: &Desk) -> Result<(TcpListener, SocketAddr), Problem> {
    let problem = |why: std::io::Error| {
        let (address, why) = (address.to_string(), why.to_string());
        Problem::Told(Message::CannotListen { address: &address, why: &why }.text(desk.language))
    };
    let listener = TcpListener::bind(address).await.map_err(problem)?;
    let address = listener.local_addr().map_err(problem)?;
    Ok((listener, address))
}

/// Takes up a renewed certificate, once an hour and whenever the signal comes.
async fn look_again(certificate: Arc<Certificate>, mut hangup: tokio::signal::unix::Signal) {
    loop {
        let _ = timeout(LOOKED_AT_EVERY, hangup.recv()).await;
        let looking = Arc::clone(&certificate);
        match tokio::task::spawn_blocking(move || looking.look_again()).await {
            Ok(Ok(true)) => tracing::info!("the renewed certificate is taken up"),
            Ok(Ok(false)) => {}
            Ok(Err(error)) => tracing::error!(%error, "the certificate before goes on being shown"),
            Err(error) => tracing::error!(%error, "the certificate can't be looked at"),
        }
    }
}

/// The keys that are at hand. Without any the pages show, and sign nothing; a wrong passphrase is told at once.
fn office(desk: &Desk) -> Result<Office, Problem> {
    let files = desk.key_files();
    let signer = match desk.signer() {
        Ok(signer) => Some(signer),
        Err(Problem::NoKeys(_)) => {
            desk.say(Message::NoKeys { folder: &desk.folder });
            None
        }
        Err(Problem::Key(PemError::NoPassphrase(_))) => {
            desk.say(Message::KeysLocked);
            None
        }
        Err(problem) => return Err(problem),
    };
    let registry_key = match files.registry_key(&desk.passphrase()) {
        Ok(key) => Some(key),
        Err(PemError::NoPassphrase(_)) => None,
        Err(error) => return Err(Problem::Key(error)),
    };
    Ok(Office::new(files, signer, registry_key))
}
