//! The gate's page over a real socket, the gate driven by a clock that stands still.

use std::io::Read;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::office::{Office, blank, picture};
use crate::process;
use gate::Direction;
use indicatif::ProgressBar;
use kiosk::devices::Equipment;
use kiosk::eyes::Eyes;
use kiosk::frames::{Folder, Recording};
use kiosk::heading::Heading;
use kiosk::held::Held;
use kiosk::lines::Lines;
use kiosk::root;
use kiosk::run::{Config, Devices, Nearby, run};
use kiosk::screen::Stay;
use pass::{Colour, ManualClock};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A gate at work, stopped when dropped.
pub(crate) struct Gate {
    pub(crate) address: SocketAddr,
    pub(crate) clock: Arc<ManualClock>,
    stop: Option<oneshot::Sender<()>>,
    working: Option<std::thread::JoinHandle<()>>,
}

impl Gate {
    /// Opens a gate on this folder; verdicts stay for as long as a test needs.
    pub(crate) fn open(office: &Office, data: &Path) -> Self {
        Self::heading(office, data, Direction::Out.into())
    }

    /// Opens a gate whose lane is used like this.
    pub(crate) fn heading(office: &Office, data: &Path, direction: Heading) -> Self {
        Self::with(office, data, |config| config.direction = direction)
    }

    /// Opens a gate that is set up otherwise.
    pub(crate) fn with(office: &Office, data: &Path, change: impl FnOnce(&mut Config)) -> Self {
        let second = Duration::from_secs(1);
        let mut config = Config {
            data: data.to_owned(),
            gate: "<南门>".into(),
            direction: Direction::Out.into(),
            nearby: Nearby::default(),
            ignore: 5 * second,
            stay: Stay { admit: 600 * second, check: 600 * second, refuse: None, panel: 60 * second },
            keep: 30 * 86_400 * second,
            speech: kiosk::devices::speech::Setting::Off,
            alert: None,
            quiet: Duration::from_secs(180),
            metrics_listen: None,
        };
        change(&mut config);
        let recording = Recording::Folder(Folder::open(&data.join("images")).unwrap());
        let eyes = Eyes::open(&[]).playing(recording);
        let output = Lines::to(Box::new(std::io::sink()), false);
        let devices = Devices { eyes, equipment: Equipment::none(), output, progress: ProgressBar::hidden() };
        let clock = Arc::new(ManualClock::new(office.now));
        let (stop, stopped) = oneshot::channel::<()>();
        let (tell, told) = std::sync::mpsc::channel();
        let hands = clock.clone();
        let working = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let shutdown = async {
                    let _ = stopped.await;
                };
                run(config, devices, hands, listener, shutdown).await.unwrap();
            });
        });
        Self { address: told.recv().unwrap(), clock, stop: Some(stop), working: Some(working) }
    }

    fn ask(&self, path: &str, host: &str) -> TcpStream {
        process::ask(self.address, path, host)
    }

    pub(crate) fn page(&self, path: &str) -> String {
        let mut text = String::new();
        self.ask(path, &self.address.to_string()).read_to_string(&mut text).unwrap();
        text
    }

    /// Follows the page's events until one has all of these.
    pub(crate) fn wait_for(&self, lang: &str, wanted: &[&str]) -> serde_json::Value {
        process::see(self.address, lang, wanted)
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        // One that has ended by itself says why.
        let _ = self.stop.take().unwrap().send(());
        self.working.take().unwrap().join().unwrap();
    }
}

/// A data folder with one picture.
pub(crate) fn data(text: Option<&str>) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("images")).unwrap();
    let path = dir.path().join("images/a.pgm");
    match text {
        Some(text) => picture(&path, text),
        None => blank(&path),
    }
    dir
}

fn believe(office: &Office, data: &Path, version: u64) {
    let held = Held::in_folder(data);
    held.pin(&root::parse(&office.root_text()).unwrap(), false).unwrap();
    held.load(&office.bundle(version)).unwrap();
}

#[test]
fn a_verdict_is_shown_in_both_languages_and_escaped() {
    let office = Office::new();
    let dir = data(Some(&office.pass(0, Colour::Red)));
    believe(&office, dir.path(), 1);
    let gate = Gate::open(&office, dir.path());
    let parts = gate.wait_for("en", &["refuse", "Under home observation"]);
    assert_eq!(parts["kind"], "refuse");
    assert_eq!(parts["sequence"], 1, "each verdict sounds once");
    assert!(parts["live"].as_str().unwrap().starts_with("Stop 张*明 "));
    assert!(parts["status"].as_str().unwrap().contains("<dd>1</dd>"));
    gate.wait_for("zh", &["请停步", "居家观察期间不得外出"]);
    let page = gate.page("/");
    assert!(page.starts_with("HTTP/1.1 200"));
    for wanted in
        ["lang=\"zh-CN\"", "请停步", "&#60;南门&#62;", "翠湖小区", "content-security-policy", "aria-live"]
    {
        assert!(page.contains(wanted), "{wanted} is missing in {page}");
    }
    assert!(!page.contains("<南门>"));
    assert!(gate.page("/?lang=en").contains("lang=\"en\""));
}

