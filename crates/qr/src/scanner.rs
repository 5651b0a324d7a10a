//! The scanner: a frame in, the codes that are in it out.
//!
//! A frame is searched in steps, from small and cheap to large: each finds finders, groups them, fits a grid to each
//! group and decodes it. Grids that look like codes but can't be read are kept, and worked on when the cheap steps fail.

use crate::binarise::{Rule, Thresholds};
use crate::decode::{Decoded, decode};
use crate::equalise::equalised;
use crate::finders::{self, Finder};
use crate::fit::{Anchors, Grid};
use crate::group::{SURE, pairs, triples};
use crate::plane::{Plane, Pyramid};
use crate::sample::{Limits, Samples};
use crate::stream::Stream;
use crate::{Frame, Point};

/// A code that was read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Sighting {
    /// What it says: text as UTF-8 where the code names an encoding, otherwise the bytes as they stand.
    pub bytes: Vec<u8>,
    /// Where it is: its own upper left, upper right, lower right and lower left corner, without the quiet zone.
    pub corners: [Point; 4],
}

/// Reads QR codes from frames. One is made once and kept: its buffers are used again for the next frame.
///
/// What [`Scanner::scan`] returns depends on nothing but the frame, and, for a stream, the frames before it: work is counted,
/// never timed.
#[derive(Default)]
pub struct Scanner {
    pyramid: Pyramid,
    thresholds: Thresholds,
    steps: Option<usize>,
    wanted: Option<Wanted>,
    stream: Option<Stream>,
}

/// Tells whether a text is the one the caller is after.
type Wanted = Box<dyn Fn(&[u8]) -> bool + Send>;

/// One step of the search; each is taken only when those before it read nothing (that is wanted).
enum Step {
    /// Look for finders at `1 / 2^level` of the size, and read what they promise.
    Look { level: usize, rule: Rule },
    /// Read what two finders promise whose third is covered.
    Pair,
    /// Work harder on the grids that promised something and couldn't be read.
    Dig,
}

const STEPS: [Step; 10] = [
    Step::Look { level: 2, rule: Rule::Mean },
    Step::Look { level: 1, rule: Rule::Mean },
    Step::Look { level: 0, rule: Rule::Mean },
    Step::Pair,
    Step::Dig,
    Step::Look { level: 1, rule: Rule::Envelope },
    Step::Look { level: 0, rule: Rule::Envelope },
    Step::Look { level: 3, rule: Rule::Mean },
    Step::Pair,
    Step::Dig,
];

/// Steps that every frame gets; the others only follow where some finder was seen.
const ALWAYS: usize = 3;

/// Looks at modules (one sample each) that digging may cost in a frame: about 10 ms.
const BUDGET: usize = 2_000_000;

/// Groups of finders that may be tried in vain one after another: before anything was read, and after.
const TRIPLES: usize = 20;
const MORE_TRIPLES: usize = 16;

/// Those of them with a finder that isn't sure; a third of it in smaller copies, where texture makes many.
const UNSURE_TRIPLES: usize = 10;

/// How well the timing patterns of a group must alternate for a grid to be worth a look.
const LEAST_TIMING: f32 = 0.3;

/// The same for two finders, of which one pattern is on firm ground only.
const LEAST_TIMING_OF_TWO: f32 = 0.45;

/// How far a grid is preferred whose timing patterns could be counted along a bend.
const TRACED: f32 = 0.9;

/// The same for a grid that other frames may bear out, and how many of them are kept.
const FAINT_TIMING: f32 = 0.1;
const FAINT: usize = 24;

/// Rays that a finder needs which was seen in several rows: one that the frame's edge cuts has no more.
const SURE_ENOUGH: f32 = 0.68;

/// Finders of which every two are tried, and places of two that are.
const PAIRED: usize = 8;
const PAIRS: usize = 40;

/// Modules so many pixels wide in a plane leave no doubt where a finder lies.
const CLEAR: f32 = 3.0;

