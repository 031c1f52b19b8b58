//! Who gets what came: whoever receives, the asker whose answer it is, or a handler. And who may read.
//!
//! A value without locks and time; `Core` has those.

use super::handlers::Handler;
use super::message::{Message, MessageType};
use super::ChannelError;
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::{Arc, Condvar};

/// Begins the ids that a channel chooses, behind which their number follows: no user's id begins so.
const ID_PREFIX: char = '#';

/// Most bytes of encoded messages that are kept in one line.
const MAXIMUM_KEPT_BYTES: usize = 64 * 1024 * 1024;

/// Most askers that gave up whose answers are still known to be nobody's.
const MOST_GIVEN_UP: usize = 1024;

/// Most requests in receivers' hands that this end's direction stays open for.
const MOST_TAKEN: usize = 1024;

/// What waits in a line, and how many bytes of encoded messages that is.
pub(crate) struct Line<T> {
    items: VecDeque<(T, usize)>,
    bytes: usize,
}

impl<T> Default for Line<T> {
    fn default() -> Self {
        Line { items: VecDeque::new(), bytes: 0 }
    }
}

impl<T> Line<T> {
    pub fn push(&mut self, item: T, bytes: usize) {
        self.items.push_back((item, bytes));
        self.bytes += bytes;
    }

    pub fn pop(&mut self) -> Option<T> {
        let (item, bytes) = self.items.pop_front()?;
        self.bytes -= bytes;
        Some(item)
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_full(&self, capacity: usize) -> bool {
        self.items.len() >= capacity || self.bytes >= MAXIMUM_KEPT_BYTES
    }

    /// Gives up the oldest until the limits are kept; how many. The newest always stays.
    fn give_up_oldest(&mut self, capacity: usize) -> u64 {
        let mut count = 0;
        while self.items.len() > 1 && (self.items.len() > capacity || self.bytes > MAXIMUM_KEPT_BYTES) {
            self.pop();
            count += 1;
        }
        count
    }
}

/// A request that waits for its handler.
pub(crate) struct Job {
    pub id: String,
    pub request: Message,
    pub handler: Handler,
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
    number: u64,
    pub id: String,
    pub arrived: Arc<Condvar>,
}

/// Who waits.
#[derive(Clone, Copy)]
pub(crate) enum Waiting<'a> {
    Receiver,
    Asker(&'a Question),
    /// A thread that runs handlers.
    Server,
}

/// What a request is to the end where it came.
pub(crate) enum Request {
    Handled(Handler),
    /// This end handles methods, this one is not among them, and nobody receives.
    Unknown,
    /// Whoever receives may answer it.
    Delivered,
}

#[derive(Default)]
pub(crate) struct Exchange {
    /// Somebody reads.
    pub led: bool,
    /// What came for receivers, and the errors of lines that were no messages.
    pub inbox: Line<Result<Message, ChannelError>>,
    pub jobs: Line<Job>,
    /// Encoded answers, in the order in which they are sent.
    pub answers: Line<Vec<u8>>,
    /// Requests and pings that were taken and are not answered yet, wherever they are.
    pub owed: usize,
    /// Somebody has received at this end, ever.
    pub received: bool,
    pub methods: HashMap<String, Handler>,
    pub ended: Option<ChannelError>,
    /// A receiver was told of the end.
    pub told: bool,
    /// Ids of requests that receivers took and have not answered, of the first `MOST_TAKEN`.
    taken: HashSet<String>,
    receivers_waiting: usize,
    servers_waiting: usize,
    asked: HashMap<String, Ask>,
    given_up: BTreeSet<u64>,
    last_number: u64,
}

impl Exchange {
    /// Enters a question before it is sent, so that its answer cannot come too early.
    pub fn ask(&mut self, awaits: MessageType) -> Question {
        self.last_number += 1;
        let number = self.last_number;
        let question = Question { number, id: format!("{ID_PREFIX}{number}"), arrived: Arc::default() };
        let ask = Ask { awaits, answer: None, arrived: question.arrived.clone(), waiting: false };
        self.asked.insert(question.id.clone(), ask);
        question
    }

    pub fn take_answer(&mut self, question: &Question) -> Option<Message> {
        let ask = self.asked.get_mut(&question.id)?;
        let answer = ask.answer.take()?;
        self.asked.remove(&question.id);
        Some(answer)
    }

    /// Forgets a question: a response to it that still comes is dropped.
    pub fn withdraw(&mut self, question: &Question) {
        match self.asked.remove(&question.id) {
            Some(ask) if ask.answer.is_none() && ask.awaits == MessageType::Response => {
                self.given_up.insert(question.number);
                if self.given_up.len() > MOST_GIVEN_UP {
                    let oldest = self.given_up.iter().next().copied();
                    oldest.map(|oldest| self.given_up.remove(&oldest));
                }
            }
            _ => {}
        }
    }

