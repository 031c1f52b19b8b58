/* ZeroMQ over ipc://, a pair of sockets.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <zmq.h>

/* Messages that may wait, at most so many bytes of them. */
#define WAITING_MESSAGES 10000u
#define WAITING_BYTES ((size_t)64 << 20)

typedef struct Connection {
    void *context;
    void *socket;
    zmq_msg_t out;
    zmq_msg_t in;
} Connection;

static void *open_connection(const ExchangeOptions *options)
{
    Connection *self = calloc(1, sizeof *self);
    if (self == NULL) exchange_fail("memory");
    self->context = zmq_ctx_new();
    self->socket = zmq_socket(self->context, ZMQ_PAIR);
    if (self->socket == NULL) exchange_fail("zmq_socket");
    size_t fit = WAITING_BYTES / options->largest;
    int waiting = (int)(fit < WAITING_MESSAGES ? fit : WAITING_MESSAGES);
    zmq_setsockopt(self->socket, ZMQ_SNDHWM, &waiting, sizeof waiting);
    zmq_setsockopt(self->socket, ZMQ_RCVHWM, &waiting, sizeof waiting);
    char address[256];
    snprintf(address, sizeof address, "ipc://%s", options->path);
    /* zmq_connect tries again, after 100 ms, by itself. */
    int result = options->is_responder ? zmq_bind(self->socket, address) : zmq_connect(self->socket, address);
    if (result != 0) exchange_fail(address);
    return self;
}

static void *reserve(void *context, size_t size)
{
    Connection *self = context;
    if (zmq_msg_init_size(&self->out, size) != 0) exchange_fail("zmq_msg_init_size");
    return zmq_msg_data(&self->out);
}

static void send_message(void *context, size_t size)
{
    Connection *self = context;
    (void)size;
    if (zmq_msg_send(&self->out, self->socket, 0) < 0) exchange_fail("zmq_msg_send");
}

static const void *receive(void *context, size_t *size)
{
    Connection *self = context;
    zmq_msg_init(&self->in);
    if (zmq_msg_recv(&self->in, self->socket, 0) < 0) exchange_fail("zmq_msg_recv");
    *size = zmq_msg_size(&self->in);
    return zmq_msg_data(&self->in);
}

static void release(void *context)
{
    zmq_msg_close(&((Connection *)context)->in);
}

static void close_connection(void *context)
{
    Connection *self = context;
    zmq_close(self->socket);
    zmq_ctx_term(self->context);
    free(self);
}

int main(int argc, char **argv)
{
    /* Its own thread does the input and output: polling by the caller would only take the processor from that. */
    const Exchange peer = {"zeromq", false, open_connection, reserve, send_message, receive, release, close_connection};
    return exchange_main(&peer, 1, argc, argv);
}
