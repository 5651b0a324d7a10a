//! `kiosk log`: reading, checking and exporting the journal, also while a gate is writing it.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use gate::Event;
use indicatif::ProgressBar;

use super::{Context, End};
use crate::held::Held;
use crate::journal;
use crate::record::{Record, rfc3339};
use crate::root;
use crate::words::Tell;

#[derive(Debug, Subcommand)]
pub(super) enum Log {
    List {
        #[command(flatten)]
        form: Form,
        #[arg(long, value_name = "N")]
        last: Option<usize>,
    },
    Verify,
    Export {
        #[command(flatten)]
        form: Form,
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    SetAside,
}

#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Form {
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Json,
    Csv,
    Cbor,
}

impl Log {
    pub(super) fn run(self, context: &Context) -> anyhow::Result<End> {
        let folder = Held::in_folder(&context.data).journal();
        match self {
            Self::List { form, last } => {
                let events = journal::read(&folder)?;
                let skip = last
                    .map_or(0, |last| journal::read(&folder).map_or(0, Iterator::count).saturating_sub(last));
                write(events, skip, form.format, &mut io::stdout().lock())?;
                Ok(End::Fine)
            }
            Self::Export { form, out: None } => {
                write(journal::read(&folder)?, 0, form.format, &mut BufWriter::new(io::stdout().lock()))?;
                Ok(End::Fine)
            }
            Self::Export { form, out: Some(path) } => {
                let mut file = BufWriter::new(File::create(path)?);
                let last = write(journal::read(&folder)?, 0, form.format, &mut file)?;
                file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
                if let (Format::Cbor, Some((journal, sequence))) = (form.format, last) {
                    Held::in_folder(&context.data).mark_delivered(journal, sequence)?;
                }
                Ok(End::Fine)
            }
            Self::Verify => verify(&folder, context),
            Self::SetAside => {
                let path = journal::set_aside(&folder)?;
                context.tell(&Tell::SetAside { path: &path.display().to_string() });
                Ok(End::Fine)
            }
        }
    }
}

/// Writes events. Returns the last of those whose own bytes were written: its journal and its sequence.
fn write(
    mut events: journal::Events,
    skip: usize,
    format: Format,
    output: &mut impl Write,
) -> anyhow::Result<Option<([u8; 16], u64)>> {
    let progress = ProgressBar::new_spinner();
    let mut last = None;
    for _ in 0..skip {
        let _ = events.next_bytes();
    }
    let records = |events: journal::Events| {
        events.map(|event| event.map(|event| Record::of(&event))).inspect(|_| progress.inc(1))
    };
    match format {
        Format::Cbor => {
            while let Some(bytes) = events.next_bytes() {
                let bytes = bytes?;
                output.write_all(&bytes)?;
                let event = Event::from_bytes(&bytes)?;
                last = Some((event.journal, event.sequence));
                progress.inc(1);
            }
        }
        Format::Json => {
            for record in records(events) {
                writeln!(output, "{}", serde_json::to_string(&record?)?)?;
            }
        }
        Format::Csv => {
            let mut table = csv::Writer::from_writer(&mut *output);
            table.write_record(Record::COLUMNS)?;
            for record in records(events) {
                table.write_record(record?.cells())?;
            }
            table.flush()?;
        }
    }
    output.flush()?;
    progress.finish_and_clear();
    Ok(last)
}

fn verify(folder: &std::path::Path, context: &Context) -> anyhow::Result<End> {
    if !folder.exists() {
        context.tell(&Tell::Sound { events: 0, segments: 0 });
        return Ok(End::Fine);
    }
    let found = journal::verify(folder)?;
    let damage: Vec<String> =
        found.damage.iter().map(|(path, what)| format!("{}: {what}", path.display())).collect();
    let sound = found.is_sound();
    println!(
        "{}",
        serde_json::json!({
            "sound": sound,
            "segments": found.segments,
            "events": found.events,
            "last": found.last,
            "torn_bytes": found.torn,
            "purged": found.checkpoint.as_ref().map(|checkpoint| serde_json::json!({
                "last": checkpoint.sequence,
                "at": rfc3339(checkpoint.at),
                "before": rfc3339(checkpoint.before),
            })),
            "key": found.key.map(|key| root::fingerprint(&key)),
            "store": format!("{:?}", found.store),
            "damage": damage,
        })
    );
    if sound {
        context.tell(&Tell::Sound { events: found.events, segments: found.segments });
        return Ok(End::Fine);
    }
    context.tell(&Tell::Damaged);
    Ok(End::Failed)
}
