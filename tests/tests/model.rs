//! Gates and their office against a model that fits on a page: whatever is cut, lost, copied, restored or set wrongly in between, each
//! event that a gate has logged comes to the office and to the other gates, once, and each decision to every gate.
//!
//! The office is the real issuer, over a real socket; each gate is the kiosk's own journal, folder and exchange, with a clock that
//! is hours off; a stick is a folder. The model knows for each of them what it must have by now, and what it may have at most.
#![cfg(target_os = "linux")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use end_to_end::at_work::AtWork;
use end_to_end::gate::Gate;
use end_to_end::office::{COMPOUND, Office, copy_folder, roster};
use end_to_end::programs::{lines, run};
use end_to_end::wire::{Wire, ask};
use gate::{At, EmergencyOpened, Event, Events, What};
use kiosk::held::{Enrolled, Grounds, Held};
use kiosk::journal::Journal;
use kiosk::time::GateTime;
use pass::{Clock, Status, SystemClock, Timestamp, Uptime};
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

const NAMES: [&str; GATES] = ["南门", "东门", "北门"];
const GATES: usize = 3;
const STICKS: usize = 2;
/// So many cases; `SANSE_CASES` says otherwise.
const CASES: u32 = 8;
const LONG: Duration = Duration::from_secs(60);

/// Something that happens.
#[derive(Clone, Debug)]
enum Step {
    /// A gate logs so many events, in one run of its program.
    Log { gate: usize, events: u64 },
    /// A gate exchanges with the office by network.
    Exchange { gate: usize, line: Line },
    /// Somebody plugs a stick into a gate.
    Visit { gate: usize, stick: usize },
    /// Somebody brings a stick to the office.
    Carry { stick: usize },
    /// What is on a stick is lost, but for the office's signature.
    Lose { stick: usize },
    /// An older copy of what was on a stick comes back, if somebody made one; then one is made of what is on it now.
    Copy { stick: usize },
    /// Somebody who listened sends an old report once more.
    Replay { which: u16 },
    /// The office suspends the next pass.
    Suspend,
    /// The office's program is killed and started.
    Kill,
    /// The office makes a backup.
    BackUp,
    /// The office's disk dies, and the last backup is restored, if there is one.
    Restore,
    /// A gate's clock is so many hours off from now on.
    Set { gate: usize, hours: i64 },
    /// A gate's journal is set aside, as after damage: another one begins, and what of the old one nobody has is lost.
    Anew { gate: usize },
}

/// A line while a gate exchanges.
#[derive(Clone, Copy, Debug)]
enum Line {
    Sound,
    /// After so many answers the rest is lost.
    Deaf(u64),
    /// Nothing goes through.
    Cut,
}

/// What each must have by now. How far a journal is known is one number: there are no gaps, but where a restored office has one
/// until a gate hears of it.
#[derive(Clone, Debug)]
struct Model {
    /// Whether, at the end, everything goes by stick.
    by_stick: bool,
    /// How many events each gate has logged, in the journal that it has now.
    logged: [u64; GATES],
    office: Office1,
    /// The most that a gate can have heard that the office has of its journal.
    heard: [u64; GATES],
    gates: [Gate1; GATES],
    sticks: [Stick1; STICKS],
    copies: [Option<Stick1>; STICKS],
    backup: Option<Office1>,
}

#[derive(Clone, Debug, Default)]
struct Office1 {
    has: [u64; GATES],
    suspended: usize,
}

#[derive(Clone, Debug, Default)]
struct Gate1 {
    others: [u64; GATES],
    suspended: usize,
}

#[derive(Clone, Debug, Default)]
struct Stick1 {
    /// From the event after the first number, up to the second.
    up: [Option<(u64, u64)>; GATES],
    /// What the office left: what it had of all journals then, and for which gates.
    down: Option<(Office1, [bool; GATES])>,
}

impl Model {
    /// The office takes a gate's events, and answers.
    fn take(&mut self, gate: usize, after: u64, through: u64) {
        let has = &mut self.office.has[gate];
        if after <= *has {
            *has = through.max(*has);
        }
    }

