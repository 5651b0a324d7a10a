//! What both programs tell those who watch them: log lines, and figures for Prometheus. Knows no figure of theirs but those of any
//! process, and no HTTP.

mod exposition;
mod logs;
mod process;

pub use exposition::{CONTENT_TYPE, Figures};
pub use logs::{Format, environment, start};
