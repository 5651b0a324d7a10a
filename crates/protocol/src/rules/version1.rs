//! Version 1 of the rules: what each colour may do, and nothing else. Read, never written.

use gate::{ColourRule, PerColour, Policy, Rules, Verdict};
use minicbor::{Decode, Encode};
use pass::CompoundId;
use serde::Deserialize;

/// On the wire.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct Body {
    #[n(0)]
    compound: u32,
    #[n(1)]
    compound_name: String,
    #[n(2)]
    time_zone: String,
    #[n(3)]
    green: Colour,
    #[n(4)]
    yellow: Colour,
    #[n(5)]
    red: Colour,
}

/// In a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    time_zone: String,
    green: Colour,
    yellow: Colour,
    red: Colour,
}

/// All that was decided for one colour.
#[derive(Clone, Copy, Encode, Decode, Deserialize)]
#[cbor(map)]
#[serde(deny_unknown_fields)]
struct Colour {
    #[n(0)]
    out: Verdict,
    #[n(1)]
    entry: Verdict,
    #[n(2)]
    entry_alert: bool,
    #[n(3)]
    unlisted: Verdict,
    #[n(4)]
    clock_in_doubt: Verdict,
}

impl Body {
    pub(super) fn rules(self) -> Rules {
        let Self { compound, compound_name, time_zone, green, yellow, red } = self;
        let policy = File { time_zone, green, yellow, red }.policy();
        Rules { compound: CompoundId(compound), compound_name, policy }
    }
}

impl File {
    pub(super) fn policy(self) -> Policy {
        let Self { time_zone, green, yellow, red } = self;
        Policy {
            time_zone,
            colours: PerColour { green: green.rule(), yellow: yellow.rule(), red: red.rule() },
            together: Vec::new(),
            quotas: Vec::new(),
            closing: None,
            exit_windows: None,
            vehicles: None,
            visitors: None,
            temperature: None,
            passback: None,
            lapse_minutes: None,
        }
    }
}

impl Colour {
    fn rule(self) -> ColourRule {
        ColourRule {
            out: self.out,
            entry: self.entry,
            entry_alert: self.entry_alert,
            old_list: self.unlisted,
            unknown_pass: self.unlisted,
            clock_in_doubt: self.clock_in_doubt,
            // When these rules were written nobody could search, so nothing was decided: staff look.
            searched: Verdict::Check,
            party: None,
        }
    }
}
