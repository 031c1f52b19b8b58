/* Between two sound cards: the one that hears runs by its own clock, the one that plays takes by another.
 *
 * In the first moments, and when a card has stood still, the stream is centred: silence is played until it is known how
 * much waits on average, and what is too much or too little is cut out or put in. Then it fades in and is followed.
 *
 * What waits between them is kept at one length by converting at a ratio near 1. It is measured whenever the hearing card
 * brings a block: written minus taken, minus what the playing card has played since it last took. Without that last term
 * the two rows of blocks would beat: clocks that differ by little drift through each other's blocks over minutes, and the
 * pitch with them. The ratio follows by a second-order loop (proportional and integral, critically damped),
 * whose bandwidth falls from START_HZ to FINAL_HZ: fast at first, then deaf to the jitter of call-backs. Crystals drift
 * far more slowly than that. Loop: F. Adriaensen, "Controlling adaptive resampling", Linux Audio Conference 2012.
 * SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

#define PI 3.14159265358979323846
#define START_HZ 0.1
#define FINAL_HZ 0.01
#define NARROWING_SECONDS 10.0 /* after this long the bandwidth is half START_HZ */
#define DAMPING 1.0
#define SMOOTHING 5.0 /* bandwidth of the low-pass before the loop, in loop bandwidths */
#define LONGEST_STEP 0.1 /* seconds; or a block, when that is longer */
#define CENTRE_SECONDS 0.25
#define FADE_SECONDS 0.02
#define STALL_SECONDS 0.2 /* a card that takes nothing for longer, and longer than the target, is not thought to play */
#define CHUNK 1024u

struct DynFollower {
    DynFollowerConfig config;
    /* Only what the card has is converted: the card's channel, and the ring's, of each converted one. */
    uint16_t *from, *to;
    uint32_t converted;
    float *brought, *made, *out; /* of a part of a block: as the card gave it, converted, as the ring has it */
    uint32_t room;              /* frames in `made` and `out` */
    /* Frames taken (upper half) at which microsecond (lower half, odd), both modulo 2^32; 0 = none yet. One word, so that
     * neither card's thread ever waits for the other. */
    _Atomic uint64_t taken;
    _Atomic uint64_t resyncs;
    _Atomic uint32_t lost; /* the hearing card said that it lost something */
    /* The hearing card's thread has the rest. */
    uint64_t lastBlock; /* nanoseconds; 0 = none yet */
    int isCentring;
    double seconds;   /* since the phase began: of centring, or of following */
    double sum;       /* centring: of the measurements, frames too many */
    uint32_t samples; /* centring: how many */
    uint32_t skip;    /* frames still to be cut out */
    float gain;       /* falls to 0 for centring, then rises to 1 */
    double smoothed;  /* following: frames too many */
    double drift;     /* what the loop has learned of the clocks: ratio - 1 */
    double ratio;
};

static uint64_t word(uint32_t taken, uint64_t now) DYNCHAIN_NONBLOCKING {
    return (uint64_t)taken << 32 | (uint32_t)(now / 1000u) | 1u;
}

static void writeSilence(DynFollower *follower, uint32_t frames) DYNCHAIN_NONBLOCKING {
    memset(follower->out, 0, (size_t)follower->room * follower->config.channels * sizeof(float));
    while (frames > 0) {
        uint32_t part = frames < follower->room ? frames : follower->room;
        if (DynRing_WriteInterleaved(follower->config.ring, follower->out, part) != part) return;
        frames -= part;
    }
}

static int isPossible(const DynFollowerConfig *config) {
    return config != NULL && config->abiVersion == DYNCHAIN_ABI_VERSION && config->structSize >= sizeof *config &&
           config->sampleRate > 0 && config->channels > 0 && config->target > 0 && config->ring != NULL &&
           config->convert && dynring_channels(config->ring) == config->channels &&
           DynRing_Writable(config->ring) >= (uint64_t)2 * config->target + config->sampleRate;
}

/* Which of the card's channels goes to which of the ring's. */
static uint32_t pairs(const DynFollowerConfig *config, uint16_t *from, uint16_t *to) {
    uint32_t count = 0;
    for (uint32_t ch = 0; ch < config->channels; ch++) {
        uint32_t card = config->map != NULL ? config->map[ch] : ch;
        if (card >= config->cardChannels) continue;
        if (from != NULL) from[count] = (uint16_t)card;
        if (to != NULL) to[count] = (uint16_t)ch;
        count += 1;
    }
    if (count > 0) return count;
    /* A silent one, for the count of its frames. */
    if (from != NULL) from[0] = DYNDRIVER_NO_CHANNEL;
    return 1;
}

