//! Progress on standard error, for whoever waits at a terminal; nothing where there is none.

use indicatif::{ProgressBar, ProgressStyle};

use crate::words::Language;
use crate::words::cli::Message;

/// A bar that counts to a total.
pub(super) struct Bar(ProgressBar);

/// A bar with these words before it.
pub(super) fn bar(message: Message<'_>, language: Language) -> Bar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    let style = style.expect("the template is one of indicatif's");
    Bar(ProgressBar::new(0).with_style(style).with_message(message.text(language)))
}

impl Bar {
    /// What is called with how many of how many are done.
    pub(super) fn counter(&self) -> impl FnMut(usize, usize) + Send + 'static {
        let bar = self.0.clone();
        move |done, total| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(self) {
        self.0.finish_and_clear();
    }
}
