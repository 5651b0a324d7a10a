//! The screen's state in words and shapes: what the templates are filled with.

use std::time::{Duration, Instant};

use askama::Template;
use gate::Direction;
use serde::Serialize;

use crate::devices;
use crate::eyes::EyeKind;
use crate::frames::Health;
use crate::heading::Heading;
use crate::journal::Fault;
use crate::screen::{Face, Hint, Shown, State, Trouble};
use crate::staff::Shared;
use crate::time::Reading;
use crate::words::{self, DeskWords, Language, Say, bundle_age, say};

/// A bundle that is older than this is pointed out: an office sends one every day.
const OLD_BUNDLE_SECONDS: i64 = 2 * 86_400;

/// That a stick may be pulled is shown for so long.
const STICK_SHOWN: Duration = Duration::from_mins(2);

/// What the page is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// Work at the gate.
    Gate,
    /// Setting the camera up.
    Camera,
}

/// One look at the screen, in one language.
pub(super) struct View {
    lang: Language,
    bar: Bar,
    face: FaceView,
    status: Status,
    emergency: EmergencyView,
    staff: StaffView,
    /// The eyes whose pictures are shown.
    cameras: Vec<usize>,
    /// Whether the page says verdicts aloud.
    speaks: bool,
    aloud: Option<String>,
    idle: Duration,
}

/// What the page's script swaps in. `live` is read out when it changes.
#[derive(Serialize)]
pub(super) struct Parts {
    bar: String,
    face: String,
    status: String,
    emergency: String,
    staff: String,
    /// Whether somebody is signed in.
    signed_in: bool,
    /// What the page says aloud, where it is to.
    aloud: Option<String>,
    kind: &'static str,
    /// The event of the verdict that is shown, or would be but for an emergency: each sounds once.
    sequence: Option<u64>,
    live: String,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    view: &'a View,
    title: &'static str,
    tag: &'static str,
    code: &'static str,
    is_aim: bool,
    /// Of this page.
    path: &'static str,
    /// The link to the other page.
    aim: &'static str,
    /// What the picture shows.
    picture: &'static str,
    aim_do: &'static str,
    other: Language,
    other_name: &'static str,
    quiet: &'static str,
    /// The browser has no voice for this language, and verdicts are to be said.
    mute: &'static str,
    w: DeskWords,
    /// Seconds after which the staff's panel closes by itself.
    idle: u64,
    /// Why acts are refused, by code.
    refused: Vec<(&'static str, &'static str)>,
    gone: FaceView,
    parts: Parts,
}

#[derive(Template)]
#[template(path = "bar.html")]
struct Bar {
    gate: String,
    compound: Option<String>,
    is_in: bool,
    direction_label: &'static str,
    direction: &'static str,
    /// The other way, and what turns the lane to it, where it has a switch.
    turn: Option<(&'static str, &'static str)>,
    time: String,
}

#[derive(Template)]
#[template(path = "face.html")]
struct FaceView {
    /// Names the colours and the icon.
    kind: &'static str,
    sequence: Option<u64>,
    word: &'static str,
    detail: Vec<String>,
    /// When the person may next go: as large as it can be.
    next: Option<String>,
    alert: Option<&'static str>,
    holder: Option<HolderView>,
    /// What the machine says, for whoever repairs it.
    cause: Option<String>,
    /// Where an invitation can be typed, and what that is called.
    enrol: Option<(&'static str, &'static str)>,
}

struct HolderView {
    name: String,
    colour: &'static str,
    colour_code: &'static str,
    kind: Option<&'static str>,
    short_code: String,
}

/// The button that opens the gate, and what it says while the gate stands open.
#[derive(Template)]
#[template(path = "emergency.html")]
struct EmergencyView {
    open: Option<String>,
    open_label: &'static str,
    close_label: &'static str,
}

