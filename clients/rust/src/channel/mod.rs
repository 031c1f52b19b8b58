//! Channels: messages between a program and its helpers on the same machine.
//!
//! Every kind behaves alike; only how they are made differs:
//!
//! | kind | made by |
//! |---|---|
//! | in-process pair | [`Channel::pair`] |
//! | local socket | [`LocalSocketServer`] and [`Channel::connect`] |
//! | shared memory | [`SharedMemoryServer`] and [`Channel::connect_shared_memory`] |
//!
//! A [`Channel`] is `Send` and `Sync`: share it by `Arc`, or borrow it to scoped threads.

mod error;
mod exchange;
mod handlers;
mod message;
mod metrics;
mod pair;
mod place;
mod server;
pub mod shared_memory;
mod stream;
mod strict;
mod system;

pub use error::{ChannelError, ErrorCode, RequestError};
pub use handlers::Handlers;
pub use message::{ErrorBody, Message, MessageType, MAXIMUM_DEPTH, MAXIMUM_MESSAGE_BYTES};
pub use metrics::Metrics;
pub use pair::Policy;
pub use place::{is_valid_name, runtime_directory};
pub use server::LocalSocketServer;

use exchange::{Exchange, Question, Waiting};
use metrics::Counters;
use pair::Pair;
use serde_json::Value;
use shared_memory::SharedMemory;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};
use stream::Stream;
use system::{deadline, lock};

/// What carries a channel's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Two queues in one process.
    Thread,
    /// A Unix domain socket.
    LocalSocket,
    /// Two rings in shared memory.
    SharedMemory,
}

impl Kind {
    /// The kind's name in `SOUNDPOST_IPC_MODE` and in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Thread => "thread",
            Kind::LocalSocket => "local_socket",
            Kind::SharedMemory => "shared_memory",
        }
    }
}

enum Transport {
    Thread(Pair),
    LocalSocket(Stream),
    SharedMemory(SharedMemory),
}

impl Transport {
    fn send(&self, line: &[u8], counters: &Counters) -> Result<(), ChannelError> {
        match self {
            Transport::Thread(pair) => pair.send(line, counters),
            Transport::LocalSocket(stream) => stream.send(line),
            Transport::SharedMemory(memory) => memory.send(line),
        }
    }

    fn receive<T>(&self, deadline: Option<Instant>, take: impl FnOnce(&[u8]) -> T) -> Result<T, ChannelError> {
        match self {
            Transport::Thread(pair) => pair.receive(deadline, take),
            Transport::LocalSocket(stream) => stream.receive(deadline, take),
            Transport::SharedMemory(memory) => memory.receive(deadline, take),
        }
    }

    /// Ends this end's direction, behind what was sent.
    fn end(&self) {
        match self {
            Transport::Thread(pair) => pair.end(),
            Transport::LocalSocket(stream) => stream.end(),
            Transport::SharedMemory(memory) => memory.end(),
        }
    }

    /// Ends everything and wakes everybody.
    fn close(&self) {
        match self {
            Transport::Thread(pair) => pair.close(),
            Transport::LocalSocket(stream) => stream.close(),
            Transport::SharedMemory(memory) => memory.close(),
        }
    }
}

/// Set in `Channel::sending` once no new messages are accepted; twice the number of sends in flight stands above.
const SHUTTING_DOWN: usize = 1;

/// One end of a two-way connection that carries [`Message`]s.
///
/// All methods take `&self` and may be called from any number of threads at once; each blocks only its own. Messages
/// of one thread arrive in the order of its sends. Answers reach the thread that asked, whoever receives. No thread
/// works in the background, so pings are answered while somebody receives or asks.
///
/// Dropping a channel closes it without ceremony; what was sent before still arrives.
pub struct Channel {
    name: String,
    kind: Kind,
    transport: Transport,
    exchange: Exchange,
    sending: AtomicUsize,
    drained: Mutex<bool>,
    drain: Condvar,
    counters: Counters,
}

impl Channel {
    fn new(name: &str, kind: Kind, transport: Transport) -> Self {
        Channel {
            name: name.to_owned(),
            kind,
            transport,
            exchange: Exchange::default(),
            sending: AtomicUsize::new(0),
            drained: Mutex::new(false),
            drain: Condvar::new(),
            counters: Counters::new(),
        }
    }

