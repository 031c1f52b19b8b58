/* nng over ipc://, a pair of sockets.
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "exchange.h"

#include <errno.h>
#include <nng/nng.h>
#include <nng/protocol/pair0/pair.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Messages that may wait: nng's largest buffer, or fewer, at most so many bytes of them. */
#define WAITING_MESSAGES 8192u
#define WAITING_BYTES ((size_t)64 << 20)

typedef struct Connection {
    nng_socket socket;
    nng_msg *out;
    nng_msg *in;
} Connection;

static void check(int result, const char *what)
{
    if (result == 0) return;
    fprintf(stderr, "messaging: nng: %s\n", nng_strerror(result));
    errno = EIO;
    exchange_fail(what);
}

static void *open_connection(const ExchangeOptions *options)
{
    Connection *self = calloc(1, sizeof *self);
    if (self == NULL) exchange_fail("memory");
    check(nng_pair0_open(&self->socket), "nng_pair0_open");
    check(nng_socket_set_size(self->socket, NNG_OPT_RECVMAXSZ, 0), "no limit of size");
    size_t fit = WAITING_BYTES / options->largest;
    int waiting = (int)(fit < WAITING_MESSAGES ? fit : WAITING_MESSAGES);
    check(nng_socket_set_int(self->socket, NNG_OPT_RECVBUF, waiting), "receive buffer");
    check(nng_socket_set_int(self->socket, NNG_OPT_SENDBUF, waiting), "send buffer");
    char address[256];
    snprintf(address, sizeof address, "ipc://%s", options->path);
    if (options->is_responder) {
        check(nng_listen(self->socket, address, NULL, 0), address);
        return self;
    }
    int result = nng_dial(self->socket, address, NULL, 0);
    while (result == NNG_ECONNREFUSED || result == NNG_ENOENT) {
        usleep(1000);
        result = nng_dial(self->socket, address, NULL, 0);
    }
    check(result, address);
    return self;
}

static void *reserve(void *context, size_t size)
{
    Connection *self = context;
    check(nng_msg_alloc(&self->out, size), "nng_msg_alloc");
    return nng_msg_body(self->out);
}

static void send_message(void *context, size_t size)
{
    Connection *self = context;
    (void)size;
    check(nng_sendmsg(self->socket, self->out, 0), "nng_sendmsg");
}

static const void *receive(void *context, size_t *size)
{
    Connection *self = context;
    check(nng_recvmsg(self->socket, &self->in, 0), "nng_recvmsg");
    *size = nng_msg_len(self->in);
    return nng_msg_body(self->in);
}

static void release(void *context)
{
    nng_msg_free(((Connection *)context)->in);
}

static void close_connection(void *context)
{
    Connection *self = context;
    nng_close(self->socket);
    free(self);
}

int main(int argc, char **argv)
{
    /* Its own threads do the input and output: polling by the caller would only take the processor from them. */
    const Exchange peer = {"nng", false, open_connection, reserve, send_message, receive, release, close_connection};
    return exchange_main(&peer, 1, argc, argv);
}