    fn told(&mut self, gate: usize, office: &Office1) {
        let known = &mut self.gates[gate];
        for other in (0..GATES).filter(|other| *other != gate) {
            known.others[other] = known.others[other].max(office.has[other]);
        }
        known.suspended = known.suspended.max(office.suspended);
    }

    /// A stick's copy of what the office had may be of before a journal was set aside.
    fn forget(&mut self, gate: usize) {
        self.logged[gate] = 0;
        self.heard[gate] = 0;
        self.office.has[gate] = 0;
        if let Some(backup) = &mut self.backup {
            backup.has[gate] = 0;
        }
        for known in &mut self.gates {
            known.others[gate] = 0;
        }
        for stick in self.sticks.iter_mut().chain(self.copies.iter_mut().flatten()) {
            stick.up[gate] = None;
            if let Some((office, for_whom)) = &mut stick.down {
                office.has[gate] = 0;
                for_whom[gate] = false;
            }
        }
    }
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        any::<bool>()
            .prop_map(|by_stick| Self {
                by_stick,
                logged: [0; GATES],
                office: Office1::default(),
                heard: [0; GATES],
                gates: Default::default(),
                sticks: Default::default(),
                copies: Default::default(),
                backup: None,
            })
            .boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Step> {
        let (gate, stick) = (0..GATES, 0..STICKS);
        let line =
            prop_oneof![4 => Just(Line::Sound), 2 => (0..4_u64).prop_map(Line::Deaf), 1 => Just(Line::Cut)];
        prop_oneof![
            6 => (gate.clone(), 1..5_u64).prop_map(|(gate, events)| Step::Log { gate, events }),
            5 => (gate.clone(), line).prop_map(|(gate, line)| Step::Exchange { gate, line }),
            5 => (gate.clone(), stick.clone()).prop_map(|(gate, stick)| Step::Visit { gate, stick }),
            4 => stick.clone().prop_map(|stick| Step::Carry { stick }),
            1 => stick.clone().prop_map(|stick| Step::Lose { stick }),
            2 => stick.prop_map(|stick| Step::Copy { stick }),
            1 => any::<u16>().prop_map(|which| Step::Replay { which }),
            2 => Just(Step::Suspend),
            1 => Just(Step::Kill),
            1 => Just(Step::BackUp),
            1 => Just(Step::Restore),
            1 => (gate.clone(), -9..9_i64).prop_map(|(gate, hours)| Step::Set { gate, hours }),
            1 => gate.prop_map(|gate| Step::Anew { gate }),
        ]
        .boxed()
    }

    fn apply(mut state: Self, step: &Step) -> Self {
        match *step {
            Step::Log { gate, events } => state.logged[gate] += events,
            Step::Exchange { gate, line: Line::Sound } => {
                state.office.has[gate] = state.logged[gate];
                state.heard[gate] = state.logged[gate];
                // What was decided this very moment comes with one of the next answers.
                let office = Office1 { suspended: 0, ..state.office.clone() };
                state.told(gate, &office);
            }
            // It may have got through, and may have been heard.
            Step::Exchange { gate, line: Line::Deaf(_) } => state.heard[gate] = state.logged[gate],
            Step::Visit { gate, stick } => {
                let mut from = state.heard[gate];
                if let Some((office, for_whom)) = state.sticks[stick].down.clone() {
                    state.told(gate, &Office1 { has: [0; GATES], ..office.clone() });
                    if for_whom[gate] {
                        state.told(gate, &office);
                        // It goes on from there; how far that was is not known better than this.
                        state.heard[gate] = state.logged[gate];
                        from = state.logged[gate];
                    }
                }
                state.sticks[stick].up[gate] = Some((from, state.logged[gate]));
            }
            Step::Carry { stick } => {
                // The newest report of each gate stays there.
                let up = state.sticks[stick].up;
                for (gate, events) in up.iter().enumerate() {
                    if let Some((after, through)) = *events {
                        state.take(gate, after, through);
                    }
                }
                state.sticks[stick].down = Some((state.office.clone(), up.map(|events| events.is_some())));
            }
            Step::Lose { stick } => state.sticks[stick] = Stick1::default(),
            Step::Copy { stick } => {
                let now = state.sticks[stick].clone();
                if let Some(copy) = state.copies[stick].replace(now) {
                    state.sticks[stick] = copy;
                }
            }
            Step::Suspend => state.office.suspended += 1,
            Step::BackUp => state.backup = Some(state.office.clone()),
            Step::Restore => {
                if let Some(backup) = &state.backup {
                    let suspended = backup.suspended;
                    state.office = backup.clone();
                    // What the office does not know any more may go from the gates again.
                    for gate in &mut state.gates {
                        gate.suspended = gate.suspended.min(suspended);
                    }
                    for stick in state.sticks.iter_mut().chain(state.copies.iter_mut().flatten()) {
                        if let Some((office, _)) = &mut stick.down {
                            office.suspended = office.suspended.min(suspended);
                        }
                    }
                }
            }
            Step::Anew { gate } => state.forget(gate),
            Step::Exchange { line: Line::Cut, .. } | Step::Replay { .. } | Step::Kill | Step::Set { .. } => {}
        }
        state
    }
}

