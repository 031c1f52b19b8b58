//! What `SOUNDPOST_IPC_MODE` and `SOUNDPOST_IPC_CHANNEL` make, in child processes that see them.

mod common;

use common::*;
use serde_json::{json, Value};
use soundpost::channel::*;
use std::process::{Child, Command, Stdio};

const IS_CHILD: &str = "SOUNDPOST_TEST_ENVIRONMENT";

/// Not a test: what the children do.
#[test]
fn child() {
    if std::env::var_os(IS_CHILD).is_none() {
        return;
    }
    let channel = match Channel::from_environment() {
        Ok(channel) => channel,
        Err(error) => {
            eprintln!("refused by {}: {}", error.channel, error.code);
            return;
        }
    };
    println!("printed by the child");
    let made = json!([channel.kind().as_str(), channel.name()]);
    if channel.kind() == Kind::Thread {
        channel.send_json(made).unwrap();
        eprintln!("brought back {}", channel.receive(LONG).unwrap().data);
        return;
    }
    let mut line = String::new();
    if channel.kind() == Kind::Stdio {
        // Nobody else gets what is meant for the channel, and nobody else can have it.
        assert_eq!(std::io::stdin().read_line(&mut line).unwrap(), 0);
        assert_eq!(Channel::standard_input_and_output().err().unwrap().code, ErrorCode::Io);
    }
    channel.serve(&Handlers::new().on("what", move |_| Ok(made.clone())).on("echo", Ok)).unwrap();
}

fn spawn(directory: &Directory, mode: Option<&str>, name: Option<&str>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    // With one thread the name of the test would stand in front of the first message.
    command.args(["--exact", "child", "--nocapture", "--test-threads=2"]);
    command.env(IS_CHILD, "1").env("XDG_RUNTIME_DIR", &directory.0);
    for (variable, value) in [("SOUNDPOST_IPC_MODE", mode), ("SOUNDPOST_IPC_CHANNEL", name)] {
        match value {
            Some(value) => command.env(variable, value),
            None => command.env_remove(variable),
        };
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// What a child that needs nobody says on stderr.
fn said(mode: Option<&str>, name: Option<&str>) -> String {
    let output = spawn(&Directory::new(), mode, name).wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn pipes_are_the_channels_alone() {
    for (mode, name) in [("stdio", None), ("legacy", Some("named"))] {
        within_a_minute(mode, move || {
            let mut child = spawn(&Directory::new(), Some(mode), name);
            let (output, input) = (child.stdout.take().unwrap(), child.stdin.take().unwrap());
            let channel = Channel::lines("child", output.into(), input.into()).unwrap();
            assert_eq!(channel.kind(), Kind::Stdio);
            let made = channel.request("what", Value::Null, LONG).unwrap();
            assert_eq!(made, json!(["stdio", name.unwrap_or("stdio")]));
            let large = json!("x".repeat(3_000_000));
            assert!(channel.request("echo", large.clone(), LONG).unwrap() == large);
            channel.shutdown();
            // Two lines of the test program itself came before there was a channel: no messages.
            let mut errors = 0;
            while code(channel.receive(LONG)) == ErrorCode::Serialization {
                errors += 1;
            }
            assert_eq!(errors, 2);
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success());
            assert!(String::from_utf8(output.stderr).unwrap().contains("printed by the child"));
        });
    }
}

#[test]
fn a_name_is_a_local_socket_unless_the_mode_says_otherwise() {
    let cases = [(None, Kind::LocalSocket), (Some("local_socket"), Kind::LocalSocket), (Some(""), Kind::LocalSocket)];
    for (mode, kind) in cases.into_iter().chain([(Some("shared_memory"), Kind::SharedMemory)]) {
        within_a_minute(kind.as_str(), move || {
            let directory = Directory::new();
            let server = Server::bind(kind, &directory, "environment").unwrap();
            let mut process = Process(spawn(&directory, mode, Some("environment")));
            let channel = server.accept().unwrap();
            let made = channel.request("what", Value::Null, LONG).unwrap();
            assert_eq!(made, json!([kind.as_str(), "environment"]));
            channel.shutdown();
            assert!(process.0.wait().unwrap().success());
        });
    }
}

#[test]
fn without_a_name_it_is_a_queue_of_threads() {
    assert!(said(None, None).contains(r#"brought back ["thread","thread"]"#));
    assert!(said(Some("thread"), Some("x")).contains(r#"brought back ["thread","x"]"#));
}

#[test]
fn what_cannot_be_is_refused() {
    assert!(said(Some("pigeon"), Some("x")).contains("refused by x: io"));
    assert!(said(Some("shared_memory"), None).contains("refused by shared_memory: io"));
    assert!(said(Some("local_socket"), Some("")).contains("refused by local_socket: io"));
    assert!(said(None, Some("nobody")).contains("refused by nobody: disconnected"));
}
