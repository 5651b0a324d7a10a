//! What systemd hears from the gate, over a real socket.

use std::os::unix::net::UnixDatagram;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use pass::Timestamp;
use protocol::{Update, Version};

use crate::office::{Office, kiosk, set_up};
use crate::process::LONG;

#[test]
fn systemd_hears_that_the_gate_is_at_work_goes_round_and_ends() {
    let data = tempfile::tempdir().unwrap();
    set_up(&Office::new(), data.path());
    let path = data.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(LONG)).unwrap();
    let mut command =
        kiosk(data.path(), &["run", "--listen", "127.0.0.1:0", "--camera", "none-of-that-name"]);
    command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "600000").stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let hear = || {
        let mut told = [0; 256];
        let length = socket.recv(&mut told).expect("systemd hears of the gate");
        String::from_utf8_lossy(&told[..length]).trim().to_owned()
    };
    assert_eq!(hear(), "READY=1");
    assert_eq!([hear(), hear()], ["WATCHDOG=1", "WATCHDOG=1"], "without a camera, too, its loop goes round");
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    let last = std::iter::repeat_with(hear).find(|told| told != "WATCHDOG=1");
    assert_eq!(last.as_deref(), Some("STOPPING=1"));
    assert!(child.wait().unwrap().success());
}

#[test]
fn systemd_hears_that_a_newer_program_takes_over_and_never_that_the_gate_ends() {
    let (office, data) = (Office::new(), tempfile::tempdir().unwrap());
    set_up(&office, data.path());
    std::fs::write(data.path().join("kiosk.toml"), "update_quiet_seconds = 0\n").unwrap();
    let script = format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_kiosk"));
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let update = Update::about(&mut script.as_bytes(), Version(9, 1, 0), &target, Timestamp(9)).unwrap();
    let file = data.path().join("update");
    let signed = update.sign(&office.root);
    std::fs::write(&file, [Update::head(&signed), script.into_bytes()].concat()).unwrap();

    let path = data.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(LONG)).unwrap();
    let mut command =
        kiosk(data.path(), &["run", "--listen", "127.0.0.1:0", "--camera", "none-of-that-name"]);
    command.env("NOTIFY_SOCKET", &path).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let hear = || {
        let mut told = [0; 256];
        let length = socket.recv(&mut told).expect("systemd hears of the gate");
        String::from_utf8_lossy(&told[..length]).trim().to_owned()
    };
    assert_eq!(hear(), "READY=1");
    assert!(kiosk(data.path(), &["update", file.to_str().unwrap()]).status().unwrap().success());
    assert_eq!([hear(), hear(), hear()], ["WATCHDOG=1", "RELOADING=1", "READY=1"]);
    let said = kiosk(data.path(), &["update"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&said.stdout), "9.1.0\truns\n");
    assert_eq!(child.try_wait().unwrap(), None, "the same process");
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert_eq!(hear(), "STOPPING=1");
    assert!(child.wait().unwrap().success());
}