/// A clock that is off.
struct Skewed(Arc<AtomicI64>);

impl Clock for Skewed {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus(self.0.load(Ordering::Relaxed))
    }

    fn uptime(&self) -> Uptime {
        SystemClock.uptime()
    }
}

/// A gate, at work for a step at a time.
struct Real {
    gate: Gate,
    wire: Wire,
    offset: Arc<AtomicI64>,
    /// All that it ever logged, by journal.
    logged: BTreeMap<[u8; 16], Vec<Vec<u8>>>,
}

impl Real {
    fn held(&self) -> Held {
        Held::in_folder(&self.gate.path("data"))
    }

    fn time(&self) -> GateTime {
        let mut time = GateTime::new(Arc::new(Skewed(Arc::clone(&self.offset))), None);
        if let Grounds::Ready { opened, .. } = self.held().grounds().expect("the folder can be read") {
            time.raise(opened.issued());
        }
        time
    }

    fn log(&mut self, name: &str, events: u64) {
        let reading = self.time().read();
        let mut journal = Journal::open(&self.held().journal()).expect("the journal opens");
        for _ in 0..events {
            let logged = journal.append(|next| Event {
                gate: name.to_owned(),
                journal: next.journal,
                sequence: next.sequence,
                at: reading.now,
                in_doubt: reading.in_doubt,
                before: next.before,
                what: What::EmergencyOpened(EmergencyOpened { who: None, opened: At(reading.now) }),
            });
            let event = logged.expect("there is room");
            self.logged.entry(event.journal).or_default().push(event.to_bytes());
        }
    }

    /// What it has of the others: every event, by journal, and whether none is there twice.
    fn others(&self) -> BTreeMap<[u8; 16], BTreeSet<Vec<u8>>> {
        let mut all: BTreeMap<_, BTreeSet<Vec<u8>>> = BTreeMap::new();
        let files = std::fs::read_dir(self.held().others()).into_iter().flatten().flatten();
        for file in files {
            let bytes = std::fs::read(file.path()).expect("it is there");
            for event in Events::of(&bytes) {
                let event = event.expect("it is whole");
                assert!(all.entry(event.journal).or_default().insert(event.to_bytes()), "twice: {event:?}");
            }
        }
        all
    }

    /// How many of these passes are suspended, as far as it knows.
    fn suspended(&self, passes: &[(String, u32)]) -> usize {
        let Grounds::Ready { opened, .. } = self.held().grounds().expect("the folder can be read") else {
            panic!("the gate has nothing to judge by");
        };
        let list = opened.status.first().expect("one office's list");
        passes.iter().filter(|(_, index)| list.get(*index) == Some(Status::Suspended)).count()
    }
}

/// An office and its gates, as they are before anything happened: made once.
struct Start {
    office: Office,
    gates: Vec<Gate>,
    /// The passes that can be suspended: short code and place in the status list.
    passes: Vec<(String, u32)>,
}