    /// Gives a response or a pong to whom it belongs. What is handed back is a response that nobody waits for.
    pub fn answered(&mut self, message: Message) -> Option<Message> {
        let id = message.id.as_deref().unwrap_or_default();
        if let Some(ask) = self.asked.get_mut(id) {
            if ask.awaits == message.kind && ask.answer.is_none() {
                ask.answer = Some(message);
                ask.arrived.notify_one();
                return None;
            }
        }
        let number = id.strip_prefix(ID_PREFIX).and_then(|digits| digits.parse().ok());
        let is_late = number.map_or(false, |number| self.given_up.contains(&number));
        if message.kind == MessageType::Pong || is_late {
            return None;
        }
        Some(message)
    }

    pub fn meaning(&self, method: Option<&str>) -> Request {
        match method.and_then(|method| self.methods.get(method)) {
            Some(handler) => Request::Handled(handler.clone()),
            None if !self.methods.is_empty() && !self.received => Request::Unknown,
            None => Request::Delivered,
        }
    }

    /// Keeps something for receivers; how many older ones were given up for it.
    ///
    /// Who serves does not read at the limit where somebody receives, see `may_lead`. Whoever else reads cannot wait
    /// for a receiver.
    pub fn keep(&mut self, item: Result<Message, ChannelError>, bytes: usize, capacity: usize) -> u64 {
        self.inbox.push(item, bytes);
        self.inbox.give_up_oldest(capacity)
    }

    /// The oldest that is kept, for a receiver. If it is a request, the receiver owes its answer.
    pub fn take_kept(&mut self) -> Option<Result<Message, ChannelError>> {
        let item = self.inbox.pop()?;
        match &item {
            Ok(Message { kind: MessageType::Request, id: Some(id), .. }) if self.taken.len() < MOST_TAKEN => {
                self.taken.insert(id.clone());
            }
            _ => {}
        }
        Some(item)
    }

    /// A receiver has answered the request `id`, or nobody hears its answer any more.
    pub fn settle(&mut self, id: &str) {
        self.taken.remove(id);
    }

    /// Takes out of the inbox what came before there were handlers.
    pub fn take_inbox(&mut self) -> impl Iterator<Item = (Result<Message, ChannelError>, usize)> {
        std::mem::take(&mut self.inbox).items.into_iter()
    }

    /// Whether `who` may read now: nobody else does, and there is room for what may come.
    pub fn may_lead(&self, who: Waiting<'_>, capacity: usize) -> bool {
        let is_held_up = matches!(who, Waiting::Server) && self.received && self.inbox.is_full(capacity);
        !self.led && !is_held_up && !self.answers.is_full(capacity) && !self.jobs.is_full(capacity)
    }

    pub fn set_waiting(&mut self, who: Waiting<'_>, waiting: bool) {
        let count = match who {
            Waiting::Receiver => &mut self.receivers_waiting,
            Waiting::Server => &mut self.servers_waiting,
            Waiting::Asker(question) => {
                if let Some(ask) = self.asked.get_mut(&question.id) {
                    ask.waiting = waiting;
                }
                return;
            }
        };
        if waiting {
            *count += 1;
        } else {
            *count -= 1;
        }
    }

    /// One that waits and may read.
    pub fn next_leader(&self, capacity: usize) -> NextLeader<'_> {
        // Receivers and askers may read under the same conditions, servers under more.
        if !self.may_lead(Waiting::Receiver, capacity) || self.ended.is_some() {
            return NextLeader::Nobody;
        }
        if self.receivers_waiting > 0 {
            return NextLeader::Receiver;
        }
        if let Some(ask) = self.asked.values().find(|ask| ask.waiting && ask.answer.is_none()) {
            return NextLeader::Asker(&ask.arrived);
        }
        if self.servers_waiting > 0 && self.may_lead(Waiting::Server, capacity) {
            return NextLeader::Server;
        }
        NextLeader::Nobody
    }

    /// Whether nothing comes any more and receivers know it, if there are any, and have answered every request.
    pub fn is_over(&self) -> bool {
        let is_asked = |item: &Result<Message, ChannelError>| {
            matches!(item, Ok(Message { kind: MessageType::Request, id: Some(_), .. }))
        };
        self.ended.is_some()
            && (self.told || !self.received)
            && self.taken.is_empty()
            && !self.inbox.items.iter().any(|(item, _)| is_asked(item))
    }

    /// Nothing comes any more. Only the first reason counts.
    pub fn end(&mut self, why: ChannelError) {
        self.ended.get_or_insert(why);
        for ask in self.asked.values() {
            ask.arrived.notify_all();
        }
    }
}

pub(crate) enum NextLeader<'a> {
    Nobody,
    Receiver,
    Asker(&'a Condvar),
    Server,
}
