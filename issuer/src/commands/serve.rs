//! `serve`: the office's pages, until somebody stops the program.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::{Desk, Problem, purge, tell};
use crate::cli::Serve;
use crate::web::{Desk as WebDesk, Web, router};
use crate::words::cards::Told;
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
    let lists_residents = address.ip().is_loopback();
    if !lists_residents {
        desk.say(Message::ListStaysHome);
    }
    // Without its passphrase the key stays locked, and the pages say so.
    let web_desk = lists_residents.then(|| Arc::new(WebDesk::new(desk.unlocked())));
    let web = Web {
        store: store.clone(),
        clock: desk.clock.clone(),
        hosts: options.hosts,
        lists_residents,
        desk: web_desk.clone(),
    };
    tell(&Message::Listening { address: &address.to_string() }.text(desk.language))?;
    if let Some(web_desk) = &web_desk {
        desk.tell(&Told::Enter { address: &address.to_string(), key: web_desk.key() });
    }
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
    axum::serve(listener, router(web)).with_graceful_shutdown(stopped).await?;
    // A purge under way is one transaction: it is done, or not begun.
    purging.abort();
    let _ = purging.await;
    store.close().await;
    Ok(())
}
