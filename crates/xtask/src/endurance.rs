//! `cargo xtask endurance`: the tests that take longer than the test suite may: a thousand kills, a hundred power cuts, a day at
//! a busy gate.

use crate::packages;
use crate::programs::{cargo, run};

/// The variable by which a test is told to run at full length.
const VARIABLE: &str = "SANSE_ENDURANCE";

/// Runs the tests that have a longer form, with every count at its full size.
pub(crate) fn run_endurance(yes: bool) -> anyhow::Result<()> {
    packages::ensure(&[packages::DEMO, packages::TEST, packages::MACHINE], yes)?;
    run(&mut cargo(&["build", "--workspace", "--bins", "--locked"]))?;
    for tests in [["--package", "end-to-end", "--test", "power"], ["--package", "kiosk", "--test", "gate"]] {
        let arguments = [&["test", "--locked"][..], &tests, &["--", "--nocapture"]].concat();
        run(cargo(&arguments).env(VARIABLE, "1"))?;
    }
    Ok(())
}
