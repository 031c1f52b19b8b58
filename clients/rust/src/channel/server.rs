use super::error::{ChannelError, ErrorCode};
use super::place::SocketFile;
use super::system;
use super::Channel;
use std::io;
use std::os::unix::io::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// What every server does: hold a name, and let in who belongs to the same user.
pub(crate) struct Door {
    name: String,
    file: SocketFile,
    closed: AtomicBool,
    /// Written to by `close`; never read, so that everybody who waits sees it.
    bell: (UnixStream, UnixStream),
}

impl Door {
    pub fn open(name: &str, directory: Option<&Path>) -> Result<Self, ChannelError> {
        let file = SocketFile::claim(name, directory)?;
        let bell = UnixStream::pair().map_err(|error| ChannelError::io(name, "listening", &error))?;
        Ok(Door { name: name.to_owned(), file, closed: AtomicBool::new(false), bell })
    }

    pub fn accept(&self, deadline: Option<Instant>) -> Result<UnixStream, ChannelError> {
        let failed = |error: io::Error| ChannelError::io(&self.name, "accepting", &error);
        loop {
            if self.closed.load(Ordering::SeqCst) {
                return Err(ChannelError::new(ErrorCode::Disconnected, &self.name, "the server is closed"));
            }
            match self.file.listener.accept() {
                Ok((stream, _)) => {
                    // Another user, or somebody who has gone already.
                    if system::check_user(&stream).is_err() || system::ended_unused(&stream) {
                        continue;
                    }
                    stream.set_nonblocking(false).map_err(failed)?;
                    return Ok(stream);
                }
                Err(error) => match error.kind() {
                    io::ErrorKind::WouldBlock => {}
                    io::ErrorKind::Interrupted | io::ErrorKind::ConnectionAborted => continue,
                    _ => return Err(failed(error)),
                },
            }
            let mut descriptors = [
                system::pollfd(self.file.listener.as_raw_fd(), libc::POLLIN),
                system::pollfd(self.bell.0.as_raw_fd(), libc::POLLIN),
            ];
            if !system::poll(&mut descriptors, deadline).map_err(failed)? {
                return Err(ChannelError::timeout(&self.name));
            }
        }
    }

    pub fn close(&self) {
        if !self.closed.swap(true, Ordering::SeqCst) {
            // The end of the stream rings as well as a byte would.
            system::shut_down(self.bell.1.as_raw_fd(), libc::SHUT_WR);
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn path(&self) -> &Path {
        self.file.path()
    }
}

/// Serves a name over a local socket to any number of clients of the same user.
///
/// Any number of threads may accept at once. Dropping the server gives up the name and removes its file; channels that
/// were accepted live on.
pub struct LocalSocketServer {
    door: Door,
}

impl LocalSocketServer {
    /// Takes `name` in the runtime directory. A name that a live server has is refused with `io`; a dead server's is
    /// taken over.
    pub fn bind(name: &str) -> Result<Self, ChannelError> {
        Self::bind_in(None, name)
    }

    /// The same in a directory of the caller's choice, which must belong to the user and be writable by nobody else.
    pub fn bind_in(directory: Option<&Path>, name: &str) -> Result<Self, ChannelError> {
        Ok(LocalSocketServer { door: Door::open(name, directory)? })
    }

    /// Waits for the next client, forever without `timeout`.
    ///
    /// Errors: `timeout`, `disconnected` after [`Self::close`], `io`.
    pub fn accept(&self, timeout: Option<Duration>) -> Result<Channel, ChannelError> {
        let socket = self.door.accept(system::deadline(timeout))?;
        Ok(Channel::over_socket(self.door.name(), socket))
    }

    /// Accepts no more clients and wakes who waits for one, in any thread.
    ///
    /// The name is given up when the server is dropped.
    pub fn close(&self) {
        self.door.close();
    }

    /// The name that is served.
    pub fn name(&self) -> &str {
        self.door.name()
    }

    /// The socket's path.
    pub fn path(&self) -> &Path {
        self.door.path()
    }
}
