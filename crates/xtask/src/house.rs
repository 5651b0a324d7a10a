//! The house's arrows: which crate may depend on which, checked against what cargo says.
//!
//! Cargo itself refuses circles; this refuses arrows that go up or around.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use serde_json::Value;

use crate::programs::{cargo, output};

/// Each package, and those of the house that it may use. Development dependencies count as well.
const ARROWS: &[(&str, &[&str])] = &[
    ("pass", &[]),
    ("qr", &[]),
    ("xtask", &[]),
    ("telemetry", &[]),
    ("gate", &["pass"]),
    ("protocol", &["gate", "pass"]),
    ("registry", &["pass"]),
    ("store", &["registry", "gate", "pass"]),
    ("wording", &["gate", "pass", "protocol"]),
    ("stick", &[]),
    ("kiosk", &["telemetry", "protocol", "wording", "gate", "pass", "qr", "stick"]),
    ("issuer", &["telemetry", "store", "registry", "protocol", "wording", "gate", "pass", "qr", "stick"]),
    // The gate's library as well: to play more days than programs can be started for.
    ("end-to-end", &["pass", "qr", "gate", "protocol", "kiosk"]),
];

/// What only one crate may know.
const ALONE: &[(&str, &[&str])] = &[("sled", &["kiosk"]), ("sqlx", &["store"]), ("nokhwa", &["kiosk"])];

/// Checks every arrow.
pub(crate) fn check() -> anyhow::Result<()> {
    let metadata = output(&mut cargo(&["metadata", "--format-version", "1", "--no-deps", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata["packages"].as_array().context("cargo metadata without packages")?;
    let mut found = BTreeMap::new();
    for package in packages {
        let name = package["name"].as_str().context("a package without a name")?;
        let dependencies = package["dependencies"].as_array().context("a package without dependencies")?;
        let names: Vec<&str> = dependencies.iter().filter_map(|d| d["name"].as_str()).collect();
        found.insert(name, names);
    }
    for (name, dependencies) in &found {
        let Some((_, allowed)) = ARROWS.iter().find(|(package, _)| package == name) else {
            bail!("{name} has no place in the house: give it one in crates/xtask/src/house.rs");
        };
        for dependency in dependencies {
            // A crate may name itself to turn on its own features for its tests.
            if found.contains_key(dependency) && dependency != name && !allowed.contains(dependency) {
                bail!("{name} uses {dependency}, and that arrow is not in the house");
            }
            if let Some((_, users)) = ALONE.iter().find(|(package, _)| package == dependency)
                && !users.contains(name)
            {
                bail!("{name} uses {dependency}, which only {} may know", users.join(" and "));
            }
        }
    }
    eprintln!("✓ {} packages, all arrows go down", found.len());
    Ok(())
}
