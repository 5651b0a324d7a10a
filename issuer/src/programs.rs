//! Newer programs for gates: signed by the root key on the machine that has it, kept by the office, and copied on sticks.
//!
//! An office's own key has no part in it: all that an office does is to keep what the root signed, the newest for each target. Such a
//! program is for everybody to read; it tells nothing about anybody.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use pass::{PublicKey, Timestamp};
use protocol::{Update, UpdateError, Version};
use stick::Mounted;

use crate::keys::{CannotTrust, KeyFiles, Passphrase};

/// Why a program is not signed, or not kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CannotUpdate {
    /// The root key.
    #[error(transparent)]
    Root(#[from] CannotTrust),
    /// Neither a program of Linux (ELF) nor a script; or one for another processor than the target's.
    #[error("not a program for this target")]
    OtherTarget,
    /// Nobody calls a target so, or the program is empty or longer than 128 MiB.
    #[error("no target of this name, or a program that is empty or too long")]
    Bounds,
    /// The file is not what the root signed.
    #[error(transparent)]
    Update(#[from] UpdateError),
    /// This version or a newer one is kept already.
    #[error("version {held} is kept already")]
    NotNewer {
        /// That one.
        held: Version,
    },
    /// A file of this office.
    #[error("{path}: {why}")]
    Disk {
        /// Which.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
}

/// Signs a program for gates by the root key, and writes the file in which it travels.
pub(crate) fn sign(
    keys: &KeyFiles,
    program: &Path,
    (version, target): (Version, &str),
    (root, passphrase): (Option<&Path>, &Passphrase),
    now: Timestamp,
    out: &Path,
) -> Result<Update, CannotUpdate> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |why| CannotUpdate::Disk { path, why }
    };
    let mut file = File::open(program).map_err(at(program))?;
    let mut start = Vec::new();
    (&file).take(20).read_to_end(&mut start).map_err(at(program))?;
    if !fits(&start, target) {
        return Err(CannotUpdate::OtherTarget);
    }
    file.rewind().map_err(at(program))?;
    let update = Update::about(&mut file, version, target, now).map_err(|why| match why.kind() {
        io::ErrorKind::InvalidInput => CannotUpdate::Bounds,
        _ => CannotUpdate::Disk { path: program.to_owned(), why },
    })?;
    let signed = update.sign(&keys.root_private(root, passphrase)?);
    file.rewind().map_err(at(program))?;
    // Somebody may build it anew at this moment: what is written is what was signed, or nothing is.
    let mut failed = None;
    whole(out, |to| {
        to.write_all(&Update::head(&signed))?;
        update.read_program(&mut file, to).or_else(|why| broken(why, &mut failed))
    })
    .map_err(|why| failed.map_or_else(|| at(out)(why), CannotUpdate::Update))?;
    Ok(update)
}

/// Whether a program that begins so can run on this target: a script on any, an ELF file (its header, `e_machine`) on its own processor.
fn fits(start: &[u8], target: &str) -> bool {
    if start.starts_with(b"#!") {
        return true;
    }
    if !start.starts_with(b"\x7fELF") || start.len() < 20 {
        return false;
    }
    let number = [start[18], start[19]];
    let machine = if start[5] == 2 { u16::from_be_bytes(number) } else { u16::from_le_bytes(number) };
    let known = [
        ("x86_64", 62),
        ("aarch64", 183),
        ("arm", 40),
        ("thumb", 40),
        ("i5", 3),
        ("i6", 3),
        ("riscv64", 243),
    ];
    known.iter().find(|(name, _)| target.starts_with(name)).is_none_or(|(_, number)| *number == machine)
}

/// What an office keeps for its gates.
#[derive(Clone, Debug)]
pub(crate) struct Programs {
    folder: PathBuf,
    root: PublicKey,
}

/// One of them.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) update: Update,
    signed: Vec<u8>,
    path: PathBuf,
}

impl Programs {
    /// Those in an office's data folder, as far as `root` signed them.
    pub(crate) fn of(data: &Path, root: PublicKey) -> Self {
        Self { folder: data.join(Update::FOLDER), root }
    }

