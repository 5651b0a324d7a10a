//! A real browser for the tests: Debian's Chromium without a window, in a folder of its own, that draws alike on every machine.
//!
//! It is spoken to over pipes ([`pipe`]), so that there is no driver to install and no port to find. What it draws depends on its
//! fonts more than on anything else: it is given those of the package `fonts-noto-cjk` and no others. Knows neither of our
//! programs.

pub mod golden;
mod page;
mod pipe;

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value, json};
use tempfile::TempDir;

pub use page::{Page, Size};
use pipe::Pipe;

/// How Chromium is started, beside its folder.
///
/// Without a sandbox: it opens only what the programs under test serve on loopback, and a test suite that runs as root, or in a
/// container, can have none.
const FLAGS: [&str; 23] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-quic",
    "--disable-breakpad",
    // A page under test is always the one that is looked at.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    // Touches before a page is first painted count as well.
    "--allow-pre-commit-input",
    // As README.md tells gates to start it, but silent.
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
    // The same pixels everywhere.
    "--force-device-scale-factor=1",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--hide-scrollbars",
];

/// The fonts that it may use, and no others: what is installed besides would change widths and weights.
const FONTS: &str = r#"<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<dir>/usr/share/fonts</dir>
<selectfont>
<rejectfont><glob>*.*</glob></rejectfont>
<acceptfont><glob>*/NotoSansCJK-Regular.ttc</glob><glob>*/NotoSansCJK-Bold.ttc</glob></acceptfont>
</selectfont>
<alias><family>sans-serif</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
<alias><family>monospace</family><prefer><family>Noto Sans Mono CJK SC</family></prefer></alias>
</fontconfig>
"#;

/// A running Chromium; it, all its processes and its folder go when the last of its pages and handles is dropped.
#[derive(Debug)]
pub struct Browser {
    pipe: Pipe,
    child: Child,
    folder: TempDir,
}

impl Browser {
    /// The Chromium of this test program, started when none of its tests has one.
    ///
    /// # Panics
    /// When it is not installed or does not start; with what it said.
    #[must_use]
    pub fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<Browser>> = Mutex::new(Weak::new());
        // A test that failed while it started one says so by itself; the next one tries again.
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let browser = Arc::new(Self::start());
            *shared = Arc::downgrade(&browser);
            browser
        })
    }

    fn start() -> Self {
        let folder = tempfile::tempdir().expect("there is room for temporary files");
        let fonts = folder.path().join("fonts.conf");
        std::fs::write(&fonts, FONTS).expect("a temporary folder can be written");
        let log = File::create(folder.path().join("log")).expect("a temporary folder can be written");
        let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
        let mut command = Command::new("sh");
        // It reads calls on its third channel and answers on its fourth.
        command.args(["-c", "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null", "sh", "chromium"]);
        command.args(FLAGS).args(["--remote-debugging-pipe", &profile, "about:blank"]);
        command.env("FONTCONFIG_FILE", &fonts).env("HOME", folder.path()).env_remove("CHROMIUM_FLAGS");
        for name in ["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"] {
            command.env_remove(name);
        }
        // A group of its own, so that none of its processes is left behind.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().unwrap_or_else(|why| panic!("can't start {command:?}: {why}"));
        let input = child.stdin.take().expect("it was piped");
        let output = child.stdout.take().expect("it was piped");
        let browser = Self { pipe: Pipe::new(input, output), child, folder };
        let version = browser.call(None, "Browser.getVersion", &json!({}));
        eprintln!("{}", version["product"].as_str().unwrap_or_default());
        browser
    }

    /// Opens a page of this size on a profile that nobody used before.
    ///
    /// # Panics
    /// When Chromium does not answer, or there is nothing at this address.
    #[must_use]
    pub fn open(self: &Arc<Self>, address: &str, size: Size) -> Page {
        let page = Page::new(self, size);
        page.go(address);
        page
    }

    /// As [`Browser::open`], with a script that runs before any of the page's own.
    ///
    /// # Panics
    /// As [`Browser::open`].
    #[must_use]
    pub fn open_with(self: &Arc<Self>, script: &str, address: &str, size: Size) -> Page {
        let page = Page::new(self, size);
        page.before_scripts(script);
        page.go(address);
        page
    }

    /// Calls a method of the protocol.
    fn call(&self, session: Option<&str>, method: &str, params: &Value) -> Value {
        let remedy = "pages are looked at in Debian's chromium: `cargo xtask test` installs it";
        let failed = |why| panic!("{why}\n{remedy}\n{}", self.log());
        self.pipe.call(session, method, params).unwrap_or_else(failed)
    }

    fn log(&self) -> String {
        read(&self.folder.path().join("log"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(group) = Pid::from_raw(self.child.id().cast_signed()) {
            // All of them may have ended already.
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.wait();
    }
}

fn read(path: &Path) -> String {
    std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}
