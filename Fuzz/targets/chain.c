/* Fuzzes the C library as a device would meet it: a link frame from outside, then parameters, then sound. A frame may be
 * refused; what is accepted must run, and its output must be finite.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Input: 1 byte link frame version, frame size and channels; u16 frame length; the frame; then parameter edits of 9
 * bytes (module, parameter u16, index u16, value u32), two blocks of noise after every eighth and at the end.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dynchain.h"

#define MAX_FRAME 64u
#define MAX_CHANNELS 8u
#define MAX_MEMORY (48u << 20)

static DynChainRegistry *registry;
static void *memory;
static float samples[2][MAX_CHANNELS][MAX_FRAME];

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    registry = aligned_alloc(64, (DynChain_RegistrySize() + 63u) & ~63u);
    memory = aligned_alloc(64, MAX_MEMORY);
    if (registry == NULL || memory == NULL || DynChain_RegistryInit(registry) != DYNCHAIN_OK) abort();
    return 0;
}

static uint32_t read_u16(const uint8_t *data) { return (uint32_t)data[0] | (uint32_t)data[1] << 8; }

static void set_parameter(DynChain *chain, const uint8_t *edit) {
    uint16_t parameter = (uint16_t)read_u16(edit + 1), index = (uint16_t)read_u16(edit + 3);
    const DynChainParamSchema *schema = NULL;
    int32_t size = DynChain_ParamInfo(chain, edit[0], parameter, index, &schema);
    uint8_t value[4];
    memcpy(value, edit + 5, 4);
    DynChain_SetParamIndexed(chain, edit[0], parameter, index, value, size > 0 && size <= 4 ? (uint32_t)size : 4u);
    DynChain_GetParamIndexed(chain, edit[0], parameter, index, value, size > 0 && size <= 4 ? (uint32_t)size : 4u);
}

static void process(DynChain *chain, uint32_t channels, uint32_t frame) {
    static uint32_t state = 1;
    const float *in[MAX_CHANNELS];
    float *out[MAX_CHANNELS];
    for (uint32_t c = 0; c < channels; c++) {
        for (uint32_t n = 0; n < frame; n++) {
            state = state * 1664525u + 1013904223u;
            samples[0][c][n] = (float)(int32_t)state / 2147483648.0f;
        }
        in[c] = samples[0][c];
        out[c] = samples[1][c];
    }
    if (DynChain_Process(chain, in, channels, out, channels, frame) != DYNCHAIN_OK) return;
    for (uint32_t c = 0; c < channels; c++) {
        for (uint32_t n = 0; n < frame; n++) {
            if (!isfinite(out[c][n])) {
                fprintf(stderr, "channel %u, sample %u is not finite\n", c, n);
                abort();
            }
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 3) return -1;
    uint32_t version = data[0] & 1 ? DYNCHAIN_LINK_V4 : DYNCHAIN_LINK_V3;
    uint32_t frame = 1u + (data[0] >> 4) * 4u;
    uint16_t channels = (uint16_t)(1u << (data[0] >> 1 & 3));
    uint32_t length = read_u16(data + 1);
    data += 3, size -= 3;
    if (length > size) length = (uint32_t)size;

    DynChainConfig config = {
        .abiVersion = DYNCHAIN_ABI_VERSION, .structSize = sizeof config, .registry = registry, .sampleRate = 48000,
        .frameSize = frame, .numInputs = 1, .inputChannels = &channels, .numOutputs = 1, .outputChannels = &channels,
    };
    /* An exact copy, so that one byte read too far is seen. */
    uint8_t *copy = malloc(length + 1u);
    if (copy == NULL) abort();
    memcpy(copy, data, length);
    copy = realloc(copy, length > 0 ? length : 1u);
    size_t need = 0;
    DynChain *chain = NULL;
    int32_t status = DynChain_GetMemSize(&config, version, copy, length, &need);
    if (status == DYNCHAIN_OK && need <= MAX_MEMORY) {
        status = DynChain_Init(memory, need, &config, &chain);
        if (status != DYNCHAIN_OK) abort(); /* GetMemSize took the configuration: Init must */
        status = DynChain_LoadLinkFrame(chain, version, copy, length);
        const uint8_t *edit = data + length, *end = data + size;
        for (uint32_t n = 0; n < 4 && end - edit >= 9; n++, edit += 9) set_parameter(chain, edit);
        if (DynChain_Rebuild(chain) == DYNCHAIN_OK) {
            if (status != DYNCHAIN_OK) abort(); /* a refused frame leaves nothing to build */
            for (uint32_t n = 0; n < 256 && end - edit >= 9; n++, edit += 9) {
                set_parameter(chain, edit);
                if (n % 8 == 0) process(chain, channels, frame);
            }
            process(chain, channels, frame);
            process(chain, channels, frame);
        }
        DynChain_Destroy(chain);
    }
    free(copy);
    return 0;
}
