//! What the office must know at once reaches it: over an address that fails at first, over a restart, with the journal down.
//! And how far it has the journal.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use kiosk::alerts::Setting;
use kiosk::http::Address;
use serde_json::{Value, json};

use crate::desk::{Desk, set_up};
use crate::office::{Office, kiosk};
use crate::page::{Gate, data};
use crate::process::LONG;

/// An office's address that answers these in turn, the last of them from then on; and what it is sent.
fn office_hears(answers: &'static [&'static str]) -> (Setting, Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/alert", listener.local_addr().unwrap());
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for (turn, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
                head.push(byte[0]);
            }
            let head = String::from_utf8(head).unwrap().to_lowercase();
            assert!(head.starts_with("post /alert http/1.1\r\n"), "{head}");
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            let mut body = vec![0; length.parse().unwrap()];
            stream.read_exact(&mut body).unwrap();
            let answer = answers[turn.min(answers.len() - 1)];
            let _ = write!(stream, "HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n");
            let _ = tell.send(serde_json::from_slice(&body).unwrap());
        }
    });
    (Setting::Http { url: Address::parse(&address).unwrap() }, told)
}

fn open(office: &Office, data: &Path, alert: Option<Setting>) -> Gate {
    Gate::with(office, data, |config| config.alert = alert)
}

/// Waits until the gate says this of what the office has.
fn delivery(desk: &Desk, undelivered: u64, alerts: u64) {
    let wanted = json!({ "undelivered": undelivered, "alerts": alerts });
    let start = std::time::Instant::now();
    loop {
        let found = desk.state()["delivery"].clone();
        if found == wanted {
            return;
        }
        assert!(start.elapsed() < LONG, "{found}, not {wanted}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn an_emergency_alerts_an_office_that_answers_at_the_third_time() {
    let (office, dir) = (Office::new(), data(None));
    set_up(&office, dir.path());
    let (setting, told) = office_hears(&["500 No", "404 No", "204 Yes"]);
    let gate = open(&office, dir.path(), Some(setting));
    let desk = Desk::of(&gate);
    delivery(&desk, 0, 0);
    assert_eq!(desk.ask("emergency", Value::Null).0, 200);
    for _ in 0..3 {
        let alert = told.recv_timeout(LONG).unwrap();
        assert_eq!((&alert["kind"], &alert["gate"]), (&json!("emergency_opened"), &json!("<南门>")));
        assert_eq!(alert["sequence"], 1);
        assert!(alert["at"].as_str().unwrap().ends_with('Z'));
    }
    // Told, and its event not delivered yet.
    delivery(&desk, 1, 0);
}

#[test]
fn an_alert_that_nobody_heard_is_told_after_a_restart() {
    let (office, dir) = (Office::new(), data(None));
    set_up(&office, dir.path());
    // Nobody listens there.
    let gone = Setting::Http { url: Address::parse("http://127.0.0.1:1/").unwrap() };
    {
        let gate = open(&office, dir.path(), Some(gone));
        let desk = Desk::of(&gate);
        assert_eq!(desk.ask("emergency", Value::Null).0, 200);
        delivery(&desk, 1, 1);
    }
    let (setting, told) = office_hears(&["200 Yes"]);
    let gate = open(&office, dir.path(), Some(setting));
    assert_eq!(told.recv_timeout(LONG).unwrap()["sequence"], 1);
    let desk = Desk::of(&gate);
    // The opening was ended by the restart, which is an event.
    delivery(&desk, 2, 0);
    drop(gate);
    let gate = open(&office, dir.path(), None);
    delivery(&Desk::of(&gate), 2, 0);
}

#[test]
fn an_alert_waits_for_no_journal() {
    let (office, dir) = (Office::new(), data(None));
    set_up(&office, dir.path());
    std::fs::write(dir.path().join("journal"), "in the way").unwrap();
    let (setting, told) = office_hears(&["200 Yes"]);
    let gate = open(&office, dir.path(), Some(setting));
    let desk = Desk::of(&gate);
    assert_eq!(desk.ask("emergency", Value::Null).0, 200);
    let alert = told.recv_timeout(LONG).unwrap();
    assert_eq!((&alert["sequence"], &alert["journal"]), (&json!(0), &json!("")));
    std::fs::remove_file(dir.path().join("journal")).unwrap();
    // Logged when it can be, and not told again.
    delivery(&desk, 1, 0);
    assert!(told.try_recv().is_err());
}

#[test]
fn what_was_carried_to_the_office_is_delivered() {
    let (office, dir) = (Office::new(), data(None));
    set_up(&office, dir.path());
    let gate = open(&office, dir.path(), None);
    let desk = Desk::of(&gate);
    desk.sign_in("李师傅");
    assert_eq!(desk.ask("emergency", Value::Null).0, 200);
    delivery(&desk, 2, 1);
    let export = |form: &str| {
        let out = dir.path().join("carried");
        let arguments = ["log", "export", "--format", form, "--out", out.to_str().unwrap()];
        assert!(kiosk(dir.path(), &arguments).status().unwrap().success());
    };
    // A table is for people here; the events' own bytes are what an office reads.
    export("csv");
    desk.done("enter", json!({ "holder": 0 }));
    delivery(&desk, 3, 1);
    export("cbor");
    delivery(&desk, 0, 0);
    desk.done("sign-out", Value::Null);
    delivery(&desk, 1, 0);
}
