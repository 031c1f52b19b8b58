//! The rows of `fixtures/channels`, which all languages read.

use serde_json::{json, Map, Number, Value};
use soundpost::channel::Message;
use std::path::PathBuf;

fn text(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/channels").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn rows(name: &str) -> Vec<Value> {
    text(name).lines().map(|row| serde_json::from_str(row).expect(name)).collect()
}

#[allow(dead_code)]
pub fn steps() -> Value {
    serde_json::from_str(&text("steps.json")).expect("steps.json")
}

/// What is sent: `line`, or the bytes in `hex`.
pub fn wire(row: &Value) -> Vec<u8> {
    match row["hex"].as_str() {
        None => row["line"].as_str().expect("a line").as_bytes().to_vec(),
        Some(hex) => {
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect()
        }
    }
}

/// Whether two values are the same JSON; serde_json's own comparison tells 1 from 1.0.
pub fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => is_same_number(a, b),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).map_or(false, |other| is_same(value, other)))
        }
        _ => a == b,
    }
}

fn is_same_number(a: &Number, b: &Number) -> bool {
    a == b || ((a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64())
}

/// Whether a message has the members that the row says; an error's data may be null instead of absent.
pub fn is_message(message: &Message, expected: &Value) -> bool {
    let without_null = |value: &Value| {
        let mut value = value.clone();
        if let Some(error) = value.get_mut("error").and_then(Value::as_object_mut) {
            error.retain(|_, member| !member.is_null());
        }
        value
    };
    let mut wanted = Map::new();
    wanted.insert("data".into(), Value::Null);
    wanted.extend(expected.as_object().expect("a message").clone());
    is_same(&without_null(&json!(message)), &without_null(&Value::Object(wanted)))
}
