/* Two sound cards whose clocks differ, simulated in time: what waits between them, and the ratio that keeps it so.
 * SPDX-License-Identifier: Apache-2.0 */
#include "../include/dynchain_pc.h"
#include "check.h"
#include "rig.h"

#define RATE 48000u
#define CHANNELS 2u
#define TARGET 2048u

/* Converts at the ratio as far as its count goes: repeats the block's first frame. */
typedef struct Converter {
    double left;
    double ratio;
    uint32_t channels;
} Converter;

static uint32_t convert(void *context, const float *in, uint32_t frames, double ratio, float *out,
                        uint32_t room) DYNCHAIN_NONBLOCKING {
    Converter *converter = context;
    converter->ratio = ratio;
    converter->left += frames * ratio;
    uint32_t made = (uint32_t)converter->left;
    converter->left -= made;
    if (made > room) made = room;
    for (uint32_t i = 0; i < made; i++)
        for (uint32_t ch = 0; ch < converter->channels; ch++) out[i * converter->channels + ch] = in[ch];
    return made;
}

typedef struct Card {
    double rate; /* of its own crystal, Hz */
    uint32_t block;
    double jitter;  /* its call-backs come up to so many seconds late */
    uint32_t burst; /* so many blocks come together */
    uint64_t blocks;
    double at;       /* when the next call-back comes */
    double pause[2]; /* from, to: no call-back */
    int isLossy;     /* what a pause held up is lost */
} Card;

typedef struct Cards {
    Card hears, plays;
    uint32_t rate, target;
    Converter converter;
    DynRing *ring;
    DynFollower *follower;
    uint64_t random;
    uint64_t missed; /* frames that the playing card did not find */
    uint32_t least, most; /* that waited behind a block that was brought */
    double lowest, highest; /* ratio */
} Cards;

static double whenNext(Card *card, uint64_t *random) {
    uint64_t last = card->blocks / card->burst * card->burst + card->burst - 1;
    double at = (double)(last + 1) * card->block / card->rate + rig_random(random) * card->jitter;
    if (at >= card->pause[0] && at < card->pause[1]) {
        if (card->isLossy) card->blocks += (uint64_t)((card->pause[1] - at) * card->rate / card->block);
        at = card->pause[1];
    }
    return at > card->at ? at : card->at;
}

static Cards cards(Card hears, Card plays) {
    return (Cards){.hears = hears, .plays = plays, .rate = RATE, .target = TARGET, .random = 11};
}

static void begin(Cards *c, const uint16_t *map) {
    c->ring = DynRing_Create(CHANNELS, 2 * c->target + c->rate);
    DynFollowerConfig config = {.abiVersion = DYNCHAIN_ABI_VERSION, .structSize = sizeof config, .sampleRate = c->rate,
                                .channels = CHANNELS, .cardChannels = 3, .target = c->target, .ring = c->ring,
                                .map = map, .convert = convert, .context = &c->converter};
    CHECK(DynFollower_Converted(&config) == (map == NULL ? CHANNELS : 1));
    c->converter.channels = DynFollower_Converted(&config);
    c->follower = DynFollower_Create(&config);
    CHECK(c->follower != NULL);
    c->hears.at = whenNext(&c->hears, &c->random);
    c->plays.at = whenNext(&c->plays, &c->random);
}

static uint64_t nanoseconds(double seconds) { return 1000000000u + (uint64_t)(seconds * 1e9); }

static void bring(Cards *c) {
    static float block[8192 * CHANNELS];
    DynFollower_CardBlock(c->follower, block, CHANNELS, c->hears.block, nanoseconds(c->hears.at));
    uint32_t waiting = DynRing_Readable(c->ring);
    if (waiting < c->least) c->least = waiting;
    if (waiting > c->most) c->most = waiting;
    if (c->converter.ratio < c->lowest) c->lowest = c->converter.ratio;
    if (c->converter.ratio > c->highest) c->highest = c->converter.ratio;
}

