//! A serial port: raw, eight bits, no parity, at a rate, for this program alone. Scanners, relays and thermometers use it.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use rustix::termios::{
    ControlModes, OptionalActions, QueueSelector, ioctl_tiocexcl, tcflush, tcgetattr, tcsetattr,
};

/// Opens a port. Reading never waits: [`some`] tells an end from nothing yet.
///
/// # Errors
/// As the system says it; one that another program holds is busy.
pub(crate) fn open(port: &Path, baud: u32) -> io::Result<File> {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let opened = rustix::fs::open(port, flags, Mode::empty())?;
    let mut terminal = tcgetattr(&opened)?;
    terminal.make_raw();
    terminal.control_modes |= ControlModes::CLOCAL | ControlModes::CREAD;
    terminal.control_modes -= ControlModes::CRTSCTS | ControlModes::CSTOPB | ControlModes::PARENB;
    terminal.set_speed(baud)?;
    tcsetattr(&opened, OptionalActions::Now, &terminal)?;
    ioctl_tiocexcl(&opened)?;
    // What came before anybody listened is of no use now.
    tcflush(&opened, QueueSelector::IFlush)?;
    Ok(File::from(opened))
}

/// How many bytes a read gave, which may be none yet. A port whose other side is gone gives an end for ever.
///
/// # Errors
/// What went wrong; that the port is gone, too.
pub(crate) fn some(read: io::Result<usize>) -> io::Result<usize> {
    match read {
        Ok(0) => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the device is gone")),
        Err(why) if matches!(why.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => Ok(0),
        read => read,
    }
}

/// The ports of devices that are plugged in: by names that stay, where there are any.
pub(crate) fn list() -> Vec<PathBuf> {
    let named = |folder: &str, starts: &[&str]| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let begins = |name: &str| starts.iter().any(|start| name.starts_with(start));
        let mut ports: Vec<PathBuf> = entries
            .filter(|entry| entry.file_name().to_str().is_some_and(begins))
            .map(|entry| entry.path())
            .collect();
        ports.sort();
        ports
    };
    let lasting = named("/dev/serial/by-id", &[""]);
    if lasting.is_empty() { named("/dev", &["ttyUSB", "ttyACM"]) } else { lasting }
}
