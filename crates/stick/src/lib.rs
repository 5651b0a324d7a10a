//! Files on a stick that somebody has plugged in: read with bounds, never through links, written whole; and what is known of the
//! file system they lie on. Knows nothing of what they say.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::fs::{
    AtFlags, Mode, OFlags, StatVfsMountFlags, major, minor, openat, renameat, statfs, statvfs, unlinkat,
};

/// More files than all gates of an office leave on one stick; whatever lies beyond is not looked at.
const MOST_FILES: usize = 20_000;

/// Our folder on a stick.
#[derive(Debug)]
pub struct Mounted {
    root: PathBuf,
    file_system: String,
    careless: bool,
    foreign: bool,
}

/// What the kernel calls FAT and exFAT (`MSDOS_SUPER_MAGIC` and `EXFAT_SUPER_MAGIC` of `linux/magic.h`).
const FAT: [u64; 2] = [0x4d44, 0x2011_bab0];

impl Mounted {
    /// The folder of this name on what is mounted here. It is made if it isn't there.
    ///
    /// # Errors
    /// When it can't be read or made.
    pub fn at(mounted: &Path, folder: &str) -> io::Result<Self> {
        let about = std::fs::metadata(mounted)?;
        if !about.is_dir() {
            return Err(io::Error::from(io::ErrorKind::NotADirectory));
        }
        let whole = std::fs::canonicalize(mounted)?;
        let is_mount = match whole.parent() {
            Some(parent) => std::fs::metadata(parent)?.dev() != about.dev(),
            None => true,
        };
        let flags = statvfs(&whole)?.f_flag;
        let safe = StatVfsMountFlags::NODEV | StatVfsMountFlags::NOSUID | StatVfsMountFlags::NOEXEC;
        let root = whole.join(folder);
        match std::fs::symlink_metadata(&root) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => std::fs::create_dir(&root)?,
            Ok(about) if !about.is_dir() => return Err(io::Error::from(io::ErrorKind::NotADirectory)),
            Ok(_) => {}
            Err(why) => return Err(why),
        }
        let file_system = if is_mount { file_system(about.dev()) } else { String::new() };
        let foreign = is_mount && !FAT.contains(&(statfs(&whole)?.f_type as u64));
        Ok(Self { root, file_system, careless: is_mount && !flags.contains(safe), foreign })
    }

    /// What the file system calls itself; empty for a folder of this machine, or one without a name.
    #[must_use]
    pub fn file_system(&self) -> &str {
        &self.file_system
    }

    /// Whether it is mounted so that its devices, set-user-id programs or any programs would be honoured.
    #[must_use]
    pub fn is_careless(&self) -> bool {
        self.careless
    }

    /// Whether its file system is none that sticks are sold with, FAT or exFAT: the packages mount no other by themselves, since a
    /// kernel is not meant to read every kind of file system that a stranger could have made.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.foreign
    }

    /// A file's bytes; none when there is none. A link, a device, or one with more than `most` bytes is an error.
    ///
    /// # Errors
    /// See there, and the disk's.
    pub fn read(&self, folder: &str, name: &str, most: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(file) = self.file(folder, name, most)? else { return Ok(None) };
        let mut bytes = Vec::new();
        file.take(most + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most { Err(io::Error::other("it grows")) } else { Ok(Some(bytes)) }
    }

    /// As [`Mounted::read`], for what is too long to be held in memory. It may grow while it is read.
    ///
    /// # Errors
    /// As there.
    pub fn file(&self, folder: &str, name: &str, most: u64) -> io::Result<Option<File>> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let Some(directory) = self.open(folder)? else { return Ok(None) };
        let file = match openat(&directory, name, flags, Mode::empty()) {
            Err(rustix::io::Errno::NOENT) => return Ok(None),
            file => File::from(file?),
        };
        let about = file.metadata()?;
        if !about.is_file() || about.file_type().is_fifo() || about.len() > most {
            return Err(io::Error::other("not a plain file of a bounded length"));
        }
        Ok(Some(file))
    }

    /// The names in a folder that programs of ours give, in their order.
    ///
    /// # Errors
    /// The disk's.
    pub fn names(&self, folder: &str) -> io::Result<Vec<String>> {
        if self.open(folder)?.is_none() {
            return Ok(Vec::new());
        }
        let mut names = Vec::new();
        for entry in std::fs::read_dir(self.root.join(folder))?.take(MOST_FILES) {
            let plain = |name: &str| {
                name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            };
            names.extend(entry?.file_name().into_string().ok().filter(|name| plain(name)));
        }
        names.sort();
        Ok(names)
    }

    /// Writes a file whole: under its name nobody finds half of it, also not when the stick is pulled.
    ///
    /// # Errors
    /// The disk's.
    pub fn write(&self, folder: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.write_from(folder, name, &mut &*bytes)
    }

    /// As [`Mounted::write`], for what is too long to be held in memory.
    ///
    /// # Errors
    /// The disk's, and those of what is read.
    pub fn write_from(&self, folder: &str, name: &str, bytes: &mut impl Read) -> io::Result<()> {
        match std::fs::create_dir(self.root.join(folder)) {
            Err(why) if why.kind() != io::ErrorKind::AlreadyExists => return Err(why),
            _ => {}
        }
        let directory = self.there(folder)?;
        // Whatever lies under the temporary name goes: it may be a link.
        let new = format!("{name}.new");
        match unlinkat(&directory, &new, AtFlags::empty()) {
            Err(rustix::io::Errno::NOENT) => {}
            gone => gone?,
        }
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(openat(&directory, &new, flags, Mode::from_raw_mode(0o644))?);
        let written = io::copy(bytes, &mut file).and_then(|_| file.sync_all());
        if let Err(why) = written.and_then(|()| Ok(renameat(&directory, &new, &directory, name)?)) {
            // A stick that is full has no room for halves.
            let _ = unlinkat(&directory, &new, AtFlags::empty());
            return Err(why);
        }
        directory.sync_all()
    }

    /// Deletes a file.
    ///
    /// # Errors
    /// The disk's.
    pub fn remove(&self, folder: &str, name: &str) -> io::Result<()> {
        Ok(unlinkat(self.there(folder)?, name, AtFlags::empty())?)
    }

    /// A folder of ours, which is no link.
    fn there(&self, folder: &str) -> io::Result<File> {
        self.open(folder)?.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    /// A folder of ours, if it is there and no link.
    fn open(&self, folder: &str) -> io::Result<Option<File>> {
        let path = if folder.is_empty() { self.root.clone() } else { self.root.join(folder) };
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::DIRECTORY | OFlags::CLOEXEC;
        match rustix::fs::open(&path, flags, Mode::empty()) {
            Err(rustix::io::Errno::NOENT) => Ok(None),
            opened => Ok(Some(File::from(opened?))),
        }
    }
}

