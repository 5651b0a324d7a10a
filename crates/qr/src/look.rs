//! What is done with one frame as its finders come in: they are grouped, a grid is fitted to each group and read. What looks
//! like a code but can't be read at once is kept for digging.

use crate::finders::Finder;
use crate::fit::{Anchors, Grid};
use crate::group::{SURE, pairs, triples};
use crate::plane::Pyramid;
use crate::reading::Reading;
use crate::sample::Limits;
use crate::{Frame, Point};

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

/// What is being done with one frame.
pub(crate) struct Look<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) pyramid: &'a Pyramid,
    pub(crate) prospects: Vec<Prospect>,
    /// Those that were worked on in vain.
    pub(crate) failed: Vec<Prospect>,
    /// Those that this frame alone isn't worth more work.
    pub(crate) faint: Vec<Prospect>,
    pub(crate) read: Vec<Reading>,
    /// The middles of three finders, seen clearly, that no code holds together.
    strangers: Vec<[Point; 3]>,
    /// The narrowest modules of a code that was read, in pixels of the frame.
    finest: f32,
    /// What is left to spend on digging, in looks at modules.
    pub(crate) budget: usize,
}

/// A grid that looks like a code but couldn't be read at once.
pub(crate) struct Prospect {
    pub(crate) score: f32,
    pub(crate) grid: Grid,
    pub(crate) level: usize,
    pub(crate) is_traced: bool,
    /// The grid after digging has polished it.
    pub(crate) polished: Option<Grid>,
}

impl<'a> Look<'a> {
    pub(crate) fn new(frame: &'a Frame, pyramid: &'a Pyramid, budget: usize) -> Self {
        Self {
            frame,
            pyramid,
            prospects: Vec::new(),
            failed: Vec::new(),
            faint: Vec::new(),
            read: Vec::new(),
            strangers: Vec::new(),
            finest: f32::MAX,
            budget,
        }
    }

    /// What was read, and the grids that promised something and weren't.
    pub(crate) fn into_parts(self) -> (Vec<Reading>, Vec<Prospect>) {
        let mut unread = self.failed;
        unread.extend(self.prospects);
        unread.extend(self.faint);
        (self.read, unread)
    }

    /// Whether a place lies within a code that was read.
    pub(crate) fn is_read(&self, place: Point) -> bool {
        self.read.iter().any(|seen| seen.sighting.holds(place))
    }

    /// Reads what can be read without much ado; the rest becomes prospects. Only the first `fresh` finders are new.
    pub(crate) fn groups(&mut self, finders: &[Finder], fresh: usize, level: usize) {
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
    /// were so small that others of their size may have been missed at `1 / 2^level` of the size.
    pub(crate) fn may_see_more(&self, finders: &[Finder], level: Option<usize>) -> bool {
        let is_coarse = level.is_some_and(|level| self.finest < FINE * (1 << level) as f32);
        is_coarse || finders.iter().any(|finder| finder.sure > SURE && !self.is_read(finder.middle))
    }

    pub(crate) fn keep(&mut self, reading: Reading, module: f32) {
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
        let level = level_for(module);
        let plane = self.pyramid.plane(self.frame, level);
        let grid = anchors.traced(&plane)?;
        let reading = Reading::of(&grid, &plane, Limits::Mean);
        if reading.is_none() {
            self.prospects.push(Prospect { score: TRACED, grid, level, is_traced: true, polished: None });
        }
        reading
    }

    /// Pairs of sure finders that no code claims yet.
    pub(crate) fn pairs(&mut self, finders: &[Finder]) {
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
        let level = level_for(module);
        let plane = self.pyramid.plane(self.frame, level);
        let grids = anchors.grids(&plane);
        let best = grids.first()?.0;
        for (score, grid) in grids.iter().take(2) {
            if *score < least || *score < best - 0.25 {
                if *score > FAINT_TIMING && self.faint.len() < FAINT {
                    self.faint.push(Prospect {
                        score: *score,
                        grid: grid.clone(),
                        level,
                        is_traced: false,
                        polished: None,
                    });
                }
                break;
            }
            let (aligned, found) = anchors.align(grid, &plane);
            if let Some(reading) = Reading::of(&aligned, &plane, Limits::Mean) {
                return Some(reading);
            }
            let score = score + if found > 0 { 0.3 } else { 0.0 };
            self.prospects.push(Prospect { score, grid: aligned, level, is_traced: false, polished: None });
        }
        None
    }
}

/// The copy of the frame in which a module is 2.5 to 5 pixels wide: one sample is about its mean there.
pub(crate) fn level_for(module: f32) -> usize {
    (module / 2.5).max(1.0).log2() as usize
}
