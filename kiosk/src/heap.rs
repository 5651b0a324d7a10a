//! Freed memory goes back to the system.
//!
//! What is freed in the midst of a heap stays with the process: a store of the journal that is closed leaves megabytes behind, and
//! the next one seldom fits into them. Knows nothing of what was freed.

/// Gives back what was freed. Takes milliseconds: to be called where much was freed, and seldom.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn give_back() {
    #[expect(unsafe_code, reason = "no safe crate of ours wraps malloc_trim")]
    // SAFETY: it touches free memory alone, and may be called from any thread (malloc_trim(3)).
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Other allocators do it by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_back() {}
