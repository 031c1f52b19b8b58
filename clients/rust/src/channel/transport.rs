use super::error::ChannelError;
use super::metrics::Counters;
use super::pair::Pair;
use super::shared_memory::SharedMemory;
use super::stream::Stream;
use std::time::Instant;

/// What carries the messages. Each kind keeps the order of sends, and wakes all who wait in it when it is closed.
pub(crate) enum Transport {
    Thread(Pair),
    Lines(Stream),
    SharedMemory(SharedMemory),
}

impl Transport {
    /// Sends one message. The deadline covers the wait for other senders and for room; a message of which a part is
    /// with the system is finished whatever time that takes. Who `waits` does so for room whatever the policy is.
    pub fn send(
        &self,
        line: &[u8],
        deadline: Option<Instant>,
        waits: bool,
        counters: &Counters,
    ) -> Result<(), ChannelError> {
        match self {
            Transport::Thread(pair) => pair.send(line, deadline, waits, counters),
            Transport::Lines(stream) => stream.send(line, deadline),
            Transport::SharedMemory(memory) => memory.send(line, deadline),
        }
    }

    /// Waits for one message and hands it to `take`. Called by one thread at a time.
    pub fn receive<T>(&self, deadline: Option<Instant>, take: impl FnOnce(&[u8]) -> T) -> Result<T, ChannelError> {
        match self {
            Transport::Thread(pair) => pair.receive(deadline, take),
            Transport::Lines(stream) => stream.receive(deadline, take),
            Transport::SharedMemory(memory) => memory.receive(deadline, take),
        }
    }

    /// Ends this end's direction, behind what was sent. Nobody is sending then.
    pub fn end(&self) {
        match self {
            Transport::Thread(pair) => pair.end(),
            Transport::Lines(stream) => stream.end(),
            Transport::SharedMemory(memory) => memory.end(),
        }
    }

    /// Waits until what was sent has left this process's hands. Errors: `timeout`, `disconnected` if some was lost.
    pub fn drain(&self, deadline: Option<Instant>) -> Result<(), ChannelError> {
        match self {
            Transport::Thread(pair) => pair.drain(deadline),
            // The kernel has it, or the ring, which outlives this process.
            Transport::Lines(_) | Transport::SharedMemory(_) => Ok(()),
        }
    }

    /// Ends everything and wakes everybody.
    pub fn close(&self) {
        match self {
            Transport::Thread(pair) => pair.close(),
            Transport::Lines(stream) => stream.close(),
            Transport::SharedMemory(memory) => memory.close(),
        }
    }
}
