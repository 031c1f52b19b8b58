//! One end of a channel: who sends, who reads, who waits.
//!
//! No thread reads all the time. Of the threads that wait, one is the leader: it reads from the transport and hands
//! every message to whom it belongs. When it has what it waited for, or gives up, another one takes over. The leader
//! never waits for sending: answers and pongs go to a thread of their own, which starts with the first of them.

use super::error::{ChannelError, ErrorCode};
use super::exchange::{Exchange, Job, NextLeader, Question, Request, Waiting};
use super::handlers::{self, Handlers};
use super::message::{ErrorBody, Message, MessageType, MAXIMUM_MESSAGE_BYTES};
use super::metrics::Counters;
use super::system::{lock, wait_until};
use super::transport::Transport;
use super::Kind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Instant;

/// How many messages may wait unless the user says otherwise.
pub(crate) const USUAL_CAPACITY: usize = 10_000;

/// How much comes for others before one who does not want to wait is told that there is nothing.
const MOST_LATE_READS: usize = 1024;

/// Set in `Core::under_way` once no new messages are accepted; twice the number of guards stands above it.
const SHUTTING_DOWN: usize = 1;

/// What a guard was taken for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    Open,
    /// A shutdown has begun, and the direction waits for what is under way, this guard included.
    Draining,
    /// The direction is at its end.
    Ended,
}

pub(crate) struct Core {
    pub name: String,
    pub kind: Kind,
    pub counters: Counters,
    pub capacity: AtomicUsize,
    transport: Transport,
    exchange: Mutex<Exchange>,
    /// Where receivers wait that do not lead.
    arrived: Condvar,
    /// Where those wait who run handlers.
    called: Condvar,
    /// Where the thread waits that sends answers.
    answered: Condvar,
    /// Where those wait who served, until the last answer is sent.
    paid: Condvar,
    /// Guards of sends in flight and of requests from their arrival to their answer.
    under_way: AtomicUsize,
    asking: AtomicUsize,
    draining: AtomicUsize,
    drain: Mutex<()>,
    settled: Condvar,
    /// Answers could not be sent.
    has_lost: AtomicBool,
    is_dropped: AtomicBool,
    sender: Mutex<Option<JoinHandle<()>>>,
}

impl Core {
    pub fn new(name: &str, kind: Kind, transport: Transport, capacity: usize) -> Self {
        Core {
            name: name.to_owned(),
            kind,
            counters: Counters::new(),
            capacity: AtomicUsize::new(capacity.max(1)),
            transport,
            exchange: Mutex::default(),
            arrived: Condvar::new(),
            called: Condvar::new(),
            answered: Condvar::new(),
            paid: Condvar::new(),
            under_way: AtomicUsize::new(0),
            asking: AtomicUsize::new(0),
            draining: AtomicUsize::new(0),
            drain: Mutex::new(()),
            settled: Condvar::new(),
            has_lost: AtomicBool::new(false),
            is_dropped: AtomicBool::new(false),
            sender: Mutex::new(None),
        }
    }

    fn capacity(&self) -> usize {
        self.capacity.load(Ordering::Relaxed)
    }

    fn error(&self, code: ErrorCode, text: impl Into<String>) -> ChannelError {
        ChannelError::new(code, &self.name, text)
    }

    // What is under way

    /// Takes a guard, which `leave` gives back, whatever this says.
    fn enter(&self) -> Entry {
        match self.under_way.fetch_add(2, Ordering::SeqCst) {
            before if before & SHUTTING_DOWN == 0 => Entry::Open,
            SHUTTING_DOWN => Entry::Ended,
            _ => Entry::Draining,
        }
    }

    fn leave(&self) {
        match self.under_way.fetch_sub(2, Ordering::SeqCst) {
            before if before == 2 + SHUTTING_DOWN => self.finish_sending(),
            2 => self.settle(),
            _ => {}
        }
    }

    pub fn is_shutdown(&self) -> bool {
        self.under_way.load(Ordering::SeqCst) & SHUTTING_DOWN != 0
    }

    /// Accepts nothing new. What is under way is still sent, then this end's direction ends.
    pub fn shutdown(&self) {
        if self.under_way.fetch_or(SHUTTING_DOWN, Ordering::SeqCst) == 0 {
            self.finish_sending();
        }
    }

