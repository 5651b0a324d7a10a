//! A page in the browser: what is in it, what happens to it, what it looks like.
//!
//! Waits for conditions and never for times. A page that complained of anything (a script that failed, a thing that its own
//! policy refused) fails its test when it is dropped.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::RgbImage;
use serde_json::{Value, json};

use super::Browser;
use super::pipe::LONG;

/// The pause before a condition is looked at again.
const AGAIN: Duration = Duration::from_millis(20);

/// How large a screen is, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Across.
    pub width: u32,
    /// Down.
    pub height: u32,
}

impl Size {
    /// A monitor or a television.
    pub const MONITOR: Self = Self { width: 1920, height: 1080 };
    /// The Raspberry Pi's own panel.
    pub const PANEL: Self = Self { width: 800, height: 480 };
    /// A small phone.
    pub const PHONE: Self = Self { width: 360, height: 740 };
}

/// An open page.
pub struct Page {
    browser: Arc<Browser>,
    session: String,
    context: String,
    size: Size,
}

impl Page {
    pub(super) fn new(browser: &Arc<Browser>, size: Size) -> Self {
        let text = |value: &Value, name| value[name].as_str().expect("the protocol says so").to_owned();
        let made = browser.call(None, "Target.createBrowserContext", &json!({}));
        let context = text(&made, "browserContextId");
        let target = json!({ "url": "about:blank", "browserContextId": context });
        let made = browser.call(None, "Target.createTarget", &target);
        let attach = json!({ "targetId": text(&made, "targetId"), "flatten": true });
        let session = text(&browser.call(None, "Target.attachToTarget", &attach), "sessionId");
        let page = Self { browser: Arc::clone(browser), session, context, size };
        for domain in ["Page", "Runtime", "Log"] {
            page.call(&format!("{domain}.enable"), &json!({}));
        }
        let still = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        page.call("Emulation.setEmulatedMedia", &still);
        page.resize(size);
        page
    }

    /// Goes to this address and waits until its document is read.
    ///
    /// # Panics
    /// When there is none.
    pub fn go(&self, address: &str) {
        let went = self.call("Page.navigate", &json!({ "url": address }));
        assert_eq!(went["errorText"], Value::Null, "{address}");
        // Not until everything is loaded: the picture of a camera never is.
        self.wait_until("the document is read", "document.readyState !== 'loading'");
    }

