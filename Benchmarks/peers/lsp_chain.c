/* The benchmark's chain from LSP's LADSPA plug-ins: parametric equalizer (IIR mode, input gain) and limiter with the same
 * look-ahead, stereo plug-ins for pairs of channels. With LSP_DELAY=1 in the environment their delay compensator stands
 * between, otherwise there is no delay.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <dlfcn.h>
#include <glob.h>
#include <ladspa.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define MAX_PORTS 512
#define MAX_STAGES 16

/** One plug-in instance: `width` channels starting at `channel`. */
typedef struct Stage {
    const LADSPA_Descriptor *plugin;
    LADSPA_Handle handle;
    uint32_t channel, width;
    float control[MAX_PORTS];
    unsigned long inputs[2], outputs[2];
} Stage;

typedef struct Chain {
    Stage stages[MAX_STAGES];
    uint32_t count, channels;
    float *wire[2][BENCH_MAX_CHANNELS];
} Chain;

static LADSPA_Descriptor_Function descriptors;

static int load_library(void) {
    glob_t found;
    const char *path = getenv("LSP_LADSPA");
    int listed = path == NULL && glob("/usr/lib/ladspa/lsp-plugins-ladspa*.so", 0, NULL, &found) == 0;
    if (listed) path = found.gl_pathv[0];
    void *library = path == NULL ? NULL : dlopen(path, RTLD_NOW);
    if (library != NULL) *(void **)&descriptors = dlsym(library, "ladspa_descriptor");
    if (descriptors == NULL) fprintf(stderr, "lsp: no LADSPA plug-ins (%s)\n", path == NULL ? "not found" : dlerror());
    if (listed) globfree(&found);
    return descriptors != NULL;
}

static const LADSPA_Descriptor *find(const char *name, uint32_t width) {
    char label[128];
    snprintf(label, sizeof label, "http://lsp-plug.in/plugins/ladspa/%s_%s", name, width == 2 ? "stereo" : "mono");
    for (unsigned long n = 0;; n++) {
        const LADSPA_Descriptor *plugin = descriptors(n);
        if (plugin == NULL || strcmp(plugin->Label, label) == 0) return plugin;
    }
}

/** The value a host would start the control with, by the port's hints. */
static float default_of(const LADSPA_PortRangeHint *hint) {
    LADSPA_PortRangeHintDescriptor h = hint->HintDescriptor;
    float low = hint->LowerBound, high = hint->UpperBound;
    int logarithmic = LADSPA_IS_HINT_LOGARITHMIC(h) && low > 0.0f;
    float weight = -1.0f;
    if (LADSPA_IS_HINT_DEFAULT_LOW(h)) weight = 0.25f;
    if (LADSPA_IS_HINT_DEFAULT_MIDDLE(h)) weight = 0.5f;
    if (LADSPA_IS_HINT_DEFAULT_HIGH(h)) weight = 0.75f;
    if (weight >= 0.0f)
        return logarithmic ? expf(logf(low) * (1.0f - weight) + logf(high) * weight) : low + (high - low) * weight;
    if (LADSPA_IS_HINT_DEFAULT_MAXIMUM(h)) return high;
    if (LADSPA_IS_HINT_DEFAULT_1(h)) return 1.0f;
    if (LADSPA_IS_HINT_DEFAULT_100(h)) return 100.0f;
    if (LADSPA_IS_HINT_DEFAULT_440(h)) return 440.0f;
    if (LADSPA_IS_HINT_DEFAULT_MINIMUM(h)) return low;
    return 0.0f;
}

static Stage *add_stage(Chain *chain, const char *name, uint32_t channel, uint32_t width) {
    Stage *stage = &chain->stages[chain->count++];
    stage->plugin = find(name, width);
    if (stage->plugin == NULL || stage->plugin->PortCount > MAX_PORTS) {
        fprintf(stderr, "lsp: no plug-in '%s' for %u channels\n", name, width);
        exit(1);
    }
    stage->handle = stage->plugin->instantiate(stage->plugin, BENCH_RATE);
    stage->channel = channel;
    stage->width = width;
    uint32_t in = 0, out = 0;
    for (unsigned long p = 0; p < stage->plugin->PortCount; p++) {
        LADSPA_PortDescriptor port = stage->plugin->PortDescriptors[p];
        if (LADSPA_IS_PORT_CONTROL(port)) {
            stage->control[p] = default_of(&stage->plugin->PortRangeHints[p]);
            stage->plugin->connect_port(stage->handle, p, &stage->control[p]);
        } else if (LADSPA_IS_PORT_INPUT(port)) {
            if (in < width) stage->inputs[in++] = p;
        } else if (out < width) {
            stage->outputs[out++] = p;
        }
    }
    return stage;
}

