//! The staff's panel in a real browser: what each of its views looks like in both languages, on a monitor and on the Raspberry
//! Pi's own panel; and that it is worked by touches and by keys alone while cards are judged beside it.

use std::sync::Arc;
use std::time::SystemTime;

use end_to_end::at_work::AtWork;
use end_to_end::browser::golden::Golden;
use end_to_end::browser::{Browser, Page, Size};
use end_to_end::gate::Gate;
use end_to_end::office::Office;
use end_to_end::still_camera::StillCamera;
use qr::degrade::{Scene, picture_of};
use qr::{Frame, encode};
use serde_json::{Value, json};

const SIZES: [(&str, Size); 2] = [("monitor", Size::MONITOR), ("panel", Size::PANEL)];
const GATE: &str = "东门";
const GUARD: &str = "李师傅";
const SUPERVISOR: &str = "王主管";

const ROSTER: &str = "小区,楼栋,单元,房号,姓名,电话,车牌,颜色
翠湖小区,1,1,101,王建国,19900000001,,绿
翠湖小区,1,1,101,,,鄂A10007,绿
翠湖小区,1,1,102,王芳,19900000002,,黄
翠湖小区,2,1,201,赵子涵,19900000003,,红
";

/// What is another at every run is written over before it is seen.
const STEADY: &str = r#"
    {
      const fixed = [
        ['#bar time, #desk .row time', /\d\d:\d\d(:\d\d)?/, '09:30'],
        ['#desk', /\d+月\d+日/, '3月2日'],
        ['#desk', /\b\d+ (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b/, '2 Mar'],
        ['#desk :is(h2, p, time, .since, .clock)', /\d\d:\d\d/, '09:30'],
        ['#desk', /\d{4}-\d\d-\d\d/, '2020-03-02'],
        ['#desk .since small', /.+/, '—'],
        ['small', /[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}/, 'SVV-JYR-XKS'],
        ['#emergency', /\d:\d\d/, '1:48'],
        ['#status dd', /^\d+( ·.*)?$/, '128'],
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
      new MutationObserver(steady).observe(document, { childList: true, characterData: true, subtree: true });
      // How often the panel was opened.
      window.opened = 0;
      new MutationObserver((all) => { for (const one of all) if (document.body.dataset.desk && !one.oldValue) window.opened++; })
        .observe(document, { attributeFilter: ['data-desk'], attributeOldValue: true, subtree: true });
    }"#;

/// A card held up before a wall; nothing but the wall without one.
fn held(pass: Option<&Value>) -> Frame {
    let drawing = match pass {
        Some(pass) => {
            let code = encode(pass["text"].as_str().expect("a pass has a text")).expect("a pass is a code");
            picture_of(&code, 8, 4).expect("a pass's code is no large picture")
        }
        None => Frame::new(8, 8, vec![120; 64]).expect("a small frame"),
    };
    Scene::of(&drawing).render(1280, 720, 1)
}

/// The only pass of this colour and kind.
fn pass(office: &Office, colour: &str, kind: &str) -> Value {
    let mut passes = office.passes().into_iter();
    passes.find(|pass| pass["colour"] == colour && pass["kind"] == kind).expect("the roster has one")
}

fn start(gate: &Gate, camera: &StillCamera, settings: &str) -> AtWork {
    std::fs::create_dir_all(gate.path("data")).expect("a temporary folder can be written");
    std::fs::write(gate.path("data/kiosk.toml"), settings).expect("a temporary folder can be written");
    let (url, way) = (camera.url(), ["--direction", "out", "--listen", "127.0.0.1:0"]);
    AtWork::start(gate.kiosk(&[&["run", "--gate", GATE, "--ip-camera", &url], &way[..]].concat()))
}

fn shows(kind: &str) -> String {
    format!("document.body.dataset.kind === '{kind}'")
}

/// The panel shows this, and nothing is on its way.
fn there(selector: &str) -> String {
    format!("document.querySelector({})", json!(format!("#desk:not([hidden]) {selector}")))
}

/// Opens the gate's screen and waits until its scripts work: what is touched before does nothing.
fn open(browser: &Arc<Browser>, kiosk: &AtWork, path: &str, size: Size) -> Page {
    let page = browser.open_with(STEADY, &kiosk.page(path), size);
    page.wait_until("its scripts work", "document.querySelector('#live').textContent");
    page
}

/// Signs in by touches alone.
fn sign_in(page: &Page, who: &str, pin: &str) {
    page.touch("#staff [data-desk=open]");
    page.touch(&format!("#desk [data-of=\"{who}\"]"));
    for digit in pin.chars() {
        page.touch(&format!("#desk .pad [data-key=\"{digit}\"]"));
    }
    page.touch("#desk .pad [type=submit]");
    page.wait_until("somebody is signed in", "document.querySelector('[data-desk=sign-out]')");
}

/// The pictures of what is on the panel, in one language.
struct Look<'a> {
    golden: &'a mut Golden,
    page: &'a Page,
    lang: &'static str,
}

impl Look<'_> {
    fn at(&mut self, name: &str, shows: &str) {
        for (screen, size) in SIZES {
            self.page.resize(size);
            self.page.wait_until(name, shows);
            let picture = self.page.picture_of("#desk");
            self.golden.look(&format!("staff-{name}-{}-{screen}", self.lang), &picture);
        }
    }
}

