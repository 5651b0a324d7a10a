//! System packages of Debian and its kin: which are needed and why, which are missing, and how to get them.

use std::io::{IsTerminal, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::programs::run;

/// A package, the reason it is needed, and how to tell that it, or something like it, is there already.
pub(crate) struct Package {
    /// Its name; one that ends in `-` stands for the newest version of that name.
    name: &'static str,
    reason: &'static str,
    present: fn() -> bool,
}

/// What building and running both programs takes.
pub(crate) const DEMO: &[Package] = &[
    Package { name: "gcc", reason: "links Rust programs and builds SQLite", present: || on_path("cc") },
    Package { name: "libc6-dev", reason: "C headers", present: || exists("/usr/include/stdio.h") },
    Package {
        name: "libclang1-",
        reason: "the camera's bindings are made from kernel headers",
        present: has_libclang,
    },
    Package {
        name: "fonts-noto-cjk",
        reason: "Chinese names on cards",
        present: || exists("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    },
    Package {
        name: "poppler-utils",
        reason: "turns printed sheets into pictures",
        present: || on_path("pdftoppm"),
    },
];

/// What the test suite takes besides.
pub(crate) const TEST: &[Package] = &[
    Package { name: "openssl", reason: "reads our key files", present: || on_path("openssl") },
    Package {
        name: "python3",
        reason: "third-party readers check the formats",
        present: || on_path("python3"),
    },
    Package { name: "python3-venv", reason: "an environment for them", present: has_venv },
    Package { name: "postgresql", reason: "the registry is tested in it as well", present: has_postgresql },
    Package {
        name: "espeak-ng",
        reason: "verdicts are said aloud for real",
        present: || on_path("espeak-ng"),
    },
    Package { name: "faketime", reason: "gates at other hours", present: || on_path("faketime") },
    Package {
        name: "chromium",
        reason: "pages are looked at in a real browser",
        present: || on_path("chromium"),
    },
];

/// What packing takes.
pub(crate) const DEB: &[Package] = &[
    Package { name: "dpkg-dev", reason: "packs the programs", present: || on_path("dpkg-shlibdeps") },
    Package { name: "binutils", reason: "leaves out what only debuggers read", present: || on_path("strip") },
    Package { name: "systemd", reason: "reads their units", present: || on_path("systemd-analyze") },
];

/// What the tests take that run in a virtual machine: for cameras, input devices and power cuts. They are for Linux on
/// x86_64 only.
pub(crate) const MACHINE: &[Package] =
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) { MACHINE_PARTS } else { &[] };

const MACHINE_PARTS: &[Package] = &[
    Package {
        name: "qemu-system-x86",
        reason: "the virtual machine of the tests with devices and power cuts",
        present: || on_path("qemu-system-x86_64"),
    },
    Package {
        name: "busybox-static",
        reason: "its first program",
        present: || exists("/usr/share/doc/busybox-static"),
    },
    Package { name: "cpio", reason: "packs its first file system", present: || on_path("cpio") },
    Package { name: "xz-utils", reason: "unpacks the source of its drivers", present: || on_path("xz") },
    Package { name: "kmod", reason: "loads its drivers", present: || exists("/sbin/depmod") },
    Package { name: "e2fsprogs", reason: "formats its disks", present: || exists("/sbin/mkfs.ext4") },
    Package { name: "make", reason: "builds its camera", present: || on_path("make") },
    Package {
        name: "linux-headers-amd64",
        reason: "its camera is built for Debian's kernel",
        present: has_headers,
    },
    Package { name: "v4l-utils", reason: "sets its camera up", present: || on_path("v4l2-ctl") },
];

/// Installs those of `packages` that are missing: says which, and asks unless told `yes` or run by root.
pub(crate) fn ensure(packages: &[&[Package]], yes: bool) -> anyhow::Result<()> {
    let missing: Vec<&Package> =
        packages.iter().flat_map(|list| list.iter()).filter(|package| !(package.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!("System packages that are missing:");
    for package in &missing {
        eprintln!("  {:<16} {}", package.name, package.reason);
    }
    let names: Vec<_> = missing.iter().map(|package| newest(package.name)).collect();
    let by_hand = format!("sudo apt-get install --no-install-recommends {}", names.join(" "));
    if !on_path("apt-get") {
        bail!("this system has no apt-get; install what those are called here, and run this again");
    }
    let root = is_root();
    if !root && !yes && !asked("Install them now?")? {
        bail!("install them, and run this again: {by_hand}");
    }
    if !root && !on_path("sudo") {
        bail!("there is no sudo; as root, run: {}", by_hand.trim_start_matches("sudo "));
    }
    let apt = |arguments: &[&str]| {
        let mut command = if root { Command::new("apt-get") } else { Command::new("sudo") };
        if !root {
            command.arg("apt-get");
        }
        // What apt tells is for people: standard output stays free for results.
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(std::io::stderr());
        run(&mut command)
    };
    apt(&["update", "--quiet"])?;
    let mut install = vec!["install", "--quiet", "--yes", "--no-install-recommends"];
    let names: Vec<_> = missing.iter().map(|package| newest(package.name)).collect();
    install.extend(names.iter().map(String::as_str));
    apt(&install).with_context(|| format!("try by hand: {by_hand}"))?;
    if let Some(package) = missing.iter().find(|package| !(package.present)()) {
        bail!(
            "{} was installed, and what it is needed for is still not there: {}",
            package.name,
            package.reason
        );
    }
    Ok(())
}

/// The package itself, or the newest of those whose names go on with a number.
fn newest(name: &str) -> String {
    if !name.ends_with('-') {
        return name.to_owned();
    }
    let found =
        Command::new("apt-cache").args(["search", "--names-only", &format!("^{name}[0-9]+$")]).output();
    let found = found.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let version = |line: &str| line.strip_prefix(name)?.split_whitespace().next()?.parse::<u32>().ok();
    format!("{name}{}", found.lines().filter_map(version).max().unwrap_or(14))
}

fn asked(question: &str) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    eprint!("{question} [Y/n] ");
    std::io::stderr().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "" | "y" | "Y" | "yes"))
}

fn exists(path: &str) -> bool {
    std::path::Path::new(path).exists()
}

/// Whether a program can be found.
pub(crate) fn on_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn has_libclang() -> bool {
    let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib", "/usr/lib64"];
    let llvm = (13..40).map(|version| format!("/usr/lib/llvm-{version}/lib"));
    folders.into_iter().map(str::to_owned).chain(llvm).any(|folder| {
        std::fs::read_dir(folder).is_ok_and(|mut files| {
            files.any(|file| file.is_ok_and(|f| is_libclang(&f.file_name().to_string_lossy())))
        })
    })
}

/// Whether a file of this name is what bindings are made by: `libclang.so.1`, `libclang-14.so.14`. `libclang-cpp.so.14` comes with
/// other packages, and is another library.
fn is_libclang(name: &str) -> bool {
    let Some((stem, _)) = name.split_once(".so") else { return false };
    let version = stem.strip_prefix("libclang").map(|rest| rest.strip_prefix('-').unwrap_or(rest));
    version.is_some_and(|version| version.chars().all(|c| c.is_ascii_digit() || c == '.'))
}

fn has_venv() -> bool {
    Command::new("python3")
        .args(["-c", "import venv, ensurepip"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn has_postgresql() -> bool {
    let mut versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    on_path("initdb") || versions.any(|version| version.path().join("bin/initdb").exists())
}

fn has_headers() -> bool {
    std::fs::read_dir("/usr/src").is_ok_and(|mut folders| {
        folders.any(|folder| {
            let name = folder.map(|folder| folder.file_name().into_string().unwrap_or_default());
            name.is_ok_and(|name| name.starts_with("linux-headers-") && name.ends_with("-amd64"))
        })
    })
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::is_libclang;

    #[test]
    fn only_what_bindings_are_made_by_counts_as_libclang() {
        for name in
            ["libclang.so", "libclang.so.1", "libclang-14.so.1", "libclang-14.so.14.0.6", "libclang-19.1.so"]
        {
            assert!(is_libclang(name), "{name}");
        }
        for name in
            ["libclang-cpp.so.14", "libclang-cpp.so", "libclang-rt.so.1", "libclang-14.a", "libclangAST.so"]
        {
            assert!(!is_libclang(name), "{name}");
        }
    }
}