    /// Runs a script before those of every document that is opened from now on.
    ///
    /// # Panics
    /// When Chromium does not answer.
    pub fn before_scripts(&self, script: &str) {
        self.call("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": script }));
    }

    /// Gives it another size.
    ///
    /// # Panics
    /// When Chromium does not answer.
    pub fn resize(&self, size: Size) {
        let Size { width, height } = size;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", &metrics);
    }

    /// Shows it as to somebody who sees no colours, or as it is.
    ///
    /// # Panics
    /// When Chromium does not answer.
    pub fn in_grey(&self, grey: bool) {
        let deficiency = if grey { "achromatopsia" } else { "none" };
        self.call("Emulation.setEmulatedVisionDeficiency", &json!({ "type": deficiency }));
    }

    /// What an expression comes to, as JSON; a promise is waited for.
    ///
    /// # Panics
    /// When it throws.
    #[must_use]
    pub fn ask(&self, expression: &str) -> Value {
        self.try_ask(expression).unwrap_or_else(|why| panic!("{expression}: {why}\n{}", self.browser.log()))
    }

    fn try_ask(&self, expression: &str) -> Result<Value, String> {
        let wish = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let mut answer = self.browser.pipe.call(Some(&self.session), "Runtime.evaluate", &wish)?;
        match &answer["exceptionDetails"] {
            Value::Null => Ok(answer["result"]["value"].take()),
            thrown => Err(thrown.to_string()),
        }
    }

    /// Waits until an expression comes to something that is true of the page, and returns it.
    ///
    /// # Panics
    /// When that takes longer than a minute; with what the page shows instead.
    pub fn wait_until(&self, what: &str, expression: &str) -> Value {
        let started = Instant::now();
        let wish = format!("(() => {{ const it = {expression}; return it ? it : null; }})()");
        loop {
            // Between two documents there is nothing to ask; and what is not there yet has no properties.
            let last = self.try_ask(&wish);
            match last {
                Ok(Value::Null) | Err(_) => {}
                Ok(value) => return value,
            }
            if started.elapsed() > LONG {
                let body = self.try_ask("document.body.outerHTML");
                panic!("not after {LONG:?}: {what}: {expression}: {last:?}\n{body:?}");
            }
            std::thread::sleep(AGAIN);
        }
    }

    /// Touches the middle of the first element that this selector finds.
    ///
    /// # Panics
    /// When there is none, or it is not to be seen.
    pub fn touch(&self, selector: &str) {
        let place = self.wait_until(
            &format!("{selector} is there to be touched"),
            &format!(
                "(() => {{ const it = document.querySelector({}); const box = it.getBoundingClientRect(); \
                 return box.width && {{ x: box.x + box.width / 2, y: box.y + box.height / 2 }}; }})()",
                json!(selector)
            ),
        );
        for kind in ["mousePressed", "mouseReleased"] {
            let event =
                json!({ "type": kind, "x": place["x"], "y": place["y"], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", &event);
        }
    }

    /// Presses a key of the keyboard, named as the DOM names it.
    ///
    /// # Panics
    /// When Chromium does not answer.
    pub fn press(&self, key: &str) {
        let mut digits = key.bytes().filter(|byte| byte.is_ascii_digit() && key.len() == 1);
        let (code, text) = match (key, digits.next()) {
            ("Enter", _) => (13, "\r"),
            ("Tab", _) => (9, ""),
            ("Escape", _) => (27, ""),
            (" ", _) => (32, " "),
            (_, Some(digit)) => (i64::from(digit), key),
            _ => (0, ""),
        };
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let event =
                json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text });
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// Types into what has the focus, as an input method would.
    ///
    /// # Panics
    /// When Chromium does not answer.
    pub fn type_text(&self, text: &str) {
        self.call("Input.insertText", &json!({ "text": text }));
    }

    /// What it looks like once that stays the same.
    ///
    /// # Panics
    /// When it never does.
    #[must_use]
    pub fn picture(&self) -> RgbImage {
        let started = Instant::now();
        let mut before = self.capture();
        loop {
            let now = self.capture();
            if now == before {
                let picture =
                    image::load_from_memory(&now).expect("Chromium makes pictures that can be read");
                return picture.into_rgb8();
            }
            assert!(started.elapsed() < LONG, "it never stays the same");
            before = now;
        }
    }

    /// What one element of it looks like, with nothing around it.
    ///
    /// # Panics
    /// As [`Page::picture`]; and when there is no such element.
    #[must_use]
    pub fn picture_of(&self, selector: &str) -> RgbImage {
        let place = self.ask(&format!(
            "(() => {{ const box = document.querySelector({}).getBoundingClientRect(); \
             return [box.x, box.y, box.width, box.height].map(Math.round); }})()",
            json!(selector)
        ));
        let [x, y, width, height]: [u32; 4] = serde_json::from_value(place).expect("it is to be seen");
        image::imageops::crop_imm(&self.picture(), x, y, width, height).to_image()
    }

    fn capture(&self) -> Vec<u8> {
        let wish = json!({ "format": "png", "optimizeForSpeed": true });
        let made = self.call("Page.captureScreenshot", &wish);
        STANDARD.decode(made["data"].as_str().expect("the protocol says so")).expect("base64")
    }

    /// How large it was opened.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    fn call(&self, method: &str, params: &Value) -> Value {
        self.browser.call(Some(&self.session), method, params)
    }
}

impl Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page").field("session", &self.session).finish_non_exhaustive()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let complaints = self.browser.pipe.complaints(&self.session);
        // Closes the page with it. A browser that has ended has no page.
        let context = json!({ "browserContextId": self.context });
        let _ = self.browser.pipe.call(None, "Target.disposeBrowserContext", &context);
        if !std::thread::panicking() {
            assert!(complaints.is_empty(), "the page complained: {complaints:#?}");
        }
    }
}