#[test]
fn every_view_of_the_panel_looks_as_it_should() {
    let (office, browser, mut golden) = (Office::with_roster(ROSTER), Browser::shared(), Golden::default());
    let gate = Gate::new();
    let [guard, _] = gate.with_people(&office, GATE);
    let camera = StillCamera::showing(&held(None));
    let kiosk =
        start(&gate, &camera, "admit_seconds = 86400\ncheck_seconds = 86400\npanel_seconds = 86400\n");
    for lang in ["zh", "en"] {
        let page = open(&browser, &kiosk, &format!("/?lang={lang}"), Size::PANEL);
        page.wait_until("the gate is ready", &format!("{} && document.body.dataset.seen", shows("ready")));
        let mut look = Look { golden: &mut golden, page: &page, lang };
        page.touch("#staff [data-desk=open]");
        look.at("names", &there(".rows button"));
        page.touch(&format!("#desk [data-of=\"{GUARD}\"]"));
        look.at("keypad", &there(".pad"));
        page.touch("#desk .close");
        // Whoever comes first is asked why the gate was opened.
        page.touch("#emergency button");
        page.wait_until("it is logged", "document.querySelector('#staff .warn')");
        page.touch("#emergency [data-act='emergency/close']");
        page.wait_until("it is over", "!document.body.dataset.emergency");
        sign_in(&page, GUARD, &guard);
        look.at("emergency-reason", &there("[data-act='emergency/explain']"));
        page.touch("#desk .why label");
        page.touch("#desk .acts .go");
        page.touch("#desk [data-key=W]");
        look.at("found", &there("#found button"));
        // The red one who was found is refused beside the panel, and let through.
        page.touch("#desk [data-key=clear]");
        page.touch("#desk [data-key=Z]");
        page.wait_until("one is found", &there("#found button:only-of-type .chip.red"));
        page.touch("#found button");
        page.wait_until("it is judged", &format!("{} && {}", shows("refuse"), there("details")));
        page.touch("#desk summary");
        look.at("overriding", &there("details[open] .why"));
        // All of the screen: the verdict stands beside the panel, and nothing lies over it.
        page.resize(Size::PANEL);
        look.golden.look(&format!("staff-beside-{lang}-panel"), &page.picture());
        page.touch("#desk details[open] .why label");
        page.touch("#desk details[open] .acts .go");
        page.wait_until("it is turned", &format!("{} && {}", shows("admit"), there("[data-view=event]")));
        page.touch("#desk nav [data-view=out]");
        look.at("out", &there(".told li"));
        page.touch("#desk nav [data-view=shift]");
        look.at("shift", &there(".counts"));
        page.touch("#staff [data-desk=sign-out]");
        page.wait_until("nobody is signed in", "!document.querySelector('[data-desk=sign-out]')");
        page.touch("#middle");
        page.wait_until("the verdict was read", &shows("ready"));
    }
    drop(kiosk);
    golden.all_alike();
}

