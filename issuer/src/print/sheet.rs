//! A sheet of A4: where its cards lie, and the marks to cut along.

use krilla::geom::{Size, Transform};

use super::pen::{Area, Ink, Pen, Shape};

/// PDF measures in points, 72 to an inch.
const POINTS_PER_MILLIMETRE: f32 = 72.0 / 25.4;

/// A4 (ISO 216).
pub(super) const PAGE: Page = Page { w: 210.0, h: 297.0 };

/// How many cards go on a sheet, and so how large they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SheetSize {
    /// Ten cards of 85.6 × 54 mm (ID-1, ISO/IEC 7810), two by five: they fit purses and card holders.
    Ten,
    /// One card of 85.6 × 54 mm on a page of just that size, for printers of plastic cards.
    One,
    /// Eight cards of 96 × 68 mm, two by four: for badge holders, windscreens and weak eyes.
    Eight,
}

impl SheetSize {
    /// All sizes.
    pub const ALL: [Self; 3] = [Self::Ten, Self::Eight, Self::One];

    /// A name for programs: `ten`, `eight`, `one`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ten => "ten",
            Self::Eight => "eight",
            Self::One => "one",
        }
    }

    /// The size of this [`SheetSize::code`].
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.code() == code)
    }

    /// Ten, eight or one.
    #[must_use]
    pub fn cards_per_page(self) -> usize {
        let (columns, rows) = self.grid();
        usize::from(columns) * usize::from(rows)
    }

    /// Width and height of a card in millimetres.
    #[must_use]
    pub fn card_size(self) -> (f32, f32) {
        match self {
            Self::Ten | Self::One => (85.6, 54.0),
            Self::Eight => (96.0, 68.0),
        }
    }

    fn grid(self) -> (u8, u8) {
        match self {
            Self::One => (1, 1),
            Self::Ten => (2, 5),
            Self::Eight => (2, 4),
        }
    }

    /// Where a card lies, in millimetres from the top left of the page. Cards touch, so that one cut serves two of them;
    /// each keeps a white edge of its own, so that a cut beside the line shows nothing of the neighbour's colour.
    pub(super) fn slot(self, slot: usize) -> Area {
        let (columns, _) = self.grid();
        let (w, h) = self.card_size();
        let block = self.block();
        let column = slot % usize::from(columns);
        let row = slot / usize::from(columns);
        let steps = |n: usize| f32::from(u8::try_from(n).expect("a sheet has at most ten cards"));
        Area::new(block.x + steps(column) * w, block.y + steps(row) * h, w, h)
    }

    /// The slot that lies behind this one when the paper is turned over its long edge.
    pub(super) fn behind(self, slot: usize) -> usize {
        let columns = usize::from(self.grid().0);
        slot - slot % columns + (columns - 1 - slot % columns)
    }

    /// The page it is printed on.
    pub(super) fn page(self) -> Page {
        let (w, h) = self.card_size();
        if self == Self::One { Page { w, h } } else { PAGE }
    }

    /// Whether there are margins to write in.
    pub(super) fn has_margins(self) -> bool {
        self != Self::One
    }

    /// All cards of a sheet, in the middle of the page.
    fn block(self) -> Area {
        let (columns, rows) = self.grid();
        let (w, h) = self.card_size();
        let (w, h) = (w * f32::from(columns), h * f32::from(rows));
        let page = self.page();
        Area::new((page.w - w) / 2.0, (page.h - h) / 2.0, w, h)
    }
}

/// A page, in millimetres.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub(super) w: f32,
    pub(super) h: f32,
}

impl Page {
    pub(super) fn to_points(self) -> Size {
        let (w, h) = (self.w * POINTS_PER_MILLIMETRE, self.h * POINTS_PER_MILLIMETRE);
        Size::from_wh(w, h).expect("a page has an area")
    }

    /// Makes a millimetre the unit of what is drawn next.
    pub(super) fn millimetres(self) -> Transform {
        Transform::from_scale(POINTS_PER_MILLIMETRE, POINTS_PER_MILLIMETRE)
    }
}

/// Marks in the margins at the end of each cut, and small crosses where four cards meet.
pub(super) fn crop_marks(pen: &mut Pen<'_, '_>, sheet: SheetSize) {
    /// Between the cards and a mark, so that no mark stays on a card.
    const GAP: f32 = 1.5;
    const LENGTH: f32 = 5.0;
    const ARM: f32 = 1.2;
    const LINE: f32 = 0.1;
    let block = sheet.block();
    let (columns, rows) = sheet.grid();
    let (w, h) = sheet.card_size();
    let xs: Vec<f32> = (0..=columns).map(|column| block.x + f32::from(column) * w).collect();
    let ys: Vec<f32> = (0..=rows).map(|row| block.y + f32::from(row) * h).collect();
    let mut marks = Shape::new();
    for &x in &xs {
        marks = marks.line(&[(x, block.y - GAP), (x, block.y - GAP - LENGTH)]);
        marks = marks.line(&[(x, block.bottom() + GAP), (x, block.bottom() + GAP + LENGTH)]);
    }
    for &y in &ys {
        marks = marks.line(&[(block.x - GAP, y), (block.x - GAP - LENGTH, y)]);
        marks = marks.line(&[(block.right() + GAP, y), (block.right() + GAP + LENGTH, y)]);
    }
    for &x in &xs[1..xs.len() - 1] {
        for &y in &ys[1..ys.len() - 1] {
            marks = marks.line(&[(x - ARM, y), (x + ARM, y)]).line(&[(x, y - ARM), (x, y + ARM)]);
        }
    }
    pen.stroke(Ink::Black, LINE, marks);
}

/// Room for a line under the cards, clear of the marks: middle and width of either half, and the baseline.
pub(super) fn footer(sheet: SheetSize) -> ([(f32, f32); 2], f32) {
    let block = sheet.block();
    let (w, _) = sheet.card_size();
    let half = |column: f32| (block.x + (column + 0.5) * w, w - 4.0);
    ([half(0.0), half(1.0)], block.bottom() + 4.6)
}
