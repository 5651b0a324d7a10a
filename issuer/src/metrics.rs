//! Figures for Prometheus: what this program was asked and how long that took, what it has taken in, and how the registry stands.
//!
//! What is counted is this program's own; what is read from the registry is the office's, whichever of several issuers is asked. No
//! label names a person: compounds and routes are told by their numbers and patterns.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use gate::Verdict;
use pass::{CompoundId, Timestamp};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use serde_json::json;
use store::{Store, StoreError};
use telemetry::{CONTENT_TYPE, Figures};
use tokio::time::timeout;

use crate::tls::Certificate;
use crate::web::Web;

/// From a page out of memory to the longest a gate waits for news, in seconds.
const DURATIONS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 15.0, 60.0];
/// A registry that takes longer to answer is told as one that doesn't.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// A gate that nothing was heard of for longer, in seconds, is quiet.
const QUIET_AFTER: i64 = 86_400;
/// What is asked beside any route.
const ELSEWHERE: &str = "other";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfCompound {
    compound: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfVerdict {
    verdict: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfWhat {
    what: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfPart {
    part: &'static str,
    compound: u32,
}

/// What this program was asked. Clones count together.
#[derive(Clone, Debug)]
pub struct Metrics {
    requests: Family<Answered, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
    under_way: Family<Route, Gauge>,
    /// What is shown to those who connect; none where a proxy does TLS, or nobody.
    certificate: Option<Arc<Certificate>>,
}

/// A request until it is answered, or until whoever asked has gone.
struct UnderWay(Gauge);

impl UnderWay {
    fn begin(counted: Gauge) -> Self {
        counted.inc();
        Self(counted)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let durations: fn() -> Histogram = || Histogram::new(DURATIONS);
        Self {
            requests: Family::default(),
            durations: Family::new_with_constructor(durations),
            under_way: Family::default(),
            certificate: None,
        }
    }
}

/// Counts every request, its answer and its time.
pub(crate) async fn observe(State(web): State<Web>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    // The pattern, not the address: that may hold a token, and there are endless ones.
    let route = request.extensions().get::<MatchedPath>().map_or(ELSEWHERE, MatchedPath::as_str).to_owned();
    let method = method(request.method());
    let under_way =
        UnderWay::begin(web.metrics.under_way.get_or_create_owned(&Route { route: route.clone() }));
    let response = next.run(request).await;
    drop(under_way);
    let answered = Answered { method, route: route.clone(), status: response.status().as_u16() };
    web.metrics.requests.get_or_create(&answered).inc();
    web.metrics.durations.get_or_create(&Route { route }).observe(begun.elapsed().as_secs_f64());
    response
}

/// One of a few, whatever somebody sends.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => ELSEWHERE,
    }
}

/// For whoever watches the program: that it lives, that it can work, and its figures. To be served where only they can ask.
pub(crate) fn watched(web: Web) -> Router {
    Router::new().merge(healthy()).merge(figures()).with_state(web)
}

/// That it lives, and that it can work.
pub(crate) fn healthy() -> Router<Web> {
    Router::new().route("/health", get(live)).route("/ready", get(ready))
}

pub(crate) fn figures() -> Router<Web> {
    Router::new().route("/metrics", get(show))
}

/// 200 as long as it answers at all, whatever else is down: nothing is won by starting it again.
async fn live(State(web): State<Web>) -> Response {
    Json(json!({ "status": "ok", "time": web.clock.now().0, "version": env!("CARGO_PKG_VERSION") }))
        .into_response()
}

/// 200 and `ok`, or 503 when the registry doesn't answer: a proxy asks another issuer then. Names nobody and counts nobody.
async fn ready(State(web): State<Web>) -> Response {
    let answer = |status| Json(json!({ "status": status, "time": web.clock.now().0 }));
    match timeout(ANSWERS_WITHIN, web.store.answers()).await {
        Ok(Ok(())) => answer("ok").into_response(),
        failed => {
            let why = failed.ok().and_then(Result::err).map(|error| error.to_string());
            tracing::error!(why, "the registry doesn't answer");
            (axum::http::StatusCode::SERVICE_UNAVAILABLE, answer("store")).into_response()
        }
    }
}

async fn show(State(web): State<Web>) -> Response {
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], web.metrics.text(&web).await).into_response()
}

impl Metrics {
    /// Of a program that shows this certificate.
    #[must_use]
    pub(crate) fn of(certificate: Option<Arc<Certificate>>) -> Self {
        Self { certificate, ..Self::default() }
    }

