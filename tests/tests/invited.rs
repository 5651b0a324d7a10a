//! A gate comes up in a minute: the office's page shows an invitation, the gate's camera sees the browser's window, and from then on
//! cards are judged and passages told.
#![cfg(target_os = "linux")]

use end_to_end::at_work::AtWork;
use end_to_end::browser::{Browser, Size};
use end_to_end::counter::{Counter, fill, wait_for};
use end_to_end::gate::Gate;
use end_to_end::office::{Office, roster};
use end_to_end::programs::{lines, run};
use end_to_end::still_camera::StillCamera;
use image::RgbImage;
use qr::degrade::{Scene, picture_of};
use qr::{Frame, encode};

/// What a camera makes of a picture that is held before it.
fn before_a_camera(picture: &RgbImage) -> Frame {
    let luma = image::imageops::grayscale(picture);
    let (width, height) = (luma.width() as usize, luma.height() as usize);
    let window = Frame::new(width, height, luma.into_raw()).expect("a picture has as many bytes as pixels");
    Scene::of(&window).render(1280, 720, 3)
}

#[test]
fn a_gate_is_set_up_by_its_camera_and_works() {
    let office = Office::with_roster(&roster(4));
    let counter = Counter::of(&office);
    let browser = Browser::shared();
    let page = counter.sign_in(&office, &browser, Size::MONITOR, ("主任", "administrator"));

    // Out of its box: it shows nothing but where it waits.
    let wall = Frame::new(8, 8, vec![120; 64]).expect("a small frame");
    let camera = StillCamera::showing(&Scene::of(&wall).render(640, 480, 0));
    let gate = Gate::new();
    let run_it = ["run", "--listen", "127.0.0.1:0", "--direction", "out", "--ip-camera"];
    let kiosk = AtWork::start(gate.kiosk(&[&run_it[..], &[&camera.url()]].concat()));
    let screen = browser.open(&kiosk.page("/"), Size::PANEL);

    page.go(&counter.pages.page("/gates/1/invite"));
    wait_for(&page, "the form is there", "[name=address]");
    fill(&page, "name", "南门");
    page.touch("main form button[type=submit]");
    wait_for(&page, "the invitation is there", ".invitation svg");
    camera.show(&before_a_camera(&page.picture_of(".invitation")));
    screen.wait_until("it says that it is enrolled", "document.body.innerText.includes('本卡点已登记')");
    camera.show(&Scene::of(&wall).render(1280, 720, 0));
    screen.wait_until("the gate is ready", "document.body.dataset.kind === 'ready'");

    // It was registered, and works by what the office says.
    let gates = lines(&run(&mut office.issuer(&["gates"])));
    assert!(gates.len() == 1 && gates[0].starts_with("南门\t"), "{gates:?}");
    let passes = office.passes();
    for (colour, kind) in [("green", "admit"), ("red", "refuse")] {
        let pass = passes.iter().find(|pass| pass["colour"] == colour && pass["kind"] == "person");
        let text = pass.and_then(|pass| pass["text"].as_str()).expect("there is one of each colour");
        let code = encode(text).expect("a pass is a code");
        let card = picture_of(&code, 8, 4).expect("a pass's code is no large picture");
        camera.show(&Scene::of(&card).render(1280, 720, 1));
        screen.wait_until(colour, &format!("document.body.dataset.kind === '{kind}'"));
    }
    let told = || lines(&run(&mut office.issuer(&["passages", "journals"])));
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !told().iter().any(|line| line.starts_with("南门\t")) {
        assert!(std::time::Instant::now() < until, "its passages never came: {:?}", told());
        std::thread::sleep(std::time::Duration::from_millis(100));
    }

    // The same window before another gate: it was for one.
    camera.show(&before_a_camera(&page.picture_of(".invitation")));
    let second = Gate::new();
    let beside = AtWork::start(second.kiosk(&[&run_it[..], &[&camera.url()]].concat()));
    let refused = browser.open(&beside.page("/?lang=en"), Size::PANEL);
    refused.wait_until("it is told why", "document.body.innerText.includes('used')");
}
