//! `cargo xtask endurance`: the tests that take longer than the test suite may.

use crate::packages;
use crate::programs::{cargo, run};

/// The variable by which a test is told to run at full length.
const VARIABLE: &str = "SANSE_ENDURANCE";

/// Runs the end-to-end tests with every count at its full size.
pub(crate) fn run_endurance(yes: bool) -> anyhow::Result<()> {
    packages::ensure(&[packages::DEMO, packages::TEST, packages::MACHINE], yes)?;
    run(&mut cargo(&["build", "--workspace", "--bins", "--locked"]))?;
    let tests = ["test", "--package", "end-to-end", "--locked", "--", "--nocapture"];
    run(cargo(&tests).env(VARIABLE, "1"))
}
