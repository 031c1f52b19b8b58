"""DynamicChain through its public C API: a chain of one module, for checks that compare it with independent software."""

import ctypes
import struct

import numpy as np

ABI_VERSION = 1
LINK_V4 = 4
IO = 0xFF
MAX_FRAME = 8192


class DynChainError(Exception):
    """A call of the library returned a code other than 0."""


class ChainConfig(ctypes.Structure):
    """DynChainConfig of dynchain.h."""

    _fields_ = [
        ("abiVersion", ctypes.c_uint32),
        ("structSize", ctypes.c_uint32),
        ("registry", ctypes.c_void_p),
        ("sampleRate", ctypes.c_uint32),
        ("frameSize", ctypes.c_uint32),
        ("numInputs", ctypes.c_uint32),
        ("inputChannels", ctypes.POINTER(ctypes.c_uint16)),
        ("numOutputs", ctypes.c_uint32),
        ("outputChannels", ctypes.POINTER(ctypes.c_uint16)),
        ("plainKernels", ctypes.c_uint8),
        ("reserved", ctypes.c_uint8 * 7),
        ("now", ctypes.c_void_p),
        ("nowContext", ctypes.c_void_p),
    ]


def aligned(size):
    """Zeroed bytes on a 64-byte boundary; the array keeps them alive."""
    raw = np.zeros(size + 64, dtype=np.uint8)
    offset = -raw.ctypes.data % 64
    return raw[offset : offset + size]


class Library:
    """The shared library at `path` and a registry of its built-in modules."""

    def __init__(self, path):
        self.c = ctypes.CDLL(path)
        pointer, u32, u16, size = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_uint16, ctypes.c_size_t
        signatures = {
            "DynChain_RegistryInit": [pointer],
            "DynChain_GetMemSize": [pointer, u32, ctypes.c_char_p, u32, ctypes.POINTER(size)],
            "DynChain_Init": [pointer, size, pointer, ctypes.POINTER(pointer)],
            "DynChain_LoadLinkFrame": [pointer, u32, ctypes.c_char_p, u32],
            "DynChain_Rebuild": [pointer],
            "DynChain_SetParamIndexed": [pointer, u32, u16, u16, pointer, u32],
            "DynChain_Process": [pointer, pointer, u32, pointer, u32, u32],
            "DynChain_DesignBiquad": [u32, ctypes.c_float, ctypes.c_float, ctypes.c_float, ctypes.c_double, pointer],
        }
        for name, arguments in signatures.items():
            function = getattr(self.c, name)
            function.argtypes = arguments
            function.restype = ctypes.c_int32
        self.c.DynChain_RegistrySize.restype = u32
        self.registry = aligned(self.c.DynChain_RegistrySize())
        self.call("DynChain_RegistryInit", self.registry.ctypes.data)

    def call(self, name, *arguments):
        code = getattr(self.c, name)(*arguments)
        if code != 0:
            raise DynChainError(f"{name} returned {code}")

    def design(self, filter_type, frequency, gain_db, q, rate):
        """Coefficients b0, b1, b2, a1, a2."""
        out = (ctypes.c_double * 5)()
        self.call("DynChain_DesignBiquad", filter_type, frequency, gain_db, q, float(rate), out)
        return np.array(out)


def link_frame(type_id, instance_id, channels):
    """Link frame v4: `$io` -> one module with ports `in` and `out` -> `$io`, rates inherited."""
    name = instance_id.encode()
    inherit = 0xFFFFFFFF
    frame = struct.pack("<HIB", 1, type_id, len(name)) + name + struct.pack("<B", 2)
    for direction, port in enumerate((b"in", b"out")):
        frame += struct.pack("<B", len(port)) + port + struct.pack("<BhI", direction, channels, inherit)
    frame += struct.pack("<H", 2)
    frame += struct.pack("<BBBBhI", IO, 0, 0, 0, channels, inherit)
    frame += struct.pack("<BBBBhI", 0, 1, IO, 0, channels, inherit)
    return frame


class OneModuleChain:
    """A chain of one module with `channels` channels in and out."""

    def __init__(self, library, type_id, instance_id, channels, rate):
        self.library = library
        self.channels = channels
        frame = link_frame(type_id, instance_id, channels)
        self.port = (ctypes.c_uint16 * 1)(channels)
        self.config = ChainConfig(
            abiVersion=ABI_VERSION, structSize=ctypes.sizeof(ChainConfig), registry=library.registry.ctypes.data,
            sampleRate=rate, frameSize=MAX_FRAME, numInputs=1, inputChannels=self.port,
            numOutputs=1, outputChannels=self.port)
        size = ctypes.c_size_t()
        config = ctypes.addressof(self.config)
        library.call("DynChain_GetMemSize", config, LINK_V4, frame, len(frame), ctypes.byref(size))
        self.memory = aligned(size.value)
        self.handle = ctypes.c_void_p()
        library.call("DynChain_Init", self.memory.ctypes.data, size, config, ctypes.byref(self.handle))
        library.call("DynChain_LoadLinkFrame", self.handle, LINK_V4, frame, len(frame))
        library.call("DynChain_Rebuild", self.handle)

    def set(self, parameter, index, value):
        """`value` is a ctypes number of the parameter's type."""
        self.library.call("DynChain_SetParamIndexed", self.handle, 0, parameter, index, ctypes.byref(value),
                          ctypes.sizeof(value))

    def process(self, signal):
        """Continues with `signal`, float32 of shape (channels, samples); returns the output."""
        signal = np.ascontiguousarray(signal, dtype=np.float32)
        output = np.empty_like(signal)
        channels, samples = signal.shape
        rows = np.arange(channels, dtype=np.uint64) * np.uint64(4 * samples)
        for start in range(0, samples, MAX_FRAME):
            pointers = [rows + np.uint64(array.ctypes.data + 4 * start) for array in (signal, output)]
            self.library.call("DynChain_Process", self.handle, pointers[0].ctypes.data, channels,
                              pointers[1].ctypes.data, channels, min(MAX_FRAME, samples - start))
        return output
