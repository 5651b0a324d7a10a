//! Telling an alert to the office: posted to an address, or given to a command; again and again until that went well.

use std::process::Stdio;
use std::sync::Weak;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use hyper::Method;
use serde::Deserialize;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use super::Alert;
use crate::http::{Address, Device};

/// How long the office may take to answer, or a command to end.
const ANSWER: Duration = Duration::from_secs(20);
/// The pause before the second try; each after it is twice as long, up to [`LONGEST`].
const PAUSE: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(60);

/// The table `[alert]` of `kiosk.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Setting {
    /// Posted as JSON to this address, until that answers with success.
    Http {
        /// The address: `http://HOST/PATH`.
        url: Address,
    },
    /// A command with its arguments, no shell between; the JSON comes on its standard input. It has gone well when it ends with 0.
    Command {
        /// The words.
        command: Vec<String>,
    },
    /// Nobody is told, and every alert counts as told: for trying a gate out.
    Simulated {},
}

/// Starts to tell what comes in; `told` is told what has gone well.
pub(super) fn start(setting: Setting, told: Sender<Alert>, wanted: Weak<()>) -> Sender<Alert> {
    let (send, alerts) = channel();
    std::thread::spawn(move || match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(tell_all(&setting, &alerts, &told, &wanted)),
        Err(why) => tracing::error!(%why, "nobody can be alerted"),
    });
    send
}

async fn tell_all(setting: &Setting, alerts: &Receiver<Alert>, told: &Sender<Alert>, wanted: &Weak<()>) {
    // Nothing else runs here that waiting for the next one would hold up.
    while let Ok(alert) = alerts.recv() {
        let mut pause = PAUSE;
        while let Err(why) = tell(setting, &alert).await {
            tracing::warn!(why, sequence = alert.sequence, "the office was not alerted; trying again");
            tokio::time::sleep(pause).await;
            if wanted.strong_count() == 0 {
                // The gate has ended: what is pending is kept.
                return;
            }
            pause = (pause * 2).min(LONGEST);
        }
        tracing::info!(sequence = alert.sequence, kind = alert.kind, "the office was alerted");
        if told.send(alert).is_err() {
            return;
        }
    }
}

async fn tell(setting: &Setting, alert: &Alert) -> Result<(), String> {
    let json = serde_json::to_vec(alert).expect("text and numbers are always JSON");
    match setting {
        Setting::Simulated {} => Ok(()),
        Setting::Http { url } => {
            let mut office = Device::sending(url.clone(), json);
            match timeout(ANSWER, office.ask(&Method::POST)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(why)) => Err(format!("{url}: {why}")),
                Err(_) => Err(format!("{url}: no answer")),
            }
        }
        Setting::Command { command } => {
            let (program, arguments) = command.split_first().ok_or("the command is empty")?;
            let run = run(program, arguments, &json);
            match timeout(ANSWER, run).await {
                Ok(Ok(status)) if status.success() => Ok(()),
                Ok(Ok(status)) => Err(format!("{program}: {status}")),
                Ok(Err(why)) => Err(format!("{program}: {why}")),
                Err(_) => Err(format!("{program}: it does not end")),
            }
        }
    }
}

async fn run(program: &str, arguments: &[String], input: &[u8]) -> std::io::Result<std::process::ExitStatus> {
    let mut command = tokio::process::Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).kill_on_drop(true);
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command that reads nothing has not failed by that.
        let _ = stdin.write_all(input).await;
    }
    child.wait().await
}
