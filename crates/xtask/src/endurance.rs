//! `cargo xtask endurance`: the tests that take longer than the test suite may, every one at its full length, and a table of what
//! they found. Any of its parts can be run alone.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::packages;
use crate::programs::{cargo, run};

/// The variable by which a test is told to run at full length.
const VARIABLE: &str = "SANSE_ENDURANCE";
/// By this a test tells what it has measured: `measured: what | result`.
const MEASURED: &str = "measured: ";

/// What can be asked for by name.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Part {
    /// A thousand kills of the gate at random moments.
    Kills,
    /// Six days at twenty people a minute, on a clock that is moved by hand.
    Days,
    /// A journal of a million events: how soon a gate starts with it, in how much memory, and whether it forgets.
    Events,
    /// A hundred power cuts of a virtual machine.
    Cuts,
    /// Ten of them while staff are at work.
    Staff,
}

impl Part {
    const ALL: [Self; 5] = [Self::Kills, Self::Days, Self::Events, Self::Cuts, Self::Staff];

    /// What it is about, its package, its file, and its name. Those of `kiosk` say how fast and how large the program is: they
    /// run it optimised, as gates do.
    fn test(self) -> [&'static str; 4] {
        match self {
            Self::Kills => ["kills", "end-to-end", "power", "no_event_that_was_shown_is_lost_to_sigkill"],
            Self::Days => ["days at a busy gate", "kiosk", "soak", "days_at_twenty_people_a_minute"],
            Self::Events => [
                "a million events",
                "kiosk",
                "long",
                "a_long_journal_starts_soon_stays_small_and_is_purged_for_good",
            ],
            Self::Cuts => {
                ["power cuts", "end-to-end", "power", "no_event_that_was_shown_is_lost_to_a_power_cut"]
            }
            Self::Staff => [
                "power cuts while staff work",
                "end-to-end",
                "staff_cuts",
                "nothing_that_staff_did_is_lost_to_a_power_cut",
            ],
        }
    }
}

/// How a test went.
struct Row {
    name: &'static str,
    passed: bool,
    took: Duration,
    measured: Vec<String>,
}

/// Runs the tests that have a longer form (those of `parts`, or all when it names none), also after one has failed, and prints
/// what they found.
pub(crate) fn run_endurance(parts: &[Part], yes: bool) -> anyhow::Result<()> {
    packages::ensure(&[packages::DEMO, packages::TEST, packages::MACHINE], yes)?;
    run(&mut cargo(&["build", "--workspace", "--bins", "--locked"]))?;
    let asked = Part::ALL.into_iter().filter(|part| parts.is_empty() || parts.contains(part));
    let rows = asked.map(|part| {
        let [name, package, file, test] = part.test();
        let start = Instant::now();
        let (passed, measured) = at_full_length(package, file, test)?;
        Ok(Row { name, passed, took: start.elapsed(), measured })
    });
    let rows: Vec<Row> = rows.collect::<anyhow::Result<_>>()?;
    println!();
    for row in &rows {
        let minutes = row.took.as_secs() / 60;
        println!("{:<28}{:<8}{minutes:>4} min", row.name, if row.passed { "passed" } else { "FAILED" });
        for line in &row.measured {
            let (what, result) = line.split_once(" | ").unwrap_or(("", line));
            println!("    {what}: {result}");
        }
    }
    let failed: Vec<_> = rows.iter().filter(|row| !row.passed).map(|row| row.name).collect();
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

/// Runs one test, showing what it prints. Whether it passed, and what it has measured.
fn at_full_length(package: &str, file: &str, test: &str) -> anyhow::Result<(bool, Vec<String>)> {
    let mut tests = cargo(&["test", "--locked", "--package", package, "--test", file]);
    if package == "kiosk" {
        tests.arg("--release");
    }
    // Part of a name: the module before it is left out.
    tests.args(["--", "--nocapture", test]).env(VARIABLE, "1").stdout(Stdio::piped());
    eprintln!("▸ {package}: {test}");
    let mut running = tests.spawn().context("can't start cargo")?;
    let output = BufReader::new(running.stdout.take().context("it was piped")?);
    let (mut measured, mut ran) = (Vec::new(), false);
    for line in output.lines() {
        let line = line?;
        println!("{line}");
        // The test runner may have left the beginning of its own line before it.
        if let Some((_, told)) = line.split_once(MEASURED) {
            measured.push(told.to_owned());
        }
        ran |= line.starts_with("running 1 test");
    }
    // A name that no test has any more is no pass.
    Ok((running.wait()?.success() && ran, measured))
}
