//! The real kiosk before real V4L2 devices, in a virtual machine: v4l2loopback, which a program fills with pictures of cards,
//! and the kernel's own vivid, which can be told to break.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use end_to_end::gate::Gate;
use end_to_end::machine::{Job, Machine, Options};
use end_to_end::office::{Office, roster};
use end_to_end::paper;
use end_to_end::programs::program;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GrayImage};
use qr::Frame;
use qr::degrade::Scene;
use serde_json::Value;

/// For anything in the machine: many times what it takes.
const LONG: Duration = Duration::from_secs(300);
const SIZE: (usize, usize) = (640, 480);

#[test]
fn cameras_are_read_and_come_back_by_themselves() {
    let office = Office::with_roster(&roster(8));
    let cards = Cards::of(&office);
    let machine = Machine::boot(&Options::default());
    machine
        .run("modprobe v4l2loopback video_nr=0,1 card_label='Gate camera,Spare camera' exclusive_caps=1,1");

    cards_are_read_from_a_camera_that_breaks(&machine, &office, &cards);
    cameras_that_fail_are_tried_again(&machine);
}

/// Plugs in two cameras, the first with this number.
fn loopback(number: u32) -> String {
    let numbers = format!("{number},{}", number + 1);
    format!(
        "modprobe v4l2loopback video_nr={numbers} card_label='Gate camera,Spare camera' exclusive_caps=1,1"
    )
}

/// One kiosk, and one camera that changes under it.
fn cards_are_read_from_a_camera_that_breaks(machine: &Machine, office: &Office, cards: &Cards) {
    let gate = Gate::of(office);
    let mut kiosk = Kiosk::start(machine, &gate, 7381, "--camera 'Gate camera' --focus 30 --exposure 100");
    kiosk.wait_for_screen("blind", "Gate camera");
    let camera = |device: u32, fourcc: &str, pace: &str| {
        let (program, (width, height)) = (env!("CARGO_BIN_EXE_virtual-camera"), SIZE);
        let file = machine.folder().join("picture");
        let arguments = format!("{fourcc} {width} {height} {pace} {}", file.display());
        // It takes another format when nobody has it open any more.
        machine.start(&format!("until {program} /dev/video{device} {arguments}; do sleep 0.2; done"))
    };
    let show = |bytes: &[u8]| {
        let new = machine.folder().join("picture.new");
        std::fs::write(&new, bytes).expect("a temporary folder can be written");
        std::fs::rename(new, machine.folder().join("picture")).expect("a temporary folder can be written");
    };

    show(&cards.picture(0, "YUYV"));
    let first = camera(0, "YUYV", "1 15");
    kiosk.wait_for_card(cards.serial(0));
    let lens = || {
        machine.run("v4l2-ctl -d /dev/video0 -C focus_automatic_continuous,focus_absolute,auto_exposure,exposure_time_absolute")
    };
    let set = "focus_automatic_continuous: 0\nfocus_absolute: 30\nauto_exposure: 1 (Manual Mode)\nexposure_time_absolute: 100\n";
    assert_eq!(lens(), set);
    show(&cards.picture(1, "YUYV"));
    kiosk.wait_for_card(cards.serial(1));

    // It stalls, and goes on.
    first.signal("STOP");
    kiosk.wait_for_camera("no picture");
    show(&cards.picture(2, "YUYV"));
    first.signal("CONT");
    kiosk.wait_for_card(cards.serial(2));

    // It goes, and comes back as another one, whose lens moves.
    first.signal("KILL");
    kiosk.wait_for_camera("no picture");
    machine.run("v4l2-ctl -d /dev/video0 -c focus_automatic_continuous=1,focus_absolute=200,auto_exposure=3");
    show(&cards.picture(3, "MJPG"));
    let second = camera(0, "MJPG", "1 15");
    kiosk.wait_for_card(cards.serial(3));
    assert_eq!(lens(), set);

    // Its pictures are torn, and are whole again.
    show(
        &[0xFF, 0xD8, 0xFF, 0xE0]
            .into_iter()
            .chain((0..20_000_u32).map(|n| ((n * n) >> 3) as u8))
            .collect::<Vec<_>>(),
    );
    kiosk.wait_for_camera("no picture");
    show(&cards.picture(4, "MJPG"));
    kiosk.wait_for_card(cards.serial(4));
    second.signal("KILL");

    // It is pulled out, and plugged in elsewhere.
    kiosk.wait_for_camera("no picture");
    machine.run(&format!("until rmmod v4l2loopback; do sleep 0.2; done; {}", loopback(4)));
    // nokhwa reads no GREY, and refuses 12.5 pictures a second.
    for (card, fourcc, pace) in [(5, "GREY", "1 15"), (6, "NV12", "1 15"), (7, "YUYV", "2 25")] {
        show(&cards.picture(card, fourcc));
        let other = camera(4, fourcc, pace);
        kiosk.wait_for_card(cards.serial(card));
        other.signal("KILL");
        kiosk.wait_for_camera("no picture");
    }
    kiosk.end();

    // A focus that its driver doesn't have is told on the screen, with what it has.
    let mut kiosk = Kiosk::start(machine, &gate, 7383, "--camera 'Gate camera' --focus 300");
    show(&cards.picture(0, "GREY"));
    let _camera = camera(4, "GREY", "1 15");
    kiosk.wait_for_screen("blind", "focus = 300: this camera takes 0 … 250 / 5");
    let cameras = machine.run(&format!("SANSE_LANG=en {} cameras", program("kiosk").display()));
    for line in [
        "/dev/video4  Gate camera: would use GREY 640x480 15/s",
        "    focus = \"auto\" or 0 … 250 / 5 (now auto)",
        "    exposure = \"auto\" or 3 … 2047 (now auto)",
        "/dev/video5  Spare camera: none of its formats can be used",
    ] {
        assert!(cameras.lines().any(|found| found == line), "{line}\n{cameras}");
    }
    kiosk.end();
}

