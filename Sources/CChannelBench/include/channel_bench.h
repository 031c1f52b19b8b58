// For `soundpost channel bench`: what Swift cannot do, and the payload that its peers in Benchmarks/peers/messaging
// have too.
#ifndef CHANNEL_BENCH_H
#define CHANNEL_BENCH_H

#include <stddef.h>
#include <stdint.h>

// In C for its vector instructions: at 64 KiB writing and summing cost more than the way.

// Writes `size` bytes that differ from message to message and returns their sum. They are characters from '@' to 'O',
// which fit into a line of text and into a JSON string.
uint64_t bench_payload_fill(void *to, size_t size, uint64_t message);

// Sum of the 64-bit words, the last one padded with zeros.
uint64_t bench_payload_sum(const void *from, size_t size);

// The processors on which the calling thread may run, one bit each; `bytes` is a multiple of 8. 0 or the negative
// errno; -ENOSYS where threads cannot choose.
int bench_processors(void *mask, size_t bytes);
int bench_choose_processors(const void *mask, size_t bytes);

#endif
