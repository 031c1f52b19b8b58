//! Names, directories and who owns a name; and peers that die or stop, which are processes of their own.

mod common;

use common::*;
use serde_json::json;
use soundpost::channel::shared_memory::{Codec, Link, Options, Server as RawServer};
use soundpost::channel::*;
use std::os::unix::fs::{symlink, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::thread;
use std::time::Duration;

const SERVED: [Kind; 2] = [Kind::LocalSocket, Kind::SharedMemory];

/// Not a test: what the child processes of the tests below do.
#[test]
fn child() {
    let (role, kind, path, name) = match role() {
        Some(role) => role,
        None => return,
    };
    // The directory is the parent's: it must not be removed here.
    let directory = std::mem::ManuallyDrop::new(Directory(path));
    if role == "serve" {
        let server = Server::bind(kind, &directory, &name).unwrap();
        let channel = server.accept().unwrap();
        let _ = channel.serve(&Handlers::new().on("echo", Ok));
    } else {
        let channel = connect(kind, &directory, &name).unwrap();
        match role.as_str() {
            "echo" => channel.serve(&Handlers::new().on("echo", Ok)).unwrap(),
            // Reads nothing after the first message.
            "deaf" => {
                channel.receive(None).unwrap();
                channel.send_json(json!("deaf now")).unwrap();
                loop {
                    thread::park();
                }
            }
            "flood" => while channel.send_json(json!("x".repeat(20_000))).is_ok() {},
            _ => panic!("{role}?"),
        }
    }
}

#[test]
fn names_are_checked() {
    for good in ["a", "_", "-x", "A9.b_c-d", &"n".repeat(64)] {
        assert!(is_valid_name(good), "{good}");
    }
    for bad in ["", ".a", "a/b", "..", "a b", "ü", "a\0", &"n".repeat(65)] {
        assert!(!is_valid_name(bad), "{bad}");
        let directory = Directory::new();
        assert_eq!(code(Channel::connect_in(directory.path(), bad)), ErrorCode::Io);
        assert!(LocalSocketServer::bind_in(directory.path(), bad).is_err());
    }
}

#[test]
fn nobody_there_is_disconnected() {
    let directory = Directory::new();
    for kind in SERVED {
        assert_eq!(code(connect(kind, &directory, "nobody")), ErrorCode::Disconnected);
    }
}

#[test]
fn a_directory_that_others_could_write_to_is_refused() {
    let directory = Directory::new();
    let link = directory.0.join("link");
    let inner = directory.0.join("inner");
    std::fs::create_dir(&inner).unwrap();
    symlink(&inner, &link).unwrap();
    let slash = std::path::PathBuf::from(format!("{}/", link.display()));
    for path in [&link, &slash] {
        assert_eq!(LocalSocketServer::bind_in(Some(path), "x").err().unwrap().code, ErrorCode::Io);
        assert_eq!(code(Channel::connect_in(Some(path), "x")), ErrorCode::Io);
    }
    std::fs::set_permissions(&inner, std::fs::Permissions::from_mode(0o770)).unwrap();
    assert_eq!(LocalSocketServer::bind_in(Some(&inner), "x").err().unwrap().code, ErrorCode::Io);
    std::fs::set_permissions(&inner, std::fs::Permissions::from_mode(0o755)).unwrap();
    let server = LocalSocketServer::bind_in(Some(&inner), "x").unwrap();
    assert_eq!(std::fs::metadata(server.path()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_live_name_is_refused_and_a_stale_one_taken_over() {
    for kind in SERVED {
        let directory = Directory::new();
        // Two stale files, as dead servers leave them, and things that are not ours to remove.
        for name in ["soundpost_x.sock", "soundpost_old.sock", "other.sock", "soundpost_.bad.sock"] {
            drop(UnixListener::bind(directory.0.join(name)).unwrap());
        }
        std::fs::write(directory.0.join("soundpost_file.sock"), b"").unwrap();
        let other = Server::bind(kind, &directory, "other").unwrap();
        let server = Server::bind(kind, &directory, "x").unwrap();
        assert_eq!(Server::bind(kind, &directory, "x").err().unwrap().code, ErrorCode::Io);
        assert_eq!(Server::bind(kind, &directory, "file").err().unwrap().code, ErrorCode::Io);
        let mut files = directory.files();
        files.sort();
        let left =
            ["other.sock", "soundpost_.bad.sock", "soundpost_file.sock", "soundpost_other.sock", "soundpost_x.sock"];
        assert_eq!(files, left);
        // The looks at `other` and `x` were no clients.
        thread::scope(|scope| {
            let client = scope.spawn(|| connect(kind, &directory, "x").unwrap());
            let accepted = server.accept().unwrap();
            accepted.send_json(json!(1)).unwrap();
            assert_eq!(client.join().unwrap().receive(LONG).unwrap().data, json!(1));
        });
        drop((server, other));
        assert_eq!(directory.files().len(), 3);
    }
}

#[test]
fn who_looks_whether_a_server_lives_is_no_client_of_it() {
    let directory = Directory::new();
    let other = UnixListener::bind(directory.0.join("soundpost_other.sock")).unwrap();
    other.set_nonblocking(true).unwrap();
    let _server = LocalSocketServer::bind_in(directory.path(), "test").unwrap();
    assert_eq!(code(LocalSocketServer::bind_in(directory.path(), "other").map(drop)), ErrorCode::Io);
    assert_eq!(other.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn a_server_leaves_anothers_file_alone() {
    let directory = Directory::new();
    let server = LocalSocketServer::bind_in(directory.path(), "x").unwrap();
    std::fs::remove_file(server.path()).unwrap();
    let second = LocalSocketServer::bind_in(directory.path(), "x").unwrap();
    drop(server);
    assert_eq!(directory.files(), ["soundpost_x.sock"]);
    drop(second);
    assert!(directory.files().is_empty());
}

#[test]
fn close_wakes_who_accepts() {
    for kind in SERVED {
        let directory = Directory::new();
        let server = Server::bind(kind, &directory, "x").unwrap();
        thread::scope(|scope| {
            let waiting: Vec<_> = (0..2).map(|_| scope.spawn(|| code(server.accept()))).collect();
            server.close();
            for accept in waiting {
                assert_eq!(accept.join().unwrap(), ErrorCode::Disconnected);
            }
        });
    }
}

#[test]
fn many_clients_at_once() {
    for kind in SERVED {
        within_a_minute(kind.as_str(), move || {
            let directory = Directory::new();
            let server = Server::bind(kind, &directory, "many").unwrap();
            let handlers = Handlers::new().on("echo", Ok);
            thread::scope(|scope| {
                scope.spawn(|| {
                    for _ in 0..10 {
                        let channel = server.accept().unwrap();
                        let handlers = &handlers;
                        scope.spawn(move || channel.serve(handlers).unwrap());
                    }
                });
                for n in 0..10 {
                    let directory = &directory;
                    scope.spawn(move || {
                        let client = connect(kind, directory, "many").unwrap();
                        assert_eq!(client.request("echo", json!(n), LONG).unwrap(), json!(n));
                    });
                }
            });
        });
    }
}

#[test]
fn a_longer_line_than_allowed_ends_the_connection() {
    let directory = Directory::new();
    let server = LocalSocketServer::bind_in(directory.path(), "x").unwrap();
    let mut socket = UnixStream::connect(server.path()).unwrap();
    let channel = server.accept(LONG).unwrap();
    thread::scope(|scope| {
        scope.spawn(move || {
            use std::io::Write;
            let line = vec![b'x'; MAXIMUM_MESSAGE_BYTES + 1];
            let _ = socket.write_all(&line);
            let _ = socket.write_all(b"\n{\"type\":\"data\",\"data\":1}\n");
        });
        assert_eq!(code(channel.receive(LONG)), ErrorCode::ReceiveFailed);
        assert_eq!(code(channel.receive(LONG)), ErrorCode::ReceiveFailed);
    });
}

#[test]
fn a_last_line_without_its_end_is_no_message() {
    use std::io::Write;
    let directory = Directory::new();
    let server = LocalSocketServer::bind_in(directory.path(), "x").unwrap();
    let mut socket = UnixStream::connect(server.path()).unwrap();
    let channel = server.accept(LONG).unwrap();
    socket.write_all(b"{\"type\":\"data\",\"data\":1}\n{\"type\":\"data\",\"data\":2}").unwrap();
    drop(socket);
    assert_eq!(channel.receive(LONG).unwrap().data, json!(1));
    assert_eq!(code(channel.receive(LONG)), ErrorCode::Disconnected);
}

#[test]
fn a_killed_peer_is_disconnected() {
    for kind in SERVED {
        within_a_minute(kind.as_str(), move || {
            let directory = Directory::new();
            let server = Server::bind(kind, &directory, "peer").unwrap();
            // While we wait for it.
            let process = Process::spawn("echo", kind, &directory, "peer");
            let channel = server.accept().unwrap();
            assert_eq!(channel.request("echo", json!([1]), LONG).unwrap(), json!([1]));
            thread::scope(|scope| {
                let waiting = scope.spawn(|| code(channel.receive(LONG)));
                process.signal(libc::SIGKILL);
                assert_eq!(waiting.join().unwrap(), ErrorCode::Disconnected);
            });
            // While we wait for room.
            let process = Process::spawn("deaf", kind, &directory, "peer");
            let channel = server.accept().unwrap();
            channel.send_json(json!("x")).unwrap();
            assert_eq!(channel.receive(LONG).unwrap().data, json!("deaf now"));
            thread::scope(|scope| {
                let sending = scope.spawn(|| loop {
                    if let Err(error) = channel.send_json(json!("y".repeat(10_000))) {
                        return error.code;
                    }
                });
                process.signal(libc::SIGKILL);
                assert_eq!(sending.join().unwrap(), ErrorCode::Disconnected);
            });
            // Wherever it is in its sending: what comes is whole, then the end.
            for round in 0..10 {
                let process = Process::spawn("flood", kind, &directory, "peer");
                let channel = server.accept().unwrap();
                for _ in 0..round * 3 {
                    channel.receive(LONG).unwrap();
                }
                process.signal(libc::SIGKILL);
                loop {
                    match channel.receive(LONG) {
                        Ok(message) => assert_eq!(message.data.as_str().unwrap().len(), 20_000),
                        Err(error) => {
                            assert_eq!(error.code, ErrorCode::Disconnected);
                            break;
                        }
                    }
                }
            }
        });
    }
}

#[test]
fn a_stopped_peer_is_alive() {
    for kind in SERVED {
        within_a_minute(kind.as_str(), move || {
            let directory = Directory::new();
            let server = Server::bind(kind, &directory, "peer").unwrap();
            let process = Process::spawn("echo", kind, &directory, "peer");
            let channel = server.accept().unwrap();
            channel.request("echo", json!(1), LONG).unwrap();
            process.signal(libc::SIGSTOP);
            // Longer than a sleeper's slice.
            let quiet = channel.request("echo", json!(2), Some(Duration::from_millis(600)));
            assert!(matches!(quiet, Err(RequestError::Channel(error)) if error.code == ErrorCode::Timeout));
            process.signal(libc::SIGCONT);
            assert_eq!(channel.request("echo", json!(3), LONG).unwrap(), json!(3));
        });
    }
}

#[test]
fn a_killed_servers_name_is_taken_over_and_a_stopped_ones_is_not() {
    for kind in SERVED {
        within_a_minute(kind.as_str(), move || {
            let directory = Directory::new();
            let mut process = Process::spawn("serve", kind, &directory, "peer");
            let channel = loop {
                match connect(kind, &directory, "peer") {
                    Ok(channel) => break channel,
                    Err(_) => thread::yield_now(),
                }
            };
            channel.request("echo", json!(1), LONG).unwrap();
            process.signal(libc::SIGSTOP);
            assert_eq!(Server::bind(kind, &directory, "peer").err().unwrap().code, ErrorCode::Io);
            process.signal(libc::SIGKILL);
            assert_eq!(code(channel.receive(LONG)), ErrorCode::Disconnected);
            // Its connection may be closed before its listening socket is.
            process.0.wait().unwrap();
            assert_eq!(directory.files(), ["soundpost_peer.sock"]);
            drop(Server::bind(kind, &directory, "peer").unwrap());
            assert!(directory.files().is_empty());
        });
    }
}

#[test]
fn raw_records_are_used_in_place() {
    within_a_minute("raw", || {
        let directory = Directory::new();
        let options = Options { codec: Codec::Raw, ..directory.options() };
        let server = RawServer::bind("raw", &options).unwrap();
        thread::scope(|scope| {
            let client = scope.spawn(|| Link::connect("raw", &options).unwrap());
            let link = server.accept(LONG).unwrap();
            let client = client.join().unwrap();
            let (mut writer, mut reader) = (link.writer, client.reader);
            let sizes = || (0..2000).map(|n| [0, 1, 7, 8, 9, 16_383, 16_384, 16_385, 32_767, 32_768][n % 10]);
            scope.spawn(move || {
                for (n, size) in sizes().enumerate() {
                    // What is loaned and not published was never there; less than was loaned may be.
                    let _ = writer.loan(size, LONG).unwrap();
                    let mut loan = writer.loan((size + 5).min(32_768), LONG).unwrap();
                    loan.copy_from_slice(0, &vec![n as u8; size]);
                    assert_eq!(loan.as_mut_ptr() as usize % 8, 0);
                    loan.publish(size);
                }
                assert_eq!(writer.loan(32_769, LONG).err().unwrap().code, ErrorCode::SendFailed);
                writer.end();
                assert_eq!(writer.loan(1, LONG).err().unwrap().code, ErrorCode::ShuttingDown);
            });
            for (n, size) in sizes().enumerate() {
                let record = reader.borrow(LONG).unwrap();
                assert_eq!(record.len(), size);
                // SAFETY: the other end is this test.
                assert!(unsafe { record.as_slice() }.iter().all(|byte| *byte == n as u8));
                record.release();
            }
            assert_eq!(reader.borrow(LONG).err().unwrap().code, ErrorCode::Disconnected);
        });
        assert!(Channel::connect_shared_memory_with("raw", &directory.options()).is_err());
    });
}
