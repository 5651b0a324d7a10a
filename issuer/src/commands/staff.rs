//! `staff`: who works at the gates. A PIN is told once, and kept as a hash alone.

use std::io::IsTerminal;

use gate::Role;
use protocol::{Pin, PinHash};
use store::StaffMember;
use zeroize::Zeroizing;

use super::{Desk, Problem, tell};
use crate::cli::{RoleName, StaffTask};
use crate::words::cli::Message;

pub(super) async fn run(desk: &Desk, task: &StaffTask) -> Result<(), Problem> {
    let store = desk.store().await?;
    match task {
        StaffTask::Add { name, compound, role, make_pin } => {
            let name = desk.name(name)?;
            let compound = desk.compound(&store, compound).await?;
            let role = match role {
                RoleName::Guard => Role::Guard,
                RoleName::Supervisor => Role::Supervisor,
            };
            let asked = if *make_pin { None } else { ask(desk)? };
            let pin = asked.unwrap_or_else(Pin::generate);
            let member = StaffMember { name, role, pin: PinHash::of(&pin).as_str().to_owned() };
            let added = store.add_staff(compound.id, &member, &desk.act()).await;
            added?;
            tell(&format!("{}\t{}\t{}", member.name, role.code(), pin.reveal()))?;
            desk.say(Message::PinOnce);
        }
        StaffTask::List { compound } => {
            let compound = desk.compound(&store, compound).await?;
            for member in store.staff(compound.id).await? {
                tell(&format!("{}\t{}", member.name, member.role.code()))?;
            }
        }
        StaffTask::Remove { name, compound } => {
            let name = registry::tidy(name);
            let compound = desk.compound(&store, compound).await?;
            let removed = store.remove_staff(compound.id, &name, &desk.act()).await;
            removed?;
            desk.say(Message::Removed { name: &name });
        }
    }
    Ok(())
}

/// A PIN typed twice; none when there is nobody to ask, or they want one made.
fn ask(desk: &Desk) -> Result<Option<Pin>, Problem> {
    if !std::io::stdin().is_terminal() {
        return Ok(None);
    }
    let ask =
        |message: Message<'_>| rpassword::prompt_password(message.text(desk.language)).map(Zeroizing::new);
    loop {
        let first = ask(Message::AskPin)?;
        if first.is_empty() {
            return Ok(None);
        }
        match Pin::chosen(&first) {
            Err(_) => desk.say(Message::NoPin),
            Ok(pin) if *first == *ask(Message::AskPinAgain)? => return Ok(Some(pin)),
            Ok(_) => desk.say(Message::PinsDiffer),
        }
    }
}