fn begin() -> &'static Start {
    static START: OnceLock<Start> = OnceLock::new();
    START.get_or_init(|| {
        let office = Office::with_roster(&roster(40));
        let at_work = serve(&office);
        let gates = NAMES.map(|name| {
            let said = run(&mut office.issuer(&[
                "gate",
                "invite",
                name,
                "--compound",
                COMPOUND,
                "--address",
                &at_work.page(""),
            ]));
            let gate = Gate::new();
            let _ = run(&mut gate.kiosk(&["enrol", lines(&said).last().expect("the code for a camera")]));
            gate
        });
        for stick in 0..STICKS {
            let path = office.path(&format!("stick-{stick}"));
            std::fs::create_dir(&path).expect("there is room");
            let _ = run(&mut office.issuer(&["stick", "prepare", path.to_str().expect("plain")]));
        }
        at_work.end();
        let Grounds::Ready { opened, .. } =
            Held::in_folder(&gates[0].path("data")).grounds().expect("the folder can be read")
        else {
            panic!("the gate has nothing to judge by");
        };
        let of = |pass: &serde_json::Value| {
            let text = pass["text"].as_str().expect("a pass has a text");
            let verified = pass::verify(text, &opened.trust).expect("the gate believes it");
            (pass["short_code"].as_str().expect("a code").to_owned(), verified.index)
        };
        let passes = office.passes();
        Start { gates: gates.into(), passes: passes.iter().map(of).collect(), office }
    })
}

fn serve(office: &Office) -> AtWork {
    AtWork::start(office.issuer(&["serve", "--listen", "127.0.0.1:0"]))
}

/// All of it, for real.
struct World {
    office: Office,
    at_work: Option<AtWork>,
    gates: Vec<Real>,
    copies: [Option<PathBuf>; STICKS],
    backups: usize,
    /// How many passes are suspended, and how many were at the last backup.
    suspended: usize,
    then: usize,
}

impl World {
    fn new() -> Self {
        let begin = begin();
        let office = begin.office.copy();
        let at_work = serve(&office);
        let gates = begin.gates.iter().map(|gate| {
            let (gate, wire) = (gate.copy(), Wire::to(&at_work.page("")));
            let real = Real { gate, wire, offset: Arc::default(), logged: BTreeMap::new() };
            let enrolled = real.held().enrolled().expect("it can be read").expect("it is enrolled");
            let address = real.wire.address().to_owned();
            real.held().enrol(&Enrolled { address, ..enrolled }).expect("there is room");
            real
        });
        let gates = gates.collect();
        Self {
            office,
            at_work: Some(at_work),
            gates,
            copies: [None, None],
            backups: 0,
            suspended: 0,
            then: 0,
        }
    }

    fn say(&self, arguments: &[&str]) -> Vec<String> {
        lines(&run(&mut self.office.issuer(arguments)))
    }

    fn stick(&self, stick: usize) -> PathBuf {
        self.office.path(&format!("stick-{stick}"))
    }

    fn restart(&mut self) {
        self.at_work = Some(serve(&self.office));
        let address = self.address();
        for gate in &self.gates {
            gate.wire.lead_to(&address);
        }
    }

    fn address(&self) -> String {
        self.at_work.as_ref().expect("it is at work").page("")
    }

    fn exchange(&self, gate: usize) -> Result<(), kiosk::sync::NotExchanged> {
        let real = &self.gates[gate];
        kiosk::sync::exchange(&real.held(), real.time()).map(drop)
    }

    fn visit(&self, gate: usize, stick: usize) {
        let real = &self.gates[gate];
        let _ = kiosk::carried::visit(&real.held(), &self.stick(stick), &mut real.time())
            .expect("the office has signed the stick");
    }

