//! `kiosk eyes`: what a gate could see with, and how to name it.

use super::{Context, End, cameras};

pub(super) fn run(context: &Context) -> anyhow::Result<End> {
    // Without a camera, there may still be a scanner.
    let cameras = cameras::run(context)?;
    let scanners = scanners(context);
    Ok(if scanners { End::Fine } else { cameras })
}

/// Returns whether there is any.
#[cfg(target_os = "linux")]
fn scanners(context: &Context) -> bool {
    use crate::eyes::keyboard;
    use crate::words::{Tell, tell};

    let say = |what: &Tell<'_>| println!("{}", tell(what, context.lang));
    let (typists, denied) = keyboard::list();
    for typist in &typists {
        let device = typist.path.display().to_string();
        say(&Tell::Typist {
            device: &device,
            name: &typist.name,
            id: typist.id,
            scanner: typist.is_scanner(),
        });
    }
    if let Some(why) = denied {
        context.tell(&Tell::TypistsDenied { why: &why });
    }
    let ports = crate::serial_port::list();
    for port in &ports {
        say(&Tell::SerialPort { port: &port.display().to_string() });
    }
    !ports.is_empty() || typists.iter().any(keyboard::Typist::is_scanner)
}

#[cfg(not(target_os = "linux"))]
fn scanners(_: &Context) -> bool {
    false
}
