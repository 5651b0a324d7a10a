//! The scanner: a frame in, the codes that are in it out.
//!
//! A frame is searched in steps, from small and cheap to large: each finds finders, groups them, fits a grid to each
//! group and decodes it. Grids that look like codes but can't be read are kept, and worked on when the cheap steps fail.

use crate::binarise::{Rule, Thresholds};
use crate::dig::{BUDGET, BUDGET_IN_STREAM};
use crate::finders::{self, Finder};
use crate::look::Look;
use crate::plane::Pyramid;
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

impl Step {
    fn level(&self) -> Option<usize> {
        match *self {
            Self::Look { level, .. } => Some(level),
            Self::Pair | Self::Dig => None,
        }
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
        let budget = if self.stream.is_some() { BUDGET_IN_STREAM } else { BUDGET };
        let mut look = Look::new(frame, &self.pyramid, budget);
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
                None => i + 1 >= ALWAYS || !look.may_see_more(&finders, step.level()),
                Some(wanted) => {
                    (i + 1 >= ALWAYS || !patrol) && look.read.iter().any(|seen| wanted(&seen.sighting.bytes))
                }
            };
            if enough {
                break;
            }
        }
        let (mut read, unread) = look.into_parts();
        if let Some(stream) = &mut self.stream {
            stream.learn(frame, &self.pyramid, &finders, &unread, &mut read);
        }
        read.into_iter().map(|seen| seen.sighting).collect()
    }
}

impl std::fmt::Debug for Scanner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scanner").field("steps", &self.steps).finish_non_exhaustive()
    }
}