#[test]
fn an_idle_screen_holds_no_personal_data() {
    let office = Office::new();
    let dir = data(None);
    believe(&office, dir.path(), 1);
    let gate = Gate::open(&office, dir.path());
    let parts = gate.wait_for("zh", &["\"kind\":\"ready\"", "翠湖小区", "播放完毕"]);
    assert!(!parts.to_string().contains("张"));
    assert!(parts["sequence"].is_null(), "nothing sounds");
}

#[test]
fn the_screen_says_what_to_do_and_takes_up_what_was_done() {
    let office = Office::new();
    let dir = data(None);
    let gate = Gate::open(&office, dir.path());
    gate.wait_for("en", &["\"kind\":\"trouble\"", "kiosk trust"]);
    Held::in_folder(dir.path()).pin(&root::parse(&office.root_text()).unwrap(), false).unwrap();
    gate.wait_for("en", &["\"kind\":\"trouble\"", "kiosk load"]);
    believe(&office, dir.path(), 1);
    gate.wait_for("en", &["\"kind\":\"ready\""]);
}

#[test]
fn a_clock_below_the_floor_is_shown_in_doubt() {
    let office = Office::new();
    let dir = data(None);
    believe(&office, dir.path(), 1);
    let gate = Gate::open(&office, dir.path());
    gate.wait_for("en", &["\"kind\":\"ready\"", "<dd>good</dd>"]);
    gate.clock.set(pass::Timestamp(0));
    gate.wait_for("en", &["in doubt", "The clock is slow", "have a supervisor set the time"]);
    gate.wait_for("zh", &["时钟慢了", "请负责人设置时间"]);
    gate.clock.set(office.now.plus(3600));
    gate.wait_for("en", &["in doubt", "The clock was changed"]);
    gate.clock.set(office.now);
    gate.wait_for("en", &["<dd>good</dd>"]);
}

#[test]
fn a_journal_that_cannot_be_opened_admits_nobody() {
    let office = Office::new();
    let dir = data(Some(&office.pass(0, Colour::Green)));
    believe(&office, dir.path(), 1);
    std::fs::write(dir.path().join("journal"), "in the way").unwrap();
    let gate = Gate::open(&office, dir.path());
    let parts = gate.wait_for("en", &["\"kind\":\"trouble\"", "Log not writable"]);
    assert!(!parts.to_string().contains("admit\""));
    std::fs::remove_file(dir.path().join("journal")).unwrap();
    gate.wait_for("en", &["\"kind\":\"ready\""]);
}

#[test]
fn the_picture_of_the_camera_streams_while_somebody_looks() {
    let office = Office::new();
    let data = data(None);
    // Half a minute of an empty view.
    let images = data.path().join("images");
    let first = std::fs::read_dir(&images).unwrap().flatten().next().unwrap().path();
    for copy in 0..300 {
        std::fs::copy(&first, images.join(format!("{copy:03}.pgm"))).unwrap();
    }
    let gate = Gate::open(&office, data.path());
    let host = gate.address.to_string();
    let mut stream = gate.ask("/preview.mjpeg", &host);
    let mut seen = Vec::new();
    let mut bytes = [0; 4096];
    while seen.windows(3).filter(|start| start == b"\xFF\xD8\xFF").count() < 2 {
        let read = stream.read(&mut bytes).unwrap();
        assert_ne!(read, 0, "{}", String::from_utf8_lossy(&seen));
        seen.extend_from_slice(&bytes[..read]);
    }
    let head = String::from_utf8_lossy(&seen).to_lowercase();
    assert!(head.contains("content-type: multipart/x-mixed-replace; boundary=sanse-gate-picture"), "{head}");
    assert!(gate.page("/aim?lang=en").contains("Hold a card where people will"));
    let mut elsewhere = String::new();
    gate.ask("/preview.mjpeg", "evil.example").read_to_string(&mut elsewhere).unwrap();
    assert!(elsewhere.starts_with("HTTP/1.1 421"), "{elsewhere}");
}

#[test]
fn other_hosts_and_other_paths_get_nothing() {
    let office = Office::new();
    let dir = data(None);
    let gate = Gate::open(&office, dir.path());
    let port = gate.address.port();
    let status = |path: &str, host: &str| {
        let mut text = String::new();
        gate.ask(path, host).read_to_string(&mut text).unwrap();
        text[9..12].to_owned()
    };
    for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("[::1]:{port}")] {
        assert_eq!(status("/health", &host), "200", "{host}");
    }
    for host in ["gate.example", "127.0.0.1", "127.0.0.1:1", "localhost.example", ""] {
        assert_eq!(status("/", host), "421", "{host}");
    }
    let host = format!("127.0.0.1:{port}");
    assert_eq!(status("/nothing", &host), "404");
    for path in ["/screen.js", "/screen.css"] {
        assert_eq!(status(path, &host), "200", "{path}");
    }
}
