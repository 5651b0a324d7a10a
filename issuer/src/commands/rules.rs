//! `rules`: a compound's rules shown, changed, said in plain sentences, and tried on a journal before they bite.

use std::path::Path;

use gate::{Events, Exempt, Policy, Replay, Trial};
use jiff::tz::TimeZone;
use pass::Timestamp;
use protocol::{RulesFileError, policy_from_json, policy_to_json};
use store::{Act, Compound, Store};
use wording::trial::{COLUMNS, cells, line, parse_moment, summary};

use super::{Desk, Problem, local, tell};
use crate::cli::{self, Form};
use crate::rules::zone_of;
use crate::rules::{Difference, STARTER, exempt};
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
        cli::Rules::Set { compound, rules, said } => {
            let (store, compound) = find(desk, compound).await?;
            let policy = read(desk, rules)?;
            set(desk, &store, &compound, &policy_to_json(&policy), said).await
        }
        cli::Rules::History { compound } => {
            let (store, compound) = find(desk, compound).await?;
            history(desk, &store, &compound).await
        }
        cli::Rules::Back { compound, number, said } => {
            let (store, compound) = find(desk, compound).await?;
            let kept = store.rule_versions(compound.id).await?;
            let Some(earlier) = kept.iter().find(|kept| kept.version == *number) else {
                let absent = Message::NoRulesVersion { compound: &compound.name, version: *number };
                return Err(desk.problem(absent));
            };
            // Rules of long ago may be none that this program can sign.
            policy_from_json(&earlier.rules).map_err(|why| refused(desk, &why))?;
            set(desk, &store, &compound, &earlier.rules, said).await
        }
        cli::Rules::Try(options) => attempt(desk, options).await,
    }
}

async fn set(
    desk: &Desk,
    store: &Store,
    compound: &Compound,
    rules: &str,
    said: &cli::Said,
) -> Result<(), Problem> {
    let act = desk.act();
    let by = said.by.as_deref().filter(|by| !by.trim().is_empty()).unwrap_or(act.by);
    let why = registry::tidy(&said.why);
    desk.say(match store.set_rules(compound.id, rules, &why, &Act { by, ..act }).await? {
        Some(_) => Message::RulesSet { compound: &compound.name },
        None => Message::RulesSame { compound: &compound.name },
    });
    Ok(())
}

/// Every version, the newest first, with the sentences that it took away and those that it brought.
async fn history(desk: &Desk, store: &Store, compound: &Compound) -> Result<(), Problem> {
    let kept = store.rule_versions(compound.id).await?;
    if kept.is_empty() {
        desk.say(Message::RulesUndecided { compound: &compound.name });
        return Ok(());
    }
    let zone = zone_of(compound)?;
    for (at, version) in kept.iter().enumerate() {
        let since = version.at.map_or_else(String::new, |at| local(at, &zone));
        let head = Message::RulesVersion {
            version: version.version,
            at: &since,
            who: &version.who,
            why: &version.why,
        };
        tell(&head.text(desk.language))?;
        let Some(before) = kept.get(at + 1) else { continue };
        let difference = Difference::between(&before.rules, &version.rules, desk.language);
        for gone in &difference.gone {
            tell(&format!("  - {gone}"))?;
        }
        for new in &difference.new {
            tell(&format!("  + {new}"))?;
        }
    }
    Ok(())
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
            exempt(&store.exemptions(compound.id).await?)
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
