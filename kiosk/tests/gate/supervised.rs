//! What systemd hears from the gate, over a real socket.

use std::os::unix::net::UnixDatagram;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

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
