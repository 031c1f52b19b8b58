//! The tests of the `loudness` example's meter, which stand beside it.

#[path = "../examples/loudness/meter.rs"]
mod meter;
