//! Verdicts said aloud, by the page's browser or by a synthesiser of this machine. Off unless it is set.
//!
//! What is said is the word of a verdict and its first reason, in one language or in both, one after the other; never a name.
//! A newer verdict cuts the last one short.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde::Deserialize;
use tokio::sync::watch;

use crate::screen::{Screen, State};
use crate::words::{self, Language};

/// The synthesiser, a Debian package of the same name.
const PROGRAM: &str = "espeak-ng";
/// How often it is looked whether a sentence is over.
const LOOK: Duration = Duration::from_millis(50);

/// The table `[speech]` of `kiosk.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Setting {
    /// Nothing is said: without the table.
    #[default]
    #[serde(skip)]
    Off,
    /// The browser says it, where it has a voice for the page's language.
    Page {},
    /// The program espeak-ng of this machine says it.
    EspeakNg {
        /// In these languages, one after the other; Chinese without any.
        #[serde(default)]
        languages: Vec<Language>,
        /// Words a minute; 170 without it.
        speed: Option<u16>,
        /// Instead of the loudspeaker: a folder that gets a WAV file for each sentence, named by event and language.
        folder: Option<PathBuf>,
    },
    /// Nobody says it: it is written to the program's messages.
    Simulated {
        /// In these languages; Chinese without any.
        #[serde(default)]
        languages: Vec<Language>,
    },
}

impl Setting {
    /// Whether the page is to speak.
    #[must_use]
    pub fn is_page(&self) -> bool {
        matches!(self, Self::Page {})
    }
}

/// Says each verdict that this screen shows, for as long as the screen is there.
pub(crate) fn start(setting: Setting, screen: &Screen) {
    let languages = match &setting {
        Setting::Off | Setting::Page {} => return,
        Setting::EspeakNg { languages, .. } | Setting::Simulated { languages } => {
            match languages.as_slice() {
                [] => vec![Language::Zh],
                some => some.to_vec(),
            }
        }
    };
    let (send, sentences) = channel();
    std::thread::spawn(move || say_all(&setting, &sentences));
    tokio::spawn(follow(screen.watch(), languages, send));
}

/// A sentence, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sentence {
    sequence: u64,
    lang: Language,
    text: String,
}

async fn follow(mut state: watch::Receiver<State>, languages: Vec<Language>, send: Sender<Vec<Sentence>>) {
    let mut said = None;
    while state.changed().await.is_ok() {
        let sentences = {
            let state = state.borrow_and_update();
            let Some(shown) = state.verdict() else { continue };
            if said.replace((shown.sequence, shown.verdict)) == Some((shown.sequence, shown.verdict)) {
                continue;
            }
            let sentence = |lang: &Language| Sentence {
                sequence: shown.sequence,
                lang: *lang,
                text: words::aloud(shown, &state.zone(), *lang),
            };
            languages.iter().map(sentence).collect()
        };
        if send.send(sentences).is_err() {
            return;
        }
    }
}

fn say_all(setting: &Setting, sentences: &Receiver<Vec<Sentence>>) {
    let mut next = sentences.recv().ok();
    while let Some(mut now) = next.take() {
        now.reverse();
        let mut speaking: Option<Child> = None;
        next = loop {
            if let Ok(newer) = sentences.try_recv() {
                if let Some(mut child) = speaking.take() {
                    let _ = child.kill();
                    let _ = child.wait();
                }
                break Some(newer);
            }
            let busy = speaking.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None)));
            if busy {
                std::thread::sleep(LOOK);
                continue;
            }
            let Some(sentence) = now.pop() else { break sentences.recv().ok() };
            speaking = say(setting, &sentence);
        };
    }
}

/// Starts to say one sentence. A synthesiser that isn't there is no reason to stop a gate: it is told once for each sentence.
fn say(setting: &Setting, sentence: &Sentence) -> Option<Child> {
    let Setting::EspeakNg { speed, folder, .. } = setting else {
        tracing::info!(sentence.text, "said");
        return None;
    };
    let started = command(sentence, *speed, folder.as_deref()).spawn();
    let mut child = started.inspect_err(|why| tracing::warn!(%why, PROGRAM, "can't speak")).ok()?;
    if let Some(mut pipe) = child.stdin.take() {
        // Less than a pipe holds. By the pipe, so that no sentence is ever taken for an option.
        let _ = pipe.write_all(sentence.text.as_bytes());
    }
    Some(child)
}

fn command(sentence: &Sentence, speed: Option<u16>, folder: Option<&Path>) -> Command {
    let voice = match sentence.lang {
        Language::Zh => "cmn",
        Language::En => "en",
    };
    let mut command = Command::new(PROGRAM);
    command.args(["-v", voice, "-s", &speed.unwrap_or(170).to_string(), "--stdin"]);
    if let Some(folder) = folder {
        let name = format!("{}-{}.wav", sentence.sequence, sentence.lang.code());
        command.arg("-w").arg(folder.join(name));
    }
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Samples of a WAV file as espeak-ng writes it: 16 bits, one channel.
    fn samples(path: &Path) -> Vec<i16> {
        let bytes = std::fs::read(path).unwrap();
        assert_eq!((&bytes[..4], &bytes[8..12]), (&b"RIFF"[..], &b"WAVE"[..]));
        bytes[44..].chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
    }

    #[test]
    fn both_languages_are_spoken_for_real() {
        let folder = tempfile::tempdir().unwrap();
        let setting = Setting::EspeakNg {
            languages: vec![Language::Zh, Language::En],
            speed: None,
            folder: Some(folder.path().to_owned()),
        };
        let mut spoken = Vec::new();
        for (lang, text) in
            [(Language::Zh, "请停步。居家观察期间不得外出。"), (Language::En, "--version. Stop.")]
        {
            let sentence = Sentence { sequence: 7, lang, text: text.into() };
            assert!(say(&setting, &sentence).unwrap().wait().unwrap().success());
            let samples = samples(&folder.path().join(format!("7-{}.wav", lang.code())));
            let loud = samples.iter().filter(|sample| sample.unsigned_abs() > 1000).count();
            assert!(loud > 2000, "{lang:?}: {loud} loud samples of {}", samples.len());
            spoken.push(samples);
        }
        assert_ne!(spoken[0], spoken[1]);
    }

    #[test]
    fn the_newest_verdict_is_the_one_that_is_heard() {
        let (send, sentences) = channel();
        let folder = tempfile::tempdir().unwrap();
        let setting =
            Setting::EspeakNg { languages: Vec::new(), speed: None, folder: Some(folder.path().to_owned()) };
        let sentence = |sequence| Sentence { sequence, lang: Language::En, text: "Stop.".into() };
        send.send(vec![sentence(1), sentence(2)]).unwrap();
        send.send(vec![sentence(3)]).unwrap();
        drop(send);
        say_all(&setting, &sentences);
        assert!(folder.path().join("3-en.wav").exists());
        assert!(!folder.path().join("2-en.wav").exists(), "what was to be said of an older one is left out");
    }
}
