//! Names, the runtime directory, and who owns a name.

use super::error::{ChannelError, ErrorCode};
use super::system;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt};
use std::os::unix::io::AsRawFd;
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::path::{Path, PathBuf};

/// Whether `name` can be a channel's: `[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}`.
pub fn is_valid_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let bytes = name.as_bytes();
    (1..=64).contains(&bytes.len()) && plain(bytes[0]) && bytes.iter().all(|byte| plain(*byte) || *byte == b'.')
}

/// Where channels' sockets lie unless a place is named: `$XDG_RUNTIME_DIR`, else `/tmp/soundpost-UID`.
pub fn runtime_directory() -> PathBuf {
    match std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from) {
        Some(path) if path.is_absolute() => path,
        _ => own_directory(),
    }
}

fn own_directory() -> PathBuf {
    PathBuf::from(format!("/tmp/soundpost-{}", system::effective_user()))
}

/// A directory that is fit for sockets, held open.
pub(crate) struct Directory {
    path: PathBuf,
    handle: File,
}

impl Directory {
    /// Opens `directory`, or the runtime directory, which is made if it is the one under `/tmp`.
    pub fn open(directory: Option<&Path>) -> io::Result<Self> {
        let path = directory.map_or_else(runtime_directory, Path::to_owned);
        // Without a slash at the end, behind which a symbolic link would be followed.
        let path: PathBuf = path.components().collect();
        if directory.is_none() && path == own_directory() {
            match fs::DirBuilder::new().mode(0o700).create(&path) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        let handle = OpenOptions::new().read(true).custom_flags(libc::O_DIRECTORY | libc::O_NOFOLLOW).open(&path)?;
        let metadata = handle.metadata()?;
        if metadata.uid() != system::effective_user() || metadata.mode() & 0o022 != 0 {
            let text = format!("{}: must belong to you and be writable by nobody else", path.display());
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
        }
        Ok(Directory { path, handle })
    }

    pub fn socket(&self, name: &str) -> PathBuf {
        self.path.join(format!("soundpost_{name}.sock"))
    }

    /// Takes the lock that everybody holds who adds or removes sockets.
    fn lock(&self) -> io::Result<Lock<'_>> {
        loop {
            // SAFETY: no memory is involved.
            if unsafe { libc::flock(self.handle.as_raw_fd(), libc::LOCK_EX) } == 0 {
                return Ok(Lock { directory: self });
            }
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        }
    }
}

struct Lock<'a> {
    directory: &'a Directory,
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        // SAFETY: no memory is involved.
        unsafe { libc::flock(self.directory.handle.as_raw_fd(), libc::LOCK_UN) };
    }
}

/// Whether nobody listens at `path` any more. Everything but a plain refusal counts as somebody.
///
/// A live server's socket is of another type than this one, which the kernel says; the server itself sees nothing.
fn is_stale(path: &Path) -> bool {
    let outcome = UnixDatagram::unbound().and_then(|probe| probe.connect(path));
    matches!(outcome, Err(error) if error.raw_os_error() == Some(libc::ECONNREFUSED))
}

/// A name that this process serves; given up when dropped.
pub(crate) struct SocketFile {
    directory: Directory,
    path: PathBuf,
    identity: (u64, u64),
    pub listener: UnixListener,
}

impl SocketFile {
    pub fn claim(name: &str, directory: Option<&Path>) -> Result<Self, ChannelError> {
        check_name(name)?;
        let failed = |doing: &str, error: io::Error| ChannelError::io(name, doing, &error);
        let directory = Directory::open(directory).map_err(|error| failed("runtime directory", error))?;
        let path = directory.socket(name);
        let lock = directory.lock().map_err(|error| failed("locking the runtime directory", error))?;
        if let Ok(metadata) = fs::symlink_metadata(&path) {
            if !metadata.file_type().is_socket() || !is_stale(&path) {
                let text = format!("{}: the name is taken", path.display());
                return Err(ChannelError::new(ErrorCode::Io, name, text));
            }
            fs::remove_file(&path).map_err(|error| failed("removing a dead server's socket", error))?;
        }
        sweep(&directory, &path);
        let listener = system::listen(&path).map_err(|error| failed("listening", error))?;
        let identity = fs::symlink_metadata(&path).map(|metadata| (metadata.dev(), metadata.ino()));
        let identity = identity.map_err(|error| failed("listening", error))?;
        drop(lock);
        Ok(SocketFile { path, identity, listener, directory })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Without the lock nothing is removed: the next server finds a file that refuses, and removes it.
        if let Ok(_lock) = self.directory.lock() {
            let found = fs::symlink_metadata(&self.path).map(|metadata| (metadata.dev(), metadata.ino()));
            if matches!(found, Ok(identity) if identity == self.identity) {
                let _ = fs::remove_file(&self.path);
            }
        }
    }
}

/// Removes what servers left that died, so that names used once leave nothing behind. What cannot be removed stays.
fn sweep(directory: &Directory, own: &Path) {
    let entries = match fs::read_dir(&directory.path) {
        Ok(entries) => entries,
        Err(_) => return,
    };
    for entry in entries.flatten() {
        let file = entry.file_name();
        let name = file.to_str().and_then(|file| file.strip_prefix("soundpost_")?.strip_suffix(".sock"));
        let is_socket = entry.file_type().map_or(false, |kind| kind.is_socket());
        let path = entry.path();
        if name.map_or(false, is_valid_name) && is_socket && path != own && is_stale(&path) {
            let _ = fs::remove_file(path);
        }
    }
}

pub(crate) fn check_name(name: &str) -> Result<(), ChannelError> {
    if is_valid_name(name) {
        return Ok(());
    }
    Err(ChannelError::new(ErrorCode::Io, name, "not a channel's name: [A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}"))
}

/// Connects to the server of `name`, of the same user.
pub(crate) fn connect(name: &str, directory: Option<&Path>) -> Result<UnixStream, ChannelError> {
    check_name(name)?;
    let failed = |doing: &str, error: io::Error| {
        let code = match error.raw_os_error() {
            Some(libc::ENOENT | libc::ECONNREFUSED) => ErrorCode::Disconnected,
            _ => ErrorCode::Io,
        };
        ChannelError::new(code, name, format!("{doing}: {error}"))
    };
    let directory = Directory::open(directory).map_err(|error| failed("runtime directory", error))?;
    let stream = system::connect(&directory.socket(name)).map_err(|error| failed("connecting", error))?;
    system::check_user(&stream).map_err(|error| failed("connecting", error))?;
    Ok(stream)
}
