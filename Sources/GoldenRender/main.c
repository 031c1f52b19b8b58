/* Renders fixed signals through fixed chains and prints a hash a chain. The SwiftPM and the CMake build of the library,
 * each with vector and with plain kernels, must print the same lines (scripts/tests/golden.sh compares them).
 * SPDX-License-Identifier: Apache-2.0 */
#include "../CDynamicChain/tests/rig.h"

#define MAX_CHANNELS 9u
#define SAMPLES 24000u

typedef struct Golden {
    const char *name;
    uint32_t rate, frame, channels;
    RigModule modules[6];
    uint32_t count;
} Golden;

static const Golden goldens[] = {
    {"gain", 48000, 240, 2, {{"gain#1", RIG_GAIN, 0}}, 1},
    {"delay", 44100, 64, 2, {{"delay#1", RIG_DELAY, 0}}, 1},
    {"eq-1", 48000, 240, 1, {{"eq#1", RIG_EQ, 0}}, 1},
    {"eq-2", 96000, 32, 2, {{"eq#1", RIG_EQ, 0}}, 1},
    {"eq-3", 48000, 100, 3, {{"eq#1", RIG_EQ, 0}}, 1},
    {"eq-8", 48000, 240, 8, {{"eq#1", RIG_EQ, 0}}, 1},
    {"eq-9", 192000, 1024, 9, {{"eq#1", RIG_EQ, 0}}, 1},
    {"mixer", 48000, 240, 4, {{"mixer#1", RIG_MIXER, 0}}, 1},
    {"limiter-1", 48000, 240, 1, {{"limiter#1", RIG_LIMITER, 0}}, 1},
    {"limiter-8", 48000, 17, 8, {{"limiter#1", RIG_LIMITER, 0}}, 1},
    {"generator", 48000, 240, 2, {{"generator#1", RIG_GENERATOR, 0}}, 1},
    {"meter", 48000, 240, 2, {{"meter#1", RIG_METER, 0}}, 1},
    {"whole", 48000, 240, 8,
     {{"gain#1", RIG_GAIN, 0}, {"delay#1", RIG_DELAY, 0}, {"eq#1", RIG_EQ, 0}, {"mixer#1", RIG_MIXER, 0},
      {"meter#1", RIG_METER, 0}, {"limiter#1", RIG_LIMITER, 0}}, 6},
};

/* Sets one random legal value of a random parameter. */
static void change(DynChain *chain, uint32_t module, uint32_t channels, uint64_t *random) {
    const ModuleFuncTable *table = DynChain_Module(chain, module)->table;
    const DynChainParamSchema *schema = &table->params[(uint32_t)(rig_random(random) * table->numParams)];
    uint32_t d[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        uint32_t extent = schema->dims[i] == 0 ? 1 : schema->extents[i] != 0 ? schema->extents[i] : channels;
        d[i] = (uint32_t)(rig_random(random) * extent);
        if (schema->dims[i] == 'b') d[i] %= 10; /* a band that is often in use */
    }
    uint16_t index = (uint16_t)(schema->dims[1] != 0 ? d[0] << 8 | d[1] : d[0]);
    float highest = schema->maxValue;
    if (schema->flags & DYNCHAIN_PARAM_MAX_IS_OF_RATE)
        highest *= (float)DynChain_Module(chain, module)->sampleRate;
    double value = schema->minValue + (highest - schema->minValue) * rig_random(random);
    float real = (float)value;
    int32_t whole = (int32_t)(value + 0.5);
    uint8_t byte = (uint8_t)(rig_random(random) < 0.7);
    if (schema->dataType == DYNCHAIN_TYPE_ENUM) whole = (int32_t)(rig_random(random) * schema->numValues);
    if (schema->dataType == DYNCHAIN_TYPE_FLOAT)
        rig_check(DynChain_SetParamIndexed(chain, module, schema->paramTypeId, index, &real, 4), schema->name);
    else if (schema->dataType == DYNCHAIN_TYPE_BOOL)
        rig_check(DynChain_SetParamIndexed(chain, module, schema->paramTypeId, index, &byte, 1), schema->name);
    else
        rig_check(DynChain_SetParamIndexed(chain, module, schema->paramTypeId, index, &whole, 4), schema->name);
}

static uint64_t render(const Golden *g, uint8_t plain) {
    Rig rig = rig_make(g->rate, g->frame, g->channels);
    rig.plainKernels = plain;
    RigChain description = rig_series(g->modules, g->count);
    RigPlan plan = rig_chain(&rig, &description);
    uint64_t random = 20261, hash = 14695981039346656037ull;
    for (uint32_t m = 0; m < g->count; m++)
        for (int i = 0; i < 60; i++) change(plan.chain, m, g->channels, &random);
    float *in = calloc((size_t)g->channels * g->frame, sizeof(float));
    float *out = calloc((size_t)g->channels * g->frame, sizeof(float));
    const float *inputs[MAX_CHANNELS];
    float *outputs[MAX_CHANNELS];
    for (uint32_t ch = 0; ch < g->channels; ch++) {
        inputs[ch] = in + (size_t)ch * g->frame;
        outputs[ch] = out + (size_t)ch * g->frame;
    }
    for (uint32_t at = 0; at < SAMPLES; at += g->frame) {
        for (uint32_t i = 0; i < g->channels * g->frame; i++) in[i] = (float)(2.0 * rig_random(&random) - 1.0);
        if (rig_random(&random) < 0.05) {
            uint32_t m = (uint32_t)(rig_random(&random) * g->count);
            change(plan.chain, m, g->channels, &random);
            rig_check(DynChain_SetEnable(plan.chain, m, rig_random(&random) < 0.8), "enable");
        }
        rig_check(DynChain_Process(plan.chain, inputs, g->channels, outputs, g->channels, g->frame), "Process");
        for (uint32_t i = 0; i < g->channels * g->frame; i++) {
            uint32_t bits;
            memcpy(&bits, &out[i], sizeof bits);
            hash = (hash ^ bits) * 1099511628211ull;
        }
    }
    free(in);
    free(out);
    rig_plan_free(&plan);
    rig_free(&rig);
    return hash;
}

int main(int argc, char **argv) {
    uint8_t plain = argc > 1 && strcmp(argv[1], "--plain") == 0;
    for (size_t i = 0; i < sizeof goldens / sizeof goldens[0]; i++)
        printf("%s %016llx\n", goldens[i].name, (unsigned long long)render(&goldens[i], plain));
    return 0;
}
