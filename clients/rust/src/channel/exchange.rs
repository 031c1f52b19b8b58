//! Who gets what came: whoever receives, or the asker whose answer it is.
//!
//! There is no thread of the channel's own. Of the threads that wait, one is the leader: it reads from the transport
//! and hands every message to whom it belongs. When it has what it waited for, or gives up, another one takes over.

use super::message::{Message, MessageType};
use super::{ChannelError, ErrorCode};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Begins the ids that a channel chooses, behind which their number follows.
const ID_PREFIX: &str = "r-";

#[derive(Default)]
pub(crate) struct Exchange {
    state: Mutex<State>,
    /// Where receivers wait that do not lead.
    arrived: Condvar,
}

#[derive(Default)]
struct State {
    led: bool,
    /// What came for receivers, and the errors of lines that were no messages.
    inbox: VecDeque<Result<Message, ChannelError>>,
    receivers_waiting: usize,
    asked: HashMap<String, Ask>,
    last_id: u64,
    ended: Option<ChannelError>,
}

struct Ask {
    /// `Response`, or `Pong` for a ping.
    awaits: MessageType,
    answer: Option<Message>,
    arrived: Arc<Condvar>,
    waiting: bool,
}

/// A question that was asked, to wait for its answer with.
pub(crate) struct Question {
    pub id: String,
    arrived: Arc<Condvar>,
}

/// Who waits.
pub(crate) enum Waiting<'a> {
    Receiver,
    Asker(&'a Question),
}

impl Exchange {
    /// Enters a question before it is sent, so that its answer cannot come too early.
    pub fn ask(&self, awaits: MessageType) -> Question {
        let mut state = self.lock();
        state.last_id += 1;
        let question = Question { id: format!("{ID_PREFIX}{}", state.last_id), arrived: Arc::default() };
        let ask = Ask { awaits, answer: None, arrived: question.arrived.clone(), waiting: false };
        state.asked.insert(question.id.clone(), ask);
        question
    }

    /// Forgets a question: an answer that comes now is dropped.
    pub fn withdraw(&self, question: &Question) {
        self.lock().asked.remove(&question.id);
    }

    pub fn ended(&self) -> Option<ChannelError> {
        self.lock().ended.clone()
    }

    /// Most messages that may be counted as waiting now.
    pub fn queued(&self) -> usize {
        self.lock().inbox.len()
    }

    /// Waits until there is something for `who`. `read` reads one message from the transport for the leader; `timeout`
    /// ends this wait only, `serialization` is one message's error, any other error is the channel's end.
    pub fn wait(
        &self,
        channel: &str,
        who: &Waiting<'_>,
        deadline: Option<Instant>,
        mut read: impl FnMut() -> Result<Message, ChannelError>,
    ) -> Result<Message, ChannelError> {
        let mut state = self.lock();
        let outcome = loop {
            if let Some(found) = state.take(who) {
                break found;
            }
            if let Some(error) = &state.ended {
                break Err(error.clone());
            }
            if state.led {
                match self.follow(state, who, deadline) {
                    (again, true) => state = again,
                    (mut again, false) => {
                        let last = again.take(who);
                        state = again;
                        break last.unwrap_or_else(|| Err(ChannelError::timeout(channel)));
                    }
                }
                continue;
            }
            state.led = true;
            drop(state);
            let came = read();
            state = self.lock();
            state.led = false;
            match came {
                Ok(message) => self.route(&mut state, message),
                Err(error) if error.code == ErrorCode::Timeout => break Err(error),
                Err(error) if error.code == ErrorCode::Serialization => self.deliver(&mut state, Err(error)),
                Err(error) => {
                    state.ended = Some(error);
                    self.wake_all(&state);
                }
            }
        };
        self.hand_over(&state);
        outcome
    }

    /// Leads for one read that is not routed: for lines that nobody decodes.
    pub fn lead(
        &self,
        channel: &str,
        deadline: Option<Instant>,
        read: impl FnOnce() -> Result<(), ChannelError>,
    ) -> Result<(), ChannelError> {
        let mut state = self.lock();
        while state.led {
            let (again, in_time) = self.follow(state, &Waiting::Receiver, deadline);
            state = again;
            if !in_time {
                return Err(ChannelError::timeout(channel));
            }
        }
        if let Some(error) = &state.ended {
            return Err(error.clone());
        }
        state.led = true;
        drop(state);
        let outcome = read();
        let mut state = self.lock();
        state.led = false;
        if let Err(error) = &outcome {
            if error.code != ErrorCode::Timeout {
                state.ended = Some(error.clone());
                self.wake_all(&state);
            }
        }
        self.hand_over(&state);
        outcome
    }

    /// Sleeps until something changed. False: the time is over.
    fn follow<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        who: &Waiting<'_>,
        deadline: Option<Instant>,
    ) -> (MutexGuard<'a, State>, bool) {
        let condition = match who {
            Waiting::Receiver => &self.arrived,
            Waiting::Asker(question) => &*question.arrived,
        };
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        if left.map_or(false, |left| left.is_zero()) {
            return (state, false);
        }
        state.set_waiting(who, true);
        let mut state = match left {
            None => condition.wait(state).unwrap_or_else(PoisonError::into_inner),
            Some(left) => condition.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0,
        };
        state.set_waiting(who, false);
        (state, true)
    }

    fn route(&self, state: &mut State, message: Message) {
        if matches!(message.kind, MessageType::Response | MessageType::Pong) {
            let id = message.id.as_deref().unwrap_or_default();
            if let Some(ask) = state.asked.get_mut(id).filter(|ask| ask.awaits == message.kind) {
                ask.answer = Some(message);
                ask.arrived.notify_one();
                return;
            }
            // Nobody sees pongs, and the answer to what was given up comes too late.
            if message.kind == MessageType::Pong || state.was_asked(id) {
                return;
            }
        }
        self.deliver(state, Ok(message));
    }

    fn deliver(&self, state: &mut State, item: Result<Message, ChannelError>) {
        state.inbox.push_back(item);
        self.arrived.notify_one();
    }

    /// Wakes one that waits, if nobody leads. Whoever stops waiting does this, so that a wake-up never ends with
    /// somebody who just gave up.
    fn hand_over(&self, state: &State) {
        if state.led {
            return;
        }
        if state.receivers_waiting > 0 {
            self.arrived.notify_one();
        } else if let Some(ask) = state.asked.values().find(|ask| ask.waiting && ask.answer.is_none()) {
            ask.arrived.notify_one();
        }
    }

    fn wake_all(&self, state: &State) {
        self.arrived.notify_all();
        for ask in state.asked.values() {
            ask.arrived.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        super::system::lock(&self.state)
    }
}

impl State {
    fn take(&mut self, who: &Waiting<'_>) -> Option<Result<Message, ChannelError>> {
        match who {
            Waiting::Receiver => self.inbox.pop_front(),
            Waiting::Asker(question) => self.asked.get_mut(&question.id)?.answer.take().map(Ok),
        }
    }

    fn set_waiting(&mut self, who: &Waiting<'_>, waiting: bool) {
        match who {
            Waiting::Receiver if waiting => self.receivers_waiting += 1,
            Waiting::Receiver => self.receivers_waiting -= 1,
            Waiting::Asker(question) => {
                if let Some(ask) = self.asked.get_mut(&question.id) {
                    ask.waiting = waiting;
                }
            }
        }
    }

    fn was_asked(&self, id: &str) -> bool {
        let number = id.strip_prefix(ID_PREFIX).and_then(|digits| digits.parse::<u64>().ok());
        number.map_or(false, |number| number <= self.last_id)
    }
}
