//! The images of a folder, in the order of their names, as if they were ten frames a second.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{SourceError, Step, picture};

/// The time between two images.
const INTERVAL: Duration = Duration::from_millis(100);
/// The endings of pictures that can be read.
const ENDINGS: [&str; 4] = ["jpg", "jpeg", "png", "pgm"];

/// A folder of images.
#[derive(Debug)]
pub struct Folder {
    images: VecDeque<PathBuf>,
    given: u32,
}

impl Folder {
    /// The images that are in `folder` now.
    ///
    /// # Errors
    /// When it can't be read, or has no image.
    pub fn open(folder: &Path) -> Result<Self, SourceError> {
        let disk = |why| SourceError::Disk { path: folder.to_owned(), why };
        let mut images = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(disk)? {
            let path = entry.map_err(disk)?.path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) {
                images.push(path);
            }
        }
        if images.is_empty() {
            let what = format!("no image in it (looked for {})", ENDINGS.join(", "));
            return Err(SourceError::Form { path: folder.to_owned(), what });
        }
        images.sort_unstable();
        Ok(Self { images: images.into(), given: 0 })
    }

    /// The next image. One that can't be read is passed over, with a warning.
    pub(super) fn step(&mut self) -> Result<Step, SourceError> {
        while let Some(path) = self.images.pop_front() {
            let at = INTERVAL * self.given;
            self.given += 1;
            match picture::read(&path) {
                Ok(frame) => return Ok(Step::Frame { frame, at }),
                Err(why) => tracing::warn!(%why, "image passed over"),
            }
        }
        Ok(Step::End)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_come_by_name_and_the_broken_are_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        let pgm = |value: u8| [&b"P5 1 1 255\n"[..], &[value]].concat();
        for (name, bytes) in [
            ("b.pgm", pgm(2)),
            ("a.PGM", pgm(1)),
            ("c.png", b"nothing".to_vec()),
            ("d.pgm", pgm(4)),
            ("e.txt", pgm(5)),
        ] {
            std::fs::write(dir.path().join(name), bytes).unwrap();
        }
        let mut folder = Folder::open(dir.path()).unwrap();
        let mut seen = Vec::new();
        while let Step::Frame { frame, at } = folder.step().unwrap() {
            seen.push((frame.luma()[0], at.as_millis()));
        }
        assert_eq!(seen, [(1, 0), (2, 100), (4, 300)]);
    }

    #[test]
    fn a_folder_without_images_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(Folder::open(dir.path()), Err(SourceError::Form { .. })));
        assert!(matches!(Folder::open(&dir.path().join("none")), Err(SourceError::Disk { .. })));
    }
}
