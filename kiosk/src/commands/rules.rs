//! `kiosk rules`: what the rules say in plain sentences, and what other rules would have changed.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use gate::{Policy, Replay, Trial};
use pass::Timestamp;
use protocol::policy_from_json;

use super::{Context, End};
use crate::held::{Grounds, Held};
use crate::journal;
use crate::judge::zone;
use crate::memory::Neighbours;
use crate::words::{self, Tell};

#[derive(Debug, Subcommand)]
pub(super) enum Rules {
    Explain { rules: Option<PathBuf> },
    Try(Try),
}

#[derive(Debug, Args)]
pub(super) struct Try {
    rules: PathBuf,
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
    Csv,
}

impl Rules {
    pub(super) fn run(self, context: &Context) -> anyhow::Result<End> {
        match self {
            Self::Explain { rules: Some(file) } => match read(&file) {
                Ok(policy) => explain(&policy, context),
                Err(why) => context.failed(&Tell::RulesRefused, why.as_ref()),
            },
            Self::Explain { rules: None } => match Held::in_folder(&context.data).grounds()? {
                Grounds::Ready { opened, .. } => explain(&opened.rules.rules.policy, context),
                _ => context.first(&Tell::NeedsBundle),
            },
            Self::Try(trial) => trial.run(context),
        }
    }
}

fn read(file: &Path) -> anyhow::Result<Policy> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    Ok(policy_from_json(&text)?)
}

fn explain(policy: &Policy, context: &Context) -> anyhow::Result<End> {
    for sentence in words::rules(policy, context.lang) {
        println!("{sentence}");
    }
    Ok(End::Fine)
}

impl Try {
    fn run(&self, context: &Context) -> anyhow::Result<End> {
        let policy = match read(&self.rules) {
            Ok(policy) => policy,
            Err(why) => return context.failed(&Tell::RulesRefused, why.as_ref()),
        };
        let zone = zone(&policy.time_zone);
        let moment = |text: &Option<String>, otherwise| match text {
            None => Ok(Timestamp(otherwise)),
            Some(text) => wording::trial::parse_moment(text, &zone).ok_or_else(|| text.clone()),
        };
        let stretch = match (moment(&self.since, i64::MIN), moment(&self.until, i64::MAX)) {
            (Ok(since), Ok(until)) => (since, until),
            (Err(text), _) | (_, Err(text)) => return context.first(&Tell::NoTime { text: &text }),
        };
        let held = Held::in_folder(&context.data);
        // Without a bundle nobody is known to be let off anything.
        let neighbours = match held.grounds()? {
            Grounds::Ready { opened, .. } => Neighbours::of(&opened),
            _ => Neighbours::default(),
        };
        let replay = Replay::new(&policy, &zone, neighbours.exempt());
        let trial = Trial::of(journal::read(&held.journal())?, stretch, replay)?;
        self.write(&trial, &zone, context, &mut BufWriter::new(io::stdout().lock()))?;
        eprintln!("{}", wording::trial::summary(&trial, context.lang));
        Ok(End::Fine)
    }

    fn write(
        &self,
        trial: &Trial,
        zone: &jiff::tz::TimeZone,
        context: &Context,
        output: &mut impl Write,
    ) -> anyhow::Result<()> {
        use wording::trial::{COLUMNS, cells, line};
        match self.format {
            Format::Text => {
                for change in &trial.changes {
                    writeln!(output, "{}", line(change, zone, context.lang))?;
                }
            }
            Format::Json => {
                for change in &trial.changes {
                    let object: serde_json::Map<String, serde_json::Value> =
                        COLUMNS.map(str::to_owned).into_iter().zip(cells(change).map(Into::into)).collect();
                    writeln!(output, "{}", serde_json::to_string(&object)?)?;
                }
            }
            Format::Csv => {
                let mut table = csv::Writer::from_writer(&mut *output);
                table.write_record(COLUMNS)?;
                for change in &trial.changes {
                    table.write_record(cells(change))?;
                }
                table.flush()?;
            }
        }
        Ok(output.flush()?)
    }
}