    /// Keeps what lies in a file, in place of an older one for the same target.
    pub(crate) fn add(&self, file: &Path) -> Result<Update, CannotUpdate> {
        let mut from = File::open(file).map_err(|why| CannotUpdate::Disk { path: file.to_owned(), why })?;
        let (signed, update) = Update::read_head(&mut from, &self.root)?;
        let path = self.folder.join(Update::file_name(&update.target));
        if let Some(held) = self.at(&path)
            && held.update.version >= update.version
        {
            return Err(CannotUpdate::NotNewer { held: held.update.version });
        }
        let mut failed = None;
        let made = std::fs::create_dir_all(&self.folder);
        made.and_then(|()| {
            whole(&path, |to| {
                to.write_all(&Update::head(&signed))?;
                update.read_program(&mut from, to).or_else(|why| broken(why, &mut failed))
            })
        })
        .map_err(|why| failed.map_or(CannotUpdate::Disk { path, why }, CannotUpdate::Update))?;
        Ok(update)
    }

    /// What is kept, by target. What can't be read or was not signed by the root is left out.
    pub(crate) fn list(&self) -> io::Result<Vec<Kept>> {
        let entries = match std::fs::read_dir(&self.folder) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut kept = Vec::new();
        for entry in entries {
            let path = entry?.path();
            match self.at(&path) {
                Some(found) if path.ends_with(Update::file_name(&found.update.target)) => kept.push(found),
                _ => tracing::warn!(path = %path.display(), "no program that the root key has signed"),
            }
        }
        kept.sort_by(|one, other| one.update.target.cmp(&other.update.target));
        Ok(kept)
    }

    /// Copies what a stick lacks, or has an older version of. Returns what was copied.
    pub(crate) fn copy_to(&self, stick: &Mounted) -> io::Result<Vec<Update>> {
        let mut copied = Vec::new();
        for Kept { update, signed, path } in self.list()? {
            let name = Update::file_name(&update.target);
            let there = match stick.file(Update::FOLDER, &name, Update::MAX_FILE) {
                Ok(Some(mut file)) => {
                    let length = file.metadata()?.len();
                    let head = Update::read_head(&mut file, &self.root).ok();
                    head.is_some_and(|(signed, there)| {
                        there.version >= update.version && length == there.file_size(&signed)
                    })
                }
                // What is there and is no such file is replaced.
                Ok(None) | Err(_) => false,
            };
            if there {
                continue;
            }
            // Checked by its hash before any byte of it leaves the office: a disk that decays spoils no stick.
            let mut file = File::open(&path)?;
            let read = Update::read_head(&mut file, &self.root)
                .and_then(|(_, held)| held.read_program(&mut file, &mut io::sink()));
            if let Err(why) = read {
                return Err(io::Error::other(format!("{}: {why}", path.display())));
            }
            file.rewind()?;
            stick.write_from(Update::FOLDER, &name, &mut file.take(update.file_size(&signed)))?;
            copied.push(update);
        }
        Ok(copied)
    }

    fn at(&self, path: &Path) -> Option<Kept> {
        let mut file = File::open(path).ok()?;
        let (signed, update) = Update::read_head(&mut file, &self.root).ok()?;
        Some(Kept { update, signed, path: path.to_owned() })
    }
}

/// Writes a file whole or not at all.
fn whole(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    write(file.as_file_mut())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    File::open(folder)?.sync_all()
}

