//! Where the passphrase comes from: the environment, or a person at a terminal; never from a flag, which others can see.

use std::io::IsTerminal;

use zeroize::Zeroizing;

use crate::words::Language;
use crate::words::keys::Prompt;

/// The variable that holds the passphrase where there is no terminal.
const VARIABLE: &str = "SANSE_PASSPHRASE";

/// How to get the passphrase when a key file turns out to need one.
#[derive(Clone, Debug)]
pub struct Passphrase {
    language: Language,
    from_environment: Option<Zeroizing<String>>,
}

impl Passphrase {
    /// From the environment when it is set there, from the terminal otherwise.
    #[must_use]
    pub fn from_environment(language: Language) -> Self {
        let from_environment =
            std::env::var(VARIABLE).ok().filter(|text| !text.is_empty()).map(Zeroizing::new);
        Self { language, from_environment }
    }

    /// This passphrase, and nobody is asked.
    pub(super) fn known(text: &str) -> Self {
        Self { language: Language::default(), from_environment: Some(Zeroizing::new(text.to_owned())) }
    }

    /// The one from the environment; nobody is asked.
    pub(super) fn given(&self) -> Option<Zeroizing<String>> {
        self.from_environment.clone()
    }

    /// The passphrase of an existing key; nothing when there is nobody to ask.
    ///
    /// # Errors
    /// When the terminal fails.
    pub(crate) fn existing(&self) -> std::io::Result<Option<Zeroizing<String>>> {
        if let Some(text) = &self.from_environment {
            return Ok(Some(text.clone()));
        }
        if !std::io::stdin().is_terminal() {
            return Ok(None);
        }
        self.ask(Prompt::Existing).map(Some)
    }

    /// A passphrase for new keys, typed twice; nothing when there is nobody to ask, or they want none.
    ///
    /// # Errors
    /// When the terminal fails.
    pub(super) fn new_one(&self) -> std::io::Result<Option<Zeroizing<String>>> {
        if self.from_environment.is_some() || !std::io::stdin().is_terminal() {
            return self.existing();
        }
        loop {
            let first = self.ask(Prompt::New)?;
            if first.is_empty() {
                return Ok(None);
            }
            if *first == *self.ask(Prompt::Again)? {
                return Ok(Some(first));
            }
            eprintln!("{}", Prompt::Differs.text(self.language));
        }
    }

    fn ask(&self, prompt: Prompt) -> std::io::Result<Zeroizing<String>> {
        rpassword::prompt_password(prompt.text(self.language)).map(Zeroizing::new)
    }
}
