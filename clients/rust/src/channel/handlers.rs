use super::message::{ErrorBody, Message, MessageType};
use super::{Channel, ChannelError, ErrorCode};
use serde_json::Value;
use std::collections::BTreeMap;
use std::panic::{catch_unwind, AssertUnwindSafe};

type Handler = Box<dyn Fn(Value) -> Result<Value, ErrorBody> + Send + Sync>;
type Other = Box<dyn Fn(&Channel, Message) + Send + Sync>;

/// What a helper does with requests, by method, and with everything else.
#[derive(Default)]
pub struct Handlers {
    methods: BTreeMap<String, Handler>,
    other: Option<Other>,
}

impl Handlers {
    /// No handlers yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers requests for `method` with what `handle` makes of their data. Panics if the method is handled already.
    pub fn on<F>(mut self, method: impl Into<String>, handle: F) -> Self
    where
        F: Fn(Value) -> Result<Value, ErrorBody> + Send + Sync + 'static,
    {
        let method = method.into();
        let before = self.methods.insert(method.clone(), Box::new(handle));
        assert!(before.is_none(), "{method} is handled already");
        self
    }

    /// Passes on what is no request.
    pub fn otherwise(mut self, handle: impl Fn(&Channel, Message) + Send + Sync + 'static) -> Self {
        self.other = Some(Box::new(handle));
        self
    }

    /// The methods, for [`Message::ready`].
    pub fn methods(&self) -> impl Iterator<Item = &str> {
        self.methods.keys().map(String::as_str)
    }

    fn answer(&self, method: &str, data: Value) -> Result<Value, ErrorBody> {
        let handler = self
            .methods
            .get(method)
            .ok_or_else(|| ErrorBody::new(ErrorBody::METHOD_NOT_FOUND, format!("nobody handles {method:?}")))?;
        // One request that fails is answered; the others go on.
        catch_unwind(AssertUnwindSafe(|| handler(data)))
            .unwrap_or_else(|_| Err(ErrorBody::new(ErrorBody::HANDLER_FAILED, "the handler failed")))
    }
}

impl Channel {
    /// Announces what `handlers` offer.
    pub fn announce(&self, handlers: &Handlers) -> Result<(), ChannelError> {
        self.send(&Message::ready(handlers.methods()))
    }

    /// Handles what comes, one after the other, until the other end is gone; that is no error.
    ///
    /// Several threads may serve the same channel. An unknown method is answered with −32601, a handler that panics
    /// with −32603. A line that is no message is counted in the metrics and skipped.
    pub fn serve(&self, handlers: &Handlers) -> Result<(), ChannelError> {
        self.on_message(|message| match (message.kind, &message.id) {
            (MessageType::Request, Some(id)) => {
                let id = id.clone();
                let sent = match handlers.answer(message.method.as_deref().unwrap_or_default(), message.data) {
                    Ok(data) => self.respond(id, data),
                    Err(error) => self.respond_error(id, error),
                };
                // An answer that cannot be written as JSON, or is too large, is a failure that the asker hears of.
                match sent {
                    Err(error) if matches!(error.code, ErrorCode::Serialization | ErrorCode::SendFailed) => {
                        let id = message.id.unwrap_or_default();
                        let body = ErrorBody::new(ErrorBody::HANDLER_FAILED, error.message);
                        let _ = self.respond_error(id, body);
                    }
                    // Without the other end the next receive reports it.
                    _ => {}
                }
            }
            _ => {
                if let Some(other) = &handlers.other {
                    other(self, message);
                }
            }
        })
    }

    /// Passes every message to `handle` until the other end is gone, or this one closes; that is no error.
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
}
