//! An office for tests: keys, a bundle, passes, and pictures of them. Signs for real, from fixed seeds.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gate::{Exemption, ExemptionKind, Policy, Role, Rules, Verdict};
use pass::{
    Clock, Colour, CompoundId, Content, Contents, Kind, Kinds, Mode, Name, OfficeId, Pass, Serial,
    SigningKey, Status, StatusList, SystemClock, Timestamp, TrustList, TrustedKey,
};
use protocol::{
    Bundle, Card, Duty, People, Pin, PinHash, Receiver, Resident, Staff, policy_from_json, seal_people,
    sign_rules,
};

pub(crate) const COMPOUND: CompoundId = CompoundId(7);
const DAY: i64 = 86_400;

pub(crate) struct Office {
    pub(crate) root: SigningKey,
    pub(crate) key: SigningKey,
    pub(crate) now: Timestamp,
    pub(crate) statuses: Vec<Status>,
    /// What its compound decides otherwise than most.
    pub(crate) decide: fn(&mut Policy),
}

impl Office {
    pub(crate) fn new() -> Self {
        Self {
            root: SigningKey::from_seed(&[1; 32]),
            key: SigningKey::from_seed(&[2; 32]),
            now: SystemClock.now(),
            statuses: vec![Status::AsSigned; 100],
            decide: |_| {},
        }
    }

    /// The text by which a kiosk is told to trust this office's root.
    pub(crate) fn root_text(&self) -> String {
        STANDARD.encode(self.root.public().cose_key())
    }

    /// A pass of this colour; `index` tells it apart.
    pub(crate) fn pass(&self, index: u32, colour: Colour) -> String {
        self.pass_with(index, colour, |_| {})
    }

    pub(crate) fn pass_with(&self, index: u32, colour: Colour, change: impl FnOnce(&mut Pass)) -> String {
        let [a, b, c, d] = index.to_be_bytes();
        let mut pass = Pass {
            serial: Serial([9, a, b, c, d]),
            not_before: self.now.plus(-DAY),
            expires: self.now.plus(30 * DAY),
            compound: COMPOUND,
            household: 100 + index,
            holder: index as u16,
            index,
            colour,
            kind: Kind::Person,
            mode: Mode::Paper,
            name: Name::new("张*明").unwrap(),
        };
        change(&mut pass);
        pass::sign(pass, &self.key).unwrap().text
    }

    /// The bundle, its parts at this version.
    pub(crate) fn bundle(&self, version: u64) -> Vec<u8> {
        self.bundle_for(version, &[])
    }

    /// The bundle with the people sealed for these gates.
    pub(crate) fn bundle_for(&self, version: u64, gates: &[&Receiver]) -> Vec<u8> {
        let people = people(self);
        let sealed = |gate: &&Receiver| {
            seal_people(&people, version, self.now.plus(-60), &self.key, gate).unwrap().to_bytes()
        };
        let people = gates.iter().map(sealed).collect();
        let trusted = TrustedKey {
            public: self.key.public(),
            office: OfficeId(1),
            compounds: vec![1..=99],
            contents: Contents::of(&[Content::Pass, Content::StatusList, Content::Rules, Content::People]),
            kinds: Kinds::of(&Kind::ALL),
            from: self.now.plus(-400 * DAY),
            until: self.now.plus(400 * DAY),
        };
        let trust = TrustList { version, issued: self.now.plus(-60), keys: vec![trusted] };
        let list =
            StatusList::new(OfficeId(1), version, self.now.plus(-60), self.now.plus(DAY), &self.statuses);
        let starter = include_str!("../../../issuer/data/starter-rules.json");
        let mut policy = policy_from_json(starter).unwrap();
        policy.colours.green.old_list = Verdict::Check;
        policy.colours.green.unknown_pass = Verdict::Check;
        policy.colours.yellow.out = Verdict::Check;
        policy.colours.red.entry = Verdict::Check;
        (self.decide)(&mut policy);
        let rules = Rules { compound: COMPOUND, compound_name: "翠湖小区".into(), policy };
        let rules = sign_rules(&rules, version, self.now.plus(-60), &self.key);
        Bundle {
            trust: trust.sign(&self.root),
            status: vec![list.sign(&self.key)],
            rules,
            people,
            directions: None,
        }
        .to_bytes()
    }
}

