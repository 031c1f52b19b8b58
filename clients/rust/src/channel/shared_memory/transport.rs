use super::{Link, RingReader, RingWriter, Shared};
use crate::channel::error::{ChannelError, ErrorCode};
use crate::channel::message::MAXIMUM_MESSAGE_BYTES;
use crate::channel::system::{lock, Turn};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A sender that finds room notices a dead peer only by looking, which it does no more often than this.
const LOOK_EVERY: Duration = Duration::from_millis(250);

const LARGEST_KEPT: usize = 4 * 1024 * 1024;

/// Shared memory as a transport of messages: those that are too long for a record are cut.
pub(crate) struct SharedMemory {
    shared: Arc<Shared>,
    /// Who sends; only that thread locks `sending`.
    turn: Turn,
    sending: Mutex<Sending>,
    receiving: Mutex<Receiving>,
}

struct Sending {
    writer: RingWriter,
    looked: Instant,
}

struct Receiving {
    reader: RingReader,
    /// The records of the current message that came so far.
    message: Vec<u8>,
    unfinished: bool,
}

impl SharedMemory {
    pub fn new(link: Link) -> Self {
        SharedMemory {
            shared: link.shared,
            turn: Turn::default(),
            sending: Mutex::new(Sending { writer: link.writer, looked: Instant::now() }),
            receiving: Mutex::new(Receiving { reader: link.reader, message: Vec::new(), unfinished: false }),
        }
    }

    /// The deadline counts until the first record is published: half a message cannot be taken back.
    pub fn send(&self, line: &[u8], deadline: Option<Instant>) -> Result<(), ChannelError> {
        let no_room = |error: ChannelError| match error.code {
            ErrorCode::Timeout => ChannelError::no_room(&self.shared.channel),
            _ => error,
        };
        let _turn = self.turn.take(deadline).ok_or_else(|| ChannelError::no_room(&self.shared.channel))?;
        let mut sending = lock(&self.sending);
        if sending.looked.elapsed() >= LOOK_EVERY {
            if self.shared.is_peer_gone() {
                return Err(ChannelError::disconnected(&self.shared.channel));
            }
            sending.looked = Instant::now();
        }
        let longest = sending.writer.longest_record();
        let part_size = if line.len() <= longest { longest } else { longest / 2 };
        let mut rest = line;
        let mut deadline = deadline;
        loop {
            let (part, after) = rest.split_at(rest.len().min(part_size));
            let mut loan = sending.writer.loan_before(part.len(), || deadline).map_err(no_room)?;
            loan.copy_from_slice(0, part);
            loan.publish_part(part.len(), !after.is_empty());
            if after.is_empty() {
                return Ok(());
            }
            rest = after;
            deadline = None;
        }
    }

    pub fn receive<T>(&self, deadline: Option<Instant>, take: impl FnOnce(&[u8]) -> T) -> Result<T, ChannelError> {
        let mut receiving = lock(&self.receiving);
        let Receiving { reader, message, unfinished } = &mut *receiving;
        loop {
            if !*unfinished {
                message.clear();
                if message.capacity() > LARGEST_KEPT {
                    // A large message is no reason to keep its memory.
                    message.shrink_to(0);
                }
            }
            let record = reader.borrow_before(|| deadline)?;
            if message.len() + record.len() > MAXIMUM_MESSAGE_BYTES {
                drop(record);
                let text = format!("a message of more than {MAXIMUM_MESSAGE_BYTES} bytes");
                return Err(self.shared.violated(ErrorCode::ReceiveFailed, text));
            }
            record.copy_to(message);
            *unfinished = record.has_more();
            drop(record);
            if !*unfinished {
                return Ok(take(message));
            }
        }
    }

    pub fn end(&self) {
        self.shared.end_writing();
    }

    pub fn close(&self) {
        self.shared.close();
    }
}

impl Drop for SharedMemory {
    fn drop(&mut self) {
        self.shared.close();
    }
}
