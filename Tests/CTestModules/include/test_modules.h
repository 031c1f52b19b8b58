/* Modules for tests, written as a module library would write them.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef SOUNDPOST_TEST_MODULES_H
#define SOUNDPOST_TEST_MODULES_H

#include <dynchain_module.h>

/** `test_join_v1`: adds input `b` to input `a`, as many channels as both have. Branches of a chain meet here. */
extern const ModuleFuncTable test_join_table;

#endif
