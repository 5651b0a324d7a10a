//! Hand scanners that type: read from their own input device, and from nobody else.
//!
//! The device is grabbed (EVIOCGRAB), so that what a scanner types goes to no window, through no layout and no Chinese input
//! method. A keyboard that people type on must not be grabbed by accident: without being named, only a device is
//! taken that calls itself a scanner or is made by somebody who makes nothing else.

mod keys;

use std::io;
use std::path::{Path, PathBuf};

use evdev::raw_stream::RawDevice;
use evdev::{EventSummary, KeyCode, SynchronizationCode};

use super::inbox::Post;
use super::line::{Line, SILENCE};
use super::{PAUSE, ready};
use crate::frames::Health;
use keys::{Keys, Stroke};

/// The setting that stands for: the first device that looks like a scanner.
pub const AUTO: &str = "auto";

/// Words in the names of scanners. "HIDKB" and "USBKey" are what nameless makes send as their product.
const WORDS: [&str; 8] =
    ["scanner", "barcode", "bar code", "qr code", "qrcode", "hidkb", "usbkey chip", "hid kbw"];

/// Who makes scanners and no keyboards, by USB vendor number (usb.ids).
const MAKERS: [(u16, &str); 8] = [
    (0x0536, "Hand Held Products"),
    (0x05E0, "Symbol, Zebra"),
    (0x05F9, "PSC, Datalogic"),
    (0x065A, "Opticon"),
    (0x0745, "CipherLab"),
    (0x080C, "Datalogic"),
    (0x0C2E, "Metrologic, Honeywell"),
    (0x1EAB, "Newland"),
];

/// An input device that can type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typist {
    /// Its device, `/dev/input/eventN`.
    pub path: PathBuf,
    /// What it calls itself.
    pub name: String,
    /// USB vendor and product.
    pub id: (u16, u16),
}

impl Typist {
    /// Whether it looks like a scanner, and not like a keyboard of people.
    #[must_use]
    pub fn is_scanner(&self) -> bool {
        let name = self.name.to_lowercase();
        WORDS.iter().any(|word| name.contains(word)) || MAKERS.iter().any(|(vendor, _)| *vendor == self.id.0)
    }

    /// Whether a setting means this one: by a part of its name, or by its numbers (`0c2e:0b61`).
    fn is_called(&self, called: &str) -> bool {
        let (vendor, product) = self.id;
        called.eq_ignore_ascii_case(&format!("{vendor:04x}:{product:04x}"))
            || self.name.to_lowercase().contains(&called.to_lowercase())
    }
}

/// Every device that can type, in the order of their numbers, and why one could not be asked.
#[must_use]
pub fn list() -> (Vec<Typist>, Option<String>) {
    let (found, denied) = devices();
    (found.into_iter().map(|(typist, _)| typist).collect(), denied)
}

/// Reads the scanner of this name until the gate closes, through every unplugging.
pub(super) fn watch(device: &str, post: &Post) {
    let mut line = Line::default();
    while !post.closed() {
        let why = match open(device) {
            Ok(mut opened) => {
                post.health(Health::Seeing);
                let read = read(&mut opened, &mut line, post);
                line.cut();
                let Err(why) = read else { return };
                format!("{}: {why}", opened.name().unwrap_or(device))
            }
            Err(why) => why,
        };
        post.lost(why);
        post.pause(PAUSE);
    }
}

/// Reads until the gate closes.
fn read(device: &mut RawDevice, line: &mut Line, post: &Post) -> io::Result<()> {
    let mut keys = Keys::default();
    while !post.closed() {
        if !ready(&*device, SILENCE)? {
            line.silence().into_iter().for_each(|text| post.text(text));
            keys = Keys::default();
            continue;
        }
        for event in device.fetch_events()? {
            let text = match event.destructure() {
                // 2 is a key that is held: no scanner means that.
                EventSummary::Key(_, key, value @ (0 | 1)) => match keys.change(key, value == 1) {
                    Some(Stroke::Char(character)) => {
                        line.push(character);
                        None
                    }
                    Some(Stroke::End) => line.end(),
                    None => None,
                },
                // The kernel ran out of room: keys are missing.
                EventSummary::Synchronization(_, SynchronizationCode::SYN_DROPPED, _) => {
                    tracing::warn!("keys of a scanner were lost; the text is thrown away");
                    line.spoil();
                    None
                }
                _ => None,
            };
            text.into_iter().for_each(|text| post.text(text));
        }
    }
    Ok(())
}

