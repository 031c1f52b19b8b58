//! One contract, every kind of channel.

mod common;

use common::*;
use serde_json::{json, Value};
use soundpost::channel::*;
use std::thread;
use std::time::Duration;

/// A data message of exactly `bytes` bytes.
fn message_of(bytes: usize) -> Message {
    let around = Message::data(json!("")).encode().unwrap().len();
    let message = Message::data(Value::String("x".repeat(bytes - around)));
    assert_eq!(message.encode().unwrap().len(), bytes);
    message
}

#[test]
fn messages_arrive_in_order_both_ways() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        thread::scope(|scope| {
            for (from, to) in [(&a, &b), (&b, &a)] {
                scope.spawn(move || (0..5000).for_each(|n| from.send_json(json!(n)).unwrap()));
                scope.spawn(move || {
                    for n in 0..5000 {
                        assert_eq!(to.receive(LONG).unwrap(), Message::data(json!(n)));
                    }
                });
            }
        });
        assert_eq!(a.metrics().messages_sent, 5000);
        assert_eq!(a.metrics().bytes_sent, b.metrics().bytes_received);
        assert_eq!(a.kind(), kind);
    });
}

#[test]
fn every_size_arrives_whole() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        let (ring, least) = (65_536, 30);
        let mut sizes: Vec<usize> = (least..least + 18).collect();
        for edge in [ring / 4, ring / 2, ring, 2 * ring, 65_536 + 8] {
            sizes.extend(edge - 9..=edge + 9);
        }
        sizes.extend([1024 * 1024, 1024 * 1024 + 1, MAXIMUM_MESSAGE_BYTES - 1, MAXIMUM_MESSAGE_BYTES]);
        thread::scope(|scope| {
            scope.spawn(|| {
                for &size in &sizes {
                    a.send(&message_of(size)).unwrap();
                }
            });
            for &size in &sizes {
                assert!(b.receive(LONG).unwrap() == message_of(size), "{size} bytes");
            }
        });
        // Raw lines of a few bytes: what comes is what went, and no message.
        for size in [0, 1, 7, 8, 9] {
            a.send_encoded(&vec![b'y'; size]).unwrap();
            let mut line = vec![1, 2, 3];
            b.receive_encoded(&mut line, LONG).unwrap();
            assert_eq!(line, vec![b'y'; size]);
        }
    });
}

#[test]
fn one_byte_more_than_the_most_is_refused_and_the_channel_goes_on() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        assert_eq!(code(a.send(&message_of(MAXIMUM_MESSAGE_BYTES + 1))), ErrorCode::SendFailed);
        assert_eq!(code(a.send_encoded(b"1\n2")), ErrorCode::Serialization);
        a.emit("still", json!("here")).unwrap();
        assert_eq!(b.receive(LONG).unwrap(), Message::event("still", json!("here")));
        assert_eq!(a.metrics().errors, 2);
    });
}

#[test]
fn a_line_that_is_no_message_is_an_error_of_its_own() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        let broken: [&[u8]; 11] = [
            b"",
            b"{",
            b"[]",
            b"{\"data\":1}",
            b"{\"type\":\"song\",\"data\":1}",
            b"{\"type\":\"data\",\"id\":7,\"data\":1}",
            b"{\"type\":\"data\",\"type\":\"data\",\"data\":1}",
            b"{\"type\":\"data\",\"data\":{\"a\":[{\"b\":1,\"b\":2}]}}",
            b"{\"type\":\"response\",\"id\":\"1\",\"error\":{\"code\":\"1\",\"message\":\"\"},\"data\":null}",
            b"{\"type\":\"data\",\"data\":\"\xff\"}",
            b"{\"type\":\"data\",\"data\":1} x",
        ];
        for line in broken {
            a.send_encoded(line).unwrap();
            a.send_json(json!(1)).unwrap();
            assert_eq!(code(b.receive(LONG)), ErrorCode::Serialization, "{}", String::from_utf8_lossy(line));
            assert_eq!(b.receive(LONG).unwrap(), Message::data(json!(1)));
        }
        assert_eq!(b.metrics().errors, broken.len() as u64);
    });
}

#[test]
fn back_pressure_holds_the_sender_up() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        let message = message_of(60_000);
        thread::scope(|scope| {
            scope.spawn(|| (0..500).for_each(|_| a.send(&message).unwrap()));
            for _ in 0..500 {
                assert!(b.receive(LONG).unwrap() == message);
            }
        });
        assert_eq!(code(b.receive(Some(Duration::ZERO))), ErrorCode::Timeout);
    });
}