    /// The last guard is back. May come twice, which changes nothing.
    fn finish_sending(&self) {
        self.transport.end();
        self.settle();
    }

    /// Wakes those who drain, if there are any.
    fn settle(&self) {
        if self.draining.load(Ordering::SeqCst) > 0 {
            drop(lock(&self.drain));
            self.settled.notify_all();
        }
    }

    pub fn wait_for_drain(&self, deadline: Option<Instant>) -> Result<(), ChannelError> {
        self.draining.fetch_add(1, Ordering::SeqCst);
        let mut turn = lock(&self.drain);
        let is_settled = loop {
            if self.under_way.load(Ordering::SeqCst) & !SHUTTING_DOWN == 0 && self.asking.load(Ordering::SeqCst) == 0 {
                break true;
            }
            let (again, in_time) = wait_until(&self.settled, turn, deadline);
            turn = again;
            if !in_time {
                break false;
            }
        };
        drop(turn);
        self.draining.fetch_sub(1, Ordering::SeqCst);
        if !is_settled {
            return Err(self.error(ErrorCode::Timeout, "messages or requests were still under way"));
        }
        self.transport.drain(deadline)?;
        if self.has_lost.load(Ordering::SeqCst) {
            return Err(self.error(ErrorCode::Disconnected, "the other end is gone, and did not get every answer"));
        }
        Ok(())
    }

    // Sending

    pub fn encoded(&self, message: &Message) -> Result<Vec<u8>, ChannelError> {
        let line = message.encode().map_err(|text| self.error(ErrorCode::Serialization, text))?;
        self.check_size(&line)?;
        Ok(line)
    }

    fn check_size(&self, line: &[u8]) -> Result<(), ChannelError> {
        if line.len() > MAXIMUM_MESSAGE_BYTES {
            let text = format!("a message of {} bytes, where {MAXIMUM_MESSAGE_BYTES} are the most", line.len());
            return Err(self.error(ErrorCode::SendFailed, text));
        }
        Ok(())
    }

    pub fn send(&self, message: &Message, deadline: Option<Instant>) -> Result<(), ChannelError> {
        let line = self.counted(self.encoded(message))?;
        let outcome = self.send_line(&line, deadline);
        if let (MessageType::Response, Some(id)) = (message.kind, &message.id) {
            // After another error the answer, or a shorter one, may be sent again.
            if outcome.as_ref().map_or_else(|error| error.code == ErrorCode::Disconnected, |()| true) {
                let mut exchange = lock(&self.exchange);
                exchange.settle(id);
                self.end_in_turn(exchange);
            }
        }
        outcome
    }

    pub fn send_line(&self, line: &[u8], deadline: Option<Instant>) -> Result<(), ChannelError> {
        self.counted(self.check_size(line))?;
        let entry = self.enter();
        let outcome = match entry {
            Entry::Open => self.hand_over(line, deadline, false),
            // Shutting down because the other end is gone is told apart.
            _ => self.counted(Err(match lock(&self.exchange).ended {
                None => ChannelError::shutting_down(&self.name),
                Some(_) => ChannelError::disconnected(&self.name),
            })),
        };
        self.leave();
        outcome
    }

    /// Sends for who has a guard. Who `waits` does so whatever the policy is.
    fn hand_over(&self, line: &[u8], deadline: Option<Instant>, waits: bool) -> Result<(), ChannelError> {
        let outcome = self.transport.send(line, deadline, waits, &self.counters);
        if outcome.is_ok() {
            self.counters.sent(line.len());
        }
        self.counted(outcome)
    }

    pub fn counted<T>(&self, outcome: Result<T, ChannelError>) -> Result<T, ChannelError> {
        if matches!(&outcome, Err(error) if error.code != ErrorCode::Timeout) {
            self.counters.error();
        }
        outcome
    }

    // Waiting and reading

