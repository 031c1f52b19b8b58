//! What a hostile peer can write to shared memory, or offer as such: an error on that channel, nothing else.

mod common;

use common::*;
use serde_json::json;
use soundpost::channel::shared_memory::{Link, Options, RingReader, RingWriter, Server as RawServer};
use soundpost::channel::*;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::FileExt;
use std::os::unix::io::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::thread;
use std::time::Duration;

const RING: u64 = 65_536;
/// Offsets of the words that a server's peer watches, and of ring A's data, in the region.
const PUBLISHED: u64 = 128;
const CONSUMED: u64 = 768;
const DATA: u64 = 65_536;

/// A server that writes into the region whatever it likes.
struct Hostile {
    region: File,
    socket: UnixStream,
}

impl Hostile {
    /// It, and what connected to it.
    fn meet<T: Send>(connect: impl FnOnce(&Directory) -> T + Send) -> (Hostile, T) {
        let directory = Directory::new();
        let listener = UnixListener::bind(directory.0.join("soundpost_hostile.sock")).unwrap();
        let region = right_region();
        thread::scope(|scope| {
            let victim = scope.spawn(|| connect(&directory));
            let (socket, _) = listener.accept().unwrap();
            send_with_descriptors(&socket, line(1, RING, 2, TOKEN).as_bytes(), &[&region]);
            (Hostile { region: File::from(region), socket }, victim.join().unwrap())
        })
    }

    fn link() -> (Hostile, Link) {
        Self::meet(|directory| Link::connect("hostile", &directory.options()).unwrap())
    }

    fn put(&self, offset: u64, bytes: &[u8]) {
        self.region.write_all_at(bytes, offset).unwrap();
    }

    fn put_counter(&self, offset: u64, value: u64) {
        self.put(offset, &value.to_le_bytes());
    }

    fn put_header(&self, length: u32, flags: u32) {
        self.put(DATA, &length.to_le_bytes());
        self.put(DATA + 4, &flags.to_le_bytes());
    }

    /// Whether the victim has closed its socket, for which this waits.
    fn is_left(&mut self) -> bool {
        self.socket.set_read_timeout(LONG).unwrap();
        matches!(self.socket.read(&mut [0; 8]), Ok(0))
    }
}

fn reading(reader: &mut RingReader) -> ErrorCode {
    reader.borrow(LONG).err().unwrap().code
}

fn writing(writer: &mut RingWriter) -> ErrorCode {
    loop {
        match writer.loan(30_000, LONG) {
            Ok(loan) => loan.publish(30_000),
            Err(error) => return error.code,
        }
    }
}

#[test]
fn counters_out_of_bounds_are_refused() {
    for published in [1, 7, 9, RING + 8, RING + 1, u64::MAX, u64::MAX - 7, 1 << 63] {
        let (mut hostile, mut victim) = Hostile::link();
        hostile.put_counter(PUBLISHED, published);
        let error = victim.reader.borrow(LONG).err().unwrap();
        assert_eq!(error.code, ErrorCode::ReceiveFailed, "{published}");
        assert_eq!(error.channel, "hostile");
        // That channel is closed, and the other end told, while the link itself is still there.
        assert!(hostile.is_left(), "{published}");
        assert_eq!(reading(&mut victim.reader), ErrorCode::Disconnected);
        assert_eq!(writing(&mut victim.writer), ErrorCode::Disconnected);
    }
    for consumed in [1, 60_001, RING * 4, u64::MAX, u64::MAX - 7] {
        let (mut hostile, mut victim) = Hostile::link();
        hostile.put_counter(CONSUMED, consumed);
        assert_eq!(writing(&mut victim.writer), ErrorCode::SendFailed, "{consumed}");
        assert!(hostile.is_left(), "{consumed}");
        assert_eq!(writing(&mut victim.writer), ErrorCode::Disconnected);
    }
}

