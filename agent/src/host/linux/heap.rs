//! What the C library's allocator keeps of what was freed.

/// Gives it back to the system. glibc returns by itself only what lies at the heap's end: what a start, a large table or a
/// diagnosis took stays resident else for as long as the agent runs (malloc_trim(3)).
#[cfg(target_env = "gnu")]
#[expect(unsafe_code, reason = "no safe wrapper of this call is kept")]
pub(in crate::host) fn give_back() {
    // SAFETY: it takes no pointer, and glibc holds the allocator's own locks meanwhile.
    unsafe { libc::malloc_trim(0) };
}

/// Other C libraries give back by themselves.
#[cfg(not(target_env = "gnu"))]
pub(in crate::host) fn give_back() {}
