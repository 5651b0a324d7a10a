//! The fields of a form: drawn from rules, and read back into rules, by one walk over them (`form.rs`).

use std::collections::BTreeMap;

use gate::{Minute, PerColour, Tenths, Verdict};
use pass::Colour;

use crate::words::Language;
use crate::words::rules as words;

/// The most rules of one kind that a form takes, as `gate` does.
const MOST: usize = 8;

/// Something that goes over every field of a form. Each call is a field: its name in the form, its label, and its value; it returns
/// the value that the field has in the end.
pub(super) trait Walk {
    fn choice(
        &mut self,
        name: &str,
        label: &'static str,
        options: &[(&'static str, &'static str)],
        now: usize,
    ) -> usize;
    fn check(&mut self, name: &str, label: &'static str, now: bool) -> bool;
    fn number(&mut self, name: &str, label: &'static str, range: (u32, u32), now: u32) -> u32;
    fn minute(&mut self, name: &str, label: &'static str, now: Option<Minute>) -> Option<Minute>;
    fn degrees(&mut self, name: &str, label: &'static str, range: (u16, u16), now: Tenths) -> Tenths;
    fn text(&mut self, name: &str, label: &'static str, now: &str) -> String;
    /// Begins a group of fields, which may be there or not: whether it is to be walked, and whether it counts.
    fn begin(
        &mut self,
        name: &str,
        heading: String,
        hint: Option<&'static str>,
        there: Option<bool>,
    ) -> Group;
    fn end(&mut self);
    fn language(&self) -> Language;
}

/// What becomes of a group of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// Whether its fields are gone over.
    pub(super) walked: bool,
    /// Whether it is one of the rules.
    pub(super) counts: bool,
}

/// What is said to walk over fields in groups, on every [`Walk`].
pub(super) trait WalkMore: Walk {
    fn verdict(&mut self, name: &str, label: &'static str, now: Verdict) -> Verdict {
        let all = [Verdict::Admit, Verdict::Check, Verdict::Refuse];
        let language = self.language();
        let options = all.map(|one| (one.code(), wording::verdict(one, language)));
        all[self.choice(name, label, &options, now as usize)]
    }

    /// What happens to somebody who comes home: never more than a check. A refusal that is written already stays, and is carried out
    /// as a check.
    fn entry_home(&mut self, name: &str, label: &'static str, now: Verdict) -> Verdict {
        let all = [Verdict::Admit, Verdict::Check];
        let language = self.language();
        let options = all.map(|one| (one.code(), wording::verdict(one, language)));
        let chosen = all[self.choice(name, label, &options, now.min(Verdict::Check) as usize)];
        if chosen == now.min(Verdict::Check) { now } else { chosen }
    }

    fn colours(&mut self, name: &str, label: &'static str, now: PerColour<bool>) -> PerColour<bool> {
        self.begin(name, label.to_owned(), None, None);
        let language = self.language();
        let mut one = |colour: Colour| {
            let name = format!("{name}.{}", colour.code());
            self.check(&name, wording::colour(colour, language), now.of(colour))
        };
        let chosen =
            PerColour { green: one(Colour::Green), yellow: one(Colour::Yellow), red: one(Colour::Red) };
        self.end();
        chosen
    }

    /// A rule that may be there or not. `usual` is what its form begins with where it is not.
    fn optional<T: Clone>(
        &mut self,
        name: &str,
        heading: String,
        now: Option<&T>,
        usual: T,
        fields: impl FnOnce(&mut Self, &str, T) -> T,
    ) -> Option<T>
    where
        Self: Sized,
    {
        let group = self.begin(name, heading, None, Some(now.is_some()));
        let value = now.cloned().unwrap_or(usual);
        let value = if group.walked { fields(self, name, value) } else { value };
        self.end();
        group.counts.then_some(value)
    }

    /// Rules of one kind, and room for one more.
    fn several<T: Clone>(
        &mut self,
        name: &str,
        heading: impl Fn(usize) -> String,
        now: &[T],
        usual: &T,
        mut fields: impl FnMut(&mut Self, &str, T) -> T,
    ) -> Vec<T>
    where
        Self: Sized,
    {
        let many = now.len().max(self.posted(name)).min(MOST);
        let mut all = Vec::new();
        for at in 0..(many + 1).min(MOST) {
            let name = format!("{name}.{at}");
            all.extend(self.optional(&name, heading(at + 1), now.get(at), usual.clone(), &mut fields));
        }
        all
    }

    /// How many of a kind were sent.
    fn posted(&self, name: &str) -> usize;
}

/// A piece of a form, for its template.
pub(super) enum Piece {
    Begin { name: String, heading: String, hint: Option<&'static str>, there: Option<bool> },
    End,
    Choice { name: String, label: &'static str, options: Vec<(&'static str, &'static str, bool)> },
    Check { name: String, label: &'static str, now: bool },
    Number { name: String, label: &'static str, least: String, most: String, step: &'static str, now: String },
    Minute { name: String, label: &'static str, now: String },
    Text { name: String, label: &'static str, now: String },
}

/// Draws the form of rules.
pub(super) struct Drawn {
    pub(super) pieces: Vec<Piece>,
    language: Language,
}

impl Drawn {
    pub(super) fn new(language: Language) -> Self {
        Self { pieces: Vec::new(), language }
    }
}

impl Walk for Drawn {
    fn choice(
        &mut self,
        name: &str,
        label: &'static str,
        options: &[(&'static str, &'static str)],
        now: usize,
    ) -> usize {
        let options =
            options.iter().enumerate().map(|(at, (code, word))| (*code, *word, at == now)).collect();
        self.pieces.push(Piece::Choice { name: name.to_owned(), label, options });
        now
    }

    fn check(&mut self, name: &str, label: &'static str, now: bool) -> bool {
        self.pieces.push(Piece::Check { name: name.to_owned(), label, now });
        now
    }

    fn number(&mut self, name: &str, label: &'static str, (least, most): (u32, u32), now: u32) -> u32 {
        let (least, most, now_text) = (least.to_string(), most.to_string(), now.to_string());
        self.pieces.push(Piece::Number {
            name: name.to_owned(),
            label,
            least,
            most,
            step: "1",
            now: now_text,
        });
        now
    }

    fn minute(&mut self, name: &str, label: &'static str, now: Option<Minute>) -> Option<Minute> {
        let text = now.map(|now| now.to_string()).unwrap_or_default();
        self.pieces.push(Piece::Minute { name: name.to_owned(), label, now: text });
        now
    }

    fn degrees(&mut self, name: &str, label: &'static str, (least, most): (u16, u16), now: Tenths) -> Tenths {
        let (least, most, now_text) = (Tenths(least).to_string(), Tenths(most).to_string(), now.to_string());
        self.pieces.push(Piece::Number {
            name: name.to_owned(),
            label,
            least,
            most,
            step: "0.1",
            now: now_text,
        });
        now
    }

    fn text(&mut self, name: &str, label: &'static str, now: &str) -> String {
        self.pieces.push(Piece::Text { name: name.to_owned(), label, now: now.to_owned() });
        now.to_owned()
    }

    fn begin(
        &mut self,
        name: &str,
        heading: String,
        hint: Option<&'static str>,
        there: Option<bool>,
    ) -> Group {
        self.pieces.push(Piece::Begin { name: name.to_owned(), heading, hint, there });
        Group { walked: true, counts: there.unwrap_or(true) }
    }

    fn end(&mut self) {
        self.pieces.push(Piece::End);
    }

    fn language(&self) -> Language {
        self.language
    }
}

impl WalkMore for Drawn {
    fn posted(&self, _: &str) -> usize {
        0
    }
}

/// Reads what was sent. What can't be read stays as it was, and is said.
pub(super) struct Posted<'a> {
    fields: &'a BTreeMap<String, String>,
    /// The headings of the groups that are open, for what is said.
    open: Vec<String>,
    pub(super) problems: Vec<String>,
    language: Language,
}

impl<'a> Posted<'a> {
    pub(super) fn new(fields: &'a BTreeMap<String, String>, language: Language) -> Self {
        Self { fields, open: Vec::new(), problems: Vec::new(), language }
    }

    fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |text| text.trim())
    }

    fn wrong(&mut self, label: &str, what: &str) {
        let place: Vec<&str> = self.open.iter().map(String::as_str).chain([label]).collect();
        self.problems.push(words::wrong(&place, what, self.language));
    }
}

impl Walk for Posted<'_> {
    fn choice(
        &mut self,
        name: &str,
        label: &'static str,
        options: &[(&'static str, &'static str)],
        now: usize,
    ) -> usize {
        let sent = self.field(name).to_owned();
        let chosen = options.iter().position(|(code, _)| *code == sent);
        if chosen.is_none() {
            self.wrong(label, words::not_chosen(self.language));
        }
        chosen.unwrap_or(now)
    }

    fn check(&mut self, name: &str, _: &'static str, _: bool) -> bool {
        !self.field(name).is_empty()
    }

    fn number(&mut self, name: &str, label: &'static str, (least, most): (u32, u32), now: u32) -> u32 {
        match self.field(name).parse() {
            Ok(number) if (least..=most).contains(&number) => number,
            _ => {
                let what = words::range(&least.to_string(), &most.to_string(), self.language);
                self.wrong(label, &what);
                now
            }
        }
    }

    fn minute(&mut self, name: &str, label: &'static str, now: Option<Minute>) -> Option<Minute> {
        let sent = self.field(name).replace('：', ":");
        if sent.is_empty() {
            return None;
        }
        let read = || {
            let (hour, minute) = sent.split_once(':')?;
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
            let at = Minute(hour.checked_mul(60)?.checked_add(minute)?);
            (minute < 60 && at <= Minute::END).then_some(at)
        };
        let read = read();
        if read.is_none() {
            self.wrong(label, words::no_time(self.language));
        }
        read.or(now)
    }

    fn degrees(&mut self, name: &str, label: &'static str, (least, most): (u16, u16), now: Tenths) -> Tenths {
        let sent = self.field(name).to_owned();
        let read = || {
            let (whole, tenths) = sent.split_once('.').unwrap_or((&sent, "0"));
            let tenths = tenths.parse::<u16>().ok().filter(|_| tenths.len() == 1)?;
            whole.parse::<u16>().ok()?.checked_mul(10)?.checked_add(tenths)
        };
        match read() {
            Some(tenths) if (least..=most).contains(&tenths) => Tenths(tenths),
            _ => {
                let what = words::range(&Tenths(least).to_string(), &Tenths(most).to_string(), self.language);
                self.wrong(label, &what);
                now
            }
        }
    }

    fn text(&mut self, name: &str, _: &'static str, _: &str) -> String {
        self.field(name).chars().take(60).collect()
    }

    fn begin(&mut self, name: &str, heading: String, _: Option<&'static str>, there: Option<bool>) -> Group {
        self.open.push(heading);
        let counts = there.is_none() || !self.field(&on(name)).is_empty();
        Group { walked: counts, counts }
    }

    fn end(&mut self) {
        self.open.pop();
    }

    fn language(&self) -> Language {
        self.language
    }
}

impl WalkMore for Posted<'_> {
    fn posted(&self, name: &str) -> usize {
        (0..MOST).rev().find(|at| !self.field(&on(&format!("{name}.{at}"))).is_empty()).map_or(0, |at| at + 1)
    }
}

/// The name of the box that says that a group is there.
pub(super) fn on(name: &str) -> String {
    format!("{name}.on")
}