uint32_t DynFollower_Converted(const DynFollowerConfig *config) {
    return config != NULL && config->channels > 0 ? pairs(config, NULL, NULL) : 0;
}

DynFollower *DynFollower_Create(const DynFollowerConfig *config) {
    if (!isPossible(config)) return NULL;
    DynFollower *follower = calloc(1, sizeof *follower);
    if (follower == NULL) return NULL;
    follower->config = *config;
    follower->config.map = NULL; /* the caller's */
    follower->room = CHUNK + CHUNK / 64 + 16;
    follower->from = calloc(config->channels, sizeof *follower->from);
    follower->to = calloc(config->channels, sizeof *follower->to);
    follower->brought = calloc((size_t)CHUNK * config->channels, sizeof(float));
    follower->made = calloc((size_t)follower->room * config->channels, sizeof(float));
    follower->out = calloc((size_t)follower->room * config->channels, sizeof(float));
    if (follower->from == NULL || follower->to == NULL || follower->brought == NULL || follower->made == NULL ||
        follower->out == NULL) {
        DynFollower_Destroy(follower);
        return NULL;
    }
    follower->converted = pairs(config, follower->from, follower->to);
    follower->ratio = 1.0;
    follower->isCentring = 1;
    writeSilence(follower, config->target);
    return follower;
}

void DynFollower_Destroy(DynFollower *follower) {
    if (follower == NULL) return;
    free(follower->from);
    free(follower->to);
    free(follower->brought);
    free(follower->made);
    free(follower->out);
    free(follower);
}

void DynFollower_Took(DynFollower *follower, uint64_t now) DYNCHAIN_NONBLOCKING {
    uint32_t taken = (uint32_t)dynring_taken(follower->config.ring);
    atomic_store_explicit(&follower->taken, word(taken, now), memory_order_release);
}

/* Frames that wait too many at this moment; negative when too few. */
static double excess(const DynFollower *follower, uint64_t taken, uint64_t now) DYNCHAIN_NONBLOCKING {
    int32_t waiting = (int32_t)((uint32_t)dynring_written(follower->config.ring) - (uint32_t)(taken >> 32));
    int32_t age = (int32_t)((uint32_t)(now / 1000u) - (uint32_t)taken); /* microseconds */
    double seconds = age < 0 ? 0.0 : (double)age / 1e6;
    double longest = (double)follower->config.target / follower->config.sampleRate;
    if (longest < STALL_SECONDS) longest = STALL_SECONDS;
    if (seconds > longest) seconds = longest;
    return waiting - seconds * follower->config.sampleRate - follower->config.target;
}

static double within(double value, double most) DYNCHAIN_NONBLOCKING {
    return value > most ? most : value < -most ? -most : value;
}

static void beginCentring(DynFollower *follower) DYNCHAIN_NONBLOCKING {
    follower->isCentring = 1;
    follower->seconds = follower->sum = 0.0;
    follower->samples = 0;
    follower->ratio = 1.0 + follower->drift;
}

/* Silence, until the average of what waits is known; then the difference is cut out or put in. */
static void centre(DynFollower *follower, double frames, double step) DYNCHAIN_NONBLOCKING {
    follower->seconds += step;
    follower->sum += frames;
    follower->samples += 1;
    if (follower->seconds < CENTRE_SECONDS) return;
    double mean = follower->sum / follower->samples;
    if (mean < 0.0)
        writeSilence(follower, (uint32_t)-mean);
    else
        follower->skip = (uint32_t)mean;
    follower->isCentring = 0;
    follower->seconds = follower->smoothed = 0.0;
}

static void follow(DynFollower *follower, double frames, double step) DYNCHAIN_NONBLOCKING {
    follower->seconds += step;
    double hertz = START_HZ / (1.0 + follower->seconds / NARROWING_SECONDS);
    double omega = 2.0 * PI * (hertz > FINAL_HZ ? hertz : FINAL_HZ);
    follower->smoothed += within(SMOOTHING * omega * step, 1.0) * (frames - follower->smoothed);
    double seconds = follower->smoothed / follower->config.sampleRate;
    double wanted = follower->drift - 2.0 * DAMPING * omega * seconds;
    follower->ratio = 1.0 + within(wanted, DYNFOLLOWER_RANGE);
    /* At the end of its range the loop learns nothing of the clocks. */
    if (wanted == within(wanted, DYNFOLLOWER_RANGE))
        follower->drift = within(follower->drift - omega * omega * seconds * step, DYNFOLLOWER_RANGE);
}

