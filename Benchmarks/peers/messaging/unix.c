/* A Unix stream socket: messages with a length in front, and one line of text a message, ended by LF.
 *
 * One write a message, nothing is held back to be sent together; the reader takes what the kernel has, as far as its
 * buffer goes.
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "exchange.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SMALLEST_BUFFER ((size_t)256 * 1024)
#define LENGTH_SIZE 4u

typedef struct Connection {
    int socket;
    bool spins;
    /** Payload at 8, so that its words are aligned; a length before it or an LF behind. */
    unsigned char *out;
    unsigned char *in;
    size_t capacity;
    /** Bytes that were received and not given away lie from `begin` to `end`; before `scanned` there is no LF. */
    size_t begin, end, scanned;
    /** What `release` gives back. */
    size_t taken;
} Connection;

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    return address;
}

static int listen_and_accept(const char *path)
{
    struct sockaddr_un address = address_of(path);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1) != 0) {
        exchange_fail(path);
    }
    int accepted = accept(listener, NULL, NULL);
    if (accepted < 0) exchange_fail("accept");
    close(listener);
    return accepted;
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = address_of(path);
    for (;;) {
        int connected = socket(AF_UNIX, SOCK_STREAM, 0);
        if (connected < 0) exchange_fail("socket");
        if (connect(connected, (struct sockaddr *)&address, sizeof address) == 0) return connected;
        if (errno != ENOENT && errno != ECONNREFUSED) exchange_fail(path);
        close(connected);
        usleep(1000);
    }
}

static void *open_connection(const ExchangeOptions *options)
{
    Connection *self = calloc(1, sizeof *self);
    if (self == NULL) exchange_fail("memory");
    self->spins = options->spins;
    self->socket = options->is_responder ? listen_and_accept(options->path) : connect_to(options->path);
    self->capacity = 2 * options->largest > SMALLEST_BUFFER ? 2 * options->largest : SMALLEST_BUFFER;
    self->in = malloc(self->capacity);
    self->out = malloc(options->largest + 16);
    if (self->in == NULL || self->out == NULL) exchange_fail("memory");
    return self;
}

static void wait_for(const Connection *self, short events, unsigned *polls)
{
    if (!self->spins || ++*polls > EXCHANGE_POLLS) {
        struct pollfd wait = {.fd = self->socket, .events = events};
        if (poll(&wait, 1, -1) < 0) exchange_fail("poll");
    } else {
        exchange_pause();
    }
}

static void write_all(Connection *self, const unsigned char *bytes, size_t size)
{
    int flags = MSG_NOSIGNAL | (self->spins ? MSG_DONTWAIT : 0);
    unsigned polls = 0;
    while (size > 0) {
        ssize_t written = send(self->socket, bytes, size, flags);
        if (written < 0) {
            if (errno != EAGAIN) exchange_fail("send");
            wait_for(self, POLLOUT, &polls);
            continue;
        }
        bytes += written;
        size -= (size_t)written;
    }
}

/* Receives at least one byte more, after moving what is there to the front if `needed` bytes do not fit behind it. */
static void receive_more(Connection *self, size_t needed)
{
    if (self->begin == self->end) self->begin = self->end = self->scanned = 0;
    if (self->begin > 0 && self->begin + needed > self->capacity) {
        memmove(self->in, self->in + self->begin, self->end - self->begin);
        self->end -= self->begin;
        self->scanned -= self->begin;
        self->begin = 0;
    }
    if (self->end == self->capacity) {
        errno = EMSGSIZE;
        exchange_fail("receive");
    }
    int flags = self->spins ? MSG_DONTWAIT : 0;
    unsigned polls = 0;
    for (;;) {
        ssize_t received = recv(self->socket, self->in + self->end, self->capacity - self->end, flags);
        if (received > 0) {
            self->end += (size_t)received;
            return;
        }
        if (received == 0) errno = ECONNRESET;
        if (received == 0 || errno != EAGAIN) exchange_fail("receive");
        wait_for(self, POLLIN, &polls);
    }
}

static void *reserve(void *context, size_t size)
{
    (void)size;
    return ((Connection *)context)->out + 8;
}

static void send_with_length(void *context, size_t size)
{
    Connection *self = context;
    uint32_t length = (uint32_t)size;
    memcpy(self->out + 8 - LENGTH_SIZE, &length, LENGTH_SIZE);
    write_all(self, self->out + 8 - LENGTH_SIZE, LENGTH_SIZE + size);
}

static void send_line(void *context, size_t size)
{
    Connection *self = context;
    self->out[8 + size] = '\n';
    write_all(self, self->out + 8, size + 1);
}

static const void *receive_with_length(void *context, size_t *size)
{
    Connection *self = context;
    while (self->end - self->begin < LENGTH_SIZE) receive_more(self, LENGTH_SIZE);
    uint32_t length;
    memcpy(&length, self->in + self->begin, LENGTH_SIZE);
    while (self->end - self->begin < LENGTH_SIZE + length) receive_more(self, LENGTH_SIZE + length);
    *size = length;
    self->taken = LENGTH_SIZE + length;
    return self->in + self->begin + LENGTH_SIZE;
}

static const void *receive_line(void *context, size_t *size)
{
    Connection *self = context;
    self->scanned = self->begin;
    for (;;) {
        unsigned char *found = memchr(self->in + self->scanned, '\n', self->end - self->scanned);
        if (found != NULL) {
            *size = (size_t)(found - self->in) - self->begin;
            self->taken = *size + 1;
            return self->in + self->begin;
        }
        self->scanned = self->end;
        /* The length is not known: make room when less than half of the buffer is left. */
        receive_more(self, self->end - self->begin + self->capacity / 2);
    }
}

static void release(void *context)
{
    Connection *self = context;
    self->begin += self->taken;
}

static void close_connection(void *context)
{
    Connection *self = context;
    close(self->socket);
    free(self->in);
    free(self->out);
    free(self);
}

int main(int argc, char **argv)
{
    const Exchange peers[] = {
        {"unix", true, open_connection, reserve, send_with_length, receive_with_length, release, close_connection},
        {"unix-lines", true, open_connection, reserve, send_line, receive_line, release, close_connection},
    };
    return exchange_main(peers, sizeof peers / sizeof *peers, argc, argv);
}
