//! One end of a channel that says what it saw; the same program exists in Swift and Python.
//!
//! `exercise ROLE NAME --kind local|shm [--server]`
//!
//! The roles are described in `scripts/tests/channels/exercise.py`, what they do in `fixtures/channels`. Prints a line
//! of JSON for each step.

#[path = "../tests/common/fixtures.rs"]
mod fixtures;

use fixtures::{is_message, is_same, rows, steps, wire};
use serde_json::{json, Value};
use soundpost::channel::{
    Channel, ChannelError, ErrorCode, LocalSocketServer, Message, RequestError, SharedMemoryServer,
};
use std::io::Write;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Duration;

type Outcome = Result<String, String>;

struct Exercise {
    channel: Channel,
    steps: Value,
    guard: Option<Duration>,
}

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("{text}\nusage: exercise ROLE NAME --kind local|shm [--server]");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<(), String> {
    let failed = |error: ChannelError| error.to_string();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (role, name, shared_memory, is_server) = match words[..] {
        [role, name, "--kind", kind] => (role, name, kind == "shm", false),
        [role, name, "--kind", kind, "--server"] => (role, name, kind == "shm", true),
        _ => return Err("which role, name and kind?".into()),
    };
    let steps = steps();
    let guard = Some(Duration::from_secs(number(&steps["guardSeconds"]) as u64));
    let channel = match (is_server, shared_memory) {
        (false, false) => Channel::connect(name).map_err(failed)?,
        (false, true) => Channel::connect_shared_memory(name).map_err(failed)?,
        (true, false) => {
            let server = LocalSocketServer::bind(name).map_err(failed)?;
            say(json!({"state": "listening"}));
            server.accept(guard).map_err(failed)?
        }
        (true, true) => {
            let server = SharedMemoryServer::bind(name).map_err(failed)?;
            say(json!({"state": "listening"}));
            server.accept(guard).map_err(failed)?
        }
    };
    Exercise { channel, steps, guard }.play(role)
}

fn say(report: Value) {
    println!("{report}");
    let _ = std::io::stdout().flush();
}

fn step(name: &str, outcome: Outcome) {
    let (ok, detail) = match outcome {
        Ok(detail) => (true, detail),
        Err(detail) => (false, detail),
    };
    say(json!({"step": name, "ok": ok, "detail": detail}));
}

fn must(holds: bool, text: impl FnOnce() -> String) -> Result<(), String> {
    holds.then_some(()).ok_or_else(text)
}

fn number(value: &Value) -> usize {
    value.as_u64().expect("a number in steps.json") as usize
}

/// Text of `size` characters in which every place is recognised.
fn numbered(size: usize) -> String {
    let mut text = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-".repeat(size / 63 + 1);
    text.truncate(size);
    text
}

/// `text` without what makes it too long to be read.
fn brief(text: impl std::fmt::Debug) -> String {
    format!("{text:?}").chars().take(200).collect()
}

impl Exercise {
    fn play(&self, role: &str) -> Result<(), String> {
        match role {
            "steps" => {
                step("order", self.order());
                step("sizes", self.sizes());
                step("values", self.values());
                step("concurrency", self.concurrency());
                step("refused", self.refused());
                step("ping", self.channel.ping(self.guard).map(|_| String::new()).map_err(|error| error.to_string()));
                step("drain", self.drain());
            }
            "tell" => step("tell", self.tell()),
            "listen" => {
                step("hears every message", self.hears_messages());
                step("one error for every refused line", self.hears_errors());
                step("hears everything before the end", self.hears_the_rest());
            }
            "ask" => self.asks(),
            "pause" => self.pause(),
            "wait" => {
                say(json!({"state": "connected"}));
                let error = loop {
                    if let Err(error) = self.channel.receive(None) {
                        break error;
                    }
                };
                say(json!({"state": error.code.as_str()}));
            }
            _ => return Err(format!("there is no role {role}")),
        }
        Ok(())
    }

    fn receive(&self) -> Result<Message, String> {
        self.channel.receive(self.guard).map_err(|error| error.to_string())
    }

    fn ask(&self, data: &Value) -> Result<Value, String> {
        self.channel.request("echo", data.clone(), self.guard).map_err(|error| error.to_string())
    }

    fn is_over(&self) -> Outcome {
        match self.channel.receive(self.guard) {
            Err(error) if error.code == ErrorCode::Disconnected => Ok(String::new()),
            other => Err(format!("after the end came {}", brief(other))),
        }
    }

    // Steps with an echo at the other end

    fn order(&self) -> Outcome {
        let count = number(&self.steps["order"]);
        std::thread::scope(|scope| {
            let sender = scope.spawn(move || (0..count).try_for_each(|n| self.channel.emit("n", json!(n))));
            for n in 0..count {
                let message = self.receive()?;
                must(message == Message::event("n", json!(n)), || format!("{n} came back as {}", brief(message)))?;
            }
            sender.join().unwrap().map_err(|error| error.to_string())
        })?;
        Ok(String::new())
    }