static void take(Cards *c) {
    static float samples[CHANNELS][8192];
    float *channels[CHANNELS] = {samples[0], samples[1]};
    if (DynRing_Read(c->ring, channels, c->plays.block) != c->plays.block) c->missed += c->plays.block;
    DynFollower_Took(c->follower, nanoseconds(c->plays.at));
}

/* Lets both run until a moment, and watches from now on. */
static void run(Cards *c, double until) {
    c->least = UINT32_MAX;
    c->most = 0;
    c->lowest = 2.0;
    c->highest = 0.0;
    c->missed = 0;
    while (c->hears.at < until || c->plays.at < until) {
        Card *next = c->hears.at < c->plays.at ? &c->hears : &c->plays;
        if (next == &c->hears)
            bring(c);
        else
            take(c);
        next->blocks += 1;
        next->at = whenNext(next, &c->random);
    }
}

static void end(Cards *c) {
    DynFollower_Destroy(c->follower);
    DynRing_Destroy(c->ring);
}

static Card card(double ppm, uint32_t block) {
    return (Card){.rate = RATE * (1 + ppm / 1e6), .block = block, .burst = 1, .pause = {-1, -1}};
}

static double ppm(double ratio, double expected) { return fabs(ratio / expected - 1) * 1e6; }

static void clocksThatDifferAreFollowed(void) {
    double offsets[] = {0, 20, -20, 300, -300, 3000, -3000};
    uint32_t blocks[][2] = {{64, 64}, {512, 512}, {480, 512}, {512, 160}};
    for (uint32_t o = 0; o < 7; o++)
        for (uint32_t b = 0; b < 4; b++) {
            Cards c = cards(card(offsets[o], blocks[b][0]), card(0, blocks[b][1]));
            begin(&c, NULL);
            run(&c, 120);
            CHECK(c.missed == 0);
            run(&c, 180);
            CHECK(c.missed == 0 && DynFollower_Resyncs(c.follower) == 0);
            double expected = 1 / (1 + offsets[o] / 1e6);
            CHECK(ppm(c.lowest, expected) < 20 && ppm(c.highest, expected) < 20);
            CHECK(c.least + blocks[b][1] + 32 > TARGET && c.most < TARGET + blocks[b][0] + 2 * blocks[b][1] + 32);
            end(&c);
        }
}

/* Blocks that last longer than the loop's own times. */
static void longBlocksAreFollowed(void) {
    struct {
        uint32_t rate, block, burst, target;
        double ppm;
    } cases[] = {{8000, 4096, 1, 2 * 4096 + 280, 300}, {8000, 2048, 1, 3 * 2048, 300}, {48000, 8192, 2, 6 * 8192, 20},
                 {48000, 8192, 2, 6 * 8192, -300},     {192000, 8192, 4, 8 * 8192, 100}};
    for (uint32_t i = 0; i < 5; i++) {
        Card hears = card(cases[i].ppm, cases[i].block), plays = card(0, cases[i].block);
        hears.rate *= (double)cases[i].rate / RATE;
        plays.rate = cases[i].rate;
        plays.burst = cases[i].burst;
        Cards c = cards(hears, plays);
        c.rate = cases[i].rate;
        c.target = cases[i].target;
        begin(&c, NULL);
        run(&c, 300);
        CHECK(c.missed == 0);
        run(&c, 900);
        CHECK(c.missed == 0 && DynFollower_Resyncs(c.follower) == 0);
        double expected = 1 / (1 + cases[i].ppm / 1e6);
        CHECK(ppm(c.lowest, expected) < 20 && ppm(c.highest, expected) < 20);
        end(&c);
    }
}

