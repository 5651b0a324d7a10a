//! A gate whose disk fills up, turns read-only or is damaged, and whose clock is moved: in a virtual machine, on a real file
//! system. It says plainly what is wrong, admits nobody it can't log, and goes on by itself.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::cell::Cell;
use std::process::Command;
use std::time::{Duration, Instant};

use end_to_end::gate::Gate;
use end_to_end::machine::{Disk, Job, Machine, Options};
use end_to_end::office::{Office, roster};
use end_to_end::programs::{program, run};
use serde_json::Value;

/// Longer than anything takes.
const LONG: Duration = Duration::from_secs(180);

/// A hand scanner on a serial line: what is written into the pipe comes out of the line, and is taken before the next.
const SCANNER: &str = r#"
import fcntl, os, pty, termios, time, tty
master, slave = pty.openpty()
tty.setraw(slave)
os.mkfifo("/run/taken")
os.mkfifo("/run/cards")
os.symlink(os.ttyname(slave), "/run/line")
while True:
    with open("/run/cards", "rb") as cards:
        for card in cards:
            os.write(master, card)
            while fcntl.ioctl(slave, termios.FIONREAD, bytes(4)) != bytes(4):
                time.sleep(0.02)
    # Whoever has held up a card waits here.
    open("/run/taken", "w").close()
"#;

/// What a time server's client tells the kernel when the clock is right (adjtimex(2)): status without `STA_UNSYNC`, small errors.
const IN_TIME: &str = r#"
import ctypes, struct
about = ctypes.create_string_buffer(struct.pack("=IIqqqqi", 0x10 | 0x04 | 0x08, 0, 0, 0, 1000, 1000, 1), 208)
assert ctypes.CDLL(None).adjtimex(about) == 0
"#;

/// A gate at work in a machine.
struct AtWork<'a> {
    machine: &'a Machine,
    kiosk: String,
    job: Option<Job<'a>>,
    shown: Cell<usize>,
}

impl<'a> AtWork<'a> {
    fn start(&mut self) {
        let command = format!(
            "exec {} run --data /run/disk0/data --lang en --direction out --same-card 0 --serial /run/line",
            self.kiosk
        );
        let job = self.machine.start(&command);
        job.wait_for("the page", LONG, |job| job.stderr().contains("http://"));
        self.job = Some(job);
        self.shown.set(0);
        // What is sent before anybody listens is thrown away.
        self.says(&[], &["<dd>working</dd>"]);
    }

    fn stop(&mut self) {
        let job = self.job.take().expect("it was started");
        job.signal("KILL");
        let _ = job.wait(LONG);
    }

    /// Waits until the screen says all of these, in each language.
    fn says(&self, zh: &[&str], en: &[&str]) {
        // A language in which nothing is waited for is not asked for: the machine is slow.
        let page = |lang: &str, wanted: &[&str]| match wanted {
            [] => String::new(),
            _ => format!("busybox wget -q -O - 'http://127.0.0.1:7381/?lang={lang}' || true"),
        };
        let both = format!("{}\necho =====\n{}", page("zh", zh), page("en", en));
        let start = Instant::now();
        loop {
            // A page that isn't served yet is asked for again.
            let pages = self.machine.run(&both);
            let (chinese, english) = pages.split_once("=====\n").expect("it was just printed");
            let has = |page: &str, wanted: &[&str]| wanted.iter().all(|wanted| page.contains(wanted));
            if has(chinese, zh) && has(english, en) {
                return;
            }
            assert!(start.elapsed() < LONG, "never {zh:?} and {en:?}\n{pages}");
        }
    }

    /// Holds up a card until the gate has taken its text.
    fn hold_up(&self, card: &str) {
        self.machine.run(&format!("echo '{card}' > /run/cards; read taken < /run/taken || true"));
    }

    /// Holds up a card, and returns the event.
    fn judged(&self, card: &str) -> Value {
        self.hold_up(card);
        let job = self.job.as_ref().expect("it was started");
        job.wait_for("an event", LONG, |job| job.stdout().matches('\n').count() > self.shown.get());
        let line = job.stdout().lines().nth(self.shown.get()).expect("it is there").to_owned();
        self.shown.set(self.shown.get() + 1);
        serde_json::from_str(&line).expect("a line of JSON")
    }

    fn admits(&self, card: &str) -> Value {
        let event = self.judged(card);
        let told = (&event["verdict"], &event["in_doubt"]);
        assert_eq!(told, (&"admit".into(), &false.into()), "{event}");
        event
    }

    /// The gate can log nothing, and says so: it judges no card, so that nobody is let through.
    fn judges_nothing(&self, card: &str, zh: &[&str], en: &[&str]) {
        let trouble = "data-kind=\"trouble\"";
        self.says(&[&[trouble], zh].concat(), &[&[trouble], en].concat());
        self.hold_up(card);
        self.says(&[], &[trouble]);
        let job = self.job.as_ref().expect("it was started");
        assert_eq!(job.stdout().matches('\n').count(), self.shown.get(), "{}", job.stdout());
    }