#[test]
fn eight_threads_ask_at_once() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        let handlers = Handlers::new().on("double", |data| {
            let number = data.as_i64().ok_or_else(|| ErrorBody::new(ErrorBody::INVALID_PARAMETERS, "a number"))?;
            Ok(json!(number * 2))
        });
        thread::scope(|scope| {
            scope.spawn(|| b.serve(&handlers).unwrap());
            let asking: Vec<_> = (0..8)
                .map(|asker| {
                    let a = &a;
                    scope.spawn(move || {
                        for n in 0..500 {
                            let value = asker * 1000 + n;
                            assert_eq!(a.request("double", json!(value), LONG).unwrap(), json!(value * 2));
                        }
                    })
                })
                .collect();
            asking.into_iter().for_each(|asker| asker.join().unwrap());
            a.shutdown();
        });
        let metrics = a.metrics();
        assert_eq!(metrics.round_trips, 4000);
        assert!(metrics.latency_p50 <= metrics.latency_p99 && metrics.latency_mean > Duration::ZERO);
    });
}

#[test]
fn both_ends_ask_while_both_answer() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        let handlers = Handlers::new().on("echo", Ok);
        thread::scope(|scope| {
            for end in [&a, &b] {
                let handlers = &handlers;
                scope.spawn(move || end.serve(handlers));
            }
            let asking: Vec<_> = [&a, &b, &a, &b]
                .into_iter()
                .map(|end| {
                    scope.spawn(move || {
                        for n in 0..300 {
                            assert_eq!(end.request("echo", json!(n), LONG).unwrap(), json!(n));
                        }
                    })
                })
                .collect();
            asking.into_iter().for_each(|asker| asker.join().unwrap());
            a.close();
        });
    });
}

#[test]
fn requests_fail_as_they_should() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        let handlers = Handlers::new()
            .on("fail", |_| Err(ErrorBody { code: 7, message: "no".into(), data: Some(json!([1])) }))
            .on("panic", |_| panic!("this test's own, on purpose"))
            .on("deep", |_| Ok((0..40).fold(json!(0), |inner, _| json!([inner]))));
        thread::scope(|scope| {
            scope.spawn(|| b.serve(&handlers).unwrap());
            let answer = |method: &str| match a.request(method, Value::Null, LONG) {
                Err(RequestError::Answer(error)) => error,
                other => panic!("{other:?}"),
            };
            let failed = ErrorBody { code: 7, message: "no".into(), data: Some(json!([1])) };
            assert_eq!(answer("fail"), failed);
            assert_eq!(answer("panic").code, ErrorBody::HANDLER_FAILED);
            assert_eq!(answer("deep").code, ErrorBody::HANDLER_FAILED);
            assert_eq!(answer("unknown").code, ErrorBody::METHOD_NOT_FOUND);
            a.shutdown();
        });
    });
}

#[test]
fn an_answer_that_comes_too_late_is_dropped_and_a_strange_one_delivered() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        let given_up = a.request("slow", json!(1), Some(Duration::from_millis(1))).unwrap_err();
        assert!(matches!(given_up, RequestError::Channel(error) if error.code == ErrorCode::Timeout));
        let asked = b.receive(LONG).unwrap();
        b.respond(asked.id.unwrap(), json!("late")).unwrap();
        b.respond("of nobody", json!(2)).unwrap();
        assert_eq!(a.receive(LONG).unwrap(), Message::response("of nobody", json!(2)));
    });
}

#[test]
fn pings_are_answered_by_the_channel() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        thread::scope(|scope| {
            scope.spawn(|| assert_eq!(b.receive(LONG).unwrap(), Message::data(json!("seen"))));
            a.ping(LONG).unwrap();
            a.send_json(json!("seen")).unwrap();
        });
        // A ping from elsewhere, with data, and one without an id.
        b.send_encoded(br#"{"type":"ping","id":"p","data":[1]}"#).unwrap();
        b.send_encoded(br#"{"type":"pong","id":"nobody's","data":null}"#).unwrap();
        assert!(a.try_receive().unwrap().is_none());
        let mut line = Vec::new();
        b.receive_encoded(&mut line, LONG).unwrap();
        assert_eq!(String::from_utf8(line).unwrap(), r#"{"type":"pong","id":"p","data":[1]}"#);
    });
}

