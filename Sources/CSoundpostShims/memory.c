#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "soundpost_shims.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __linux__

static const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

int soundpost_sealed_memory(const char *name, uint64_t size) {
    int descriptor = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (descriptor < 0) return -errno;
    if (ftruncate(descriptor, (off_t)size) != 0 || fcntl(descriptor, F_ADD_SEALS, seals) != 0) {
        int error = errno;
        close(descriptor);
        return -error;
    }
    return descriptor;
}

bool soundpost_is_sealed(int descriptor) {
    int present = fcntl(descriptor, F_GET_SEALS);
    return present >= 0 && (present & seals) == seals;
}

#else

int soundpost_sealed_memory(const char *name, uint64_t size) {
    (void)name;
    (void)size;
    return -ENOSYS;
}

bool soundpost_is_sealed(int descriptor) {
    (void)descriptor;
    return false;
}

#endif

int soundpost_segment_open(const char *name, int flags, mode_t mode) {
    int descriptor = shm_open(name, flags, mode);
    return descriptor < 0 ? -errno : descriptor;
}
