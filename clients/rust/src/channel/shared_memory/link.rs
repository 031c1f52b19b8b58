use super::layout::{self, ring};
use super::region::{self, Announcement, Region};
use super::{Codec, Options, RingReader, RingWriter, Shared};
use crate::channel::error::{ChannelError, ErrorCode};
use crate::channel::server::Door;
use crate::channel::strict::StrictValue;
use crate::channel::{place, system};
use serde::de::DeserializeSeed;
use serde_json::{json, Value};
use std::os::unix::io::{AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The announcing line is far shorter; more is none.
const LONGEST_LINE: usize = 4096;

/// Serves a name over shared memory; every client gets a region of its own.
///
/// Any number of threads may accept at once. Dropping the server gives up the name; links live on.
pub struct Server {
    door: Door,
    options: Options,
}

impl Server {
    /// Takes `name`. A name that a live server has is refused with `io`; a dead server's is taken over.
    pub fn bind(name: &str, options: &Options) -> Result<Self, ChannelError> {
        let door = Door::open(name, options.directory.as_deref())?;
        Ok(Server { door, options: options.clone() })
    }

    /// Waits for the next client, forever without `timeout`.
    ///
    /// Errors: `timeout`, `disconnected` after [`Self::close`], `io`.
    pub fn accept(&self, timeout: Option<Duration>) -> Result<Link, ChannelError> {
        let deadline = system::deadline(timeout);
        loop {
            let socket = self.door.accept(deadline)?;
            let (region, descriptor, told) = Region::create(self.options.ring_bytes, self.options.codec)
                .map_err(|error| ChannelError::io(self.door.name(), "making a region", &error))?;
            let line = announcement_line(&told);
            let passed = if told.segment.is_none() { Some(descriptor.as_raw_fd()) } else { None };
            let sent = system::send_with_descriptor(&socket, line.as_bytes(), passed);
            let link = Link::new(self.door.name(), region, socket, [ring::A, ring::B], &self.options, told.segment);
            // A client that left meanwhile is nobody's error.
            if sent.is_ok() {
                return Ok(link);
            }
        }
    }

    /// Accepts no more clients and wakes who waits for one, in any thread.
    pub fn close(&self) {
        self.door.close();
    }

    /// The name that is served.
    pub fn name(&self) -> &str {
        self.door.name()
    }

    /// The socket's path.
    pub fn path(&self) -> &Path {
        self.door.path()
    }
}

/// Two rings to one peer. Its parts may be moved to two threads; the link ends when all of them are dropped.
pub struct Link {
    /// What this end sends.
    pub writer: RingWriter,
    /// What the other end sends.
    pub reader: RingReader,
    pub(crate) shared: Arc<Shared>,
}

impl Link {
    fn new(
        channel: &str,
        region: Region,
        socket: UnixStream,
        [writes, reads]: [usize; 2],
        options: &Options,
        segment: Option<String>,
    ) -> Self {
        let closed = AtomicBool::new(false);
        let shared = Arc::new(Shared { channel: channel.to_owned(), region, socket, closed, writes, segment });
        Link {
            writer: RingWriter::new(shared.clone(), writes, options.wait),
            reader: RingReader::new(shared.clone(), reads, options.wait),
            shared,
        }
    }

    /// Connects to the server of `name`.
    ///
    /// Errors: `disconnected` if there is none, `timeout` if it says nothing, `receive_failed` if what it offers is not
    /// what the options expect or cannot be trusted, `io`.
    pub fn connect(name: &str, options: &Options) -> Result<Self, ChannelError> {
        let deadline = system::deadline(Some(options.connect_timeout));
        let socket = place::connect(name, options.directory.as_deref())?;
        let (line, descriptor) = receive_line(name, &socket, deadline)?;
        let refused = |text: String| ChannelError::new(ErrorCode::ReceiveFailed, name, text);
        let told = read_announcement(&line).map_err(refused)?;
        if told.codec != options.codec {
            return Err(refused(format!("the records are {:?}, not {:?}", told.codec, options.codec)));
        }
        let descriptor = match (descriptor, &told.segment) {
            (Some(descriptor), None) => descriptor,
            (None, Some(segment)) => region::open_object(segment).map_err(|error| refused(error.to_string()))?,
            _ => return Err(refused("a region comes as a descriptor or by name".into())),
        };
        let region = Region::open(&descriptor, &told).map_err(|error| refused(error.to_string()))?;
        Ok(Link::new(name, region, socket, [ring::B, ring::A], options, None))
    }

    /// Lets go: the other end notices at once, and so does whoever waits for one of the rings here.
    pub fn close(&self) {
        self.shared.close();
    }
}

fn announcement_line(told: &Announcement) -> String {
    let memory = json!({
        "version": layout::VERSION,
        "ringBytes": told.ring_bytes,
        "codec": told.codec as u8,
        "token": format!("{:016x}", told.token),
        "segment": told.segment,
    });
    json!({ "type": "ready", "data": { "sharedMemory": memory } }).to_string()
}

fn read_announcement(line: &[u8]) -> Result<Announcement, String> {
    let mut json = serde_json::Deserializer::from_slice(line);
    let message = StrictValue::levels(super::super::MAXIMUM_DEPTH).deserialize(&mut json);
    let message = message.and_then(|value| json.end().map(|()| value)).map_err(|error| error.to_string())?;
    let memory = &message["data"]["sharedMemory"];
    let number = |key: &str| memory[key].as_u64();
    if message["type"] != "ready" || number("version") != Some(layout::VERSION.into()) {
        return Err("the server does not announce shared memory of version 1".into());
    }
    let codec = match number("codec") {
        Some(0) => Codec::Raw,
        Some(2) => Codec::Json,
        _ => return Err("the server announces records that this program does not know".into()),
    };
    let ring_bytes = number("ringBytes").and_then(|bytes| u32::try_from(bytes).ok());
    let hexadecimal = |token: &&str| token.len() == 16 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    let token = memory["token"].as_str().filter(hexadecimal).and_then(|token| u64::from_str_radix(token, 16).ok());
    let segment = match &memory["segment"] {
        Value::Null => None,
        Value::String(segment) => Some(segment.clone()),
        _ => return Err("`segment` must be a string or null".into()),
    };
    match (ring_bytes, token) {
        (Some(ring_bytes), Some(token)) => Ok(Announcement { ring_bytes, codec, token, segment }),
        _ => Err("the server's announcement lacks `ringBytes` or `token`".into()),
    }
}

/// Reads the line up to its LF, and the descriptor that comes with it.
fn receive_line(
    name: &str,
    socket: &UnixStream,
    deadline: Option<Instant>,
) -> Result<(Vec<u8>, Option<OwnedFd>), ChannelError> {
    let failed = |error: std::io::Error| ChannelError::io(name, "connecting", &error);
    let refused = |text: &str| ChannelError::new(ErrorCode::ReceiveFailed, name, text);
    let mut line = Vec::new();
    let mut passed = Vec::new();
    loop {
        if !system::poll(&mut [system::pollfd(socket.as_raw_fd(), libc::POLLIN)], deadline).map_err(failed)? {
            return Err(ChannelError::timeout(name));
        }
        let mut buffer = [0; LONGEST_LINE];
        let (count, descriptors) = system::receive_with_descriptor(socket, &mut buffer).map_err(failed)?;
        if count == 0 {
            return Err(ChannelError::disconnected(name));
        }
        passed.extend(descriptors);
        line.extend_from_slice(&buffer[..count]);
        if let Some(end) = line.iter().position(|byte| *byte == b'\n') {
            line.truncate(end);
            break;
        }
        if line.len() > LONGEST_LINE {
            return Err(refused("the server's first line is too long"));
        }
    }
    if passed.len() > 1 {
        return Err(refused("more than one descriptor came along"));
    }
    Ok((line, passed.pop()))
}
