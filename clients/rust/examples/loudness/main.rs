//! Loudness of a tap of the running sound: `loudness TAPNAME [--seconds N] [--directory DIRECTORY]`
//!
//! Connects over shared memory and prints a line for every second of audio: position, momentary and short-term loudness
//! (ITU-R BS.1770), sample peaks, and frames that were lost. Ends with the stream, or after N seconds.
//!
//! The stream: first a record with a JSON object,
//! `{"sampleRate":48000,"channels":2,"instanceId":"gain#1","point":"output"}`; then records of `position u64` (number
//! of the first frame), `frames u32`, `missed u32` (frames lost before this record), and `frames × channels`
//! interleaved `f32`, all little-endian.

mod meter;

use meter::Meter;
use serde_json::Value;
use soundpost::channel::shared_memory::{Codec, Link, Options, RingReader};
use soundpost::channel::ErrorCode;
use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

const RECORD_HEADER: usize = 16;

struct Arguments {
    tap: String,
    seconds: Option<u64>,
    options: Options,
}

fn main() -> ExitCode {
    let arguments = match parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(text) => {
            eprintln!("{text}\nusage: loudness TAPNAME [--seconds N] [--directory DIRECTORY]");
            return ExitCode::from(2);
        }
    };
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let (mut tap, mut seconds) = (None, None);
    let mut options = Options { codec: Codec::Raw, ..Options::default() };
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seconds" => {
                let number = words.next().and_then(|number| number.parse().ok());
                seconds = Some(number.ok_or("--seconds takes a whole number")?);
            }
            "--directory" => options.directory = Some(words.next().ok_or("--directory takes a directory")?.into()),
            _ if word.starts_with("--") || tap.is_some() => return Err(format!("what is {word}?")),
            _ => tap = Some(word),
        }
    }
    Ok(Arguments { tap: tap.ok_or("which tap?")?, seconds, options })
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mut link = Link::connect(&arguments.tap, &arguments.options)?;
    let mut record = Vec::new();
    if !next(&mut link.reader, &mut record)? {
        return Err("the stream ended before it began".into());
    }
    let (rate, channels) = stream_format(&record)?;
    let mut meter = Meter::new(rate, channels);
    let mut printed = 0;
    let mut missed_this_second = 0;
    let mut frame = vec![0f32; channels];
    let mut output = std::io::stdout();
    while arguments.seconds.map_or(true, |seconds| printed < seconds) && next(&mut link.reader, &mut record)? {
        let (position, missed, samples) = block(&record, channels)?;
        missed_this_second += u64::from(missed);
        for (index, bytes) in samples.chunks_exact(4 * channels).enumerate() {
            for (sample, bytes) in frame.iter_mut().zip(bytes.chunks_exact(4)) {
                *sample = f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            }
            if let Some(reading) = meter.add(&frame) {
                let seconds = (position + index as u64 + 1) as f64 / f64::from(rate);
                let peaks: Vec<String> = reading.peaks.iter().map(|peak| format!("{peak:.1}")).collect();
                writeln!(
                    output,
                    "{seconds:.3} s  M {:.1} LUFS  S {:.1} LUFS  peak {} dBFS  missed {missed_this_second}",
                    reading.momentary,
                    reading.short_term,
                    peaks.join(" "),
                )?;
                missed_this_second = 0;
                printed += 1;
                if arguments.seconds == Some(printed) {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// Copies the next record. False: the stream is at its end.
fn next(reader: &mut RingReader, record: &mut Vec<u8>) -> Result<bool, Box<dyn Error>> {
    record.clear();
    match reader.borrow(None) {
        Ok(borrowed) if borrowed.has_more() => Err("a tap's records stand for themselves".into()),
        Ok(borrowed) => {
            borrowed.copy_to(record);
            Ok(true)
        }
        Err(error) if error.code == ErrorCode::Disconnected => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Frames per second and channels of the stream that `record` opens.
fn stream_format(record: &[u8]) -> Result<(u32, usize), Box<dyn Error>> {
    let header: Value = serde_json::from_slice(record)?;
    let number = |key: &str, most: u64| header[key].as_u64().filter(|value| (1..=most).contains(value));
    // Below 4 kHz there would be no K-weighting to speak of.
    let rate = number("sampleRate", 1_000_000).filter(|rate| *rate >= 4_000).ok_or("no usable sampleRate")?;
    let channels = number("channels", 1024).ok_or("no usable channels")?;
    Ok((rate as u32, channels as usize))
}

/// Position, missed frames and samples of `record`.
fn block(record: &[u8], channels: usize) -> Result<(u64, u32, &[u8]), Box<dyn Error>> {
    if record.len() < RECORD_HEADER {
        return Err("a record without its header".into());
    }
    let (header, samples) = record.split_at(RECORD_HEADER);
    let word = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let position = u64::from(word(0)) | u64::from(word(4)) << 32;
    let frames = word(8) as usize;
    if samples.len() as u64 != frames as u64 * channels as u64 * 4 {
        return Err(format!("a record of {} bytes for {frames} frames", record.len()).into());
    }
    if position > u64::MAX / 2 {
        return Err("a position out of range".into());
    }
    Ok((position, word(12), samples))
}
