//! Connections: accepted, wrapped in TLS where this program has a certificate of its own, served, and ended in order.
//!
//! Knows no page. Whoever is slow on purpose costs a place and no more: a handshake, and the head of a request, take so long at
//! most, and there are so many places.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

/// Connections at once: every gate of a large district with one that stays open, and its offices' browsers beside them.
const PLACES: usize = 8_192;
/// The longest time for a TLS handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// The longest time for the head of a request, and between two requests of a connection.
const HEAD: Duration = Duration::from_secs(60);
/// When the program ends, requests under way get so long to be answered.
pub(crate) const LAST_ANSWERS: Duration = Duration::from_secs(10);
/// The pause after a connection that this machine has no room for.
const NO_ROOM: Duration = Duration::from_millis(500);

/// Says when the program is to end.
#[derive(Clone, Debug)]
pub(crate) struct Stopping(watch::Receiver<bool>);

impl Stopping {
    /// At SIGTERM or Ctrl-C.
    ///
    /// # Errors
    /// When the system takes no handler of signals.
    pub(crate) fn by_signals() -> std::io::Result<Self> {
        let (mut terminated, mut interrupted) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(async move {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = interrupted.recv() => {}
            }
            tracing::info!("asked to end");
            sender.send_replace(true);
        });
        Ok(Self(receiver))
    }

    /// Waits until it is.
    pub(crate) async fn asked(mut self) {
        // Where whoever would say so is gone, so is the program.
        let _ = self.0.wait_for(|asked| *asked).await;
    }
}

/// Serves until `stopped`; then takes no connection any more, answers what is under way, and gives up what takes longer than
/// [`LAST_ANSWERS`].
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    stopped: impl Future<Output = ()>,
) {
    let under_way = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(PLACES));
    let mut connections = JoinSet::new();
    let mut stopped = pin!(stopped);
    loop {
        tokio::select! {
            biased;
            () = &mut stopped => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            (stream, place) = accept(&listener, &places) => {
                let connection = Connection { router: router.clone(), watcher: under_way.watcher(), place };
                connections.spawn(connection.begin(stream, tls.clone()));
            }
        }
    }
    // Whoever asks from now on is refused by the system at once, and tries another issuer or later.
    drop(listener);
    if timeout(LAST_ANSWERS, under_way.shutdown()).await.is_err() {
        tracing::warn!("requests under way took too long, and were given up");
    }
    connections.shutdown().await;
}

/// The next connection, once there is a place for it.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> (TcpStream, OwnedSemaphorePermit) {
    let place = Arc::clone(places).acquire_owned().await.expect("places are never closed");
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, place),
            // Somebody who has gone already, or no room for one more file: neither is a reason to end.
            Err(why) => {
                tracing::warn!(%why, "a connection could not be accepted");
                sleep(NO_ROOM).await;
            }
        }
    }
}

/// One connection, from its handshake to its end.
struct Connection {
    router: Router,
    watcher: Watcher,
    /// Held until the connection has ended.
    place: OwnedSemaphorePermit,
}

impl Connection {
    async fn begin(self, stream: TcpStream, tls: Option<TlsAcceptor>) {
        // Answers are small and should not wait for more to come.
        let _ = stream.set_nodelay(true);
        let Some(tls) = tls else { return self.serve(stream).await };
        match timeout(HANDSHAKE, tls.accept(stream)).await {
            Ok(Ok(stream)) => self.serve(stream).await,
            Ok(Err(why)) => tracing::debug!(%why, "a handshake failed"),
            Err(_) => tracing::debug!("a handshake took too long"),
        }
    }

    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Unpin + 'static) {
        let Self { router, watcher, place } = self;
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
        if let Err(why) = watcher.watch(connection).await {
            // Browsers leave in the middle of things; that is theirs to do.
            tracing::debug!(%why, "a connection broke");
        }
        drop(place);
    }
}
