//! Where frames come from: a camera, or a recording: a folder of images, a video file, or a walk-through made from
//! printed sheets.
//!
//! A closed set, so an enum. Every frame says when it was taken, counted from the start of its source. Knows no codes
//! but in the walk-through, which has to find the cards on its sheets.

pub mod camera;
mod crop;
mod folder;
pub mod picture;
mod video;
mod walk;

use std::path::PathBuf;
use std::time::Duration;

use qr::Frame;

pub use folder::Folder;
pub use video::Video;
pub use walk::Walk;

/// A recording: a source of frames that ends, and gives them as fast as they are asked for.
#[derive(Debug)]
pub enum Recording {
    /// The images of a folder, in the order of their names.
    Folder(Folder),
    /// A video file.
    Video(Video),
    /// Printed cards, shown as if to a camera.
    Walk(Box<Walk>),
}

/// What a source gives next.
#[derive(Debug)]
pub enum Step {
    /// A frame, and when it was taken.
    Frame {
        /// The frame.
        frame: Frame,
        /// Since the start of the source.
        at: Duration,
    },
    /// Nothing new within half a second: the camera is being opened, or gives no picture.
    Nothing(Health),
    /// The source is exhausted.
    End,
}

/// How an eye does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// It sees, or is ready to.
    Seeing,
    /// It is being opened.
    Starting,
    /// It is gone or gives nothing; it is tried again.
    Lost {
        /// Why, as the driver or the network says it.
        why: String,
    },
    /// A folder or a video.
    Recording,
    /// A walk-through.
    Walk,
    /// A recording that has ended.
    Finished,
}

/// Why a source gives no more frames.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A file or folder can't be read.
    #[error("{path}: {why}")]
    Disk {
        /// Which.
        path: PathBuf,
        /// Why.
        why: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{path}: {what}")]
    Form {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A program that it takes is not installed.
    #[error("the program {program} is not installed")]
    NeedsProgram {
        /// Its name.
        program: &'static str,
        /// The Debian package it comes with.
        package: &'static str,
    },
}

impl Recording {
    /// The next frame.
    ///
    /// # Errors
    /// [`SourceError`]; the recording has ended then.
    pub fn step(&mut self) -> Result<Step, SourceError> {
        match self {
            Self::Folder(folder) => folder.step(),
            Self::Video(video) => video.step(),
            Self::Walk(walk) => walk.step(),
        }
    }

    /// How it is called while it gives frames.
    #[must_use]
    pub fn health(&self) -> Health {
        match self {
            Self::Folder(_) | Self::Video(_) => Health::Recording,
            Self::Walk(_) => Health::Walk,
        }
    }
}
