#include "channel_bench.h"

#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

#define LOW_NIBBLES 0x0F0F0F0F0F0F0F0Full
#define LETTERS 0x4040404040404040ull

CLONES uint64_t bench_payload_fill(void *to, size_t size, uint64_t message) {
    unsigned char *bytes = to;
    size_t words = size / 8;
    uint64_t seed = message * 0x9E3779B97F4A7C15ull;
    uint64_t sum = 0;
    for (size_t j = 0; j < words; ++j) {
        uint64_t word = ((seed + j * 0xD1B54A32D192ED03ull) & LOW_NIBBLES) | LETTERS;
        memcpy(bytes + 8 * j, &word, 8);
        sum += word;
    }
    if (size % 8 != 0) {
        uint64_t word = ((seed + words * 0xD1B54A32D192ED03ull) & LOW_NIBBLES) | LETTERS;
        uint64_t tail = 0;
        memcpy(&tail, &word, size % 8);
        memcpy(bytes + 8 * words, &tail, size % 8);
        sum += tail;
    }
    return sum;
}

CLONES uint64_t bench_payload_sum(const void *from, size_t size) {
    const unsigned char *bytes = from;
    size_t words = size / 8;
    uint64_t sum = 0;
    for (size_t j = 0; j < words; ++j) {
        uint64_t word;
        memcpy(&word, bytes + 8 * j, 8);
        sum += word;
    }
    uint64_t tail = 0;
    memcpy(&tail, bytes + 8 * words, size % 8);
    return sum + tail;
}
