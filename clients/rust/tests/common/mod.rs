//! What the tests share. Each test file uses a part of it.
#![allow(dead_code)]

use soundpost::channel::shared_memory::Options;
use soundpost::channel::*;
use std::os::unix::io::{FromRawFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// A guard against hangs, not a bound that a slow machine could miss.
pub const LONG: Option<Duration> = Some(Duration::from_secs(60));

/// A directory for sockets that goes away with the test.
pub struct Directory(pub PathBuf);

impl Directory {
    pub fn new() -> Self {
        let template = format!("{}/soundpost-rust-XXXXXX\0", std::env::temp_dir().display());
        let mut template = template.into_bytes();
        assert!(!unsafe { libc::mkdtemp(template.as_mut_ptr() as *mut libc::c_char) }.is_null());
        template.pop();
        Directory(PathBuf::from(String::from_utf8(template).unwrap()))
    }

    pub fn path(&self) -> Option<&Path> {
        Some(&self.0)
    }

    pub fn options(&self) -> Options {
        Options { directory: Some(self.0.clone()), ring_bytes: 65_536, ..Options::default() }
    }

    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub const KINDS: [Kind; 4] = [Kind::Thread, Kind::LocalSocket, Kind::SharedMemory, Kind::Stdio];

/// The ends of a pipe: to read from, and to write to.
pub fn pipe() -> (OwnedFd, OwnedFd) {
    let mut ends = [-1; 2];
    // SAFETY: the array has room for both, which belong to nobody else.
    unsafe {
        assert_eq!(libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC), 0);
        (OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1]))
    }
}

pub enum Server {
    Local(LocalSocketServer),
    Memory(SharedMemoryServer),
}

impl Server {
    pub fn bind(kind: Kind, directory: &Directory, name: &str) -> Result<Self, ChannelError> {
        Ok(match kind {
            Kind::LocalSocket => Server::Local(LocalSocketServer::bind_in(directory.path(), name)?),
            _ => Server::Memory(SharedMemoryServer::bind_with(name, &directory.options())?),
        })
    }

    pub fn accept(&self) -> Result<Channel, ChannelError> {
        match self {
            Server::Local(server) => server.accept(LONG),
            Server::Memory(server) => server.accept(LONG),
        }
    }

    pub fn close(&self) {
        match self {
            Server::Local(server) => server.close(),
            Server::Memory(server) => server.close(),
        }
    }
}

pub fn connect(kind: Kind, directory: &Directory, name: &str) -> Result<Channel, ChannelError> {
    match kind {
        Kind::LocalSocket => Channel::connect_in(directory.path(), name),
        _ => Channel::connect_shared_memory_with(name, &directory.options()),
    }
}

/// Both ends of one channel.
pub fn ends(kind: Kind) -> (Channel, Channel) {
    if kind == Kind::Thread {
        return Channel::pair("test", 64, Policy::Wait);
    }
    if kind == Kind::Stdio {
        let ((from_b, to_a), (from_a, to_b)) = (pipe(), pipe());
        return (Channel::lines("a", from_b, to_b).unwrap(), Channel::lines("b", from_a, to_a).unwrap());
    }
    let directory = Directory::new();
    let server = Server::bind(kind, &directory, "test").unwrap();
    thread::scope(|scope| {
        let client = scope.spawn(|| connect(kind, &directory, "test").unwrap());
        let accepted = server.accept().unwrap();
        (accepted, client.join().unwrap())
    })
}

/// Runs `body` for every kind, each in a thread that is given up when it hangs.
pub fn every_kind(body: fn(Kind)) {
    for kind in KINDS {
        within_a_minute(kind.as_str(), move || body(kind));
    }
}

pub fn within_a_minute(what: &str, body: impl FnOnce() + Send + 'static) {
    let (done, end) = mpsc::channel();
    let running = thread::spawn(move || {
        body();
        let _ = done.send(());
    });
    match end.recv_timeout(Duration::from_secs(120)) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{what}: hangs"),
        _ => running.join().unwrap_or_else(|_| panic!("{what}: failed")),
    }
}

pub fn code<T>(outcome: Result<T, ChannelError>) -> ErrorCode {
    // Without the value, which may be a megabyte.
    outcome.err().expect("an error").code
}

/// A process of its own: this test program again, with only its test `child`, which sees the role.
pub struct Process(pub Child);

const ROLE: &str = "SOUNDPOST_TEST_ROLE";

impl Process {
    pub fn spawn(role: &str, kind: Kind, directory: &Directory, name: &str) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--nocapture", "--test-threads=1"])
            .env(ROLE, format!("{role} {} {} {name}", kind.as_str(), directory.0.display()))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Process(child)
    }

    pub fn signal(&self, signal: libc::c_int) {
        let process = self.0.id() as libc::pid_t;
        assert_eq!(unsafe { libc::kill(process, signal) }, 0);
        if signal == libc::SIGSTOP {
            // Until it has stopped it might still answer.
            let mut status = 0;
            assert_eq!(unsafe { libc::waitpid(process, &mut status, libc::WUNTRACED) }, process);
            assert!(libc::WIFSTOPPED(status));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// In the child: role, kind, directory, name.
pub fn role() -> Option<(String, Kind, PathBuf, String)> {
    let role = std::env::var(ROLE).ok()?;
    let words: Vec<&str> = role.split(' ').collect();
    let kind = KINDS.into_iter().find(|kind| kind.as_str() == words[1]).unwrap();
    Some((words[0].to_owned(), kind, PathBuf::from(words[2]), words[3].to_owned()))
}
