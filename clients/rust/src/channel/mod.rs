//! Channels: messages between a program and its helpers on the same machine.
//!
//! Every kind behaves alike; only how they are made differs:
//!
//! | kind | made by |
//! |---|---|
//! | in-process | [`Channel::pair`], [`Channel::thread`] |
//! | local socket | [`LocalSocketServer`] and [`Channel::connect`] |
//! | shared memory | [`SharedMemoryServer`] and [`Channel::connect_shared_memory`] |
//! | pipes | [`Channel::lines`], [`Channel::standard_input_and_output`] |
//!
//! [`Channel::from_environment`] makes the one that whoever started this program asks for.
//!
//! A [`Channel`] is `Send` and `Sync`: share it by `Arc`, or borrow it to scoped threads.

mod core;
mod creation;
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
mod transport;

pub use error::{ChannelError, ErrorCode, RequestError};
pub use handlers::Handlers;
pub use message::{ErrorBody, Message, MessageType, MAXIMUM_DEPTH, MAXIMUM_MESSAGE_BYTES};
pub use metrics::Metrics;
pub use pair::Policy;
pub use place::{is_valid_name, runtime_directory};
pub use server::LocalSocketServer;
pub use shared_memory::SharedMemoryServer;

use self::core::Core;
use exchange::{Exchange, Question, Waiting};
use serde_json::Value;
use std::sync::atomic::Ordering;
use std::sync::Arc;
use std::time::{Duration, Instant};
use system::deadline;

/// What carries a channel's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Queues in one process.
    Thread,
    /// A Unix domain socket.
    LocalSocket,
    /// Two rings in shared memory.
    SharedMemory,
    /// Two pipes, usually this process's stdin and stdout.
    Stdio,
}

impl Kind {
    /// The kind's name in `SOUNDPOST_IPC_MODE` and in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Thread => "thread",
            Kind::LocalSocket => "local_socket",
            Kind::SharedMemory => "shared_memory",
            Kind::Stdio => "stdio",
        }
    }
}

/// One end of a two-way connection that carries [`Message`]s.
///
/// All methods take `&self` and may be called from any number of threads at once; each blocks only its own. Messages
/// of one thread arrive in the order of its sends. Answers reach the thread that asked, whoever receives.
///
/// No thread reads in the background: what comes is read while somebody receives, asks or serves. Pongs, and answers of
/// [`Self::serve`], are sent by a thread that starts with the first of them and ends with the channel, so that who
/// reads never waits for the other end to read.
///
/// A message that comes for receivers while somebody only asks is kept: at most [`Self::set_capacity`] of them and 64
/// MiB. Where somebody has ever received, a thread that serves reads no further at this limit; otherwise the oldest is
/// given up and counted in [`Metrics::dropped`].
///
/// Dropping a channel closes it without ceremony; what was sent before still arrives.
pub struct Channel {
    core: Arc<Core>,
}

impl Channel {
    /// The channel's name.
    pub fn name(&self) -> &str {
        &self.core.name
    }

    /// What carries its messages.
    pub fn kind(&self) -> Kind {
        self.core.kind
    }

    /// What it did so far.
    pub fn metrics(&self) -> Metrics {
        self.core.counters.snapshot(&self.core.name, self.core.kind)
    }

    /// How many messages may wait at this end for receivers, how many requests for handlers, and how many answers to be
    /// sent: 10 000 unless set, and at least one. At the last two limits nothing more is read. A pair's queues keep
    /// what they were made with.
    pub fn set_capacity(&self, messages: usize) {
        self.core.capacity.store(messages.max(1), Ordering::Relaxed);
    }

    /// Sends one message; waits while the other end is slow (an in-process channel does what its policy says).
    ///
    /// When it returns, the message is accepted: it arrives if the other end goes on reading, even if this one shuts
    /// down. Errors: `serialization` (nested too deep), `send_failed` (larger than 16 MiB, or a full queue),
    /// `shutting_down`, `disconnected`, `io`.
    pub fn send(&self, message: &Message) -> Result<(), ChannelError> {
        self.core.send(message, None)
    }

