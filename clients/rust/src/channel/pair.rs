//! The in-process transport: two bounded queues.

use super::error::{ChannelError, ErrorCode};
use super::metrics::Counters;
use super::system::lock;
use std::collections::VecDeque;
use std::sync::atomic::Ordering::Relaxed;
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
}

struct Queue {
    state: Mutex<State>,
    arrived: Condvar,
    taken: Condvar,
    capacity: usize,
    policy: Policy,
}

impl Queue {
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
        let queue = || {
            let (state, arrived, taken) = Default::default();
            Arc::new(Queue { state, arrived, taken, capacity: capacity.max(1), policy })
        };
        let (there, back) = (queue(), queue());
        (
            Pair { name: names[0].to_owned(), outgoing: there.clone(), incoming: back.clone() },
            Pair { name: names[1].to_owned(), outgoing: back, incoming: there },
        )
    }

    pub fn send(&self, line: &[u8], counters: &Counters) -> Result<(), ChannelError> {
        let queue = &*self.outgoing;
        let mut state = lock(&queue.state);
        loop {
            if state.abandoned || state.ended {
                return Err(ChannelError::disconnected(&self.name));
            }
            if state.lines.len() < queue.capacity {
                break;
            }
            match queue.policy {
                Policy::Wait => state = queue.taken.wait(state).unwrap_or_else(|poison| poison.into_inner()),
                Policy::Fail => {
                    return Err(ChannelError::new(ErrorCode::SendFailed, &self.name, "the queue is full"));
                }
                Policy::DropOldest => {
                    state.lines.pop_front();
                    counters.dropped.fetch_add(1, Relaxed);
                }
            }
        }
        state.lines.push_back(line.to_vec());
        counters.peak_queue.fetch_max(state.lines.len() as u64, Relaxed);
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
            state = match deadline {
                None => queue.arrived.wait(state).unwrap_or_else(|poison| poison.into_inner()),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Err(ChannelError::timeout(&self.name));
                    }
                    queue.arrived.wait_timeout(state, left).unwrap_or_else(|poison| poison.into_inner()).0
                }
            };
        };
        drop(state);
        queue.taken.notify_one();
        Ok(take(&line))
    }

    pub fn end(&self) {
        self.outgoing.change(|state| state.ended = true);
    }

    pub fn close(&self) {
        self.end();
        self.incoming.change(|state| {
            state.abandoned = true;
            state.lines.clear();
        });
    }
}
