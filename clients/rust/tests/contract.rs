//! What the contract says about requests, limits and ends, beyond what `conformance.rs` has for every kind.

mod common;

use common::*;
use serde_json::{json, Value};
use soundpost::channel::*;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const SOON: Option<Duration> = Some(Duration::from_millis(20));

fn text(line: &[u8]) -> Value {
    serde_json::from_slice(line).unwrap()
}

/// The next line at `end`, as it came.
fn next(end: &Channel) -> Value {
    let mut line = Vec::new();
    end.receive_encoded(&mut line, LONG).unwrap();
    text(&line)
}

#[test]
fn own_ids_begin_so_that_no_users_id_does() {
    let (a, b) = ends(Kind::Thread);
    for number in 1..=2 {
        assert!(a.request("m", Value::Null, SOON).is_err());
        assert_eq!(next(&b)["id"], format!("#{number}"));
    }
    assert!(a.ping(SOON).is_err());
    assert_eq!(next(&b), json!({"type": "ping", "id": "#3", "data": null}));
}

#[test]
fn a_request_takes_a_response_only_and_a_ping_a_pong() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        thread::scope(|scope| {
            let asker = scope.spawn(|| a.request("m", Value::Null, LONG).unwrap());
            assert_eq!(next(&b)["id"], "#1");
            b.send_encoded(br##"{"type":"pong","id":"#1","data":"pong"}"##).unwrap();
            b.respond("#1", json!("response")).unwrap();
            assert_eq!(asker.join().unwrap(), json!("response"));
            let asker = scope.spawn(|| a.ping(LONG).unwrap());
            assert_eq!(next(&b)["id"], "#2");
            b.respond("#2", json!("not asked for")).unwrap();
            b.send_encoded(br##"{"type":"pong","id":"#2","data":null}"##).unwrap();
            asker.join().unwrap();
        });
        // Again, when nobody waits: an answer that came already is nobody's too.
        b.respond("#1", json!("again")).unwrap();
        b.send_encoded(br##"{"type":"pong","id":"#2","data":null}"##).unwrap();
        b.send_json(json!("last")).unwrap();
        assert_eq!(a.receive(LONG).unwrap(), Message::response("#2", json!("not asked for")));
        assert_eq!(a.receive(LONG).unwrap(), Message::response("#1", json!("again")));
        assert_eq!(a.receive(LONG).unwrap(), Message::data(json!("last")));
    });
}

#[test]
fn a_request_that_nobody_handles_goes_to_who_receives() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        let handlers = Handlers::new().on("echo", Ok);
        thread::scope(|scope| {
            scope.spawn(|| b.serve(&handlers).unwrap());
            // Until somebody receives, the channel refuses itself. An event is kept.
            a.emit("early", json!(1)).unwrap();
            match a.request("other", Value::Null, LONG) {
                Err(RequestError::Answer(error)) => assert_eq!(error.code, ErrorBody::METHOD_NOT_FOUND),
                other => panic!("{other:?}"),
            }
            assert_eq!(b.receive(LONG).unwrap(), Message::event("early", json!(1)));
            let asker = scope.spawn(|| a.request("other", json!(2), LONG).unwrap());
            let asked = b.receive(LONG).unwrap();
            assert_eq!(asked.method.as_deref(), Some("other"));
            b.respond(asked.id.unwrap(), json!("by hand")).unwrap();
            assert_eq!(asker.join().unwrap(), json!("by hand"));
            assert_eq!(a.request("echo", json!(3), LONG).unwrap(), json!(3));
            a.close();
        });
    });
}

#[test]
fn requests_that_came_before_the_handlers_are_handled() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        a.send(&Message::request("early", "echo", json!(1))).unwrap();
        a.send(&Message::request("unknown", "other", json!(1))).unwrap();
        // Reads because it asks: the two are kept.
        thread::scope(|scope| {
            scope.spawn(|| {
                let asked = next(&a);
                a.respond(asked["id"].as_str().unwrap(), Value::Null).unwrap();
            });
            b.request("x", Value::Null, LONG).unwrap();
        });
        thread::scope(|scope| {
            scope.spawn(|| b.serve(&Handlers::new().on("echo", Ok)).unwrap());
            let answers = [next(&a), next(&a)];
            let of = |id| answers.iter().find(|answer| answer["id"] == id).unwrap();
            assert_eq!(of("early")["data"], 1);
            assert_eq!(of("unknown")["error"]["code"], ErrorBody::METHOD_NOT_FOUND);
            a.close();
        });
    });
}