#[test]
fn what_was_accepted_arrives_after_a_shutdown() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        thread::scope(|scope| {
            scope.spawn(|| {
                for n in 0..50 {
                    a.send_json(json!(n)).unwrap();
                }
                a.shutdown();
                assert!(a.is_shutdown());
                assert_eq!(code(a.send_json(json!(50))), ErrorCode::ShuttingDown);
                a.wait_for_drain(LONG).unwrap();
            });
            for n in 0..50 {
                assert_eq!(b.receive(LONG).unwrap().data, json!(n));
            }
        });
        // The other direction is still open until that end reports the end.
        b.send_json(json!("back")).unwrap();
        assert_eq!(a.receive(LONG).unwrap().data, json!("back"));
        assert_eq!(code(b.receive(LONG)), ErrorCode::Disconnected);
        assert_eq!(code(a.receive(LONG)), ErrorCode::Disconnected);
        assert_eq!(code(b.send_json(json!(1))), ErrorCode::Disconnected);
        assert!(b.is_shutdown());
    });
}

#[test]
fn drain_waits_for_a_send_in_flight() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        let message = message_of(8 * 1024 * 1024);
        thread::scope(|scope| {
            // Fills whatever lies between the two.
            let sender = scope.spawn(|| loop {
                if let Err(error) = a.send(&message) {
                    return error.code;
                }
            });
            let first = b.receive(LONG).unwrap();
            assert!(first == message);
            a.shutdown();
            let drained = scope.spawn(|| a.wait_for_drain(LONG).unwrap());
            loop {
                match b.receive(LONG) {
                    Ok(next) => assert!(next == message),
                    Err(error) => {
                        assert_eq!(error.code, ErrorCode::Disconnected);
                        break;
                    }
                }
            }
            drained.join().unwrap();
            assert_eq!(sender.join().unwrap(), ErrorCode::ShuttingDown);
        });
    });
}

#[test]
fn close_wakes_whoever_waits() {
    every_kind(|kind| {
        for round in 0..20 {
            let (a, b) = ends(kind);
            thread::scope(|scope| {
                let end = &a;
                let until_error = |end: &Channel| loop {
                    if let Err(error) = end.receive(None) {
                        return error.code;
                    }
                };
                let receivers: Vec<_> = (0..3).map(|_| scope.spawn(move || until_error(end))).collect();
                let asker = scope.spawn(|| a.request("never", Value::Null, None));
                let message = message_of(1024 * 1024);
                let sender = scope.spawn(move || loop {
                    if let Err(error) = b.send(&message) {
                        return error.code;
                    }
                });
                // Sooner or later in their waiting.
                for _ in 0..round * 10 {
                    thread::yield_now();
                }
                a.close();
                for receiver in receivers {
                    assert_eq!(receiver.join().unwrap(), ErrorCode::Disconnected);
                }
                assert!(asker.join().unwrap().is_err());
                assert_eq!(sender.join().unwrap(), ErrorCode::Disconnected);
            });
            // What the asker read for others is still there.
            while a.receive(None).is_ok() {}
            assert_eq!(code(a.receive(None)), ErrorCode::Disconnected);
            let after = code(a.send_json(json!(1)));
            assert!(matches!(after, ErrorCode::ShuttingDown | ErrorCode::Disconnected));
        }
    });
}

#[test]
fn close_wakes_a_sender_of_the_same_end() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        let message = message_of(1024 * 1024);
        thread::scope(|scope| {
            let sender = scope.spawn(|| loop {
                if let Err(error) = a.send(&message) {
                    return error.code;
                }
            });
            assert!(b.receive(LONG).unwrap() == message);
            a.close();
            let woken = sender.join().unwrap();
            assert!(matches!(woken, ErrorCode::ShuttingDown | ErrorCode::Disconnected));
        });
    });
}

#[test]
fn a_dropped_end_is_disconnected_behind_its_messages() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        a.send_json(json!(1)).unwrap();
        a.send_json(json!(2)).unwrap();
        drop(a);
        assert_eq!(b.receive(LONG).unwrap().data, json!(1));
        assert_eq!(b.receive(LONG).unwrap().data, json!(2));
        let error = b.receive(LONG).unwrap_err();
        assert_eq!(error.code, ErrorCode::Disconnected);
        assert!(error.to_string().contains(b.name()), "{error}");
        assert!(matches!(b.request("x", json!(1), LONG), Err(RequestError::Channel(_))));
    });
}

