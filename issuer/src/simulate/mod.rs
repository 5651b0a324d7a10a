//! A district, played against real issuers over real sockets: how many passages an office takes in, and how long a gate waits for its
//! answer. The gates are simulated in this program; what they send is signed and sealed as real gates do it.
//!
//! The measures of the district are those of a real one in 2020: 749 gates, 351 compounds, 110,375 households.

mod day;
mod gate;

use std::fmt::Write as _;
use std::ops::Range;
use std::time::{Duration, Instant};

use anyhow::Context;
use pass::{CompoundId, Timestamp};
use store::{Act, Store};

pub(crate) use day::Day;
use gate::{Card, Simulated};

use crate::invite::invite;
use crate::roster::MAX_ROWS;

/// What is played.
#[derive(Clone, Debug)]
pub(crate) struct Play {
    /// Where issuers answer; gates are spread over them.
    pub(crate) issuers: Vec<String>,
    /// Gates in all.
    pub(crate) gates: usize,
    /// Passages of the day, in all.
    pub(crate) passages: u64,
    /// How many gates ask at once.
    pub(crate) at_once: usize,
}

/// What came of it.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Played {
    /// Gates that were enrolled, and how long that took, in seconds.
    pub(crate) gates: usize,
    /// See there.
    pub(crate) enrolled_seconds: f64,
    /// Events that were handed over.
    pub(crate) events: u64,
    /// Reports they came in.
    pub(crate) reports: u64,
    /// How long that took, in seconds.
    pub(crate) seconds: f64,
    /// Events a second.
    pub(crate) events_per_second: f64,
    /// How long a report waited for its answer, in milliseconds: half of them no longer, 99 of 100 no longer, and the longest.
    pub(crate) p50_ms: f64,
    /// See there.
    pub(crate) p99_ms: f64,
    /// See there.
    pub(crate) longest_ms: f64,
    /// Reports that had to be sent again.
    pub(crate) failed: u64,
    /// Gates that were offline for some hours of the day.
    pub(crate) offline: usize,
    /// The most events that one minute of the day has.
    pub(crate) busiest_minute: u64,
}

/// The rosters of a district: so many households, one resident each, spread over so many compounds; in as many files as an import
/// takes them.
pub(crate) fn rosters(compounds: u32, households: u32) -> impl Iterator<Item = String> {
    let rows = u32::try_from(MAX_ROWS).unwrap_or(u32::MAX);
    let file = move |first: u32| roster(compounds, first..first.saturating_add(rows).min(households));
    (0..households).step_by(MAX_ROWS).map(file)
}

fn roster(compounds: u32, households: Range<u32>) -> String {
    const SURNAMES: [&str; 8] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄"];
    const NAMES: [&str; 8] = ["建国", "芳", "子涵", "秀英", "伟", "敏", "静", "丽"];
    let mut text = "小区,楼栋,单元,房号,姓名,电话,颜色\n".to_owned();
    for household in households {
        let (compound, home) = (household % compounds, household / compounds);
        let surname = SURNAMES[(household / 7 % 8) as usize];
        let name = NAMES[(household / 3 % 8) as usize];
        let colour = match household % 50 {
            0 => "红",
            1..=4 => "黄",
            _ => "绿",
        };
        let _ = writeln!(
            text,
            "第{}小区,{},{},{},{surname}{name},,{colour}",
            compound + 1,
            home / 48 + 1,
            home / 24 % 2 + 1,
            101 + home % 24
        );
    }
    text
}

/// Plays a day: enrols the gates, and has each hand over what it logs, minute by minute of the day, as fast as the issuers take it.
pub(crate) async fn play(
    store: &Store,
    play: &Play,
    act: &Act<'_>,
    said: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<Played> {
    let compounds = store.compounds().await?;
    anyhow::ensure!(!compounds.is_empty() && !play.issuers.is_empty(), "no compound, or no issuer");
    let mut invited = Vec::with_capacity(play.gates);
    for number in 0..play.gates {
        let compound = &compounds[number % compounds.len()];
        let name = format!("{}{}号门", compound.name, number / compounds.len() + 1);
        let address = &play.issuers[number % play.issuers.len()];
        let (invitation, _) = invite(store, (&name, compound.id), address, act).await?;
        invited.push((name, compound.id, invitation));
    }
    let mut cards: std::collections::HashMap<CompoundId, Vec<Card>> = std::collections::HashMap::new();
    let office = store.office().await?.context("nothing was signed yet: run issuer sign")?;
    for compound in &compounds {
        let people = store.people(compound.id, act.at).await?;
        let of = people.iter().filter_map(|person| Card::of(office, compound.id, person));
        cards.insert(compound.id, of.collect());
    }
    said("enrolling");
    let start = Instant::now();
    let at_once = play.at_once.max(1);
    let gates: Vec<Simulated> = tokio::task::spawn_blocking(move || {
        gate::all(invited, at_once, |(name, compound, invitation)| {
            let own = cards.get(&compound).cloned().unwrap_or_default();
            Simulated::enrol(&name, compound, &invitation, own)
        })
    })
    .await??;
    let enrolled_seconds = start.elapsed().as_secs_f64();
    said("playing the day");
    let day = Day::new(gates.len(), play.passages, act.at);
    let (busiest_minute, offline) = (day.busiest(), day.offline());
    let start = Instant::now();
    let done = tokio::task::spawn_blocking(move || day.play(gates, at_once)).await??;
    let seconds = start.elapsed().as_secs_f64();
    let mut waits = done.waits;
    waits.sort_unstable();
    let part = |share: f64| {
        let at = ((waits.len() as f64 * share) as usize).min(waits.len().saturating_sub(1));
        waits.get(at).map_or(0.0, Duration::as_secs_f64) * 1000.0
    };
    Ok(Played {
        gates: play.gates,
        enrolled_seconds,
        events: done.events,
        reports: waits.len() as u64,
        seconds,
        events_per_second: done.events as f64 / seconds,
        p50_ms: part(0.5),
        p99_ms: part(0.99),
        longest_ms: part(1.0),
        failed: done.failed,
        offline,
        busiest_minute,
    })
}

/// The first moment of the day that is played: yesterday's, so that nothing lies in the future.
fn begins(now: Timestamp) -> Timestamp {
    Timestamp((now.0 - 86_400).div_euclid(86_400) * 86_400)
}
