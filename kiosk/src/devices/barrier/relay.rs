//! What moves a barrier: a line of a GPIO chip, a relay on a serial line or on the network, or a command.

use std::process::Stdio;
use std::time::Duration;
#[cfg(target_os = "linux")]
use std::{fs::File, io::Write, path::PathBuf};

use hyper::Method;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use crate::http::{Address, ask};

/// How long a relay on the network may take to answer.
const ANSWER: Duration = Duration::from_secs(3);
/// How long a command may take.
const COMMAND: Duration = Duration::from_secs(10);

/// What moves the barrier.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Relay {
    /// A line of a GPIO chip. The kernel lets it go when its keeper is killed, too.
    #[cfg(target_os = "linux")]
    Gpio {
        /// The chip: `/dev/gpiochip0`.
        chip: PathBuf,
        /// The line's number on it.
        line: u32,
        /// Whether the line is low when the barrier is to be open.
        #[serde(default)]
        active_low: bool,
    },
    /// A relay on a serial line.
    #[cfg(target_os = "linux")]
    Serial {
        /// Its path.
        port: PathBuf,
        /// Its rate; 9600 without one.
        baud: Option<u32>,
        /// The bytes that open it, in hexadecimal with spaces.
        open: Bytes,
        /// The bytes that close it.
        close: Bytes,
    },
    /// A relay on the network.
    Http {
        /// The address that opens it.
        open: Address,
        /// The address that closes it.
        close: Address,
        /// Whether they are posted to, and not just asked for.
        #[serde(default)]
        post: bool,
    },
    /// A command with its arguments; no shell comes between.
    Command {
        /// The one that opens it.
        open: Vec<String>,
        /// The one that closes it.
        close: Vec<String>,
    },
    /// None: the screen shows what a barrier would do.
    Simulated {},
}

/// Bytes as people write them: `A0 01 01 A2`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Bytes(Vec<u8>);

impl TryFrom<String> for Bytes {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let byte = |pair: &str| u8::from_str_radix(pair, 16).ok().filter(|_| pair.len() == 2);
        let bytes: Option<Vec<u8>> = text.split_whitespace().map(byte).collect();
        bytes.filter(|bytes| !bytes.is_empty()).map(Self).ok_or("bytes are written as A0 01 01 A2")
    }
}

impl From<Bytes> for String {
    fn from(bytes: Bytes) -> Self {
        bytes.0.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
    }
}

/// A relay that is held open, as far as it can be.
pub(super) struct Switch {
    relay: Relay,
    #[cfg(target_os = "linux")]
    line: Option<gpiocdev::Request>,
    #[cfg(target_os = "linux")]
    port: Option<File>,
}

impl Switch {
    pub(super) fn new(relay: Relay) -> Self {
        Self {
            relay,
            #[cfg(target_os = "linux")]
            line: None,
            #[cfg(target_os = "linux")]
            port: None,
        }
    }

    /// Opens or closes the barrier; says why when it can't. What was lost is opened anew by the next try.
    pub(super) async fn set(&mut self, open: bool) -> Result<(), String> {
        match &self.relay {
            #[cfg(target_os = "linux")]
            Relay::Gpio { chip, line, active_low } => {
                let set = set_line(&mut self.line, chip, *line, *active_low, open);
                set.map_err(|why| {
                    self.line = None;
                    format!("{} {line}: {why}", chip.display())
                })
            }
            #[cfg(target_os = "linux")]
            Relay::Serial { port, baud, open: opens, close } => {
                let bytes = if open { opens } else { close };
                let sent = send(&mut self.port, port, baud.unwrap_or(9600), &bytes.0);
                sent.map_err(|why| {
                    self.port = None;
                    format!("{}: {why}", port.display())
                })
            }
            Relay::Http { open: opens, close, post } => {
                let address = if open { opens } else { close };
                let method = if *post { Method::POST } else { Method::GET };
                match timeout(ANSWER, ask(&method, address)).await {
                    Ok(Ok(_)) => Ok(()),
                    Ok(Err(why)) => Err(format!("{address}: {why}")),
                    Err(_) => Err(format!("{address}: no answer")),
                }
            }
            Relay::Command { open: opens, close } => run(if open { opens } else { close }).await,
            Relay::Simulated {} => Ok(()),
        }
    }
}

#[cfg(target_os = "linux")]
fn set_line(
    held: &mut Option<gpiocdev::Request>,
    chip: &std::path::Path,
    line: u32,
    active_low: bool,
    open: bool,
) -> gpiocdev::Result<()> {
    use gpiocdev::line::Value;
    let value = if open { Value::Active } else { Value::Inactive };
    if let Some(request) = held {
        return request.set_value(line, value);
    }
    let mut request = gpiocdev::Request::builder();
    request.on_chip(chip).with_consumer("sanse-gate").with_line(line);
    if active_low {
        request.as_active_low();
    }
    *held = Some(request.as_output(value).request()?);
    Ok(())
}

#[cfg(target_os = "linux")]
fn send(held: &mut Option<File>, port: &std::path::Path, baud: u32, bytes: &[u8]) -> std::io::Result<()> {
    if held.is_none() {
        *held = Some(crate::serial_port::open(port, baud)?);
    }
    let Some(port) = held else { return Ok(()) };
    port.write_all(bytes)?;
    // Until they have left: an error of a relay that was unplugged comes here.
    rustix::termios::tcdrain(&*port)?;
    Ok(())
}

async fn run(command: &[String]) -> Result<(), String> {
    let (program, arguments) = command.split_first().ok_or("the command is empty")?;
    let mut child = tokio::process::Command::new(program);
    child.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true);
    match timeout(COMMAND, child.status()).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(format!("{program}: {status}")),
        Ok(Err(why)) => Err(format!("{program}: {why}")),
        Err(_) => Err(format!("{program}: it does not end")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("A0 01 01 A2", Some(&[0xA0, 1, 1, 0xA2][..])),
            (" ff ", Some(&[0xFF])),
            ("A", None),
            ("", None),
            ("0xA0", None),
            ("A0,01", None),
        ] {
            let read = Bytes::try_from(text.to_owned()).ok();
            assert_eq!(read.as_ref().map(|read| read.0.as_slice()), bytes, "{text}");
            if let Some(read) = read {
                assert_eq!(Bytes::try_from(String::from(read.clone())), Ok(read));
            }
        }
    }
}