    /// Sets the machine's clock so many seconds off the time that it is.
    fn clock_is_off_by(&self, seconds: i64) {
        self.machine
            .run(&format!("date -s @$(($(cut -d. -f1 /proc/uptime) + $(cat /run/time) + {seconds}))"));
    }

    /// Sets it right, so much after what was right before, as a time server does.
    fn time_goes_on(&self, seconds: i64) {
        self.machine
            .run(&format!("echo $(($(cat /run/time) + {seconds})) > /run/new; mv /run/new /run/time"));
        self.clock_is_off_by(0);
        self.machine.run(&format!("python3 - <<'END'{IN_TIME}END\n"));
    }

    /// The gate says that its clock is in doubt and what to do; a good pass is checked for that and blamed for nothing, one that is
    /// over admits nobody.
    fn doubts(&self, cards: &Cards, zh: &str, en: &str) {
        // Before a card is held up: a refusal stays on the screen until it was read.
        self.says(&[zh, "请负责人"], &[en, "have a supervisor"]);
        let event = self.judged(&cards.good);
        assert_eq!((&event["verdict"], &event["in_doubt"]), (&"check".into(), &true.into()), "{event}");
        let reasons = event["reasons"].as_array().expect("a list");
        assert!(reasons.contains(&"clock_in_doubt".into()), "{event}");
        assert!(
            !reasons.contains(&"expired".into()) && !reasons.contains(&"not_yet_valid".into()),
            "{event}"
        );
        let event = self.judged(&cards.over);
        assert_ne!(event["verdict"], "admit", "{event}");
    }

    fn kiosk(&self, arguments: &str) -> String {
        self.machine.run(&format!("{} {arguments} --data /run/disk0/data --lang en", self.kiosk))
    }
}

/// Two green cards.
struct Cards {
    /// Valid for a month.
    good: String,
    /// Valid for a day, and over when clocks are tried.
    over: String,
}

fn cards(office: &Office) -> Cards {
    let green = |known: &[Value]| {
        let all = office.passes();
        let new = |pass: &&Value| !known.iter().any(|old| old["serial"] == pass["serial"]);
        let mut new =
            all.iter().filter(new).filter(|pass| pass["colour"] == "green" && pass["kind"] == "person");
        let text = new.next().expect("somebody is green")["text"].as_str().expect("a pass has a text");
        (text.to_owned(), all.clone())
    };
    let (good, known) = green(&[]);
    office.import(&roster(5));
    let _ = run(&mut office.issuer(&["sign", "--lifetime", "1", "--renew", "0"]));
    Cards { good, over: green(&known).0 }
}

#[test]
fn a_disk_goes_wrong_and_the_gate_says_so() {
    in_a_machine(|gate, cards| {
        the_disk_takes_nothing(gate, &cards.good);
        gate.stop();
        what_was_written_is_changed(gate, &cards.good);
    });
}

#[test]
fn a_clock_goes_wrong_and_the_gate_says_so() {
    in_a_machine(the_clock_is_moved);
}

