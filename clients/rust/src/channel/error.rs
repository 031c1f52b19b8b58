use std::{fmt, io};

/// What kind of thing went wrong; the same codes in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The other end is gone, or never was there.
    Disconnected,
    /// The message was not accepted: queue full under the `fail` policy, or too large.
    SendFailed,
    /// What came breaks the rules of the wire; the channel is closed.
    ReceiveFailed,
    /// Nothing came in time.
    Timeout,
    /// This end is shutting down.
    ShuttingDown,
    /// One message could not be written or read as JSON; the channel goes on.
    Serialization,
    /// The operating system refused something.
    Io,
}

impl ErrorCode {
    /// The code's name in the contract, for logs and other languages.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorCode::Disconnected => "disconnected",
            ErrorCode::SendFailed => "send_failed",
            ErrorCode::ReceiveFailed => "receive_failed",
            ErrorCode::Timeout => "timeout",
            ErrorCode::ShuttingDown => "shutting_down",
            ErrorCode::Serialization => "serialization",
            ErrorCode::Io => "io",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error of one channel, which it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelError {
    /// What kind of thing went wrong.
    pub code: ErrorCode,
    /// The channel's name.
    pub channel: String,
    /// What was wrong, for people.
    pub message: String,
}

impl ChannelError {
    pub(crate) fn new(code: ErrorCode, channel: &str, message: impl Into<String>) -> Self {
        ChannelError { code, channel: channel.to_owned(), message: message.into() }
    }

    pub(crate) fn io(channel: &str, doing: &str, error: &io::Error) -> Self {
        Self::new(ErrorCode::Io, channel, format!("{doing}: {error}"))
    }

    pub(crate) fn disconnected(channel: &str) -> Self {
        Self::new(ErrorCode::Disconnected, channel, "the other end is gone")
    }

    pub(crate) fn timeout(channel: &str) -> Self {
        Self::new(ErrorCode::Timeout, channel, "nothing came in time")
    }

    pub(crate) fn no_room(channel: &str) -> Self {
        Self::new(ErrorCode::Timeout, channel, "there was no room in time")
    }

    pub(crate) fn shutting_down(channel: &str) -> Self {
        Self::new(ErrorCode::ShuttingDown, channel, "this end is shutting down")
    }
}

impl fmt::Display for ChannelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "channel {}: {}: {}", self.channel, self.code, self.message)
    }
}

impl std::error::Error for ChannelError {}

/// What became of a request that was not answered with a result.
#[derive(Clone, Debug, PartialEq)]
pub enum RequestError {
    /// The channel failed, or nothing came in time.
    Channel(ChannelError),
    /// The other end answered, with an error.
    Answer(super::ErrorBody),
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RequestError::Channel(error) => error.fmt(f),
            RequestError::Answer(error) => write!(f, "the other end answered {}: {}", error.code, error.message),
        }
    }
}

impl std::error::Error for RequestError {}

impl From<ChannelError> for RequestError {
    fn from(error: ChannelError) -> Self {
        RequestError::Channel(error)
    }
}
