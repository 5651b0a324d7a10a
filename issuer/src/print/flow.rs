//! Paragraphs: text broken into lines that fit. A line breaks between Chinese characters and between words; what closes a phrase
//! starts no line, what opens one ends none.

use super::fonts::{Fonts, Weight};
use super::pen::{Align, Area, Pen, Type};

/// What may not start a line (GB/T 15834 §5.1.10 and its Latin kin).
const CLOSING: &str = "，。、；：！？）》」』】”’…—,.;:!?)]}%°";
/// What may not end one.
const OPENING: &str = "（《「『【“‘([{";

/// How far a column shrinks to fit, and by how much at a time.
const SMALLEST: f32 = 0.35;
const STEP: f32 = 0.97;

/// A column: what stands in it is gathered first, so that all of it can shrink together where it is too much.
pub(super) struct Flow {
    area: Area,
    items: Vec<Item>,
}

enum Item {
    Gap(f32),
    /// One line, as large as fits.
    Line(Type, String),
    /// Lines, this many times their size apart, with a mark before the first of them.
    Lines {
        set: Type,
        leading: f32,
        mark: &'static str,
        text: String,
    },
}

/// Where a column ended, and the characters in it that no font has.
pub(super) struct Flowed {
    pub(super) y: f32,
    pub(super) missing: Vec<char>,
}

impl Flow {
    pub(super) fn new(area: Area) -> Self {
        Self { area, items: Vec::new() }
    }

    /// Leaves room, in millimetres.
    pub(super) fn gap(mut self, by: f32) -> Self {
        self.items.push(Item::Gap(by));
        self
    }

    /// Sets one line, as large as `set` says, or smaller until it fits.
    pub(super) fn line(mut self, set: Type, text: &str) -> Self {
        self.items.push(Item::Line(set, text.to_owned()));
        self
    }

    /// Sets a paragraph, its lines `leading` times the size apart.
    pub(super) fn text(mut self, set: Type, leading: f32, text: &str) -> Self {
        self.items.push(Item::Lines { set, leading, mark: "", text: text.to_owned() });
        self
    }

    /// Sets a point of a list: its mark stands before it.
    pub(super) fn point(mut self, set: Type, mark: &'static str, text: &str) -> Self {
        self.items.push(Item::Lines { set, leading: 1.4, mark, text: text.to_owned() });
        self
    }

    /// Draws the column from the top of its area down.
    pub(super) fn draw(self, pen: &mut Pen<'_, '_>) -> Flowed {
        let scale = self.scale(pen.fonts);
        let mut done = Flowed { y: self.area.y, missing: Vec::new() };
        for item in &self.items {
            match item {
                Item::Gap(by) => done.y += by * scale,
                Item::Line(set, text) => {
                    let set = self.fitting(pen.fonts, *set, scale, text);
                    self.put(pen, set, LINE, text, 0.0, &mut done);
                }
                Item::Lines { set, leading, mark, text } => {
                    let (set, indent) = self.scaled(*set, scale, mark);
                    let top = done.y;
                    if !mark.is_empty() {
                        self.put(pen, set, *leading, mark, 0.0, &mut done);
                        done.y = top;
                    }
                    for line in lines(pen.fonts, set, text) {
                        self.put(pen, set, *leading, &line, indent, &mut done);
                    }
                }
            }
        }
        done
    }

    fn put(
        &self,
        pen: &mut Pen<'_, '_>,
        set: Type,
        leading: f32,
        line: &str,
        indent: f32,
        done: &mut Flowed,
    ) {
        let x = match set.align {
            Align::Left => self.area.x + indent,
            Align::Centre => self.area.centre().0,
            Align::Right => self.area.right(),
        };
        // Chinese characters sit about 0.12 of their size below the baseline.
        let baseline = done.y + set.size * (0.88 + (leading - 1.0) / 2.0);
        done.missing.extend(pen.text((x, baseline), set, line));
        done.y += set.size * leading;
    }

    /// The largest size at which all of it fits.
    fn scale(&self, fonts: &mut Fonts) -> f32 {
        let mut scale = 1.0;
        while scale > SMALLEST && self.height(fonts, scale) > self.area.h {
            scale *= STEP;
        }
        scale
    }

