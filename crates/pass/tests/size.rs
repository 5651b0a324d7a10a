//! How large a status list gets: a million passes, one of a hundred changed.

use pass::{Colour, OfficeId, SigningKey, Status, StatusList, Timestamp};

/// A xorshift generator (Marsaglia, 2003): the same passes on every machine.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

#[test]
fn a_million_passes_fit_into_a_small_file() {
    let mut state = 0x9E37_79B9_7F4A_7C15;
    let changed = [
        Status::Withdrawn,
        Status::Suspended,
        Status::Replaced,
        Status::Now(Colour::Green),
        Status::Now(Colour::Yellow),
        Status::Now(Colour::Red),
    ];
    let mut list = |kinds: usize| -> usize {
        let mut status = |_| match next(&mut state) % 100 {
            0 => changed[usize::try_from(next(&mut state) % kinds as u64).expect("a small number")],
            _ => Status::AsSigned,
        };
        let statuses: Vec<Status> = (0..1_000_000).map(&mut status).collect();
        let now = Timestamp(1_583_020_800);
        let list = StatusList::new(OfficeId(1), 1, now, now.plus(3600), &statuses);
        list.sign(&SigningKey::from_seed(&[1; 32])).len()
    };
    let (withdrawn, six) = (list(1), list(6));
    println!(
        "measured: a million passes, 1 % changed | {withdrawn} bytes (withdrawn alone), {six} bytes (six kinds alike)"
    );
    // The draft's table has 13.7 kB for one bit each; ours have four.
    assert!(withdrawn < 40_000 && six < 60_000, "{withdrawn} {six}");
}