/// Answers the next request that `end` gets, behind `events` events.
fn answer_behind(end: &Channel, events: impl Iterator<Item = Value>) {
    let asked = next(end);
    for data in events {
        end.emit("e", data).unwrap();
    }
    end.respond(asked["id"].as_str().unwrap(), Value::Null).unwrap();
}

#[test]
fn who_only_asks_keeps_no_more_than_the_limit() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        a.set_capacity(10);
        thread::scope(|scope| {
            scope.spawn(|| answer_behind(&b, (0..100).map(|n| json!(n))));
            a.request("m", Value::Null, LONG).unwrap();
        });
        for n in 90..100 {
            assert_eq!(a.receive(LONG).unwrap().data, json!(n));
        }
        assert!(a.try_receive().unwrap().is_none());
        assert_eq!(a.metrics().dropped, 90);
        // Less than one is one.
        a.set_capacity(0);
        thread::scope(|scope| {
            scope.spawn(|| answer_behind(&b, (0..3).map(|n| json!(n))));
            a.request("m", Value::Null, LONG).unwrap();
        });
        assert_eq!(a.receive(LONG).unwrap().data, json!(2));
        assert!(a.try_receive().unwrap().is_none());
    });
}

#[test]
fn who_only_asks_keeps_no_more_bytes_than_the_limit() {
    let (a, b) = ends(Kind::Thread);
    let large = json!("x".repeat(10 * 1024 * 1024));
    thread::scope(|scope| {
        scope.spawn(|| answer_behind(&b, (0..8).map(|_| large.clone())));
        a.request("m", Value::Null, LONG).unwrap();
    });
    // Six of ten mebibytes and a little.
    assert_eq!(a.metrics().dropped, 2);
    for _ in 0..6 {
        assert!(a.receive(LONG).unwrap().data == large);
    }
    assert!(a.try_receive().unwrap().is_none());
}

#[test]
fn who_serves_reads_no_further_while_a_receiver_is_behind() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        b.set_capacity(4);
        assert!(b.try_receive().unwrap().is_none());
        let handlers = Handlers::new().on("echo", Ok);
        thread::scope(|scope| {
            scope.spawn(|| b.serve(&handlers).unwrap());
            scope.spawn(|| {
                (0..200).for_each(|n| a.emit("e", json!(n)).unwrap());
                assert_eq!(a.request("echo", json!(1), LONG).unwrap(), json!(1));
                a.shutdown();
            });
            for n in 0..200 {
                assert_eq!(b.receive(LONG).unwrap().data, json!(n));
            }
        });
        assert_eq!(b.metrics().dropped, 0);
    });
}

#[test]
fn a_pair_holds_at_least_one() {
    let (a, b) = Channel::pair("small", 0, Policy::Fail);
    a.send_json(json!(1)).unwrap();
    assert_eq!(code(a.send_json(json!(2))), ErrorCode::SendFailed);
    assert_eq!(b.receive(LONG).unwrap().data, json!(1));
}

#[test]
fn who_reads_does_not_wait_for_the_other_end_to_read_its_pongs() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        // More pongs than fit between the two, and nobody reads them before the event behind the pings came.
        let data = "x".repeat(200_000);
        let ping = format!(r#"{{"type":"ping","id":"p","data":"{data}"}}"#);
        thread::scope(|scope| {
            let reader = scope.spawn(|| b.receive(LONG).unwrap());
            for _ in 0..100 {
                a.send_encoded(ping.as_bytes()).unwrap();
            }
            a.send_json(json!("behind")).unwrap();
            assert_eq!(reader.join().unwrap().data, json!("behind"));
            for _ in 0..100 {
                assert_eq!(next(&a)["type"], "pong");
            }
        });
    });
}

