//! `cargo xtask deb`: a Debian package of each program, with its unit, its user and its settings.
//!
//! The programs are built on this machine for machines of its kind. `dpkg-shlibdeps` reads from them which libraries they need,
//! `dpkg-deb` packs; nothing here knows the formats.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::packages;
use crate::programs::{cargo, output, run, target, workspace};

/// What becomes a package: a program's folder in the workspace, which is the program's name as well; the package; its units; the scripts
/// that units run.
struct Package {
    program: &'static str,
    name: &'static str,
    units: &'static [&'static str],
    scripts: &'static [&'static str],
}

const PACKAGES: [Package; 2] = [
    Package {
        program: "kiosk",
        name: "sanse-kiosk",
        units: &["sanse-kiosk.service", "sanse-kiosk-screen.service"],
        scripts: &["stick", "screen"],
    },
    Package {
        program: "issuer",
        name: "sanse-issuer",
        units: &["sanse-issuer.service"],
        scripts: &["stick"],
    },
];

/// Builds both programs optimised, and writes their packages into `folder`.
pub(crate) fn run_deb(folder: &Path, yes: bool) -> anyhow::Result<()> {
    packages::ensure(&[packages::DEMO, packages::DEB], yes)?;
    run(&mut cargo(&["build", "--release", "--locked", "-p", "kiosk", "-p", "issuer", "--bins"]))?;
    for file in pack(&target().join("release"), "xz", folder)? {
        println!("{}", file.display());
    }
    Ok(())
}

/// Packs what the test suite has built, without optimisation, has systemd read the unit of each, and tries them.
pub(crate) fn check() -> anyhow::Result<()> {
    let files = pack(&target().join("debug"), "none", &target().join("deb"))?;
    for file in &files {
        let listed = output(Command::new("dpkg-deb").arg("--contents").arg(file))?;
        // Mode and owner stand first: nobody but root may write what is installed.
        let loose = |line: &&str| !line.contains(" root/root ") || &line[5..6] == "w" || &line[8..9] == "w";
        if let Some(line) = listed.lines().find(loose) {
            bail!("{}: {line}", file.display());
        }
    }
    for package in &PACKAGES {
        // What the screen's unit runs belongs to other packages, which need not be here.
        let unit = tree(package).join("usr/lib/systemd/system").join(package.units[0]);
        let text = fs::read_to_string(&unit)?;
        let binary = tree(package).join("usr/bin").join(package.program);
        let read = target().join("deb").join(package.units[0]);
        write(
            &read,
            &text.replace(&format!("/usr/bin/{}", package.program), &binary.display().to_string()),
            0o644,
        )?;
        run(Command::new("systemd-analyze")
            .args(["verify", "--man=no", "--recursive-errors=no"])
            .arg(&read))?;
    }
    try_out(&files)
}

/// Installs, starts, removes and purges the packages in a copy of this machine, where whoever runs this may make one: root may, with a kernel
/// that lays a file system over another, though not in every container.
fn try_out(files: &[PathBuf]) -> anyhow::Result<()> {
    let place = target().join("deb/tried");
    fs::create_dir_all(&place)?;
    let script = target().join("deb/try.sh");
    write(&script, include_str!("deb/try.sh"), 0o755)?;
    let trial = || {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--pid", "--fork", "--kill-child", "sh"]).arg(&script).arg(&place);
        command
    };
    // Without a package it makes the copy, and nothing in it.
    if !trial().output().is_ok_and(|output| output.status.success()) {
        eprintln!("no copy of this machine can be made here: the packages are not installed for a trial");
        return Ok(());
    }
    run(trial().args(files))
}

/// Where a package's files are laid out before they are packed.
fn tree(package: &Package) -> PathBuf {
    target().join("deb").join(package.name)
}

fn pack(built: &Path, compression: &str, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let architecture = output(Command::new("dpkg").arg("--print-architecture"))?;
    let version = env!("CARGO_PKG_VERSION");
    let mut files = Vec::new();
    for package in &PACKAGES {
        let tree = tree(package);
        if tree.exists() {
            fs::remove_dir_all(&tree)?;
        }
        lay_out(package, built, &tree)?;
        control(package, &tree, version, architecture.trim())?;
        let file = folder.join(format!("{}_{version}_{}.deb", package.name, architecture.trim()));
        let mut packing = Command::new("dpkg-deb");
        packing.args(["--root-owner-group", "-Z", compression, "--build"]);
        run(packing.arg(&tree).arg(&file))?;
        files.push(file);
    }
    Ok(files)
}

