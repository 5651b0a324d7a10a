//! `rules`: a compound's rules shown, changed, said in plain sentences, and tried on a journal before they bite.

use std::path::Path;

use gate::{Events, Exempt, Exemption, Policy, Replay, Trial};
use jiff::tz::TimeZone;
use pass::Timestamp;
use protocol::{RulesFileError, policy_from_json, policy_to_json};
use store::{Action, Compound, Store};
use wording::trial::{COLUMNS, cells, line, parse_moment, summary};

use super::{Desk, Problem, tell};
use crate::cli::{self, Form};
use crate::rules::STARTER;
use crate::words::cli::Message;

pub(super) async fn run(desk: &Desk, task: &cli::Rules) -> Result<(), Problem> {
    match task {
        cli::Rules::Show { compound } => {
            let (_, compound) = find(desk, compound).await?;
            tell(policy_to_json(&current(desk, &compound)?).trim_end())
        }
        cli::Rules::Explain { compound } => {
            let (_, compound) = find(desk, compound).await?;
            for sentence in wording::explain(&current(desk, &compound)?, desk.language) {
                tell(&sentence)?;
            }
            Ok(())
        }
        cli::Rules::Set { compound, rules } => {
            let (store, compound) = find(desk, compound).await?;
            let policy = read(desk, rules)?;
            store.set_rules(compound.id, &policy_to_json(&policy)).await?;
            let act = desk.act();
            store.audit(&act, Action::Rules, &format!("rules of compound {}", compound.id.0)).await?;
            desk.say(Message::RulesSet { compound: &compound.name });
            Ok(())
        }
        cli::Rules::Try(options) => attempt(desk, options).await,
    }
}

async fn find(desk: &Desk, name: &str) -> Result<(Store, Compound), Problem> {
    let store = desk.store().await?;
    let compound = desk.compound(&store, name).await?;
    Ok((store, compound))
}

/// The rules a compound has, or those it starts with.
fn current(desk: &Desk, compound: &Compound) -> Result<Policy, Problem> {
    policy_from_json(compound.rules.as_deref().unwrap_or(STARTER)).map_err(|why| refused(desk, &why))
}

fn read(desk: &Desk, file: &Path) -> Result<Policy, Problem> {
    policy_from_json(&std::fs::read_to_string(file)?).map_err(|why| refused(desk, &why))
}

fn refused(desk: &Desk, why: &RulesFileError) -> Problem {
    desk.problem(Message::RulesRefused { why: &why.to_string() })
}

async fn attempt(desk: &Desk, options: &cli::Try) -> Result<(), Problem> {
    let policy = read(desk, &options.rules)?;
    // Checked with the rules.
    let zone = TimeZone::get(&policy.time_zone)?;
    let moment = |text: &Option<String>, otherwise| match text {
        None => Ok(Timestamp(otherwise)),
        Some(text) => parse_moment(text, &zone).ok_or_else(|| desk.problem(Message::NoTime { text })),
    };
    let stretch = (moment(&options.since, i64::MIN)?, moment(&options.until, i64::MAX)?);
    let exempt = match &options.compound {
        None => Exempt::nobody(),
        Some(name) => {
            let (store, compound) = find(desk, name).await?;
            by_holder(&store.exemptions(compound.id).await?)
        }
    };
    let bytes = std::fs::read(&options.journal)?;
    let replay = Replay::new(&policy, &zone, &exempt);
    let trial = Trial::of(Events::of(&bytes), stretch, replay)
        .map_err(|why| desk.problem(Message::JournalRefused { why: &why.to_string() }))?;
    write(desk, options, &trial, &zone)?;
    eprintln!("{}", summary(&trial, desk.language));
    Ok(())
}

fn by_holder(all: &[(u16, Exemption)]) -> Exempt {
    let mut holders = std::collections::BTreeMap::<u16, Vec<Exemption>>::new();
    for (holder, exemption) in all {
        holders.entry(*holder).or_default().push(*exemption);
    }
    Exempt::of(holders.iter().map(|(holder, exemptions)| (*holder, exemptions.as_slice())))
}

fn write(desk: &Desk, options: &cli::Try, trial: &Trial, zone: &TimeZone) -> Result<(), Problem> {
    match options.form {
        Form::Text => {
            for change in &trial.changes {
                tell(&line(change, zone, desk.language))?;
            }
        }
        Form::Json => {
            for change in &trial.changes {
                let object: serde_json::Map<String, serde_json::Value> =
                    COLUMNS.map(str::to_owned).into_iter().zip(cells(change).map(Into::into)).collect();
                tell(&serde_json::to_string(&object)?)?;
            }
        }
        Form::Csv => {
            let mut table = csv::Writer::from_writer(std::io::stdout().lock());
            table.write_record(COLUMNS)?;
            for change in &trial.changes {
                table.write_record(cells(change))?;
            }
            table.flush()?;
        }
    }
    Ok(())
}
