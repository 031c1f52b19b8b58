//! The in-process transport: two bounded queues.

use super::error::{ChannelError, ErrorCode};
use super::metrics::Counters;
use super::system::{lock, wait_until};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Instant;

/// What a full in-process channel does with one more message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// The sender waits until there is room.
    Wait,
    /// The sender gets a `send_failed` error.
    Fail,
    /// The oldest message makes room, and is lost.
    DropOldest,
}

#[derive(Default)]
struct State {
    lines: VecDeque<Vec<u8>>,
    /// Nothing follows what is queued.
    ended: bool,
    /// Nobody reads any more.
    abandoned: bool,
    /// Something was queued when the reader went.
    lost: bool,
}

struct Queue {
    state: Mutex<State>,
    arrived: Condvar,
    taken: Condvar,
    capacity: usize,
    policy: Policy,
}

impl Queue {
    fn new(capacity: usize, policy: Policy) -> Self {
        let (state, arrived, taken) = Default::default();
        Queue { state, arrived, taken, capacity: capacity.max(1), policy }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut lock(&self.state));
        self.arrived.notify_all();
        self.taken.notify_all();
    }
}

/// One end of a pair.
pub(crate) struct Pair {
    name: String,
    outgoing: Arc<Queue>,
    incoming: Arc<Queue>,
}

impl Pair {
    pub fn ends(names: [&str; 2], capacity: usize, policy: Policy) -> (Pair, Pair) {
        let (there, back) = (Arc::new(Queue::new(capacity, policy)), Arc::new(Queue::new(capacity, policy)));
        (
            Pair { name: names[0].to_owned(), outgoing: there.clone(), incoming: back.clone() },
            Pair { name: names[1].to_owned(), outgoing: back, incoming: there },
        )
    }

    /// A channel whose messages come back to whoever receives from it.
    pub fn looped(name: &str, capacity: usize, policy: Policy) -> Pair {
        let queue = Arc::new(Queue::new(capacity, policy));
        Pair { name: name.to_owned(), outgoing: queue.clone(), incoming: queue }
    }

    pub fn send(
        &self,
        line: &[u8],
        deadline: Option<Instant>,
        waits: bool,
        counters: &Counters,
    ) -> Result<(), ChannelError> {
        let queue = &*self.outgoing;
        let policy = if waits { Policy::Wait } else { queue.policy };
        let mut state = lock(&queue.state);
        loop {
            if state.abandoned || state.ended {
                return Err(ChannelError::disconnected(&self.name));
            }
            if state.lines.len() < queue.capacity {
                break;
            }
            match policy {
                Policy::Wait => {
                    let (again, in_time) = wait_until(&queue.taken, state, deadline);
                    state = again;
                    if !in_time {
                        return Err(ChannelError::no_room(&self.name));
                    }
                }
                Policy::Fail => {
                    return Err(ChannelError::new(ErrorCode::SendFailed, &self.name, "the queue is full"));
                }
                Policy::DropOldest => {
                    state.lines.pop_front();
                    counters.dropped(1);
                }
            }
        }
        state.lines.push_back(line.to_vec());
        counters.queue(state.lines.len());
        drop(state);
        queue.arrived.notify_one();
        Ok(())
    }

    pub fn receive<T>(&self, deadline: Option<Instant>, take: impl FnOnce(&[u8]) -> T) -> Result<T, ChannelError> {
        let queue = &*self.incoming;
        let mut state = lock(&queue.state);
        let line = loop {
            if state.abandoned {
                return Err(ChannelError::disconnected(&self.name));
            }
            if let Some(line) = state.lines.pop_front() {
                break line;
            }
            if state.ended {
                return Err(ChannelError::disconnected(&self.name));
            }
            let (again, in_time) = wait_until(&queue.arrived, state, deadline);
            state = again;
            if !in_time {
                return Err(ChannelError::timeout(&self.name));
            }
        };
        drop(state);
        // One of them may wait for room, another one for the last message to be taken.
        queue.taken.notify_all();
        Ok(take(&line))
    }

    pub fn end(&self) {
        self.outgoing.change(|state| state.ended = true);
    }

    /// Waits until the other end has taken everything. Errors: `timeout`, `disconnected` if it went before.
    pub fn drain(&self, deadline: Option<Instant>) -> Result<(), ChannelError> {
        let queue = &*self.outgoing;
        let mut state = lock(&queue.state);
        while !state.lines.is_empty() {
            let (again, in_time) = wait_until(&queue.taken, state, deadline);
            state = again;
            if !in_time {
                let text = format!("{} messages were not taken in time", state.lines.len());
                return Err(ChannelError::new(ErrorCode::Timeout, &self.name, text));
            }
        }
        if state.lost {
            let text = "the other end went before it took every message";
            return Err(ChannelError::new(ErrorCode::Disconnected, &self.name, text));
        }
        Ok(())
    }

    pub fn close(&self) {
        self.end();
        self.incoming.change(|state| {
            state.abandoned = true;
            state.lost |= !state.lines.is_empty();
            state.lines.clear();
        });
    }
}
