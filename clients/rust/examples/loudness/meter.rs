//! Loudness by ITU-R BS.1770-5, annex 1: K-weighted, in LUFS, over 400 ms (momentary) and 3 s (short-term).

use std::collections::VecDeque;
use std::f64::consts::PI;

/// Second-order filter, transposed direct form II.
#[derive(Clone, Copy)]
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    state: [f64; 2],
}

impl Biquad {
    fn run(&mut self, x: f64) -> f64 {
        let y = self.b[0] * x + self.state[0];
        self.state[0] = self.b[1] * x - self.a[0] * y + self.state[1];
        self.state[1] = self.b[2] * x - self.a[1] * y;
        y
    }
}

/// The two stages of the K-weighting at any rate: the analogue filters that give the recommendation's coefficients at
/// 48 kHz (as libebur128 has them), put through the bilinear transform with their corner frequency kept.
fn k_weighting(rate: f64) -> [Biquad; 2] {
    let (frequency, gain_db, q) = (1_681.974_450_955_533, 3.999_843_853_973_347, 0.707_175_236_955_419_6);
    let k = (PI * frequency / rate).tan();
    let high = 10f64.powf(gain_db / 20.0);
    let band = high.powf(0.499_666_774_154_541_6);
    let a0 = 1.0 + k / q + k * k;
    let shelf = Biquad {
        b: [(high + band * k / q + k * k) / a0, 2.0 * (k * k - high) / a0, (high - band * k / q + k * k) / a0],
        a: [2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0],
        state: [0.0; 2],
    };
    let (frequency, q) = (38.135_470_876_024_44, 0.500_327_037_323_877_3);
    let k = (PI * frequency / rate).tan();
    let a0 = 1.0 + k / q + k * k;
    let high_pass =
        Biquad { b: [1.0, -2.0, 1.0], a: [2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0], state: [0.0; 2] };
    [shelf, high_pass]
}

/// Weight of a channel's power. Five or six channels are L R C (LFE) Ls Rs; of other counts all weigh the same.
fn weight(channel: usize, channels: usize) -> f64 {
    match (channels, channel) {
        (6, 3) => 0.0,
        (6, 4 | 5) | (5, 3 | 4) => 1.41,
        _ => 1.0,
    }
}

/// What the meter shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// LUFS over the last 400 ms, minus infinity in silence. Before the first sample there was silence.
    pub momentary: f64,
    /// LUFS over the last 3 s.
    pub short_term: f64,
    /// Highest absolute sample per channel since the reading before, in dBFS.
    pub peaks: Vec<f64>,
}

struct ChannelState {
    filters: [Biquad; 2],
    weight: f64,
    energy: f64,
    peak: f32,
}

/// A loudness meter for interleaved samples, full scale ±1.
pub struct Meter {
    rate: u64,
    channels: Vec<ChannelState>,
    /// Frames of the current second, and in the current block of 100 ms.
    in_second: u64,
    in_block: u64,
    /// Weighted mean square of the last thirty blocks of 100 ms.
    blocks: VecDeque<f64>,
}

const BLOCKS_A_SECOND: u64 = 10;
const MOMENTARY_BLOCKS: usize = 4;
const SHORT_TERM_BLOCKS: usize = 30;

impl Meter {
    /// A meter for `channels` channels at `rate` frames per second.
    pub fn new(rate: u32, channels: usize) -> Self {
        let filters = k_weighting(f64::from(rate));
        let state = |channel| ChannelState { filters, weight: weight(channel, channels), energy: 0.0, peak: 0.0 };
        Meter {
            rate: rate.into(),
            channels: (0..channels).map(state).collect(),
            in_second: 0,
            in_block: 0,
            blocks: std::iter::repeat(0.0).take(SHORT_TERM_BLOCKS).collect(),
        }
    }

