// Runs the class that Faust generated from chain.dsp (named on the command line of the compiler by FAUST_HEADER).
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "bench.h"

struct Meta {
    void declare(const char *, const char *) {}
};

struct UI {
    void openVerticalBox(const char *) {}
    void closeBox() {}
};

class dsp {
  public:
    virtual ~dsp() = default;
};

#include FAUST_HEADER

namespace {

void *create(uint32_t, uint32_t) {
    auto *chain = new mydsp();
    chain->init(BENCH_RATE);
    return chain;
}

void process(void *context, const float *const *in, float *const *out, uint32_t frames) {
    static_cast<mydsp *>(context)->compute(static_cast<int>(frames), const_cast<float **>(in),
                                           const_cast<float **>(out));
}

}  // namespace

int main(int argc, char **argv) {
    const BenchPeer peer = {"faust", create, process};
    return bench_main(&peer, argc, argv);
}
