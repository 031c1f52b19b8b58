use super::layout::{self, ring, FLAG_MORE, RECORD_HEADER};
use super::{futex, Shared, Wait};
use crate::channel::error::{ChannelError, ErrorCode};
use crate::channel::system;
use std::ptr;
use std::sync::atomic::{fence, AtomicU32, AtomicU64, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a sleeper sleeps before it looks whether the other end still lives.
const SLICE: Duration = Duration::from_millis(250);

/// A ring's words and data.
pub(crate) struct Ring {
    words: usize,
    data: *mut u8,
    size: u64,
}

// SAFETY: `data` points into the mapping that `Shared` keeps alive, see `Region`.
unsafe impl Send for Ring {}

impl Ring {
    pub fn new(shared: &Shared, words: usize) -> Self {
        Ring { words, data: shared.region.data(words), size: shared.region.ring_bytes().into() }
    }

    /// Where byte number `position` of all bytes lies; `size` bytes from there are contiguous.
    fn at(&self, position: u64) -> *mut u8 {
        // SAFETY: the ring is mapped twice, and the remainder lies within the first copy.
        unsafe { self.data.add((position & (self.size - 1)) as usize) }
    }
}

/// Waits for what `look` finds, as the page has it: look for a moment, announce oneself, look again, sleep.
/// `ended` says whether nothing will come any more.
fn wait<T>(
    shared: &Shared,
    word: &AtomicU32,
    spin: Duration,
    deadline: Option<Instant>,
    ended: impl Fn() -> bool,
    mut look: impl FnMut() -> Result<Option<T>, ChannelError>,
) -> Result<T, ChannelError> {
    let past = |deadline: Instant| Instant::now() >= deadline;
    if !spin.is_zero() && !deadline.map_or(false, past) {
        let until = Instant::now() + spin;
        loop {
            for _ in 0..16 {
                std::hint::spin_loop();
            }
            if let Some(found) = look()? {
                return Ok(found);
            }
            if past(until) {
                break;
            }
        }
    }
    loop {
        word.store(1, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        let outcome = match look() {
            Ok(Some(found)) => Some(Ok(found)),
            Ok(None) if shared.is_closed() => Some(Err(ChannelError::disconnected(&shared.channel))),
            // An end that was reached before the word was set wakes nobody.
            Ok(None) if ended() => None,
            Ok(None) if deadline.map_or(false, past) => Some(Err(ChannelError::timeout(&shared.channel))),
            Ok(None) => {
                let left = deadline.map_or(SLICE, |deadline| deadline.saturating_duration_since(Instant::now()));
                futex::wait(word, 1, left.min(SLICE));
                None
            }
            Err(error) => Some(Err(error)),
        };
        word.store(0, Ordering::Relaxed);
        if let Some(outcome) = outcome {
            return outcome;
        }
        if let Some(found) = look()? {
            return Ok(found);
        }
        if ended() || shared.is_peer_gone() {
            // What was published before the end is looked for after it.
            fence(Ordering::SeqCst);
            return look()?.ok_or_else(|| ChannelError::disconnected(&shared.channel));
        }
    }
}

/// Wakes whoever sleeps on `word`, after a store that it waits for.
fn wake(word: &AtomicU32) {
    fence(Ordering::SeqCst);
    if word.load(Ordering::Relaxed) != 0 {
        word.store(0, Ordering::Relaxed);
        futex::wake(word, 1);
    }
}

/// The writing end of a ring: *loan* room, fill it, *publish* it.
///
/// One thread at a time (`&mut self`); no lock, no allocation, and no system call unless somebody sleeps or has to.
pub struct RingWriter {
    shared: Arc<Shared>,
    ring: Ring,
    /// Bytes ever published. Kept here and never read back from the region.
    head: u64,
    /// What the reader was last seen to have given back.
    consumed: u64,
    wait: Wait,
}

impl RingWriter {
    pub(crate) fn new(shared: Arc<Shared>, words: usize, wait: Wait) -> Self {
        let ring = Ring::new(&shared, words);
        RingWriter { shared, ring, head: 0, consumed: 0, wait }
    }

    /// Longest record, in bytes: half of the ring.
    pub fn longest_record(&self) -> usize {
        (self.ring.size / 2) as usize
    }

    /// Waits until there is room for a record of `length` bytes, forever without `timeout` and not at all with zero.
    ///
    /// Errors: `send_failed` if a record cannot be that long or the other end broke the rules, `timeout`,
    /// `shutting_down` after [`Self::end`], `disconnected`.
    pub fn loan(&mut self, length: usize, timeout: Option<Duration>) -> Result<Loan<'_>, ChannelError> {
        self.loan_before(length, || system::deadline(timeout))
    }

    pub(crate) fn loan_before(
        &mut self,
        length: usize,
        deadline: impl FnOnce() -> Option<Instant>,
    ) -> Result<Loan<'_>, ChannelError> {
        if length > self.longest_record() {
            let text = format!("a record of {length} bytes, where {} are the most", self.longest_record());
            return Err(ChannelError::new(ErrorCode::SendFailed, &self.shared.channel, text));
        }
        if self.shared.is_closed() {
            return Err(ChannelError::disconnected(&self.shared.channel));
        }
        if self.word(ring::ENDED).load(Ordering::Relaxed) != 0 {
            return Err(ChannelError::shutting_down(&self.shared.channel));
        }
        let needed = layout::record_size(length);
        if self.free() < needed {
            self.wait_for(needed, deadline())?;
        }
        Ok(Loan { writer: self, length })
    }

    fn free(&self) -> u64 {
        self.ring.size - (self.head - self.consumed)
    }

    fn wait_for(&mut self, needed: u64, deadline: Option<Instant>) -> Result<(), ChannelError> {
        let (shared, head, size) = (&*self.shared, self.head, self.ring.size);
        let words = self.ring.words;
        let cached = &mut self.consumed;
        let mut look = || {
            let consumed = shared.region.word64(words + ring::CONSUMED).load(Ordering::Acquire);
            if consumed % 8 != 0 || consumed < *cached || consumed > head {
                let text = format!("the other end gave back {consumed} of {head} bytes, after {}", *cached);
                return Err(shared.violated(ErrorCode::SendFailed, text));
            }
            *cached = consumed;
            Ok(if size - (head - consumed) >= needed { Some(()) } else { None })
        };
        if look()?.is_some() {
            return Ok(());
        }
        let word = shared.region.word32(words + ring::SPACE_WAIT);
        // A reader that lets go wakes the word before it is set just as well as after; the socket tells.
        wait(shared, word, self.wait.spin, deadline, || shared.is_peer_gone(), look)
    }

    fn publish(&mut self, length: usize, flags: u32) {
        // SAFETY: `at` is aligned to 8, as `head` is, and eight bytes from there lie in the ring and are free.
        unsafe { ptr::write_volatile(self.ring.at(self.head) as *mut [u32; 2], [length as u32, flags]) };
        self.head += layout::record_size(length);
        let published: &AtomicU64 = self.shared.region.word64(self.ring.words + ring::PUBLISHED);
        published.store(self.head, Ordering::Release);
        wake(self.word(ring::DATA_WAIT));
    }

    /// Says that nothing follows. The other end reads what is there, then reports the end.
    pub fn end(&mut self) {
        self.shared.end_writing();
    }

    fn word(&self, offset: usize) -> &AtomicU32 {
        self.shared.region.word32(self.ring.words + offset)
    }
}

