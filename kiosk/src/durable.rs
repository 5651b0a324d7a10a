//! Small files that are replaced whole: after a power cut the old or the new content is there, never half of either.
//!
//! What is written on the way has a name of its own beside the file, always the same: what a cut leaves there is overwritten by
//! the next one, so that nothing that was forgotten lives on in files that nobody knows of.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Replaces the content of `path`; its folder is made when it isn't there. The file can be read by its owner alone.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let new = on_the_way(path);
    let mut file = alone(&new)?;
    // Whatever a cut has left.
    let written = file.set_len(0).and_then(|()| file.write_all(bytes)).and_then(|()| file.sync_all());
    if let Err(why) = written.and_then(|()| std::fs::rename(&new, path)) {
        // A disk that is full has no room for halves.
        let _ = std::fs::remove_file(&new);
        return Err(why);
    }
    sync_folder(folder)
}

/// Where the next content of a file is written.
pub(crate) fn on_the_way(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.new"))
}

/// Opens a file that nobody else writes until it is closed: the gate and a command of somebody may be at it at once.
fn alone(path: &Path) -> io::Result<File> {
    loop {
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        file.lock()?;
        // Whoever had it before has renamed it meanwhile.
        if is_there(&file, path)? {
            return Ok(file);
        }
    }
}

#[cfg(unix)]
fn is_there(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let id = |about: std::fs::Metadata| (about.dev(), about.ino());
    match std::fs::metadata(path) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(false),
        found => Ok(id(found?) == id(file.metadata()?)),
    }
}

/// A file that is open can't be renamed there.
#[cfg(not(unix))]
fn is_there(_: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}

/// Makes names that were added to or removed from a folder last.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn what_a_cut_has_left_is_overwritten_and_nothing_stays_beside_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("inner/file");
        replace(&path, b"old").unwrap();
        std::fs::write(on_the_way(&path), b"a longer text that was cut sho").unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(names(path.parent().unwrap()), ["file"]);
    }

    #[test]
    fn two_who_replace_it_at_once_leave_one_whole_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let contents = [vec![b'a'; 5000], vec![b'b'; 3000]];
        std::thread::scope(|scope| {
            for content in &contents {
                let path = &path;
                scope.spawn(move || {
                    for _ in 0..100 {
                        replace(path, content).unwrap();
                        let found = std::fs::read(path).unwrap();
                        assert!(
                            found.iter().all(|byte| *byte == found[0]) && [3000, 5000].contains(&found.len())
                        );
                    }
                });
            }
        });
        assert_eq!(names(folder.path()), ["file"]);
    }
}