#[test]
fn counters_that_go_back_are_refused() {
    let (hostile, mut victim) = Hostile::link();
    hostile.put_header(100, 0);
    hostile.put_counter(PUBLISHED, 112);
    assert_eq!(victim.reader.borrow(LONG).unwrap().len(), 100);
    hostile.put_counter(PUBLISHED, 8);
    assert_eq!(reading(&mut victim.reader), ErrorCode::ReceiveFailed);

    let (hostile, mut victim) = Hostile::link();
    for record in 1..=3u64 {
        victim.writer.loan(30_000, LONG).unwrap().publish(30_000);
        hostile.put_counter(CONSUMED, record * 30_008);
    }
    hostile.put_counter(CONSUMED, 8);
    assert_eq!(writing(&mut victim.writer), ErrorCode::SendFailed);
}

#[test]
fn broken_record_headers_are_refused() {
    // Published length, and what the record's header says.
    let headers: [(u64, u32, u32); 9] = [
        (8, 1, 0),
        (16, 9, 0),
        (16, u32::MAX, 0),
        (16, u32::MAX - 7, 0),
        (RING, 32_769, 0),
        (16, 4, 2),
        (16, 4, 1 << 31),
        (16, 0x8000_0000, 0),
        // An empty record that goes on.
        (8, 0, 1),
    ];
    for (published, length, flags) in headers {
        let (mut hostile, mut victim) = Hostile::link();
        hostile.put_header(length, flags);
        hostile.put_counter(PUBLISHED, published);
        assert_eq!(reading(&mut victim.reader), ErrorCode::ReceiveFailed, "{published} {length} {flags}");
        assert!(hostile.is_left());
    }
    let (hostile, mut victim) = Hostile::link();
    hostile.put_header(0, 0);
    hostile.put_counter(PUBLISHED, 8);
    assert_eq!(victim.reader.borrow(LONG).unwrap().len(), 0);
}

#[test]
fn a_message_without_end_is_refused() {
    within_a_minute("endless", || {
        let directory = Directory::new();
        let server = RawServer::bind("endless", &directory.options()).unwrap();
        thread::scope(|scope| {
            let client = scope.spawn(|| connect(Kind::SharedMemory, &directory, "endless").unwrap());
            let mut link = server.accept(LONG).unwrap();
            let client = client.join().unwrap();
            scope.spawn(move || loop {
                match link.writer.loan(16_384, LONG) {
                    Ok(loan) => loan.publish_part(16_384, true),
                    Err(error) => break assert_eq!(error.code, ErrorCode::Disconnected),
                }
            });
            assert_eq!(code(client.receive(LONG)), ErrorCode::ReceiveFailed);
        });
    });
}

#[test]
fn a_message_of_which_only_the_beginning_came_is_dropped() {
    let directory = Directory::new();
    let server = RawServer::bind("part", &directory.options()).unwrap();
    thread::scope(|scope| {
        let client = scope.spawn(|| connect(Kind::SharedMemory, &directory, "part").unwrap());
        let mut link = server.accept(LONG).unwrap();
        let client = client.join().unwrap();
        let whole = Message::data(json!("whole")).encode().unwrap();
        for more in [false, true] {
            let mut loan = link.writer.loan(whole.len(), LONG).unwrap();
            loan.copy_from_slice(0, &whole);
            loan.publish_part(whole.len(), more);
        }
        drop(link);
        assert_eq!(client.receive(LONG).unwrap().data, json!("whole"));
        assert_eq!(code(client.receive(LONG)), ErrorCode::Disconnected);
    });
}