/// PIN of everybody on [`people`]'s staff.
pub(crate) const PIN: &str = "2580";

/// Residents with the cards of [`Office::pass`], by their index: a family and its car, and a commuter; and the staff.
pub(crate) fn people(office: &Office) -> People {
    let resident = |index: u16, name: &str, room: &str, initials: &[&str], colour| Resident {
        holder: index,
        household: 100 + u32::from(index),
        kind: if initials.is_empty() { Kind::Vehicle } else { Kind::Person },
        name: Name::new(name).unwrap(),
        building: "3".into(),
        unit: "2".into(),
        room: room.into(),
        initials: initials.iter().map(|text| (*text).to_owned()).collect(),
        colour,
        cards: vec![Card {
            serial: Serial([9, 0, 0, 0, index as u8]),
            index: index.into(),
            colour,
            not_before: office.now.plus(-DAY),
            expires: office.now.plus(30 * DAY),
        }],
        exemptions: Vec::new(),
    };
    let pin = PinHash::of(&Pin::typed(PIN).unwrap());
    let staff = |name: &str, role| Staff { name: name.into(), role, pin: pin.clone() };
    let on_duty = |who: &str| Duty {
        from: office.now.plus(-3600),
        until: office.now.plus(3600),
        who: who.into(),
        gate: String::new(),
    };
    let mut medic = resident(4, "仇*", "601", &["qd", "cd"], Colour::Green);
    medic.exemptions =
        vec![Exemption { kind: ExemptionKind::Medical, quota: true, hours: true, until: None }];
    People {
        compound: COMPOUND,
        residents: vec![
            resident(0, "张*明", "501", &["zxm"], Colour::Green),
            resident(1, "李*", "501", &["lh"], Colour::Yellow),
            resident(2, "王*", "502", &["ww"], Colour::Red),
            resident(3, "鄂A12345", "501", &[], Colour::Green),
            medic,
        ],
        staff: vec![staff("李师傅", Role::Guard), staff("王主管", Role::Supervisor)],
        roster: vec![on_duty("李师傅")],
        closed: Vec::new(),
    }
}

/// Runs the program with this data folder.
pub(crate) fn kiosk(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kiosk"));
    command.args(arguments).arg("--data").arg(data).env("SANSE_LANG", "en").stdin(Stdio::null());
    command
}

/// Runs it to its end, giving it `input`.
pub(crate) fn kiosk_reads(data: &Path, arguments: &[&str], input: &[u8]) -> Output {
    use std::io::Write;
    let mut command = kiosk(data, arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    // A program that ends without reading everything is judged by how it ended.
    let _ = writer.join().unwrap();
    output
}

/// A data folder that trusts the office and holds its bundle.
pub(crate) fn set_up(office: &Office, data: &Path) {
    let bundle = data.join("office.bundle");
    std::fs::write(&bundle, office.bundle(1)).unwrap();
    for arguments in [&["trust", &office.root_text()][..], &["load", bundle.to_str().unwrap()]] {
        let output = kiosk(data, arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Writes a picture of a code.
pub(crate) fn picture(path: &Path, text: &str) {
    let code = qr::encode(text).unwrap();
    let drawing = qr::degrade::picture_of(&code, 5, 4).unwrap();
    blank_or(path, Some(&drawing));
}

/// Writes a picture with nothing on it.
pub(crate) fn blank(path: &Path) {
    blank_or(path, None);
}

fn blank_or(path: &Path, drawing: Option<&qr::Frame>) {
    let (width, height) = drawing.map_or((400, 400), |drawing| (drawing.width(), drawing.height()));
    let mut pgm = format!("P5 {width} {height} 255\n").into_bytes();
    match drawing {
        Some(drawing) => pgm.extend(drawing.luma()),
        None => pgm.extend(vec![128; width * height]),
    }
    std::fs::write(path, pgm).unwrap();
}

pub(crate) fn lines(output: &[u8]) -> Vec<serde_json::Value> {
    let text = std::str::from_utf8(output).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect()
}
