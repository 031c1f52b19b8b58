//! How channels are made.

use super::core::{Core, USUAL_CAPACITY};
use super::pair::{Pair, Policy};
use super::shared_memory::{Codec, Link, Options, SharedMemory};
use super::stream::Stream;
use super::transport::Transport;
use super::{place, system, Channel, ChannelError, ErrorCode, Kind};
use std::io::Write;
use std::os::unix::io::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

const NAME: &str = "SOUNDPOST_IPC_CHANNEL";
const MODE: &str = "SOUNDPOST_IPC_MODE";

impl Channel {
    fn new(name: &str, kind: Kind, transport: Transport, capacity: usize) -> Self {
        Channel { core: Arc::new(Core::new(name, kind, transport, capacity)) }
    }

    /// Two ends within this process, `NAME_a` and `NAME_b`. Each direction holds at most `capacity` messages (at least
    /// one, 10 000 is usual); `policy` says what happens to one more.
    pub fn pair(name: &str, capacity: usize, policy: Policy) -> (Channel, Channel) {
        let names = [format!("{name}_a"), format!("{name}_b")];
        let (a, b) = Pair::ends([&names[0], &names[1]], capacity, policy);
        (
            Channel::new(&names[0], Kind::Thread, Transport::Thread(a), capacity),
            Channel::new(&names[1], Kind::Thread, Transport::Thread(b), capacity),
        )
    }

    /// A channel within this process whose messages come back to whoever receives from it: a queue between threads.
    pub fn thread(name: &str, capacity: usize, policy: Policy) -> Self {
        let looped = Pair::looped(name, capacity, policy);
        Channel::new(name, Kind::Thread, Transport::Thread(looped), capacity)
    }

    /// Connects to the local socket `name` in the runtime directory. Errors: `disconnected` if nobody serves it, `io`.
    pub fn connect(name: &str) -> Result<Self, ChannelError> {
        Self::connect_in(None, name)
    }

    /// The same in a directory of the caller's choice.
    pub fn connect_in(directory: Option<&Path>, name: &str) -> Result<Self, ChannelError> {
        Ok(Self::over_socket(name, place::connect(name, directory)?))
    }

    pub(super) fn over_socket(name: &str, socket: UnixStream) -> Self {
        let stream = Stream::over_socket(name, socket);
        Channel::new(name, Kind::LocalSocket, Transport::Lines(stream), USUAL_CAPACITY)
    }

    /// Connects to the shared-memory server of `name` in the runtime directory.
    pub fn connect_shared_memory(name: &str) -> Result<Self, ChannelError> {
        Self::connect_shared_memory_with(name, &Options::default())
    }

    /// The same with options; the codec is always JSON. Errors as of [`Link::connect`].
    pub fn connect_shared_memory_with(name: &str, options: &Options) -> Result<Self, ChannelError> {
        let options = Options { codec: Codec::Json, ..options.clone() };
        Ok(Self::over_link(name, Link::connect(name, &options)?))
    }

    pub(super) fn over_link(name: &str, link: Link) -> Self {
        let memory = SharedMemory::new(link);
        Channel::new(name, Kind::SharedMemory, Transport::SharedMemory(memory), USUAL_CAPACITY)
    }

    /// Lines of JSON over two pipes, such as those to and from a child process. The process has to ignore SIGPIPE,
    /// which Rust programs do by themselves. Errors: `io`.
    pub fn lines(name: &str, input: OwnedFd, output: OwnedFd) -> Result<Self, ChannelError> {
        let stream =
            Stream::over_pipes(name, input, output).map_err(|error| ChannelError::io(name, "making a pipe", &error))?;
        Ok(Channel::new(name, Kind::Stdio, Transport::Lines(stream), USUAL_CAPACITY))
    }

    /// The channel over this process's stdin and stdout, called `stdio`. From then on what the program prints goes to
    /// stderr, so that it cannot come between the messages, and its stdin is empty; SIGPIPE is ignored.
    ///
    /// Call it before anything is read from stdin. Errors: `io`, also for a second call in the same process.
    pub fn standard_input_and_output() -> Result<Self, ChannelError> {
        Self::standard("stdio")
    }

    fn standard(name: &str) -> Result<Self, ChannelError> {
        static IS_TAKEN: AtomicBool = AtomicBool::new(false);
        if IS_TAKEN.swap(true, Ordering::SeqCst) {
            return Err(ChannelError::new(ErrorCode::Io, name, "stdin and stdout are another channel's already"));
        }
        let failed = |error: std::io::Error| ChannelError::io(name, "taking stdin and stdout", &error);
        std::io::stdout().flush().map_err(failed)?;
        let (input, output) = system::take_standard_streams().map_err(failed)?;
        Self::lines(name, input, output)
    }

    /// Connects this program to whoever started it.
    ///
    /// `SOUNDPOST_IPC_MODE` is `local_socket`, `shared_memory`, `thread`, or `stdio`, for which `legacy` is another
    /// word. The first two need `SOUNDPOST_IPC_CHANNEL`, a channel's name. A name without a mode means its local
    /// socket; neither of them means [`Self::thread`], a queue within this process. Errors: `io` for what cannot be,
    /// and those of connecting.
    pub fn from_environment() -> Result<Self, ChannelError> {
        let value = |variable: &str| std::env::var(variable).ok().filter(|value| !value.is_empty());
        let (name, mode) = (value(NAME), value(MODE));
        let mode = mode.as_deref().unwrap_or(if name.is_some() { "local_socket" } else { "thread" });
        let required = || {
            let text = format!("no channel is named: set {NAME}");
            name.as_deref().ok_or_else(|| ChannelError::new(ErrorCode::Io, mode, text))
        };
        match mode {
            "local_socket" => Self::connect(required()?),
            "shared_memory" => Self::connect_shared_memory(required()?),
            "thread" => Ok(Self::thread(name.as_deref().unwrap_or("thread"), USUAL_CAPACITY, Policy::Wait)),
            "stdio" | "legacy" => Self::standard(name.as_deref().unwrap_or("stdio")),
            _ => {
                let text = format!("{MODE} is {mode:?}: not local_socket, shared_memory, thread, stdio or legacy");
                Err(ChannelError::new(ErrorCode::Io, name.as_deref().unwrap_or(mode), text))
            }
        }
    }
}
