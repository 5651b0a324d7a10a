//! Everything the issuer says to people, in both languages side by side: one file for each topic, keyed by enums, so
//! that no sentence is missing in one of them. The rest of the program holds no sentence.

pub(crate) mod backup;
pub mod cli;
pub mod decide;
pub mod keys;
pub(crate) mod print;
pub mod roster;
pub mod store;
pub(crate) mod web;

/// A language of the product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Chinese as written in the mainland: the default.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// The language of a tag or a locale such as `zh-CN`, `en_US.UTF-8`, `en`; nothing for others.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag.get(..2)?.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The tag for HTML and HTTP (BCP 47).
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// One of two texts.
    #[must_use]
    pub fn choose<T>(self, zh: T, en: T) -> T {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}
