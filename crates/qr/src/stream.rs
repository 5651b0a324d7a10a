//! What a scanner remembers of the frames before: codes that were read, and codes that no frame showed whole.
//!
//! A code that was read is looked for where it was, before anything else. A grid that couldn't be read is followed from
//! frame to frame; what each frame shows of it is added up until all together can be read. A text that comes of many
//! frames must be borne out by each of them.

use crate::decode::{Modules, decode};
use crate::equalise::equalised;
use crate::evidence::{Evidence, Look};
use crate::finders::Finder;
use crate::fit::{Grid, Marks};
use crate::look::{Prospect, level_for};
use crate::plane::{Plane, Pyramid};
use crate::reading::Reading;
use crate::{Frame, Point};

/// Codes that are followed at once.
const TRACKS: usize = 6;

/// Codes that the search of a frame didn't find and that are looked for, at about 1.5 ms each.
const FOLLOWED: usize = 2;

/// Frames after which a code that wasn't seen is forgotten.
const PATIENCE: u64 = 5;

/// Prospects of a frame that are looked at.
const PROSPECTS: usize = 4;

/// How near, in modules, the corners of two grids lie that are all but the same.
const ALIKE: f32 = 0.75;

/// Every so many frames are searched for more codes, though one that is wanted was read.
const PATROL: u64 = 4;

/// How well function patterns must look like themselves for a look to count.
const LEAST_QUALITY: f32 = 0.2;

/// How a look must go with what is known of a code, to be a look at it. Two codes agree by chance in 0.00 ± 0.04, and by
/// what all passes have in common in less than 0.1.
const SAME: f32 = 0.15;

/// How every look must go with a text that was read of all, and how the latest must.
const BORNE_OUT: f32 = 0.2;

/// How a look must go with a text that was read before, to be a sight of it without reading it again: of the modules that
/// show anything nine in ten are as they should be, where error correction is content with six in seven.
const UNMISTAKABLE: f32 = 0.6;

/// Bits of evidence that a reading of several looks must have. Each frame tries a handful: a wrong one in 100,000 years of video.
const EVIDENCE: f32 = 48.0;

/// Attempts in vain after which a code is tried less and less often.
const TRIES: u32 = 24;

/// The memory of a stream.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    tracks: Vec<Track>,
    now: u64,
    size: (usize, usize),
}

/// One code on its way through the frames.
#[derive(Debug)]
struct Track {
    grid: Grid,
    /// How its middle moved in the last frame.
    way: Option<Point>,
    seen: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Not yet read.
    Guessed { evidence: Evidence, tries: u32 },
    /// Read: what its modules look like.
    Read { reading: Box<Reading>, ink: Vec<f32>, marks: Marks },
}

impl State {
    fn read(reading: &Reading) -> Self {
        let ink: Vec<f32> = reading.ink.iter().map(|&v| f32::from(v)).collect();
        let marks = Marks::of(reading.grid.version, &ink, 0.5);
        Self::Read { reading: Box::new(reading.clone()), ink, marks }
    }
}

impl Stream {
    /// Whether this frame should be searched for more codes, even if one that is wanted was read.
    pub(crate) fn is_due(&self) -> bool {
        self.now.is_multiple_of(PATROL)
    }

    /// A new frame comes. Reads again what was read before, close to where it was.
    pub(crate) fn revisit(&mut self, frame: &Frame, pyramid: &Pyramid) -> Vec<Reading> {
        let size = (frame.width(), frame.height());
        if self.size != size {
            self.tracks.clear();
            self.size = size;
        }
        self.now += 1;
        let now = self.now;
        self.tracks.retain(|track| now - track.seen <= PATIENCE);
        let mut readings = Vec::new();
        for track in &mut self.tracks {
            let State::Read { reading, ink, marks } = &track.state else { continue };
            let mut grid = track.ahead();
            let plane = plane_for(&grid, frame, pyramid);
            if grid.chase(&plane, marks, 3.0) < 0.3 {
                continue;
            }
            grid.hold(&plane, marks);
            let look = Look::new(&grid, &plane);
            if look.agreement(grid.version, ink) >= UNMISTAKABLE {
                readings.push(reading.seen_at(&grid));
                track.moved_to(grid, now);
            }
        }
        readings
    }