    /// Waits until `take` finds what it looks for.
    pub fn wait<T>(
        self: &Arc<Self>,
        who: Waiting<'_>,
        deadline: Option<Instant>,
        take: impl Fn(&mut Exchange) -> Option<T>,
    ) -> Result<T, ChannelError> {
        let is_past = || deadline.map_or(false, |deadline| Instant::now() >= deadline);
        let is_late = is_past();
        let mut reads = 0;
        let mut exchange = lock(&self.exchange);
        exchange.received |= matches!(who, Waiting::Receiver);
        let outcome = loop {
            if let Some(found) = take(&mut exchange) {
                break Ok(found);
            }
            if let Some(error) = exchange.ended.clone() {
                exchange.told |= matches!(who, Waiting::Receiver);
                break Err(error);
            }
            // What comes for others, however much, does not put the deadline off.
            if reads > 0 && if is_late { reads >= MOST_LATE_READS } else { is_past() } {
                break Err(ChannelError::timeout(&self.name));
            }
            if !exchange.may_lead(who, self.capacity()) {
                let (again, in_time) = self.follow(exchange, who, deadline);
                exchange = again;
                if !in_time {
                    break take(&mut exchange).ok_or_else(|| ChannelError::timeout(&self.name));
                }
                continue;
            }
            exchange.led = true;
            drop(exchange);
            let came = self.read(deadline);
            reads += 1;
            exchange = lock(&self.exchange);
            exchange.led = false;
            match came {
                Ok((item, bytes)) => {
                    if let Err(error) = self.route(&mut exchange, item, bytes) {
                        exchange = self.finish(exchange, error);
                    }
                }
                Err(error) if error.code == ErrorCode::Timeout => break Err(error),
                Err(error) => exchange = self.finish(exchange, error),
            }
        };
        self.pass_on(&exchange);
        self.end_in_turn(exchange);
        outcome
    }

