//! Other people's readers of our formats, and their judges of our pages and of our interface: Python environments that the suite makes itself, and scripts
//! that run in them.
//!
//! Each is made from PyPI once for each content of its list in `third-party`, below cargo's target folder.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use crate::programs::{lines, run, run_with_input};

/// Runs `third-party/SCRIPT` with these arguments, and JSON on its standard input, and reads the JSON it prints.
///
/// # Panics
/// When there is no Python, no environment, or the script fails; with what to do.
#[must_use]
pub fn ask(script: &str, arguments: &[&Path], question: &Value) -> Value {
    let mut command = Command::new(interpreter());
    command.arg(folder().join(script)).args(arguments);
    let output = run_with_input(&mut command, question.to_string().as_bytes());
    serde_json::from_slice(&output.stdout).expect("the scripts print JSON")
}

/// A program of the packages that `third-party/REQUIREMENTS` pins.
///
/// # Panics
/// When they can't be had; with what to do.
#[must_use]
pub fn program_of(requirements: &str, program: &str) -> PathBuf {
    made_once(&folder().join(requirements), &[]).join("bin").join(program)
}

/// A file in `third-party`.
#[must_use]
pub fn settings(name: &str) -> PathBuf {
    folder().join(name)
}

/// A file of the packages that `third-party/REQUIREMENTS` pins by their hashes, without what they depend on.
///
/// # Panics
/// When they can't be had, or have no such file; with what to do.
#[must_use]
pub fn file_of(requirements: &str, path: &str) -> PathBuf {
    let environment = made_once(&folder().join(requirements), &["--no-deps", "--require-hashes"]);
    let packages = run(Command::new(environment.join("bin/python"))
        .args(["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]));
    let path = PathBuf::from(lines(&packages).remove(0)).join(path);
    assert!(path.exists(), "{} is missing", path.display());
    path
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("third-party")
}

/// The interpreter of the environment, which is made when it isn't there yet.
fn interpreter() -> &'static Path {
    static INTERPRETER: OnceLock<PathBuf> = OnceLock::new();
    INTERPRETER.get_or_init(|| made_once(&folder().join("requirements.txt"), &[]).join("bin/python"))
}

/// An environment with these packages, installed with these options of pip besides; it is made when it isn't there yet.
fn made_once(requirements: &Path, options: &[&str]) -> PathBuf {
    let wanted = fs::read_to_string(requirements).expect("the requirements are in the repository");
    let mut hasher = DefaultHasher::new();
    wanted.hash(&mut hasher);
    let test = std::env::current_exe().expect("a running test knows its own path");
    let target = test.ancestors().nth(3).expect("cargo puts tests three folders below its target folder");
    let environments = target.join("python");
    let environment = environments.join(format!("{:016x}", hasher.finish()));
    fs::create_dir_all(&environments).expect("the target folder can be written");
    // Tests run at once, in several processes: the first one makes it, the others wait.
    let lock = File::create(environments.join("lock")).expect("the target folder can be written");
    lock.lock().expect("the file system can lock files");
    let ready = environment.join("ready");
    if !ready.exists() {
        make(&environment, requirements, options);
        fs::write(&ready, wanted).expect("the target folder can be written");
    }
    environment
}

fn make(environment: &Path, requirements: &Path, options: &[&str]) {
    const REMEDY: &str = "other people's programs check formats and pages; that needs Python 3.11 or newer with its module \
        venv, and PyPI: `cargo xtask test` installs python3 and python3-venv";
    let works = Command::new("python3").args(["-c", "import ensurepip, venv"]).output();
    assert!(works.is_ok_and(|output| output.status.success()), "{REMEDY}");
    eprintln!("Making {} from {} …", environment.display(), requirements.display());
    // What an interrupted run left behind is no environment.
    let _ = run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(environment));
    let mut install = Command::new(environment.join("bin/python"));
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]);
    install.args(options).arg("-r").arg(requirements);
    let installed = install.output().expect("the environment has an interpreter");
    assert!(installed.status.success(), "{REMEDY}\n{}", String::from_utf8_lossy(&installed.stderr));
}
