//! Every face of the gate's screen in a real browser: in both languages, on a monitor and on the Raspberry Pi's own panel, against
//! golden pictures; told apart without colour, and by ear.

use std::sync::Arc;

use end_to_end::at_work::AtWork;
use end_to_end::browser::golden::Golden;
use end_to_end::browser::{Browser, Page, Size};
use end_to_end::gate::Gate;
use end_to_end::office::{Office, roster};
use end_to_end::still_camera::StillCamera;
use image::RgbImage;
use qr::degrade::{Scene, picture_of};
use qr::{Frame, encode};
use serde_json::{Value, json};

const SIZES: [(&str, Size); 2] = [("monitor", Size::MONITOR), ("panel", Size::PANEL)];

/// What is another at every run is written over as soon as it is there, before it is ever seen: times, dates, counts, short
/// codes, and where the test keeps its files.
const STEADY: &str = r#"
    {
      const fixed = [
        ['#bar time', /\d\d:\d\d:\d\d/, '09:30:00'],
        ['.holder small', /[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}/, 'SVV-JYR-XKS'],
        ['#face p', /\d+月\d+日/, '3月2日'],
        ['#face p', /\d+ (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b/, '2 Mar'],
        ['#face p', /\d\d:\d\d/, '06:00'],
        ['#face .cause', /^http:.*/s, 'http://10.0.0.20/still.jpg: Connection refused (os error 111)'],
        ['#face .cause', /\/\S*\/data\//, '/var/lib/sanse-gate/'],
        ['#emergency', /\d:\d\d/, '1:48'],
        ['#status dd', /^\d+$/, '128'],
        ['#status dd', /^(不到 1|\d+) 分钟前/, '3 小时前'],
        ['#status dd', /^(under a|\d+) minutes? old/, '3 hours old'],
      ];
      const steady = () => {
        for (const [place, what, by] of fixed) for (const element of document.querySelectorAll(place)) {
          const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
          for (let text = texts.nextNode(); text; text = texts.nextNode()) {
            const wanted = text.data.replace(what, by);
            if (wanted !== text.data) text.data = wanted;
          }
        }
      };
      // Before any script of the page looks: those who watch are told in the order in which they began to.
      new MutationObserver(steady).observe(document, { childList: true, characterData: true, subtree: true });
    }"#;

/// A gate with one camera, and its screen in both languages.
struct Screen {
    kiosk: AtWork,
    pages: [(&'static str, Page); 2],
}

impl Screen {
    fn of(gate: &Gate, camera: &StillCamera, browser: &Arc<Browser>) -> Self {
        // Verdicts stay until somebody has looked at them.
        std::fs::create_dir_all(gate.path("data")).expect("a temporary folder can be written");
        std::fs::write(gate.path("data/kiosk.toml"), "admit_seconds = 86400\ncheck_seconds = 86400\n")
            .expect("a temporary folder can be written");
        let url = camera.url();
        let arguments =
            ["run", "--gate", "东门", "--direction", "out", "--listen", "127.0.0.1:0", "--ip-camera", &url];
        let kiosk = AtWork::start(gate.kiosk(&arguments));
        let pages = ["zh", "en"].map(|lang| {
            let address = kiosk.page(&format!("/?lang={lang}"));
            let page = browser.open_with(STEADY, &address, Size::MONITOR);
            // A page shows the pictures of those cameras that the gate had when it was opened.
            page.wait_until(
                "the gate has a camera",
                "/网络摄像头|IP camera/.test(document.querySelector('#status').textContent)",
            );
            page.go(&address);
            (lang, page)
        });
        Self { kiosk, pages }
    }

    /// As somebody sees it who sees no colours: its picture on the panel, and where its icon is.
    fn in_grey(&self, kind: &'static str) -> Grey {
        let page = &self.pages[0].1;
        page.wait_until(kind, &shows(kind));
        page.resize(Size::PANEL);
        page.in_grey(true);
        let picture = page.picture();
        page.in_grey(false);
        let icon = page.ask(
            "(() => { const b = document.querySelector('#face .icon').getBoundingClientRect(); \
                             return [b.left, b.top, b.width, b.height].map(Math.round); })()",
        );
        Grey { kind, picture, icon: serde_json::from_value(icon).expect("four numbers") }
    }

    /// Waits until both pages show a face for which this holds, and compares all their pictures.
    fn look(&self, golden: &mut Golden, name: &str, shows: &str) {
        for (lang, page) in &self.pages {
            page.wait_until(name, shows);
            for (screen, size) in SIZES {
                page.resize(size);
                golden.look(&format!("{name}-{lang}-{screen}"), &page.picture());
            }
        }
    }
}

/// A card held up before a wall.
fn held(pass: &Value) -> Frame {
    let code = encode(pass["text"].as_str().expect("a pass has a text")).expect("a pass is a code");
    let drawing = picture_of(&code, 8, 4).expect("a pass's code is no large picture");
    Scene::of(&drawing).render(1280, 720, 1)
}

fn wall() -> Frame {
    let drawing = Frame::new(8, 8, vec![120; 64]).expect("a small frame");
    Scene::of(&drawing).render(1280, 720, 1)
}

/// An office where a household may send one person in two days, and whoever is yellow is looked at.
fn office() -> Office {
    let office = Office::with_roster(&roster(4));
    let quota = json!({ "per": "household", "exits": 1, "days": 2, "count": "calendar_days",
        "colours": { "green": true, "yellow": true, "red": false }, "exemptions": true, "verdict": "refuse" });
    office.change_rules(&[("/rules/colours/yellow/out", json!("check")), ("/rules/quotas", json!([quota]))]);
    office
}

/// The passes of this colour and kind, in the order of the roster.
fn passes(office: &Office, colour: &str, kind: &str) -> Vec<Value> {
    let mut passes = office.passes();
    passes.retain(|pass| pass["colour"] == colour && pass["kind"] == kind);
    passes
}

fn shows(kind: &str) -> String {
    format!("document.body.dataset.kind === '{kind}'")
}

#[test]
fn every_face_looks_as_it_should() {
    let (office, browser, mut golden) = (office(), Browser::shared(), Golden::default());
    let camera = StillCamera::showing(&wall());

    let gate = Gate::of(&office);
    let screen = Screen::of(&gate, &camera, &browser);
    screen.look(&mut golden, "ready", &format!("{} && document.body.dataset.seen", shows("ready")));
    // Household 2 is green, and three people live in it.
    let green = passes(&office, "green", "person");
    camera.show(&held(&green[1]));
    screen.look(&mut golden, "admit", &shows("admit"));
    let mut grey = vec![screen.in_grey("admit")];
    camera.show(&held(&green[2]));
    screen.look(&mut golden, "refuse", &shows("refuse"));
    grey.push(screen.in_grey("refuse"));
    camera.show(&held(&passes(&office, "yellow", "person")[0]));
    screen.look(&mut golden, "check", &shows("check"));
    grey.push(screen.in_grey("check"));
    camera.show(&held(&passes(&office, "red", "person")[0]));
    screen.look(&mut golden, "red", &shows("refuse"));
    camera.show(&wall());
    screen.pages[0].1.touch("#emergency button");
    // Its reason is asked for as soon as it is logged.
    let open = "document.body.dataset.emergency && document.querySelector('#staff .warn')";
    screen.look(&mut golden, "emergency", open);
    drop(screen);

    let gate = Gate::new();
    let screen = Screen::of(&gate, &camera, &browser);
    screen.look(&mut golden, "untrusted", &shows("trouble"));
    drop(screen);

    let gate = Gate::without_bundle(&office);
    let screen = Screen::of(&gate, &camera, &browser);
    screen.look(&mut golden, "no-bundle", &shows("trouble"));
    drop(screen);

    // What the last run believed was ten days later.
    let gate = Gate::of(&office);
    let believed = std::time::SystemTime::UNIX_EPOCH.elapsed().expect("it is after 1970").as_secs() + 864_000;
    let kept =
        json!({ "believed": believed, "window": 0, "offset": 0, "boot": "0".repeat(32), "running": 60 });
    std::fs::write(gate.path("data/clock.json"), kept.to_string())
        .expect("a temporary folder can be written");
    let screen = Screen::of(&gate, &camera, &browser);
    screen.look(&mut golden, "clock", &format!("{} && document.body.dataset.seen", shows("ready")));
    drop(screen);

    let gate = Gate::of(&office);
    std::fs::write(gate.path("data/journal"), "not a folder").expect("a temporary folder can be written");
    let screen = Screen::of(&gate, &camera, &browser);
    screen.look(&mut golden, "journal", &shows("trouble"));
    drop(screen);

    let gate = Gate::of(&office);
    let screen = Screen::of(&gate, &camera, &browser);
    screen.pages[0].1.wait_until("the camera is seen", "document.body.dataset.seen");
    drop(camera);
    screen.look(&mut golden, "camera", &shows("blind"));
    for grey in &grey {
        golden.look(&format!("{}-zh-panel-grey", grey.kind), &grey.picture);
    }
    golden.all_alike();
    told_apart_without_colour(&grey);
}

/// A face without colour.
struct Grey {
    kind: &'static str,
    picture: RgbImage,
    /// Left, top, width and height of its icon.
    icon: [u32; 4],
}

impl Grey {
    /// The grey of its ground: the one that most of it has.
    fn ground(&self) -> u8 {
        let mut pixels = [0_u32; 256];
        self.picture.pixels().for_each(|pixel| pixels[usize::from(pixel.0[1])] += 1);
        pixels.iter().enumerate().max_by_key(|(_, count)| **count).map_or(0, |(grey, _)| grey as u8)
    }

    /// Whether its icon is there in its box, at a place from 0 to 1 to the right and down.
    fn drawn(&self, ground: u8, (x, y): (f32, f32)) -> bool {
        let [left, top, width, height] = self.icon;
        let (x, y) = (left + (x * width as f32) as u32, top + (y * height as f32) as u32);
        self.picture.get_pixel(x, y).0[1].abs_diff(ground) > 80
    }
}

/// In grey each ground is another by far, whatever sun or age does to the screen, and each icon has another shape.
fn told_apart_without_colour(faces: &[Grey]) {
    for (number, one) in faces.iter().enumerate() {
        assert!(
            one.picture.pixels().all(|pixel| pixel.0.iter().all(|v| v.abs_diff(pixel.0[0]) <= 2)),
            "{}",
            one.kind
        );
        for other in &faces[..number] {
            let who = format!("{} and {}", one.kind, other.kind);
            let grounds = (one.ground(), other.ground());
            assert!(grounds.0.abs_diff(grounds.1) >= 48, "{who}: grounds of {grounds:?} in grey");
            let places = || (0..60).flat_map(|y| (0..60).map(move |x| (x as f32 / 60.0, y as f32 / 60.0)));
            let drawn = |at| (one.drawn(grounds.0, at), other.drawn(grounds.1, at));
            let both = places().filter(|at| drawn(*at) == (true, true)).count();
            let any = places().filter(|at| drawn(*at) != (false, false)).count();
            assert!(any > 400, "{who}: there are icons");
            let alike = both as f32 / any as f32;
            assert!(alike < 0.5, "{who}: {alike:.2} of their icons is alike");
        }
    }
}

/// In place of the loudspeaker: what the page plays is kept in a buffer, from the moment on at which it is first opened.
const EAR: &str = "
    window.AudioContext = class {
      constructor() {
        const ear = new OfflineAudioContext(1, 3 * 16000, 16000);
        Object.defineProperty(ear, 'state', { value: 'running' });
        ear.resume = async () => {};
        window.ear = ear;
        return ear;
      }
    };";

/// Hertz of the ear above.
const SAMPLES: f64 = 16_000.0;
/// Samples of which a pitch is told: 20 ms.
const PIECE: usize = 320;

/// A tone that is heard until it is quiet again.
#[derive(Clone, Copy, Debug)]
struct Tone {
    hertz: f64,
    seconds: f64,
}

/// The tones of a sound, one after the other: where it is loud, and for as long as its pitch stays.
fn tones(samples: &[f64]) -> Vec<Tone> {
    let mut tones: Vec<Tone> = Vec::new();
    let mut last = None;
    for piece in samples.chunks_exact(PIECE) {
        let loudness = (piece.iter().map(|v| v * v).sum::<f64>() / PIECE as f64).sqrt();
        let hertz = (loudness > 0.05).then(|| pitch(piece));
        let seconds = PIECE as f64 / SAMPLES;
        match (hertz, last, tones.last_mut()) {
            (Some(hertz), Some(before), Some(tone)) if (0.9..1.1).contains(&(hertz / before)) => {
                tone.seconds += seconds;
            }
            (Some(hertz), ..) => tones.push(Tone { hertz, seconds }),
            (None, ..) => {}
        }
        last = hertz;
    }
    // Where two tones meet, a piece has something of both.
    tones.retain(|tone| tone.seconds > 0.06);
    tones
}

/// The pitch that is strongest, by the Fourier transform at each of them.
fn pitch(samples: &[f64]) -> f64 {
    let strength = |hertz: &f64| {
        let step = std::f64::consts::TAU * hertz / SAMPLES;
        let (mut cosine, mut sine) = (0.0, 0.0);
        for (number, sample) in samples.iter().enumerate() {
            cosine += sample * (step * number as f64).cos();
            sine += sample * (step * number as f64).sin();
        }
        cosine.hypot(sine)
    };
    let pitches = (10..200).map(|step| f64::from(step) * 10.0).map(|hertz| (strength(&hertz), hertz));
    pitches.max_by(|a, b| a.0.total_cmp(&b.0)).map_or(0.0, |(_, hertz)| hertz)
}

/// How a sound goes: up, level or down from its first tone to its last.
fn goes(tones: &[Tone]) -> i8 {
    let (Some(first), Some(last)) = (tones.first(), tones.last()) else { return 0 };
    match last.hertz / first.hertz {
        rise if rise > 1.1 => 1,
        rise if rise < 0.9 => -1,
        _ => 0,
    }
}

#[test]
fn every_verdict_sounds_unlike_every_other() {
    let (office, browser) = (office(), Browser::shared());
    let camera = StillCamera::showing(&wall());
    let gate = Gate::of(&office);
    let screen = Screen::of(&gate, &camera, &browser);
    let green = passes(&office, "green", "person");
    let mut heard = Vec::new();
    let mut listen = |name: &'static str, shows: &str| {
        screen.pages[0].1.wait_until(name, shows);
        let page = browser.open_with(EAR, &screen.kiosk.page("/"), Size::PANEL);
        page.wait_until(name, &format!("{shows} && document.querySelector('#live').textContent"));
        let samples = page.ask("ear.startRendering().then((sound) => Array.from(sound.getChannelData(0)))");
        let samples: Vec<f64> = serde_json::from_value(samples).expect("numbers");
        heard.push((name, tones(&samples)));
    };
    for (kind, pass) in
        [("admit", &green[1]), ("refuse", &green[2]), ("check", &passes(&office, "yellow", "person")[0])]
    {
        camera.show(&held(pass));
        listen(kind, &shows(kind));
    }
    screen.pages[0].1.touch("#emergency button");
    listen("emergency", &format!("document.body.dataset.emergency && {}", shows("emergency")));

    eprintln!("{heard:#?}");
    for (number, (name, one)) in heard.iter().enumerate() {
        assert!(one.len() >= 2, "{name} is heard: {one:?}");
        for (other_name, other) in &heard[..number] {
            let lowest = |tones: &[Tone]| tones.iter().map(|tone| tone.hertz).fold(f64::MAX, f64::min);
            let long = |tones: &[Tone]| tones.iter().map(|tone| tone.seconds).sum::<f64>();
            let apart = |a: f64, b: f64| (a / b).max(b / a);
            let differences = [
                one.len() != other.len(),
                goes(one) != goes(other),
                apart(lowest(one), lowest(other)) >= 1.5,
                apart(long(one), long(other)) >= 1.5,
            ];
            let differences = differences.iter().filter(|different| **different).count();
            assert!(differences >= 2, "{name} and {other_name} sound alike: {one:?}, {other:?}");
        }
    }
    let of = |wanted| &heard.iter().find(|(name, _)| *name == wanted).expect("it was heard").1;
    assert_eq!(
        (goes(of("admit")), goes(of("check")), goes(of("refuse"))),
        (1, 0, -1),
        "up for go, down for stop"
    );
}