    fn sizes(&self) -> Outcome {
        let mut count = 0;
        for range in self.steps["sizes"].as_array().unwrap() {
            for size in number(&range[0])..=number(&range[1]) {
                let text = json!(numbered(size - r#"{"type":"data","data":""}"#.len()));
                self.channel.send_json(text.clone()).map_err(|error| error.to_string())?;
                must(self.receive()?.data == text, || format!("a message of {size} bytes came back changed"))?;
                count += 1;
            }
        }
        Ok(format!("{count} sizes"))
    }

    fn values(&self) -> Outcome {
        for row in rows("messages.jsonl") {
            let (why, expected) = (&row["why"], &row["message"]);
            if expected["type"] == "data" || expected["type"] == "event" {
                self.channel.send_encoded(&wire(&row)).map_err(|error| error.to_string())?;
                let message = self.receive()?;
                must(is_message(&message, expected), || format!("{why}: came back as {}", brief(message)))?;
            }
            let answer = self.ask(&expected["data"])?;
            must(is_same(&answer, &expected["data"]), || format!("{why}: answered with {}", brief(answer)))?;
        }
        Ok(String::new())
    }

    fn concurrency(&self) -> Outcome {
        let requests = number(&self.steps["concurrency"]["requests"]);
        let wrong = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for thread in 0..number(&self.steps["concurrency"]["threads"]) {
                let wrong = &wrong;
                scope.spawn(move || {
                    for n in 0..requests {
                        let question = json!([thread, n, numbered(n * 7)]);
                        match self.ask(&question) {
                            Ok(answer) if answer == question => {}
                            other => wrong.lock().unwrap().push(brief(other)),
                        }
                    }
                });
            }
        });
        let wrong = wrong.into_inner().unwrap();
        must(wrong.is_empty(), || wrong.join("; "))?;
        Ok(String::new())
    }

    fn refused(&self) -> Outcome {
        let lines = rows("refused.jsonl");
        for row in &lines {
            self.channel.send_encoded(&wire(row)).map_err(|error| error.to_string())?;
            must(self.ask(&row["why"])? == row["why"], || format!("{}: it did not go on", row["why"]))?;
        }
        match self.channel.try_receive() {
            Ok(None) => Ok(format!("{} lines", lines.len())),
            other => Err(format!("for a line that is no message came {}", brief(other))),
        }
    }

    /// Sends so many messages without waiting, then ends gracefully.
    fn send_and_end(&self) -> Result<(), String> {
        let text = numbered(number(&self.steps["drain"]["bytes"]));
        for n in 0..number(&self.steps["drain"]["messages"]) {
            self.channel.send_json(json!([n, text])).map_err(|error| error.to_string())?;
        }
        self.channel.shutdown();
        Ok(())
    }

    fn hears_the_rest(&self) -> Outcome {
        let text = numbered(number(&self.steps["drain"]["bytes"]));
        for n in 0..number(&self.steps["drain"]["messages"]) {
            let data = self.receive()?.data;
            must(data == json!([n, text]), || format!("{n} came as {}", brief(data)))?;
        }
        self.is_over()
    }

    fn drain(&self) -> Outcome {
        std::thread::scope(|scope| {
            let sender = scope.spawn(|| self.send_and_end());
            let heard = self.hears_the_rest();
            sender.join().unwrap()?;
            heard
        })
    }

    // Other roles

    fn tell(&self) -> Outcome {
        for row in rows("messages.jsonl").iter().chain(&rows("refused.jsonl")) {
            self.channel.send_encoded(&wire(row)).map_err(|error| error.to_string())?;
        }
        self.send_and_end()?;
        self.channel.wait_for_drain(self.guard).map_err(|error| error.to_string())?;
        self.is_over()
    }

    fn hears_messages(&self) -> Outcome {
        for row in rows("messages.jsonl") {
            if row["message"]["type"] != "ping" && row["message"]["type"] != "pong" {
                let message = self.receive()?;
                let is_right = is_message(&message, &row["message"]);
                must(is_right, || format!("{}: came as {}", row["why"], brief(message)))?;
            }
        }
        Ok(String::new())
    }

    fn hears_errors(&self) -> Outcome {
        for row in rows("refused.jsonl") {
            match self.channel.receive(self.guard) {
                Err(error) if error.code == ErrorCode::Serialization => {}
                other => return Err(format!("{}: came as {}", row["why"], brief(other))),
            }
        }
        Ok(String::new())
    }

    fn asks(&self) {
        let question = json!([1, "two"]);
        let answer = self.ask(&question);
        let is_right = answer.as_ref() == Ok(&question);
        step("ask", if is_right { Ok(String::new()) } else { Err(brief(answer)) });
    }

    fn pause(&self) {
        self.asks();
        say(json!({"state": "stop it"}));
        let mut line = String::new();
        let _ = std::io::stdin().read_line(&mut line);
        let patience = Duration::from_millis(number(&self.steps["patienceMilliseconds"]) as u64);
        let silent = match self.channel.request("echo", json!("late"), Some(patience)) {
            Err(RequestError::Channel(error)) if error.code == ErrorCode::Timeout => Ok(String::new()),
            other => Err(brief(other)),
        };
        step("a stopped end is waited for", silent);
        say(json!({"state": "let it go on"}));
        let _ = std::io::stdin().read_line(&mut line);
        let answer = self.ask(&json!("again"));
        let is_right = answer == Ok(json!("again"));
        step("and goes on", if is_right { Ok(String::new()) } else { Err(brief(answer)) });
    }
}