/// One kiosk and vivid, which breaks in every way a driver can.
fn cameras_that_fail_are_tried_again(machine: &Machine) {
    let vivid = "modprobe vivid n_devs=1 node_types=0x1 num_inputs=1 input_types=0x0 vid_cap_nr=8";
    machine.run(vivid);
    // As somebody has left it.
    machine.run(
        "v4l2-ctl -d /dev/video8 --set-fmt-video width=640,height=360 && v4l2-ctl -d /dev/video8 -p 12.5",
    );
    let cameras = machine.run(&format!("SANSE_LANG=en {} cameras", program("kiosk").display()));
    let line = "/dev/video8  vivid-000-vid-cap: would use GREY 1280x720";
    assert!(cameras.lines().any(|found| found.starts_with(line)), "{line}\n{cameras}");
    let mut kiosk = Kiosk::start(machine, &Gate::new(), 7382, "--camera /dev/video8");
    kiosk.wait_for_camera("working");
    let break_it = |control: &str| machine.run(&format!("v4l2-ctl -d /dev/video8 -c {control}"));
    for control in [
        "inject_fatal_streaming_error=1",
        "inject_vidioc_streamon_error=1,inject_vidioc_reqbufs_error=1,inject_fatal_streaming_error=1",
        "percentage_of_dropped_buffers=100",
    ] {
        break_it(control);
        kiosk.wait_for_camera("no picture");
        break_it("percentage_of_dropped_buffers=0");
        kiosk.wait_for_camera("working");
    }
    break_it("disconnect=1");
    kiosk.wait_for_camera("no picture");
    // It is back as soon as nobody holds the device that has gone.
    kiosk.wait_for_camera("working");
    kiosk.end();
}

/// Pictures of printed cards, and their serials.
struct Cards(Vec<(String, Frame)>);

impl Cards {
    fn of(office: &Office) -> Self {
        let passes = office.passes();
        let serial = |text: &str| {
            let pass = passes.iter().find(|pass| pass["text"] == text).expect("what is printed is on file");
            pass["serial"].as_str().expect("a pass has a serial").to_owned()
        };
        let pages = paper::rasterise(&office.print("ten"), 150, &office.path("pages"));
        let cards = pages.iter().flat_map(|page| paper::cut_out(&paper::frame(page)));
        let (width, height) = SIZE;
        let picture =
            |(text, drawing): (String, Frame)| (serial(&text), Scene::of(&drawing).render(width, height, 1));
        Self(cards.map(picture).collect())
    }

    fn serial(&self, card: usize) -> &str {
        &self.0[card].0
    }

