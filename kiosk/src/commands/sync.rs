//! `kiosk sync`: exchanges with the office by network, now, and says what came of it.

use std::sync::Arc;

use super::{Context, End};
use crate::held::Held;
use crate::sync::{NotExchanged, exchange};
use crate::time::{GateTime, Kept, MachineClock};
use crate::words::Tell;

pub(super) fn run(context: &Context) -> anyhow::Result<End> {
    let time = GateTime::new(Arc::new(MachineClock), Kept::read(&context.data));
    match exchange(&Held::in_folder(&context.data), time) {
        Ok(done) => {
            let (taken, brought, others) = (done.taken, done.brought, done.others);
            context.tell(&Tell::Exchanged { taken, brought, others });
            Ok(End::Fine)
        }
        Err(NotExchanged::NotEnrolled) => context.first(&Tell::NotEnrolled),
        Err(why @ NotExchanged::Struck) => context.failed(&Tell::Struck, &why),
        Err(why @ NotExchanged::Here(_)) => Err(why.into()),
        Err(why) => context.failed(&Tell::OfficeNotReached, &why),
    }
}