    /// Takes up what the search of the frame found, read or not, and reads what all frames together show.
    pub(crate) fn learn(
        &mut self,
        frame: &Frame,
        pyramid: &Pyramid,
        finders: &[Finder],
        prospects: &[Prospect],
        read: &mut Vec<Reading>,
    ) {
        let now = self.now;
        for reading in read.iter() {
            self.remember(reading);
        }
        let is_read =
            |read: &[Reading], grid: &Grid| read.iter().any(|seen| seen.sighting.holds(middle_of(grid)));
        let mut looks: Vec<(Grid, Look)> = Vec::new();
        let mut likely: Vec<(f32, &Grid, bool)> = Vec::new();
        for Prospect { grid, polished, .. } in prospects {
            let grid = polished.as_ref().unwrap_or(grid);
            if !is_read(read, grid) && !likely.iter().any(|(_, known, _)| known.is_near(grid, ALIKE)) {
                let likeness = grid.likeness_to_code(&plane_for(grid, frame, pyramid));
                likely.push((likeness, grid, polished.is_some()));
            }
        }
        likely.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (_, grid, is_polished) in likely.into_iter().take(PROSPECTS) {
            let plane = plane_for(grid, frame, pyramid);
            let mut grid = grid.clone();
            if !is_polished {
                grid.polish(&plane);
            }
            let look = Look::new(&grid, &plane);
            if look.quality >= LEAST_QUALITY {
                looks.push((grid, look));
            }
        }
        looks.sort_by(|a, b| b.1.quality.total_cmp(&a.1.quality));
        for (grid, look) in looks {
            let plane = plane_for(&grid, frame, pyramid);
            self.take(grid, look, &plane);
        }
        // Those that were seen most often are the likeliest to be codes at all.
        self.tracks.sort_by_key(|track| std::cmp::Reverse(track.looks()));
        let mut followed = 0;
        for track in &mut self.tracks {
            if track.seen != now && track.looks() > 0 && followed < FOLLOWED && !is_read(read, &track.grid) {
                track.follow(frame, pyramid, finders, now);
                followed += 1;
            }
            if track.seen == now
                && let Some(reading) = track.read()
                && !read.iter().any(|seen| seen.sighting.bytes == reading.sighting.bytes)
            {
                track.state = State::read(&reading);
                read.push(reading);
            }
        }
    }

    /// A code that was read is followed from here on; what was guessed about it is done with.
    fn remember(&mut self, reading: &Reading) {
        let now = self.now;
        let middle = middle_of(&reading.grid);
        self.tracks.retain(|track| {
            track.seen == now && matches!(track.state, State::Read { .. })
                || !reading.sighting.holds(middle_of(&track.grid))
        });
        if self.tracks.iter().any(|track| reading.sighting.holds(middle_of(&track.grid))) {
            return;
        }
        let before = self.tracks.iter().position(|track| {
            matches!(track.state, State::Read { .. }) && track.seen != now && track.is_near(middle)
        });
        let state = State::read(reading);
        match before {
            Some(i) => {
                self.tracks[i].moved_to(reading.grid.clone(), now);
                self.tracks[i].state = state;
            }
            None => self.start(reading.grid.clone(), state),
        }
    }

    /// Adds a look to the code it shows, or follows a new one.
    fn take(&mut self, grid: Grid, look: Look, plane: &Plane<'_>) {
        let now = self.now;
        let middle = middle_of(&grid);
        let mut best: Option<(usize, f32)> = None;
        for (i, track) in self.tracks.iter().enumerate() {
            let State::Guessed { evidence, .. } = &track.state else { continue };
            let same = track.grid.version == grid.version && track.grid.inverted == grid.inverted;
            if track.seen == now && track.is_near(middle) {
                // A better look at it was taken already.
                return;
            }
            if !same || track.seen == now {
                continue;
            }
            let agreement = evidence.agreement(&look);
            if agreement >= SAME && best.is_none_or(|(_, other)| agreement > other) {
                best = Some((i, agreement));
            }
        }
        let Some((i, agreement)) = best else {
            let evidence = Evidence::new(grid.version, look);
            return self.start(grid, State::Guessed { evidence, tries: 0 });
        };
        let track = &mut self.tracks[i];
        let State::Guessed { evidence, .. } = &mut track.state else { return };
        let mut held = grid.clone();
        held.hold(plane, &evidence.marks());
        let better = Look::new(&held, plane);
        if evidence.agreement(&better) > agreement {
            evidence.add(better);
            track.moved_to(held, now);
        } else {
            evidence.add(look);
            track.moved_to(grid, now);
        }
    }

    fn start(&mut self, grid: Grid, state: State) {
        if self.tracks.len() == TRACKS {
            let now = self.now;
            let worth = |track: &Track| match &track.state {
                State::Read { .. } => 100 - (now - track.seen),
                State::Guessed { evidence, .. } => {
                    (10 + evidence.count() as u64).saturating_sub(2 * (now - track.seen))
                }
            };
            let least = (0..TRACKS).min_by_key(|&i| worth(&self.tracks[i]));
            self.tracks.remove(least.unwrap_or(0));
        }
        self.tracks.push(Track { grid, way: None, seen: self.now, state });
    }
}

