//! Sleeping on a word that another process changes.

use std::sync::atomic::AtomicU32;
use std::time::Duration;

/// Sleeps while `word` is `expected`, for at most `longest`. May return for no reason.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn wait(word: &AtomicU32, expected: u32, longest: Duration) {
    let time = libc::timespec { tv_sec: longest.as_secs() as _, tv_nsec: longest.subsec_nanos() as _ };
    // The shared form: the other waiter is another process.
    // SAFETY: word and time live until the call returns.
    unsafe { libc::syscall(libc::SYS_futex, word as *const AtomicU32, libc::FUTEX_WAIT, expected, &time) };
}

/// Wakes up to `count` sleepers.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn wake(word: &AtomicU32, count: i32) {
    // SAFETY: the kernel uses the word's address only.
    unsafe { libc::syscall(libc::SYS_futex, word as *const AtomicU32, libc::FUTEX_WAKE, count) };
}

// macOS 14.4 and later, <os/os_sync_wait_on_address.h>.
#[cfg(target_os = "macos")]
extern "C" {
    fn os_sync_wait_on_address_with_timeout(
        address: *mut libc::c_void,
        value: u64,
        size: usize,
        flags: u32,
        clock: u32,
        nanoseconds: u64,
    ) -> libc::c_int;
    fn os_sync_wake_by_address_all(address: *mut libc::c_void, size: usize, flags: u32) -> libc::c_int;
}
#[cfg(target_os = "macos")]
const SHARED: u32 = 1;
#[cfg(target_os = "macos")]
const MACH_ABSOLUTE_TIME: u32 = 32;

/// Sleeps while `word` is `expected`, for at most `longest`. May return for no reason.
#[cfg(target_os = "macos")]
pub fn wait(word: &AtomicU32, expected: u32, longest: Duration) {
    let address = word as *const AtomicU32 as *mut libc::c_void;
    let nanoseconds = (longest.as_nanos() as u64).max(1);
    // SAFETY: the word lives until the call returns.
    unsafe {
        os_sync_wait_on_address_with_timeout(address, expected.into(), 4, SHARED, MACH_ABSOLUTE_TIME, nanoseconds)
    };
}

/// Wakes the sleepers.
#[cfg(target_os = "macos")]
pub fn wake(word: &AtomicU32, _count: i32) {
    // SAFETY: only the word's address is used.
    unsafe { os_sync_wake_by_address_all(word as *const AtomicU32 as *mut libc::c_void, 4, SHARED) };
}