/// Runs a gate in a machine, with a disk of its own. Its journal is whole in the end.
fn in_a_machine(goes_wrong: impl FnOnce(&mut AtWork<'_>, &Cards)) {
    let office = Office::with_roster(&roster(4));
    let cards = cards(&office);
    let gate = Gate::of(&office);
    let kiosk = gate.path("kiosk");
    let _ = run(Command::new("strip").arg("-o").arg(&kiosk).arg(program("kiosk")));
    let disk = Disk::create(&gate.path("disk.img"), 96);
    let machine = Machine::boot(&Options { disks: vec![disk], ..Options::default() });
    std::fs::write(machine.folder().join("scanner.py"), SCANNER).expect("a temporary folder can be written");
    let _scanner = machine.start(&format!("exec python3 {}/scanner.py", machine.folder().display()));
    machine.run(&format!(
        "cp -r {} /run/disk0/data; cp {} /run/kiosk
         echo $(($(date +%s) - $(cut -d. -f1 /proc/uptime))) > /run/time
         until [ -e /run/line ]; do sleep 0.2; done",
        gate.path("data").display(),
        kiosk.display()
    ));
    // From the machine's own memory: it reads the host's files over a slow share, at every start anew.
    let mut gate = AtWork { machine: &machine, kiosk: "/run/kiosk".into(), job: None, shown: Cell::new(0) };
    gate.start();
    goes_wrong(&mut gate, &cards);
    gate.kiosk("log verify");
}

fn the_disk_takes_nothing(gate: &AtWork<'_>, card: &str) {
    gate.admits(card);
    // It fills up, and is cleared.
    gate.machine.run("dd if=/dev/zero of=/run/disk0/fill bs=1M 2>/dev/null || true");
    gate.judges_nothing(card, &["磁盘已满", "人工登记"], &["Disk full", "write passages down by hand"]);
    gate.machine.run("rm /run/disk0/fill");
    gate.says(&[], &["data-kind=\"ready\""]);
    gate.admits(card);
    // It turns read-only, as after an error, and is made writable.
    gate.machine.run(
        "echo u > /proc/sysrq-trigger; while ! grep -q '/run/disk0 ext4 ro' /proc/mounts; do sleep 0.2; done",
    );
    gate.judges_nothing(card, &["磁盘只读", "人工登记"], &["Disk is read-only"]);
    gate.machine.run("mount -o remount,rw /run/disk0");
    gate.says(&[], &["data-kind=\"ready\""]);
    // No event was lost, and none made of what was held up meanwhile.
    assert_eq!(gate.admits(card)["sequence"], 3);
}

fn the_clock_is_moved(gate: &mut AtWork<'_>, cards: &Cards) {
    let (hour, day, years) = (3600, 86_400, 9 * 365 * 86_400);
    let (slow, fast) = (("时钟慢了", "The clock is slow"), ("时钟可能快了", "The clock may be fast"));
    gate.admits(&cards.over);
    gate.time_goes_on(36 * hour);
    let event = gate.judged(&cards.over);
    assert_eq!((&event["verdict"], &event["in_doubt"]), (&"refuse".into(), &false.into()), "{event}");
    assert_eq!(event["reasons"][0], "expired", "{event}");
    gate.admits(&cards.good);

    // While the gate runs.
    for by in [hour, -day] {
        gate.clock_is_off_by(by);
        gate.doubts(cards, "时钟被改动过", "The clock was changed");
        gate.clock_is_off_by(0);
        gate.admits(&cards.good);
    }
    gate.stop();

    // While the machine is off: it is another start of the kernel then.
    let kept = "/run/disk0/data/clock.json";
    let off = format!("sed -i -E 's/(\"boot\": ?\")[0-9a-f]+/\\1{:032x}/' {kept}", 7);
    gate.machine.run(&format!("{off}; grep -q {:032x} {kept}; cp {kept} /run/kept", 7));
    gate.clock_is_off_by(-day);
    gate.start();
    gate.doubts(cards, slow.0, slow.1);
    gate.stop();
    // Nobody can tell an hour ahead from an hour off. Nothing hangs on that hour here.
    gate.clock_is_off_by(hour);
    gate.start();
    gate.admits(&cards.good);
    assert_eq!(gate.judged(&cards.over)["reasons"][0], "expired");
    gate.stop();
    gate.machine.run(&format!("cp /run/kept {kept}"));
    gate.clock_is_off_by(years);
    gate.start();
    gate.doubts(cards, fast.0, fast.1);
    gate.stop();

    // A board without a battery that is started for the first time: in 1970, and in 2035.
    gate.machine.run(&format!("rm {kept}; date -s @1000"));
    gate.start();
    gate.doubts(cards, slow.0, slow.1);
    gate.stop();
    gate.machine.run("date -s @2051222400");
    gate.start();
    gate.doubts(cards, fast.0, fast.1);
    // A time server's word ends it, without a restart.
    gate.time_goes_on(0);
    gate.admits(&cards.good);
    assert_eq!(gate.judged(&cards.over)["verdict"], "refuse");
    gate.stop();
}

fn what_was_written_is_changed(gate: &mut AtWork<'_>, card: &str) {
    let events = gate.kiosk("log list").lines().count();
    // A page of the store: it is made again from the segments, and the gate goes on.
    gate.machine.run(
        "printf '\\245\\132\\245\\132' | dd of=$(ls -d /run/disk0/data/journal/sled/*/db | tail -n 1) bs=1 seek=20 conv=notrunc",
    );
    gate.start();
    assert_eq!(gate.judged(card)["sequence"], events + 1);
    gate.stop();
    gate.kiosk("log verify");

    // An event, and the end of the last one: that is not passed over, and a new journal is begun when somebody says so.
    let segment = gate.machine.run("ls /run/disk0/data/journal/segments/*.seg | tail -n 1");
    let segment = segment.trim_end();
    gate.machine.run(&format!("cp {segment} /run/segment"));
    let says_damaged = |gate: &AtWork<'_>| {
        gate.judges_nothing(
            card,
            &["日志有损坏", "人工登记", "set-aside"],
            &["Log damaged", "write passages down by hand", "kiosk log set-aside"],
        );
    };
    for damage in ["printf X | dd of=SEGMENT bs=1 seek=100 conv=notrunc", "truncate -s -5 SEGMENT"] {
        gate.machine.run(&damage.replace("SEGMENT", segment));
        gate.start();
        says_damaged(gate);
        gate.machine.run(&format!("cp /run/segment {segment}"));
        gate.says(&[], &["data-kind=\"ready\""]);
        gate.stop();
    }
    gate.machine.run(&format!("truncate -s 200 {segment}"));
    gate.start();
    says_damaged(gate);
    gate.kiosk("log set-aside");
    gate.says(&[], &["data-kind=\"ready\""]);
    assert_eq!(gate.judged(card)["sequence"], 1);
    gate.stop();
}
