//! What a gate lacks of what its office has signed, by its last report.

use std::collections::BTreeMap;

use pass::CompoundId;
use store::{GateReport, Versions};

/// Something that is to be known of a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lag {
    /// There is a newer status list, newer rules, or newer people.
    Parts,
    /// There is a newer trust list.
    TrustList,
    /// It doubts its clock.
    Clock,
}

/// What a gate of this compound lacks, where these versions and this trust list are the newest.
pub(crate) fn lags(report: &GateReport, versions: &Versions, trust: u64, compound: CompoundId) -> Vec<Lag> {
    let of = |all: &BTreeMap<CompoundId, u64>| all.get(&compound).copied().unwrap_or_default();
    let parts = [
        (report.status, versions.status),
        (report.rules, of(&versions.rules)),
        (report.people, of(&versions.people)),
    ];
    let lags = [
        (Lag::Parts, parts.iter().any(|(held, newest)| held < newest)),
        (Lag::TrustList, report.trust < trust),
        (Lag::Clock, report.in_doubt),
    ];
    lags.into_iter().filter_map(|(lag, is_so)| is_so.then_some(lag)).collect()
}
