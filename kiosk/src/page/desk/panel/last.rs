//! The last verdicts, what staff may still do to one of them, and who is outside.

use askama::Template;
use gate::{NotOverridable, Outside, Verdict};
use pass::{Kind, Timestamp};

use super::{Frame, Tab, render};
use crate::staff::{Entry, WhyNot};
use crate::words::{self, DeskWords, Why};

/// So many of the last verdicts are listed.
const LISTED: usize = 40;

#[derive(Template)]
#[template(path = "desk/last.html")]
struct Last {
    w: DeskWords,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
}

/// A verdict in one line.
struct Row {
    of: u64,
    verdict: &'static str,
    verdict_code: &'static str,
    mark: &'static str,
    at: String,
    direction: &'static str,
    name: String,
    home: Option<String>,
    notes: Vec<String>,
    is_undone: bool,
}

#[derive(Template)]
#[template(path = "desk/event.html")]
struct EventView {
    w: DeskWords,
    tabs: Vec<Tab>,
    row: Row,
    detail: Vec<String>,
    /// Why it can't be turned, where that is so.
    not_overridable: Option<&'static str>,
    turns: Vec<Turn>,
    /// What an undo takes back: the turn where there is one, else the verdict.
    undo_of: Option<u64>,
    undo_label: &'static str,
    undo_reasons: &'static [&'static str],
    may_key_in: bool,
    ways: [(&'static str, &'static str); 2],
}

/// A verdict that it may be turned to.
struct Turn {
    verdict: &'static str,
    label: &'static str,
    reasons: &'static [&'static str],
}

#[derive(Template)]
#[template(path = "desk/out.html")]
struct Out {
    w: DeskWords,
    tabs: Vec<Tab>,
    heading: String,
    rows: Vec<OutRow>,
}

struct OutRow {
    name: String,
    home: Option<String>,
    colour: &'static str,
    colour_code: &'static str,
    since: String,
    length: String,
}

impl Frame<'_> {
    pub(super) fn last(&self) -> String {
        let recent = self.desk.window.shared.recent();
        let rows = recent.newest().take(LISTED).map(|entry| self.row(entry)).collect();
        drop(recent);
        render(&Last { w: self.words(), tabs: self.tabs(), rows })
    }

    pub(super) fn event(&self, of: u64) -> Result<String, WhyNot> {
        let entry = self.desk.window.shared.recent().of(of).cloned().ok_or(WhyNot::NoSuchEvent)?;
        let w = self.words();
        let is_judged = entry.by_hand.is_none();
        let stands = !entry.is_undone && !entry.is_superseded;
        let shown = self.desk.screen.watch().borrow().recently(of).cloned();
        let mut detail: Vec<String> = shown
            .iter()
            .flat_map(|shown| &shown.reasons)
            .map(|reason| words::reason(reason, &self.zone, self.lang))
            .collect();
        detail.extend(shown.and_then(|shown| shown.next).map(|at| words::next(at, &self.zone, self.lang)));
        let may_turn = stands && is_judged && entry.overridable.is_ok() && entry.turned.is_none();
        let to = [Verdict::Admit, Verdict::Refuse].into_iter().filter(|to| may_turn && *to != entry.verdict);
        let turns = to.map(|to| Turn {
            verdict: to.code(),
            label: words::turn_to(to, self.lang),
            reasons: words::reasons(Why::Turn(to), self.lang),
        });
        let not_overridable = entry.overridable.err().filter(|_| stands).map(|why| {
            let code = match why {
                NotOverridable::NotBelieved => "not_believed",
                NotOverridable::Specimen => "specimen",
                NotOverridable::OtherCompound => "other_compound",
            };
            words::why_not(code, self.lang)
        });
        let turned = entry.turned.as_ref().map(|turned| turned.sequence);
        Ok(render(&EventView {
            w,
            tabs: self.tabs(),
            row: self.row(&entry),
            detail,
            not_overridable,
            turns: turns.collect(),
            undo_of: stands.then_some(turned.unwrap_or(of)),
            undo_label: if turned.is_some() { w.undo_turn } else { w.undo },
            undo_reasons: words::reasons(Why::Undo, self.lang),
            may_key_in: stands && is_judged && entry.turned.is_none() && entry.holder.is_some(),
            ways: self.ways(),
        }))
    }

    fn row(&self, entry: &Entry) -> Row {
        let w = self.words();
        let standing = entry.standing();
        let mut notes = Vec::new();
        let (name, home) = match (&entry.holder, &entry.by_hand) {
            (Some(holder), _) => self.who(holder),
            (None, Some(by_hand)) => {
                notes.push(by_hand.why.clone());
                notes.extend((by_hand.party > 1).then(|| format!("{} {}", w.party, by_hand.party)));
                notes.extend(by_hand.plate.clone());
                notes.push(by_hand.who.clone());
                (w.by_hand.to_owned(), None)
            }
            (None, None) => (w.not_believed.to_owned(), None),
        };
        notes.extend(
            entry.turned.as_ref().map(|turned| format!("{}: {} ({})", w.turned, turned.why, turned.who)),
        );
        notes.extend(entry.is_undone.then(|| w.undone.to_owned()));
        Row {
            of: entry.sequence,
            verdict: words::verdict(standing, self.lang),
            verdict_code: standing.code(),
            mark: match standing {
                Verdict::Admit => "✓",
                Verdict::Check => "?",
                Verdict::Refuse => "×",
            },
            at: self.moment(entry.at),
            direction: words::direction(entry.direction, self.lang),
            name,
            home,
            notes,
            is_undone: entry.is_undone,
        }
    }

    /// Who is outside, the one who left first being the first.
    pub(super) fn out(&self, outside: &[Outside]) -> String {
        let (w, lang) = (self.words(), self.lang);
        let row = |one: &Outside| {
            let (name, home) = self.who(&one.holder);
            let Timestamp(since) = one.since;
            OutRow {
                name,
                home,
                colour: words::colour(one.holder.colour, lang),
                colour_code: one.holder.colour.code(),
                since: self.moment(one.since),
                length: words::duration(self.now.0 - since, lang),
            }
        };
        let people = outside.iter().filter(|one| one.holder.kind != Kind::Vehicle).count();
        let heading = words::out(people, outside.len() - people, lang);
        render(&Out { w, tabs: self.tabs(), heading, rows: outside.iter().map(row).collect() })
    }
}