    /// Two ends within this process, `NAME_a` and `NAME_b`. Each direction holds at most `capacity` messages (at least
    /// one, 10 000 is usual); `policy` says what happens to one more.
    pub fn pair(name: &str, capacity: usize, policy: Policy) -> (Channel, Channel) {
        let names = [format!("{name}_a"), format!("{name}_b")];
        let (a, b) = Pair::ends([&names[0], &names[1]], capacity, policy);
        (
            Channel::new(&names[0], Kind::Thread, Transport::Thread(a)),
            Channel::new(&names[1], Kind::Thread, Transport::Thread(b)),
        )
    }

    /// Connects to the local socket `name` in the runtime directory. Errors: `disconnected` if nobody serves it, `io`.
    pub fn connect(name: &str) -> Result<Self, ChannelError> {
        Self::connect_in(None, name)
    }

    /// The same in a directory of the caller's choice.
    pub fn connect_in(directory: Option<&Path>, name: &str) -> Result<Self, ChannelError> {
        let socket = place::connect(name, directory)?;
        Ok(Channel::new(name, Kind::LocalSocket, Transport::LocalSocket(Stream::new(name, socket))))
    }

    /// Connects to the shared-memory server of `name` in the runtime directory.
    pub fn connect_shared_memory(name: &str) -> Result<Self, ChannelError> {
        Self::connect_shared_memory_with(name, &shared_memory::Options::default())
    }

    /// The same with options; the codec is always JSON. Errors as of [`shared_memory::Link::connect`].
    pub fn connect_shared_memory_with(name: &str, options: &shared_memory::Options) -> Result<Self, ChannelError> {
        let options = shared_memory::Options { codec: shared_memory::Codec::Json, ..options.clone() };
        Ok(Self::over(name, shared_memory::Link::connect(name, &options)?))
    }

    fn over(name: &str, link: shared_memory::Link) -> Self {
        Channel::new(name, Kind::SharedMemory, Transport::SharedMemory(SharedMemory::new(link)))
    }

    /// Connects a child process to what its environment names: `SOUNDPOST_IPC_CHANNEL`, by `SOUNDPOST_IPC_MODE`
    /// (`local_socket` if it is not set, or `shared_memory`).
    pub fn from_environment() -> Result<Self, ChannelError> {
        let failed = |text: &str| ChannelError::new(ErrorCode::Io, "", text);
        let name =
            std::env::var("SOUNDPOST_IPC_CHANNEL").map_err(|_| failed("SOUNDPOST_IPC_CHANNEL names no channel"))?;
        match std::env::var("SOUNDPOST_IPC_MODE").as_deref() {
            Ok("shared_memory") => Self::connect_shared_memory(&name),
            Err(_) | Ok("" | "local_socket") => Self::connect(&name),
            Ok(mode) => {
                Err(failed(&format!("SOUNDPOST_IPC_MODE={mode}: local_socket and shared_memory are supported")))
            }
        }
    }

    /// The channel's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What carries its messages.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What it did so far.
    pub fn metrics(&self) -> Metrics {
        self.counters.snapshot(&self.name, self.kind)
    }

    /// Sends one message; waits while the other end is slow (an in-process channel does what its policy says).
    ///
    /// When it returns, the message is accepted: it arrives if the other end goes on reading, even if this one shuts
    /// down. Errors: `serialization` (nested too deep), `send_failed` (larger than 16 MiB, or a full queue),
    /// `shutting_down`, `disconnected`, `io`.
    pub fn send(&self, message: &Message) -> Result<(), ChannelError> {
        match message.encode() {
            Ok(line) => self.send_line(&line),
            Err(text) => self.counted(Err(ChannelError::new(ErrorCode::Serialization, &self.name, text))),
        }
    }

    /// Sends a message that is encoded already: one JSON object without LF. Only the LF and the size are checked.
    pub fn send_encoded(&self, line: &[u8]) -> Result<(), ChannelError> {
        if line.contains(&b'\n') {
            let text = "an encoded message must not contain LF";
            return self.counted(Err(ChannelError::new(ErrorCode::Serialization, &self.name, text)));
        }
        self.send_line(line)
    }

    /// Sends a value as a `data` message.
    pub fn send_json(&self, data: Value) -> Result<(), ChannelError> {
        self.send(&Message::data(data))
    }

    /// Sends an event.
    pub fn emit(&self, event: &str, data: Value) -> Result<(), ChannelError> {
        self.send(&Message::event(event, data))
    }

    /// Answers the request `id`.
    pub fn respond(&self, id: impl Into<String>, data: Value) -> Result<(), ChannelError> {
        self.send(&Message::response(id, data))
    }

    /// Answers the request `id`, which failed.
    pub fn respond_error(&self, id: impl Into<String>, error: ErrorBody) -> Result<(), ChannelError> {
        self.send(&Message::failure(id, error))
    }