/// Random bytes over all that is shared, again and again, while the other end works.
#[test]
fn random_bytes_never_do_more_than_end_the_channel() {
    within_a_minute("random", || {
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = move || {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random
        };
        for round in 0..300 {
            let (hostile, victim) =
                Hostile::meet(|directory| connect(Kind::SharedMemory, directory, "hostile").unwrap());
            let length = if round % 2 == 0 { 1200 } else { DATA + 4096 };
            let start = (next() % (length - 8)) & !7;
            for offset in (start..length).step_by(8) {
                if next() % 4 != 0 {
                    hostile.put_counter(offset, next() & if next() % 2 == 0 { 0xfff8 } else { u64::MAX });
                }
            }
            for _ in 0..20 {
                let _ = victim.receive(Some(Duration::ZERO));
            }
            // A reader of ring B that lies about what it read holds the writer up at most.
            thread::scope(|scope| {
                scope.spawn(|| {
                    for _ in 0..10 {
                        if victim.send_json(json!("x".repeat(20_000))).is_err() {
                            break;
                        }
                    }
                });
                drop(hostile);
            });
            let _ = victim.receive(Some(Duration::ZERO));
        }
    });
}

fn memory(size: u64, seals: libc::c_int) -> OwnedFd {
    let name = b"hostile\0".as_ptr() as *const libc::c_char;
    // SAFETY: the descriptor is new.
    unsafe {
        let descriptor = libc::memfd_create(name, libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING);
        assert!(descriptor >= 0);
        assert_eq!(libc::ftruncate(descriptor, size as libc::off_t), 0);
        assert_eq!(libc::fcntl(descriptor, libc::F_ADD_SEALS, seals), 0);
        OwnedFd::from_raw_fd(descriptor)
    }
}

fn send_with_descriptors(stream: &UnixStream, line: &[u8], descriptors: &[&OwnedFd]) {
    #[repr(align(8))]
    struct Control([u8; 256]);
    let mut control = Control([0; 256]);
    let mut part = libc::iovec { iov_base: line.as_ptr() as *mut libc::c_void, iov_len: line.len() };
    // SAFETY: the control message fits.
    unsafe {
        let mut header: libc::msghdr = std::mem::zeroed();
        header.msg_iov = &mut part;
        header.msg_iovlen = 1;
        if !descriptors.is_empty() {
            header.msg_control = control.0.as_mut_ptr() as *mut libc::c_void;
            header.msg_controllen = libc::CMSG_SPACE(4 * descriptors.len() as u32) as _;
            let message = libc::CMSG_FIRSTHDR(&header);
            (*message).cmsg_level = libc::SOL_SOCKET;
            (*message).cmsg_type = libc::SCM_RIGHTS;
            (*message).cmsg_len = libc::CMSG_LEN(4 * descriptors.len() as u32) as _;
            for (index, descriptor) in descriptors.iter().enumerate() {
                (libc::CMSG_DATA(message) as *mut libc::c_int).add(index).write_unaligned(descriptor.as_raw_fd());
            }
        }
        assert_eq!(libc::sendmsg(stream.as_raw_fd(), &header, libc::MSG_NOSIGNAL), line.len() as isize);
    }
}

const SEALED: libc::c_int = libc::F_SEAL_SHRINK | libc::F_SEAL_GROW | libc::F_SEAL_SEAL;
const SIZE: u64 = 65_536 * 3;

/// What a client makes of this offer of a false server.
fn offered(line: &str, descriptors: &[&OwnedFd]) -> Result<Link, ChannelError> {
    let directory = Directory::new();
    let listener = UnixListener::bind(directory.0.join("soundpost_false.sock")).unwrap();
    thread::scope(|scope| {
        let client = scope.spawn(|| Link::connect("false", &directory.options()));
        let (mut stream, _) = listener.accept().unwrap();
        send_with_descriptors(&stream, line.as_bytes(), descriptors);
        let outcome = client.join().unwrap();
        // The connection is closed, nothing was written to it.
        if outcome.is_err() {
            stream.set_read_timeout(LONG).unwrap();
            assert!(matches!(stream.read(&mut [0; 8]), Ok(0) | Err(_)));
            let _ = stream.write_all(b"x");
        }
        outcome
    })
}

fn line(version: u32, ring: u64, codec: u32, token: &str) -> String {
    let memory = json!({"version": version, "ringBytes": ring, "codec": codec, "token": token, "segment": null});
    json!({"type": "ready", "data": {"sharedMemory": memory}}).to_string() + "\n"
}