    /// Sends a message that is encoded already: one JSON object without LF. Only the LF and the size are checked.
    pub fn send_encoded(&self, line: &[u8]) -> Result<(), ChannelError> {
        if line.contains(&b'\n') {
            let text = "an encoded message must not contain LF";
            return self.core.counted(Err(ChannelError::new(ErrorCode::Serialization, self.name(), text)));
        }
        self.core.send_line(line, None)
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

    /// Announces what `handlers` offer.
    pub fn announce(&self, handlers: &Handlers) -> Result<(), ChannelError> {
        self.send(&Message::ready(handlers.methods()))
    }

    /// Waits for the next message that is for the user, forever without `timeout`.
    ///
    /// Errors: `timeout`; `disconnected` behind the last message; `serialization` for a line that is no message, after
    /// which the channel goes on; `receive_failed` for what breaks the rules of the wire, which closes it; `io`.
    ///
    /// Once `disconnected` has been reported, this end tells the other one that nothing follows, too; but before that
    /// requests that were received can still be answered with [`Self::respond`], whichever thread read the end. Until
    /// they are (the first 1024 of them), or the channel is closed, this end's direction stays open.
    pub fn receive(&self, timeout: Option<Duration>) -> Result<Message, ChannelError> {
        self.core.wait(Waiting::Receiver, deadline(timeout), Exchange::take_kept)?
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
        line.clear();
        self.core.read_line(deadline(timeout), line)
    }

    /// Passes every message that is for receivers to `handle` until the other end is gone, or this one closes; that is
    /// no error.
    ///
    /// Lines that are no messages are counted in the metrics and skipped.
    pub fn on_message(&self, mut handle: impl FnMut(Message)) -> Result<(), ChannelError> {
        loop {
            match self.receive(None) {
                Ok(message) => handle(message),
                Err(error) if error.code == ErrorCode::Serialization => {}
                Err(error) if error.code == ErrorCode::Disconnected => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    /// Answers requests, one after the other, until the other end is gone and every request that came before is
    /// answered; that is no error.
    ///
    /// Several threads may serve the same channel, with the same handlers or others. A handler that panics is answered
    /// with −32603. A request whose method has no handler goes to whoever receives; where nobody ever has, it is
    /// answered with −32601. A request that comes after [`Self::shutdown`] is answered with −32000 while this end can
    /// still say so. A handler that asks over this same channel needs a second thread that serves.
    pub fn serve(&self, handlers: &Handlers) -> Result<(), ChannelError> {
        self.core.register(handlers)?;
        loop {
            match self.core.wait(Waiting::Server, None, |exchange| exchange.jobs.pop()) {
                Ok(job) => self.core.run(job)?,
                Err(error) => {
                    self.core.wait_until_paid();
                    return if error.code == ErrorCode::Disconnected { Ok(()) } else { Err(error) };
                }
            }
        }
    }

    /// Asks for `method` and waits for the answer, forever without `timeout`. Any number of threads may ask at once.
    ///
    /// The time covers the sending too, but for the rest of a request of which a part is sent. Errors: the answer's
    /// own, or the channel's, as of [`Self::send`] and [`Self::receive`].
    pub fn request(&self, method: &str, data: Value, timeout: Option<Duration>) -> Result<Value, RequestError> {
        let answer = self.ask(MessageType::Response, timeout, |id| Message::request(id, method, data))?;
        match answer.error {
            None => Ok(answer.data),
            Some(error) => Err(RequestError::Answer(error)),
        }
    }

    /// Asks whether the other end is there; how long the answer took. The other end answers while it receives, asks or
    /// serves.
    pub fn ping(&self, timeout: Option<Duration>) -> Result<Duration, ChannelError> {
        let started = Instant::now();
        self.ask(MessageType::Pong, timeout, Message::ping)?;
        Ok(started.elapsed())
    }

    fn ask(
        &self,
        awaits: MessageType,
        timeout: Option<Duration>,
        message: impl FnOnce(String) -> Message,
    ) -> Result<Message, ChannelError> {
        /// Forgets the question however its asking ends.
        struct Asked<'a>(&'a Core, Question);
        impl Drop for Asked<'_> {
            fn drop(&mut self) {
                self.0.withdraw(&self.1);
            }
        }
        let started = Instant::now();
        let deadline = timeout.and_then(|timeout| started.checked_add(timeout));
        let asked = Asked(&self.core, self.core.ask(awaits));
        self.core.send(&message(asked.1.id.clone()), deadline)?;
        let answer = self.core.wait(Waiting::Asker(&asked.1), deadline, |exchange| exchange.take_answer(&asked.1))?;
        self.core.counters.round_trip(started.elapsed());
        Ok(answer)
    }

    /// Accepts no new messages from here on. What was accepted is still sent, and requests that a handler has, or is to
    /// have, are still answered; then the other end is told that nothing follows. Receiving goes on, until the other
    /// end has ended its direction too. Does not wait.
    pub fn shutdown(&self) {
        self.core.shutdown();
    }

    /// Whether this end accepts no messages any more.
    pub fn is_shutdown(&self) -> bool {
        self.core.is_shutdown()
    }

    /// Waits until nothing is under way: what was accepted has left this end, which in a process means that the other
    /// end has taken it, requests for handlers are answered, and what was asked has its answer. Needs no shutdown
    /// before.
    ///
    /// Errors: `timeout`; `disconnected` if the other end went, or this one closed, and messages were lost by that.
    pub fn wait_for_drain(&self, timeout: Option<Duration>) -> Result<(), ChannelError> {
        self.core.wait_for_drain(deadline(timeout))
    }

    /// Ends the channel at once and wakes whoever waits in any thread: those who receive or ask get `disconnected`.
    /// What the system has and was not read yet is lost.
    pub fn close(&self) {
        self.core.close(ChannelError::new(ErrorCode::Disconnected, self.name(), "it was closed"));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.core.let_go();
    }
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channel").field("name", &self.name()).field("kind", &self.kind()).finish_non_exhaustive()
    }
}
