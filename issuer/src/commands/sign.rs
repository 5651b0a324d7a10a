//! `sign`: a pass for every person and vehicle that needs one.

use registry::Lifetime;

use super::progress::bar;
use super::{Desk, Problem, demand_covered};
use crate::cli::Sign;
use crate::words::cli::Message;

/// Passes must hold for at least this long, or signing them is no use.
const DAY: i64 = 86_400;

pub(super) async fn run(desk: &Desk, options: &Sign) -> Result<(), Problem> {
    let store = desk.store().await?;
    let (key, trusted) = desk.signer()?;
    store.bind_office(trusted.office).await?;
    demand_covered(&trusted, &store.compounds().await?)?;
    let act = desk.act();
    if act.at.plus(DAY) > trusted.until {
        return Err(Problem::KeyEnds);
    }
    let lifetime = Lifetime { days: options.lifetime, renewed_in_last_days: options.renew };
    let bar = bar(Message::Signing, desk.language);
    let mut sign = |mut pass: pass::Pass| {
        // What a key signs may not outlive it.
        pass.expires = pass.expires.min(trusted.until);
        pass::sign(pass, &key)
    };
    let issued = store.issue(&lifetime, &act, &mut sign, &mut bar.counter()).await?;
    bar.finish();
    desk.say(Message::Signed { count: issued.signed });
    Ok(())
}