    fn carry(&self, stick: usize) {
        let _ = self.say(&["stick", "visit", self.stick(stick).to_str().expect("plain")]);
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Log { gate, events } => self.gates[gate].log(NAMES[gate], events),
            Step::Exchange { gate, line } => {
                let wire = &self.gates[gate].wire;
                match line {
                    Line::Sound => self.exchange(gate).expect("the line is sound"),
                    Line::Deaf(answers) => {
                        wire.deafen(Some(answers));
                        let _ = self.exchange(gate);
                        wire.deafen(None);
                    }
                    Line::Cut => {
                        wire.cut();
                        let _ = self.exchange(gate).expect_err("the line is cut");
                        wire.mend();
                    }
                }
            }
            Step::Visit { gate, stick } => self.visit(gate, stick),
            Step::Carry { stick } => self.carry(stick),
            Step::Lose { stick } => {
                let _ = std::fs::remove_dir_all(self.stick(stick).join("sanse-gate/up"));
                let _ = std::fs::remove_dir_all(self.stick(stick).join("sanse-gate/down"));
            }
            Step::Copy { stick } => {
                let (path, fresh) =
                    (self.stick(stick), self.office.path(&format!("copy-{stick}-{}", self.backups)));
                self.backups += 1;
                copy_folder(&path, &fresh);
                if let Some(copy) = self.copies[stick].replace(fresh) {
                    std::fs::remove_dir_all(&path).expect("it is ours");
                    copy_folder(&copy, &path);
                }
            }
            Step::Replay { which } => {
                let asked: Vec<Vec<u8>> = self.gates.iter().flat_map(|gate| gate.wire.asked()).collect();
                if !asked.is_empty() {
                    let _ = ask(&self.address(), &asked[usize::from(which) % asked.len()]);
                }
            }
            Step::Suspend => {
                let at_office = self.suspended;
                if let Some((code, _)) = begin().passes.get(at_office) {
                    let _ = self.say(&["pass", "suspend", code, "--why", "x"]);
                    self.suspended += 1;
                }
            }
            Step::Kill => {
                self.at_work = None;
                self.restart();
            }
            Step::BackUp => {
                self.backups += 1;
                let path = self.office.path("backup");
                let _ = std::fs::remove_file(&path);
                let _ = self.say(&["backup", path.to_str().expect("plain")]);
                self.then = self.suspended;
            }
            Step::Restore => self.restore(),
            Step::Set { gate, hours } => self.gates[gate].offset.store(hours * 3600, Ordering::Relaxed),
            Step::Anew { gate } => {
                let journal = self.gates[gate].held().journal();
                if journal.exists() {
                    let _ = kiosk::journal::set_aside(&journal).expect("there is room");
                }
            }
        }
    }

    fn restore(&mut self) {
        let backup = self.office.path("backup");
        if !backup.exists() {
            return;
        }
        self.at_work = None;
        for file in std::fs::read_dir(self.office.path("data")).expect("it is there").flatten() {
            if file.file_name().to_string_lossy().starts_with("office.sqlite") {
                std::fs::remove_file(file.path()).expect("it is ours");
            }
        }
        let _ = self.say(&["restore", backup.to_str().expect("plain")]);
        self.suspended = self.then;
        self.restart();
    }

    /// What the office has: every event, by journal; each once.
    fn office(&self) -> BTreeMap<[u8; 16], Vec<Event>> {
        let path = self.office.path("events.cbor");
        let _ =
            self.say(&["passages", "export", "--compound", COMPOUND, "--out", path.to_str().expect("plain")]);
        let bytes = std::fs::read(&path).expect("it was written");
        let mut all: BTreeMap<_, Vec<Event>> = BTreeMap::new();
        for event in Events::of(&bytes) {
            let event = event.expect("it is whole");
            all.entry(event.journal).or_default().push(event);
        }
        for events in all.values_mut() {
            events.sort_by_key(|event| event.sequence);
            let twice = events.windows(2).find(|pair| pair[0].sequence == pair[1].sequence);
            assert!(twice.is_none(), "twice, or forked: {twice:?}");
        }
        all
    }

    fn journal(&self, gate: usize) -> Option<[u8; 16]> {
        let journal = self.gates[gate].held().journal();
        kiosk::journal::last(&journal).expect("the folder can be read").map(|(journal, _)| journal)
    }

    /// Everything that was ever logged.
    fn all(&self) -> BTreeMap<[u8; 16], &Vec<Vec<u8>>> {
        self.gates.iter().flat_map(|gate| &gate.logged).map(|(journal, events)| (*journal, events)).collect()
    }

    /// Nothing is known that was never logged, and all that the model says must be.
    fn demand(&self, model: &Model) {
        let all = self.all();
        let office = self.office();
        for (journal, events) in &office {
            for event in events {
                let place = usize::try_from(event.sequence - 1).expect("few");
                assert_eq!(all[journal][place], event.to_bytes(), "as the gate wrote it");
            }
        }
        let len = |count: usize| u64::try_from(count).expect("few");
        for gate in 0..GATES {
            let Some(journal) = self.journal(gate) else { continue };
            let has = office.get(&journal).map_or(0, |events| len(events.len()));
            assert!(
                has >= model.office.has[gate],
                "the office has {has} of {}: {model:?}",
                model.office.has[gate]
            );
            for other in (0..GATES).filter(|other| *other != gate) {
                let others = self.gates[other].others();
                assert!(!others.contains_key(&self.journal(other).unwrap_or_default()), "its own");
                let knows = others.get(&journal).map_or(0, |events| len(events.len()));
                assert!(knows >= model.gates[other].others[gate], "{other} of {gate}: {knows}, {model:?}");
            }
            let suspended = self.gates[gate].suspended(&begin().passes);
            let least = model.gates[gate].suspended.min(begin().passes.len());
            assert!(suspended >= least, "{suspended}: {model:?}");
            for (journal, events) in self.gates[gate].others() {
                let of: BTreeSet<&Vec<u8>> = all[&journal].iter().collect();
                assert!(events.iter().all(|event| of.contains(event)), "as the other gate wrote it");
            }
        }
    }

    /// Everybody meets, by network or by one stick; then all know the same.
    fn settle(&mut self, by_stick: bool, suspended: usize) {
        let suspended = suspended.min(begin().passes.len());
        for gate in &self.gates {
            gate.offset.store(0, Ordering::Relaxed);
        }
        if by_stick {
            self.step(&Step::Lose { stick: 0 });
            for _ in 0..4 {
                for gate in 0..GATES {
                    self.visit(gate, 0);
                }
                self.carry(0);
            }
            for gate in 0..GATES {
                self.visit(gate, 0);
            }
        } else {
            let start = Instant::now();
            let rounds = |world: &Self| {
                for gate in (0..GATES).chain(0..GATES) {
                    world.exchange(gate).expect("the line is sound");
                }
                world.gates.iter().all(|gate| gate.suspended(&begin().passes) == suspended)
            };
            while !rounds(self) {
                assert!(start.elapsed() < LONG, "waited in vain for what was decided");
                std::thread::sleep(Duration::from_millis(200));
            }
        }
        let office = self.office();
        for gate in 0..GATES {
            let Some(journal) = self.journal(gate) else { continue };
            let own = &self.gates[gate].logged.get(&journal).cloned().unwrap_or_default();
            let has: Vec<Vec<u8>> = office.get(&journal).into_iter().flatten().map(Event::to_bytes).collect();
            assert_eq!(&has, own, "the office has all of gate {gate}, and nothing twice");
            let set: BTreeSet<Vec<u8>> = own.iter().cloned().collect();
            for other in (0..GATES).filter(|other| *other != gate) {
                let knows = self.gates[other].others().remove(&journal).unwrap_or_default();
                assert_eq!(knows.len(), set.len(), "gate {other} knows all of gate {gate}");
                assert_eq!(knows, set);
            }
        }
        let journals = self.say(&["passages", "journals"]);
        for line in journals {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields[6], "0", "no fork: {line}");
        }
        let (suspended, others) = begin().passes.split_at(suspended);
        for gate in &self.gates {
            assert_eq!(gate.suspended(suspended), suspended.len(), "each decision holds");
            assert_eq!(gate.suspended(others), 0, "and no other does");
        }
    }
}

struct Real1;

impl StateMachineTest for Real1 {
    type SystemUnderTest = World;
    type Reference = Model;

    fn init_test(_: &Model) -> World {
        World::new()
    }

    fn apply(mut world: World, _: &Model, step: Step) -> World {
        world.step(&step);
        world
    }

    fn check_invariants(world: &World, model: &Model) {
        world.demand(model);
    }

    fn teardown(mut world: World, model: Model) {
        world.settle(model.by_stick, model.office.suspended);
    }
}

fn cases() -> u32 {
    std::env::var("SANSE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES)
}

prop_state_machine! {
    #![proptest_config(Config { cases: cases(), failure_persistence: None, max_shrink_iters: 200, ..Config::default() })]

    #[test]
    fn what_was_logged_and_decided_comes_to_everybody_once(sequential 1..40 => Real1);
}