#[test]
fn ends_that_answer_each_other_at_length_do_not_wait_for_each_other() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        let (called, calls) = mpsc::channel();
        let called = std::sync::Mutex::new(called);
        let handlers = Handlers::new().on("much", move |_| {
            called.lock().unwrap().send(()).unwrap();
            Ok(json!("x".repeat(300_000)))
        });
        for end in [&a, &b] {
            (0..40).for_each(|n| end.send(&Message::request(format!("{n}"), "much", Value::Null)).unwrap());
        }
        thread::scope(|scope| {
            // The only one who reads is the one who answers.
            for end in [&a, &b] {
                let handlers = &handlers;
                scope.spawn(move || end.serve(handlers).unwrap());
            }
            (0..80).for_each(|_| calls.recv().unwrap());
            for end in [&a, &b] {
                for n in 0..40 {
                    assert_eq!(end.receive(LONG).unwrap().id, Some(n.to_string()));
                }
            }
            a.close();
        });
    });
}

#[test]
fn at_the_limit_of_answers_nothing_more_is_read() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        b.set_capacity(3);
        let handlers = Handlers::new().on("much", |_| Ok(json!("x".repeat(100_000))));
        thread::scope(|scope| {
            scope.spawn(|| b.serve(&handlers).unwrap());
            scope.spawn(|| (0..500).for_each(|n| a.send(&Message::request(format!("{n}"), "much", json!(n))).unwrap()));
            let received = || b.metrics().messages_received;
            // Until nothing more comes, because nobody reads the answers: then a drain takes all of its time.
            loop {
                let before = received();
                let is_held_up = b.wait_for_drain(SOON).is_err();
                if is_held_up && before > 0 && received() == before {
                    break;
                }
            }
            // What fits between the two ends, at most 64 answers, and what may wait.
            assert!(received() < 80, "{} requests were read", received());
            for n in 0..500 {
                assert_eq!(a.receive(LONG).unwrap().id, Some(n.to_string()));
            }
            a.close();
        });
    });
}

/// Handlers for "slow", which say that they began and wait until they may go on.
fn slow() -> (Handlers, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let (begun, has_begun) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let shared = std::sync::Mutex::new((begun, may_go));
    let handlers = Handlers::new().on("slow", move |data| {
        let shared = shared.lock().unwrap();
        shared.0.send(()).unwrap();
        shared.1.recv().unwrap();
        Ok(data)
    });
    (handlers, has_begun, go)
}

#[test]
fn a_request_that_came_before_the_shutdown_is_answered_and_a_later_one_refused() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        let (handlers, has_begun, go) = slow();
        thread::scope(|scope| {
            // Two threads, so that the second request is read while the first is handled.
            (0..2).for_each(|_| drop(scope.spawn(|| b.serve(&handlers).unwrap())));
            let first = scope.spawn(|| a.request("slow", json!(1), LONG).unwrap());
            has_begun.recv().unwrap();
            b.shutdown();
            assert_eq!(code(b.send_json(json!(1))), ErrorCode::ShuttingDown);
            assert_eq!(code(b.wait_for_drain(SOON)), ErrorCode::Timeout);
            match a.request("slow", json!(2), LONG) {
                Err(RequestError::Answer(error)) => assert_eq!(error.code, ErrorBody::SHUTTING_DOWN),
                other => panic!("{other:?}"),
            }
            a.ping(LONG).unwrap();
            go.send(()).unwrap();
            assert_eq!(first.join().unwrap(), json!(1));
            b.wait_for_drain(LONG).unwrap();
            assert_eq!(code(a.receive(LONG)), ErrorCode::Disconnected);
        });
    });
}

#[test]
fn requests_are_answered_when_the_other_end_sends_nothing_more() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        let (handlers, has_begun, go) = slow();
        thread::scope(|scope| {
            let serving = scope.spawn(|| b.serve(&handlers).unwrap());
            for n in 0..3 {
                a.send(&Message::request(format!("{n}"), "slow", json!(n))).unwrap();
            }
            a.shutdown();
            for n in 0..3 {
                has_begun.recv().unwrap();
                go.send(()).unwrap();
                assert_eq!(a.receive(LONG).unwrap(), Message::response(n.to_string(), json!(n)));
            }
            assert_eq!(code(a.receive(LONG)), ErrorCode::Disconnected);
            serving.join().unwrap();
        });
        // Nothing that was answered is lost when the end that served is let go.
        let (a, b) = ends(kind);
        let large = json!("x".repeat(100_000));
        thread::scope(|scope| {
            scope.spawn(move || b.serve(&Handlers::new().on("echo", Ok)).unwrap());
            scope.spawn(|| {
                for n in 0..20 {
                    a.send(&Message::request(format!("{n}"), "echo", large.clone())).unwrap();
                }
                a.shutdown();
            });
            for n in 0..20 {
                assert_eq!(a.receive(LONG).unwrap().id, Some(n.to_string()));
            }
        });
    });
}

