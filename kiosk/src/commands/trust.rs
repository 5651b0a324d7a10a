//! `kiosk trust`, `kiosk load` and `kiosk key`: what the gate believes, and by which key others write to it.

use std::path::Path;

use anyhow::Context as _;
use clap::Args;
use protocol::{BundleError, Opened};

use super::{Context, End, Root};
use crate::held::{Held, HeldError};
use crate::record::rfc3339;
use crate::root;
use crate::words::Tell;

#[derive(Debug, Args)]
pub(super) struct Trust {
    #[command(flatten)]
    root: Root,
    #[arg(long)]
    replace: bool,
}

impl Trust {
    pub(super) fn run(&self, context: &Context) -> anyhow::Result<End> {
        let key = match root::read(&self.root.root) {
            Ok(key) => key,
            Err(why) => return context.failed(&Tell::NotARoot, &why),
        };
        match Held::in_folder(&context.data).pin(&key, self.replace) {
            Err(HeldError::OtherRoot { pinned }) => context.first(&Tell::OtherRoot { pinned: &pinned }),
            pinned => {
                pinned?;
                let fingerprint = root::fingerprint(&key);
                context.tell(&Tell::Pinned { id: &key.id().to_string(), fingerprint: &fingerprint });
                println!("{} {fingerprint}", key.id());
                Ok(End::Fine)
            }
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Key {
    #[arg(long)]
    jwk: bool,
}

impl Key {
    pub(super) fn run(&self, context: &Context) -> anyhow::Result<End> {
        let key = Held::in_folder(&context.data).make_gate_key()?.receiver();
        context.tell(&Tell::GateKey { fingerprint: &key.fingerprint() });
        if self.jwk {
            println!("{}", serde_json::to_string(&key.jwk())?);
        } else {
            println!("{}", key.text());
        }
        Ok(End::Fine)
    }
}

pub(super) fn load(file: &Path, context: &Context) -> anyhow::Result<End> {
    let end = take(file, context)?;
    Ok(end.err().unwrap_or(End::Fine))
}

/// Loads a bundle and says so; or says why not.
pub(super) fn take(file: &Path, context: &Context) -> anyhow::Result<Result<Opened, End>> {
    let bytes = std::fs::read(file).with_context(|| file.display().to_string())?;
    match Held::in_folder(&context.data).load(&bytes) {
        Ok(opened) => {
            let issued = rfc3339(opened.issued());
            let compound = &opened.rules.rules.compound_name;
            context.tell(&Tell::Loaded { compound, issued: &issued });
            context.tell(&match opened.people.as_ref().map(|people| people.people()) {
                Some(people) => Tell::People { residents: people.residents.len(), staff: people.staff.len() },
                None => Tell::NoPeople,
            });
            Ok(Ok(opened))
        }
        Err(HeldError::Untrusted) => {
            context.tell(&Tell::NeedsRoot);
            Ok(Err(End::DoFirst))
        }
        Err(why @ HeldError::Struck) => Ok(Err(context.failed(&Tell::Struck, &why)?)),
        Err(HeldError::Bundle(why)) => {
            let older = matches!(why, BundleError::Older { .. });
            let what = if older { Tell::BundleOlder } else { Tell::BundleRefused };
            Ok(Err(context.failed(&what, &why)?))
        }
        Err(why) => Err(why.into()),
    }
}