    fn height(&self, fonts: &mut Fonts, scale: f32) -> f32 {
        let height = |item: &Item| match item {
            Item::Gap(by) => by * scale,
            Item::Line(set, text) => self.fitting(fonts, *set, scale, text).size * LINE,
            Item::Lines { set, leading, mark, text } => {
                let (set, _) = self.scaled(*set, scale, mark);
                let count = u16::try_from(lines(fonts, set, text).len()).unwrap_or(u16::MAX);
                f32::from(count) * set.size * leading
            }
        };
        self.items.iter().map(height).sum()
    }

    fn scaled(&self, set: Type, scale: f32, mark: &str) -> (Type, f32) {
        let size = set.size * scale;
        let indent = if mark.is_empty() { 0.0 } else { size * 1.5 };
        (Type { size, room: self.area.w - indent, ..set }, indent)
    }

    fn fitting(&self, fonts: &mut Fonts, set: Type, scale: f32, text: &str) -> Type {
        let wide = em_width(fonts, set.weight, text).max(f32::EPSILON);
        let size = (set.size * scale).min(self.area.w / wide);
        Type { size, room: self.area.w + 0.1, ..set }
    }
}

/// The height of a single line in its size.
const LINE: f32 = 1.22;

/// The lines of a paragraph at this size. A word that is wider than the column gets a line of its own, and shrinks.
pub(super) fn lines(fonts: &mut Fonts, set: Type, text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut width) = (String::new(), 0.0);
    for piece in pieces(text) {
        let wide = em_width(fonts, set.weight, &piece) * set.size;
        // A space at the end of a line takes no room.
        let solid = em_width(fonts, set.weight, piece.trim_end()) * set.size;
        if width + solid > set.room && !line.is_empty() {
            lines.push(line.trim_end().to_owned());
            (line, width) = (String::new(), 0.0);
        }
        line.push_str(&piece);
        width += wide;
    }
    if !line.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

fn em_width(fonts: &mut Fonts, weight: Weight, text: &str) -> f32 {
    fonts.run(text, weight, None).width
}

/// What a line may be broken between: Chinese characters with the signs that belong to them, words with the space behind.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut joins = false;
    for c in text.chars() {
        let before = pieces.last().and_then(|piece| piece.chars().last());
        let belongs = before.is_some_and(|before| {
            CLOSING.contains(c)
                || OPENING.contains(before)
                || c.is_whitespace()
                || (is_of_word(before) && is_of_word(c))
        });
        match pieces.last_mut() {
            Some(piece) if joins || belongs => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
        joins = OPENING.contains(c);
    }
    pieces
}

/// Letters, figures and the signs within words: what Chinese is not.
fn is_of_word(c: char) -> bool {
    !c.is_whitespace() && (c as u32) < 0x2E80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_lines_may_break() {
        for (text, expected) in [
            ("不得外出，", "不|得|外|出，"),
            ("（三天）后", "（三|天）|后"),
            ("go home, now", "go |home, |now"),
            ("体温 37.3 °C 以上。", "体|温 |37.3 °C |以|上。"),
            ("电话0311-8888", "电|话|0311-8888"),
            ("", ""),
        ] {
            assert_eq!(pieces(text).join("|"), expected);
        }
    }

    #[test]
    fn a_column_shrinks_until_all_of_it_fits() {
        let mut fonts = Fonts::find(None).expect("the system packages of the tests hold a Chinese font");
        let area = Area::new(0.0, 0.0, 100.0, 60.0);
        let set = Type::regular(8.0, super::super::pen::Ink::Black, 100.0);
        for copies in [1, 4, 12] {
            let text = "回家不受阻拦。Coming home is never refused. ".repeat(copies);
            let flow =
                Flow::new(area).line(set, "Home observation, a headline").gap(4.0).point(set, "1", &text);
            let scale = flow.scale(&mut fonts);
            assert!(flow.height(&mut fonts, scale) <= area.h, "{copies}");
            assert_eq!(scale < 1.0, copies > 1, "{copies}: {scale}");
        }
    }

    #[test]
    fn lines_fit_and_lose_nothing() {
        let mut fonts = Fonts::find(None).expect("the system packages of the tests hold a Chinese font");
        let text = "观察期满，须经体检合格并由社区签字解除，不会自动解除（call 0311-88886666）。";
        for room in [1.0, 12.0, 40.0, 300.0] {
            let set = Type::regular(5.0, super::super::pen::Ink::Black, room);
            let lines = lines(&mut fonts, set, text);
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
            for line in &lines {
                let width = em_width(&mut fonts, set.weight, line) * 5.0;
                assert!(width <= room || pieces(line).len() == 1, "{line} is {width} wide in {room}");
            }
        }
    }
}
