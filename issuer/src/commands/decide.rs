//! `pass` and `colour`: what is decided at the counter about one card, found by its short code, or about one holder.

use pass::{Colour, Serial, SerialError, Timestamp};
use registry::{HealthCheck, Lifetime};
use store::{Act, CardChange, ColourChange, SignOff, Store};

use super::who::one;
use super::{AT_THE_COMMAND_LINE, Desk, Problem, demand_covered, local, tell};
use crate::cli::{ColourName, ColourTask, HealthTask, PassTask, Why};
use crate::rules::zone_of;
use crate::words::decide::{self, Told};
use crate::words::people;

/// No reason is longer, in bytes.
const LONGEST_REASON: usize = 300;
/// Passes must hold for at least this long, or signing them is no use.
const DAY: i64 = 86_400;

pub(super) async fn pass(desk: &Desk, task: &PassTask) -> Result<(), Problem> {
    let (change, code, why) = match task {
        PassTask::Show { code } => return show(desk, code).await,
        PassTask::Replace { code, why, lifetime } => return replace(desk, code, why, *lifetime).await,
        PassTask::Withdraw { code, why } => (CardChange::Withdrawn, code, why),
        PassTask::Suspend { code, why } => (CardChange::Suspended, code, why),
        PassTask::Reinstate { code, why } => (CardChange::Reinstated, code, why),
    };
    let serial = serial(desk, code)?;
    let (act, reason) = act(desk, why)?;
    let store = desk.store().await?;
    store.set_card(serial, change, &reason, &act).await?;
    let name = store.pass(serial).await?.name;
    say(desk, &Told::Card { code: &serial.short_code(), name: name.as_str(), change });
    Ok(())
}

pub(super) async fn colour(desk: &Desk, task: &ColourTask) -> Result<(), Problem> {
    let (act, reason) = act(desk, &task.why)?;
    let store = desk.store().await?;
    let compound = desk.compound(&store, &task.compound).await?;
    // Whoever reads a code from a card and misreads it must not be told that there is nobody.
    if let Err(SerialError::Check) = task.who.parse::<Serial>() {
        return Err(misread(desk, &task.who));
    }
    let found = one(desk, &store, &compound, &task.who).await?;
    let colour = match task.colour {
        ColourName::Red => Colour::Red,
        ColourName::Yellow => Colour::Yellow,
        ColourName::Green => Colour::Green,
    };
    let sign_off = match (task.signed_off, task.mistaken) {
        (true, _) => SignOff::Checked,
        (_, true) => SignOff::Mistaken,
        _ => SignOff::None,
    };
    let change = ColourChange { colour, why: &reason, sign_off };
    let changed = store.set_colour(compound.id, found.holder, &change, &act).await?;
    say(desk, &Told::Colour { name: found.name.as_str(), from: found.colour, to: colour, changed });
    Ok(())
}

pub(super) async fn health(desk: &Desk, task: &HealthTask) -> Result<(), Problem> {
    let by = task.by.as_deref().filter(|by| !by.trim().is_empty()).unwrap_or(AT_THE_COMMAND_LINE);
    let act = Act { by, at: desk.now() };
    let temperature = HealthCheck::temperature_typed(&task.temperature)
        .ok_or_else(|| Problem::Told(people::texts(desk.language).bad_temperature.to_owned()))?;
    let store = desk.store().await?;
    let compound = desk.compound(&store, &task.compound).await?;
    let found = one(desk, &store, &compound, &task.who).await?;
    let check = HealthCheck { at: act.at, temperature, symptoms: task.symptoms };
    store.check_health(compound.id, found.holder, &check, &act).await?;
    eprintln!("{}", people::checked(found.name.as_str(), &check, desk.language));
    Ok(())
}

async fn show(desk: &Desk, code: &str) -> Result<(), Problem> {
    let serial = serial(desk, code)?;
    let store = desk.store().await?;
    let pass = store.pass(serial).await?;
    let compound = desk.compound(&store, &pass.compound_name).await?;
    let zone = zone_of(&compound)?;
    let moment = |at: Timestamp| local(at, &zone);
    for line in decide::card(&pass, desk.now(), &moment, desk.language) {
        tell(&line)?;
    }
    for decision in store.decisions(pass.compound, pass.holder).await? {
        tell(&decide::decision(&decision, &moment, desk.language))?;
    }
    Ok(())
}

async fn replace(desk: &Desk, code: &str, why: &Why, days: Option<u32>) -> Result<(), Problem> {
    let old = serial(desk, code)?;
    let (act, reason) = act(desk, why)?;
    let store = desk.store().await?;
    let (key, trusted) = desk.signer()?;
    store.bind_office(trusted.office).await?;
    demand_covered(&trusted, &[compound_of(&store, old).await?])?;
    if act.at.plus(DAY) > trusted.until {
        return Err(Problem::KeyEnds);
    }
    let usual = store.office_settings().await?.lifetime;
    let lifetime = Lifetime { days: days.unwrap_or(usual.days), ..usual };
    let mut sign = |mut pass: pass::Pass| {
        // What a key signs may not outlive it.
        pass.expires = pass.expires.min(trusted.until);
        pass::sign(pass, &key)
    };
    let new = store.replace(old, &lifetime, &reason, &act, &mut sign).await?;
    let new = store.pass(new).await?;
    let (old, code) = (old.short_code(), new.serial.short_code());
    tell(&code)?;
    say(desk, &Told::Replaced { old: &old, new: &code, name: new.name.as_str() });
    Ok(())
}

async fn compound_of(store: &Store, serial: Serial) -> Result<store::Compound, Problem> {
    let pass = store.pass(serial).await?;
    Ok(store.compound_by_name(&pass.compound_name).await?)
}

/// A short code as somebody typed it.
pub(super) fn serial(desk: &Desk, code: &str) -> Result<Serial, Problem> {
    registry::tidy(code).parse().map_err(|why| match why {
        SerialError::Check => misread(desk, code),
        _ => Problem::Told(Told::NoCode { code }.text(desk.language)),
    })
}

fn misread(desk: &Desk, code: &str) -> Problem {
    Problem::Told(Told::Misread { code }.text(desk.language))
}

/// Who decides and why; a decision without a reason is none.
pub(super) fn act<'a>(desk: &Desk, why: &'a Why) -> Result<(Act<'a>, String), Problem> {
    let reason = registry::tidy(&why.why);
    if reason.is_empty() || reason.len() > LONGEST_REASON {
        return Err(Problem::Told(Told::NoReason.text(desk.language)));
    }
    let by = why.by.as_deref().filter(|by| !by.trim().is_empty()).unwrap_or(AT_THE_COMMAND_LINE);
    Ok((Act { by, at: desk.now() }, reason))
}

fn say(desk: &Desk, told: &Told<'_>) {
    eprintln!("{}", told.text(desk.language));
}