/// Sends until nothing more goes in between, from a thread that then waits.
fn fill<'scope>(scope: &'scope thread::Scope<'scope, '_>, end: &'scope Channel) {
    let sender = scope.spawn(move || while end.send_json(json!("x".repeat(10_000))).is_ok() {});
    let sent = || end.metrics().messages_sent;
    // One that is sent while another one waits would have been counted: that nothing is counted for so long means
    // that it waits.
    loop {
        let before = sent();
        let _ = end.ping(SOON);
        if sent() == before && before > 0 {
            break;
        }
    }
    drop(sender);
}

#[test]
fn a_time_out_covers_the_wait_for_another_sender() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        thread::scope(|scope| {
            fill(scope, &a);
            let error = match a.request("m", Value::Null, SOON) {
                Err(RequestError::Channel(error)) => error,
                other => panic!("{other:?}"),
            };
            assert_eq!(error.code, ErrorCode::Timeout);
            assert_eq!(error.channel, a.name());
            assert_eq!(code(a.ping(SOON)), ErrorCode::Timeout);
            b.close();
            a.close();
        });
    });
}

#[test]
fn a_drain_needs_no_shutdown_and_waits_for_what_was_asked() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        a.wait_for_drain(LONG).unwrap();
        thread::scope(|scope| {
            let asker = scope.spawn(|| a.request("m", Value::Null, LONG).unwrap());
            let asked = b.receive(LONG).unwrap();
            let error = a.wait_for_drain(SOON).unwrap_err();
            assert_eq!((error.code, error.channel.as_str()), (ErrorCode::Timeout, a.name()));
            let drained = scope.spawn(|| a.wait_for_drain(LONG));
            b.respond(asked.id.unwrap(), Value::Null).unwrap();
            asker.join().unwrap();
            drained.join().unwrap().unwrap();
        });
        assert!(!a.is_shutdown());
    });
}

#[test]
fn a_drain_that_lost_messages_says_so() {
    let (a, b) = ends(Kind::Thread);
    a.send_json(json!(1)).unwrap();
    assert_eq!(code(a.wait_for_drain(SOON)), ErrorCode::Timeout);
    b.close();
    assert_eq!(code(a.wait_for_drain(LONG)), ErrorCode::Disconnected);
    // An answer that cannot be sent any more.
    every_kind(|kind| {
        let (a, b) = ends(kind);
        let (handlers, has_begun, go) = slow();
        thread::scope(|scope| {
            let serving = scope.spawn(|| b.serve(&handlers));
            // Longer than a ring, so that room has to be waited for.
            a.send(&Message::request("1", "slow", json!("x".repeat(200_000)))).unwrap();
            has_begun.recv().unwrap();
            drop(a);
            go.send(()).unwrap();
            assert_eq!(code(b.wait_for_drain(LONG)), ErrorCode::Disconnected);
            serving.join().unwrap().unwrap();
        });
    });
}

#[test]
fn a_threads_channel_brings_its_messages_back() {
    let channel = Channel::thread("self", 10, Policy::Wait);
    channel.send_json(json!(1)).unwrap();
    assert_eq!(channel.receive(LONG).unwrap().data, json!(1));
    thread::scope(|scope| {
        scope.spawn(|| channel.serve(&Handlers::new().on("double", |n| Ok(json!(n.as_i64().unwrap() * 2)))).unwrap());
        assert_eq!(channel.request("double", json!(21), LONG).unwrap(), json!(42));
        channel.ping(LONG).unwrap();
        channel.shutdown();
    });
    assert_eq!(code(channel.receive(LONG)), ErrorCode::Disconnected);
}