/// What the file system on a device calls itself, as udev has found it.
fn file_system(device: u64) -> String {
    let here = extent(device);
    let names = std::fs::read_dir("/dev/disk/by-uuid").into_iter().flatten().flatten();
    for name in names {
        let Ok(about) = std::fs::metadata(name.path()) else { continue };
        if about.file_type().is_block_device()
            && (about.rdev() == device || here.is_some() && extent(about.rdev()) == here)
        {
            return name.file_name().to_string_lossy().into_owned();
        }
    }
    String::new()
}

/// Where a device lies in `/sys`. A partition that starts with its disk's first sector is the disk: `mkfs.vfat` writes such a table
/// where it formats a whole stick, which then has two devices and one name that belongs to either.
fn extent(device: u64) -> Option<PathBuf> {
    let at = format!("/sys/dev/block/{}:{}", major(device), minor(device));
    let at = std::fs::canonicalize(at).ok()?;
    let first = std::fs::read_to_string(at.join("start")).is_ok_and(|start| start.trim() == "0");
    if first { at.parent().map(Path::to_owned) } else { Some(at) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn plain_files_alone_are_read_and_written() {
        let stick = tempfile::tempdir().unwrap();
        let ours = Mounted::at(stick.path(), "ours").unwrap();
        assert_eq!((ours.file_system(), ours.is_careless()), ("", false), "a folder of this machine");
        assert!(!ours.is_foreign(), "nor is it somebody's file system");
        assert_eq!(ours.read("up", "a", 9).unwrap(), None);
        assert!(ours.names("up").unwrap().is_empty());
        ours.write("up", "a", b"bytes").unwrap();
        ours.write("up", "a", b"other").unwrap();
        assert_eq!(ours.read("up", "a", 9).unwrap().as_deref(), Some(&b"other"[..]));
        assert!(ours.read("up", "a", 4).is_err(), "too long");
        let folder = stick.path().join("ours/up");
        for odd in ["A", "b.new", "c d", "名"] {
            std::fs::write(folder.join(odd), "x").unwrap();
        }
        assert_eq!(ours.names("up").unwrap(), ["a"]);
        // Links lead anywhere: none is followed, none is written through.
        std::fs::write(stick.path().join("secret"), "s").unwrap();
        symlink(stick.path().join("secret"), folder.join("link")).unwrap();
        assert!(ours.read("up", "link", 9).is_err());
        symlink(stick.path().join("secret"), folder.join("d.new")).unwrap();
        ours.write("up", "d", b"new").unwrap();
        assert_eq!(std::fs::read(stick.path().join("secret")).unwrap(), b"s");
        symlink("/tmp", stick.path().join("ours/down")).unwrap();
        assert!(ours.read("down", "a", 9).is_err());
        assert!(ours.names("down").is_err());
        let elsewhere = format!("kiosk-{}", std::process::id());
        assert!(ours.write("down", &elsewhere, b"x").is_err());
        assert!(!Path::new("/tmp").join(elsewhere).exists(), "written where a link led");
        // What breaks off leaves what was there, and nothing beside it.
        struct Breaks(bool);
        impl Read for Breaks {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                into[0] = b'n';
                if std::mem::replace(&mut self.0, true) { Err(io::Error::other("pulled")) } else { Ok(1) }
            }
        }
        assert!(ours.write_from("up", "a", &mut Breaks(false)).is_err());
        assert_eq!(ours.read("up", "a", 9).unwrap().as_deref(), Some(&b"other"[..]));
        assert!(!folder.join("a.new").exists());
        ours.remove("up", "a").unwrap();
        assert_eq!(ours.read("up", "a", 9).unwrap(), None);
    }
}
