use super::layout::{self, header, ring, DATA_OFFSET};
use super::Codec;
use crate::channel::system;
use std::fs::File;
use std::io;
use std::os::unix::io::{AsRawFd, FromRawFd, OwnedFd};
use std::ptr;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// A mapped region of two rings. Unmapped when dropped; the kernel frees it when both ends have let go.
///
/// Everything in it can be changed by the other end at any time, so no reference into it is ever made but to atomics.
pub(crate) struct Region {
    base: *mut u8,
    mapped: usize,
    ring_bytes: u32,
}

// SAFETY: the mapping belongs to the process, and what lies in it is only accessed by atomics and by copying, under the
// ring protocol, which needs one writer and one reader: `RingWriter` and `RingReader` take `&mut self`.
unsafe impl Send for Region {}
unsafe impl Sync for Region {}

/// What the line over the socket says about a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Announcement {
    pub ring_bytes: u32,
    pub codec: Codec,
    pub token: u64,
    /// The object's name, where there are no descriptors to pass.
    pub segment: Option<String>,
}

fn refused(text: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text.into())
}

impl Region {
    /// Makes a region; the descriptor is what the other end maps.
    pub(crate) fn create(ring_bytes: u32, codec: Codec) -> io::Result<(Region, OwnedFd, Announcement)> {
        check_ring_bytes(ring_bytes)?;
        let size = DATA_OFFSET as u64 + 2 * u64::from(ring_bytes);
        let (descriptor, segment) = create_object(size)?;
        let region = Region::map(&descriptor, ring_bytes)?;
        let token = system::random()?;
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        region.put_u32(header::DATA_SIZE, 2 * ring_bytes);
        region.put_u32(header::RING_BYTES, ring_bytes);
        region.word64(header::CREATED).store(now.as_millis() as u64, Ordering::Relaxed);
        region.put_u32(header::CREATOR_PROCESS, std::process::id());
        region.word64(header::TOKEN).store(token, Ordering::Relaxed);
        region.put_u32(header::DATA_OFFSET, DATA_OFFSET as u32);
        let kinds = [layout::VERSION, layout::TWO_RINGS, codec as u8, 0];
        region.put_u32(header::VERSION, u32::from_le_bytes(kinds));
        region.word32(header::MAGIC).store(layout::MAGIC, Ordering::Release);
        Ok((region, descriptor, Announcement { ring_bytes, codec, token, segment }))
    }

    /// Maps the region that `told` announces, after checking that it is the one and cannot shrink.
    pub(crate) fn open(descriptor: &OwnedFd, told: &Announcement) -> io::Result<Region> {
        check_ring_bytes(told.ring_bytes).map_err(|error| refused(error.to_string()))?;
        check_object(descriptor, DATA_OFFSET as u64 + 2 * u64::from(told.ring_bytes))?;
        let region = Region::map(descriptor, told.ring_bytes)?;
        if region.word32(header::MAGIC).load(Ordering::Acquire) != layout::MAGIC {
            return Err(refused("wrong magic number"));
        }
        let kinds = region.word32(header::VERSION).load(Ordering::Relaxed).to_le_bytes();
        let same = kinds[..3] == [layout::VERSION, layout::TWO_RINGS, told.codec as u8]
            && region.get_u32(header::DATA_SIZE) == 2 * told.ring_bytes
            && region.get_u32(header::RING_BYTES) == told.ring_bytes
            && region.get_u32(header::DATA_OFFSET) == DATA_OFFSET as u32
            && region.word64(header::TOKEN).load(Ordering::Relaxed) == told.token;
        if !same {
            return Err(refused("the region is not the one that was announced"));
        }
        region.put_u32(header::PEER_PROCESS, std::process::id());
        Ok(region)
    }

    /// Maps header and ring A, then A, B and B again, one right behind the other.
    fn map(descriptor: &OwnedFd, ring_bytes: u32) -> io::Result<Region> {
        let ring = ring_bytes as usize;
        let too_large = || refused("the rings are too large for this process");
        let mapped = ring.checked_mul(4).and_then(|rings| rings.checked_add(DATA_OFFSET)).ok_or_else(too_large)?;
        // SAFETY: the first mapping reserves addresses that nobody else has; the others replace parts of it only.
        unsafe {
            let flags = libc::MAP_PRIVATE | libc::MAP_ANON;
            let base = libc::mmap(ptr::null_mut(), mapped, libc::PROT_NONE, flags, -1, 0);
            if base == libc::MAP_FAILED {
                return Err(io::Error::last_os_error());
            }
            let region = Region { base: base as *mut u8, mapped, ring_bytes };
            let second = DATA_OFFSET + ring;
            let parts = [
                (0, second, 0),
                (second, ring, DATA_OFFSET),
                (second + ring, ring, second),
                (second + 2 * ring, ring, second),
            ];
            for (at, size, offset) in parts {
                let part = libc::mmap(
                    region.base.add(at) as *mut libc::c_void,
                    size,
                    libc::PROT_READ | libc::PROT_WRITE,
                    libc::MAP_SHARED | libc::MAP_FIXED,
                    descriptor.as_raw_fd(),
                    offset as libc::off_t,
                );
                if part == libc::MAP_FAILED {
                    return Err(io::Error::last_os_error());
                }
            }
            Ok(region)
        }
    }

    /// Bytes of each ring, a power of two.
    pub fn ring_bytes(&self) -> u32 {
        self.ring_bytes
    }

