use super::message::ErrorBody;
use serde_json::Value;
use std::collections::BTreeMap;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;

/// What answers the requests of one method.
pub(crate) type Handler = Arc<dyn Fn(Value) -> Result<Value, ErrorBody> + Send + Sync>;

/// What a helper does with requests, by method.
#[derive(Default)]
pub struct Handlers {
    methods: BTreeMap<String, Handler>,
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
        let before = self.methods.insert(method.clone(), Arc::new(handle));
        assert!(before.is_none(), "{method} is handled already");
        self
    }

    /// The methods, for [`Message::ready`](super::Message::ready).
    pub fn methods(&self) -> impl Iterator<Item = &str> {
        self.methods.keys().map(String::as_str)
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (&String, &Handler)> {
        self.methods.iter()
    }
}

/// Runs a handler. One that panics has failed, and the others go on.
pub(crate) fn run(handler: &Handler, data: Value) -> Result<Value, ErrorBody> {
    catch_unwind(AssertUnwindSafe(|| handler(data)))
        .unwrap_or_else(|_| Err(ErrorBody::new(ErrorBody::HANDLER_FAILED, "the handler failed")))
}
