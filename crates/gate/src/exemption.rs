//! What the office lets somebody off: a fact about a holder, which rules weigh.

use pass::Timestamp;

/// Why somebody may go where others may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExemptionKind {
    /// 通勤: works outside, every day.
    Commuter,
    /// 医疗: works in a hospital, or is treated in one.
    Medical,
}

impl ExemptionKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Commuter, Self::Medical];

    /// A name for programs: `commuter`, `medical`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Commuter => "commuter",
            Self::Medical => "medical",
        }
    }

    /// The kind of this [`ExemptionKind::code`].
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What the office lets a holder off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Exemption {
    /// Why.
    pub kind: ExemptionKind,
    /// From the household's quota.
    pub quota: bool,
    /// From closing time and exit windows.
    pub hours: bool,
    /// The first moment at which it no longer holds; none while nobody ends it.
    pub until: Option<Timestamp>,
}

impl Exemption {
    /// Whether it holds at `now`.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}
