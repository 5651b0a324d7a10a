//! Hand scanners on a serial line (RS-232, or a USB scanner in COM mode): a text is a line.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::inbox::Post;
use super::line::{Line, SILENCE};
use super::{PAUSE, ready};
use crate::frames::Health;
use crate::serial_port;

/// The rate of most scanners out of the box; a USB scanner in COM mode has any.
pub(super) const BAUD: u32 = 9600;

/// Reads the scanner on this port until the gate closes, through every unplugging.
pub(super) fn watch(port: &Path, baud: u32, post: &Post) {
    let mut line = Line::default();
    while !post.closed() {
        let read = serial_port::open(port, baud).and_then(|mut opened| {
            post.health(Health::Seeing);
            read(&mut opened, &mut line, post)
        });
        line.cut();
        match read {
            Ok(()) => return,
            Err(why) => post.lost(format!("{}: {why}", port.display())),
        }
        post.pause(PAUSE);
    }
}

/// Reads until the gate closes.
fn read(port: &mut File, line: &mut Line, post: &Post) -> std::io::Result<()> {
    let mut bytes = [0; 256];
    while !post.closed() {
        if !ready(&*port, SILENCE)? {
            line.silence().into_iter().for_each(|text| post.text(text));
            continue;
        }
        let count = serial_port::some(port.read(&mut bytes))?;
        for byte in bytes[..count].iter().copied() {
            let text = match byte {
                b'\r' | b'\n' | b'\t' | END_OF_TEXT => line.end(),
                0 | START_OF_TEXT => None,
                // A pass is ASCII; whatever else comes is not one, however it is read.
                byte => {
                    line.push(char::from(byte));
                    None
                }
            };
            text.into_iter().for_each(|text| post.text(text));
        }
    }
    Ok(())
}

/// STX and ETX, which some scanners put around a text.
const START_OF_TEXT: u8 = 2;
const END_OF_TEXT: u8 = 3;