/* Blocks that drift through each other over minutes must not be heard in the pitch. */
static void blocksThatBeatSlowlyLeaveThePitchAlone(void) {
    double offsets[] = {2, 10, 50, 200};
    for (uint32_t o = 0; o < 4; o++) {
        Cards c = cards(card(offsets[o], 512), card(0, 512));
        begin(&c, NULL);
        run(&c, 120);
        run(&c, 600);
        CHECK((c.highest - c.lowest) * 1e6 < 5.0); /* a hundredth of a cent; what is left is whole frames */
        CHECK(c.missed == 0);
        end(&c);
    }
}

/* Call-backs of sound servers come late, and several at once. */
static void jitterAndBurstsAreBorne(void) {
    struct {
        double jitter;
        uint32_t hears, plays;
    } cases[] = {{0.005, 1, 1}, {0.0, 4, 1}, {0.0, 1, 4}, {0.003, 4, 3}};
    for (uint32_t i = 0; i < 4; i++) {
        Card hears = card(150, 256), plays = card(0, 256);
        hears.jitter = plays.jitter = cases[i].jitter;
        hears.burst = cases[i].hears;
        plays.burst = cases[i].plays;
        Cards c = cards(hears, plays);
        begin(&c, NULL);
        run(&c, 120);
        CHECK(c.missed == 0);
        run(&c, 300);
        CHECK(c.missed == 0 && DynFollower_Resyncs(c.follower) == 0);
        CHECK(ppm(c.lowest, 1 / 1.00015) < 250 && ppm(c.highest, 1 / 1.00015) < 250); /* half a cent */
        end(&c);
    }
}

/* A card that stands still for a second costs one cut; afterwards all is as before. */
static void aCardThatStandsStillIsFoundAgain(void) {
    for (uint32_t which = 0; which < 4; which++) {
        Card two[2] = {card(-100, 256), card(0, 256)};
        two[which % 2].pause[0] = 60;
        two[which % 2].pause[1] = 61;
        two[which % 2].isLossy = which / 2 == 1;
        Cards c = cards(two[0], two[1]);
        begin(&c, NULL);
        run(&c, 59);
        CHECK(c.missed == 0);
        run(&c, 62.5);
        uint64_t cuts = DynFollower_Resyncs(c.follower);
        CHECK(cuts >= 1 && cuts <= 2);
        run(&c, 120);
        CHECK(c.missed == 0 && DynFollower_Resyncs(c.follower) == cuts);
        run(&c, 240);
        CHECK(c.least + 256 + 32 > TARGET && c.most < TARGET + 2 * 256 + 32);
        CHECK(c.missed == 0 && ppm(c.highest, 1 / 0.9999) < 20 && ppm(c.lowest, 1 / 0.9999) < 20);
        end(&c);
    }
}

/* What a card says that it lost is less than would be noticed: without centring the pitch would bend for long. */
static void whatACardLosesIsCutOut(void) {
    Cards c = cards(card(40, 64), card(0, 64));
    begin(&c, NULL);
    run(&c, 120);
    c.hears.blocks += 15; /* 20 ms */
    c.hears.at = whenNext(&c.hears, &c.random);
    DynFollower_Lost(c.follower);
    run(&c, 121);
    CHECK(DynFollower_Resyncs(c.follower) == 1);
    run(&c, 180);
    CHECK(ppm(c.lowest, 1 / 1.00004) < 30 && ppm(c.highest, 1 / 1.00004) < 30 && c.missed == 0);
    CHECK(DynFollower_Resyncs(c.follower) == 1);
    end(&c);
}

static void nothingIsKeptBeforeTheOtherCardTakes(void) {
    Card plays = card(0, 256);
    plays.pause[0] = 0;
    plays.pause[1] = 3;
    plays.isLossy = 1;
    Cards c = cards(card(0, 256), plays);
    begin(&c, NULL);
    run(&c, 3);
    CHECK(c.most == TARGET && c.least == TARGET);
    run(&c, 10);
    CHECK(c.missed == 0 && DynFollower_Resyncs(c.follower) == 0);
    end(&c);
}

