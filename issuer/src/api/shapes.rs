//! The shapes that several answers share: colours, moments, homes, passes, texts that are taken, places in lists.

use std::fmt;

use pass::Timestamp;
use registry::Address;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use store::{ListedPass, PassOnFile};
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{KnownFormat, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::text::Class;

/// A colour.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Colour {
    Green,
    Yellow,
    Red,
}

impl From<pass::Colour> for Colour {
    fn from(colour: pass::Colour) -> Self {
        match colour {
            pass::Colour::Green => Self::Green,
            pass::Colour::Yellow => Self::Yellow,
            pass::Colour::Red => Self::Red,
        }
    }
}

impl From<Colour> for pass::Colour {
    fn from(colour: Colour) -> Self {
        match colour {
            Colour::Green => Self::Green,
            Colour::Yellow => Self::Yellow,
            Colour::Red => Self::Red,
        }
    }
}

/// What a pass is for.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Person,
    Vehicle,
    Visitor,
    Specimen,
}

impl From<pass::Kind> for Kind {
    fn from(kind: pass::Kind) -> Self {
        match kind {
            pass::Kind::Person => Self::Person,
            pass::Kind::Vehicle => Self::Vehicle,
            pass::Kind::Visitor => Self::Visitor,
            pass::Kind::Specimen => Self::Specimen,
        }
    }
}

/// What the status list says of a pass.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    AsSigned,
    Withdrawn,
    Suspended,
    Replaced,
    NowGreen,
    NowYellow,
    NowRed,
}

impl From<pass::Status> for Status {
    fn from(status: pass::Status) -> Self {
        match status {
            pass::Status::AsSigned => Self::AsSigned,
            pass::Status::Withdrawn => Self::Withdrawn,
            pass::Status::Suspended => Self::Suspended,
            pass::Status::Replaced => Self::Replaced,
            pass::Status::Now(pass::Colour::Green) => Self::NowGreen,
            pass::Status::Now(pass::Colour::Yellow) => Self::NowYellow,
            pass::Status::Now(pass::Colour::Red) => Self::NowRed,
        }
    }
}

/// A moment, as RFC 3339 writes it in UTC.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment(pub(super) Timestamp);

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // What is out of every calendar was written by no clock of ours.
        let at = jiff::Timestamp::from_second(self.0.0).unwrap_or(jiff::Timestamp::MAX);
        to.collect_str(&at)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let no_moment = || D::Error::custom(format!("{text:?} is no moment such as 2020-03-01T00:00:00Z"));
        // With a `T` and an offset alone, as the document says; jiff reads more than that.
        if !text.get(10..11).is_some_and(|at| at.eq_ignore_ascii_case("t")) {
            return Err(no_moment());
        }
        let at: jiff::Timestamp = text.parse().map_err(|_| no_moment())?;
        Ok(Self(Timestamp(at.as_second())))
    }
}

impl PartialSchema for Moment {
    fn schema() -> RefOr<Schema> {
        let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
        let schema = ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .format(Some(format))
            .description(Some("A moment (RFC 3339)."))
            .examples(["2020-03-01T00:00:00Z"]);
        schema.build().into()
    }
}

impl ToSchema for Moment {}

/// Where somebody lives.
#[derive(Serialize, ToSchema)]
pub(super) struct Home {
    building: String,
    /// Empty where a building has one stairwell.
    unit: String,
    room: String,
}

impl From<&Address> for Home {
    fn from(address: &Address) -> Self {
        let Address { building, unit, room } = address.clone();
        Self { building, unit, room }
    }
}

/// The newest pass of a holder.
#[derive(Serialize, ToSchema)]
pub(super) struct NewestPass {
    #[schema(pattern = "^[0-9a-f]{10}$")]
    serial: String,
    /// As people read it to each other.
    short_code: String,
    /// The colour it was signed with.
    colour: Colour,
    not_before: Moment,
    /// The first second at which it no longer holds.
    expires: Moment,
    status: Status,
}

impl From<&ListedPass> for NewestPass {
    fn from(pass: &ListedPass) -> Self {
        Self {
            serial: pass.serial.to_string(),
            short_code: pass.serial.short_code(),
            colour: pass.colour.into(),
            not_before: Moment(pass.not_before),
            expires: Moment(pass.expires),
            status: pass.status.into(),
        }
    }
}

/// A pass.
#[derive(Serialize, ToSchema)]
pub(super) struct Pass {
    #[schema(pattern = "^[0-9a-f]{10}$")]
    serial: String,
    /// As people read it to each other.
    short_code: String,
    compound: u32,
    holder: u16,
    kind: Kind,
    /// Masked name or plate.
    name: String,
    /// The colour it was signed with.
    colour: Colour,
    /// The holder's colour now.
    colour_now: Colour,
    not_before: Moment,
    /// The first second at which it no longer holds.
    expires: Moment,
    /// What was decided of it. While its holder's building is closed, the lists for gates say `suspended` besides.
    status: Status,
    /// The text of its QR code.
    text: String,
}

impl From<&PassOnFile> for Pass {
    fn from(pass: &PassOnFile) -> Self {
        Self {
            serial: pass.serial.to_string(),
            short_code: pass.serial.short_code(),
            compound: pass.compound.0,
            holder: pass.holder,
            kind: pass.kind.into(),
            name: pass.name.to_string(),
            colour: pass.colour.into(),
            colour_now: pass.colour_now.into(),
            not_before: Moment(pass.not_before),
            expires: Moment(pass.expires),
            status: pass.status.into(),
            text: pass.text.clone(),
        }
    }
}

