//! Devices before a real gate: the barrier by a command, a serial relay and a relay on the network, and what happens to it when
//! the gate is killed; a thermometer on a serial line; sounds by a command.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use pass::Colour;

use crate::office::{Office, set_up};
use crate::process::{LONG, Process, journal};
use crate::serial::Line;

/// A gate with a serial scanner, and what its kiosk.toml says besides.
pub(crate) struct Gate {
    pub(crate) office: Office,
    pub(crate) dir: tempfile::TempDir,
    pub(crate) scanner: Line,
    run: Option<Process>,
}

impl Gate {
    fn new(settings: impl FnOnce(&Path) -> String) -> Self {
        Self::of(Office::new(), settings)
    }

    pub(crate) fn of(office: Office, settings: impl FnOnce(&Path) -> String) -> Self {
        let dir = tempfile::tempdir().unwrap();
        set_up(&office, dir.path());
        std::fs::write(dir.path().join("kiosk.toml"), settings(dir.path())).unwrap();
        let scanner = Line::plug_in(&dir.path().join("scanner"));
        let mut gate = Self { office, dir, scanner, run: None };
        gate.start();
        gate
    }

    fn start(&mut self) {
        let port = self.dir.path().join("scanner");
        let run = Process::run(self.dir.path(), &["--serial", port.to_str().unwrap()]);
        run.see(&["<dt>Scanner</dt><dd>working</dd>"]);
        self.run = Some(run);
    }

    pub(crate) fn run(&self) -> &Process {
        self.run.as_ref().unwrap()
    }

    /// Holds a pass up, and returns its event.
    pub(crate) fn show(&mut self, index: u32, colour: Colour) -> serde_json::Value {
        let text = self.office.pass(index, colour);
        self.scanner.send(&format!("{text}\r\n"));
        self.run().event()
    }
}

/// Waits until a file holds this.
pub(crate) fn wait_for(path: &Path, wanted: &str) {
    let start = Instant::now();
    loop {
        let found = std::fs::read_to_string(path).unwrap_or_default();
        if found == wanted {
            return;
        }
        assert!(start.elapsed() < LONG, "{} holds {found:?}, not {wanted:?}", path.display());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A barrier moved by a command that writes down what it was asked, and how many events the journal held then.
pub(crate) fn by_command(dir: &Path, seconds: f64) -> (String, PathBuf) {
    let moves = dir.join("moves");
    let script = dir.join("bar.sh");
    std::fs::write(&script, format!("#!/bin/sh\necho $1 >> {}\n", moves.display())).unwrap();
    let word = |word| format!("[\"sh\", \"{}\", \"{word}\"]", script.display());
    let table = format!(
        "[barrier]\nkind = \"command\"\nopen_seconds = {seconds}\nlate_seconds = 3000\nopen = {}\nclose = {}\n",
        word("open"),
        word("close")
    );
    (table, moves)
}

#[test]
fn the_barrier_opens_for_admissions_only_and_closes_by_itself() {
    let mut moves = PathBuf::new();
    let mut gate = Gate::new(|dir| {
        let (table, path) = by_command(dir, 0.5);
        moves = path;
        let sound = dir.join("heard");
        let word = |word: &str| format!("[\"sh\", \"-c\", \"echo {word} >> {}\"]", sound.display());
        format!(
            "check_seconds = 3600\n{table}[sound]\nkind = \"command\"\nadmit = {}\ncheck = {}\nrefuse = {}\n[sensor]\nkind = \"simulated\"\nafter_milliseconds = 10\n",
            word("admit"),
            word("check"),
            word("refuse")
        )
    });
    wait_for(&moves, "close\n");
    gate.run().see(&["<dt>Barrier</dt><dd>closed</dd>"]);
    // Each is heard before the next comes: the newest verdict cuts the last one's sound short.
    let heard = gate.dir.path().join("heard");
    assert_eq!(gate.show(1, Colour::Red)["verdict"], "refuse");
    wait_for(&heard, "refuse\n");
    assert_eq!(gate.show(2, Colour::Yellow)["verdict"], "check");
    wait_for(&heard, "refuse\ncheck\n");
    gate.scanner.send("6901234567892\r\n");
    gate.run().see(&["\"kind\":\"check\""]);
    assert_eq!(gate.show(3, Colour::Green)["verdict"], "admit");
    wait_for(&moves, "close\nopen\nclose\n");
    // Somebody went through on the admission.
    let passed = gate.run().event();
    assert_eq!((passed["kind"].as_str(), passed["of"].as_u64()), (Some("passed"), Some(3)), "{passed}");
    wait_for(&heard, "refuse\ncheck\nadmit\n");
    assert_eq!(journal(gate.dir.path()).len(), 4);
}

#[test]
fn the_barrier_closes_when_the_gate_is_killed_and_when_its_keeper_is() {
    let mut moves = PathBuf::new();
    let mut gate = Gate::new(|dir| {
        let (table, path) = by_command(dir, 3000.0);
        moves = path;
        table
    });
    assert_eq!(gate.show(1, Colour::Green)["verdict"], "admit");
    wait_for(&moves, "close\nopen\n");
    gate.run().see(&["<dt>Barrier</dt><dd>open</dd>"]);
    // Dropping a process is SIGKILL.
    gate.run = None;
    wait_for(&moves, "close\nopen\nclose\n");

    gate.scanner = Line::plug_in(&gate.dir.path().join("scanner"));
    gate.start();
    wait_for(&moves, "close\nopen\nclose\nclose\n");
    assert_eq!(gate.show(2, Colour::Green)["verdict"], "admit");
    wait_for(&moves, "close\nopen\nclose\nclose\nopen\n");
    let keeper = gate.run().child_called("barrier");
    rustix::process::kill_process(keeper, rustix::process::Signal::KILL).unwrap();
    // The next keeper begins with closing; the journal has that it was gone, and that it is back.
    wait_for(&moves, "close\nopen\nclose\nclose\nopen\nclose\n");
    let (lost, back) = (gate.run().event(), gate.run().event());
    assert_eq!(
        (lost["kind"].as_str(), back["kind"].as_str()),
        (Some("device_trouble"), Some("device_trouble"))
    );
}

#[test]
fn a_serial_relay_and_a_thermometer_are_spoken_to() {
    let mut relay = None;
    let mut gun = None;
    let mut gate = Gate::new(|dir| {
        let (relay_path, gun_path) = (dir.join("relay"), dir.join("gun"));
        relay = Some(Line::plug_in(&relay_path));
        gun = Some(Line::plug_in(&gun_path));
        format!(
            "[barrier]\nkind = \"serial\"\nport = \"{}\"\nopen_seconds = 0.5\nopen = \"A0 01 01 A2\"\nclose = \"A0 01 00 A1\"\n\
             [thermometer]\nkind = \"serial\"\nport = \"{}\"\n",
            relay_path.display(),
            gun_path.display()
        )
    });
    let (mut relay, mut gun) = (relay.unwrap(), gun.unwrap());
    gate.run().see(&["<dt>Barrier</dt><dd>closed</dd>", "<dt>Thermometer</dt><dd>working</dd>"]);
    assert_eq!(relay.hear(4), [0xA0, 1, 0, 0xA1]);
    assert_eq!(gate.show(1, Colour::Green)["verdict"], "admit");
    assert_eq!(relay.hear(8), [0xA0, 1, 1, 0xA2, 0xA0, 1, 0, 0xA1]);
    gun.send("Ta=18.2 To=36.64 C\r\nERR\r\n");
    let measured = gate.run().event();
    assert_eq!(
        (measured["kind"].as_str(), measured["temperature"].as_str()),
        (Some("measured"), Some("36.6"))
    );
    drop(gun);
    assert_eq!(gate.run().event()["kind"], "device_trouble");
    gate.run().see(&["<dt>Thermometer</dt><dd>not working"]);
}

/// A relay on the network, which tells what it was asked for.
fn relay() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
                request.push(byte[0]);
            }
            let line = String::from_utf8(request).unwrap().lines().next().unwrap_or_default().to_owned();
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            let _ = tell.send(line);
        }
    });
    (address, told)
}