#[test]
fn a_receive_waits_as_long_as_it_may() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        assert!(b.try_receive().unwrap().is_none());
        assert_eq!(code(b.receive(Some(Duration::from_millis(5)))), ErrorCode::Timeout);
        assert_eq!(code(a.ping(Some(Duration::from_millis(5)))), ErrorCode::Timeout);
        a.send_json(json!(3)).unwrap();
        assert_eq!(b.receive(Some(Duration::MAX)).unwrap().data, json!(3));
    });
}

#[test]
fn a_full_pair_does_what_its_policy_says() {
    let (a, b) = Channel::pair("full", 2, Policy::Fail);
    assert_eq!((a.name(), b.name()), ("full_a", "full_b"));
    a.send_json(json!(1)).unwrap();
    a.send_json(json!(2)).unwrap();
    assert_eq!(code(a.send_json(json!(3))), ErrorCode::SendFailed);
    assert_eq!(b.receive(LONG).unwrap().data, json!(1));
    a.send_json(json!(4)).unwrap();

    let (a, b) = Channel::pair("full", 2, Policy::DropOldest);
    (1..=5).for_each(|n| a.send_json(json!(n)).unwrap());
    assert_eq!(b.receive(LONG).unwrap().data, json!(4));
    assert_eq!(b.receive(LONG).unwrap().data, json!(5));
    assert_eq!((a.metrics().dropped, a.metrics().peak_queue), (3, 2));

    let (a, b) = Channel::pair("full", 1, Policy::Wait);
    thread::scope(|scope| {
        scope.spawn(|| (0..1000).for_each(|n| a.send_json(json!(n)).unwrap()));
        (0..1000).for_each(|n| assert_eq!(b.receive(LONG).unwrap().data, json!(n)));
    });
}

#[test]
fn nesting_is_limited_when_written_and_when_read() {
    let nested = |levels: usize| (0..levels).fold(json!(0), |inner, _| json!([inner]));
    let text = |levels: usize| format!("{{\"type\":\"data\",\"data\":{}}}", nested(levels)).into_bytes();
    assert!(Message::data(nested(MAXIMUM_DEPTH - 1)).encode().is_ok());
    assert!(Message::data(nested(MAXIMUM_DEPTH)).encode().is_err());
    assert!(Message::decode(&text(MAXIMUM_DEPTH - 1)).is_ok());
    assert!(Message::decode(&text(MAXIMUM_DEPTH)).is_err());
    let unknown = format!("{{\"type\":\"data\",\"more\":{},\"data\":1}}", nested(MAXIMUM_DEPTH));
    assert!(Message::decode(unknown.as_bytes()).is_err());
    let bottomless = [&b"{\"type\":\"data\",\"data\":"[..], &vec![b'['; 1_000_000]].concat();
    assert!(Message::decode(&bottomless).is_err());
    let failure = |levels| ErrorBody { data: Some(nested(levels)), ..ErrorBody::new(1, "") };
    assert!(Message::failure("1", failure(MAXIMUM_DEPTH - 2)).encode().is_ok());
    assert!(Message::failure("1", failure(MAXIMUM_DEPTH - 1)).encode().is_err());
}

#[test]
fn messages_are_written_as_the_page_says() {
    let written = |message: Message| String::from_utf8(message.encode().unwrap()).unwrap();
    assert_eq!(written(Message::data(Value::Null)), r#"{"type":"data","data":null}"#);
    assert_eq!(written(Message::event("e", json!(1))), r#"{"type":"event","event":"e","data":1}"#);
    assert_eq!(
        written(Message::request("1", "m", json!({"a": "\n\u{1f3b5}"}))),
        "{\"type\":\"request\",\"id\":\"1\",\"method\":\"m\",\"data\":{\"a\":\"\\n\u{1f3b5}\"}}"
    );
    assert_eq!(
        written(Message::failure("1", ErrorBody::new(-32601, "no"))),
        r#"{"type":"response","id":"1","error":{"code":-32601,"message":"no"},"data":null}"#
    );
    assert_eq!(written(Message::ready(["auto_eq.fit"])), r#"{"type":"ready","data":{"handlers":["auto_eq.fit"]}}"#);
    let read = Message::decode(br#" {"more":{"x":[]},"data":1.5,"event":"\u0065","type":"event"} "#).unwrap();
    assert_eq!(read, Message::event("e", json!(1.5)));
    let twice = br#"{"type":"data","other":1,"other":2,"data":null}"#;
    assert!(Message::decode(twice).is_err());
}
