//! Lines of JSON as a transport: over a local socket, or over two pipes.

use super::error::{ChannelError, ErrorCode};
use super::message::MAXIMUM_MESSAGE_BYTES;
use super::system::{self, lock, Turn};
use std::io;
use std::os::unix::io::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Mutex;
use std::time::Instant;

const USUAL_BUFFER: usize = 64 * 1024;
const LARGEST_KEPT: usize = 4 * 1024 * 1024;

pub(crate) struct Stream {
    name: String,
    ends: Ends,
    writing: Turn,
    reading: Mutex<Buffer>,
    closed: AtomicBool,
}

enum Ends {
    Socket(UnixStream),
    Pipes {
        /// None once this end is closed, so that who writes there notices.
        input: Mutex<Option<OwnedFd>>,
        /// None at the end of this direction: a pipe has no other way to say so.
        output: Mutex<Option<OwnedFd>>,
        /// At its end once this is closed: who waits for a pipe cannot be woken otherwise.
        bell: (UnixStream, UnixStream),
    },
}

impl Stream {
    pub fn over_socket(name: &str, socket: UnixStream) -> Self {
        Self::new(name, Ends::Socket(socket))
    }

    pub fn over_pipes(name: &str, input: OwnedFd, output: OwnedFd) -> io::Result<Self> {
        let (input, output) = (Mutex::new(Some(input)), Mutex::new(Some(output)));
        Ok(Self::new(name, Ends::Pipes { input, output, bell: UnixStream::pair()? }))
    }

    fn new(name: &str, ends: Ends) -> Self {
        let (writing, reading, closed) = Default::default();
        Stream { name: name.to_owned(), ends, writing, reading, closed }
    }

    pub fn send(&self, line: &[u8], deadline: Option<Instant>) -> Result<(), ChannelError> {
        let _turn = self.writing.take(deadline).ok_or_else(|| ChannelError::no_room(&self.name))?;
        if self.closed.load(Ordering::SeqCst) {
            return Err(ChannelError::disconnected(&self.name));
        }
        let sent = match &self.ends {
            Ends::Socket(socket) => system::send_line(socket.as_raw_fd(), line, deadline),
            Ends::Pipes { output, bell, .. } => {
                // Open as long as somebody sends: `end` comes after the last one.
                let output = lock(output).as_ref().map(AsRawFd::as_raw_fd);
                output.map_or(Err(io::ErrorKind::BrokenPipe.into()), |output| {
                    self.write(output, bell.0.as_raw_fd(), line, deadline)
                })
            }
        };
        sent.map_err(|error| match error.kind() {
            io::ErrorKind::TimedOut => ChannelError::no_room(&self.name),
            _ => self.failed("sending", &error),
        })
    }

    /// Writes `line` and an LF. The deadline counts until the first byte is written.
    fn write(&self, output: RawFd, bell: RawFd, line: &[u8], deadline: Option<Instant>) -> io::Result<()> {
        let mut sent = 0;
        while sent <= line.len() {
            let mut descriptors = [system::pollfd(output, libc::POLLOUT), system::pollfd(bell, libc::POLLIN)];
            if !system::poll(&mut descriptors, deadline.filter(|_| sent == 0))? {
                return Err(io::ErrorKind::TimedOut.into());
            }
            if self.closed.load(Ordering::SeqCst) {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            match system::write_to_pipe(output, &line[sent..]) {
                Ok(count) => sent += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
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

    fn fill(&self, buffer: &mut Buffer, deadline: Option<Instant>) -> Result<usize, ChannelError> {
        let filled = match &self.ends {
            Ends::Socket(socket) => fill_from_socket(socket.as_raw_fd(), buffer, deadline),
            Ends::Pipes { input, bell, .. } => match &*lock(input) {
                // Held until the bell rings.
                Some(input) => self.fill_from_pipe(input.as_raw_fd(), bell.0.as_raw_fd(), buffer, deadline),
                None => Ok(0),
            },
        };
        filled.map_err(|error| match error.kind() {
            io::ErrorKind::TimedOut => ChannelError::timeout(&self.name),
            _ => self.failed("receiving", &error),
        })
    }

    fn fill_from_pipe(
        &self,
        input: RawFd,
        bell: RawFd,
        buffer: &mut Buffer,
        deadline: Option<Instant>,
    ) -> io::Result<usize> {
        loop {
            let mut descriptors = [system::pollfd(input, libc::POLLIN), system::pollfd(bell, libc::POLLIN)];
            if !system::poll(&mut descriptors, deadline)? {
                return Err(io::ErrorKind::TimedOut.into());
            }
            if self.closed.load(Ordering::SeqCst) {
                return Ok(0);
            }
            match system::read(input, buffer.room()) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                outcome => return outcome.map(|count| buffer.came(count)),
            }
        }
    }

    pub fn end(&self) {
        match &self.ends {
            Ends::Socket(socket) => system::shut_down(socket.as_raw_fd(), libc::SHUT_WR),
            Ends::Pipes { output, .. } => drop(lock(output).take()),
        }
    }

    /// Wakes whoever sends or receives; descriptors stay until nobody uses them.
    pub fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        match &self.ends {
            Ends::Socket(socket) => system::shut_down(socket.as_raw_fd(), libc::SHUT_RDWR),
            Ends::Pipes { input, bell, .. } => {
                system::shut_down(bell.1.as_raw_fd(), libc::SHUT_WR);
                // Who reads lets go of it now.
                drop(lock(input).take());
            }
        }
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

/// One call without a deadline; with one, a second only if there is nothing yet. `TimedOut`: nothing came before it.
fn fill_from_socket(socket: RawFd, buffer: &mut Buffer, deadline: Option<Instant>) -> io::Result<usize> {
    let flags = if deadline.is_some() { libc::MSG_DONTWAIT } else { 0 };
    loop {
        match system::receive(socket, buffer.room(), flags) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            outcome => return outcome.map(|count| buffer.came(count)),
        }
        let over = deadline.map_or(false, |deadline| Instant::now() >= deadline);
        if over || !system::poll(&mut [system::pollfd(socket, libc::POLLIN)], deadline)? {
            return Err(io::ErrorKind::TimedOut.into());
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

    /// So many bytes were read into the room.
    fn came(&mut self, count: usize) -> usize {
        self.end += count;
        count
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
