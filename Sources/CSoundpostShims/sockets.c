#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "soundpost_shims.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef __linux__
#include <sys/ucred.h>
#endif

#ifdef __linux__
enum { no_signal = MSG_NOSIGNAL, close_on_exec = MSG_CMSG_CLOEXEC };
#else
enum { no_signal = 0, close_on_exec = 0 };
#endif

static int without_inheritance(int socket) {
    fcntl(socket, F_SETFD, FD_CLOEXEC);
#ifdef SO_NOSIGPIPE
    int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_NOSIGPIPE, &yes, sizeof yes);
#endif
    return socket;
}

int soundpost_unix_socket(void) {
#ifdef __linux__
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
#else
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
#endif
    return descriptor < 0 ? -errno : without_inheritance(descriptor);
}

int soundpost_accept(int listener) {
#ifdef __linux__
    int descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
#else
    int descriptor = accept(listener, NULL, NULL);
#endif
    return descriptor < 0 ? -errno : without_inheritance(descriptor);
}

size_t soundpost_path_capacity(void) {
    return sizeof((struct sockaddr_un *)0)->sun_path;
}

static int address_of(const char *path, struct sockaddr_un *address) {
    if (strlen(path) >= sizeof address->sun_path) return -ENAMETOOLONG;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    strcpy(address->sun_path, path);
    return 0;
}

int soundpost_bind(int socket, const char *path) {
    struct sockaddr_un address;
    int result = address_of(path, &address);
    if (result != 0) return result;
    return bind(socket, (struct sockaddr *)&address, sizeof address) == 0 ? 0 : -errno;
}

static int connect_to(int socket, const char *path) {
    struct sockaddr_un address;
    int result = address_of(path, &address);
    if (result != 0) return result;
    while (connect(socket, (struct sockaddr *)&address, sizeof address) != 0) {
        if (errno != EINTR) return -errno;
    }
    return 0;
}

int soundpost_connect(int socket, const char *path, int seconds) {
    // How long connect(2) of a local socket waits for room in the server's queue.
    struct timeval limit = {.tv_sec = seconds};
    if (setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) != 0) return -errno;
    int result = connect_to(socket, path);
    limit = (struct timeval){0};
    if (result == 0 && setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) != 0) return -errno;
    return result;
}

int soundpost_look_for_socket(const char *path) {
    int probe = socket(AF_UNIX, SOCK_DGRAM, 0);
    if (probe < 0) return -errno;
    without_inheritance(probe);
    int result = connect_to(probe, path);
    close(probe);
    return result;
}

static char line_end[] = "\n";

// A short line is copied, which is quicker than two parts.
enum { short_line = 4096 };

ssize_t soundpost_send_line(int socket, const void *bytes, size_t count, bool wait) {
    int flags = no_signal | (wait ? 0 : MSG_DONTWAIT);
    char line[short_line];
    bool is_short = count < short_line;
    if (is_short) {
        if (count > 0) memcpy(line, bytes, count);
        line[count] = '\n';
    }
    struct iovec parts[] = {{(void *)(uintptr_t)bytes, count}, {line_end, 1}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    for (;;) {
        ssize_t sent = is_short ? send(socket, line, count + 1, flags) : sendmsg(socket, &message, flags);
        if (sent >= 0) return sent;
        if (errno != EINTR) return -errno;
    }
}

ssize_t soundpost_write_line(int descriptor, const void *bytes, size_t count, size_t limit) {
    struct iovec parts[] = {{(void *)(uintptr_t)bytes, count < limit ? count : limit}, {line_end, 1}};
    ssize_t written = writev(descriptor, parts, count < limit ? 2 : 1);
    return written >= 0 ? written : -errno;
}

// Room for one descriptor, aligned as a control message has to be.
union control {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

ssize_t soundpost_send_with_descriptor(int socket, const void *bytes, size_t count, int descriptor) {
    struct iovec part = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = count};
    union control control;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptor >= 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof descriptor);
        memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    }
    for (;;) {
        ssize_t sent = sendmsg(socket, &message, no_signal);
        if (sent >= 0) return sent;
        if (errno != EINTR) return -errno;
    }
}

ssize_t soundpost_receive_with_descriptor(int socket, void *bytes, size_t capacity, int *descriptor) {
    *descriptor = -1;
    struct iovec part = {.iov_base = bytes, .iov_len = capacity};
    union control control;
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    ssize_t received;
    do {
        received = recvmsg(socket, &message, close_on_exec);
    } while (received < 0 && errno == EINTR);
    if (received < 0) return -errno;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        // Alignment leaves room for a second descriptor in what was meant for one.
        size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t index = 0; index < count; index++) {
            int one;
            memcpy(&one, CMSG_DATA(header) + index * sizeof one, sizeof one);
            if (*descriptor < 0) {
                *descriptor = one;
                fcntl(one, F_SETFD, FD_CLOEXEC);
            } else {
                close(one);
            }
        }
    }
    return received;
}

int soundpost_peer_user(int socket, uid_t *user) {
#ifdef __linux__
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return -errno;
    *user = credentials.uid;
    return 0;
#else
    gid_t group;
    return getpeereid(socket, user, &group) == 0 ? 0 : -errno;
#endif
}

#ifdef __linux__
int soundpost_peer_is_in_group(int socket, gid_t group) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return -errno;
    if (credentials.gid == group) return 1;
    // Asked with too little room, the kernel says how much is needed.
    gid_t *groups = NULL;
    length = 0;
    while (getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups, &length) != 0) {
        int code = errno;
        free(groups);
        if (code != ERANGE) return -code;
        groups = malloc(length);
        if (groups == NULL) return -ENOMEM;
    }
    int result = 0;
    for (size_t index = 0; groups != NULL && index < length / sizeof *groups; index++) {
        if (groups[index] == group) result = 1;
    }
    free(groups);
    return result;
}
#else
int soundpost_peer_is_in_group(int socket, gid_t group) {
    struct xucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(socket, SOL_LOCAL, LOCAL_PEERCRED, &credentials, &length) != 0) return -errno;
    for (int index = 0; index < credentials.cr_ngroups; index++) {
        if (credentials.cr_groups[index] == group) return 1;
    }
    return 0;
}
#endif
