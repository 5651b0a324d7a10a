//! Whether our pages can be used by everybody, as axe-core judges: the gate's screen, and the office's and the residents' pages, in
//! both languages, on a phone and on a monitor.

use std::borrow::Borrow;

use end_to_end::at_work::AtWork;
use end_to_end::browser::{Browser, Page, Size};
use end_to_end::counter::Counter;
use end_to_end::gate::Gate;
use end_to_end::office::{COMPOUND, Office, roster};
use end_to_end::paper;
use end_to_end::programs::run;
use end_to_end::python;
use end_to_end::still_camera::StillCamera;
use qr::degrade::{Scene, picture_of};
use qr::{Frame, encode};
use serde_json::Value;

/// What axe-core finds that keeps somebody from using the page, a line for each; it is asked for the rules of WCAG 2.2 AA and its own
/// best practices.
fn violations(page: &Page, axe: &str) -> Vec<String> {
    let _ = page.ask(&format!("{axe}; 'loaded'"));
    let found = page.ask("axe.run(document, { resultTypes: ['violations'] })");
    assert!(found["testEngine"]["version"].is_string(), "axe-core did not run: {found}");
    let list = found["violations"].as_array().expect("a list");
    let serious = list.iter().filter(|found| found["impact"] == "serious" || found["impact"] == "critical");
    serious.flat_map(told).collect()
}

fn told(found: &Value) -> Vec<String> {
    let nodes = found["nodes"].as_array().expect("a list").iter();
    nodes.map(|node| format!("{}: {} {}", found["id"], node["html"], node["any"][0]["message"])).collect()
}

/// A page of the office that is there with its style, or one of the gate whose scripts have run and whose pictures are there.
const SETTLED: &str = "(() => { const face = document.querySelector('#face'); \
    if (![...document.querySelectorAll('link[rel=stylesheet]')].every((it) => it.sheet)) return false; \
    if (!face) return true; \
    const pictures = [...document.querySelectorAll('#preview img[src]')]; \
    const looks = document.body.dataset.aim || document.body.dataset.kind === 'ready'; \
    return face.style.getPropertyValue('--fit') && (looks ? pictures.length : true) && pictures.every((it) => it.dataset.seen); })()";

/// Looks at these pages in both languages, at both sizes.
fn all_can_use(paths: &[(&str, String)]) {
    let browser = Browser::shared();
    let found = look_at(paths, &mut |address, size| browser.open(address, size));
    assert!(found.is_empty(), "{found:#?}");
}

/// What is found on these pages, where `open` opens each.
fn look_at<P: Borrow<Page>>(paths: &[(&str, String)], open: &mut dyn FnMut(&str, Size) -> P) -> Vec<String> {
    let axe = python::file_of("axe.txt", "axe_playwright_python/axe.min.js");
    let axe = std::fs::read_to_string(axe).expect("axe-core is text");
    let mut found = Vec::new();
    for (name, address) in paths {
        for (lang, sizes) in [("zh", &[Size::PHONE, Size::MONITOR][..]), ("en", &[Size::PHONE])] {
            for size in sizes {
                let opened = open(&format!("{address}?lang={lang}"), *size);
                let page = opened.borrow();
                // The gate's page makes what it says fit, beside its camera's picture if it shows one: until then it may scroll.
                page.wait_until("all that is said fits", SETTLED);
                let wide = page.ask("document.documentElement.scrollWidth - innerWidth");
                if wide.as_i64() > Some(0) {
                    found.push(format!("{name} {lang} {size:?}: {wide} pixels too wide"));
                }
                found.extend(
                    violations(page, &axe).into_iter().map(|it| format!("{name} {lang} {size:?}: {it}")),
                );
            }
        }
    }
    found
}

#[test]
fn the_gates_screen() {
    let office = Office::with_roster(&roster(4));
    let at_work = |gate: &Gate, camera: &StillCamera| {
        let url = camera.url();
        AtWork::start(gate.kiosk(&[
            "run",
            "--direction",
            "out",
            "--listen",
            "127.0.0.1:0",
            "--ip-camera",
            &url,
        ]))
    };
    let wall = Frame::new(8, 8, vec![120; 64]).expect("a small frame");
    let nothing = StillCamera::showing(&Scene::of(&wall).render(640, 480, 0));
    let (gate, untrusted) = (Gate::of(&office), Gate::new());
    let (ready, before) = (at_work(&gate, &nothing), at_work(&untrusted, &nothing));
    // Red on the way out: a refusal stays.
    let red = office.passes().into_iter().find(|pass| pass["colour"] == "red").expect("household 3 is red");
    let code = encode(red["text"].as_str().expect("a pass has a text")).expect("a pass is a code");
    let card = picture_of(&code, 8, 4).expect("a pass's code is no large picture");
    let card = StillCamera::showing(&Scene::of(&card).render(1280, 720, 1));
    let stopping = Gate::of(&office);
    let stops = at_work(&stopping, &card);
    let page = Browser::shared().open(&stops.page("/"), Size::PANEL);
    page.wait_until("the card is refused", "document.body.dataset.kind === 'refuse'");
    all_can_use(&[
        ("ready", ready.page("/")),
        ("aiming", ready.page("/aim")),
        ("not set up", before.page("/")),
        ("enrolling", before.page("/enrol")),
        ("refused", stops.page("/")),
    ]);
}

