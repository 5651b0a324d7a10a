//! The counter of an office: its pages at work, and somebody who signs in there as everybody does.

use std::sync::Arc;

use crate::at_work::AtWork;
use crate::browser::{Browser, Page, Size};
use crate::office::Office;
use crate::programs::{lines, run};

/// What everybody here chooses for a password.
const PASSWORD: &str = "a lake at seven";

/// An office whose pages are served.
#[derive(Debug)]
pub struct Counter {
    /// Its pages.
    pub pages: AtWork,
}

impl Counter {
    /// Serves the pages of this office.
    ///
    /// # Panics
    /// When the issuer fails.
    #[must_use]
    pub fn of(office: &Office) -> Self {
        Self { pages: AtWork::start(office.issuer(&["serve", "--listen", "127.0.0.1:0"])) }
    }

    /// Gives somebody an account, and signs them in: by the password that was made for them, then by one of their own, which
    /// they are asked for. Leaves the page where they are led.
    ///
    /// # Panics
    /// When the issuer fails, or leads somewhere else.
    #[must_use]
    pub fn sign_in(
        &self,
        office: &Office,
        browser: &Arc<Browser>,
        size: Size,
        (name, role): (&str, &str),
    ) -> Page {
        let told = run(&mut office.issuer(&["account", "add", name, "--role", role]));
        let told = lines(&told);
        let made = told[0].rsplit('\t').next().expect("a line has a last field");
        // Large enough that everything can be touched without scrolling.
        let page = browser.open(&self.pages.page("/"), Size::MONITOR);
        self.enter(&page, name, made);
        wait_for(&page, "a password of one's own is asked for", "[name=again]");
        for (field, text) in [("now", made), ("new", PASSWORD), ("again", PASSWORD)] {
            fill(&page, field, text);
        }
        page.touch("form[action='/account/password'] button");
        // Whoever was signed in by the old password is so no more.
        self.enter(&page, name, PASSWORD);
        wait_for(&page, "somebody is signed in", "form[action='/sign-out']");
        page.resize(size);
        page
    }

    fn enter(&self, page: &Page, name: &str, password: &str) {
        wait_for(page, "the sign-in page is there", "[name=password]");
        // A page that failed may have left the name there.
        let _ = page.ask("document.querySelector('[name=name]').value = ''");
        fill(page, "name", name);
        fill(page, "password", password);
        page.touch("form[action='/sign-in'] button");
    }
}

/// Waits until a page is there, in its final shape, that has such an element.
pub fn wait_for(page: &Page, what: &str, selector: &str) {
    page.wait_until(
        what,
        &format!("document.readyState === 'complete' && document.querySelector(\"{selector}\")"),
    );
}

/// Types into a field of this name.
pub fn fill(page: &Page, field: &str, text: &str) {
    page.touch(&format!("[name={field}]"));
    page.type_text(text);
}