    fn send_line(&self, line: &[u8]) -> Result<(), ChannelError> {
        if line.len() > MAXIMUM_MESSAGE_BYTES {
            let text = format!("a message of {} bytes, where {MAXIMUM_MESSAGE_BYTES} are the most", line.len());
            return self.counted(Err(ChannelError::new(ErrorCode::SendFailed, &self.name, text)));
        }
        let before = self.sending.fetch_add(2, Ordering::SeqCst);
        let outcome = if before & SHUTTING_DOWN != 0 {
            // Shutting down because the other end is gone is told apart.
            Err(self
                .exchange
                .ended()
                .map_or_else(|| ChannelError::shutting_down(&self.name), |_| ChannelError::disconnected(&self.name)))
        } else {
            self.transport.send(line, &self.counters)
        };
        if self.sending.fetch_sub(2, Ordering::SeqCst) == 2 + SHUTTING_DOWN {
            self.finish_sending();
        }
        if outcome.is_ok() {
            self.counters.sent(line.len());
        }
        self.counted(outcome)
    }

    /// Waits for the next message that is for the user, forever without `timeout`.
    ///
    /// Errors: `timeout`; `disconnected` behind the last message; `serialization` for a line that is no message, after
    /// which the channel goes on; `receive_failed` for what breaks the rules of the wire, which closes it; `io`.
    pub fn receive(&self, timeout: Option<Duration>) -> Result<Message, ChannelError> {
        self.wait(&Waiting::Receiver, deadline(timeout))
    }

    /// The next message if there is one already. Errors as of [`Self::receive`], but for `timeout`.
    pub fn try_receive(&self) -> Result<Option<Message>, ChannelError> {
        match self.receive(Some(Duration::ZERO)) {
            Ok(message) => Ok(Some(message)),
            Err(error) if error.code == ErrorCode::Timeout => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads the next line into `line`, undecoded: also pings, which are not answered then, and responses. For whoever
    /// decodes differently; not to be mixed with [`Self::receive`] and [`Self::request`] on the same channel.
    pub fn receive_encoded(&self, line: &mut Vec<u8>, timeout: Option<Duration>) -> Result<(), ChannelError> {
        let deadline = deadline(timeout);
        line.clear();
        let outcome = self.exchange.lead(&self.name, deadline, || {
            self.transport
                .receive(deadline, |bytes| line.extend_from_slice(bytes))
                .map_err(|error| self.over_by(error))?;
            self.counters.received(line.len());
            Ok(())
        });
        self.counted(outcome)
    }

    /// Asks for `method` and waits for the answer, forever without `timeout`. Any number of threads may ask at once.
    ///
    /// The time does not limit the sending itself, which waits while the other end reads nothing. Errors: the answer's
    /// own, or the channel's, as of [`Self::send`] and [`Self::receive`].
    pub fn request(&self, method: &str, data: Value, timeout: Option<Duration>) -> Result<Value, RequestError> {
        let started = Instant::now();
        let answer = self.ask(MessageType::Response, started, timeout, |id| Message::request(id, method, data))?;
        match answer.error {
            None => Ok(answer.data),
            Some(error) => Err(RequestError::Answer(error)),
        }
    }

    /// Asks whether the other end is there; how long the answer took. The other end answers while it receives.
    pub fn ping(&self, timeout: Option<Duration>) -> Result<Duration, ChannelError> {
        let started = Instant::now();
        self.ask(MessageType::Pong, started, timeout, Message::ping)?;
        Ok(started.elapsed())
    }

    fn ask(
        &self,
        awaits: MessageType,
        started: Instant,
        timeout: Option<Duration>,
        message: impl FnOnce(String) -> Message,
    ) -> Result<Message, ChannelError> {
        /// Forgets the question however its asking ends.
        struct Asked<'a>(&'a Exchange, Question);
        impl Drop for Asked<'_> {
            fn drop(&mut self) {
                self.0.withdraw(&self.1);
            }
        }
        let asked = Asked(&self.exchange, self.exchange.ask(awaits));
        self.send(&message(asked.1.id.clone()))?;
        let deadline = timeout.and_then(|timeout| started.checked_add(timeout));
        let answer = self.wait(&Waiting::Asker(&asked.1), deadline)?;
        self.counters.round_trip(started.elapsed());
        Ok(answer)
    }