/// The files as they will lie on the machine.
fn lay_out(package: &Package, built: &Path, tree: &Path) -> anyhow::Result<()> {
    let (name, program) = (package.name, package.program);
    let from = workspace().join(program).join("package");
    let binary = tree.join("usr/bin").join(program);
    place(&built.join(program), &binary, 0o755)?;
    run(Command::new("strip").arg("--strip-unneeded").arg(&binary))?;
    for unit in package.units {
        place(&from.join(unit), &tree.join("usr/lib/systemd/system").join(unit), 0o644)?;
    }
    // What happens when a stick is plugged in.
    let stick = format!("{name}-stick@.service");
    place(&from.join(&stick), &tree.join("usr/lib/systemd/system").join(&stick), 0o644)?;
    for script in package.scripts {
        place(&from.join(format!("{script}.sh")), &tree.join("usr/lib").join(name).join(script), 0o755)?;
    }
    place(
        &from.join("stick.rules"),
        &tree.join("usr/lib/udev/rules.d").join(format!("90-{name}.rules")),
        0o644,
    )?;
    place(&from.join("sysusers.conf"), &tree.join("usr/lib/sysusers.d").join(format!("{name}.conf")), 0o644)?;
    place(&from.join("default"), &tree.join("etc/default").join(name), 0o640)?;
    let documents = tree.join("usr/share/doc").join(name);
    place(&workspace().join("README.md"), &documents.join("README.md"), 0o644)?;
    write(&documents.join("copyright"), &copyright()?, 0o644)
}

/// The licences that the program may be used under.
fn copyright() -> anyhow::Result<String> {
    let mut text = String::from("Sanse Gate may be used under either of two licences.\n");
    for file in ["LICENSE-MIT", "LICENSE-APACHE"] {
        let licence = fs::read_to_string(workspace().join(file)).with_context(|| file.to_owned())?;
        text += &format!("\n{licence}");
    }
    Ok(text)
}

/// What dpkg is told: the package's name and needs, what is a setting, and what to do before and after.
fn control(package: &Package, tree: &Path, version: &str, architecture: &str) -> anyhow::Result<()> {
    let path = workspace().join(package.program).join("package/control");
    let said = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let binary = tree.join("usr/bin").join(package.program);
    let text = said
        .replace("@VERSION@", version)
        .replace("@ARCHITECTURE@", architecture)
        .replace("@LIBRARIES@", &libraries(&binary)?);
    let folder = tree.join("DEBIAN");
    write(&folder.join("control"), &text, 0o644)?;
    write(&folder.join("conffiles"), &format!("/etc/default/{}\n", package.name), 0o644)?;
    for (name, script) in [
        ("postinst", include_str!("deb/postinst.sh")),
        ("prerm", include_str!("deb/prerm.sh")),
        ("postrm", include_str!("deb/postrm.sh")),
    ] {
        let script = script.replace("@PACKAGE@", package.name).replace("@UNITS@", &package.units.join(" "));
        write(&folder.join(name), &script, 0o755)?;
    }
    Ok(())
}

/// The packages of the libraries that a program is linked with, as `Depends` lists them.
fn libraries(binary: &Path) -> anyhow::Result<String> {
    let folder = target().join("deb/shlibdeps");
    // The tool will not run without a source package around it.
    write(
        &folder.join("debian/control"),
        "Source: sanse-gate\n\nPackage: sanse-gate\nArchitecture: any\n",
        0o644,
    )?;
    let told = output(Command::new("dpkg-shlibdeps").arg("-O").arg(binary).current_dir(&folder))?;
    let line = told.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    Ok(line.context("dpkg-shlibdeps names no library")?.to_owned())
}

fn place(from: &Path, to: &Path, mode: u32) -> anyhow::Result<()> {
    let folder = to.parent().context("a file lies in a folder")?;
    fs::create_dir_all(folder)?;
    fs::copy(from, to).with_context(|| from.display().to_string())?;
    Ok(fs::set_permissions(to, fs::Permissions::from_mode(mode))?)
}

fn write(path: &Path, text: &str, mode: u32) -> anyhow::Result<()> {
    let folder = path.parent().context("a file lies in a folder")?;
    fs::create_dir_all(folder)?;
    fs::write(path, text).with_context(|| path.display().to_string())?;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(mode))?)
}