#[test]
fn a_received_request_is_answered_whoever_reads_the_end() {
    every_kind(|kind| {
        let (a, b) = ends(kind);
        a.send(&Message::request("1", "m", Value::Null)).unwrap();
        assert_eq!(b.receive(LONG).unwrap().id.as_deref(), Some("1"));
        a.shutdown();
        assert_eq!(code(b.receive(LONG)), ErrorCode::Disconnected);
        b.respond("1", json!("late")).unwrap();
        assert_eq!(a.receive(LONG).unwrap(), Message::response("1", json!("late")));
        assert_eq!(code(a.receive(LONG)), ErrorCode::Disconnected);
        assert_eq!(code(b.respond("1", json!("again"))), ErrorCode::Disconnected);
    });
}

#[test]
fn an_asker_that_reads_the_end_leaves_the_rest_to_receivers() {
    every_kind(|kind| {
        // Receivers who have not been told of the end may still send.
        let (a, b) = ends(kind);
        a.send_json(json!(1)).unwrap();
        b.receive(LONG).unwrap();
        a.shutdown();
        assert_eq!(code(b.ping(LONG)), ErrorCode::Disconnected);
        b.send_json(json!(2)).unwrap();
        assert_eq!(code(b.receive(LONG)), ErrorCode::Disconnected);
        assert_eq!(code(b.send_json(json!(3))), ErrorCode::Disconnected);
        assert_eq!(a.receive(LONG).unwrap().data, json!(2));
        assert_eq!(code(a.receive(LONG)), ErrorCode::Disconnected);
        // A request that nobody has taken can still be.
        let (a, b) = ends(kind);
        a.emit("before", Value::Null).unwrap();
        a.send(&Message::request("1", "m", Value::Null)).unwrap();
        a.shutdown();
        assert_eq!(code(b.ping(LONG)), ErrorCode::Disconnected);
        assert_eq!(b.receive(LONG).unwrap().event.as_deref(), Some("before"));
        b.receive(LONG).unwrap();
        assert_eq!(code(b.receive(LONG)), ErrorCode::Disconnected);
        b.respond("1", Value::Null).unwrap();
        assert_eq!(a.receive(LONG).unwrap().id.as_deref(), Some("1"));
        assert_eq!(code(a.receive(LONG)), ErrorCode::Disconnected);
        // Nobody receives: events that nobody takes hold up nothing.
        let (a, b) = ends(kind);
        a.emit("unseen", Value::Null).unwrap();
        a.shutdown();
        assert_eq!(code(b.ping(LONG)), ErrorCode::Disconnected);
        assert_eq!(code(a.receive(LONG)), ErrorCode::Disconnected);
    });
}

#[test]
fn the_direction_stays_open_for_a_limited_number_of_answers() {
    let (a, b) = ends(Kind::Thread);
    for n in 0..=1024 {
        a.send(&Message::request(n.to_string(), "m", Value::Null)).unwrap();
        b.receive(LONG).unwrap();
    }
    a.shutdown();
    assert_eq!(code(b.receive(LONG)), ErrorCode::Disconnected);
    for n in 0..1024 {
        b.respond(n.to_string(), Value::Null).unwrap();
        assert_eq!(a.receive(LONG).unwrap().id, Some(n.to_string()));
    }
    assert_eq!(code(b.respond("1024", Value::Null)), ErrorCode::Disconnected);
}

#[test]
fn answers_of_handlers_wait_for_room_whatever_the_policy() {
    for policy in [Policy::Fail, Policy::DropOldest] {
        let (a, b) = Channel::pair("test", 2, policy);
        b.set_capacity(10_000);
        let (begun, has_begun) = mpsc::channel();
        let begun = std::sync::Mutex::new(begun);
        let handlers = Handlers::new().on("echo", move |data| {
            begun.lock().unwrap().send(()).unwrap();
            Ok(data)
        });
        thread::scope(|scope| {
            scope.spawn(|| b.serve(&handlers).unwrap());
            for n in 0..200 {
                a.send(&Message::request(n.to_string(), "echo", json!(n))).unwrap();
                has_begun.recv().unwrap();
            }
            let answers: Vec<_> = (0..200).map_while(|_| a.receive(LONG).ok()).collect();
            a.close();
            let expected: Vec<_> = (0..200).map(|n| Message::response(n.to_string(), json!(n))).collect();
            assert!(answers == expected, "{} answers came", answers.len());
        });
        b.wait_for_drain(LONG).unwrap();
    }
}
