//! `cargo xtask test`: formatting, arrows, lints, licences, and every test there is.

use crate::packages;
use crate::programs::{cargo, output, run};

/// Runs everything, stopping at the first that fails.
pub(crate) fn run_suite(yes: bool) -> anyhow::Result<()> {
    packages::ensure(&[packages::DEMO, packages::TEST, packages::MACHINE, packages::DEB], yes)?;
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    crate::house::check()?;
    licences()?;
    run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))?;
    // The end-to-end tests start the programs, and cargo builds those of other packages only when told to.
    run(&mut cargo(&["build", "--workspace", "--bins", "--locked"]))?;
    crate::deb::check()?;
    run(&mut cargo(&["test", "--workspace", "--locked", "--no-fail-fast"]))
}

/// cargo-deny, built when it isn't there yet: without optimisation, as it only reads the lock file.
fn licences() -> anyhow::Result<()> {
    if output(&mut cargo(&["deny", "--version"])).is_err() {
        run(&mut cargo(&["install", "cargo-deny", "--locked", "--debug"]))?;
    }
    run(&mut cargo(&["deny", "--workspace", "check", "bans", "licenses", "sources"]))
}