/// Room for a record that nobody sees before it is published. Dropped unpublished, it was never there.
pub struct Loan<'a> {
    writer: &'a mut RingWriter,
    length: usize,
}

impl Loan<'_> {
    /// Bytes of room.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.length
    }

    /// Where the room begins, aligned to 8 bytes; `len` contiguous bytes. What lies there is old data.
    pub fn as_mut_ptr(&mut self) -> *mut u8 {
        // SAFETY: header and room are contiguous in the double mapping.
        unsafe { self.writer.ring.at(self.writer.head).add(RECORD_HEADER as usize) }
    }

    /// Copies `bytes` to `offset`. Panics if they do not fit.
    pub fn copy_from_slice(&mut self, offset: usize, bytes: &[u8]) {
        assert!(offset <= self.length && bytes.len() <= self.length - offset, "more bytes than were loaned");
        // SAFETY: within the room, which no slice of ours can overlap.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), self.as_mut_ptr().add(offset), bytes.len()) };
    }

    /// The room as a slice, to fill it in place.
    ///
    /// # Safety
    /// The other end maps the same memory. The caller trusts it not to write here while the slice is in use, which a
    /// peer that keeps the protocol never does.
    pub unsafe fn as_mut_slice(&mut self) -> &mut [u8] {
        std::slice::from_raw_parts_mut(self.as_mut_ptr(), self.length)
    }

    /// Publishes the first `length` bytes as a record. Panics if there are not as many.
    pub fn publish(self, length: usize) {
        self.publish_part(length, false);
    }

    /// The same; with `more`, the message goes on in the next record.
    pub fn publish_part(self, length: usize, more: bool) {
        assert!(length <= self.length, "more bytes than were loaned");
        self.writer.publish(length, if more { FLAG_MORE } else { 0 });
    }
}

/// The reading end of a ring: *borrow* a record, use it, *release* it.
///
/// One thread at a time (`&mut self`).
pub struct RingReader {
    shared: Arc<Shared>,
    ring: Ring,
    /// Bytes ever used. Kept here and never read back from the region.
    tail: u64,
    /// What of them the writer was told.
    given_back: u64,
    /// What the writer was last seen to have published.
    published: u64,
    wait: Wait,
}

impl RingReader {
    pub(crate) fn new(shared: Arc<Shared>, words: usize, wait: Wait) -> Self {
        let ring = Ring::new(&shared, words);
        RingReader { shared, ring, tail: 0, given_back: 0, published: 0, wait }
    }