/// Opens the device that a setting means, and takes it for this program alone.
fn open(device: &str) -> Result<RawDevice, String> {
    if device.starts_with('/') {
        return open_path(Path::new(device));
    }
    let (found, denied) = devices();
    let means = |typist: &Typist| if device == AUTO { typist.is_scanner() } else { typist.is_called(device) };
    let mut why = None;
    for (typist, mut opened) in found {
        if means(&typist) {
            match opened.grab() {
                Ok(()) => return Ok(opened),
                Err(taken) => why = Some(format!("{} ({}): {taken}", typist.path.display(), typist.name)),
            }
        }
    }
    Err(why.or(denied).unwrap_or_else(|| "no such scanner is plugged in".to_owned()))
}

fn open_path(path: &Path) -> Result<RawDevice, String> {
    let opened = RawDevice::open(path).and_then(|mut device| {
        if !types(&device) {
            return Err(io::Error::other("this device types no digits"));
        }
        device.grab()?;
        Ok(device)
    });
    opened.map_err(|why| format!("{}: {why}", path.display()))
}

fn devices() -> (Vec<(Typist, RawDevice)>, Option<String>) {
    let mut denied = None;
    let mut found = Vec::new();
    let number = |path: &Path| path.to_str()?.strip_prefix("/dev/input/event")?.parse::<u32>().ok();
    let entries = std::fs::read_dir("/dev/input").into_iter().flatten().flatten();
    let mut paths: Vec<(u32, PathBuf)> =
        entries.filter_map(|entry| Some((number(&entry.path())?, entry.path()))).collect();
    paths.sort();
    for (_, path) in paths {
        match RawDevice::open(&path) {
            Ok(device) if types(&device) => {
                let id = (device.input_id().vendor(), device.input_id().product());
                let name = device.name().unwrap_or_default().to_owned();
                found.push((Typist { path, name, id }, device));
            }
            Ok(_) => {}
            Err(why) => denied = Some(format!("{}: {why}", path.display())),
        }
    }
    (found, denied)
}

/// Whether it can type digits and an end: power buttons and lids are keyboards as well.
fn types(device: &RawDevice) -> bool {
    let wanted = [KeyCode::KEY_1, KeyCode::KEY_0, KeyCode::KEY_ENTER];
    device.supported_keys().is_some_and(|keys| wanted.iter().all(|key| keys.contains(*key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyboard_is_no_scanner_by_accident() {
        let typist = |name: &str, vendor| Typist {
            path: "/dev/input/event0".into(),
            name: name.into(),
            id: (vendor, 0xB61),
        };
        for (name, vendor, scanner) in [
            ("Honeywell Imaging & Mobility 1900", 0x0C2E, true),
            ("WIT Electron Company WIT 122-UFS V2.03 Barcode", 0x1234, true),
            ("TMC HIDKBW", 0x1234, true),
            ("AT Translated Set 2 keyboard", 1, false),
            ("Logitech USB Keyboard", 0x046D, false),
            ("Dell KB216 Wired Keyboard", 0x413C, false),
            ("", 0, false),
        ] {
            assert_eq!(typist(name, vendor).is_scanner(), scanner, "{name}");
        }
        let scanner = typist("Honeywell 1900", 0x0C2E);
        for (called, is) in [("honeywell", true), ("0C2E:0b61", true), ("0c2e:0b62", false), ("zebra", false)]
        {
            assert_eq!(scanner.is_called(called), is, "{called}");
        }
    }
}
