//! What is a message and what is none, as `fixtures/channels` says it to all languages.

#[path = "common/fixtures.rs"]
mod fixtures;

use fixtures::{is_message, rows, wire};
use soundpost::channel::Message;

#[test]
fn every_line_means_what_the_fixture_says() {
    for row in rows("messages.jsonl") {
        let message = Message::decode(&wire(&row)).unwrap_or_else(|error| panic!("{}: {error}", row["why"]));
        assert!(is_message(&message, &row["message"]), "{}: read as {message:?}", row["why"]);
        let again = Message::decode(&message.encode().unwrap()).unwrap();
        assert!(is_message(&again, &row["message"]), "{}: written and read as {again:?}", row["why"]);
    }
}

#[test]
fn what_is_no_message_is_refused() {
    for row in rows("refused.jsonl") {
        let outcome = Message::decode(&wire(&row));
        assert!(outcome.is_err(), "{}: read as {outcome:?}", row["why"]);
    }
}