    /// All figures of this moment, as Prometheus reads them.
    async fn text(&self, web: &Web) -> String {
        let Web { store, clock, office, .. } = web;
        let mut figures = Figures::default();
        figures.keep("http_requests", "Requests answered", self.requests.clone());
        figures.keep(
            "http_requests_under_way",
            "Requests that wait for their answer",
            self.under_way.clone(),
        );
        let told = "Time until an answer began, in seconds; gates wait for news at /gate/v1/report";
        figures.keep("http_request_duration_seconds", told, self.durations.clone());

        let tally = store.tally();
        figures.counter(
            "store_retries",
            "Transactions run again because another got in their way",
            tally.retries(),
        );
        figures.counter("events_taken_in", "Events of gates taken in, of every kind", tally.events());
        let verdicts = [Verdict::Admit, Verdict::Check, Verdict::Refuse];
        let verdicts = verdicts.map(|it| (OfVerdict { verdict: it.code() }, tally.passages(it)));
        figures.counters("passages_taken_in", "Passages taken in, by what was said of them", verdicts);

        let certificate = self.certificate.as_ref().and_then(|shown| shown.ends());
        let key = office.signing().map(|signing| signing.trusted.until);
        let ends = [("certificate", certificate), ("issuer_key", key)];
        let ends = ends.into_iter().filter_map(|(what, ends)| Some((OfWhat { what }, ends?.0 as f64)));
        let told = "When the certificate that is shown and the key that signs end, in seconds since 1970";
        figures.gauges("ends_timestamp_seconds", told, ends);

        let now = clock.now();
        let state = timeout(ANSWERS_WITHIN, Standing::read(store, now)).await;
        let state = state.map_err(|_| None).and_then(|read| read.map_err(Some));
        let up = if state.is_ok() { 1.0 } else { 0.0 };
        figures.gauge("store_up", "Whether the registry answers", up);
        match state {
            Ok(state) => state.add(&mut figures, now),
            Err(why) => {
                tracing::warn!(why = why.map(|error| error.to_string()), "the registry doesn't answer");
            }
        }
        figures.text()
    }
}

/// How the registry stands.
struct Standing {
    gates: usize,
    quiet: usize,
    signed: usize,
    /// When the newest event of each compound was.
    newest: Vec<(CompoundId, Timestamp)>,
    versions: store::Versions,
}

impl Standing {
    async fn read(store: &Store, now: Timestamp) -> Result<Self, StoreError> {
        let (gates, journals, reports) =
            (store.gates().await?, store.journals().await?, store.gate_reports().await?);
        let mut newest = std::collections::BTreeMap::<CompoundId, Timestamp>::new();
        for journal in journals.iter().filter(|it| it.kept > 0) {
            let known = newest.entry(journal.compound).or_insert(journal.newest);
            *known = (*known).max(journal.newest);
        }
        let heard = |gate: &store::Gate| {
            let told = reports.get(&gate.receiver).map(|report| report.heard);
            let kept = journals.iter().filter(|it| it.gate == gate.name && it.kept > 0).map(|it| it.newest);
            kept.chain(told).max()
        };
        let is_quiet = |gate: &&store::Gate| heard(gate).is_none_or(|at| now.0 - at.0 > QUIET_AFTER);
        Ok(Self {
            gates: gates.len(),
            quiet: gates.iter().filter(is_quiet).count(),
            signed: store.passes_signed().await?,
            newest: newest.into_iter().collect(),
            versions: store.versions().await?,
        })
    }

    fn add(&self, figures: &mut Figures, now: Timestamp) {
        figures.gauge("gates_known", "Gates that the office knows", as_number(self.gates));
        figures.gauge("gates_quiet", "Gates of which nothing was heard for a day", as_number(self.quiet));
        figures.gauge("passes_signed", "Passes signed, ever", as_number(self.signed));
        let age = |at: Timestamp| (now.0 - at.0) as f64;
        let ages = self.newest.iter().map(|(compound, at)| (OfCompound { compound: compound.0 }, age(*at)));
        figures.gauges("newest_event_age_seconds", "Age of the newest event of each compound's gates", ages);
        if self.versions.status == 0 {
            return;
        }
        let version = self.versions.status;
        figures.gauge("status_list_version", "Version of the status list", version as f64);
        // Versions are the second in which something was signed, or a little more.
        let signed = |version: u64| Timestamp(i64::try_from(version).unwrap_or(i64::MAX));
        figures.gauge(
            "status_list_age_seconds",
            "Since the status list was signed",
            age(signed(version)).max(0.0),
        );
        let parts = [
            ("rules", &self.versions.rules),
            ("people", &self.versions.people),
            ("directions", &self.versions.directions),
        ];
        let ages = parts.into_iter().flat_map(|(part, versions)| {
            versions.iter().map(move |(compound, version)| {
                (OfPart { part, compound: compound.0 }, age(signed(*version)).max(0.0))
            })
        });
        figures.gauges("part_age_seconds", "Since each compound's other parts were signed", ages);
    }
}

fn as_number(count: usize) -> f64 {
    count as f64
}