#[test]
fn the_panel_closes_by_itself_and_cards_are_judged_beside_it() {
    let (office, browser) = (Office::with_roster(ROSTER), Browser::shared());
    let gate = Gate::new();
    let [guard, _] = gate.with_people(&office, GATE);
    let camera = StillCamera::showing(&held(None));
    let settings = "[speech]\nkind = \"page\"\n";
    let kiosk = start(&gate, &camera, &format!("panel_seconds = 3600\n{settings}"));
    let page = open(&browser, &kiosk, "/", Size::PANEL);
    page.wait_until("the gate is ready", &shows("ready"));
    // Debian's Chromium has no voices: that is told where verdicts are to be said.
    page.wait_until(
        "it tells that it can't speak",
        "document.querySelector('#mute').getBoundingClientRect().width > 0",
    );
    sign_in(&page, GUARD, &guard);
    page.touch("#desk [data-key=W]");
    page.wait_until("somebody is found", &there("#found button"));
    // A card that comes meanwhile is judged and shown; what was typed stays.
    camera.show(&held(Some(&pass(&office, "red", "person"))));
    page.wait_until("the card is refused", &shows("refuse"));
    let kept = page.ask("[document.querySelector('#sought').value, document.querySelectorAll('#found button').length, window.opened]");
    assert_eq!(kept, json!(["W", 2, 1]));
    let beside = page.ask(
        "(() => { const [face, desk] = ['#face h1', '#desk'].map((it) => document.querySelector(it).getBoundingClientRect()); \
         return [face.width > 0, face.right <= desk.left]; })()",
    );
    assert_eq!(beside, json!([true, true]), "the verdict is to be seen");
    drop(page);
    drop(kiosk);

    // Nobody touches it: no name stays on an idle screen.
    let kiosk = start(&gate, &camera, "panel_seconds = 1\n");
    let page = open(&browser, &kiosk, "/?lang=en", Size::PANEL);
    page.wait_until("the card is refused", &shows("refuse"));
    assert_eq!(page.ask("[document.querySelector('#mute').hidden, window.opened]"), json!([true, 0]));
    page.touch("#staff [data-desk=open]");
    page.wait_until(
        "it was opened and has closed by itself",
        "window.opened === 1 && !document.body.dataset.desk",
    );
    assert_eq!(page.ask("document.querySelector('#desk').childElementCount"), json!(0));

    // An emergency takes the middle of the screen from a refusal that stands, for as long as it lasts.
    let word = "document.querySelector('#face h1').textContent";
    assert_eq!(page.ask(word), "Stop");
    page.touch("#emergency button");
    page.wait_until("everybody may go", &shows("emergency"));
    assert_eq!(page.ask(word), "Let everybody through");
    page.touch("#emergency [data-act='emergency/close']");
    page.wait_until("the refusal is back", &shows("refuse"));
}

