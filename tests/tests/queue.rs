//! A peak-hour queue before a real gate and its screen in a real browser: twenty people in one minute of video, each with another
//! card. What the screen showed is what the journal has: every verdict once, in its order.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use end_to_end::at_work::AtWork;
use end_to_end::browser::{Browser, Page, Size};
use end_to_end::gate::Gate;
use end_to_end::office::{Office, roster};
use qr::degrade::{Scene, picture_of};
use qr::{Frame, encode};
use serde_json::{Value, json};

const WIDTH: usize = 640;
const HEIGHT: usize = 480;
/// Frames a second.
const RATE: usize = 8;
/// Tenths of a second before the first card, for the browser to open its page; twice as long where that was not enough, and so on.
const LEAD: usize = 30;
const ATTEMPTS: u32 = 6;
/// When the four people of a group come, in tenths of a second since it began, and how long each holds up their card. The last of
/// them holds it longer than any admission stays on the screen.
const GROUP: [(usize, usize); 4] = [(0, 15), (22, 15), (44, 15), (66, 42)];
/// The time of a group, in tenths of a second: four people in twelve seconds are twenty in a minute.
const GROUP_TIME: usize = 120;

/// Notes what the screen shows, whenever it shows anything else: as somebody would who never looks away.
const NOTES: &str = "
    window.notes = [];
    addEventListener('DOMContentLoaded', () => {
      const note = () => {
        const text = (selector) => document.querySelector(selector)?.textContent.trim() ?? null;
        const now = { kind: document.body.dataset.kind, code: text('#face .holder small'), word: text('#face h1'),
                      direction: text('#bar .direction strong') };
        const { time, ...last } = notes.at(-1) ?? {};
        if (JSON.stringify(now) !== JSON.stringify(last)) notes.push({ ...now, time: text('#bar time') });
      };
      note();
      new MutationObserver(note).observe(document.body,
        { attributes: true, characterData: true, childList: true, subtree: true });
    });";

/// A video of these cards, one after the other, at the pace of a queue, after so many tenths of a second with none.
fn film(drawings: &[Frame], lead: usize, path: &Path) {
    let file = std::fs::File::create(path).expect("a temporary folder can be written");
    let mut file = BufWriter::new(file);
    let mut write = |bytes: &[u8]| file.write_all(bytes).expect("there is room for the video");
    write(format!("YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 Cmono\n").as_bytes());
    let wall = Frame::new(8, 8, vec![120; 64]).expect("a small frame");
    let wall = Scene::of(&wall).render(WIDTH, HEIGHT, 0);
    let groups = drawings.len().div_ceil(GROUP.len());
    for number in 0..(lead + groups * GROUP_TIME) * RATE / 10 {
        write(b"FRAME\n");
        let since = (number * 10 / RATE).checked_sub(lead);
        let shown = since.and_then(|since| {
            let group = since / GROUP_TIME;
            let within = since % GROUP_TIME;
            let place = GROUP.iter().position(|(from, long)| (*from..from + long).contains(&within))?;
            let (from, long) = GROUP[place];
            Some((drawings.get(group * GROUP.len() + place)?, (within - from) as f32 / long as f32))
        });
        match shown {
            None => write(wall.luma()),
            Some((drawing, moment)) => {
                let mut scene = Scene::of(drawing);
                scene.pose.width = 330.0;
                scene.pose.x = 0.42 + 0.16 * moment;
                scene.pose.yaw = 14.0 - 20.0 * moment;
                scene.pose.roll = 5.0 - 8.0 * moment;
                write(scene.render(WIDTH, HEIGHT, number as u64).luma());
            }
        }
    }
    file.flush().expect("there is room for the video");
}

/// The queue: people on their own and of one household, in all three colours. The last one of each group is looked at for
/// longest: most of them, and the very last, are admitted, one of them is refused.
fn queue(mut passes: Vec<Value>) -> Vec<Value> {
    passes.retain(|pass| pass["kind"] == "person");
    passes.truncate(5 * GROUP.len());
    assert_eq!(passes.len(), 5 * GROUP.len());
    let of = |pass: &Value, colour: &str| pass["colour"] == colour;
    for (place, colour) in [(3, "green"), (7, "red"), (11, "green"), (19, "green")] {
        let found = passes[place..].iter().position(|pass| of(pass, colour));
        let found =
            found.map(|at| at + place).or_else(|| passes[..place].iter().position(|pass| of(pass, colour)));
        passes.swap(place, found.expect("there are people of every colour"));
    }
    passes
}

