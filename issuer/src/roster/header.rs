//! Headers: which column holds what, in Chinese or English, in any order.

use registry::{Field, tidy};

use super::{Cell, RosterError};

/// Columns that a roster must have, beside one of [`Field::Name`] and [`Field::Plate`].
pub const DEMANDED: [Field; 4] = [Field::Compound, Field::Building, Field::Room, Field::Colour];

/// How many rows from the top may be titles.
pub(super) const TITLE_ROWS: u32 = 30;

/// Words for each column, in small letters and without spaces.
const WORDS: [(Field, &[&str]); 8] = [
    (Field::Compound, &["小区", "小区名称", "所属小区", "小区名", "compound", "estate", "compoundname"]),
    (
        Field::Building,
        &[
            "楼栋",
            "楼栋号",
            "栋",
            "幢",
            "楼号",
            "栋号",
            "楼",
            "楼幢",
            "building",
            "bldg",
            "block",
            "buildingno",
        ],
    ),
    (Field::Unit, &["单元", "单元号", "unit", "stairwell", "unitno"]),
    (Field::Room, &["房号", "室", "房间号", "门牌号", "室号", "房间", "户号", "room", "flat", "roomno"]),
    (Field::Name, &["姓名", "名字", "居民姓名", "name", "fullname", "residentname"]),
    (
        Field::Phone,
        &[
            "电话",
            "手机",
            "手机号",
            "电话号码",
            "联系电话",
            "手机号码",
            "联系方式",
            "phone",
            "telephone",
            "mobile",
        ],
    ),
    (
        Field::Colour,
        &["颜色", "颜色标识", "码色", "色", "通行证颜色", "colour", "color", "passcolour", "passcolor"],
    ),
    (
        Field::Plate,
        &["车牌", "车牌号", "车牌号码", "车号", "plate", "numberplate", "licenseplate", "licenceplate"],
    ),
];

/// Which column holds what.
#[derive(Debug)]
pub(super) struct Header {
    columns: Vec<(u16, Field)>,
    /// Columns that hold what another column before them holds.
    pub(super) seconds: Vec<(u16, Field)>,
}

impl Header {
    /// Reads a row as headers. Nothing where fewer than two cells are headers: that is a title, or a note.
    ///
    /// # Errors
    /// [`RosterError::MissingColumns`] for headers that lack something.
    pub(super) fn of_row(cells: &[(u16, Cell)]) -> Option<Result<Self, RosterError>> {
        let mut header = Self { columns: Vec::new(), seconds: Vec::new() };
        for (column, cell) in cells {
            let Some(field) = field_of(cell) else { continue };
            match header.columns.iter().any(|(_, known)| *known == field) {
                true => header.seconds.push((*column, field)),
                false => header.columns.push((*column, field)),
            }
        }
        if header.columns.len() < 2 {
            return None;
        }
        let mut missing: Vec<Field> =
            DEMANDED.into_iter().filter(|field| header.column(*field).is_none()).collect();
        if header.column(Field::Name).is_none() && header.column(Field::Plate).is_none() {
            missing.push(Field::Name);
        }
        Some(match missing.is_empty() {
            true => Ok(header),
            false => Err(RosterError::MissingColumns { missing }),
        })
    }

    /// What a column holds.
    pub(super) fn field(&self, column: u16) -> Option<Field> {
        self.columns.iter().find(|(known, _)| *known == column).map(|(_, field)| *field)
    }

    /// The column of a field.
    pub(super) fn column(&self, field: Field) -> Option<u16> {
        self.columns.iter().find(|(_, known)| *known == field).map(|(column, _)| *column)
    }
}

/// `颜色（红/黄/绿）*` is `颜色`.
fn field_of(cell: &Cell) -> Option<Field> {
    let Cell::Text(text) = cell else { return None };
    let text = tidy(text).to_lowercase();
    let text = text.split(['(', '[', '【', ':', '：']).next().unwrap_or_default();
    let word: String = text.chars().filter(|c| !matches!(c, ' ' | '*' | '.' | '_' | '-')).collect();
    WORDS.iter().find(|(_, words)| words.contains(&&*word)).map(|(field, _)| *field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(words: &[&str]) -> Option<Result<Header, RosterError>> {
        let cells: Vec<_> = (0..).zip(words.iter().map(|word| Cell::text(word))).collect();
        Header::of_row(&cells)
    }

    #[test]
    fn headers_in_both_languages() {
        for words in [
            ["姓名", "楼栋", "单元", "房号", "电话", "颜色(红/黄/绿)", "小区", "车牌"],
            ["姓　名 *", "楼号", "单元号", "房间号", "联系电话", "颜色：", "所属小区", "车牌号"],
            ["Name", "BUILDING", "Unit", "Room no.", "Phone", "Color", "Compound", "Number plate"],
        ] {
            let header = header(&words).unwrap().unwrap();
            use Field::{Building, Colour, Compound, Name, Phone, Plate, Room, Unit};
            let fields = [Name, Building, Unit, Room, Phone, Colour, Compound, Plate];
            assert_eq!(
                fields.map(|field| header.column(field)),
                [0, 1, 2, 3, 4, 5, 6, 7].map(Some),
                "{words:?}"
            );
        }
    }

    #[test]
    fn what_is_no_header() {
        assert!(header(&["和平小区居民名册"]).is_none());
        assert!(header(&["制表", "2020年3月", "姓名"]).is_none());
        let missing = header(&["姓名", "房号"]).unwrap().unwrap_err();
        assert!(matches!(missing, RosterError::MissingColumns { missing } if missing.len() == 3));
        let nobody = header(&["小区", "楼栋", "房号", "颜色"]).unwrap().unwrap_err();
        assert!(matches!(nobody, RosterError::MissingColumns { missing } if missing == [Field::Name]));
    }
}
