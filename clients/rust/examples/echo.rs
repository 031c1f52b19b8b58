//! The smallest peer: `echo [NAME] [--kind local|shm] [--server] [--directory DIRECTORY]`
//!
//! As a client it connects to NAME, or without a name to what `SOUNDPOST_IPC_MODE` and `SOUNDPOST_IPC_CHANNEL` say;
//! with `--server` it serves NAME to many clients and prints its address as the first line. Every request is answered
//! with its own data, data messages and events are sent back. Ends without an error when the other end does, or on
//! SIGTERM or SIGINT.

use soundpost::channel::{
    shared_memory, Channel, ChannelError, ErrorCode, LocalSocketServer, MessageType, SharedMemoryServer,
};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

struct Arguments {
    name: Option<String>,
    shared_memory: bool,
    server: bool,
    options: shared_memory::Options,
}

enum Server {
    LocalSocket(LocalSocketServer),
    SharedMemory(SharedMemoryServer),
}

impl Server {
    fn accept(&self) -> Result<Channel, ChannelError> {
        match self {
            Server::LocalSocket(server) => server.accept(None),
            Server::SharedMemory(server) => server.accept(None),
        }
    }

    fn close(&self) {
        match self {
            Server::LocalSocket(server) => server.close(),
            Server::SharedMemory(server) => server.close(),
        }
    }

    fn path(&self) -> String {
        match self {
            Server::LocalSocket(server) => server.path().display().to_string(),
            Server::SharedMemory(server) => server.path().display().to_string(),
        }
    }
}

/// What a signal ends.
#[derive(Default)]
struct Open {
    stopped: AtomicBool,
    server: Mutex<Weak<Server>>,
    channels: Mutex<Vec<Weak<Channel>>>,
}

impl Open {
    fn add(&self, channel: &Arc<Channel>) {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels.retain(|known| known.strong_count() > 0);
        channels.push(Arc::downgrade(channel));
        if self.stopped.load(Ordering::SeqCst) {
            channel.close();
        }
    }

    fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        let known = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = known.upgrade() {
            server.close();
        }
        drop(known);
        for channel in self.channels.lock().unwrap_or_else(PoisonError::into_inner).iter().filter_map(Weak::upgrade) {
            channel.close();
        }
    }
}

fn main() -> ExitCode {
    let arguments = match parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(text) => {
            eprintln!("{text}\nusage: echo [NAME] [--kind local|shm] [--server] [--directory DIRECTORY]");
            return ExitCode::from(2);
        }
    };
    let open = Arc::new(Open::default());
    stop_on_signals(open.clone());
    match run(&arguments, &open) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut arguments = Arguments { name: None, shared_memory: false, server: false, options: Default::default() };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--server" => arguments.server = true,
            "--kind" => match words.next().as_deref() {
                Some("local") => arguments.shared_memory = false,
                Some("shm") => arguments.shared_memory = true,
                _ => return Err("--kind takes local or shm".into()),
            },
            "--directory" => {
                let directory = words.next().ok_or("--directory takes a directory")?;
                arguments.options.directory = Some(PathBuf::from(directory));
            }
            _ if word.starts_with("--") || arguments.name.is_some() => return Err(format!("what is {word}?")),
            _ => arguments.name = Some(word),
        }
    }
    let is_of_environment = !arguments.shared_memory && !arguments.server && arguments.options.directory.is_none();
    if arguments.name.is_none() && !is_of_environment {
        return Err("which channel?".into());
    }
    Ok(arguments)
}

fn run(arguments: &Arguments, open: &Arc<Open>) -> Result<(), ChannelError> {
    let options = &arguments.options;
    let name = match &arguments.name {
        Some(name) => name,
        None => {
            let channel = Arc::new(Channel::from_environment()?);
            open.add(&channel);
            return echo(&channel);
        }
    };
    let directory = options.directory.as_deref();
    if !arguments.server {
        let channel = Arc::new(match arguments.shared_memory {
            true => Channel::connect_shared_memory_with(name, options)?,
            false => Channel::connect_in(directory, name)?,
        });
        open.add(&channel);
        return echo(&channel);
    }
    let server = Arc::new(match arguments.shared_memory {
        true => Server::SharedMemory(SharedMemoryServer::bind_with(name, options)?),
        false => Server::LocalSocket(LocalSocketServer::bind_in(directory, name)?),
    });
    *open.server.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(&server);
    if open.stopped.load(Ordering::SeqCst) {
        return Ok(());
    }
    // Nobody has to read it.
    let _ = writeln!(std::io::stdout(), "{}", server.path()).and_then(|()| std::io::stdout().flush());
    let outcome = std::thread::scope(|clients| loop {
        match server.accept() {
            Ok(channel) => {
                let channel = Arc::new(channel);
                open.add(&channel);
                clients.spawn(move || {
                    if let Err(error) = echo(&channel) {
                        eprintln!("{error}");
                    }
                });
            }
            Err(error) if error.code == ErrorCode::Disconnected => return Ok(()),
            Err(error) => return Err(error),
        }
    });
    // Whoever stops the server lets go of it first, so that it is dropped here, before the process ends: its file goes.
    drop(open.server.lock().unwrap_or_else(PoisonError::into_inner));
    outcome
}

fn echo(channel: &Channel) -> Result<(), ChannelError> {
    // An end that leaves while it is answered is reported by the next receive.
    channel.on_message(|message| match message.kind {
        MessageType::Request => {
            let _ = channel.respond(message.id.unwrap_or_default(), message.data);
        }
        MessageType::Data | MessageType::Event => {
            let _ = channel.send(&message);
        }
        _ => {}
    })
}

/// SIGTERM and SIGINT are taken by a thread of their own, which may do what a signal handler may not.
fn stop_on_signals(open: Arc<Open>) {
    // SAFETY: the set is initialised before it is used; no other thread runs yet, so all inherit the mask.
    let set = unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, libc::SIGTERM);
        libc::sigaddset(&mut set, libc::SIGINT);
        libc::pthread_sigmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
        set
    };
    std::thread::spawn(move || {
        let mut signal = 0;
        // SAFETY: both pointers live until the call returns.
        while unsafe { libc::sigwait(&set, &mut signal) } != 0 {}
        open.stop();
    });
}