/* Measures, and tells whether the block is to be kept. */
static int isWanted(DynFollower *follower, uint32_t block, uint64_t now) DYNCHAIN_NONBLOCKING {
    uint64_t taken = atomic_load_explicit(&follower->taken, memory_order_acquire);
    if (taken == 0) return 0;
    double period = (double)block / follower->config.sampleRate;
    double step = follower->lastBlock == 0 ? period : (double)(now - follower->lastBlock) / 1e9;
    follower->lastBlock = now;
    if (follower->skip > 0) return 1; /* what waits is about to change */
    double frames = excess(follower, taken, now), target = follower->config.target;
    /* Of blocks that come at once, only the first stands for a moment in the card's time. */
    int isMoment = step >= 0.5 * period;
    int isTooFew = isMoment && frames < -0.75 * target;
    int isTooMany = frames > target + block && (isMoment || follower->isCentring);
    int isLost = atomic_exchange_explicit(&follower->lost, 0, memory_order_relaxed) != 0;
    if (isTooFew || isTooMany || isLost) {
        if (!follower->isCentring) atomic_fetch_add_explicit(&follower->resyncs, 1, memory_order_relaxed);
        beginCentring(follower);
        if (isTooFew) {
            follower->gain = 0.0f; /* what was before has already broken off */
            writeSilence(follower, (uint32_t)-frames);
        }
        return !isTooMany || follower->gain > 0.0f;
    }
    if (!isMoment) return 1;
    double longest = period > LONGEST_STEP ? period : LONGEST_STEP;
    if (step > longest) step = longest;
    if (!follower->isCentring)
        follow(follower, frames, step);
    else if (follower->gain == 0.0f)
        centre(follower, frames, step);
    return 1;
}

/* Fades out before the stream is centred, and in behind that. */
static void shape(DynFollower *follower, float *samples, uint32_t frames) DYNCHAIN_NONBLOCKING {
    if (!follower->isCentring && follower->gain >= 1.0f) return;
    float step = (follower->isCentring ? -1.0f : 1.0f) / (FADE_SECONDS * (float)follower->config.sampleRate);
    for (uint32_t i = 0; i < frames; i++) {
        float at = follower->gain;
        for (uint32_t ch = 0; ch < follower->config.channels; ch++)
            samples[(size_t)i * follower->config.channels + ch] *= at * at * (3.0f - 2.0f * at);
        at += step;
        follower->gain = at < 0.0f ? 0.0f : at < 1.0f ? at : 1.0f;
    }
}

/* A part of a block as the ring has it, in `out`; returns its frames. */
static uint32_t convert(DynFollower *follower, const float *in, uint32_t inChannels,
                        uint32_t frames) DYNCHAIN_NONBLOCKING {
    uint32_t channels = follower->config.channels, converted = follower->converted;
    for (uint32_t c = 0; c < converted; c++) {
        uint32_t from = follower->from[c];
        for (uint32_t i = 0; i < frames; i++)
            follower->brought[(size_t)i * converted + c] = from < inChannels ? in[(size_t)i * inChannels + from] : 0.0f;
    }
    uint32_t made = follower->config.convert(follower->config.context, follower->brought, frames, follower->ratio,
                                             follower->made, follower->room);
    memset(follower->out, 0, (size_t)made * channels * sizeof(float));
    for (uint32_t c = 0; c < converted; c++)
        for (uint32_t i = 0; i < made; i++)
            follower->out[(size_t)i * channels + follower->to[c]] = follower->made[(size_t)i * converted + c];
    return made;
}

void DynFollower_CardBlock(DynFollower *follower, const float *in, uint32_t inChannels, uint32_t frames,
                           uint64_t now) DYNCHAIN_NONBLOCKING {
    if (in == NULL || !isWanted(follower, frames, now)) return;
    for (uint32_t done = 0; done < frames;) {
        uint32_t part = frames - done < CHUNK ? frames - done : CHUNK;
        uint32_t made = convert(follower, in + (size_t)done * inChannels, inChannels, part);
        uint32_t cut = follower->skip < made ? follower->skip : made;
        float *kept = follower->out + (size_t)cut * follower->config.channels;
        follower->skip -= cut;
        shape(follower, kept, made - cut);
        /* A ring without room says at the next moment, by what waits, that far too much does. */
        DynRing_WriteInterleaved(follower->config.ring, kept, made - cut);
        done += part;
    }
}

void DynFollower_Lost(DynFollower *follower) DYNCHAIN_NONBLOCKING {
    atomic_store_explicit(&follower->lost, 1, memory_order_relaxed);
}

uint64_t DynFollower_Resyncs(const DynFollower *follower) DYNCHAIN_NONBLOCKING {
    return atomic_load_explicit(&follower->resyncs, memory_order_relaxed);
}