/// Modules so many pixels wide in the plane of a pass leave no doubt that it saw every code of that size.
const FINE: f32 = 2.0;

impl Sighting {
    /// Whether a point lies within the code.
    pub(crate) fn holds(&self, point: Point) -> bool {
        let side = |i: usize| {
            let (a, b) = (self.corners[i], self.corners[(i + 1) % 4]);
            (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x)
        };
        let sides = [0, 1, 2, 3].map(side);
        sides.iter().all(|side| *side >= 0.0) || sides.iter().all(|side| *side <= 0.0)
    }
}

impl Scanner {
    /// The steps of a search, in order, for whoever measures them.
    pub const STEPS: [&'static str; STEPS.len()] = [
        "quarter size",
        "half size",
        "full size",
        "two finders",
        "polish, equalise, bend",
        "half size, by envelope",
        "full size, by envelope",
        "eighth size",
        "two finders again",
        "polish, equalise, bend",
    ];

    /// A scanner that stops at the first step which reads anything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A scanner for the frames of one stream, which goes on searching a frame until it has read a text for which
    /// `wanted` is true, so that a foreign code in view costs time but never hides the right one. All that was read is
    /// returned either way.
    ///
    /// It remembers what the last frames showed: a code that none of them shows whole is read from several, and one
    /// that was just read is looked for where it was.
    #[must_use]
    pub fn wanting(wanted: impl Fn(&[u8]) -> bool + Send + 'static) -> Self {
        Self { wanted: Some(Box::new(wanted)), stream: Some(Stream::default()), ..Self::default() }
    }

    /// Forgets the frames before: the next one belongs to another stream.
    pub fn forget(&mut self) {
        if let Some(stream) = &mut self.stream {
            *stream = Stream::default();
        }
    }

    /// Takes no more than the first `count` of [`Scanner::STEPS`]: less time, fewer reads.
    #[must_use]
    pub fn limited_to(self, count: usize) -> Self {
        Self { steps: Some(count), ..self }
    }

    /// Every code that could be read in the frame, each once.
    pub fn scan(&mut self, frame: &Frame) -> Vec<Sighting> {
        self.pyramid.clear();
        self.pyramid.build(frame, 3);
        let mut look = Look {
            frame,
            pyramid: &self.pyramid,
            prospects: Vec::new(),
            failed: Vec::new(),
            faint: Vec::new(),
            read: Vec::new(),
            strangers: Vec::new(),
            finest: f32::MAX,
            budget: BUDGET,
        };
        let mut patrol = true;
        if let Some(stream) = &mut self.stream {
            for reading in stream.revisit(frame, &self.pyramid) {
                let module = reading.grid.module();
                look.keep(reading, module);
            }
            patrol = stream.is_due();
        }
        let mut finders: Vec<Finder> = Vec::new();
        for (i, step) in STEPS.iter().enumerate().take(self.steps.unwrap_or(STEPS.len())) {
            if i >= ALWAYS && finders.is_empty() {
                break;
            }
            match *step {
                Step::Dig => look.dig(),
                Step::Pair => look.pairs(&finders),
                Step::Look { level, rule } => {
                    let plane = self.pyramid.plane(frame, level);
                    // Means of large blocks show as well in half the size; how dark and light it gets in narrow modules doesn't.
                    let half = (level == 0 && rule == Rule::Mean).then(|| self.pyramid.plane(frame, 1));
                    self.thresholds.measure(&plane, half.filter(|half| half.scale > 1.0).as_ref());
                    self.thresholds.apply(rule);
                    let rows = if plane.scale > 1.0 { 2 } else { 3 };
                    let mut seen = finders::find(&plane, &self.thresholds, rows, |place| look.is_read(place));
                    let fresh = seen.len();
                    finders.retain(|old| !seen.iter().any(|new| new.is_same(old)));
                    seen.append(&mut finders);
                    finders = seen;
                    look.groups(&finders, fresh, level);
                }
            }
            let enough = match &self.wanted {
                None if look.read.is_empty() => false,
                None => i + 1 >= ALWAYS || !look.may_see_more(&finders, step),
                Some(wanted) => {
                    (i + 1 >= ALWAYS || !patrol) && look.read.iter().any(|seen| wanted(&seen.sighting.bytes))
                }
            };
            if enough {
                break;
            }
        }
        let Look { prospects, failed: mut grids, faint, mut read, .. } = look;
        if let Some(stream) = &mut self.stream {
            grids.extend(prospects);
            grids.extend(faint);
            stream.learn(frame, &self.pyramid, &finders, &grids, &mut read);
        }
        read.into_iter().map(|seen| seen.sighting).collect()
    }
}

