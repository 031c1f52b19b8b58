/* Soundpost DynamicChain: checks for C tests. A test program runs its tests with CHECK_RUN and ends with
 * `return check_report();`, which prints "N passed, N failed" and gives the exit code.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef DYNCHAIN_TESTS_CHECK_H
#define DYNCHAIN_TESTS_CHECK_H

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct CheckCounts {
    uint32_t passed, failed; /* tests */
    uint32_t failures;       /* failed checks of the test under way */
} CheckCounts;

static CheckCounts checkCounts;

/** Reports a failed check; after five in one test only counts. */
static inline void check_fail(const char *file, int line, const char *what) {
    if (checkCounts.failures++ < 5) fprintf(stderr, "%s:%d: %s\n", file, line, what);
}

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) check_fail(__FILE__, __LINE__, #condition);                                                  \
    } while (0)

/** |actual - expected| <= tolerance; not a number fails. */
#define CHECK_NEAR(actual, expected, tolerance)                                                                        \
    check_near(__FILE__, __LINE__, #actual, (double)(actual), (double)(expected), (double)(tolerance))

/** The same bits, sample by sample. */
#define CHECK_SAME_BITS(actual, expected, count)                                                                       \
    check_same_bits(__FILE__, __LINE__, #actual " == " #expected, (actual), (expected), (uint32_t)(count))

#define CHECK_RUN(test) check_run(#test, test)

static inline void check_near(const char *file, int line, const char *what, double actual, double expected,
                              double tolerance) {
    if (fabs(actual - expected) <= tolerance) return;
    char text[256];
    snprintf(text, sizeof text, "%s is %.9g, expected %.9g +- %.3g", what, actual, expected, tolerance);
    check_fail(file, line, text);
}

static inline void check_same_bits(const char *file, int line, const char *what, const float *actual,
                                   const float *expected, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (memcmp(&actual[i], &expected[i], sizeof(float)) == 0) continue;
        char text[256];
        snprintf(text, sizeof text, "%s: sample %" PRIu32 " is %.9g, expected %.9g", what, i, (double)actual[i],
                 (double)expected[i]);
        check_fail(file, line, text);
        return;
    }
}

static inline void check_run(const char *name, void (*test)(void)) {
    checkCounts.failures = 0;
    test();
    if (checkCounts.failures == 0) {
        checkCounts.passed++;
    } else {
        checkCounts.failed++;
        fprintf(stderr, "FAILED %s (%" PRIu32 " checks)\n", name, checkCounts.failures);
    }
}

static inline int check_report(void) {
    printf("%" PRIu32 " passed, %" PRIu32 " failed\n", checkCounts.passed, checkCounts.failed);
    return checkCounts.failed == 0 ? 0 : 1;
}

#endif
