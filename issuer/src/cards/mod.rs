//! From passes in the registry to sheets on paper: what the command line and the pages both do. Chooses nothing and asks nobody.

mod deciding;
mod signing;

use std::path::Path;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use pass::{CompoundId, Serial, Status, Timestamp};
use registry::OfficeSettings;
use store::{Compound, PassOnFile, Specimen};

use crate::print::{
    self, CardFace, Dwelling, Fonts, FoundAt, Job, Place, PrintError, Printed, Progress, Sheet, SheetSize,
    Validity,
};
use crate::words::print::FOUND_AT;

pub(crate) use deciding::{Whose, decide, issue, replace};
pub(crate) use signing::{CannotSign, Signing};

/// The zone of the dates on paper: all of the product's compounds are in it.
pub(crate) const ZONE: &str = "Asia/Shanghai";

/// How long a specimen holds, in seconds: as long as a training is of use, if its key lives that long.
pub(crate) const SPECIMEN_LIFE: i64 = 365 * 86_400;

/// Where a new sheet begins, beside when one is full: sheets are handed out whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NewSheet {
    /// With each compound.
    Compound,
    /// With each building.
    Building,
    /// With each stairwell.
    Stairwell,
}

/// Puts passes, given from door to door, on sheets.
pub(crate) fn arrange(
    passes: &[PassOnFile],
    size: SheetSize,
    new_sheet: NewSheet,
) -> Vec<(CompoundId, Vec<Serial>)> {
    let of_one = |a: &PassOnFile, b: &PassOnFile| {
        let building = a.address.building == b.address.building;
        a.compound == b.compound
            && match new_sheet {
                NewSheet::Compound => true,
                NewSheet::Building => building,
                NewSheet::Stairwell => building && a.address.unit == b.address.unit,
            }
    };
    let sheets = passes.chunk_by(of_one).flat_map(|group| group.chunks(size.cards_per_page()));
    sheets.map(|cards| (cards[0].compound, cards.iter().map(|pass| pass.serial).collect())).collect()
}

/// Whether a card is worth printing at `now`: it holds as it was signed.
pub(crate) fn is_printable(pass: &PassOnFile, now: Timestamp) -> bool {
    pass.status == Status::AsSigned && pass.expires > now
}

/// What the office needs for everything it prints.
pub(crate) struct Paper<'a> {
    pub(crate) settings: &'a OfficeSettings,
    pub(crate) zone: TimeZone,
    /// A font that was named, else the system's.
    pub(crate) font: Option<&'a Path>,
}

impl<'a> Paper<'a> {
    pub(crate) fn new(settings: &'a OfficeSettings, font: Option<&'a Path>) -> Self {
        Self { settings, zone: TimeZone::get(ZONE).unwrap_or(TimeZone::UTC), font }
    }

    pub(crate) fn fonts(&self) -> Result<Fonts, print::FontError> {
        Fonts::find(self.font)
    }

    /// Draws numbered sheets.
    pub(crate) fn draw(
        &self,
        sheets: &[(u32, Vec<PassOnFile>)],
        (sheet, backs): (SheetSize, bool),
        now: Timestamp,
        fonts: &mut Fonts,
        progress: impl FnMut(Progress),
    ) -> Result<(Printed, Vec<u8>), PrintError> {
        let job = Job { sheet, backs, printed: self.civil(now) };
        let faces = sheets.iter().map(|(number, cards)| Sheet {
            number: Some(*number),
            cards: cards.iter().map(|pass| self.face(pass)).collect(),
        });
        let mut pdf = Vec::new();
        let printed = print::print(faces, job, fonts, &mut pdf, progress)?;
        Ok((printed, pdf))
    }

    /// Draws specimens, on one sheet.
    pub(crate) fn draw_specimens(
        &self,
        specimens: &[Specimen],
        compound: &Compound,
        sheet: SheetSize,
        now: Timestamp,
        fonts: &mut Fonts,
    ) -> Result<Vec<u8>, PrintError> {
        let cards: Vec<CardFace> = specimens
            .iter()
            .map(|specimen| CardFace {
                colour: specimen.colour,
                kind: pass::Kind::Specimen,
                compound: specimen.compound,
                compound_name: compound.name.clone(),
                name: specimen_name().to_string(),
                dwelling: None,
                validity: self.validity(specimen.not_before, specimen.expires),
                short_code: specimen.serial.short_code(),
                code: specimen.text.clone(),
                link: None,
                found: self.found(),
            })
            .collect();
        let per_page = sheet.cards_per_page();
        let sheets: Vec<Sheet> =
            cards.chunks(per_page).map(|cards| Sheet { number: None, cards: cards.to_vec() }).collect();
        let job = Job { sheet, backs: false, printed: self.civil(now) };
        let mut pdf = Vec::new();
        print::print(sheets, job, fonts, &mut pdf, |_| ())?;
        Ok(pdf)
    }

    /// Where a notice of this compound hangs.
    pub(crate) fn place(&self, compound: &Compound) -> Place {
        let OfficeSettings { name, telephone, .. } = self.settings;
        let office = FoundAt { office: name.clone(), telephone: telephone.clone() };
        Place { compound: compound.id, compound_name: compound.name.clone(), office }
    }

    fn face(&self, pass: &PassOnFile) -> CardFace {
        CardFace {
            colour: pass.colour,
            kind: pass.kind,
            compound: pass.compound,
            compound_name: pass.compound_name.clone(),
            name: pass.name.to_string(),
            dwelling: Some(Dwelling {
                building: pass.address.building.clone(),
                unit: pass.address.unit.clone(),
                room: pass.address.room.clone(),
            }),
            validity: self.validity(pass.not_before, pass.expires),
            short_code: pass.serial.short_code(),
            code: pass.text.clone(),
            link: self.settings.public_address.as_ref().map(|address| address.pass(&pass.token)),
            found: self.found(),
        }
    }

    fn found(&self) -> FoundAt {
        let OfficeSettings { name, telephone, .. } = self.settings;
        let office = if name.is_empty() && telephone.is_empty() { FOUND_AT } else { name };
        FoundAt { office: office.to_owned(), telephone: telephone.clone() }
    }

    /// A card names the last day on which it holds, and the pass ends with the second after.
    fn validity(&self, not_before: Timestamp, expires: Timestamp) -> Validity {
        Validity { from: self.civil(not_before), until: self.civil(expires.plus(-1)) }
    }

    /// A moment as people on the spot write it.
    pub(crate) fn civil(&self, at: Timestamp) -> DateTime {
        let at = jiff::Timestamp::from_second(at.0).expect("times are within four bytes");
        at.to_zoned(self.zone.clone()).datetime()
    }
}

/// The name on every specimen: the same in both languages, for it stands in what is signed.
pub(crate) fn specimen_name() -> pass::Name {
    let name = crate::words::notices::texts(crate::words::Language::Zh).specimen_name;
    pass::Name::new(name).expect("it has seven bytes")
}
