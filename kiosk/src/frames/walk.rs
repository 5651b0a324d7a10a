//! A walk-through made from printed sheets: every card on them is held up to a camera that isn't there.
//!
//! Pages are rasterised by `pdftoppm`, each card is found by its code, cut out with what is printed around it, tilted,
//! moved, lit and blurred, several frames long, with empty frames between cards. So the whole way from paper to log runs.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use qr::degrade::{Camera, Card, Dice, Glare, Light, Motion, Pose, Scene};
use qr::{Frame, Scanner, Sighting};

use super::crop::crop;
use super::{SourceError, Step, picture};

/// The frames of an ordinary webcam.
const WIDTH: usize = 1280;
const HEIGHT: usize = 720;
/// The time between two frames.
const INTERVAL: Duration = Duration::from_millis(100);
/// Frames for which a card is held up.
const HELD: u32 = 5;
/// Empty frames after it, when nobody asked for a pace.
const EMPTY: u32 = 2;
/// Frames made ahead of the one that is looked at.
const AHEAD: usize = 2;
/// Dots per inch at which sheets are rasterised: a module of 0.45 mm has 3.5 dots.
const DPI: u32 = 200;

/// Printed sheets, shown card by card.
#[derive(Debug)]
pub struct Walk {
    /// Frames that were made ahead, while the ones before them are looked at.
    steps: Receiver<Result<Step, SourceError>>,
}

/// Who leafs through the sheets and holds up the cards.
#[derive(Debug)]
struct Bearer {
    sheets: Vec<PathBuf>,
    /// Pages that are still to be rasterised, as sheet and page number.
    pages: VecDeque<(PathBuf, u32)>,
    cards: VecDeque<Held>,
    showing: Option<Held>,
    /// Frames for each card, empty ones included.
    per_card: u32,
    /// Frames given for the card that is shown.
    shown: u32,
    given: u32,
    again: bool,
    dice: Dice,
}

/// A card as it was cut out of its sheet.
#[derive(Debug)]
struct Held {
    drawing: Frame,
    /// Where the middle of its code is, from the middle of the drawing, and the code's side; in pixels of the drawing.
    code: (f32, f32),
    side: f32,
}

impl Walk {
    /// A walk through these sheets. With a pace, a card comes that often, and after the last the first comes again.
    ///
    /// # Errors
    /// When a sheet can't be read or poppler's tools are missing.
    pub fn open(sheets: &[PathBuf], pace: Option<Duration>) -> Result<Self, SourceError> {
        let mut bearer = Bearer::new(sheets, pace)?;
        let (send, steps) = sync_channel(AHEAD);
        std::thread::spawn(move || {
            loop {
                let step = bearer.step();
                let more = matches!(step, Ok(Step::Frame { .. }));
                // Nobody looks any more when the other end has gone.
                if send.send(step).is_err() || !more {
                    return;
                }
            }
        });
        Ok(Self { steps })
    }

    /// The next frame.
    pub(super) fn step(&mut self) -> Result<Step, SourceError> {
        self.steps.recv().unwrap_or(Ok(Step::End))
    }
}

impl Bearer {
    fn new(sheets: &[PathBuf], pace: Option<Duration>) -> Result<Self, SourceError> {
        let frames = |pace: Duration| (pace.as_millis() / INTERVAL.as_millis()).clamp(1, 36_000) as u32;
        let mut bearer = Self {
            sheets: sheets.to_vec(),
            pages: VecDeque::new(),
            cards: VecDeque::new(),
            showing: None,
            per_card: pace.map_or(HELD + EMPTY, |pace| frames(pace).max(HELD + 1)),
            shown: 0,
            given: 0,
            again: pace.is_some(),
            dice: Dice::new(1),
        };
        bearer.start()?;
        Ok(bearer)
    }

    fn start(&mut self) -> Result<(), SourceError> {
        for sheet in &self.sheets {
            self.pages.extend((1..=pages_of(sheet)?).map(|page| (sheet.clone(), page)));
        }
        Ok(())
    }

    fn step(&mut self) -> Result<Step, SourceError> {
        if self.showing.is_none() || self.shown == self.per_card {
            self.shown = 0;
            self.showing = self.next_card()?;
        }
        let Some(card) = &self.showing else { return Ok(Step::End) };
        let frame = card.frame((self.shown < HELD).then_some(self.shown), &mut self.dice);
        let at = INTERVAL * self.given;
        self.shown += 1;
        self.given += 1;
        Ok(Step::Frame { frame, at })
    }