/// Who is signed in, and the buttons to the staff's panel.
#[derive(Template)]
#[template(path = "staff.html")]
struct StaffView {
    w: DeskWords,
    who: Option<String>,
    /// Whether an emergency opening has no reason yet.
    is_unexplained: bool,
}

#[derive(Template)]
#[template(path = "status.html")]
struct Status {
    items: Vec<Item>,
}

struct Item {
    label: &'static str,
    value: String,
    bad: bool,
}

impl View {
    pub(super) fn of(state: &State, reading: Reading, now: Instant, staff: &Shared, lang: Language) -> Self {
        let zone = state.held.as_ref().map(|held| &held.zone);
        let zone = zone.cloned().unwrap_or_else(jiff::tz::TimeZone::system);
        let time = jiff::Timestamp::from_second(reading.now.0)
            .map_or_else(|_| "—".to_owned(), |at| at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string());
        let bar = Bar {
            gate: state.gate.clone(),
            compound: state.held.as_ref().map(|held| held.compound.clone()),
            is_in: state.direction == Direction::In,
            direction_label: say(Say::Direction, lang),
            direction: words::direction(state.direction, lang),
            turn: matches!(state.heading, Heading::Switch(_)).then(|| match state.direction {
                Direction::In => (Direction::Out.code(), say(Say::TurnOut, lang)),
                Direction::Out => (Direction::In.code(), say(Say::TurnIn, lang)),
            }),
            time,
        };
        let left = staff.emergency.left(now);
        let face = match state.face(now) {
            face if left.is_some() => FaceView::emergency(&face, lang),
            Face::Verdict(shown) => FaceView::verdict(shown, &zone, lang),
            Face::Trouble(trouble) => FaceView::trouble(trouble, lang),
            Face::Blind { kind, why } => {
                let (word, detail) = match kind {
                    EyeKind::Camera | EyeKind::IpCamera => (Say::CameraLost, Say::CameraLostDo),
                    EyeKind::Scanner => (Say::ScannerLost, Say::ScannerLostDo),
                };
                FaceView { cause: Some(why.to_owned()), ..FaceView::plain("blind", word, detail, lang) }
            }
            Face::Hint(Hint::Foreign) => FaceView::plain("hint", Say::Ready, Say::Foreign, lang),
            Face::Hint(Hint::Enrolled) => FaceView::plain("hint", Say::Ready, Say::EnrolledAlready, lang),
            Face::Ready => {
                let only_scanners =
                    !state.eyes.is_empty() && state.eyes.iter().all(|eye| eye.kind == EyeKind::Scanner);
                let detail = if only_scanners { Say::HoldUnder } else { Say::HoldUp };
                let mut face = FaceView::plain("ready", Say::Ready, detail, lang);
                face.detail.extend(reading.doubt.map(|doubt| words::doubt(doubt, lang).to_owned()));
                face
            }
        };
        let aloud = match state.face(now) {
            Face::Verdict(shown) if state.speaks && left.is_none() => Some(words::aloud(shown, &zone, lang)),
            _ => None,
        };
        Self {
            lang,
            bar,
            face,
            status: Status::of(state, reading, lang),
            emergency: EmergencyView::of(left, lang),
            staff: StaffView {
                w: words::desk(lang),
                who: staff.sessions().current(now).map(|session| session.who.clone()),
                is_unexplained: !staff.shift().unexplained.is_empty(),
            },
            cameras: cameras(state),
            speaks: state.speaks,
            aloud,
            idle: state.stay.panel,
        }
    }

