//! `kiosk update`: takes a newer program from a file, or says how programs stand.

use std::fs::File;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::{Context, End};
use crate::held::Held;
use crate::program::{CannotTake, Programs};
use crate::words::Tell;

#[derive(Debug, Args)]
pub(super) struct Update {
    #[arg(value_name = "FILE")]
    update: Option<PathBuf>,
}

impl Update {
    pub(super) fn run(&self, context: &Context) -> anyhow::Result<End> {
        let programs = Programs::of(&Held::in_folder(&context.data));
        let Some(path) = &self.update else { return show(&programs, context) };
        let mut file = File::open(path).with_context(|| path.display().to_string())?;
        match programs.take(&mut file) {
            Ok(version) => {
                context.tell(&Tell::ProgramTaken { version });
                Ok(End::Fine)
            }
            Err(CannotTake::Untrusted) => context.first(&Tell::NeedsRoot),
            Err(why) => context.failed(&Tell::ProgramNotTaken, &why),
        }
    }
}

/// A line for the version that runs, and one for each that waits or has failed.
fn show(programs: &Programs, context: &Context) -> anyhow::Result<End> {
    let (runs, standing) = (programs.runs(), programs.standing());
    println!("{runs}\truns");
    if let Some(version) = standing.waits {
        println!("{version}\twaits");
        context.tell(&Tell::ProgramWaits { version });
    }
    if let Some(version) = standing.failed {
        println!("{version}\tfailed");
        context.tell(&Tell::ProgramFailed { version, runs });
    }
    Ok(End::Fine)
}
