//! Figures for Prometheus, and whether the gate is at work: read from the screen and the disk. No label names a person.

use std::path::{Path, PathBuf};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use gate::Verdict;
use prometheus_client::encoding::EncodeLabelSet;
use serde_json::json;
use telemetry::{CONTENT_TYPE, Figures};

use crate::eyes::EyeKind;
use crate::frames::Health;
use crate::screen::{Screen, Trouble};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfVerdict {
    verdict: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfPart {
    part: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfEye {
    eye: usize,
    kind: &'static str,
}

/// What is watched: the screen, and the disk that the journal is on.
#[derive(Clone)]
struct Watched {
    screen: Screen,
    data: PathBuf,
}

/// `/health`: it lives; `/ready`: it can judge and log; `/metrics`. Names nobody.
pub(crate) fn router(screen: Screen, data: PathBuf) -> Router {
    Router::new()
        .route("/health", get(|| async { "ok\n" }))
        .route("/ready", get(ready))
        .route("/metrics", get(show))
        .with_state(Watched { screen, data })
}

async fn ready(State(watched): State<Watched>) -> Response {
    let state = watched.screen.watch();
    let state = state.borrow();
    let trouble = state.trouble.as_ref().map(code);
    let mut said = json!({ "status": trouble.unwrap_or("ok") });
    if let Some(failed) = state.programs.failed {
        said["update_failed"] = failed.to_string().into();
    }
    match trouble {
        None => Json(said).into_response(),
        Some(_) => (StatusCode::SERVICE_UNAVAILABLE, Json(said)).into_response(),
    }
}

async fn show(State(watched): State<Watched>) -> Response {
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], text(&watched)).into_response()
}

fn text(watched: &Watched) -> String {
    let mut figures = Figures::default();
    let (counts, losses) = watched.screen.counted();
    figures.counter("frames", "Frames looked at for codes", counts.frames);
    figures.counter("texts", "Cards shown and texts of hand scanners that were judged", counts.scanned);
    let verdicts = [
        (Verdict::Admit, counts.admitted),
        (Verdict::Check, counts.checked),
        (Verdict::Refuse, counts.refused),
    ];
    let verdicts = verdicts.map(|(verdict, count)| (OfVerdict { verdict: verdict.code() }, count));
    figures.counters("verdicts", "Verdicts, by what they are", verdicts);
    figures.counter("eye_losses", "How often a camera or a hand scanner stalled or went away", losses);

    let reading = watched.screen.reading();
    let state = watched.screen.watch();
    let state = state.borrow();
    figures.gauge("journal_events", "The newest event's number in the journal", state.logged as f64);
    figures.gauge(
        "undelivered_events",
        "Events that the office doesn't have yet",
        state.undelivered() as f64,
    );
    figures.gauge("pending_alerts", "Alerts that the office wasn't told yet", state.alerts as f64);
    figures.gauge("judging", "Whether it can judge and log", so(state.trouble.is_none()));
    figures.gauge(
        "update_failed",
        "Whether a newer program did not work and was put aside",
        so(state.programs.failed.is_some()),
    );
    figures.gauge("clock_in_doubt", "Whether the gate doubts its clock", so(reading.in_doubt));
    let fallback = state.held.as_ref().is_some_and(|held| held.fallback);
    figures.gauge(
        "bundle_fallback",
        "Whether it judges by the last good bundle, as the newer one can't be read",
        so(fallback),
    );
    let parts = state.held.iter().flat_map(|held| &held.parts);
    let ages = parts.map(|(part, issued)| (OfPart { part }, (reading.now.0 - issued.0) as f64));
    figures.gauges("part_age_seconds", "Since each part of the bundle was signed", ages);
    let eyes = state.eyes.iter().enumerate().map(|(eye, it)| {
        let sees = !matches!(it.health, Health::Lost { .. } | Health::Starting);
        (OfEye { eye, kind: kind(it.kind) }, so(sees))
    });
    figures.gauges("eye_up", "Whether a camera or a hand scanner works", eyes);
    if let Some(free) = free(&watched.data) {
        figures.gauge("disk_free_bytes", "Room on the disk of the journal", free as f64);
    }
    figures.text()
}

/// What keeps the gate from judging, as a program reads it.
fn code(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Untrusted => "untrusted",
        Trouble::Struck => "struck",
        Trouble::NoBundle => "no-bundle",
        Trouble::BundleUnusable { .. } => "bundle",
        Trouble::JournalDown { .. } => "journal",
    }
}

fn kind(eye: EyeKind) -> &'static str {
    match eye {
        EyeKind::Camera => "camera",
        EyeKind::IpCamera => "ip-camera",
        EyeKind::Scanner => "scanner",
    }
}

fn so(is: bool) -> f64 {
    if is { 1.0 } else { 0.0 }
}

/// What the program may still write.
#[cfg(target_os = "linux")]
fn free(data: &Path) -> Option<u64> {
    let about = rustix::fs::statvfs(data).ok()?;
    Some(about.f_bavail.saturating_mul(about.f_frsize))
}

#[cfg(not(target_os = "linux"))]
fn free(_: &Path) -> Option<u64> {
    None
}