/// Keeps why a program is not the signed one, beside what the disk says.
fn broken(why: UpdateError, failed: &mut Option<UpdateError>) -> io::Result<()> {
    match why {
        UpdateError::Io(why) => Err(why),
        why => {
            *failed = Some(why);
            Err(io::Error::other("not what was signed"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pass::SigningKey;

    const TARGETS: [&str; 2] = ["aarch64-unknown-linux-gnu", "x86_64-unknown-linux-gnu"];

    fn root() -> SigningKey {
        SigningKey::from_seed(&[1; 32])
    }

    fn file(folder: &Path, version: Version, target: &str, key: &SigningKey) -> PathBuf {
        let program = format!("#!/bin/sh\necho {version} {target}\n");
        let update =
            Update::about(&mut program.as_bytes(), version, target, Timestamp(9)).expect("a good one");
        let path = folder.join(format!("{version}-{target}"));
        let bytes = [Update::head(&update.sign(key)), program.into_bytes()].concat();
        std::fs::write(&path, bytes).expect("there is room");
        path
    }

    fn versions(programs: &Programs) -> Vec<(String, Version)> {
        let kept = programs.list().expect("it can be read");
        kept.into_iter().map(|kept| (kept.update.target, kept.update.version)).collect()
    }

    #[test]
    fn an_office_keeps_the_newest_that_the_root_signed_for_each_target() {
        let data = tempfile::tempdir().unwrap();
        let programs = Programs::of(data.path(), root().public());
        assert!(versions(&programs).is_empty());
        let add = |version, target, key: &SigningKey| programs.add(&file(data.path(), version, target, key));
        add(Version(1, 2, 0), TARGETS[0], &root()).unwrap();
        add(Version(1, 1, 0), TARGETS[1], &root()).unwrap();
        for version in [Version(1, 1, 9), Version(1, 2, 0)] {
            let refused = add(version, TARGETS[0], &root()).unwrap_err();
            assert!(matches!(refused, CannotUpdate::NotNewer { held: Version(1, 2, 0) }), "{version}");
        }
        let stranger = add(Version(9, 0, 0), TARGETS[0], &SigningKey::from_seed(&[2; 32])).unwrap_err();
        assert!(matches!(stranger, CannotUpdate::Update(UpdateError::Refused(_))));
        let bad = file(data.path(), Version(9, 0, 0), TARGETS[0], &root());
        let bytes = std::fs::read(&bad).unwrap();
        std::fs::write(&bad, &bytes[..bytes.len() - 1]).unwrap();
        assert!(matches!(programs.add(&bad), Err(CannotUpdate::Update(UpdateError::Short { .. }))));
        add(Version(1, 10, 0), TARGETS[1], &root()).unwrap();
        let [one, other] = TARGETS.map(str::to_owned);
        assert_eq!(versions(&programs), [(one, Version(1, 2, 0)), (other, Version(1, 10, 0))]);
    }

    #[test]
    fn a_stick_gets_what_it_lacks() {
        let (data, stick) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let programs = Programs::of(data.path(), root().public());
        let mounted = Mounted::at(stick.path(), "sanse-gate").unwrap();
        assert!(programs.copy_to(&mounted).unwrap().is_empty());
        let first = file(data.path(), Version(1, 2, 0), TARGETS[0], &root());
        programs.add(&first).unwrap();
        let copy = || {
            let copied = programs.copy_to(&mounted).unwrap();
            copied.iter().map(|update| update.version).collect::<Vec<_>>()
        };
        assert_eq!((copy(), copy()), (vec![Version(1, 2, 0)], vec![]), "once");
        let there = stick.path().join("sanse-gate/programs/kiosk-aarch64-unknown-linux-gnu");
        assert_eq!(std::fs::read(&there).unwrap(), std::fs::read(&first).unwrap());
        // One that was cut short is written anew, a newer one is left.
        let whole = std::fs::read(&first).unwrap();
        std::fs::write(&there, &whole[..whole.len() - 1]).unwrap();
        assert_eq!(copy(), [Version(1, 2, 0)]);
        std::fs::copy(file(data.path(), Version(2, 0, 0), TARGETS[0], &root()), &there).unwrap();
        assert!(copy().is_empty());
        programs.add(&file(data.path(), Version(2, 0, 1), TARGETS[0], &root())).unwrap();
        assert_eq!(copy(), [Version(2, 0, 1)]);
        // What decayed at the office goes nowhere.
        std::fs::remove_file(&there).unwrap();
        let kept = data.path().join("programs/kiosk-aarch64-unknown-linux-gnu");
        let mut bytes = std::fs::read(&kept).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(&kept, bytes).unwrap();
        assert!(programs.copy_to(&mounted).is_err() && !there.exists());
    }

    #[test]
    fn a_program_is_signed_for_its_own_processor() {
        let elf = |machine: u16| {
            [&b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0"[..], &machine.to_le_bytes()].concat()
        };
        for (start, target, right) in [
            (elf(183), TARGETS[0], true),
            (elf(183), TARGETS[1], false),
            (elf(62), TARGETS[1], true),
            (elf(40), "armv7-unknown-linux-gnueabihf", true),
            (elf(1), "new-unknown-linux-gnu", true),
            (b"#!/bin/sh".to_vec(), TARGETS[0], true),
            (b"%PDF-1.7".to_vec(), TARGETS[0], false),
            (b"\x7fELF".to_vec(), TARGETS[0], false),
        ] {
            assert_eq!(fits(&start, target), right, "{target}");
        }
    }
}
