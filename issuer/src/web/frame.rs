//! What stands around every page of the office: where one can go, who is signed in, what was just done.

use registry::May;

use super::session::Staff;
use crate::words::Language;
use crate::words::office::{self as words, Texts};

/// Where one can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Today,
    Residents,
    Board,
    Observed,
    Passes,
    Rules,
    Books,
    Passages,
    Gates,
    Audit,
    Accounts,
    Keys,
    Retention,
    /// A page that none of the others leads to.
    Own,
}

impl Place {
    /// Those that stand in the navigation, each with its address and who sees it.
    const SHOWN: &[(Self, &'static str, May)] = &[
        (Self::Today, "/", May::SeePeople),
        (Self::Residents, "/residents", May::SeePeople),
        (Self::Board, "/board", May::SeePeople),
        (Self::Observed, "/observed", May::SeePersonal),
        (Self::Passes, "/passes", May::Cards),
        (Self::Rules, "/rules", May::Rules),
        (Self::Books, "/books", May::Import),
        (Self::Passages, "/passages", May::Passages),
        (Self::Gates, "/gates", May::Gates),
        (Self::Accounts, "/accounts", May::Accounts),
        (Self::Audit, "/audit", May::Audit),
        (Self::Keys, "/keys", May::Keys),
        (Self::Retention, "/retention", May::Retention),
    ];
}

/// What a template shows around its content.
pub(super) struct Frame {
    pub(super) o: &'static Texts,
    pub(super) places: Vec<Link>,
    pub(super) who: String,
    pub(super) role: &'static str,
    pub(super) other: Language,
    /// The address of this page, to which a parameter can be added.
    pub(super) here: String,
    pub(super) notice: Option<String>,
    pub(super) csrf: String,
}

/// A link of the navigation.
pub(super) struct Link {
    pub(super) path: &'static str,
    pub(super) word: &'static str,
    pub(super) current: bool,
}

impl Frame {
    /// The frame of a page at this place.
    pub(super) fn of(staff: &Staff, at: Place) -> Self {
        let language = staff.language;
        let seen = Place::SHOWN.iter().filter(|(.., may)| staff.account.role.may(*may));
        let link = |&(place, path, _): &(Place, &'static str, May)| Link {
            path,
            word: words::place(place, language),
            current: place == at,
        };
        Self {
            o: words::texts(language),
            places: seen.map(link).collect(),
            who: staff.account.name.clone(),
            role: words::role(staff.account.role, language),
            other: language.other(),
            here: staff.here.clone(),
            notice: staff.notice.clone(),
            csrf: staff.csrf.clone(),
        }
    }
}
