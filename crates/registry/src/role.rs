//! Who works in the office, and what each may do: four roles, and one table that says it.

use pass::CompoundId;

/// What somebody is in the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Runs the office's program: accounts, keys, retention, and all else.
    Administrator,
    /// 社区工作人员: registers, decides, prints, writes the rules.
    CommunityWorker,
    /// 卫生人员: looks after those under observation and signs them off.
    HealthWorker,
    /// 物业经理: answers for gates and who stands at them. Sees masked names alone.
    PropertyManager,
}

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum May {
    /// See who lives where, names masked, with colours and cards.
    SeePeople,
    /// See full names, telephone numbers and the file of a person.
    SeePersonal,
    /// See a whole identity number; each look is in the audit log.
    SeeIdentity,
    /// Register people and change what is known of them.
    EditPeople,
    /// Decide a colour, close a building.
    DecideColour,
    /// Record health checks, and sign a red holder off.
    Release,
    /// Sign, print, hand out, withdraw and replace cards.
    Cards,
    /// Take workbooks in.
    Import,
    /// Give workbooks out, with full names.
    Export,
    /// Change the rules of a compound.
    Rules,
    /// See who passed the gates.
    Passages,
    /// Gates, who works at them, and when.
    Gates,
    /// Who has an account in the office.
    Accounts,
    /// The office's keys.
    Keys,
    /// What was done by whom.
    Audit,
    /// What is kept for how long, and purging.
    Retention,
}

impl Role {
    /// All of them, those who may most first.
    pub const ALL: [Self; 4] =
        [Self::Administrator, Self::CommunityWorker, Self::HealthWorker, Self::PropertyManager];

    /// Whether this role may do it. The one place that says so.
    #[must_use]
    pub fn may(self, what: May) -> bool {
        use May::{
            Accounts, DecideColour, Gates, Keys, Passages, Release, Retention, SeeIdentity, SeePeople,
            SeePersonal,
        };
        match self {
            Self::Administrator => true,
            Self::CommunityWorker => !matches!(what, Accounts | Keys | Retention),
            Self::HealthWorker => {
                matches!(what, SeePeople | SeePersonal | SeeIdentity | DecideColour | Release | Passages)
            }
            Self::PropertyManager => matches!(what, SeePeople | Gates | Passages),
        }
    }

    /// Its code in the database and in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::CommunityWorker => "community-worker",
            Self::HealthWorker => "health-worker",
            Self::PropertyManager => "property-manager",
        }
    }

    /// The role of this code.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// Which compounds an account has to do with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All of the office's, also those to come.
    Everywhere,
    /// These alone, in the order of their numbers.
    Compounds(Vec<CompoundId>),
}

impl Scope {
    /// Whether this compound is among them.
    #[must_use]
    pub fn covers(&self, compound: CompoundId) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Compounds(compounds) => compounds.contains(&compound),
        }
    }
}

/// Seconds that whoever gave so many wrong passwords in a row waits before the next is looked at: two mistakes are free, then it
/// doubles, and never takes longer than a quarter of an hour, so that nobody can shut others out for a day.
#[must_use]
pub fn pause_after(failures: u32) -> u32 {
    const LONGEST: u32 = 15 * 60;
    match failures.checked_sub(3) {
        None => 0,
        Some(doubled) => 4_u32.checked_shl(doubled).filter(|_| doubled < 20).unwrap_or(LONGEST).min(LONGEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Administrator, community worker, health worker, property manager.
    const TABLE: [(May, [bool; 4]); 16] = [
        (May::SeePeople, [true, true, true, true]),
        (May::SeePersonal, [true, true, true, false]),
        (May::SeeIdentity, [true, true, true, false]),
        (May::EditPeople, [true, true, false, false]),
        (May::DecideColour, [true, true, true, false]),
        (May::Release, [true, true, true, false]),
        (May::Cards, [true, true, false, false]),
        (May::Import, [true, true, false, false]),
        (May::Export, [true, true, false, false]),
        (May::Rules, [true, true, false, false]),
        (May::Passages, [true, true, true, true]),
        (May::Gates, [true, true, false, true]),
        (May::Accounts, [true, false, false, false]),
        (May::Keys, [true, false, false, false]),
        (May::Audit, [true, true, false, false]),
        (May::Retention, [true, false, false, false]),
    ];

    #[test]
    fn who_may_do_what() {
        for (what, expected) in TABLE {
            assert_eq!(Role::ALL.map(|role| role.may(what)), expected, "{what:?}");
        }
    }

    #[test]
    fn codes_come_back() {
        for role in Role::ALL {
            assert_eq!(Role::of_code(role.code()), Some(role));
        }
        assert_eq!(Role::of_code("guard"), None);
    }

    #[test]
    fn scopes() {
        let some = Scope::Compounds(vec![CompoundId(1), CompoundId(7)]);
        assert!(some.covers(CompoundId(7)) && !some.covers(CompoundId(2)));
        assert!(Scope::Everywhere.covers(CompoundId(2)));
    }

    #[test]
    fn guessing_gets_slow_and_nobody_is_shut_out_for_long() {
        let pauses: Vec<u32> = (0..9).map(pause_after).collect();
        assert_eq!(pauses, [0, 0, 0, 4, 8, 16, 32, 64, 128]);
        assert!((0..200).all(|failures| pause_after(failures) <= 900));
        assert_eq!((pause_after(200), pause_after(u32::MAX)), (900, 900));
    }
}
