//! The region to the byte: `docs/protocols/shared-memory.md`.

pub const MAGIC: u32 = 0x534D_454D;
pub const VERSION: u8 = 1;
pub const TWO_RINGS: u8 = 2;
pub const DATA_OFFSET: usize = 65_536;
pub const SMALLEST_RING: u32 = 65_536;
pub const LARGEST_RING: u32 = 1 << 30;

/// Offsets of the header's fields.
pub mod header {
    pub const MAGIC: usize = 0;
    /// Four bytes, used as one word: version, kind, codec, 0.
    pub const VERSION: usize = 4;
    pub const DATA_SIZE: usize = 8;
    pub const RING_BYTES: usize = 12;
    pub const CREATED: usize = 16;
    pub const CREATOR_PROCESS: usize = 24;
    pub const PEER_PROCESS: usize = 28;
    pub const TOKEN: usize = 32;
    pub const DATA_OFFSET: usize = 40;
}

/// Where ring A's and ring B's words begin, and the words' offsets from there.
pub mod ring {
    pub const A: usize = 128;
    pub const B: usize = 640;
    pub const PUBLISHED: usize = 0;
    pub const ENDED: usize = 8;
    pub const CONSUMED: usize = 128;
    pub const DATA_WAIT: usize = 256;
    pub const SPACE_WAIT: usize = 384;
}

/// Length and flags stand before a record's bytes.
pub const RECORD_HEADER: u64 = 8;
/// The message goes on in the next record.
pub const FLAG_MORE: u32 = 1;

/// What a record of `length` bytes takes up in the ring.
pub fn record_size(length: usize) -> u64 {
    (RECORD_HEADER + length as u64 + 7) & !7
}