#[test]
fn a_relay_on_the_network_is_asked() {
    let (address, told) = relay();
    let mut gate = Gate::new(|_| {
        format!(
            "[barrier]\nkind = \"http\"\nopen_seconds = 0.3\npost = true\nopen = \"http://{address}/relay/0?turn=on\"\nclose = \"http://{address}/relay/0?turn=off\"\n"
        )
    });
    let next = || told.recv_timeout(LONG).unwrap();
    assert_eq!(next(), "POST /relay/0?turn=off HTTP/1.1");
    assert_eq!(gate.show(1, Colour::Green)["verdict"], "admit");
    assert_eq!(next(), "POST /relay/0?turn=on HTTP/1.1");
    assert_eq!(next(), "POST /relay/0?turn=off HTTP/1.1");
}

#[test]
fn the_barrier_does_not_open_for_somebody_who_has_gone() {
    let (mut moves, mut go) = (PathBuf::new(), PathBuf::new());
    let mut gate = Gate::new(|dir| {
        (moves, go) = (dir.join("moves"), dir.join("go"));
        let script = dir.join("bar.sh");
        // A relay that hangs until it is let go.
        let wait = format!("while [ ! -e {} ]; do sleep 0.02; done", go.display());
        std::fs::write(&script, format!("#!/bin/sh\n{wait}\necho $1 >> {}\n", moves.display())).unwrap();
        let word = |word| format!("[\"sh\", \"{}\", \"{word}\"]", script.display());
        let (open, close) = (word("open"), word("close"));
        format!("[barrier]\nkind = \"command\"\nlate_seconds = 0.2\nopen = {open}\nclose = {close}\n")
    });
    assert_eq!(gate.show(1, Colour::Green)["verdict"], "admit");
    // At least as long as the order holds.
    std::thread::sleep(Duration::from_millis(300));
    std::fs::write(&go, "").unwrap();
    gate.run().hear("too late for the barrier");
    wait_for(&moves, "close\n");
    gate.run().see(&["<dt>Barrier</dt><dd>closed</dd>"]);
}