    fn wait(&self, who: &Waiting<'_>, deadline: Option<Instant>) -> Result<Message, ChannelError> {
        let outcome = self.exchange.wait(&self.name, who, deadline, || self.read(deadline));
        if let Err(error) = &outcome {
            if error.code == ErrorCode::Serialization {
                self.counters.errors.fetch_add(1, Ordering::Relaxed);
            }
        }
        outcome
    }

    /// Reads one message that is not a ping. Called by one thread at a time.
    fn read(&self, deadline: Option<Instant>) -> Result<Message, ChannelError> {
        loop {
            let read = self.transport.receive(deadline, |line| {
                self.counters.received(line.len());
                Message::decode(line)
            });
            match read.map_err(|error| self.over_by(error))? {
                Ok(ping) if ping.kind == MessageType::Ping => {
                    // Whoever is gone needs no answer.
                    let _ = self.send(&Message::pong(ping.id, ping.data));
                }
                Ok(message) => {
                    let queued = self.exchange.queued() as u64 + 1;
                    self.counters.peak_queue.fetch_max(queued, Ordering::Relaxed);
                    return Ok(message);
                }
                Err(text) => return Err(ChannelError::new(ErrorCode::Serialization, &self.name, text)),
            }
        }
    }

    /// What the channel's end needs: this end's direction ends in turn, and a broken wire is cut.
    fn over_by(&self, error: ChannelError) -> ChannelError {
        match error.code {
            ErrorCode::Timeout => {}
            ErrorCode::Disconnected => self.shutdown(),
            _ => self.close(),
        }
        error
    }

    fn counted<T>(&self, outcome: Result<T, ChannelError>) -> Result<T, ChannelError> {
        if matches!(&outcome, Err(error) if error.code != ErrorCode::Timeout) {
            self.counters.errors.fetch_add(1, Ordering::Relaxed);
        }
        outcome
    }

    /// Accepts no new messages from here on. What was accepted is still sent, then the other end is told that nothing
    /// follows. Receiving goes on, until the other end has ended its direction too. Does not wait.
    pub fn shutdown(&self) {
        if self.sending.fetch_or(SHUTTING_DOWN, Ordering::SeqCst) == 0 {
            self.finish_sending();
        }
    }

    /// Whether this end accepts no messages any more.
    pub fn is_shutdown(&self) -> bool {
        self.sending.load(Ordering::SeqCst) & SHUTTING_DOWN != 0
    }

    /// Waits, after [`Self::shutdown`], until everything that was accepted has left this end. Errors: `timeout`.
    pub fn wait_for_drain(&self, timeout: Option<Duration>) -> Result<(), ChannelError> {
        let deadline = deadline(timeout);
        let mut drained = lock(&self.drained);
        while !*drained {
            drained = match deadline {
                None => self.drain.wait(drained).unwrap_or_else(|poison| poison.into_inner()),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Err(ChannelError::timeout(&self.name));
                    }
                    self.drain.wait_timeout(drained, left).unwrap_or_else(|poison| poison.into_inner()).0
                }
            };
        }
        Ok(())
    }

    /// The last send is done. May come twice, which changes nothing.
    fn finish_sending(&self) {
        self.transport.end();
        *lock(&self.drained) = true;
        self.drain.notify_all();
    }

    /// Ends the channel at once and wakes whoever waits in any thread: those who receive or ask get `disconnected`.
    /// What was not received yet is lost.
    pub fn close(&self) {
        self.transport.close();
        self.shutdown();
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.transport.close();
    }
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channel").field("name", &self.name).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Serves a name over shared memory to any number of clients of the same user, with messages in JSON.
///
/// Any number of threads may accept at once. Dropping the server gives up the name; channels live on.
pub struct SharedMemoryServer {
    server: shared_memory::Server,
}

impl SharedMemoryServer {
    /// Takes `name` in the runtime directory. A name that a live server has is refused with `io`; a dead server's is
    /// taken over.
    pub fn bind(name: &str) -> Result<Self, ChannelError> {
        Self::bind_with(name, &shared_memory::Options::default())
    }

    /// The same with options; the codec is always JSON.
    pub fn bind_with(name: &str, options: &shared_memory::Options) -> Result<Self, ChannelError> {
        let options = shared_memory::Options { codec: shared_memory::Codec::Json, ..options.clone() };
        Ok(SharedMemoryServer { server: shared_memory::Server::bind(name, &options)? })
    }

    /// Waits for the next client, forever without `timeout`.
    ///
    /// Errors: `timeout`, `shutting_down` after [`Self::close`], `io`.
    pub fn accept(&self, timeout: Option<Duration>) -> Result<Channel, ChannelError> {
        Ok(Channel::over(self.server.name(), self.server.accept(timeout)?))
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
