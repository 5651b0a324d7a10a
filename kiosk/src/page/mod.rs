//! The gate's screen as a page: on loopback only, live by server-sent events; what staff do is in [`desk`].
//!
//! Everything is rendered here in the language asked for; the page's script swaps what comes in and holds no text. A name
//! other than loopback's in the Host header is refused, so that no page from elsewhere can read this one.

mod desk;
mod enrol;
pub(crate) mod metrics;
mod stream;
mod view;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{FromRef, Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::sse::{Event, Sse};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use futures_core::Stream;
use serde::Deserialize;

use crate::screen::Screen;
use crate::staff::Window;
use crate::sync::Link;
use crate::words::Language;
use view::{Aim, View};

/// The page sees that its program is alive by something coming at least this often.
const BEAT: Duration = Duration::from_millis(500);
/// Nothing from elsewhere, nothing inline.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What the page shows: the screen, and whether the gate stands open for an emergency.
#[derive(Clone)]
struct Shown {
    screen: Screen,
    window: Window,
}

impl FromRef<Shown> for Screen {
    fn from_ref(shown: &Shown) -> Self {
        shown.screen.clone()
    }
}

impl Shown {
    fn view(&self, lang: Language) -> View {
        let now = Instant::now();
        View::of(&self.screen.watch().borrow(), self.screen.reading(), now, &self.window.shared, lang)
    }
}

/// The page of this screen, at this address.
pub(crate) fn router(
    screen: Screen,
    window: Window,
    link: Link,
    address: SocketAddr,
    watched: Router,
) -> Router {
    let port = address.port();
    let hosts: Arc<[String]> =
        ["127.0.0.1", "localhost", "[::1]"].map(|name| format!("{name}:{port}")).into();
    Router::new()
        .route("/", get(page))
        .route("/aim", get(aim))
        .route("/events", get(events))
        .route("/preview.mjpeg", get(stream::preview))
        .merge(assets())
        .with_state(Shown { screen: screen.clone(), window: window.clone() })
        .merge(enrol::router(screen.clone(), link))
        .merge(desk::router(window, screen))
        .merge(watched)
        .layer(from_fn_with_state(hosts, guard))
}

async fn guard(State(hosts): State<Arc<[String]>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let bare = |known: &String| known == host || known.strip_suffix(":80") == Some(host);
    if !hosts.iter().any(bare) {
        return (StatusCode::MISDIRECTED_REQUEST, "421\n").into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The page's own files.
fn assets() -> Router<Shown> {
    const ASSETS: [(&str, &str); 13] = [
        ("/enrol.css", include_str!("../../assets/enrol.css")),
        ("/enrol.js", include_str!("../../assets/enrol.js")),
        ("/screen.css", include_str!("../../assets/screen.css")),
        ("/desk.css", include_str!("../../assets/desk.css")),
        ("/screen.js", include_str!("../../assets/screen.js")),
        ("/acts.js", include_str!("../../assets/acts.js")),
        ("/desk.js", include_str!("../../assets/desk.js")),
        ("/find.js", include_str!("../../assets/find.js")),
        ("/keys.js", include_str!("../../assets/keys.js")),
        ("/fit.js", include_str!("../../assets/fit.js")),
        ("/preview.js", include_str!("../../assets/preview.js")),
        ("/speech.js", include_str!("../../assets/speech.js")),
        ("/sound.js", include_str!("../../assets/sound.js")),
    ];
    ASSETS.into_iter().fold(Router::new(), |router, (path, text)| {
        let kind = if path.ends_with(".css") { "text/css" } else { "text/javascript" };
        router.route(path, get(move || asset(kind, text)))
    })
}

async fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, format!("{kind}; charset=utf-8"))], text).into_response()
}

#[derive(Deserialize)]
struct Wish {
    #[serde(default)]
    lang: String,
}

async fn page(State(shown): State<Shown>, Query(wish): Query<Wish>) -> Html<String> {
    whole(&shown, &wish, Aim::Gate)
}

/// The same page with a large picture, for whoever sets the camera up.
async fn aim(State(shown): State<Shown>, Query(wish): Query<Wish>) -> Html<String> {
    whole(&shown, &wish, Aim::Camera)
}

fn whole(shown: &Shown, wish: &Wish, aim: Aim) -> Html<String> {
    Html(shown.view(Language::of_tag(&wish.lang).unwrap_or_default()).page(aim))
}

async fn events(
    State(shown): State<Shown>,
    Query(wish): Query<Wish>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let lang = Language::of_tag(&wish.lang).unwrap_or_default();
    let (send, receive) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        let mut state = shown.screen.watch();
        loop {
            state.mark_unchanged();
            let event =
                Event::default().json_data(shown.view(lang).parts()).expect("strings are always JSON");
            if send.send(Ok(event)).await.is_err() {
                return;
            }
            if state.borrow().is_over() {
                return;
            }
            // Either something is new, or it is time to say that nothing is; then verdicts have left by themselves.
            if let Ok(Err(_)) = tokio::time::timeout(BEAT, state.changed()).await {
                return;
            }
        }
    });
    Sse::new(Receiving(receive))
}

/// What a channel receives, as a stream.
struct Receiving<T>(tokio::sync::mpsc::Receiver<T>);

impl<T> Stream for Receiving<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        self.0.poll_recv(context)
    }
}