    fn next_card(&mut self) -> Result<Option<Held>, SourceError> {
        let mut turned_over = false;
        loop {
            if let Some(card) = self.cards.pop_front() {
                return Ok(Some(card));
            }
            let Some((sheet, page)) = self.pages.pop_front() else {
                // Sheets without a single card would be leafed through for ever.
                if !self.again || turned_over || self.given == 0 {
                    return Ok(None);
                }
                turned_over = true;
                self.start()?;
                continue;
            };
            let raster = rasterise(&sheet, page)?;
            self.cards = cards_of(&raster).into();
            if self.cards.is_empty() {
                tracing::warn!(sheet = %sheet.display(), page, "no card was found on this page");
            }
        }
    }
}

impl Held {
    /// The card while it is held up, or the view without it.
    fn frame(&self, held: Option<u32>, dice: &mut Dice) -> Frame {
        let mut scene = Scene::of(&self.drawing);
        // A code of 49 modules (version 8) gets 4.5 to 6 pixels a module.
        let side = dice.between(220.0, 295.0);
        let scale = side / self.side;
        let middle = |offset: f32, length: usize, jitter: f32| 0.5 - offset * scale / length as f32 + jitter;
        scene.pose = Pose {
            x: middle(self.code.0, WIDTH, dice.between(-0.12, 0.12)),
            y: middle(self.code.1, HEIGHT, dice.between(-0.08, 0.08)),
            width: self.drawing.width() as f32 * scale,
            roll: dice.between(-12.0, 12.0),
            yaw: dice.between(-16.0, 16.0),
            pitch: dice.between(-14.0, 14.0),
        };
        let Some(at) = held else {
            scene.pose.x = -4.0;
            return scene.render(WIDTH, HEIGHT, dice.bits());
        };
        scene.card =
            Card { ground: dice.between(205.0, 240.0), ink: dice.between(15.0, 40.0), ..Card::default() };
        scene.light =
            Light { level: dice.between(0.6, 1.05), haze: dice.between(0.0, 18.0), ..Light::default() };
        if dice.chance(0.3) {
            let (x, y) = (dice.between(0.1, 0.9), dice.between(0.1, 0.9));
            scene.light.glare = Some(Glare { x, y, radius: 0.05, strength: 140.0 });
        }
        // The hand comes to rest: the first and the last frames are smeared.
        let moving = at == 0 || at + 1 == HELD;
        let motion = moving.then_some(Motion { length: 4.0, angle: dice.between(0.0, 180.0) });
        let blur = dice.between(0.5, 1.1);
        scene.camera = Camera { blur, motion, noise: dice.between(1.0, 4.0), jpeg: Some(85) };
        scene.render(WIDTH, HEIGHT, dice.bits())
    }
}