impl Track {
    /// Where it should be now, if it went on as it did.
    fn ahead(&self) -> Grid {
        let way = self.way.unwrap_or(Point { x: 0.0, y: 0.0 });
        let moved = self.grid.carried(|p| Point { x: p.x + way.x, y: p.y + way.y });
        moved.unwrap_or_else(|| self.grid.clone())
    }

    /// Looks at it that wait to be read.
    fn looks(&self) -> usize {
        match &self.state {
            State::Guessed { evidence, .. } => evidence.count(),
            State::Read { .. } => 0,
        }
    }

    fn is_near(&self, middle: Point) -> bool {
        let side = self.grid.version.side() as f32 * self.grid.module();
        middle_of(&self.grid).distance(middle) < 0.5 * side
    }

    fn moved_to(&mut self, grid: Grid, now: u64) {
        let (from, to) = (middle_of(&self.grid), middle_of(&grid));
        let frames = (now - self.seen).max(1) as f32;
        self.way = Some(Point { x: (to.x - from.x) / frames, y: (to.y - from.y) / frames });
        self.grid = grid;
        self.seen = now;
    }

    /// Looks for a code that the search didn't find: where it should be, and wherever a finder of its kind is seen.
    fn follow(&mut self, frame: &Frame, pyramid: &Pyramid, finders: &[Finder], now: u64) {
        let State::Guessed { evidence, .. } = &mut self.state else { return };
        let marks = evidence.marks();
        let way = self.way.unwrap_or(Point { x: 0.0, y: 0.0 });
        let late = (now - self.seen) as f32;
        let Some(ahead) = self.grid.carried(|p| Point { x: p.x + way.x * late, y: p.y + way.y * late })
        else {
            return;
        };
        let plane = plane_for(&ahead, frame, pyramid);
        let (side, module) = (ahead.version.side() as f32, ahead.module());
        let mut starts = vec![(ahead.clone(), if self.way.is_some() { 4.0 } else { 7.0 })];
        for finder in finders {
            let alike = finder.inverted == ahead.inverted && (0.7..1.4).contains(&(finder.module / module));
            if !alike {
                continue;
            }
            for (x, y) in [(3.5, 3.5), (side - 3.5, 3.5), (3.5, side - 3.5)] {
                let from = ahead.map(Point { x, y });
                let (dx, dy) = (finder.middle.x - from.x, finder.middle.y - from.y);
                if dx.hypot(dy) < 0.6 * side * module && starts.len() < 8 {
                    starts.extend(
                        ahead.carried(|p| Point { x: p.x + dx, y: p.y + dy }).map(|grid| (grid, 1.0)),
                    );
                }
            }
        }
        let found = starts
            .into_iter()
            .map(|(mut grid, reach)| (grid.chase(&plane, &marks, reach), grid))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let Some((score, mut grid)) = found else { return };
        grid.hold(&plane, &marks);
        let look = Look::new(&grid, &plane);
        if score < SAME {
            return;
        }
        if look.quality >= LEAST_QUALITY && evidence.agreement(&look) >= SAME {
            evidence.add(look);
            self.moved_to(grid, now);
        }
    }

    /// Reads what all looks together show, if they bear it out.
    fn read(&mut self) -> Option<Reading> {
        let State::Guessed { evidence, tries } = &mut self.state else { return None };
        if evidence.count() < 2 {
            return None;
        }
        *tries += 1;
        // What stands still and can't be read won't be read by trying it all day.
        if *tries > TRIES && !tries.is_power_of_two() {
            return None;
        }
        let version = self.grid.version;
        let kinds: [fn(&Evidence) -> Option<Modules>; 2] =
            [|evidence| Some(evidence.modules()), |evidence| equalised(&evidence.modules())];
        for modules in kinds {
            let attempt = |evidence: &Evidence| decode(&modules(evidence)?);
            let Some(decoded) = attempt(evidence) else { continue };
            if decoded.evidence < EVIDENCE {
                continue;
            }
            let ink: Vec<f32> = decoded.ink.iter().map(|&v| f32::from(v)).collect();
            if evidence.latest().is_none_or(|look| look.agreement(version, &ink) < BORNE_OUT) {
                continue;
            }
            let strangers = evidence.drop_strangers(&ink, BORNE_OUT);
            if strangers > 0 && attempt(evidence).is_none_or(|again| again.bytes != decoded.bytes) {
                continue;
            }
            return Some(Reading::new(&self.grid, decoded));
        }
        None
    }
}

fn middle_of(grid: &Grid) -> Point {
    let half = grid.version.side() as f32 / 2.0;
    grid.map(Point { x: half, y: half })
}

/// The plane in which a module is 2.5 to 5 pixels wide, as for a single frame.
fn plane_for<'a>(grid: &Grid, frame: &'a Frame, pyramid: &'a Pyramid) -> Plane<'a> {
    pyramid.plane(frame, level_for(grid.module()))
}
