/* SPDX-License-Identifier: Apache-2.0 */
#include "include/test_modules.h"

static const DynChainPortSchema ports[] = {
    {.id = "a", .isOutput = 0, .required = 1, .channels = DYNCHAIN_CHANNELS_INHERIT},
    {.id = "b", .isOutput = 0, .required = 1, .channels = DYNCHAIN_CHANNELS_INHERIT},
    {.id = "out", .isOutput = 1, .required = 1, .channels = DYNCHAIN_CHANNELS_INHERIT},
};

static uint32_t getMemSize(const ModuleInstance *self) {
    (void)self;
    return 0;
}

static int32_t init(ModuleInstance *self) {
    (void)self;
    return DYNCHAIN_OK;
}

static int32_t process(ModuleInstance *self) DYNCHAIN_NONBLOCKING {
    const WireInstance *a = Module_In(self, 0), *b = Module_In(self, 1);
    WireInstance *out = Module_Out(self, 0);
    for (uint32_t ch = 0; ch < out->channels; ch++)
        for (uint32_t i = 0; i < out->blockSize; i++)
            out->channel[ch][i] = a->channel[ch][i] + (ch < b->channels ? b->channel[ch][i] : 0.0f);
    return DYNCHAIN_OK;
}

static int32_t setParam(ModuleInstance *self, uint16_t paramTypeId, uint16_t index, const void *data, uint32_t size,
                        uint8_t immediate) DYNCHAIN_NONBLOCKING {
    (void)self, (void)paramTypeId, (void)index, (void)data, (void)size, (void)immediate;
    return DYNCHAIN_ERR_UNKNOWN;
}

const ModuleFuncTable test_join_table = {
    .abiVersion = DYNCHAIN_ABI_VERSION,
    .structSize = sizeof(ModuleFuncTable),
    .typeNumId = 0x16679001,
    .typeName = "test_join_v1",
    .instanceName = "join",
    .ports = ports,
    .numPorts = 3,
    .getMemSize = getMemSize,
    .init = init,
    .process = process,
    .setParam = setParam,
};