#[test]
fn the_offices_and_the_residents_pages() {
    let office = Office::with_roster(&roster(8));
    let counter = Counter::of(&office);
    let browser = Browser::shared();
    let of = |paths: &[&'static str]| -> Vec<_> {
        paths.iter().map(|path| (*path, counter.pages.page(path))).collect()
    };
    let mut found = look_at(&of(&["/sign-in", "/nothing"]), &mut |address, size| browser.open(address, size));

    let page = counter.sign_in(&office, &browser, Size::MONITOR, ("张主任", "administrator"));
    page.go(&counter.pages.page("/residents"));
    // One pass of each colour, and of a vehicle.
    let passes =
        page.ask("[...document.querySelectorAll('td.open a')].slice(0, 12).map((link) => link.pathname)");
    let passes: Vec<_> = passes.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert_eq!(passes.len(), 12, "the list leads to passes");
    let public: Vec<_> = [0, 2].map(|at| ("a pass", counter.pages.page(passes[at]))).into();
    found.extend(look_at(&public, &mut |address, size| browser.open(address, size)));
    let close =
        ["closure", "add", "--compound", COMPOUND, "--building", "1", "--unit", "1", "--why", "one case"];
    let _ = run(&mut office.issuer(&close));
    let closed = vec![("a closed building's pass", counter.pages.page(passes[1]))];
    found.extend(look_at(&closed, &mut |address, size| browser.open(address, size)));
    a_passage(&office);
    page.go(&counter.pages.page("/passages"));
    let one = page.ask("document.querySelector('.when a').pathname");
    let one = one.as_str().expect("a passage is listed, and leads to all that is known of it");
    let inside: Vec<_> = of(&PAGES).into_iter().chain([("a passage", counter.pages.page(one))]).collect();
    found.extend(look_at(&inside, &mut |address, size| {
        page.resize(size);
        page.go(address);
        &page
    }));
    assert!(found.is_empty(), "{found:#?}");
}

/// Somebody red wants out at a gate whose journal is then brought to the office.
fn a_passage(office: &Office) {
    let gate = Gate::of(office);
    let red = office.passes().into_iter().find(|pass| pass["colour"] == "red").expect("household 3 is red");
    let code = encode(red["text"].as_str().expect("a pass has a text")).expect("a pass is a code");
    let card = picture_of(&code, 8, 4).expect("a pass's code is no large picture");
    let (frames, journal) = (gate.path("frames"), gate.path("gate.journal"));
    std::fs::create_dir(&frames).expect("a temporary folder can be written");
    paper::save(&Scene::of(&card).render(1280, 720, 1), &frames.join("0.pgm"));
    let path = |path: &std::path::Path| path.to_str().expect("temporary folders have plain names").to_owned();
    let (frames, journal) = (path(&frames), path(&journal));
    let arguments = ["run", "--once", "--direction", "out", "--listen", "127.0.0.1:0", "--images", &frames];
    let _ = run(&mut gate.kiosk(&arguments));
    let _ = run(&mut gate.kiosk(&["log", "export", "--format", "cbor", "--out", &journal]));
    let _ = run(&mut office.issuer(&["passages", "import", &journal, "--compound", COMPOUND]));
}

/// The office's own pages, as an administrator sees them.
const PAGES: [&str; 28] = [
    "/",
    "/rules",
    "/rules/1/change",
    "/passages",
    "/residents",
    "/residents/1/4",
    "/residents/1/4/correct",
    "/residents/new",
    "/residents/many",
    "/board",
    "/buildings/1?building=1&unit=1",
    "/buildings/1?building=1",
    "/homes/1/1",
    "/observed",
    "/passes",
    "/passes/sheets",
    "/passes/notices",
    "/passes/office",
    "/books",
    "/gates",
    "/gates/trust",
    "/gates/1/invite",
    "/accounts",
    "/keys",
    "/retention",
    "/audit",
    "/account",
    "/account/tokens",
];
