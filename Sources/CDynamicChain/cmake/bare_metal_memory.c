/* The only functions besides libm that the bare-metal library takes from outside: functions on memory and
 * strings, some of which compilers call by themselves. check_symbols.sh links the library against this file, libm and nothing else.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
    char *t = to;
    const char *f = from;
    while (size-- != 0) *t++ = *f++;
    return to;
}

void *memmove(void *to, const void *from, size_t size) {
    char *t = to;
    const char *f = from;
    if (t < f) return memcpy(to, from, size);
    while (size-- != 0) t[size] = f[size];
    return to;
}

void *memset(void *to, int value, size_t size) {
    char *t = to;
    while (size-- != 0) *t++ = (char)value;
    return to;
}

int memcmp(const void *left, const void *right, size_t size) {
    const unsigned char *l = left, *r = right;
    for (; size != 0; size--, l++, r++) {
        if (*l != *r) return *l < *r ? -1 : 1;
    }
    return 0;
}

size_t strlen(const char *text) {
    size_t length = 0;
    while (text[length] != 0) length++;
    return length;
}

int strcmp(const char *left, const char *right) {
    while (*left != 0 && *left == *right) left++, right++;
    return (unsigned char)*left - (unsigned char)*right;
}

int strncmp(const char *left, const char *right, size_t size) {
    while (size != 0 && *left != 0 && *left == *right) left++, right++, size--;
    return size == 0 ? 0 : (unsigned char)*left - (unsigned char)*right;
}

int bcmp(const void *left, const void *right, size_t size) { return memcmp(left, right, size); }

char *strchr(const char *text, int character) {
    for (; *text != (char)character; text++) {
        if (*text == 0) return NULL;
    }
    return (char *)text;
}

size_t strcspn(const char *text, const char *rejected) {
    size_t length = 0;
    while (text[length] != 0 && strchr(rejected, text[length]) == NULL) length++;
    return length;
}

void *memchr(const void *memory, int value, size_t size) {
    const unsigned char *m = memory;
    for (; size != 0; size--, m++) {
        if (*m == (unsigned char)value) return (void *)m;
    }
    return NULL;
}
