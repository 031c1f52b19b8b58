/* Parametric equaliser: the kernels for each instruction set, and the choice among them.
 * SPDX-License-Identifier: Apache-2.0
 *
 * The choice is made once per instance by asking the processor, not by the loader as for other modules: the plain path
 * has to take part in it (eq_vector.h), bare-metal builds too, and sanitizers cannot stand the loader's way.
 * DYNCHAIN_NO_CLONES leaves out the 512-bit kernel only, for measuring.
 */
#include "eq_vector.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define EQ_X86 1
#include <cpuid.h>
#include <immintrin.h>
#endif

/* ---- what the compiler was told ---- */

#define EQ_TARGET
#define EQ_LANES 4
#define EQ_V EqV4
#define EQ_M EqM4
#define EQ_F EqF4
#define EQ_FU EqF4u
#define EQ_NAME(name) portable_##name

#if !defined(EQ_X86) && (defined(__FP_FAST_FMA) || defined(__aarch64__))
#define EQ_MADD(a, b, c) __builtin_fma(a, b, c)
#define EQ_NMADD(a, b, c) __builtin_fma(-(a), b, c)
#if defined(__clang__)
#define EQ_VMADD(a, b, c) __builtin_elementwise_fma(a, b, c)
#else
EQ_INLINE EqV4 fused(EqV4 a, EqV4 b, EqV4 c) {
    EqV4 r;
    for (int k = 0; k < 4; k++) r[k] = __builtin_fma(a[k], b[k], c[k]);
    return r;
}
#define EQ_VMADD(a, b, c) fused(a, b, c)
#endif
#define EQ_VNMADD(a, b, c) EQ_VMADD(-(a), b, c)
#else
#define EQ_MADD(a, b, c) ((a) * (b) + (c))
#define EQ_NMADD(a, b, c) ((c) - (a) * (b))
#define EQ_VMADD(a, b, c) EQ_MADD(a, b, c)
#define EQ_VNMADD(a, b, c) EQ_NMADD(a, b, c)
#endif

#include "eq_plain.h"
#include "eq_wave.h"
#include "eq_wide.h"

#undef EQ_TARGET
#undef EQ_NAME
#undef EQ_MADD
#undef EQ_NMADD
#undef EQ_VMADD
#undef EQ_VNMADD

#if defined(EQ_X86)

/* ---- AVX2 with fused multiply-add ---- */

#define EQ_TARGET __attribute__((target("avx2,fma")))
#define EQ_NAME(name) avx2_##name
#define EQ_MADD(a, b, c) __builtin_fma(a, b, c)
#define EQ_NMADD(a, b, c) __builtin_fma(-(a), b, c)
#define EQ_VMADD(a, b, c) ((EqV4)_mm256_fmadd_pd((__m256d)(a), (__m256d)(b), (__m256d)(c)))
#define EQ_VNMADD(a, b, c) ((EqV4)_mm256_fnmadd_pd((__m256d)(a), (__m256d)(b), (__m256d)(c)))

#include "eq_plain.h"
#include "eq_wave.h"
#include "eq_wide.h"

#undef EQ_TARGET
#undef EQ_LANES
#undef EQ_V
#undef EQ_M
#undef EQ_F
#undef EQ_FU
#undef EQ_NAME
#undef EQ_MADD
#undef EQ_NMADD
#undef EQ_VMADD
#undef EQ_VNMADD

/* ---- AVX-512: eight channels a vector ---- */

#if !defined(DYNCHAIN_NO_CLONES)
#define EQ_X86_512 1
#define EQ_TARGET __attribute__((target("avx2,fma,avx512f,avx512vl,avx512dq")))
#define EQ_LANES 8
#define EQ_V EqV8
#define EQ_M EqM8
#define EQ_F EqF8
#define EQ_FU EqF8u
#define EQ_NAME(name) avx512_##name
#define EQ_VMADD(a, b, c) ((EqV8)_mm512_fmadd_pd((__m512d)(a), (__m512d)(b), (__m512d)(c)))
#define EQ_VNMADD(a, b, c) ((EqV8)_mm512_fnmadd_pd((__m512d)(a), (__m512d)(b), (__m512d)(c)))

#include "eq_wide.h"
#endif

/* Bits of XCR0: the operating system keeps these registers for us. */
#define XCR0_AVX 0x06u
#define XCR0_AVX512 0xE6u

static uint32_t saved_registers(void) {
    uint32_t low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

EqIsa dynchain_eq_isa(void) {
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return EQ_ISA_PORTABLE;
    if (!(c & bit_OSXSAVE) || !(c & bit_AVX) || !(c & bit_FMA)) return EQ_ISA_PORTABLE;
    uint32_t saved = saved_registers();
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return EQ_ISA_PORTABLE;
    if ((saved & XCR0_AVX) != XCR0_AVX || !(b & bit_AVX2)) return EQ_ISA_PORTABLE;
#if defined(EQ_X86_512)
    const uint32_t needed = bit_AVX512F | bit_AVX512VL | bit_AVX512DQ;
    if ((saved & XCR0_AVX512) == XCR0_AVX512 && (b & needed) == needed) return EQ_ISA_AVX512;
#endif
    return EQ_ISA_AVX2;
}

#else

EqIsa dynchain_eq_isa(void) { return EQ_ISA_PORTABLE; }

#endif

uint32_t dynchain_eq_max_width(EqIsa isa) { return isa == EQ_ISA_AVX512 ? 8 : 4; }

void dynchain_eq_run(const EqBlock *block, EqIsa isa, uint8_t plain) DYNCHAIN_NONBLOCKING {
#if defined(EQ_X86)
    if (isa != EQ_ISA_PORTABLE) {
        if (plain) {
            avx2_plain(block);
        } else if (block->width < 4) {
            avx2_wave(block);
        } else if (block->width == 4) {
            avx2_wide(block);
        } else {
#if defined(EQ_X86_512)
            avx512_wide(block);
#endif
        }
        return;
    }
#endif
    (void)isa;
    if (plain) {
        portable_plain(block);
    } else if (block->width < 4) {
        portable_wave(block);
    } else {
        portable_wide(block);
    }
}