    /// As a camera gives it.
    fn picture(&self, card: usize, fourcc: &str) -> Vec<u8> {
        let frame = &self.0[card].1;
        match fourcc {
            "YUYV" => frame.luma().iter().flat_map(|y| [*y, 128]).collect(),
            "NV12" => frame.luma().iter().copied().chain(vec![128; frame.luma().len() / 2]).collect(),
            "GREY" => frame.luma().to_vec(),
            _ => {
                let (width, height) = SIZE;
                let grey = GrayImage::from_raw(width as u32, height as u32, frame.luma().to_vec());
                let colour = DynamicImage::from(grey.expect("all of the frame")).into_rgb8();
                let mut jpeg = Vec::new();
                JpegEncoder::new_with_quality(&mut jpeg, 85).encode_image(&colour).expect("it is in memory");
                jpeg
            }
        }
    }
}

/// A kiosk in the machine, and somebody who follows its screen.
struct Kiosk<'a> {
    program: Job<'a>,
    screen: Job<'a>,
    /// How much of the screen's messages was looked at.
    seen: usize,
}

impl<'a> Kiosk<'a> {
    fn start(machine: &'a Machine, gate: &Gate, port: u16, arguments: &str) -> Self {
        let kiosk = gate.kiosk(&["run", "--direction", "out", "--listen", &format!("127.0.0.1:{port}")]);
        let data = format!("/run/gate{port}");
        let words: Vec<_> = kiosk.get_args().map(|word| word.to_string_lossy().into_owned()).collect();
        let from = gate.path("data");
        let mut script = format!("mkdir -p {data}; export SANSE_LANG=en\n");
        if Path::exists(&from) {
            // What the host wrote after the machine was started comes through the folder of both.
            let there = machine.folder().join(format!("gate{port}"));
            copy(&from, &there);
            let _ = writeln!(script, "cp -a {}/. {data}", there.display());
        }
        let words = words.join(" ").replace(&from.display().to_string(), &data);
        let _ = writeln!(script, "exec {} {words} {arguments}", Path::new(kiosk.get_program()).display());
        let program = machine.start(&script);
        let follow = "until busybox wget -q -O - 'http://127.0.0.1:PORT/events?lang=en'; do sleep 0.2; done";
        let screen = machine.start(&follow.replace("PORT", &port.to_string()));
        Self { program, screen, seen: 0 }
    }

    /// Waits until the journal has this card, and the screen says that its camera works.
    fn wait_for_card(&mut self, serial: &str) {
        let event =
            |line: &str| serde_json::from_str::<Value>(line).is_ok_and(|event| event["serial"] == serial);
        self.program.wait_for(serial, LONG, |job| self.alive() && job.stdout().lines().any(event));
        self.wait_for_camera("working");
    }

    /// Waits until the screen shows this kind of face with this text; what it showed before was seen already.
    fn wait_for_screen(&mut self, kind: &str, text: &str) {
        self.wait_until(&format!("{kind} {text}"), |parts| {
            parts["kind"] == kind
                && (part(parts, "face").contains(text) || part(parts, "status").contains(text))
        });
    }

    /// Waits until the status line says this of the camera.
    fn wait_for_camera(&mut self, text: &str) {
        let wanted = format!("<dt>Camera</dt><dd>{text}</dd>");
        self.wait_until(&wanted, |parts| part(parts, "status").contains(&wanted));
    }

    fn wait_until(&mut self, what: &str, shown: impl Fn(&Value) -> bool) {
        let found = std::cell::Cell::new(self.seen);
        self.screen.wait_for(&format!("{what}\n{}", self.program.stderr()), LONG, |job| {
            assert!(self.alive());
            let all = job.stdout();
            let mut end = self.seen;
            for line in all[self.seen..].split_inclusive('\n').filter(|line| line.ends_with('\n')) {
                end += line.len();
                let message = line.strip_prefix("data: ").and_then(|line| serde_json::from_str(line).ok());
                if message.is_some_and(|parts: Value| shown(&parts)) {
                    found.set(end);
                    return true;
                }
            }
            false
        });
        self.seen = found.get();
    }

    fn alive(&self) -> bool {
        assert_eq!(self.program.code(), None, "the kiosk has ended: {}", self.program.stderr());
        true
    }

    fn end(self) {
        assert!(self.alive());
        self.program.signal("TERM");
        self.program.wait(LONG);
        self.screen.signal("KILL");
    }
}

fn part<'a>(parts: &'a Value, name: &str) -> &'a str {
    parts[name].as_str().unwrap_or_default()
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a temporary folder can be written");
    for entry in std::fs::read_dir(from).expect("the gate's folder can be read").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a temporary folder can be written");
        }
    }
}
