//! Log lines on standard error, as text for people or as JSON for programs.

use std::fmt::{self, Display};
use std::io::IsTerminal;
use std::str::FromStr;
use std::sync::OnceLock;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt as lines;

/// What a log line looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// An object a line, with `timestamp`, `level`, `target`, `fields`, and the `span` it belongs to.
    Json,
}

impl Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(UnknownFormat),
        }
    }
}

/// Not one of the formats; shows those that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownFormat;

impl Display for UnknownFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("text, json")
    }
}

impl std::error::Error for UnknownFormat {}

static STARTED: OnceLock<(Format, String)> = OnceLock::new();

/// The environment by which another process of this program writes the same log lines.
#[must_use]
pub fn environment() -> Vec<(&'static str, String)> {
    let started = STARTED.get().into_iter();
    started
        .flat_map(|(format, filter)| [("SANSE_LOG", format.to_string()), ("RUST_LOG", filter.clone())])
        .collect()
}

/// Writes log lines from now on. `filter` says of which level, and where: `warn`, `issuer=info,warn`; what it does not understand is left
/// out. `timed`: lines of text begin with the time, which a service manager would write beside it a second time.
///
/// # Panics
/// When it was done before.
pub fn start(format: Format, filter: Option<&str>, timed: bool) {
    let filter = filter.filter(|it| !it.is_empty()).unwrap_or("warn");
    let _ = STARTED.set((format, filter.to_owned()));
    let filter = EnvFilter::builder().parse_lossy(filter);
    let colours = std::io::stderr().is_terminal();
    let lines = lines().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    match format {
        Format::Json => lines.json().with_current_span(true).with_span_list(false).init(),
        Format::Text if timed => lines.init(),
        Format::Text => lines.without_time().init(),
    }
}
