//! Which row of a roster is which known person, when people of one household share a name.

use crate::Phone;

/// What a row turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Namesake {
    /// The known person at this position.
    Known(usize),
    /// Somebody who is not known yet.
    New,
    /// Several known people could be meant, and nothing tells which.
    Ambiguous,
}

/// Matches the rows of one household that bear one name (their phone numbers) with the known people of that name.
///
/// The same number is the same person. What is left over is the same person when one row and one person are left: the number
/// changed, or wasn't known. Somebody known without a number takes the first row; two or more who are left are never guessed at.
#[must_use]
pub fn match_namesakes(rows: &[Option<&Phone>], known: &[Option<&Phone>]) -> Vec<Namesake> {
    let mut matches = vec![None; rows.len()];
    let mut left: Vec<usize> = (0..known.len()).collect();
    for (row, found) in rows.iter().zip(&mut matches) {
        if let Some(at) = left.iter().position(|person| known[*person] == *row) {
            *found = Some(Namesake::Known(left.remove(at)));
        }
    }
    let open = matches.iter().filter(|found| found.is_none()).count();
    let mut adopts = match left[..] {
        [only] if open == 1 || known[only].is_none() => Some(only),
        _ => None,
    };
    let otherwise = if left.len() >= 2 { Namesake::Ambiguous } else { Namesake::New };
    matches
        .into_iter()
        .map(|found| found.unwrap_or_else(|| adopts.take().map_or(otherwise, Namesake::Known)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Namesake::{Ambiguous, Known, New};

    #[test]
    fn namesakes() {
        let a = Phone::new("13800000001").unwrap();
        let b = Phone::new("13800000002").unwrap();
        let c = Phone::new("13800000003").unwrap();
        let (a, b, c) = (Some(&a), Some(&b), Some(&c));
        type Phones<'a> = &'a [Option<&'a Phone>];
        let cases: &[(Phones<'_>, Phones<'_>, &[Namesake])] = &[
            (&[a], &[], &[New]),
            (&[None], &[], &[New]),
            (&[a], &[a], &[Known(0)]),
            (&[a], &[b], &[Known(0)]),
            (&[None], &[a], &[Known(0)]),
            (&[a], &[None], &[Known(0)]),
            (&[a, b], &[], &[New, New]),
            (&[a, b], &[b, a], &[Known(1), Known(0)]),
            (&[a, b], &[a], &[Known(0), New]),
            (&[a, b], &[None], &[Known(0), New]),
            (&[a, b], &[c], &[New, New]),
            (&[a, c], &[a, b], &[Known(0), Known(1)]),
            (&[None], &[a, b], &[Ambiguous]),
            (&[c], &[a, b], &[Ambiguous]),
        ];
        for (rows, known, expected) in cases {
            assert_eq!(match_namesakes(rows, known), *expected, "{rows:?} against {known:?}");
        }
    }
}
