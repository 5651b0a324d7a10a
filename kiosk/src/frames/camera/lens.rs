//! What can be asked of a camera's lens: focus and exposure, each by itself or fixed. Pure; knows no device.
//!
//! A camera that hunts for focus while cards come and go reads none of them: focus can be fixed, once and for all cards that
//! are held at the same distance.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

/// What is asked of a lens; what is not asked stays as the camera has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lens {
    /// Focus; a number is in the driver's own units (V4L2_CID_FOCUS_ABSOLUTE), mostly growing with nearness.
    pub focus: Option<LensSetting>,
    /// Exposure; a number is in units of 0.1 ms (V4L2_CID_EXPOSURE_ABSOLUTE).
    pub exposure: Option<LensSetting>,
}

/// A setting of a lens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LensSetting {
    /// The camera finds it by itself, again and again.
    Auto,
    /// This, until told otherwise.
    Fixed(i32),
}

/// Neither `auto` nor a whole number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither auto nor a whole number")]
pub struct NoLensSetting(String);

impl FromStr for LensSetting {
    type Err = NoLensSetting;

    fn from_str(text: &str) -> Result<Self, NoLensSetting> {
        match text {
            "auto" => Ok(Self::Auto),
            number => number.parse().map(Self::Fixed).map_err(|_| NoLensSetting(number.to_owned())),
        }
    }
}

impl fmt::Display for LensSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Fixed(number) => number.fmt(f),
        }
    }
}

impl<'de> Deserialize<'de> for LensSetting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(i32),
            Word(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Number(number) => Ok(Self::Fixed(number)),
            Written::Word(word) => word.parse().map_err(serde::de::Error::custom),
        }
    }
}

/// What a lens can be asked for, as its driver says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Knob {
    /// Whether it can be left to the camera.
    pub has_auto: bool,
    /// The numbers it takes, when it can be fixed.
    pub range: Option<Range>,
    /// What it is now, when that is known.
    pub now: Option<LensSetting>,
}

/// The numbers that a lens takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub min: i64,
    /// The greatest.
    pub max: i64,
    /// From one to the next.
    pub step: u64,
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} … {}", self.min, self.max)?;
        if self.step > 1 { write!(f, " / {}", self.step) } else { Ok(()) }
    }
}

impl Knob {
    /// Whether the camera has it at all.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.has_auto || self.range.is_some()
    }

    /// Whether it can be set so; else why not, in the driver's terms.
    ///
    /// # Errors
    /// What it takes instead.
    pub fn takes(&self, setting: LensSetting) -> Result<(), String> {
        match (setting, self.range) {
            (LensSetting::Auto, _) if self.has_auto => Ok(()),
            (LensSetting::Fixed(number), Some(range)) if (range.min..=range.max).contains(&number.into()) => {
                Ok(())
            }
            (LensSetting::Auto, Some(range)) => Err(format!("has no auto, takes {range}")),
            (LensSetting::Fixed(_), Some(range)) => Err(format!("takes {range}")),
            (_, None) => Err("takes auto only".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_from_words_and_files() {
        assert_eq!("auto".parse(), Ok(LensSetting::Auto));
        assert_eq!("30".parse(), Ok(LensSetting::Fixed(30)));
        assert!("near".parse::<LensSetting>().unwrap_err().to_string().contains("near"));
        #[derive(Deserialize)]
        struct File {
            focus: LensSetting,
        }
        let read = |text| toml::from_str::<File>(text).map(|file| file.focus);
        assert_eq!(read("focus = 30"), Ok(LensSetting::Fixed(30)));
        assert_eq!(read("focus = \"auto\""), Ok(LensSetting::Auto));
        assert!(read("focus = \"near\"").unwrap_err().to_string().contains("neither auto nor"));
        assert!(read("focus = 1.5").is_err());
    }

    #[test]
    fn what_a_knob_takes() {
        let range = Some(Range { min: 0, max: 250, step: 5 });
        let both = Knob { has_auto: true, range, now: None };
        for (knob, setting, wanted) in [
            (both, LensSetting::Auto, Ok(())),
            (both, LensSetting::Fixed(250), Ok(())),
            (both, LensSetting::Fixed(251), Err("takes 0 … 250 / 5")),
            (both, LensSetting::Fixed(-1), Err("takes 0 … 250 / 5")),
            (Knob { has_auto: false, ..both }, LensSetting::Auto, Err("has no auto, takes 0 … 250 / 5")),
            (Knob { range: None, ..both }, LensSetting::Fixed(3), Err("takes auto only")),
        ] {
            assert_eq!(knob.takes(setting), wanted.map_err(str::to_owned), "{setting}");
        }
    }
}