static void set(Stage *stage, const char *name, float value) {
    for (unsigned long p = 0; p < stage->plugin->PortCount; p++) {
        if (strcmp(stage->plugin->PortNames[p], name) == 0) {
            stage->control[p] = value;
            return;
        }
    }
    fprintf(stderr, "lsp: '%s' has no control '%s'\n", stage->plugin->Label, name);
    exit(1);
}

static float linear(float db) { return powf(10.0f, db / 20.0f); }

static void add_equalizer(Chain *chain, uint32_t channel, uint32_t width) {
    Stage *stage = add_stage(chain, "para_equalizer_x16", channel, width);
    set(stage, "Input gain (G)", linear(BENCH_GAIN_DB));
    set(stage, "Equalizer mode", 0.0f);
    set(stage, "FFT analysis", 0.0f);
    for (uint32_t band = 0; band < 16; band++) {
        const char *controls[] = {"Filter type %u", "Frequency %u (Hz)", "Gain %u (G)", "Quality factor %u"};
        float values[] = {band < BENCH_BANDS ? 1.0f : 0.0f, 0.0f, 1.0f, BENCH_Q};
        for (uint32_t k = 0; k < (band < BENCH_BANDS ? 4u : 1u); k++) {
            char name[64];
            snprintf(name, sizeof name, controls[k], band);
            if (k == 1) values[1] = bench_frequency[band];
            if (k == 2) values[2] = linear(bench_band_gain_db[band]);
            set(stage, name, values[k]);
        }
    }
}

static void add_delay(Chain *chain, uint32_t channel, uint32_t width) {
    Stage *stage = add_stage(chain, "comp_delay", channel, width);
    set(stage, "Mode", 0.0f);
    set(stage, "Samples (samp)", (float)BENCH_DELAY_SAMPLES);
    set(stage, "Dry amount (G)", 0.0f);
    set(stage, "Wet amount (G)", 1.0f);
}

static void add_limiter(Chain *chain, uint32_t channel, uint32_t width) {
    Stage *stage = add_stage(chain, "limiter", channel, width);
    set(stage, "Threshold (G)", linear(BENCH_CEILING_DB));
    set(stage, "Lookahead (ms)", BENCH_LOOKAHEAD_MS);
    set(stage, "Attack time (ms)", BENCH_LOOKAHEAD_MS);
    set(stage, "Release time (ms)", 20.0f); /* its longest */
    set(stage, "Automatic level regulation", 0.0f);
    set(stage, "Gain boost", 0.0f);
}

static void *create(uint32_t channels, uint32_t block) {
    if (!load_library()) return NULL;
    const char *delay = getenv("LSP_DELAY");
    Chain *chain = bench_alloc(sizeof *chain);
    chain->channels = channels;
    for (uint32_t channel = 0; channel < channels;) {
        uint32_t width = channels - channel >= 2 ? 2 : 1;
        if (delay != NULL && strcmp(delay, "1") == 0) add_delay(chain, channel, width);
        add_equalizer(chain, channel, width);
        add_limiter(chain, channel, width);
        channel += width;
    }
    for (uint32_t c = 0; c < channels; c++)
        for (uint32_t w = 0; w < 2; w++) chain->wire[w][c] = bench_alloc(block * sizeof(float));
    for (uint32_t s = 0; s < chain->count; s++) {
        Stage *stage = &chain->stages[s];
        if (stage->plugin->activate != NULL) stage->plugin->activate(stage->handle);
    }
    return chain;
}

static void process(void *context, const float *const *in, float *const *out, uint32_t frames) {
    Chain *chain = context;
    const float *from[BENCH_MAX_CHANNELS];
    uint32_t per_channel[BENCH_MAX_CHANNELS] = {0}, stages_of[BENCH_MAX_CHANNELS] = {0};
    for (uint32_t c = 0; c < chain->channels; c++) from[c] = in[c];
    for (uint32_t s = 0; s < chain->count; s++) stages_of[chain->stages[s].channel]++;
    for (uint32_t s = 0; s < chain->count; s++) {
        Stage *stage = &chain->stages[s];
        uint32_t step = per_channel[stage->channel]++;
        int last = step + 1 == stages_of[stage->channel];
        for (uint32_t w = 0; w < stage->width; w++) {
            uint32_t c = stage->channel + w;
            float *to = last ? out[c] : chain->wire[step & 1][c];
            stage->plugin->connect_port(stage->handle, stage->inputs[w], (LADSPA_Data *)from[c]);
            stage->plugin->connect_port(stage->handle, stage->outputs[w], to);
            from[c] = to;
        }
        stage->plugin->run(stage->handle, frames);
    }
}

int main(int argc, char **argv) {
    const BenchPeer peer = {"lsp", create, process};
    return bench_main(&peer, argc, argv);
}