impl std::fmt::Debug for Scanner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scanner").field("steps", &self.steps).finish_non_exhaustive()
    }
}

/// What is being done with one frame.
struct Look<'a> {
    frame: &'a Frame,
    pyramid: &'a Pyramid,
    prospects: Vec<Prospect>,
    /// Those that were worked on in vain.
    failed: Vec<Prospect>,
    /// Those that this frame alone isn't worth more work.
    faint: Vec<Prospect>,
    read: Vec<Reading>,
    /// The middles of three finders, seen clearly, that no code holds together.
    strangers: Vec<[Point; 3]>,
    /// The narrowest modules of a code that was read, in pixels of the frame.
    finest: f32,
    /// What is left of [`BUDGET`].
    budget: usize,
}

/// A grid that looks like a code but couldn't be read at once.
pub(crate) struct Prospect {
    pub(crate) score: f32,
    pub(crate) grid: Grid,
    level: usize,
    is_traced: bool,
}

/// A grid that was read.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) sighting: Sighting,
    pub(crate) grid: Grid,
    /// How its data modules should have looked: 1 dark, −1 light, 0 elsewhere.
    pub(crate) ink: Vec<i8>,
    is_mirrored: bool,
}

impl Look<'_> {
    /// Whether a place lies within a code that was read.
    fn is_read(&self, place: Point) -> bool {
        self.read.iter().any(|seen| seen.sighting.holds(place))
    }

    /// Reads what can be read without much ado; the rest becomes prospects. Only the first `fresh` finders are new.
    fn groups(&mut self, finders: &[Finder], fresh: usize, level: usize) {
        let mut is_used: Vec<bool> = finders.iter().map(|finder| self.is_read(finder.middle)).collect();
        let groups = triples(finders).into_iter().filter(|t| t.members.iter().any(|&member| member < fresh));
        let (mut in_vain, mut unsure_in_vain) = (0, 0);
        let unsure = if level > 0 { UNSURE_TRIPLES / 3 } else { UNSURE_TRIPLES };
        for triple in groups {
            let is_sure = triple.members.iter().all(|&i| finders[i].sure > SURE);
            if in_vain >= if self.read.is_empty() { TRIPLES } else { MORE_TRIPLES } {
                break;
            }
            if triple.members.iter().any(|&member| is_used[member]) || !is_sure && unsure_in_vain == unsure {
                continue;
            }
            let group = triple.members.map(|i| &finders[i]);
            if self.are_strangers(group) {
                continue;
            }
            let prospects = self.prospects.len();
            if let Some(reading) = self.group(group) {
                // What looks like a finder within a code that was read is none.
                for (is_used, finder) in is_used.iter_mut().zip(finders) {
                    *is_used |= reading.sighting.holds(finder.middle);
                }
                triple.members.iter().for_each(|&member| is_used[member] = true);
                let module = triple.members.iter().map(|&i| finders[i].module).sum::<f32>() / 3.0;
                self.keep(reading, module);
                in_vain = 0;
            } else {
                in_vain += 1;
                unsure_in_vain += usize::from(!is_sure);
                let clear = CLEAR * (1 << level) as f32;
                if is_sure && self.prospects.len() == prospects && group.iter().all(|f| f.module > clear) {
                    self.strangers.push(group.map(|finder| finder.middle));
                }
            }
        }
    }

    /// Whether these finders were tried before, in a smaller copy that showed them clearly, and nothing spoke for them.
    fn are_strangers(&self, finders: [&Finder; 3]) -> bool {
        self.strangers.iter().any(|middles| {
            finders
                .iter()
                .all(|finder| middles.iter().any(|middle| middle.distance(finder.middle) < finder.module))
        })
    }

    /// Whether a finer look may read more: a finder was seen that belongs to none of the codes that were read, or modules
    /// were so small that others of their size may have been missed.
    fn may_see_more(&self, finders: &[Finder], step: &Step) -> bool {
        let is_coarse = match step {
            Step::Look { level, .. } => self.finest < FINE * (1 << level) as f32,
            Step::Dig | Step::Pair => false,
        };
        is_coarse || finders.iter().any(|finder| finder.sure > SURE && !self.is_read(finder.middle))
    }

    fn keep(&mut self, reading: Reading, module: f32) {
        self.finest = self.finest.min(module);
        if !self.read.iter().any(|seen| seen.sighting.bytes == reading.sighting.bytes) {
            self.read.push(reading);
        }
    }

    fn group(&mut self, finders: [&Finder; 3]) -> Option<Reading> {
        let anchors = Anchors::three(finders)?;
        let module = finders.iter().map(|f| f.module).sum::<f32>() / 3.0;
        if let Some(reading) = self.attempt(&anchors, module, LEAST_TIMING) {
            return Some(reading);
        }
        if finders.iter().all(|finder| finder.sure > SURE) {
            return self.bent(&anchors, module);
        }
        None
    }

    /// Reads a code on strongly bent paper, or keeps its grid for later.
    fn bent(&mut self, anchors: &Anchors, module: f32) -> Option<Reading> {
        let level = (module / 2.5).max(1.0).log2() as usize;
        let plane = self.pyramid.plane(self.frame, level);
        let grid = anchors.traced(&plane)?;
        let reading = read_grid(&grid, &plane);
        if reading.is_none() {
            self.prospects.push(Prospect { score: TRACED, grid, level, is_traced: true });
        }
        reading
    }

    /// Pairs of sure finders that no code claims yet.
    fn pairs(&mut self, finders: &[Finder]) {
        let is_free = |finder: &Finder| !self.is_read(finder.middle);
        let is_sure = |finder: &Finder| finder.sure > SURE || finder.sure > SURE_ENOUGH && finder.hits > 3;
        let mut members: Vec<usize> =
            (0..finders.len()).filter(|&i| is_sure(&finders[i]) && is_free(&finders[i])).collect();
        let weight = |i: usize| finders[i].sure + 0.02 * finders[i].hits.min(10) as f32;
        members.sort_by(|&a, &b| weight(b).total_cmp(&weight(a)));
        members.truncate(PAIRED);
        for pair in pairs(finders, &members).iter().take(PAIRS) {
            let [a, b] = pair.members.map(|i| &finders[i]);
            if self.is_read(a.middle) || self.is_read(b.middle) {
                continue;
            }
            let placed = [(pair.places[0], a), (pair.places[1], b)];
            let Some(anchors) = Anchors::two(placed, pair.right, pair.down, pair.span) else { continue };
            let module = (a.module + b.module) / 2.0;
            if let Some(reading) = self.attempt(&anchors, module, LEAST_TIMING_OF_TWO) {
                self.keep(reading, module);
            }
        }
    }

    /// Reads a code that these finders hold, or keeps its grid for later.
    fn attempt(&mut self, anchors: &Anchors, module: f32, least: f32) -> Option<Reading> {
        // Where a module is 2.5 to 5 pixels, one sample is about its mean.
        let level = (module / 2.5).max(1.0).log2() as usize;
        let plane = self.pyramid.plane(self.frame, level);
        let grids = anchors.grids(&plane);
        let best = grids.first()?.0;
        for (score, grid) in grids.iter().take(2) {
            if *score < least || *score < best - 0.25 {
                if *score > FAINT_TIMING && self.faint.len() < FAINT {
                    self.faint.push(Prospect { score: *score, grid: grid.clone(), level, is_traced: false });
                }
                break;
            }
            let (aligned, found) = anchors.align(grid, &plane);
            if let Some(reading) = read_grid(&aligned, &plane) {
                return Some(reading);
            }
            let score = score + if found > 0 { 0.3 } else { 0.0 };
            self.prospects.push(Prospect { score, grid: aligned, level, is_traced: false });
        }
        None
    }

    /// Spends the budget on the best prospects.
    fn dig(&mut self) {
        self.prospects.sort_by(|a, b| b.score.total_cmp(&a.score));
        for prospect in std::mem::take(&mut self.prospects) {
            let modules = prospect.grid.version.side() * prospect.grid.version.side();
            let cost = modules * if prospect.is_traced { 200 } else { 450 };
            if !self.is_new(&prospect.grid) {
                continue;
            }
            if cost > self.budget {
                self.faint.push(prospect);
                continue;
            }
            self.budget -= cost;
            if let Some(reading) = self.prospect(&prospect) {
                self.keep(reading, prospect.grid.module());
                return;
            }
            self.failed.push(prospect);
        }
    }

    /// Whether no grid was dug yet that lies within a share of a module of this one.
    fn is_new(&self, grid: &Grid) -> bool {
        let (corners, near) = (grid.corners(), 0.3 * grid.module());
        !self.failed.iter().any(|dug| {
            dug.grid.version == grid.version
                && dug.grid.corners().iter().zip(&corners).all(|(a, b)| a.distance(*b) < near)
        })
    }

    fn prospect(&self, prospect: &Prospect) -> Option<Reading> {
        let plane = self.pyramid.plane(self.frame, prospect.level);
        let grid = &prospect.grid;
        let envelope = |grid: &Grid| read_samples(grid, &plane, Limits::Envelope);
        let equal = |grid: &Grid| {
            let modules = Samples::new(grid.version, grid.sample(&plane), Limits::Mean).modules();
            Some(Reading::new(grid, decode(&equalised(&modules)?)?))
        };
        let settled = |grid: &Grid| {
            let mut bent = grid.clone();
            bent.settle(&plane);
            read_grid(&bent, &plane).or_else(|| envelope(&bent)).or_else(|| equal(&bent))
        };
        if prospect.is_traced {
            return envelope(grid).or_else(|| equal(grid)).or_else(|| settled(grid));
        }
        let mut polished = grid.clone();
        polished.polish(&plane);
        read_grid(&polished, &plane)
            .or_else(|| envelope(&polished))
            .or_else(|| equal(&polished))
            .or_else(|| equal(grid))
            .or_else(|| settled(&polished))
            .or_else(|| settled(grid))
            .or_else(|| if grid.is_bent() { settled(&grid.unbent()) } else { None })
    }
}

fn read_grid(grid: &Grid, plane: &Plane<'_>) -> Option<Reading> {
    read_samples(grid, plane, Limits::Mean)
}

fn read_samples(grid: &Grid, plane: &Plane<'_>, limits: Limits) -> Option<Reading> {
    let samples = Samples::new(grid.version, grid.sample(plane), limits);
    Some(Reading::new(grid, decode(&samples.modules())?))
}

impl Reading {
    pub(crate) fn new(grid: &Grid, decoded: Decoded) -> Self {
        let Decoded { bytes, is_mirrored, ink, .. } = decoded;
        let corners = [Point { x: 0.0, y: 0.0 }; 4];
        let reading = Self { sighting: Sighting { bytes, corners }, grid: grid.clone(), ink, is_mirrored };
        reading.seen_at(grid)
    }

    /// The same code in another place.
    pub(crate) fn seen_at(&self, grid: &Grid) -> Self {
        let [a, b, c, d] = grid.corners();
        let corners = if self.is_mirrored { [a, d, c, b] } else { [a, b, c, d] };
        let sighting = Sighting { bytes: self.sighting.bytes.clone(), corners };
        Self { sighting, grid: grid.clone(), ..self.clone() }
    }
}
