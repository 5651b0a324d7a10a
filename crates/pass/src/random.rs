//! Random bytes for keys, serials and secret links: the only module that asks the system for them.

/// `N` bytes from the operating system's secure source.
///
/// # Panics
/// When the operating system has no random source. Nothing that signs may go on without one.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system for random bytes")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has a random source");
    bytes
}
