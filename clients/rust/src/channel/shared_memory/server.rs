use super::{Codec, Options, Server};
use crate::channel::{Channel, ChannelError};
use std::path::Path;
use std::time::Duration;

/// Serves a name over shared memory to any number of clients of the same user, with messages in JSON.
///
/// Any number of threads may accept at once. Dropping the server gives up the name; channels live on.
pub struct SharedMemoryServer {
    server: Server,
}

impl SharedMemoryServer {
    /// Takes `name` in the runtime directory. A name that a live server has is refused with `io`; a dead server's is
    /// taken over.
    pub fn bind(name: &str) -> Result<Self, ChannelError> {
        Self::bind_with(name, &Options::default())
    }

    /// The same with options; the codec is always JSON.
    pub fn bind_with(name: &str, options: &Options) -> Result<Self, ChannelError> {
        let options = Options { codec: Codec::Json, ..options.clone() };
        Ok(SharedMemoryServer { server: Server::bind(name, &options)? })
    }

    /// Waits for the next client, forever without `timeout`.
    ///
    /// Errors: `timeout`, `disconnected` after [`Self::close`], `io`.
    pub fn accept(&self, timeout: Option<Duration>) -> Result<Channel, ChannelError> {
        Ok(Channel::over_link(self.server.name(), self.server.accept(timeout)?))
    }

    /// Accepts no more clients and wakes who waits for one, in any thread.
    ///
    /// The name is given up when the server is dropped.
    pub fn close(&self) {
        self.server.close();
    }

    /// The name that is served.
    pub fn name(&self) -> &str {
        self.server.name()
    }

    /// The socket's path.
    pub fn path(&self) -> &Path {
        self.server.path()
    }
}