    /// Sleeps until something changed. False: the time is over.
    fn follow<'a>(
        &'a self,
        mut exchange: MutexGuard<'a, Exchange>,
        who: Waiting<'_>,
        deadline: Option<Instant>,
    ) -> (MutexGuard<'a, Exchange>, bool) {
        let condition = match who {
            Waiting::Receiver => &self.arrived,
            Waiting::Server => &self.called,
            Waiting::Asker(question) => &*question.arrived,
        };
        exchange.set_waiting(who, true);
        let (mut exchange, in_time) = wait_until(condition, exchange, deadline);
        exchange.set_waiting(who, false);
        (exchange, in_time)
    }

    /// Wakes one that waits and may read. Whoever stops waiting does this, so that a wake-up never ends with somebody
    /// who just gave up, and whoever makes room.
    fn pass_on(&self, exchange: &Exchange) {
        match exchange.next_leader(self.capacity()) {
            NextLeader::Nobody => {}
            NextLeader::Receiver => self.arrived.notify_one(),
            NextLeader::Asker(arrived) => arrived.notify_one(),
            NextLeader::Server => self.called.notify_one(),
        }
    }

    /// Reads one message, or the error of one, and its size.
    fn read(&self, deadline: Option<Instant>) -> Result<(Result<Message, ChannelError>, usize), ChannelError> {
        self.transport.receive(deadline, |line| {
            self.counters.received(line.len());
            let item = Message::decode(line).map_err(|text| self.error(ErrorCode::Serialization, text));
            (self.counted(item), line.len())
        })
    }

    /// Leads for one read that is not routed: for lines that nobody decodes.
    pub fn read_line(&self, deadline: Option<Instant>, line: &mut Vec<u8>) -> Result<(), ChannelError> {
        let mut exchange = lock(&self.exchange);
        exchange.received = true;
        while exchange.led {
            let (again, in_time) = self.follow(exchange, Waiting::Receiver, deadline);
            exchange = again;
            if !in_time {
                return Err(ChannelError::timeout(&self.name));
            }
        }
        if let Some(error) = exchange.ended.clone() {
            exchange.told = true;
            self.end_in_turn(exchange);
            return Err(error);
        }
        exchange.led = true;
        drop(exchange);
        let outcome = self.transport.receive(deadline, |bytes| {
            self.counters.received(bytes.len());
            line.extend_from_slice(bytes);
        });
        let mut exchange = lock(&self.exchange);
        exchange.led = false;
        match &outcome {
            Err(error) if error.code != ErrorCode::Timeout => {
                exchange.told = true;
                exchange = self.finish(exchange, error.clone());
            }
            _ => {}
        }
        self.pass_on(&exchange);
        outcome
    }

    fn route(
        self: &Arc<Self>,
        exchange: &mut Exchange,
        item: Result<Message, ChannelError>,
        bytes: usize,
    ) -> Result<(), ChannelError> {
        let message = match item {
            Ok(message) => message,
            Err(error) => {
                self.keep(exchange, Err(error), bytes);
                return Ok(());
            }
        };
        match message.kind {
            MessageType::Ping => {
                let pong = Message::pong(message.id, message.data);
                if self.enter() == Entry::Ended {
                    self.leave();
                    return Ok(());
                }
                exchange.owed += 1;
                self.answer(exchange, self.encoded(&pong).ok())
            }
            MessageType::Response | MessageType::Pong => {
                if let Some(message) = exchange.answered(message) {
                    self.keep(exchange, Ok(message), bytes);
                }
                Ok(())
            }
            MessageType::Request => self.route_request(exchange, message, bytes),
            _ => {
                self.keep(exchange, Ok(message), bytes);
                Ok(())
            }
        }
    }

    fn route_request(
        self: &Arc<Self>,
        exchange: &mut Exchange,
        message: Message,
        bytes: usize,
    ) -> Result<(), ChannelError> {
        let meaning = exchange.meaning(message.method.as_deref());
        let id = match (&message.id, &meaning) {
            // Nobody could be answered.
            (None, _) => {
                self.keep(exchange, Ok(message), bytes);
                return Ok(());
            }
            (Some(_), Request::Delivered) if !self.is_shutdown() => {
                self.keep(exchange, Ok(message), bytes);
                return Ok(());
            }
            (Some(id), _) => id.clone(),
        };
        let refused = |code, text: String| self.answer_line(id.clone(), Err(ErrorBody::new(code, text)));
        match (self.enter(), meaning) {
            (Entry::Open, Request::Handled(handler)) => {
                exchange.owed += 1;
                exchange.jobs.push(Job { id, request: message, handler }, bytes);
                self.called.notify_one();
                Ok(())
            }
            (Entry::Open, Request::Unknown) => {
                exchange.owed += 1;
                let method = message.method.unwrap_or_default();
                self.answer(exchange, refused(ErrorBody::METHOD_NOT_FOUND, format!("nobody handles {method:?}")))
            }
            (Entry::Draining, _) => {
                exchange.owed += 1;
                self.answer(exchange, refused(ErrorBody::SHUTTING_DOWN, "this end is shutting down".into()))
            }
            (_, meaning) => {
                self.leave();
                if let Request::Delivered = meaning {
                    self.keep(exchange, Ok(message), bytes);
                }
                Ok(())
            }
        }
    }

    fn keep(&self, exchange: &mut Exchange, item: Result<Message, ChannelError>, bytes: usize) {
        self.counters.dropped(exchange.keep(item, bytes, self.capacity()));
        self.counters.queue(exchange.inbox.len());
        self.arrived.notify_one();
    }

    // Answering

    /// Serves with `handlers` too, from now on, also what came before.
    pub fn register(self: &Arc<Self>, handlers: &Handlers) -> Result<(), ChannelError> {
        let mut exchange = lock(&self.exchange);
        exchange.methods.extend(handlers.entries().map(|(method, handler)| (method.clone(), handler.clone())));
        let mut outcome = Ok(());
        for (item, bytes) in exchange.take_inbox() {
            let routed = self.route(&mut exchange, item, bytes);
            outcome = outcome.and(routed);
        }
        self.end_in_turn(exchange);
        outcome
    }

    pub fn run(self: &Arc<Self>, job: Job) -> Result<(), ChannelError> {
        let line = self.answer_line(job.id, handlers::run(&job.handler, job.request.data));
        self.answer(&mut lock(&self.exchange), line)
    }

    /// The encoded answer. One that cannot be written as JSON, or is too large, is a failure that the asker hears of.
    fn answer_line(&self, id: String, outcome: Result<serde_json::Value, ErrorBody>) -> Option<Vec<u8>> {
        let answer = match outcome {
            Ok(data) => Message::response(id.clone(), data),
            Err(error) => Message::failure(id.clone(), error),
        };
        let failed =
            |error: ChannelError| Message::failure(id, ErrorBody::new(ErrorBody::HANDLER_FAILED, error.message));
        self.encoded(&answer).or_else(|error| self.encoded(&failed(error))).ok()
    }

    /// Queues what answers a request or ping, whose guard goes with it.
    fn answer(self: &Arc<Self>, exchange: &mut Exchange, line: Option<Vec<u8>>) -> Result<(), ChannelError> {
        let line = match line {
            Some(line) => line,
            None => {
                self.counters.error();
                self.paid(exchange);
                return Ok(());
            }
        };
        let bytes = line.len();
        exchange.answers.push(line, bytes);
        self.answered.notify_one();
        self.start_sender()
    }

    /// One request or ping less that is owed an answer.
    fn paid(&self, exchange: &mut Exchange) {
        exchange.owed -= 1;
        if exchange.owed == 0 {
            self.paid.notify_all();
        }
        self.leave();
    }

    fn start_sender(self: &Arc<Self>) -> Result<(), ChannelError> {
        let mut sender = lock(&self.sender);
        if sender.is_none() {
            let core = self.clone();
            let thread = std::thread::Builder::new().name(format!("channel {}", self.name));
            let started = thread.spawn(move || core.send_answers());
            *sender = Some(started.map_err(|error| ChannelError::io(&self.name, "starting a thread", &error))?);
        }
        Ok(())
    }

    fn send_answers(&self) {
        let mut exchange = lock(&self.exchange);
        while !self.is_dropped.load(Ordering::SeqCst) {
            let line = match exchange.answers.pop() {
                Some(line) => line,
                None => {
                    exchange = wait_until(&self.answered, exchange, None).0;
                    continue;
                }
            };
            // There is room for what reading brings.
            self.pass_on(&exchange);
            drop(exchange);
            if self.hand_over(&line, None, true).is_err() {
                self.has_lost.store(true, Ordering::SeqCst);
            }
            exchange = lock(&self.exchange);
            self.paid(&mut exchange);
        }
    }

    /// Waits until every request and ping that was taken is answered, or the channel closed.
    pub fn wait_until_paid(&self) {
        let mut exchange = lock(&self.exchange);
        while exchange.owed > 0 {
            exchange = wait_until(&self.paid, exchange, None).0;
        }
    }

    // Asking

    pub fn ask(&self, awaits: MessageType) -> Question {
        self.asking.fetch_add(1, Ordering::SeqCst);
        lock(&self.exchange).ask(awaits)
    }

    pub fn withdraw(&self, question: &Question) {
        lock(&self.exchange).withdraw(question);
        self.asking.fetch_sub(1, Ordering::SeqCst);
        self.settle();
    }

    // Ending

    /// Nothing comes any more: everybody hears of it, this end's direction ends in turn, and a broken wire is cut.
    fn finish<'a>(&'a self, mut exchange: MutexGuard<'a, Exchange>, why: ChannelError) -> MutexGuard<'a, Exchange> {
        let code = why.code;
        if code != ErrorCode::Disconnected {
            self.counters.error();
        }
        exchange.end(why.clone());
        self.arrived.notify_all();
        self.called.notify_all();
        match code {
            ErrorCode::Disconnected => self.end_in_turn(exchange),
            _ => {
                drop(exchange);
                self.close(why);
            }
        }
        lock(&self.exchange)
    }

    /// Ends this end's direction if the other one is at its end and receivers owe nothing.
    fn end_in_turn(&self, exchange: MutexGuard<'_, Exchange>) {
        let is_over = exchange.is_over();
        drop(exchange);
        if is_over {
            self.shutdown();
        }
    }

    /// Ends the channel at once, and wakes whoever waits.
    pub fn close(&self, why: ChannelError) {
        self.transport.close();
        let mut exchange = lock(&self.exchange);
        exchange.end(why);
        self.arrived.notify_all();
        self.called.notify_all();
        while exchange.jobs.pop().is_some() || exchange.answers.pop().is_some() {
            self.has_lost.store(true, Ordering::SeqCst);
            self.paid(&mut exchange);
        }
        drop(exchange);
        self.shutdown();
    }

    /// Closes what the last user lets go of, and waits for the thread that sends answers.
    pub fn let_go(&self) {
        self.transport.close();
        let exchange = lock(&self.exchange);
        self.is_dropped.store(true, Ordering::SeqCst);
        self.answered.notify_all();
        drop(exchange);
        let sender = lock(&self.sender).take();
        if let Some(sender) = sender {
            // It has nothing to say; a panic in it is in its message already.
            let _ = sender.join();
        }
    }
}