/// Every card on a page, row by row.
fn cards_of(page: &Frame) -> Vec<Held> {
    let mut codes = codes_of(page);
    codes.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rows: Vec<Vec<Code>> = Vec::new();
    for code in &codes {
        match rows.last_mut() {
            Some(row) if code.y - row[0].y < code.side / 2.0 => row.push(*code),
            _ => rows.push(vec![*code]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.x.total_cmp(&b.x));
    }
    rows.iter().flatten().filter_map(|code| code.cut(page, &codes)).collect()
}

/// Every code on a page. Many codes in rows and columns confuse a finder, so parts of the page are looked at: each larger
/// than a card, with steps small enough that every card is whole in one of them.
fn codes_of(page: &Frame) -> Vec<Code> {
    const WIDTH: f32 = 0.6;
    const HEIGHT: f32 = 0.34;
    let (page_width, page_height) = (page.width() as f32, page.height() as f32);
    let mut codes: Vec<(Vec<u8>, Code)> = Vec::new();
    let mut scanner = Scanner::new();
    for row in 0..9_u8 {
        for column in 0..2_u8 {
            let left = (f32::from(column) * (1.0 - WIDTH) * page_width).floor();
            let top = (f32::from(row) / 8.0 * (1.0 - HEIGHT) * page_height).floor();
            let part = crop(page, left, top, left + WIDTH * page_width, top + HEIGHT * page_height);
            for sighting in part.iter().flat_map(|part| scanner.scan(part)) {
                if !codes.iter().any(|(bytes, _)| *bytes == sighting.bytes) {
                    let code = Code::of(&sighting);
                    codes.push((sighting.bytes, Code { x: code.x + left, y: code.y + top, ..code }));
                }
            }
        }
    }
    codes.into_iter().map(|(_, code)| code).collect()
}

/// A code on a page: its middle and its side.
#[derive(Clone, Copy, Debug)]
struct Code {
    x: f32,
    y: f32,
    side: f32,
}

impl Code {
    fn of(sighting: &Sighting) -> Self {
        let [a, b, c, d] = &sighting.corners;
        let side = ((b.x - a.x).hypot(b.y - a.y) + (d.x - a.x).hypot(d.y - a.y)) / 2.0;
        let mean = |values: [f32; 4]| values.iter().sum::<f32>() / 4.0;
        Self { x: mean([a.x, b.x, c.x, d.x]), y: mean([a.y, b.y, c.y, d.y]), side: side.max(1.0) }
    }

    /// The code with what is printed around it: up to a code's width further, and halfway to its neighbours at most.
    fn cut(&self, page: &Frame, all: &[Self]) -> Option<Held> {
        type Distance = fn(&Code, &Code) -> f32;
        let reach = |towards: Distance, across: Distance| {
            let neighbours = all.iter().filter(|other| across(self, other).abs() < self.side);
            let distances = neighbours.map(|other| towards(self, other)).filter(|d| *d > self.side * 0.5);
            distances.fold(self.side * 3.0, f32::min) / 2.0
        };
        let (dx, dy): (Distance, Distance) = (|a, b| b.x - a.x, |a, b| b.y - a.y);
        let (left, right) = (self.x - reach(|a, b| a.x - b.x, dy), self.x + reach(dx, dy));
        let (top, bottom) = (self.y - reach(|a, b| a.y - b.y, dx), self.y + reach(dy, dx));
        let (left, top) = (left.max(0.0), top.max(0.0));
        let drawing = crop(page, left, top, right, bottom)?;
        let middle = |start: f32, length: usize| start + length as f32 / 2.0;
        let code = (self.x - middle(left, drawing.width()), self.y - middle(top, drawing.height()));
        Some(Held { drawing, code, side: self.side })
    }
}

/// How many pages a PDF has.
fn pages_of(sheet: &Path) -> Result<u32, SourceError> {
    let output = poppler(Command::new("pdfinfo").arg(sheet), "pdfinfo", sheet)?;
    let text = String::from_utf8_lossy(&output);
    let pages = text.lines().find_map(|line| line.strip_prefix("Pages:")?.trim().parse().ok());
    pages.ok_or_else(|| SourceError::Form { path: sheet.to_owned(), what: "a PDF without pages".into() })
}

/// A page as a grey picture.
fn rasterise(sheet: &Path, page: u32) -> Result<Frame, SourceError> {
    let (page, dpi) = (page.to_string(), DPI.to_string());
    let mut command = Command::new("pdftoppm");
    command.args(["-gray", "-r", &dpi, "-f", &page, "-l", &page]).arg(sheet);
    let pgm = poppler(&mut command, "pdftoppm", sheet)?;
    picture::decode(&pgm).map_err(|what| SourceError::Form { path: sheet.to_owned(), what })
}

fn poppler(command: &mut Command, program: &'static str, sheet: &Path) -> Result<Vec<u8>, SourceError> {
    let output = command.stdin(Stdio::null()).output().map_err(|why| match why.kind() {
        io::ErrorKind::NotFound => SourceError::NeedsProgram { program, package: "poppler-utils" },
        _ => SourceError::Disk { path: sheet.to_owned(), why },
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let what = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(SourceError::Form { path: sheet.to_owned(), what })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page with codes at these places.
    fn page(places: &[(usize, usize)]) -> Frame {
        let (width, height) = (1200, 800);
        let mut luma = vec![255; width * height];
        for (i, (left, top)) in places.iter().enumerate() {
            let code = qr::encode(&format!("SG1:CARD{i}")).unwrap();
            for y in 0..code.width() * 4 {
                for x in 0..code.width() * 4 {
                    if code.is_dark(x / 4, y / 4) {
                        luma[(top + y) * width + left + x] = 0;
                    }
                }
            }
        }
        Frame::new(width, height, luma).unwrap()
    }

    #[test]
    fn cards_are_cut_apart_row_by_row_and_read_again() {
        let cards = cards_of(&page(&[(700, 500), (200, 100), (700, 96), (200, 505)]));
        let texts: Vec<Vec<u8>> = cards
            .iter()
            .flat_map(|card| Scanner::new().scan(&card.drawing))
            .map(|sighting| sighting.bytes)
            .collect();
        assert_eq!(texts, [&b"SG1:CARD1"[..], b"SG1:CARD2", b"SG1:CARD3", b"SG1:CARD0"]);
    }

    #[test]
    fn a_card_held_up_is_read_in_most_frames_and_gone_in_empty_ones() {
        let cards = cards_of(&page(&[(400, 300)]));
        let mut dice = Dice::new(5);
        let mut read = |held| Scanner::new().scan(&cards[0].frame(held, &mut dice)).len();
        let seen: usize = (0..HELD).map(|at| read(Some(at))).sum();
        assert!(seen >= 3, "read in {seen} of {HELD}");
        assert_eq!((0..EMPTY).map(|_| read(None)).sum::<usize>(), 0);
    }
}
