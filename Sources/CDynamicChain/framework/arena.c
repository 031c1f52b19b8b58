/* Memory handed in by the caller, given out front to back.
 * SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

void *dynchain_arena_take(Arena *arena, size_t bytes) {
    size_t start = (arena->used + (DYNCHAIN_ALIGN - 1)) & ~(size_t)(DYNCHAIN_ALIGN - 1);
    arena->used = start + bytes;
    if (arena->base == NULL) return NULL;
    if (arena->used > arena->size) {
        arena->exhausted = 1;
        return NULL;
    }
    void *memory = arena->base + start;
    memset(memory, 0, bytes);
    return memory;
}
