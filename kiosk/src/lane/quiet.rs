//! Whether nobody needs the gate just now: the moment at which another program may take its place.

use std::time::Instant;

use super::Lane;
use crate::devices;
use crate::program::Doing;
use crate::screen::{Face, Trouble};

impl Lane {
    /// What the gate does.
    pub(crate) fn doing(&self, now: Instant) -> Doing {
        let shared = self.window.as_ref().map(|window| &window.shared);
        let open = shared.is_some_and(|shared| {
            shared.emergency.left(now).is_some() || shared.emergency.unlogged().is_some()
        });
        let emergency = open || self.emergency.is_some();
        let signed_in = shared.is_some_and(|shared| shared.sessions().current(now).is_some());
        let barrier = self.screen.device(gate::Device::Barrier) == Some(devices::Health::Open);
        let shown = matches!(self.screen.watch().borrow().face(now), Face::Verdict(_));
        let busy = emergency || signed_in || barrier || shown;
        Doing {
            well: self.journal.is_ok() && !matches!(self.ungrounded, Some(Trouble::BundleUnusable { .. })),
            quiet: (!busy).then(|| now.saturating_duration_since(self.active)),
            emergency,
        }
    }
}