#[test]
fn a_supervisor_sets_the_clock_by_touch_and_by_keys() {
    let (office, browser, mut golden) = (Office::with_roster(ROSTER), Browser::shared(), Golden::default());
    let gate = Gate::new();
    let [_, supervisor] = gate.with_people(&office, GATE);
    // What the last run believed was ten days later than the machine's clock.
    let believed = SystemTime::UNIX_EPOCH.elapsed().expect("it is after 1970").as_secs() + 864_000;
    let kept =
        json!({ "believed": believed, "window": 0, "offset": 0, "boot": "0".repeat(32), "running": 60 });
    std::fs::write(gate.path("data/clock.json"), kept.to_string())
        .expect("a temporary folder can be written");
    let camera = StillCamera::showing(&held(None));
    let kiosk = start(&gate, &camera, "panel_seconds = 86400\n");
    let doubted = |page: &Page, doubted: bool| {
        let wanted =
            format!("/可能不准|in doubt/.test(document.querySelector('#status').textContent) === {doubted}");
        page.wait_until("the clock", &wanted);
    };

    // By touch: the machine's clock is right.
    let page = open(&browser, &kiosk, "/", Size::PANEL);
    doubted(&page, true);
    sign_in(&page, SUPERVISOR, &supervisor);
    page.wait_until("they are asked for the time", &there("[data-do=clock]"));
    for (name, value) in [("date", "2020-03-02"), ("time", "09:30")] {
        let _ = page.ask(&format!("document.querySelector('#{name}').value = '{value}'"));
    }
    Look { golden: &mut golden, page: &page, lang: "zh" }.at("clock", &there("#date"));
    page.resize(Size::PANEL);
    page.touch("#desk [data-do=clock]");
    page.wait_until("it is done", &there(".counts"));
    doubted(&page, false);
    // By touch again, to a time of their own: one whole field after the other is typed over.
    let days_on = |days: u32| {
        let day = page.ask(&format!("new Date(Date.now() + {days} * 864e5).toISOString().slice(0, 10)"));
        day.as_str().expect("a date is text").to_owned()
    };
    let (far, nearer) = (days_on(15), days_on(12));
    page.touch("#desk [data-view=clock]");
    for (name, digits) in [("date", far.replace('-', "")), ("time", "0304".to_owned())] {
        page.touch(&format!("#{name}"));
        for digit in digits.chars() {
            page.touch(&format!("#desk .keys [data-key=\"{digit}\"]"));
        }
    }
    page.touch("#desk .pair [type=submit]");
    page.wait_until("it is done", &there(".counts"));
    page.wait_until("the card with it", "document.querySelector('#status').textContent.includes('数据包')");
    drop(page);

    // By keys alone, in English.
    let page = open(&browser, &kiosk, "/?lang=en", Size::MONITOR);
    page.wait_until("the gate is ready", &shows("ready"));
    let focus = |selector: &str| {
        page.wait_until(selector, &there(selector));
        // As the key Tab does it, which selects what stands in a field.
        let there = format!("document.querySelector('#desk {selector}')");
        let _ = page.ask(&format!("{there}.focus(), {there}.select?.()"));
    };
    let _ = page.ask("document.querySelector('#staff [data-desk=open]').focus()");
    page.press("Enter");
    focus("nav [data-view=shift]");
    page.press("Enter");
    focus("[data-view=clock]");
    page.press("Enter");
    focus("#date");
    page.type_text("2020-01-01");
    page.press("Tab");
    page.type_text("00:00");
    page.press("Enter");
    let too_early = "document.querySelector('#desk .says').textContent.includes('signed its data later')";
    page.wait_until("it is no earlier than the bundle", too_early);
    focus("#date");
    page.type_text("2098-01-01");
    page.press("Enter");
    let too_far = "document.querySelector('#desk .says').textContent.includes('more than 20 days')";
    page.wait_until("nor far later", too_far);
    focus("#date");
    page.type_text(&nearer);
    page.press("Enter");
    page.wait_until("it is done", &there(".counts"));
    doubted(&page, false);
    page.touch("#staff [data-desk=sign-out]");
    // Typed in the compound's time, logged in UTC.
    let logged = |day: &str, time: &str| {
        let at = page.ask(&format!("new Date('{day}T{time}:00+08:00').toISOString()"));
        format!("to={}", at.as_str().expect("a time is text").replace(".000Z", "Z"))
    };
    let wanted = [String::new(), logged(&far, "03:04"), logged(&nearer, "00:00")];
    drop(page);
    kiosk.end();

    let set: Vec<Value> = gate.events().into_iter().filter(|event| event["kind"] == "clock_set").collect();
    assert_eq!(set.len(), 3, "{set:?}");
    for (event, to) in set.iter().zip(wanted) {
        assert_eq!(event["who"], SUPERVISOR);
        assert!(event["details"].as_str().is_some_and(|details| details.contains(&to)), "{event}");
    }
    golden.all_alike();
}
