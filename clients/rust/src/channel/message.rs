use super::strict::StrictValue;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::Serialize;
use serde_json::Value;
use std::collections::HashSet;
use std::fmt;

/// Largest message, in bytes of UTF-8 without the line's end.
pub const MAXIMUM_MESSAGE_BYTES: usize = 16 * 1024 * 1024;
/// Deepest nesting of objects and arrays; the message itself is the first level.
pub const MAXIMUM_DEPTH: usize = 32;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageType {
    /// Asks for something; answered by a response with the same id.
    Request,
    /// Answers a request.
    Response,
    /// Says that something happened.
    Event,
    /// Asks whether the other end is there; channels answer it themselves.
    Ping,
    /// Answers a ping.
    Pong,
    /// Carries a value.
    Data,
    /// Announces what a helper offers.
    Ready,
}

impl MessageType {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "request" => MessageType::Request,
            "response" => MessageType::Response,
            "event" => MessageType::Event,
            "ping" => MessageType::Ping,
            "pong" => MessageType::Pong,
            "data" => MessageType::Data,
            "ready" => MessageType::Ready,
            _ => return None,
        })
    }
}

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ErrorBody {
    /// A JSON-RPC code ([`ErrorBody::METHOD_NOT_FOUND`] and so on), or the helper's own.
    pub code: i64,
    /// What was wrong, for people.
    pub message: String,
    /// Anything more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
}

impl ErrorBody {
    /// Nobody handles the method.
    pub const METHOD_NOT_FOUND: i64 = -32601;
    /// The data is not what the method takes.
    pub const INVALID_PARAMETERS: i64 = -32602;
    /// The handler failed.
    pub const HANDLER_FAILED: i64 = -32603;
    /// The helper is shutting down.
    pub const SHUTTING_DOWN: i64 = -32000;

    /// An error without further data.
    pub fn new(code: i64, message: impl Into<String>) -> Self {
        ErrorBody { code, message: message.into(), data: None }
    }

    fn from_value(value: Value) -> Result<Self, &'static str> {
        let mut members = match value {
            Value::Object(members) => members,
            _ => return Err("`error` must be an object"),
        };
        let code = members.get("code").and_then(Value::as_i64).ok_or("`error.code` must be an integer")?;
        match members.remove("message") {
            Some(Value::String(message)) => Ok(ErrorBody { code, message, data: members.remove("data") }),
            _ => Err("`error.message` must be a string"),
        }
    }
}

/// One message: a JSON object, as `docs/protocols/channel.md` has it.
///
/// Members that are `None` are not written; `data` always is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Message {
    /// What the message is.
    #[serde(rename = "type")]
    pub kind: MessageType,
    /// Ties an answer to what it answers; chosen by the asker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What a request asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// What happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Why a request failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorBody>,
    /// Any value, null if there is none.
    pub data: Value,
}

impl Message {
    fn of(kind: MessageType, id: Option<String>, data: Value) -> Self {
        Message { kind, id, method: None, event: None, error: None, data }
    }

    /// A value.
    pub fn data(data: Value) -> Self {
        Self::of(MessageType::Data, None, data)
    }

    /// Something that happened.
    pub fn event(name: impl Into<String>, data: Value) -> Self {
        Message { event: Some(name.into()), ..Self::of(MessageType::Event, None, data) }
    }

    /// A request with an id of the caller's choice. [`Channel::request`](super::Channel::request) chooses one itself.
    pub fn request(id: impl Into<String>, method: impl Into<String>, data: Value) -> Self {
        Message { method: Some(method.into()), ..Self::of(MessageType::Request, Some(id.into()), data) }
    }

    /// The answer to the request `id`.
    pub fn response(id: impl Into<String>, data: Value) -> Self {
        Self::of(MessageType::Response, Some(id.into()), data)
    }

    /// The answer to the request `id`, which failed.
    pub fn failure(id: impl Into<String>, error: ErrorBody) -> Self {
        Message { error: Some(error), ..Self::response(id, Value::Null) }
    }

