//! `serve`: the office's pages, until somebody stops the program.

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::{Desk, Problem, purge, tell};
use crate::cli::Serve;
use crate::keys::PemError;
use crate::office::Office;
use crate::web::{Web, router};
use crate::words::cli::Message;

pub(super) async fn run(desk: &Desk, options: Serve) -> Result<(), Problem> {
    let store = desk.store().await?;
    let asked = options.listen.to_string();
    let problem = |why: std::io::Error| {
        let why = why.to_string();
        Problem::Told(Message::CannotListen { address: &asked, why: &why }.text(desk.language))
    };
    let listener = TcpListener::bind(options.listen).await.map_err(problem)?;
    let address = listener.local_addr().map_err(problem)?;
    let has_office = options.behind_tls || address.ip().is_loopback();
    let web = Web {
        store: store.clone(),
        clock: desk.clock.clone(),
        hosts: options.hosts,
        behind_tls: options.behind_tls,
        has_office,
        office: office(desk)?,
    };
    if !has_office {
        desk.say(Message::PhonesOnly);
    } else if store.accounts().await?.is_empty() {
        desk.say(Message::NoAccounts);
    }
    tell(&Message::Listening { address: &address.to_string() }.text(desk.language))?;
    // systemd takes the program for started from here on.
    #[cfg(target_os = "linux")]
    sd_notify::notify(&[sd_notify::NotifyState::Ready])?;
    let mut terminated = signal(SignalKind::terminate())?;
    let stopped = async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
    };
    let purging = tokio::spawn(purge::every_day(store.clone(), desk.clock.clone()));
    let exchange = web.office.exchange.clone();
    let exchanging = tokio::spawn(crate::exchange::keep_up(store.clone(), desk.clock.clone(), exchange));
    axum::serve(listener, router(web)).with_graceful_shutdown(stopped).await?;
    // A purge under way is one transaction: it is done, or not begun.
    purging.abort();
    let _ = purging.await;
    exchanging.abort();
    let _ = exchanging.await;
    store.close().await;
    Ok(())
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
