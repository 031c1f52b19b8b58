//! The examples as they are run. `cargo test` builds them; with `--test examples` alone, build them first.

mod common;

use common::*;
use serde_json::json;
use soundpost::channel::shared_memory::{Codec, Options, Server as RawServer};
use soundpost::channel::*;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

fn example(name: &str) -> Command {
    // target/PROFILE/deps/this-test
    let program: PathBuf =
        std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("examples").join(name);
    assert!(program.exists(), "{}: run `cargo build --examples` first", program.display());
    Command::new(program)
}

#[test]
fn echo_serves_until_it_is_told_to_stop() {
    for (word, kind) in [("local", Kind::LocalSocket), ("shm", Kind::SharedMemory)] {
        within_a_minute(word, move || {
            let directory = Directory::new();
            let child = example("echo")
                .args(["echo", "--server", "--kind", word, "--directory"])
                .arg(&directory.0)
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut process = Process(child);
            let mut address = String::new();
            BufReader::new(process.0.stdout.take().unwrap()).read_line(&mut address).unwrap();
            assert_eq!(address.trim_end(), directory.0.join("soundpost_echo.sock").to_str().unwrap());
            let (first, second) =
                (connect(kind, &directory, "echo").unwrap(), connect(kind, &directory, "echo").unwrap());
            for channel in [&first, &second] {
                assert_eq!(channel.request("anything", json!({"a": [1]}), LONG).unwrap(), json!({"a": [1]}));
                channel.emit("tick", json!(2)).unwrap();
                assert_eq!(channel.receive(LONG).unwrap(), Message::event("tick", json!(2)));
                channel.ping(LONG).unwrap();
            }
            process.signal(libc::SIGTERM);
            assert!(process.0.wait().unwrap().success());
            assert_eq!(code(first.receive(LONG)), ErrorCode::Disconnected);
            assert!(directory.files().is_empty());
        });
    }
}

#[test]
fn echo_connects_and_ends_with_its_server() {
    for (word, kind) in [("local", Kind::LocalSocket), ("shm", Kind::SharedMemory)] {
        within_a_minute(word, move || {
            let directory = Directory::new();
            let server = Server::bind(kind, &directory, "echo").unwrap();
            let child =
                example("echo").args(["echo", "--kind", word, "--directory"]).arg(&directory.0).spawn().unwrap();
            let mut process = Process(child);
            let channel = server.accept().unwrap();
            channel.send_json(json!("back")).unwrap();
            assert_eq!(channel.receive(LONG).unwrap(), Message::data(json!("back")));
            channel.shutdown();
            assert!(process.0.wait().unwrap().success());
            assert_eq!(code(channel.receive(LONG)), ErrorCode::Disconnected);
        });
    }
}

#[test]
fn echo_without_a_name_takes_what_its_environment_names() {
    within_a_minute("environment", || {
        let child = example("echo")
            .env("SOUNDPOST_IPC_MODE", "stdio")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut process = Process(child);
        let (output, input) = (process.0.stdout.take().unwrap(), process.0.stdin.take().unwrap());
        let channel = Channel::lines("child", output.into(), input.into()).unwrap();
        let large = json!("x".repeat(1_000_000));
        assert!(channel.request("anything", large.clone(), LONG).unwrap() == large);
        channel.ping(LONG).unwrap();
        channel.shutdown();
        assert_eq!(code(channel.receive(LONG)), ErrorCode::Disconnected);
        assert!(process.0.wait().unwrap().success());
        // Shared memory has no standard place.
        let refused = example("echo").args(["--kind", "shm"]).stderr(Stdio::null()).status().unwrap();
        assert_eq!(refused.code(), Some(2));
    });
}

#[test]
fn loudness_prints_a_line_a_second_until_the_stream_ends() {
    within_a_minute("loudness", || {
        let directory = Directory::new();
        let options = Options { codec: Codec::Raw, ..directory.options() };
        let server = RawServer::bind("tap", &options).unwrap();
        let child = example("loudness").args(["tap", "--directory"]).arg(&directory.0).stdout(Stdio::piped()).spawn();
        let process = child.unwrap();
        let mut writer = server.accept(LONG).unwrap().writer;
        let mut publish = |bytes: &[u8]| {
            let mut loan = writer.loan(bytes.len(), LONG).unwrap();
            loan.copy_from_slice(0, bytes);
            loan.publish(bytes.len());
        };
        let format = json!({"sampleRate": 48000, "channels": 2, "instanceId": "gain#1", "point": "output"});
        publish(format.to_string().as_bytes());
        // Four seconds of a sine of −20 dBFS on the left, in blocks of 512, of which one was lost.
        for position in (0..4 * 48_000u64).step_by(512) {
            let mut record = position.to_le_bytes().to_vec();
            record.extend(512u32.to_le_bytes());
            record.extend(if position == 512 { 512u32 } else { 0 }.to_le_bytes());
            for n in position..position + 512 {
                let left = 0.1 * (2.0 * std::f64::consts::PI * 997.0 * n as f64 / 48_000.0).sin();
                record.extend((left as f32).to_le_bytes());
                record.extend(0f32.to_le_bytes());
            }
            publish(&record);
        }
        drop(writer);
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success());
        let lines = String::from_utf8(output.stdout).unwrap();
        let lines: Vec<&str> = lines.lines().collect();
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert_eq!(lines[3], "4.000 s  M -23.0 LUFS  S -23.0 LUFS  peak -20.0 -inf dBFS  missed 0");
        assert!(lines[0].ends_with("missed 512"), "{lines:?}");
    });
}
