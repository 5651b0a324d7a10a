//! `account`: who works in the office, above all the first administrator. A password is made and told once.

use registry::{Role, Scope};
use store::NewAccount;

use super::{Desk, Problem, tell};
use crate::accounts::Password;
use crate::cli::{AccountTask, OfficeRole};
use crate::web::is_name;
use crate::words::cli::Message;
use crate::words::office as words;

pub(super) async fn run(desk: &Desk, task: &AccountTask) -> Result<(), Problem> {
    let store = desk.store().await?;
    match task {
        AccountTask::Add { name, role, compound } => {
            let name = registry::tidy(name);
            if !is_name(&name) {
                return Err(Problem::Told(words::texts(desk.language).bad_name.to_owned()));
            }
            let mut compounds = Vec::with_capacity(compound.len());
            for name in compound {
                compounds.push(desk.compound(&store, name).await?.id);
            }
            compounds.sort_unstable_by_key(|compound| compound.0);
            compounds.dedup();
            let scope = if compounds.is_empty() { Scope::Everywhere } else { Scope::Compounds(compounds) };
            let (role, password) = (role_of(*role), Password::generate());
            let new = NewAccount {
                name: &name,
                role,
                scope: &scope,
                password: &password.hash(),
                provisional: true,
            };
            store.add_account(&new, &desk.act()).await?;
            tell(&format!("{name}\t{}\t{}", role.code(), password.reveal()))?;
            desk.say(Message::PasswordOnce);
        }
        AccountTask::Password { name } => {
            let password = Password::generate();
            store.set_password(&registry::tidy(name), &password.hash(), true, &desk.act()).await?;
            tell(password.reveal())?;
            desk.say(Message::PasswordOnce);
        }
        AccountTask::NoSecond { name } => {
            store.set_second(&registry::tidy(name), None, &[], &desk.act()).await?;
        }
        AccountTask::Close { name } => store.close_account(&registry::tidy(name), true, &desk.act()).await?,
        AccountTask::List => {
            for account in store.accounts().await? {
                let closed = if account.closed.is_some() { "\tclosed" } else { "" };
                tell(&format!("{}\t{}{closed}", account.name, account.role.code()))?;
            }
        }
    }
    Ok(())
}

fn role_of(role: OfficeRole) -> Role {
    match role {
        OfficeRole::Administrator => Role::Administrator,
        OfficeRole::CommunityWorker => Role::CommunityWorker,
        OfficeRole::HealthWorker => Role::HealthWorker,
        OfficeRole::PropertyManager => Role::PropertyManager,
    }
}