    /// The whole page.
    pub(super) fn page(&self, aim: Aim) -> String {
        let lang = self.lang;
        let other = lang.other();
        render(&Page {
            view: self,
            title: say(Say::Title, lang),
            tag: lang.tag(),
            code: lang.code(),
            is_aim: aim == Aim::Camera,
            path: if aim == Aim::Camera { "/aim" } else { "/" },
            aim: say(if aim == Aim::Camera { Say::AimDone } else { Say::Aim }, lang),
            picture: say(Say::Picture, lang),
            aim_do: say(Say::AimDo, lang),
            other,
            other_name: say(Say::OtherLanguage, lang),
            quiet: say(Say::SoundBlocked, lang),
            mute: say(Say::NoVoice, lang),
            w: words::desk(lang),
            idle: self.idle.as_secs().max(1),
            refused: words::refused(lang),
            gone: FaceView::plain("blind", Say::Disconnected, Say::DisconnectedDo, lang),
            parts: self.parts(),
        })
    }

    /// What changes.
    pub(super) fn parts(&self) -> Parts {
        let holder = self.face.holder.iter().map(|holder| holder.name.as_str());
        let detail = self.face.detail.iter().map(String::as_str);
        let next = self.face.next.as_deref();
        let live: Vec<&str> = [self.face.word].into_iter().chain(holder).chain(next).chain(detail).collect();
        Parts {
            bar: render(&self.bar),
            face: render(&self.face),
            status: render(&self.status),
            emergency: render(&self.emergency),
            staff: render(&self.staff),
            signed_in: self.staff.who.is_some(),
            aloud: self.aloud.clone(),
            kind: self.face.kind,
            sequence: self.face.sequence,
            live: live.join(" "),
        }
    }
}

/// The eyes that have a picture. A browser keeps six connections to one gate, and others are needed for verdicts and acts.
fn cameras(state: &State) -> Vec<usize> {
    const MOST: usize = 3;
    let eyes = state.eyes.iter().enumerate();
    let mut cameras: Vec<usize> =
        eyes.filter(|(_, eye)| eye.kind != EyeKind::Scanner).map(|(at, _)| at).take(MOST).collect();
    if cameras.is_empty() {
        cameras.push(0);
    }
    cameras
}

fn render(template: &impl Template) -> String {
    template.render().expect("a String takes every write")
}

impl FaceView {
    fn plain(kind: &'static str, word: Say, detail: Say, lang: Language) -> Self {
        Self {
            kind,
            sequence: None,
            word: say(word, lang),
            detail: vec![say(detail, lang).to_owned()],
            next: None,
            alert: None,
            holder: None,
            cause: None,
            enrol: None,
        }
    }

    /// While the gate stands open nothing stops anybody, whatever the last card said; only what keeps the gate from logging is
    /// told beside that.
    fn emergency(beneath: &Face<'_>, lang: Language) -> Self {
        let mut face = Self::plain("emergency", Say::Everybody, Say::EverybodyDo, lang);
        match beneath {
            Face::Trouble(trouble) => face.detail.push(Self::trouble(trouble, lang).word.to_owned()),
            Face::Verdict(shown) => face.sequence = Some(shown.sequence),
            _ => {}
        }
        face
    }

    fn trouble(trouble: &Trouble, lang: Language) -> Self {
        let (word, detail, cause) = match trouble {
            Trouble::Untrusted => (Say::Untrusted, Say::UntrustedDo, None),
            Trouble::Struck => (Say::Struck, Say::StruckDo, None),
            Trouble::NoBundle => (Say::NoBundle, Say::NoBundleDo, None),
            Trouble::BundleUnusable { why } => {
                (Say::BundleUnusable, Say::BundleUnusableDo, Some(why.clone()))
            }
            Trouble::JournalDown { fault, why } => {
                let (word, detail) = match fault {
                    Fault::Full => (Say::DiskFull, Say::DiskFullDo),
                    Fault::ReadOnly => (Say::DiskReadOnly, Say::DiskReadOnlyDo),
                    Fault::Damaged => (Say::JournalDamaged, Say::JournalDamagedDo),
                    Fault::Other => (Say::JournalDown, Say::JournalDownDo),
                };
                (word, detail, Some(why.clone()))
            }
        };
        let is_open = matches!(trouble, Trouble::Untrusted | Trouble::Struck);
        let enrol = is_open.then(|| (lang.code(), say(Say::TypeInvitation, lang)));
        Self { cause, enrol, ..Self::plain("trouble", word, detail, lang) }
    }