/// A region with a right header.
fn right_region() -> OwnedFd {
    let region = memory(SIZE, SEALED);
    let file = File::from(region.try_clone().unwrap());
    let mut header = [0u8; 44];
    header[0..4].copy_from_slice(&0x534D_454D_u32.to_le_bytes());
    header[4..8].copy_from_slice(&[1, 2, 2, 0]);
    header[8..12].copy_from_slice(&131_072_u32.to_le_bytes());
    header[12..16].copy_from_slice(&65_536_u32.to_le_bytes());
    header[32..40].copy_from_slice(&0x0123_4567_89ab_cdef_u64.to_le_bytes());
    header[40..44].copy_from_slice(&65_536_u32.to_le_bytes());
    file.write_all_at(&header, 0).unwrap();
    region
}

const TOKEN: &str = "0123456789abcdef";

#[test]
fn an_offer_is_taken_only_if_everything_is_right() {
    let right = line(1, RING, 2, TOKEN);
    assert!(offered(&right, &[&right_region()]).is_ok());
    let refused = |what: &str, line: &str, descriptors: &[&OwnedFd]| {
        let error = offered(line, descriptors).err().unwrap_or_else(|| panic!("{what} was taken"));
        assert_eq!(error.code, ErrorCode::ReceiveFailed, "{what}: {error}");
    };
    let region = right_region();
    refused("another version", &line(2, RING, 2, TOKEN), &[&region]);
    refused("another codec", &line(1, RING, 0, TOKEN), &[&region]);
    refused("an unknown codec", &line(1, RING, 9, TOKEN), &[&region]);
    refused("another token", &line(1, RING, 2, "0123456789abcdee"), &[&region]);
    refused("a short token", &line(1, RING, 2, "123"), &[&region]);
    refused("a token with a sign", &line(1, RING, 2, "+123456789abcdef"), &[&region]);
    refused("another size", &line(1, 2 * RING, 2, TOKEN), &[&region]);
    refused("a size that is no power of two", &line(1, RING + 8, 2, TOKEN), &[&region]);
    refused("a size of 4 GiB", &line(1, 1 << 32, 2, TOKEN), &[&region]);
    refused("no rings", &line(1, 0, 2, TOKEN), &[&region]);
    refused("no descriptor", &right, &[]);
    refused("two descriptors", &right, &[&region, &region]);
    refused("a segment", &right.replace("\"segment\":null", "\"segment\":\"/x\""), &[]);
    refused("no JSON", "hello\n", &[&region]);
    refused("a key twice", &right.replace("\"type\"", "\"type\":\"ready\",\"type\""), &[&region]);
    refused("no end of line", &"x".repeat(5000), &[&region]);
    refused("an empty region", &right, &[&memory(SIZE, SEALED)]);
    refused("a short region", &right, &[&memory(SIZE - 65_536, SEALED)]);
    for missing in [libc::F_SEAL_SHRINK, libc::F_SEAL_GROW, libc::F_SEAL_SEAL] {
        refused("a region that could change its size", &right, &[&memory(SIZE, SEALED & !missing)]);
    }
    let file = OwnedFd::from(File::open("/dev/zero").unwrap());
    refused("a file that is no memory", &right, &[&file]);
    let plain = right_region();
    File::from(plain.try_clone().unwrap()).write_all_at(&[1], 5).unwrap();
    refused("another kind", &right, &[&plain]);
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let directory = Directory::new();
    let listener = UnixListener::bind(directory.0.join("soundpost_mute.sock")).unwrap();
    let options = Options { connect_timeout: Duration::from_millis(20), ..directory.options() };
    assert_eq!(Link::connect("mute", &options).err().unwrap().code, ErrorCode::Timeout);
    drop(listener);
    assert_eq!(Link::connect("mute", &options).err().unwrap().code, ErrorCode::Disconnected);
}
