use super::Kind;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// What a channel did so far. Counts are of messages; bytes are of encoded messages without framing.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// The channel's name.
    pub name: String,
    /// The channel's kind.
    pub kind: Kind,
    /// Messages handed to the transport, pings and pongs included.
    pub messages_sent: u64,
    /// Messages that came, pings and pongs included.
    pub messages_received: u64,
    /// Bytes of those sent.
    pub bytes_sent: u64,
    /// Bytes of those received.
    pub bytes_received: u64,
    /// Sends that failed and messages that could not be read.
    pub errors: u64,
    /// Messages that were given up for newer ones: by a full in-process channel, and of those kept for receivers.
    pub dropped: u64,
    /// Most messages that ever waited here, or in an in-process channel's queue.
    pub peak_queue: u64,
    /// Requests and pings that were answered.
    pub round_trips: u64,
    /// Mean time to an answer.
    pub latency_mean: Duration,
    /// Half of the answers took no longer; good to one part in eight, as are the others.
    pub latency_p50: Duration,
    /// 95 % of the answers took no longer.
    pub latency_p95: Duration,
    /// 99 % of the answers took no longer.
    pub latency_p99: Duration,
    /// Since the channel was made.
    pub uptime: Duration,
}

/// Eight buckets to the octave of nanoseconds.
const BUCKETS: usize = 64 * 8;

pub(crate) struct Counters {
    started: Instant,
    messages_sent: AtomicU64,
    messages_received: AtomicU64,
    bytes_sent: AtomicU64,
    bytes_received: AtomicU64,
    errors: AtomicU64,
    dropped: AtomicU64,
    peak_queue: AtomicU64,
    round_trips: AtomicU64,
    total_nanoseconds: AtomicU64,
    buckets: Box<[AtomicU64]>,
}

impl Counters {
    pub fn new() -> Self {
        Counters {
            started: Instant::now(),
            messages_sent: AtomicU64::new(0),
            messages_received: AtomicU64::new(0),
            bytes_sent: AtomicU64::new(0),
            bytes_received: AtomicU64::new(0),
            errors: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
            peak_queue: AtomicU64::new(0),
            round_trips: AtomicU64::new(0),
            total_nanoseconds: AtomicU64::new(0),
            buckets: (0..BUCKETS).map(|_| AtomicU64::new(0)).collect(),
        }
    }

    pub fn sent(&self, bytes: usize) {
        self.messages_sent.fetch_add(1, Relaxed);
        self.bytes_sent.fetch_add(bytes as u64, Relaxed);
    }

    pub fn received(&self, bytes: usize) {
        self.messages_received.fetch_add(1, Relaxed);
        self.bytes_received.fetch_add(bytes as u64, Relaxed);
    }

    pub fn error(&self) {
        self.errors.fetch_add(1, Relaxed);
    }

    pub fn dropped(&self, messages: u64) {
        self.dropped.fetch_add(messages, Relaxed);
    }

    /// So many messages wait now.
    pub fn queue(&self, messages: usize) {
        self.peak_queue.fetch_max(messages as u64, Relaxed);
    }

    pub fn round_trip(&self, took: Duration) {
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX).max(8);
        self.round_trips.fetch_add(1, Relaxed);
        self.total_nanoseconds.fetch_add(nanoseconds, Relaxed);
        let octave = 63 - nanoseconds.leading_zeros() as usize;
        let eighth = (nanoseconds >> (octave - 3)) as usize & 7;
        self.buckets[octave * 8 + eighth].fetch_add(1, Relaxed);
    }

    pub fn snapshot(&self, name: &str, kind: Kind) -> Metrics {
        let round_trips = self.round_trips.load(Relaxed);
        let counts: Vec<u64> = self.buckets.iter().map(|bucket| bucket.load(Relaxed)).collect();
        let total: u64 = counts.iter().sum();
        let percentile = |percent: u64| {
            let rank = (total * percent + 99) / 100;
            let mut before = 0;
            for (index, count) in counts.iter().enumerate() {
                before += count;
                if *count > 0 && before >= rank {
                    // the bucket's upper edge
                    let edge = ((8 + index % 8 + 1) as u128) << (index / 8 - 3);
                    return Duration::from_nanos(u64::try_from(edge).unwrap_or(u64::MAX));
                }
            }
            Duration::ZERO
        };
        Metrics {
            name: name.to_owned(),
            kind,
            messages_sent: self.messages_sent.load(Relaxed),
            messages_received: self.messages_received.load(Relaxed),
            bytes_sent: self.bytes_sent.load(Relaxed),
            bytes_received: self.bytes_received.load(Relaxed),
            errors: self.errors.load(Relaxed),
            dropped: self.dropped.load(Relaxed),
            peak_queue: self.peak_queue.load(Relaxed),
            round_trips,
            latency_mean: Duration::from_nanos(self.total_nanoseconds.load(Relaxed) / round_trips.max(1)),
            latency_p50: percentile(50),
            latency_p95: percentile(95),
            latency_p99: percentile(99),
            uptime: self.started.elapsed(),
        }
    }
}
