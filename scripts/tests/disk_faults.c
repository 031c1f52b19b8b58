/* Fails or kills file operations below one directory, as another process asks through a shared page. Preloaded into a node.
 *
 * DISK_FAULTS names the page's file, DISK_FAULTS_DIRECTORY the directory. An operation is counted, and when the page is
 * armed for it and enough others have passed, it fails with an errno, or the process is killed before it, after it or, if it
 * is a write, after half of it. Operations on other files and on sockets are never touched. Paths are taken to be absolute.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum Operation { CREATE, WRITE, SYNC, RENAME, UNLINK, TRUNCATE, OPERATIONS };
enum Moment { BEFORE, AFTER, HALF };

/* The layout is known to disk_faults.py. */
struct Page {
    _Atomic uint32_t armed; /* bit n: operation n */
    _Atomic uint32_t skip;  /* operations that pass before the first fault */
    _Atomic uint32_t count; /* faults that are left */
    uint32_t error;         /* errno; 0 kills the process */
    uint32_t moment;        /* of the kill */
    _Atomic uint32_t injected;
    _Atomic uint32_t seen[OPERATIONS];
    char part[64]; /* only paths that contain this; empty: all */
};

static struct Page none, *page = &none;
static char directory[PATH_MAX];
static size_t directoryLength;
static atomic_flag deciding = ATOMIC_FLAG_INIT;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("DISK_FAULTS"), *below = getenv("DISK_FAULTS_DIRECTORY");
    if (file == NULL || below == NULL || realpath(below, directory) == NULL) return;
    directoryLength = strlen(directory);
    int descriptor = REAL(open)(file, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return;
    void *shared = mmap(NULL, sizeof none, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (shared != MAP_FAILED) page = shared;
}

/* Whether this operation on this path has to fail. */
static int isDue(enum Operation operation, const char *path) {
    if (strncmp(path, directory, directoryLength) != 0 || directoryLength == 0) return 0;
    if (page->part[0] != 0 && strstr(path + directoryLength, page->part) == NULL) return 0;
    page->seen[operation]++;
    if ((page->armed & (1u << operation)) == 0) return 0;
    while (atomic_flag_test_and_set(&deciding)) {}
    int due = 0;
    if (page->skip > 0) {
        page->skip--;
    } else if (page->count > 0) {
        page->count--;
        page->injected++;
        due = 1;
    }
    atomic_flag_clear(&deciding);
    return due;
}

/* The path of an open file or directory; empty when it has none. */
static void pathOf(int descriptor, char path[PATH_MAX]) {
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    int saved = errno;
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    errno = saved;
    path[length > 0 ? length : 0] = 0;
}

static int isDueFor(enum Operation operation, int descriptor) {
    char path[PATH_MAX];
    pathOf(descriptor, path);
    return isDue(operation, path);
}

static int isDueAt(enum Operation operation, int at, const char *path) {
    if (path[0] == '/' || at == AT_FDCWD) return isDue(operation, path);
    char whole[PATH_MAX];
    pathOf(at, whole);
    size_t length = strlen(whole);
    snprintf(whole + length, sizeof whole - length, "/%s", path);
    return isDue(operation, whole);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* Runs CALL with the fault that is due; HALVED is what a process killed half-way has done. */
#define WITH_FAULT(DUE, HALVED, CALL)                                                                                  \
    if (!(DUE)) return CALL;                                                                                           \
    if (page->error != 0) return errno = (int)page->error, -1;                                                         \
    if (page->moment == AFTER) (void)!(CALL);                                                                          \
    if (page->moment == HALF) (void)!(HALVED);                                                                         \
    die();                                                                                                             \
    return -1

ssize_t write(int file, const void *bytes, size_t size) {
    WITH_FAULT(isDueFor(WRITE, file), REAL(write)(file, bytes, size / 2), REAL(write)(file, bytes, size));
}
ssize_t pwrite(int file, const void *bytes, size_t size, off_t at) {
    WITH_FAULT(isDueFor(WRITE, file), REAL(pwrite)(file, bytes, size / 2, at), REAL(pwrite)(file, bytes, size, at));
}
ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t at) {
    WITH_FAULT(isDueFor(WRITE, file), REAL(pwrite64)(file, bytes, size / 2, at), REAL(pwrite64)(file, bytes, size, at));
}
int fsync(int file) { WITH_FAULT(isDueFor(SYNC, file), 0, REAL(fsync)(file)); }
int fdatasync(int file) { WITH_FAULT(isDueFor(SYNC, file), 0, REAL(fdatasync)(file)); }
int ftruncate(int file, off_t size) { WITH_FAULT(isDueFor(TRUNCATE, file), 0, REAL(ftruncate)(file, size)); }
int ftruncate64(int file, off64_t size) { WITH_FAULT(isDueFor(TRUNCATE, file), 0, REAL(ftruncate64)(file, size)); }
int rename(const char *from, const char *to) { WITH_FAULT(isDue(RENAME, to), 0, REAL(rename)(from, to)); }
int renameat(int a, const char *from, int b, const char *to) {
    WITH_FAULT(isDueAt(RENAME, b, to), 0, REAL(renameat)(a, from, b, to));
}
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
    WITH_FAULT(isDueAt(RENAME, b, to), 0, REAL(renameat2)(a, from, b, to, flags));
}
int unlink(const char *path) { WITH_FAULT(isDue(UNLINK, path), 0, REAL(unlink)(path)); }
int unlinkat(int at, const char *path, int flags) {
    WITH_FAULT(isDueAt(UNLINK, at, path), 0, REAL(unlinkat)(at, path, flags));
}
int mkdir(const char *path, mode_t mode) { WITH_FAULT(isDue(CREATE, path), 0, REAL(mkdir)(path, mode)); }
int mkdirat(int at, const char *path, mode_t mode) {
    WITH_FAULT(isDueAt(CREATE, at, path), 0, REAL(mkdirat)(at, path, mode));
}

/* Only an open that may create a file takes room on the disk. */
static mode_t modeOf(int flags, va_list rest) { return (flags & O_CREAT) != 0 ? (mode_t)va_arg(rest, int) : 0; }

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = modeOf(flags, rest);
    va_end(rest);
    WITH_FAULT((flags & O_CREAT) != 0 && isDue(CREATE, path), 0, REAL(open)(path, flags, mode));
}
int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = modeOf(flags, rest);
    va_end(rest);
    WITH_FAULT((flags & O_CREAT) != 0 && isDue(CREATE, path), 0, REAL(open64)(path, flags, mode));
}
int openat(int at, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = modeOf(flags, rest);
    va_end(rest);
    WITH_FAULT((flags & O_CREAT) != 0 && isDueAt(CREATE, at, path), 0, REAL(openat)(at, path, flags, mode));
}