/* And it begins in silence, then fades in. */
static void theFollowersChannelsAreThoseOfTheMap(void) {
    const uint16_t map[CHANNELS] = {2, DYNDRIVER_NO_CHANNEL};
    Cards c = cards(card(0, 64), card(0, 64));
    begin(&c, map);
    float in[64][3], out[64][CHANNELS], last = 0.0f, steepest = 0.0f;
    for (uint32_t i = 0; i < 64; i++)
        for (uint32_t ch = 0; ch < 3; ch++) in[i][ch] = (float)(ch + 1);
    for (uint32_t block = 0; block < RATE / 64; block++) {
        CHECK(DynRing_ReadInterleaved(c.ring, out[0], 64) == 64);
        DynFollower_Took(c.follower, nanoseconds(block * 64.0 / RATE));
        DynFollower_CardBlock(c.follower, in[0], 3, 64, nanoseconds(block * 64.0 / RATE));
        for (uint32_t i = 0; i < 64; i++) {
            if (block * 64 < TARGET + RATE / 5) CHECK(out[i][0] == 0.0f);
            CHECK(out[i][0] >= last && out[i][1] == 0.0f);
            if (out[i][0] - last > steepest) steepest = out[i][0] - last;
            last = out[i][0];
        }
    }
    CHECK(last == 3.0f && steepest < 3 * 1.6f / (RATE / 50)); /* 3x^2 - 2x^3 rises by 1.5 at most */
    end(&c);
}

static void aFollowerThatCannotBeIsRefused(void) {
    DynRing *ring = DynRing_Create(CHANNELS, 65536), *small = DynRing_Create(CHANNELS, 32768);
    DynRing *narrow = DynRing_Create(1, 65536);
    Converter converter = {.channels = CHANNELS};
    DynFollowerConfig config = {.abiVersion = DYNCHAIN_ABI_VERSION, .structSize = sizeof config, .sampleRate = RATE,
                                .channels = CHANNELS, .cardChannels = CHANNELS, .target = TARGET, .ring = ring,
                                .convert = convert, .context = &converter};
    CHECK(DynFollower_Create(NULL) == NULL && DynFollower_Converted(NULL) == 0);
    DynFollowerConfig wrong[] = {config, config, config, config, config, config, config, config, config};
    wrong[0].abiVersion += 1;
    wrong[1].sampleRate = 0;
    wrong[2].channels = 0;
    wrong[3].target = 0;
    wrong[4].ring = NULL;
    wrong[5].ring = small;
    wrong[6].ring = narrow;
    wrong[7].convert = 0;
    wrong[8].structSize -= 1;
    for (uint32_t i = 0; i < 9; i++) CHECK(DynFollower_Create(&wrong[i]) == NULL);
    DynFollower_Destroy(NULL);
    CHECK(DynRing_Readable(ring) == 0);
    DynFollower *follower = DynFollower_Create(&config);
    CHECK(follower != NULL && DynRing_Readable(ring) == TARGET);
    DynFollower_Destroy(follower);
    DynRing_Destroy(ring);
    DynRing_Destroy(small);
    DynRing_Destroy(narrow);
}

int main(void) {
    CHECK_RUN(clocksThatDifferAreFollowed);
    CHECK_RUN(longBlocksAreFollowed);
    CHECK_RUN(blocksThatBeatSlowlyLeaveThePitchAlone);
    CHECK_RUN(jitterAndBurstsAreBorne);
    CHECK_RUN(aCardThatStandsStillIsFoundAgain);
    CHECK_RUN(whatACardLosesIsCutOut);
    CHECK_RUN(nothingIsKeptBeforeTheOtherCardTakes);
    CHECK_RUN(theFollowersChannelsAreThoseOfTheMap);
    CHECK_RUN(aFollowerThatCannotBeIsRefused);
    return check_report();
}