    /// Waits for the next record, forever without `timeout` and not at all with zero.
    ///
    /// Errors: `timeout`, `disconnected` behind the last record, `receive_failed` if the other end broke the rules.
    pub fn borrow(&mut self, timeout: Option<Duration>) -> Result<Borrow<'_>, ChannelError> {
        self.borrow_before(|| system::deadline(timeout))
    }

    pub(crate) fn borrow_before(
        &mut self,
        deadline: impl FnOnce() -> Option<Instant>,
    ) -> Result<Borrow<'_>, ChannelError> {
        if self.shared.is_closed() {
            return Err(ChannelError::disconnected(&self.shared.channel));
        }
        if self.published == self.tail {
            self.wait_for_data(deadline)?;
        }
        let available = self.published - self.tail;
        // SAFETY: `at` is aligned to 8, as `tail` is, and eight bytes from there lie in the ring.
        // Read once: it may change.
        let [length, flags] = unsafe { ptr::read_volatile(self.ring.at(self.tail) as *const [u32; 2]) };
        let too_long = u64::from(length) > self.ring.size / 2 || RECORD_HEADER + u64::from(length) > available;
        // A record that goes on brings something: a message of empty ones would never end.
        let endless = flags & FLAG_MORE != 0 && length == 0;
        if too_long || endless || flags & !FLAG_MORE != 0 {
            let text = format!("a record of {length} bytes with flags {flags:#x}, where {available} are published");
            return Err(self.shared.violated(ErrorCode::ReceiveFailed, text));
        }
        Ok(Borrow { length: length as usize, more: flags & FLAG_MORE != 0, reader: self })
    }

    fn wait_for_data(&mut self, deadline: impl FnOnce() -> Option<Instant>) -> Result<(), ChannelError> {
        let (shared, tail, size, words) = (&*self.shared, self.tail, self.ring.size, self.ring.words);
        let cached = &mut self.published;
        let mut look = || {
            let published = shared.region.word64(words + ring::PUBLISHED).load(Ordering::Acquire);
            if published % 8 != 0 || published < *cached || published - tail > size {
                let text = format!("the other end published {published} bytes after {}, read are {tail}", *cached);
                return Err(shared.violated(ErrorCode::ReceiveFailed, text));
            }
            *cached = published;
            Ok(if published == tail { None } else { Some(()) })
        };
        if look()?.is_some() {
            return Ok(());
        }
        give_back(shared, words, tail, &mut self.given_back);
        let ended = || shared.region.word32(words + ring::ENDED).load(Ordering::Acquire) != 0;
        wait(shared, shared.region.word32(words + ring::DATA_WAIT), self.wait.spin, deadline(), ended, look)
    }

    fn release(&mut self, length: usize) {
        self.tail += layout::record_size(length);
        // Told only now and then: each time costs a fence. What is kept back is so little that any record finds room.
        if self.tail - self.given_back >= self.ring.size / 8 {
            give_back(&self.shared, self.ring.words, self.tail, &mut self.given_back);
        }
    }
}

fn give_back(shared: &Shared, words: usize, tail: u64, given_back: &mut u64) {
    if *given_back != tail {
        *given_back = tail;
        shared.region.word64(words + ring::CONSUMED).store(tail, Ordering::Release);
        wake(shared.region.word32(words + ring::SPACE_WAIT));
    }
}

/// A record in place. Dropped, it is released, and the writer may use its room again.
pub struct Borrow<'a> {
    reader: &'a mut RingReader,
    length: usize,
    more: bool,
}

impl Borrow<'_> {
    /// The record's bytes; there may be none.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether the message goes on in the next record.
    pub fn has_more(&self) -> bool {
        self.more
    }

    /// Where the record begins, aligned to 8 bytes; `len` contiguous bytes.
    ///
    /// A hostile peer may change them at any time.
    pub fn as_ptr(&self) -> *const u8 {
        // SAFETY: header and bytes are contiguous in the double mapping.
        unsafe { self.reader.ring.at(self.reader.tail).add(RECORD_HEADER as usize) }
    }

    /// Appends the record to `target`. What is parsed is copied first, so that it cannot change between check and use.
    pub fn copy_to(&self, target: &mut Vec<u8>) {
        target.reserve(self.length);
        // SAFETY: room was just reserved, and the ring overlaps no vector.
        unsafe {
            ptr::copy_nonoverlapping(self.as_ptr(), target.as_mut_ptr().add(target.len()), self.length);
            target.set_len(target.len() + self.length);
        }
    }

    /// The record as a slice, without copying.
    ///
    /// # Safety
    /// The other end maps the same memory. The caller trusts it not to write here while the slice is in use, which a
    /// peer that keeps the protocol never does before the record is released.
    pub unsafe fn as_slice(&self) -> &[u8] {
        std::slice::from_raw_parts(self.as_ptr(), self.length)
    }

    /// Gives the record back, as dropping it does.
    pub fn release(self) {}
}

impl Drop for Borrow<'_> {
    fn drop(&mut self) {
        self.reader.release(self.length);
    }
}