    pub(crate) fn word32(&self, offset: usize) -> &AtomicU32 {
        debug_assert!(offset % 4 == 0 && offset + 4 <= DATA_OFFSET);
        // Not `AtomicU32::from_ptr`, which Rust 1.63 does not have yet; the requirements are the same.
        // SAFETY: inside of the header, aligned, and alive as long as `self`; everybody accesses it atomically.
        unsafe { &*(self.base.add(offset) as *const AtomicU32) }
    }

    pub(crate) fn word64(&self, offset: usize) -> &AtomicU64 {
        debug_assert!(offset % 8 == 0 && offset + 8 <= DATA_OFFSET);
        // SAFETY: as in `word32`.
        unsafe { &*(self.base.add(offset) as *const AtomicU64) }
    }

    fn get_u32(&self, offset: usize) -> u32 {
        self.word32(offset).load(Ordering::Relaxed)
    }

    fn put_u32(&self, offset: usize, value: u32) {
        self.word32(offset).store(value, Ordering::Relaxed);
    }

    /// The data of the ring whose words begin at `words`: twice `ring_bytes` bytes.
    pub(crate) fn data(&self, words: usize) -> *mut u8 {
        let offset = if words == ring::A { 0 } else { 2 * self.ring_bytes as usize };
        // SAFETY: inside of the mapping.
        unsafe { self.base.add(DATA_OFFSET + offset) }
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // SAFETY: the mapping is this region's own, and nothing that borrows it is left.
        unsafe { libc::munmap(self.base as *mut libc::c_void, self.mapped) };
    }
}

fn check_ring_bytes(ring_bytes: u32) -> io::Result<()> {
    let range = layout::SMALLEST_RING..=layout::LARGEST_RING;
    if ring_bytes.is_power_of_two() && range.contains(&ring_bytes) {
        return Ok(());
    }
    let text = format!("rings of {ring_bytes} bytes: must be a power of two from 65536 to 1073741824");
    Err(io::Error::new(io::ErrorKind::InvalidInput, text))
}

fn own(descriptor: libc::c_int) -> io::Result<OwnedFd> {
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the caller just got it from the kernel.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
}

fn size_of(descriptor: &OwnedFd) -> io::Result<u64> {
    Ok(File::from(descriptor.try_clone()?).metadata()?.len())
}

#[cfg(any(target_os = "linux", target_os = "android"))]
const SEALS: libc::c_int = libc::F_SEAL_SHRINK | libc::F_SEAL_GROW | libc::F_SEAL_SEAL;

#[cfg(any(target_os = "linux", target_os = "android"))]
fn create_object(size: u64) -> io::Result<(OwnedFd, Option<String>)> {
    let name = b"soundpost\0".as_ptr() as *const libc::c_char;
    // SAFETY: the name ends with a zero.
    let descriptor = own(unsafe { libc::memfd_create(name, libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING) })?;
    File::from(descriptor.try_clone()?).set_len(size)?;
    // SAFETY: no memory is involved.
    if unsafe { libc::fcntl(descriptor.as_raw_fd(), libc::F_ADD_SEALS, SEALS) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok((descriptor, None))
}

/// The size is as announced and stays so: without the seals the other end could truncate what is mapped here.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn check_object(descriptor: &OwnedFd, size: u64) -> io::Result<()> {
    // SAFETY: no memory is involved.
    let seals = unsafe { libc::fcntl(descriptor.as_raw_fd(), libc::F_GET_SEALS) };
    if seals < 0 || seals & SEALS != SEALS {
        return Err(refused("the region's size is not sealed"));
    }
    let found = size_of(descriptor)?;
    if found != size {
        return Err(refused(format!("the region has {found} bytes, not {size}")));
    }
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn open_object(_segment: &str) -> io::Result<OwnedFd> {
    Err(refused("a named segment, where a descriptor was expected"))
}

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) fn unlink_object(_segment: &str) {}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn create_object(size: u64) -> io::Result<(OwnedFd, Option<String>)> {
    let name = format!("/soundpost{:016x}", system::random()?);
    let path = std::ffi::CString::new(name.as_str())?;
    // SAFETY: the name ends with a zero.
    let descriptor = own(unsafe {
        libc::shm_open(path.as_ptr(), libc::O_RDWR | libc::O_CREAT | libc::O_EXCL, 0o600 as libc::c_uint)
    })?;
    // SAFETY: no memory is involved.
    if unsafe { libc::ftruncate(descriptor.as_raw_fd(), size as libc::off_t) } < 0 {
        let error = io::Error::last_os_error();
        unlink_object(&name);
        return Err(error);
    }
    Ok((descriptor, Some(name)))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn check_object(descriptor: &OwnedFd, size: u64) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let metadata = File::from(descriptor.try_clone()?).metadata()?;
    if metadata.uid() != system::effective_user() || metadata.len() != size {
        return Err(refused("the segment has another owner or size than announced"));
    }
    Ok(())
}

/// Opens the named object and removes its name at once.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn open_object(segment: &str) -> io::Result<OwnedFd> {
    if segment.len() > 30 || !segment.starts_with('/') || segment[1..].contains('/') {
        return Err(refused("not a segment's name"));
    }
    let path = std::ffi::CString::new(segment)?;
    // SAFETY: the name ends with a zero.
    let descriptor = own(unsafe { libc::shm_open(path.as_ptr(), libc::O_RDWR, 0 as libc::c_uint) })?;
    unlink_object(segment);
    Ok(descriptor)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) fn unlink_object(segment: &str) {
    if let Ok(path) = std::ffi::CString::new(segment) {
        // SAFETY: the name ends with a zero.
        unsafe { libc::shm_unlink(path.as_ptr()) };
    }
}
