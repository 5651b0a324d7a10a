//! `sign`: a pass for every person and vehicle that needs one.

use registry::Lifetime;

use super::progress::bar;
use super::{Desk, Problem};
use crate::cards::Signing;
use crate::cli::Sign;
use crate::words::cli::Message;

pub(super) async fn run(desk: &Desk, options: &Sign) -> Result<(), Problem> {
    let store = desk.store().await?;
    let (key, trusted) = desk.signer()?;
    store.bind_office(trusted.office).await?;
    let signing = Signing { key, trusted };
    let act = desk.act();
    signing.demand(&store.compounds().await?, act.at)?;
    let usual = store.office_settings().await?.lifetime;
    let lifetime = Lifetime {
        days: options.lifetime.unwrap_or(usual.days),
        renewed_in_last_days: options.renew.unwrap_or(usual.renewed_in_last_days),
    };
    let bar = bar(Message::Signing, desk.language);
    let mut sign = |pass| signing.sign(pass);
    let issued = store.issue(&lifetime, &act, &mut sign, &mut bar.counter()).await?;
    bar.finish();
    desk.say(Message::Signed { count: issued.signed });
    Ok(())
}
