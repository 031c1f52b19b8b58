//! Soundpost from Rust.
//!
//! [`channel`] joins a program to its helpers on the same machine: in-process pairs, local sockets and shared memory,
//! with the same messages and the same behaviour as in Swift and Python. The contract is `docs/protocols/channel.md`
//! and `docs/protocols/shared-memory.md`.

#![warn(missing_docs)]

pub mod channel;