    /// Takes one frame, a sample per channel; a reading at the end of every second.
    pub fn add(&mut self, frame: &[f32]) -> Option<Reading> {
        for (channel, &sample) in self.channels.iter_mut().zip(frame) {
            channel.peak = channel.peak.max(sample.abs());
            let [shelf, high_pass] = &mut channel.filters;
            // A sample that is no number must not stay in the filters for ever.
            let weighted = high_pass.run(shelf.run(if sample.is_finite() { f64::from(sample) } else { 0.0 }));
            channel.energy += weighted * weighted;
        }
        self.in_second += 1;
        self.in_block += 1;
        // Blocks end at the frame nearest below each tenth of a second, at rates that ten does not divide too.
        let tenth = self.in_second * BLOCKS_A_SECOND / self.rate;
        if tenth != (self.in_second - 1) * BLOCKS_A_SECOND / self.rate {
            self.end_block();
        }
        if self.in_second < self.rate {
            return None;
        }
        self.in_second = 0;
        Some(self.read())
    }

    fn end_block(&mut self) {
        let frames = self.in_block as f64;
        let power = self.channels.iter().map(|channel| channel.weight * channel.energy / frames).sum();
        self.blocks.pop_front();
        self.blocks.push_back(power);
        self.in_block = 0;
        for channel in &mut self.channels {
            channel.energy = 0.0;
        }
    }

    fn read(&mut self) -> Reading {
        let loudness = |blocks: usize| {
            let sum: f64 = self.blocks.iter().rev().take(blocks).sum();
            -0.691 + 10.0 * (sum / blocks as f64).log10()
        };
        let (momentary, short_term) = (loudness(MOMENTARY_BLOCKS), loudness(SHORT_TERM_BLOCKS));
        let peaks = self.channels.iter_mut().map(|channel| 20.0 * f64::from(std::mem::take(&mut channel.peak)).log10());
        Reading { momentary, short_term, peaks: peaks.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last reading of `seconds` of a sine of `level` dBFS on the channels in `on`.
    fn sine(rate: u32, channels: usize, on: &[usize], level: f64, seconds: u32) -> Reading {
        let mut meter = Meter::new(rate, channels);
        let amplitude = 10f64.powf(level / 20.0);
        let mut last = None;
        for n in 0..rate * seconds {
            let value = amplitude * (2.0 * PI * 997.0 * f64::from(n) / f64::from(rate)).sin();
            let mut frame = vec![0.0; channels];
            on.iter().for_each(|channel| frame[*channel] = value as f32);
            last = meter.add(&frame).or(last);
        }
        last.expect("at least a second")
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 0.02
    }

    #[test]
    fn a_full_scale_sine_in_one_channel_reads_minus_3_01() {
        // The recommendation says 48 kHz; elsewhere the bilinear transform bends the shelf a little, and ten does not
        // divide 11 025.
        for (rate, tolerance) in [(11_025, 0.05), (44_100, 0.01), (48_000, 0.005), (96_000, 0.05), (192_000, 0.05)] {
            for channels in [1, 2, 8] {
                let reading = sine(rate, channels, &[0], 0.0, 4);
                for loudness in [reading.momentary, reading.short_term] {
                    assert!((loudness + 3.01).abs() < tolerance, "{rate} Hz: {reading:?}");
                }
                assert!(near(reading.peaks[0], 0.0), "{rate} Hz: {reading:?}");
            }
        }
    }

    #[test]
    fn a_stereo_sine_at_minus_23_reads_minus_23() {
        let reading = sine(48_000, 2, &[0, 1], -23.0, 4);
        assert!(near(reading.short_term, -23.0), "{reading:?}");
        assert!(near(reading.peaks[1], -23.0), "{reading:?}");
    }

    #[test]
    fn surround_channels_weigh_more_and_the_lfe_nothing() {
        let surround = sine(48_000, 6, &[4], 0.0, 4);
        assert!(near(surround.short_term, -3.01 + 10.0 * 1.41f64.log10()), "{surround:?}");
        assert_eq!(sine(48_000, 6, &[3], 0.0, 1).momentary, f64::NEG_INFINITY);
    }

    #[test]
    fn the_filters_at_48_khz_are_the_recommendations() {
        let [shelf, high_pass] = k_weighting(48_000.0);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(shelf.b[0], 1.535_124_859_586_97) && near(shelf.b[1], -2.691_696_189_406_38));
        assert!(near(shelf.b[2], 1.198_392_810_852_85));
        assert!(near(shelf.a[0], -1.690_659_293_182_41) && near(shelf.a[1], 0.732_480_774_215_85));
        assert!(near(high_pass.a[0], -1.990_047_454_833_98) && near(high_pass.a[1], 0.990_072_250_366_21));
    }
}
