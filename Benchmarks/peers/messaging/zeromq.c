/* ZeroMQ over ipc:// and over tcp:// on the loopback, a pair of sockets.
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
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

/* The responder takes any free port and leaves its address in the file at `path`, which the initiator waits for. */
static void bind_loopback(void *socket, const char *path)
{
    char address[256], written[256 + 8];
    size_t size = sizeof address;
    if (zmq_bind(socket, "tcp://127.0.0.1:*") != 0) exchange_fail("zmq_bind");
    if (zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, address, &size) != 0) exchange_fail("zmq_getsockopt");
    snprintf(written, sizeof written, "%s.new", path);
    FILE *file = fopen(written, "w");
    if (file == NULL || fputs(address, file) < 0 || fclose(file) != 0) exchange_fail(written);
    if (rename(written, path) != 0) exchange_fail(path);
}

static void connect_loopback(void *socket, const char *path)
{
    char address[256];
    FILE *file;
    while ((file = fopen(path, "r")) == NULL) usleep(1000);
    if (fgets(address, sizeof address, file) == NULL || zmq_connect(socket, address) != 0) exchange_fail("zmq_connect");
    fclose(file);
}

static Connection *open_socket(const ExchangeOptions *options)
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
    return self;
}

static void *open_ipc(const ExchangeOptions *options)
{
    Connection *self = open_socket(options);
    char address[256];
    snprintf(address, sizeof address, "ipc://%s", options->path);
    /* zmq_connect tries again, after 100 ms, by itself. */
    int result = options->is_responder ? zmq_bind(self->socket, address) : zmq_connect(self->socket, address);
    if (result != 0) exchange_fail(address);
    return self;
}

/* Without Nagle's delay, which ZeroMQ turns off by itself. */
static void *open_tcp(const ExchangeOptions *options)
{
    Connection *self = open_socket(options);
    if (options->is_responder) bind_loopback(self->socket, options->path);
    else connect_loopback(self->socket, options->path);
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
    const Exchange peers[] = {
        {"zeromq", false, open_ipc, reserve, send_message, receive, release, close_connection},
        {"zeromq-tcp", false, open_tcp, reserve, send_message, receive, release, close_connection},
    };
    return exchange_main(peers, sizeof peers / sizeof *peers, argc, argv);
}