    /// What a helper offers.
    pub fn ready<I: IntoIterator<Item = S>, S: Into<String>>(handlers: I) -> Self {
        let names: Vec<Value> = handlers.into_iter().map(|name| Value::String(name.into())).collect();
        Self::of(MessageType::Ready, None, serde_json::json!({ "handlers": names }))
    }

    pub(crate) fn ping(id: String) -> Self {
        Self::of(MessageType::Ping, Some(id), Value::Null)
    }

    pub(crate) fn pong(id: Option<String>, data: Value) -> Self {
        Self::of(MessageType::Pong, id, data)
    }

    /// The message as JSON, without a line's end. Errors say what is wrong with it; its size is not looked at.
    pub fn encode(&self) -> Result<Vec<u8>, String> {
        let inside_error = self.error.as_ref().and_then(|error| error.data.as_ref());
        if !fits(&self.data, MAXIMUM_DEPTH - 1) || !inside_error.map_or(true, |data| fits(data, MAXIMUM_DEPTH - 2)) {
            return Err(format!("nested more than {MAXIMUM_DEPTH} levels deep"));
        }
        let mut text = Vec::with_capacity(128);
        serde_json::to_writer(&mut text, self).map_err(|error| error.to_string())?;
        Ok(text)
    }

    /// Reads one message. Errors say what is wrong with the text.
    pub fn decode(text: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(text).map_err(|error| error.to_string())
    }
}

/// Whether `value` has at most `levels` levels of objects and arrays. Looks no deeper than that.
fn fits(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(items) => levels > 0 && items.iter().all(|item| fits(item, levels - 1)),
        Value::Object(members) => levels > 0 && members.values().all(|member| fits(member, levels - 1)),
        _ => true,
    }
}

/// The members that have a meaning, in the order of their bits in `seen` below.
const MEMBERS: [&str; 6] = ["type", "id", "method", "event", "error", "data"];

enum Key {
    Known(usize),
    Other(String),
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<Key, E> {
                Ok(match MEMBERS.iter().position(|member| *member == name) {
                    Some(index) => Key::Known(index),
                    None => Key::Other(name.to_owned()),
                })
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MessageVisitor;
        impl<'de> Visitor<'de> for MessageVisitor {
            type Value = Message;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a message, which is a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Message, A::Error> {
                let inside = || StrictValue::levels(MAXIMUM_DEPTH - 1);
                let mut kind = None;
                let mut message = Message::data(Value::Null);
                let mut seen = 0u8;
                let mut others = HashSet::new();
                while let Some(key) = map.next_key()? {
                    let index = match key {
                        Key::Known(index) => index,
                        Key::Other(name) => {
                            map.next_value_seed(inside())?;
                            if let Some(name) = others.replace(name) {
                                return Err(de::Error::custom(format_args!("the key {name:?} occurs twice")));
                            }
                            continue;
                        }
                    };
                    if seen & (1 << index) != 0 {
                        return Err(de::Error::custom(format_args!("the key {:?} occurs twice", MEMBERS[index])));
                    }
                    seen |= 1 << index;
                    match MEMBERS[index] {
                        "type" => {
                            let name: String = map.next_value()?;
                            let named = MessageType::named(&name);
                            kind =
                                Some(named.ok_or_else(|| {
                                    de::Error::custom(format_args!("there is no message type {name:?}"))
                                })?);
                        }
                        "id" => message.id = Some(map.next_value()?),
                        "method" => message.method = Some(map.next_value()?),
                        "event" => message.event = Some(map.next_value()?),
                        "error" => {
                            let body = map.next_value_seed(inside())?;
                            message.error = Some(ErrorBody::from_value(body).map_err(de::Error::custom)?);
                        }
                        _ => message.data = map.next_value_seed(inside())?,
                    }
                }
                message.kind = kind.ok_or_else(|| de::Error::missing_field("type"))?;
                Ok(message)
            }
        }
        deserializer.deserialize_map(MessageVisitor)
    }
}
