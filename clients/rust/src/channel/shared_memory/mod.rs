//! Shared memory: the raw layer, records of bytes in two rings, and what channels are made of.
//!
//! A [`Server`] and [`Link::connect`] make [`Link`]s, whose [`RingWriter`] and [`RingReader`] may live in two threads.
//! For messages use [`SharedMemoryServer`] and
//! [`Channel::connect_shared_memory`](super::Channel::connect_shared_memory).

mod futex;
mod layout;
mod link;
mod region;
mod ring;
mod server;
mod transport;

pub use link::{Link, Server};
pub use ring::{Borrow, Loan, RingReader, RingWriter};
pub use server::SharedMemoryServer;
pub(crate) use transport::SharedMemory;

use super::error::{ChannelError, ErrorCode};
use super::system;
use region::Region;
use std::os::unix::io::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::atomic::{fence, AtomicBool, Ordering};
use std::time::Duration;

/// What the records of a link are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Codec {
    /// Bytes whose meaning the two ends know.
    Raw = 0,
    /// Messages in JSON, as channels send them.
    Json = 2,
}

/// How a ring's end waits.
#[derive(Clone, Copy, Debug)]
pub struct Wait {
    /// How long it looks again and again before it sleeps. Long spinning takes the processor from who would end it.
    pub spin: Duration,
}

impl Default for Wait {
    fn default() -> Self {
        Wait { spin: Duration::from_micros(10) }
    }
}

/// Where and how to meet over shared memory.
#[derive(Clone, Debug)]
pub struct Options {
    /// The directory of the sockets; the runtime directory if none.
    pub directory: Option<PathBuf>,
    /// Bytes of each ring, a power of two from 65 536 to 1 073 741 824. The server's choice.
    pub ring_bytes: u32,
    /// What the records are; both ends must say the same. Channels always use JSON.
    pub codec: Codec,
    /// How to wait.
    pub wait: Wait,
    /// How long a client waits for the server's line.
    pub connect_timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            directory: None,
            ring_bytes: 4 * 1024 * 1024,
            codec: Codec::Json,
            wait: Wait::default(),
            connect_timeout: Duration::from_secs(5),
        }
    }
}

/// What both rings' ends hold together.
pub(crate) struct Shared {
    pub channel: String,
    pub region: Region,
    /// Open as long as this end lives; the kernel closes it if we do not.
    socket: UnixStream,
    closed: AtomicBool,
    /// Where the words of the ring begin that this end writes.
    writes: usize,
    /// The object's name, to be removed if no client did. Only where regions have names.
    segment: Option<String>,
}

impl Shared {
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    pub fn is_peer_gone(&self) -> bool {
        system::is_hung_up(self.socket.as_raw_fd())
    }

    pub fn end_writing(&self) {
        self.region.word32(self.writes + layout::ring::ENDED).store(1, Ordering::Release);
        self.wake(self.writes + layout::ring::DATA_WAIT);
    }

    /// Lets go altogether: the other end and all who wait here notice at once. From any thread.
    pub fn close(&self) {
        if self.closed.swap(true, Ordering::SeqCst) {
            return;
        }
        self.region.word32(self.writes + layout::ring::ENDED).store(1, Ordering::Release);
        system::shut_down(self.socket.as_raw_fd(), libc::SHUT_RDWR);
        for words in [layout::ring::A, layout::ring::B] {
            self.wake(words + layout::ring::DATA_WAIT);
            self.wake(words + layout::ring::SPACE_WAIT);
        }
    }

    fn wake(&self, offset: usize) {
        let word = self.region.word32(offset);
        fence(Ordering::SeqCst);
        word.store(0, Ordering::Relaxed);
        futex::wake(word, i32::MAX);
    }

    /// The other end broke the rules: this channel is closed, and the error says so.
    pub fn violated(&self, code: ErrorCode, text: impl Into<String>) -> ChannelError {
        self.close();
        ChannelError::new(code, &self.channel, text)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.close();
        if let Some(segment) = &self.segment {
            region::unlink_object(segment);
        }
    }
}