/// A gate before which the video runs, and its screen, from before the first card on.
fn watched(office: &Office, browser: &Arc<Browser>, drawings: &[Frame]) -> (Gate, AtWork, Page) {
    let video = office.path("queue.y4m");
    for attempt in 0..ATTEMPTS {
        film(drawings, LEAD << attempt, &video);
        let gate = Gate::of(office);
        let path = video.to_str().expect("temporary folders have plain names");
        let arguments = ["run", "--direction", "out", "--listen", "127.0.0.1:0", "--video", path];
        let kiosk = AtWork::start(gate.kiosk(&arguments));
        let page = browser.open_with(NOTES, &kiosk.page("/"), Size::MONITOR);
        // What is read out is put there by the page's script: from then on it is told everything.
        page.wait_until("the page is told what happens", "document.querySelector('#live').textContent");
        if page.ask("notes.length === 1 && notes[0].kind === 'ready'") == true {
            return (gate, kiosk, page);
        }
        eprintln!("the first card was quicker than the browser: from the beginning");
    }
    panic!("this machine takes longer to open a page than a queue is willing to wait");
}

#[test]
fn twenty_people_a_minute_and_no_verdict_is_lost() {
    let office = Office::with_roster(&roster(11));
    office.change_rules(&[("/rules/colours/yellow/out", json!("check"))]);
    let passes = queue(office.passes());
    let drawings: Vec<Frame> = passes
        .iter()
        .map(|pass| {
            let code = encode(pass["text"].as_str().expect("a pass has a text")).expect("a pass is a code");
            picture_of(&code, 8, 4).expect("a pass's code is no large picture")
        })
        .collect();
    let browser = Browser::shared();
    let (gate, kiosk, page) = watched(&office, &browser, &drawings);

    for pass in &passes {
        let code = &pass["short_code"];
        page.wait_until(&format!("{code} is shown"), &format!("notes.some((note) => note.code === {code})"));
    }
    page.wait_until("the last one leaves the screen", "notes.at(-1).kind === 'ready'");
    let notes = page.ask("notes");
    drop(page);
    kiosk.end();

    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let notes = notes.as_array().expect("a list");
    let shown: Vec<_> = notes
        .iter()
        .filter(|note| ["admit", "check", "refuse"].contains(&text(&note["kind"]).as_str()))
        .map(|note| (text(&note["code"]), text(&note["kind"]), text(&note["direction"])))
        .collect();
    let logged: Vec<_> = gate
        .events()
        .iter()
        .filter(|event| event["kind"] == "judged")
        .map(|event| (text(&event["short_code"]), text(&event["verdict"]), "出".to_owned()))
        .collect();
    assert_eq!(shown, logged, "what was shown, and what was logged");
    let held: Vec<_> = passes.iter().map(|pass| text(&pass["short_code"])).collect();
    assert_eq!(logged.iter().map(|(code, ..)| code.clone()).collect::<Vec<_>>(), held, "each card once");
    for verdict in ["admit", "check", "refuse"] {
        assert!(logged.iter().any(|(_, kind, _)| kind == verdict), "nothing of {verdict}: {logged:?}");
    }
    let words: std::collections::BTreeSet<_> =
        notes.iter().map(|note| (text(&note["kind"]), text(&note["word"]))).collect();
    assert_eq!(words.len(), 4, "each face has its word: {words:?}");
    gate.verify_journal();

    // A refusal gives way to the next verdict alone; an admission leaves by itself, and not before its three seconds are over.
    let mut cleared = 0;
    for pair in notes.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        if after["kind"] != "ready" {
            continue;
        }
        assert_eq!(before["kind"], "admit", "{before} was followed by {after}");
        // Both as the gate's own clock told them, to the second.
        let stayed = (second_of_day(&after["time"]) + 86_400 - second_of_day(&before["time"])) % 86_400;
        assert!(stayed >= 2, "{before} was followed by {after}");
        cleared += 1;
    }
    assert!(cleared >= 1, "the last admission left: {notes:?}");
}

fn second_of_day(time: &Value) -> u32 {
    let parts = time.as_str().expect("the bar has a time").split(':');
    parts.fold(0, |sum, part| sum * 60 + part.parse::<u32>().expect("hours, minutes and seconds"))
}
