//! Work on the grids that look like codes but couldn't be read at once: turned until what every code shows looks most like
//! itself, freed of blur, bent with the paper. Cheap work on all of them comes before dear work on a few.

use crate::fit::Grid;
use crate::look::{Look, Prospect};
use crate::plane::Plane;
use crate::reading::Reading;
use crate::sample::Limits;

/// Looks at modules (one sample each) that digging may cost in a frame: about 8 ms.
pub(crate) const BUDGET: usize = 1_600_000;

/// The same in a stream, where the next frame may show more, and where all of them together are worked on as well.
pub(crate) const BUDGET_IN_STREAM: usize = 700_000;

/// What each piece of work costs, in looks at each of the code's modules.
const POLISHING: usize = 15;
const READING: usize = 60;
const SETTLING: usize = 120;

/// Prospects that are polished, those of them that are read as they are, bent, and bent from where they were before. Of a hundred
/// codes that only digging read, 95 were the likeliest of their frame, and the others among the four likeliest.
const POLISHED: usize = 16;
const READ: usize = 6;
const BENT: usize = 3;
const BENT_AGAIN: usize = 2;

/// How well timing patterns must alternate once a grid was polished: codes that were read after all had 0.5 and more.
const LEAST_TIMING: f32 = 0.35;

/// How near, in modules, the corners of two grids lie that show the same.
const NEAR: f32 = 0.3;

/// A prospect, polished.
struct Candidate {
    prospect: Prospect,
    grid: Grid,
    likely: f32,
}

impl Look<'_> {
    /// Spends the budget on the best prospects, until one can be read.
    pub(crate) fn dig(&mut self) {
        let mut candidates = self.candidates();
        candidates.sort_by(|a, b| b.likely.total_cmp(&a.likely));
        let found = self.try_each(candidates.iter().take(READ), READING, Look::read_as_it_is).or_else(|| {
            self.try_each(candidates.iter().take(BENT), SETTLING, |look, candidate| {
                look.read_settled(candidate, &candidate.grid)
            })
        });
        let found = found.or_else(|| {
            self.try_each(candidates.iter().take(BENT_AGAIN), SETTLING, |look, candidate| {
                let grid = &candidate.prospect.grid;
                let unbent = grid.is_bent() && !candidate.prospect.is_traced;
                look.read_settled(candidate, &if unbent { grid.unbent() } else { grid.clone() })
            })
        });
        self.failed.extend(candidates.into_iter().map(|candidate| candidate.prospect));
        if let Some(reading) = found {
            let module = reading.grid.module();
            self.keep(reading, module);
        }
    }

    /// The prospects that nothing was tried on yet, polished.
    fn candidates(&mut self) -> Vec<Candidate> {
        self.prospects.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut polished = 0;
        for mut prospect in std::mem::take(&mut self.prospects) {
            if self.failed.iter().any(|dug| dug.grid.is_near(&prospect.grid, NEAR)) {
                continue;
            }
            let mut grid = prospect.grid.clone();
            let plane = self.pyramid.plane(self.frame, prospect.level);
            if !prospect.is_traced {
                if polished == POLISHED || !self.spend(POLISHING, &grid) {
                    self.faint.push(prospect);
                    continue;
                }
                grid.polish(&plane);
                prospect.polished = Some(grid.clone());
                polished += 1;
            }
            if candidates.iter().any(|other| other.grid.is_near(&grid, NEAR)) {
                continue;
            }
            let timing = grid.timing(&plane);
            if timing < LEAST_TIMING {
                self.faint.push(prospect);
                continue;
            }
            let likely = timing + prospect.score;
            candidates.push(Candidate { prospect, grid, likely });
        }
        candidates
    }

    fn try_each<'b>(
        &mut self,
        mut candidates: impl Iterator<Item = &'b Candidate>,
        cost: usize,
        attempt: impl Fn(&Self, &Candidate) -> Option<Reading>,
    ) -> Option<Reading> {
        candidates.find_map(
            |candidate| {
                if self.spend(cost, &candidate.grid) { attempt(self, candidate) } else { None }
            },
        )
    }

    /// Takes `cost` looks at each module of a code from the budget, if there are as many.
    fn spend(&mut self, cost: usize, grid: &Grid) -> bool {
        let side = grid.version.side();
        let left = self.budget.checked_sub(cost * side * side);
        self.budget = left.unwrap_or(self.budget);
        left.is_some()
    }

    fn read_as_it_is(&self, candidate: &Candidate) -> Option<Reading> {
        let plane = self.pyramid.plane(self.frame, candidate.prospect.level);
        let grid = &candidate.grid;
        let plain =
            || if candidate.prospect.is_traced { None } else { Reading::of(grid, &plane, Limits::Mean) };
        plain().or_else(|| hard_read(grid, &plane)).or_else(|| {
            if candidate.prospect.is_traced {
                None
            } else {
                Reading::of_equalised(&candidate.prospect.grid, &plane)
            }
        })
    }

    fn read_settled(&self, candidate: &Candidate, grid: &Grid) -> Option<Reading> {
        let plane = self.pyramid.plane(self.frame, candidate.prospect.level);
        let mut bent = grid.clone();
        bent.settle(&plane);
        Reading::of(&bent, &plane, Limits::Mean).or_else(|| hard_read(&bent, &plane))
    }
}

/// By the envelope of light and dark, and freed of blur.
fn hard_read(grid: &Grid, plane: &Plane<'_>) -> Option<Reading> {
    Reading::of(grid, plane, Limits::Envelope).or_else(|| Reading::of_equalised(grid, plane))
}
