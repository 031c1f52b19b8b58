//! The local socket as a transport: a line of JSON a message.

use super::error::{ChannelError, ErrorCode};
use super::message::MAXIMUM_MESSAGE_BYTES;
use super::system::{self, lock};
use std::io;
use std::os::unix::io::AsRawFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Mutex;
use std::time::Instant;

const USUAL_BUFFER: usize = 64 * 1024;
const LARGEST_KEPT: usize = 4 * 1024 * 1024;

pub(crate) struct Stream {
    name: String,
    socket: UnixStream,
    writing: Mutex<()>,
    reading: Mutex<Buffer>,
    closed: AtomicBool,
}

impl Stream {
    pub fn new(name: &str, socket: UnixStream) -> Self {
        let (writing, reading, closed) = Default::default();
        Stream { name: name.to_owned(), socket, writing, reading, closed }
    }

    pub fn send(&self, line: &[u8]) -> Result<(), ChannelError> {
        let _turn = lock(&self.writing);
        system::send_line(self.socket.as_raw_fd(), line).map_err(|error| self.failed("sending", &error))
    }

    pub fn receive<T>(&self, deadline: Option<Instant>, take: impl FnOnce(&[u8]) -> T) -> Result<T, ChannelError> {
        let mut buffer = lock(&self.reading);
        loop {
            if self.closed.load(Ordering::SeqCst) {
                return Err(ChannelError::disconnected(&self.name));
            }
            match buffer.line() {
                Ok(Some(line)) => return Ok(take(line)),
                Ok(None) => {}
                Err(TooLong) => {
                    let text = format!("a line of more than {MAXIMUM_MESSAGE_BYTES} bytes");
                    return Err(ChannelError::new(ErrorCode::ReceiveFailed, &self.name, text));
                }
            }
            if self.fill(&mut buffer, deadline)? == 0 {
                // What is left without an LF is no message.
                return Err(ChannelError::disconnected(&self.name));
            }
        }
    }

    /// One call without a deadline; with one, a second only if there is nothing yet.
    fn fill(&self, buffer: &mut Buffer, deadline: Option<Instant>) -> Result<usize, ChannelError> {
        let descriptor = self.socket.as_raw_fd();
        let flags = if deadline.is_some() { libc::MSG_DONTWAIT } else { 0 };
        loop {
            match system::receive(descriptor, buffer.room(), flags) {
                Ok(count) => {
                    buffer.end += count;
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(self.failed("receiving", &error)),
            }
            let over = deadline.map_or(false, |deadline| Instant::now() >= deadline);
            let mut descriptors = [system::pollfd(descriptor, libc::POLLIN)];
            if over || !system::poll(&mut descriptors, deadline).map_err(|error| self.failed("waiting", &error))? {
                return Err(ChannelError::timeout(&self.name));
            }
        }
    }

    pub fn end(&self) {
        system::shut_down(self.socket.as_raw_fd(), libc::SHUT_WR);
    }

    /// Wakes whoever sends or receives; the descriptor itself stays until nobody uses it.
    pub fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        system::shut_down(self.socket.as_raw_fd(), libc::SHUT_RDWR);
    }

    fn failed(&self, doing: &str, error: &io::Error) -> ChannelError {
        match error.kind() {
            io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset | io::ErrorKind::NotConnected => {
                ChannelError::disconnected(&self.name)
            }
            _ => ChannelError::io(&self.name, doing, error),
        }
    }
}

struct TooLong;

/// What came and is not yet read: `bytes[start..end]`, of which `bytes[start..searched]` has no LF.
#[derive(Default)]
struct Buffer {
    bytes: Vec<u8>,
    start: usize,
    searched: usize,
    end: usize,
}

impl Buffer {
    /// The next whole line, without its LF.
    fn line(&mut self) -> Result<Option<&[u8]>, TooLong> {
        let found = find_line_end(&self.bytes[self.searched..self.end]);
        let length = found.map_or(self.end, |offset| self.searched + offset) - self.start;
        if length > MAXIMUM_MESSAGE_BYTES {
            return Err(TooLong);
        }
        if found.is_none() {
            self.searched = self.end;
            return Ok(None);
        }
        let start = self.start;
        self.start += length + 1;
        self.searched = self.start;
        Ok(Some(&self.bytes[start..start + length]))
    }

    /// Where more can be read to. Never empty, and never more than one line's worth beyond the longest line.
    fn room(&mut self) -> &mut [u8] {
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
            self.searched = 0;
            if self.bytes.is_empty() || self.bytes.len() > LARGEST_KEPT {
                // A large message is no reason to keep its memory.
                self.bytes = vec![0; USUAL_BUFFER];
            }
        } else if self.end == self.bytes.len() {
            if self.start >= self.bytes.len() / 2 {
                self.bytes.copy_within(self.start..self.end, 0);
                self.end -= self.start;
                self.searched -= self.start;
                self.start = 0;
            } else {
                self.bytes.resize(self.bytes.len() * 2, 0);
            }
        }
        &mut self.bytes[self.end..]
    }
}

fn find_line_end(bytes: &[u8]) -> Option<usize> {
    // SAFETY: the pointer and the length are those of one slice.
    let found = unsafe { libc::memchr(bytes.as_ptr() as *const libc::c_void, i32::from(b'\n'), bytes.len()) };
    if found.is_null() {
        None
    } else {
        Some(found as usize - bytes.as_ptr() as usize)
    }
}
