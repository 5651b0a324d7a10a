//! `kiosk stick`: exchanges with the office by a stick that it has signed.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::{Context, End};
use crate::carried::{CannotVisit, visit};
use crate::held::Held;
use crate::time::{GateTime, Kept, MachineClock};
use crate::words::Tell;

#[derive(Debug, Args)]
pub(super) struct Stick {
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

impl Stick {
    pub(super) fn run(&self, context: &Context) -> anyhow::Result<End> {
        let held = Held::in_folder(&context.data);
        let mut time = GateTime::new(Arc::new(MachineClock), Kept::read(&context.data));
        match visit(&held, &self.folder, &mut time) {
            Ok(done) => {
                context.tell(&Tell::StickDone { taken: done.taken, left: done.left, others: done.others });
                if let Some(version) = done.program.and_then(|version| version.parse().ok()) {
                    context.tell(&Tell::ProgramTaken { version });
                }
                if let Some(why) = done.program_refused {
                    context.tell(&Tell::ProgramNotTaken);
                    eprintln!("  {why}");
                }
                Ok(End::Fine)
            }
            Err(CannotVisit::NotSigned) => context.first(&Tell::StickNotSigned),
            Err(CannotVisit::Careless) => context.first(&Tell::StickCareless),
            Err(CannotVisit::NotEnrolled) => context.first(&Tell::NotEnrolled),
            Err(CannotVisit::Held(why @ crate::held::HeldError::Struck)) => {
                context.failed(&Tell::Struck, &why)
            }
            Err(why) => Err(why.into()),
        }
    }
}
