//! `passes`: every pass that was signed, a line for each.

use serde::Serialize;
use store::{PassOnFile, Passes};

use super::{Desk, Problem, tell};
use crate::cli;

/// A line of `passes --json`.
#[derive(Serialize)]
struct Line<'a> {
    serial: String,
    kind: &'static str,
    colour: &'static str,
    name: &'a str,
    home: String,
    short_code: String,
    text: &'a str,
}

pub(super) async fn run(desk: &Desk, options: &cli::Passes) -> Result<(), Problem> {
    let store = desk.store().await?;
    let mut pages = store.passes(Passes::All);
    while let Some(page) = pages.next().await? {
        for pass in &page {
            tell(&if options.json { json(pass)? } else { plain(pass) })?;
        }
    }
    Ok(())
}

fn json(pass: &PassOnFile) -> Result<String, Problem> {
    let line = Line {
        serial: pass.serial.to_string(),
        kind: pass.kind.code(),
        colour: pass.colour.code(),
        name: pass.name.as_str(),
        home: [&pass.address.building, &pass.address.unit, &pass.address.room].map(String::as_str).join("-"),
        short_code: pass.serial.short_code(),
        text: &pass.text,
    };
    Ok(serde_json::to_string(&line)?)
}

fn plain(pass: &PassOnFile) -> String {
    let (kind, colour) = (pass.kind.code(), pass.colour.code());
    format!("{}\t{kind}\t{colour}\t{}\t{}", pass.serial.short_code(), pass.compound_name, pass.name)
}
