//! A hand scanner on a serial line, through a real pseudo-terminal into a real gate.

use std::fs::File;

use pass::Colour;

use crate::office::{Office, set_up};
use crate::process::{Process, journal};
use crate::serial::Line;

#[test]
fn a_serial_scanner_is_read_through_noise_and_unplugging() {
    let (office, dir) = (Office::new(), tempfile::tempdir().unwrap());
    set_up(&office, dir.path());
    let port = dir.path().join("scanner");
    let gate = Process::run(dir.path(), &["--serial", port.to_str().unwrap()]);
    gate.see(&["\"kind\":\"blind\"", "No scanner", "No such file"]);

    let mut scanner = Line::plug_in(&port);
    gate.see(&["\"kind\":\"ready\"", "<dd>working</dd>", "with the scanner"]);
    // Other people's codes: a quiet hint that goes by itself, and nothing else.
    for foreign in ["6901234567892\r\n", "https://pay.example/x?y=1\r", "\u{2}WIFI:S:x;;\u{3}", "\r\n\r\n"] {
        scanner.send(foreign);
        if !foreign.trim().is_empty() {
            gate.see(&["\"kind\":\"hint\"", "<dd>0</dd>"]);
        }
        gate.see(&["\"kind\":\"ready\"", "<dd>0</dd>"]);
    }
    // The first of two is not lost while the second comes; small letters are mended.
    let (green, red) = (office.pass(1, Colour::Green), office.pass(2, Colour::Red));
    scanner.send(&format!("{}\r\n{red}\r\n", green.to_lowercase()));
    assert_eq!(gate.event()["verdict"], "admit");
    assert_eq!(gate.event()["verdict"], "refuse");
    gate.see(&["\"kind\":\"refuse\"", "<dd>2</dd>"]);
    // Half a text, then the plug: not judged, and none of the next text.
    let third = office.pass(3, Colour::Green);
    scanner.send(&third[..40]);
    drop(scanner);
    gate.see(&["not connected", "<dd>2</dd>"]);
    let mut scanner = Line::plug_in(&port);
    gate.see(&["<dd>working</dd>"]);
    scanner.send(&format!("{third}\n"));
    assert_eq!(gate.event()["verdict"], "admit");
    // A damaged pass is not foreign: it is judged.
    scanner.send("SG1:ABC\n");
    assert_eq!(gate.event()["verdict"], "refuse");
    assert_eq!(gate.stop().len(), 0);
    assert_eq!(journal(dir.path()).len(), 4);
}

#[test]
fn a_port_that_another_program_holds_is_busy() {
    let (office, dir) = (Office::new(), tempfile::tempdir().unwrap());
    set_up(&office, dir.path());
    let port = dir.path().join("scanner");
    let _scanner = Line::plug_in(&port);
    let settings = format!("[[eyes]]\nkind = \"serial\"\nport = \"{}\"\nbaud = 115200\n", port.display());
    std::fs::write(dir.path().join("kiosk.toml"), settings).unwrap();
    let gate = Process::run(dir.path(), &[]);
    gate.see(&["\"kind\":\"ready\"", "<dd>working</dd>"]);
    let again = File::open(&port);
    // Exclusive use holds for everybody but the superuser, whom the kernel lets in.
    assert!(again.is_err() || rustix::process::geteuid().is_root());
}