    fn verdict(shown: &Shown, zone: &jiff::tz::TimeZone, lang: Language) -> Self {
        let mut detail: Vec<String> =
            shown.reasons.iter().map(|reason| words::reason(reason, zone, lang)).collect();
        // An admission needs no instruction, and an alert is one.
        if !shown.alert {
            detail.extend(words::instruction(shown.verdict, lang).map(str::to_owned));
        }
        let holder = shown.holder.as_ref().map(|holder| HolderView {
            name: holder.name.clone(),
            colour: words::colour(holder.colour, lang),
            colour_code: holder.colour.code(),
            kind: words::kind(holder.kind, lang),
            short_code: holder.short_code.clone(),
        });
        Self {
            kind: shown.verdict.code(),
            sequence: Some(shown.sequence),
            word: words::verdict(shown.verdict, lang),
            detail,
            next: shown.next.map(|at| words::next(at, zone, lang)),
            alert: shown.alert.then(|| say(Say::Alert, lang)),
            holder,
            cause: None,
            enrol: None,
        }
    }
}

impl EmergencyView {
    fn of(left: Option<Duration>, lang: Language) -> Self {
        let open = left.map(|left| {
            let seconds = left.as_secs();
            format!("{} {}:{:02}", say(Say::EmergencyOpen, lang), seconds / 60, seconds % 60)
        });
        Self { open, open_label: say(Say::Emergency, lang), close_label: say(Say::EmergencyClose, lang) }
    }
}

impl Status {
    fn of(state: &State, reading: Reading, lang: Language) -> Self {
        let item = |label, value: String, bad| Item { label: say(label, lang), value, bad };
        let fixed = |label, value, bad| item(label, say(value, lang).to_owned(), bad);
        let bundle = match &state.held {
            None => fixed(Say::Bundle, Say::NoneHeld, true),
            Some(held) => {
                let age = reading.now.since(held.issued);
                let mut text = bundle_age(age, lang);
                if held.fallback {
                    text = format!("{text} · {}", say(Say::BundleFallback, lang));
                }
                item(Say::Bundle, text, held.fallback || age > OLD_BUNDLE_SECONDS)
            }
        };
        let clock = if reading.in_doubt { Say::ClockDoubt } else { Say::ClockGood };
        let down = matches!(state.trouble, Some(Trouble::JournalDown { .. }));
        let mut items = vec![item(Say::Logged, state.logged.to_string(), down)];
        let waiting = match state.alerts {
            0 => state.undelivered().to_string(),
            alerts => format!("{} · {} {alerts}", state.undelivered(), say(Say::AlertsWaiting, lang)),
        };
        items.push(item(Say::Undelivered, waiting, state.alerts > 0));
        if let Some((value, bad)) = words::reached(&state.reached, lang) {
            items.push(item(Say::Office, value, bad));
        }
        if let Some((visit, _)) = state.carried.as_ref().filter(|(_, at)| at.elapsed() < STICK_SHOWN) {
            items.push(item(Say::Stick, words::carried(visit, lang), false));
        }
        if let Some((value, bad)) = words::programs(&state.programs, lang) {
            items.push(item(Say::Program, value, bad));
        }
        items.push(bundle);
        items.extend(state.eyes.iter().map(|eye| {
            let lost = matches!(eye.health, Health::Lost { .. });
            fixed(words::eye(eye.kind), words::health(eye.kind, &eye.health), lost)
        }));
        items.extend(state.devices.iter().map(|(device, health)| {
            let lost = matches!(health, devices::Health::Lost { .. });
            fixed(words::device(*device), words::device_health(*device, health), lost)
        }));
        items.push(fixed(Say::Clock, clock, reading.in_doubt));
        Self { items }
    }
}