/// A whole number within limits, which the document tells as well. In JSON 5.0 is one.
macro_rules! numbers {
    ($($(#[$about:meta])* $name:ident($kind:ty) of $whole:ident: $least:expr, $most:expr, $usual:expr;)+) => {
        $(
            $(#[$about])*
            #[derive(Clone, Copy)]
            pub(super) struct $name(pub(super) $kind);

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                    let number = from.deserialize_any(Whole::$whole)?;
                    let number = number.parse::<$kind>().ok().filter(|number| ($least..=$most).contains(number));
                    let wrong = || D::Error::custom(format!("not a whole number from {} to {}", $least, $most));
                    number.map(Self).ok_or_else(wrong)
                }
            }

            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    let usual: Option<$kind> = $usual;
                    let schema = ObjectBuilder::new()
                        .schema_type(SchemaType::Type(Type::Integer))
                        .minimum(Some::<$kind>($least))
                        .maximum(Some::<$kind>($most))
                        .default(usual.map(Into::into));
                    schema.build().into()
                }
            }

            impl ToSchema for $name {}
        )+
    };
}

numbers! {
    /// How many lines of a list are given at once.
    Limit(u32) of Address: 1, 200, Some(USUAL);
    /// The number of a compound.
    CompoundNumber(u32) of Address: 1, u32::MAX, None;
    /// A temperature in tenths of a degree Celsius, of somebody alive: as the form of the pages takes it.
    Tenths(u16) of Json: 340, 430, None;
    /// The number of a version; 0 where there is none yet.
    VersionNumber(u32) of Json: 0, u32::MAX, None;
}

/// How many lines of a list are given at once, where nobody says otherwise.
const USUAL: u32 = 50;

impl Default for Limit {
    fn default() -> Self {
        Self(USUAL)
    }
}

/// Reads the digits of a whole number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    /// Out of an address, where all is text.
    Address,
    /// Out of JSON, where a text is no number.
    Json,
}

impl Visitor<'_> for Whole {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<String, E> {
        // What is larger than this is out of all limits here, and no text of it a number of digits alone.
        match number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number) {
            true => Ok(format!("{number:.0}")),
            false => Err(E::custom(format!("{number} is no whole number here"))),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        match self == Self::Address && !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            true => Ok(text.to_owned()),
            false => Err(E::custom(format!("{text:?} is no whole number"))),
        }
    }
}

/// A member that may be left out, and isn't null where it is there.
pub(super) fn some<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// A text of one line, of visible characters with single spaces between them.
macro_rules! texts {
    ($($(#[$about:meta])* $name:ident: $class:expr, $longest:expr;)+) => {
        $(
            $(#[$about])*
            #[derive(Clone, PartialEq, Eq)]
            pub(super) struct $name(pub(super) String);

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                    let text = String::deserialize(from)?;
                    match $class.takes(&text, $longest) {
                        true => Ok(Self(text)),
                        false => Err(D::Error::custom(concat!("no ", stringify!($name), " as the document describes it"))),
                    }
                }
            }

            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    let schema = ObjectBuilder::new()
                        .schema_type(SchemaType::Type(Type::String))
                        .min_length(Some(1))
                        .max_length(Some($longest))
                        .pattern(Some($class.pattern()));
                    schema.build().into()
                }
            }

            impl ToSchema for $name {}

            impl Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                    to.serialize_str(&self.0)
                }
            }
        )+
    };
}

texts! {
    /// Why something is done. Names nobody: it is kept as long as the audit log.
    Reason: Class::Visible, 100;
    /// A building, a unit or a room.
    Place: Class::Lettered, 16;
    /// A full name.
    FullName: Class::Named, 64;
    /// A phone number.
    Phone: Class::Phone, 16;
    /// A number plate.
    Plate: Class::Plate, 8;
    /// A place in a list, as the list before gave it out.
    Cursor: Class::Cursor, 200;
    /// The serial of a pass.
    Serial: Class::Serial, 10;
    /// The key of something that has no number.
    Key: Class::Key, 32;
    /// A gate's name.
    GateName: Class::Visible, 64;
}

/// A text that is looked for, whatever it is, of at most 60 characters.
pub(super) struct Text(pub(super) String);

impl Text {
    const LONGEST: usize = 60;
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        match text.chars().count() <= Self::LONGEST {
            true => Ok(Self(text)),
            false => Err(D::Error::custom(format!("more than {} characters", Self::LONGEST))),
        }
    }
}

impl PartialSchema for Text {
    fn schema() -> RefOr<Schema> {
        let schema =
            ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).max_length(Some(Self::LONGEST));
        schema.build().into()
    }
}

impl ToSchema for Text {}

/// What somebody did, by its code in the audit log.
#[derive(Clone, Copy)]
pub(super) struct Doing(pub(super) store::Action);

impl Serialize for Doing {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.0.code())
    }
}

impl<'de> Deserialize<'de> for Doing {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let code = String::deserialize(from)?;
        let action = store::Action::of_code(&code);
        action.map(Self).ok_or_else(|| D::Error::custom(format!("{code:?} is nothing that anybody does")))
    }
}

impl PartialSchema for Doing {
    fn schema() -> RefOr<Schema> {
        let schema = ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .enum_values(Some(store::Action::ALL.map(store::Action::code)));
        schema.build().into()
    }
}

impl ToSchema for Doing {}
