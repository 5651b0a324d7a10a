//! What somebody typed, and all that each word of it may mean.

/// The most characters that are looked at; nothing that can be found is longer.
const MAX_CHARS: usize = 64;
/// The most words.
const MAX_WORDS: usize = 6;
/// From so many symbols on, a word may be a part of a short code: fewer would find half the compound.
const CODE_FROM: usize = 4;

/// Words, each of which must fit.
pub(super) struct Query {
    pub(super) terms: Vec<Term>,
}

/// One word, in every meaning it may have.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Term {
    /// An address in two or three parts.
    pub(super) home: Option<Vec<String>>,
    /// A building: `3栋`, `3号楼`.
    pub(super) building: Option<String>,
    /// A stairwell: `2单元`.
    pub(super) unit: Option<String>,
    /// The start of a room.
    pub(super) room: Option<String>,
    /// A part of a masked name or of a plate.
    pub(super) name: Option<String>,
    /// A part of initials.
    pub(super) initials: Option<String>,
    /// A part of a short code, misread symbols put right.
    pub(super) code: Option<String>,
}

/// Words behind the number of a building, a stairwell, a room.
const BUILDING: [&str; 5] = ["号楼", "栋", "幢", "座", "楼"];
const UNIT: [&str; 2] = ["单元", "门"];
const ROOM: [&str; 4] = ["号房", "室", "房", "号"];

impl Query {
    pub(super) fn parse(typed: &str) -> Self {
        let typed: String = typed.chars().take(MAX_CHARS).collect();
        let folded = fold(&typed);
        // 3栋2单元501室 is an address, though nothing stands between its parts.
        let words = folded.split_whitespace().take(MAX_WORDS).flat_map(address_in_words);
        let mut terms: Vec<Term> = words.map(|word| Term::parse(&word)).collect();
        terms.retain(|term| *term != Term::default());
        // A short code that was read out in groups is one word.
        let joined = bare(&folded);
        if terms.len() > 1
            && joined.len() == 9
            && folded.split([' ', '-']).all(|group| group.len() == 3 || group.is_empty())
        {
            terms = vec![Term { code: code(&joined), ..Term::default() }];
        }
        Self { terms }
    }
}

impl Term {
    fn parse(word: &str) -> Self {
        let number = |ends: &[&str]| {
            let number = ends.iter().find_map(|end| word.strip_suffix(end))?;
            (!number.is_empty()).then(|| number.to_owned())
        };
        if let Some(building) = number(&BUILDING) {
            // 东楼 may be a name all the same: 楼 is a surname, and its first character stands unmasked.
            return Self { building: Some(building), name: Some(word.to_owned()), ..Self::default() };
        }
        if let Some(unit) = number(&UNIT) {
            return Self { unit: Some(unit), name: Some(word.to_owned()), ..Self::default() };
        }
        if let Some(room) = number(&ROOM) {
            return Self { room: Some(room), name: Some(word.to_owned()), ..Self::default() };
        }
        let parts: Vec<String> = word.split('-').map(str::to_owned).collect();
        let home = (2..=3).contains(&parts.len()) && parts.iter().all(|part| !part.is_empty());
        let bare = bare(word);
        if bare.is_empty() {
            return Self::default();
        }
        let letters = bare.bytes().all(|b| b.is_ascii_uppercase());
        Self {
            home: home.then_some(parts),
            room: (!word.contains('-') || !home).then(|| word.to_owned()),
            // A digit alone is in every second plate.
            name: (bare.len() > 1).then(|| unspaced(word)),
            initials: letters.then(|| bare.clone()),
            code: if bare.len() >= CODE_FROM { code(&bare) } else { None },
            ..Self::default()
        }
    }
}

/// `3栋2单元501室` as `3栋`, `2单元`, `501室`; any other word as it is.
fn address_in_words(word: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = word;
    for ends in [&BUILDING[..], &UNIT] {
        let cut = ends.iter().filter_map(|end| rest.find(end).map(|at| (at, at + end.len()))).min();
        if let Some((at, end)) = cut
            && rest[..at].bytes().all(|b| b.is_ascii_alphanumeric())
            && at > 0
        {
            parts.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
    }
    if !rest.is_empty() {
        parts.push(rest.to_owned());
    }
    parts
}

/// Upper case, full-width forms made narrow, other dashes made hyphens: what is compared with what was typed.
pub(super) fn fold(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        '—' | '–' | '−' | '_' | '#' | '/' => '-',
        _ => c,
    };
    text.chars().map(narrow).flat_map(char::to_uppercase).collect()
}

/// Without what stands between the parts of plates and codes.
fn unspaced(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '-' | ' ' | '·' | '•' | '.')).collect()
}

/// Without the stars of a mask as well.
fn bare(text: &str) -> String {
    unspaced(text).replace('*', "")
}

/// A part of a short code with misread symbols put right (Crockford's Base32); none for what is no code.
fn code(bare: &str) -> Option<String> {
    let right = |c: char| match c {
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        'U' => None,
        c if c.is_ascii_alphanumeric() => Some(c),
        _ => None,
    };
    (bare.len() <= 9).then(|| bare.chars().map(right).collect()).flatten()
}
