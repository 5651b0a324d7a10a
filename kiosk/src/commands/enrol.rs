//! `kiosk enrol`: becoming a gate of an office by an invitation, typed or in a file.

use clap::Args;
use protocol::{EnrolCode, EnrolTextError, Invitation};

use super::{Context, End};
use crate::held::Held;
use crate::sync;
use crate::words::{self, Tell};

/// No file with an invitation is longer.
const MAX_BYTES: u64 = 4096;

#[derive(Debug, Args)]
pub(super) struct Enrol {
    #[arg(value_name = "INVITATION|FILE", required_unless_present = "code", conflicts_with = "code")]
    invitation: Option<String>,
    #[arg(long, value_name = "URL", requires = "code")]
    office: Option<String>,
    #[arg(long, value_name = "CODE", requires = "office")]
    code: Option<String>,
    #[arg(long)]
    replace: bool,
}

impl Enrol {
    pub(super) fn run(&self, context: &Context) -> anyhow::Result<End> {
        let invitation = match self.invitation() {
            Ok(invitation) => invitation,
            Err(EnrolTextError::Mistyped) => return context.first(&Tell::Mistyped),
            Err(_) => return context.first(&Tell::NoInvitation),
        };
        match sync::enrol(&Held::in_folder(&context.data), &invitation, self.replace) {
            Ok(enrolled) => {
                context.tell(&Tell::Enrolled { gate: &enrolled.gate });
                Ok(End::Fine)
            }
            Err(why) => {
                eprintln!("{}", words::enrol_problem(&why, context.lang));
                Ok(End::Failed)
            }
        }
    }

    fn invitation(&self) -> Result<Invitation, EnrolTextError> {
        if let (Some(address), Some(code)) = (&self.office, &self.code) {
            let code: EnrolCode = code.parse()?;
            return Invitation { code, address: address.clone() }.text().parse();
        }
        let given = self.invitation.clone().unwrap_or_default();
        let is_file =
            std::fs::metadata(&given).is_ok_and(|about| about.is_file() && about.len() <= MAX_BYTES);
        let text = if is_file { std::fs::read_to_string(&given).unwrap_or_default() } else { given };
        text.parse()
    }
}
