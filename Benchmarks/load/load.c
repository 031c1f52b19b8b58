/* SPDX-License-Identifier: Apache-2.0 */
/* Many WebSocket clients on loopback in one thread: each sends set_param at a fixed rate and waits for nothing.
 *
 *   load --port N [--host A] [--token T] [--clients N] [--rate R] [--seconds S] [--stalled N]
 *        [--module NAME] [--param NAME] [--own CHANNELS] [--hold]
 *
 * A latency is counted from the moment at which the message was due, not from when it was written, so a node (or this
 * program) that falls behind is charged for it (no coordinated omission). With --own every client turns a knob of its
 * own, on modules of so many channels: gain#1 gainDb#0, gain#1 gainDb#1, gain#2 gainDb#0, …; without it all turn the two of
 * gain#1, against each other. Every message changes something. Stalled clients subscribe to everything that
 * can be subscribed to and then never read. --hold only keeps the connections open. The result is one line of JSON. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "histogram.h"

#define MILLISECOND 1000000ull /* ns */

enum {
    INPUT_BYTES = 1 << 16,     /* of one client; a longer message is skipped, not kept */
    OUTPUT_BYTES = 1 << 16,    /* of one client; more than this waiting means that the node has stopped reading */
    OPENING = 64,              /* handshakes under way at once */
    STALLED_RECEIVE = 4096,    /* socket buffer of a client that never reads */
    WINDOW_SECONDS = 10,       /* of the run, each with a p99 of its own */
    DRAIN_SECONDS = 10,        /* for the last acknowledgements */
    EVENTS = 512,
};

enum state { CLOSED, CONNECTING, SHAKING, OPEN };

struct client {
    int fd;
    enum state state;
    bool stalled;
    uint64_t sent, acknowledged; /* requestIds count from 1 */
    uint64_t skip;               /* bytes of a long message that are still to be thrown away */
    uint8_t *input, *output;
    size_t input_used, output_used;
};

static struct options {
    const char *host, *token, *module, *param;
    int port, clients, stalled, own;
    double rate, seconds;
    bool hold;
} options = {.host = "127.0.0.1", .module = "gain", .param = "gainDb", .clients = 1, .rate = 20, .seconds = 10};

static struct result {
    uint64_t sent, acknowledged, refused, errors, updates, bytes, closed, stalled_closed, unsent;
    uint64_t late_ns; /* most that a message was written after it was due */
} result;

static struct client *clients;
static struct histogram latencies;
static struct histogram *windows; /* of the messages that were due in each WINDOW_SECONDS */
static size_t window_count;
static int poller;
static uint64_t start_ns;
static double interval_ns; /* between two messages of all clients together */
static uint64_t random_state = 0x9E3779B97F4A7C15u;

static void fail(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint32_t random_word(void) { /* xorshift64 */
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32);
}

static void watch(struct client *client, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = client};
    if (epoll_ctl(poller, operation, client->fd, &event) != 0) fail("epoll_ctl");
}

static void end(struct client *client) {
    if (client->state == CLOSED) return;
    if (client->stalled) {
        result.stalled_closed++;
    } else {
        result.closed++;
    }
    close(client->fd);
    client->state = CLOSED;
}

/* Writes what waits; asks to be told when the socket takes more. */
static void flush(struct client *client) {
    size_t done = 0;
    while (done < client->output_used) {
        ssize_t count = send(client->fd, client->output + done, client->output_used - done, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
        if (count <= 0) {
            end(client);
            return;
        }
        done += (size_t)count;
    }
    memmove(client->output, client->output + done, client->output_used - done);
    client->output_used -= done;
    if (client->output_used > 0) watch(client, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
}

/* Queues a masked text frame (RFC 6455 section 5.2). False when the node has not read for so long that nothing fits. */
static bool send_text(struct client *client, const char *text, size_t length) {
    if (client->output_used + length + 14 > OUTPUT_BYTES) return false;
    uint8_t *frame = client->output + client->output_used;
    size_t head = 2;
    frame[0] = 0x81;
    if (length < 126) {
        frame[1] = (uint8_t)(0x80 | length);
    } else {
        frame[1] = 0x80 | 126;
        frame[2] = (uint8_t)(length >> 8);
        frame[3] = (uint8_t)length;
        head = 4;
    }
    uint32_t mask = random_word();
    memcpy(frame + head, &mask, 4);
    for (size_t i = 0; i < length; i++) {
        frame[head + 4 + i] = (uint8_t)text[i] ^ frame[head + (i & 3)];
    }
    client->output_used += head + 4 + length;
    return true;
}

static void send_pong(struct client *client) {
    static const uint8_t pong[6] = {0x8A, 0x80, 1, 2, 3, 4}; /* no payload, so the mask does not matter */
    if (client->output_used + sizeof pong > OUTPUT_BYTES) return;
    memcpy(client->output + client->output_used, pong, sizeof pong);
    client->output_used += sizeof pong;
    flush(client);
}

static void connect_client(struct client *client) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port)};
    if (inet_pton(AF_INET, options.host, &address.sin_addr) != 1) {
        fprintf(stderr, "load: --host %s: no IPv4 address\n", options.host);
        exit(64);
    }
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (client->fd < 0) fail("socket");
    int on = 1;
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (client->stalled) {
        int size = STALLED_RECEIVE;
        setsockopt(client->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    }
    if (connect(client->fd, (struct sockaddr *)&address, sizeof address) != 0 && errno != EINPROGRESS) fail("connect");
    client->state = CONNECTING;
    watch(client, EPOLL_CTL_ADD, EPOLLOUT);
}

static void begin_handshake(struct client *client) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
        errno = error;
        fail("connect");
    }
    int length = snprintf((char *)client->output, OUTPUT_BYTES,
                          "GET /ws HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s\r\n",
                          options.host, options.port, options.token ? "Authorization: Bearer " : "",
                          options.token ? options.token : "", options.token ? "\r\n" : "");
    if (length < 0 || length >= OUTPUT_BYTES) fail("the handshake is too long");
    client->output_used = (size_t)length;
    client->state = SHAKING;
    watch(client, EPOLL_CTL_MOD, EPOLLIN);
    flush(client);
}

static void take_acknowledgement(struct client *client, const char *text) {
    const char *mark = strstr(text, "\"requestId\":");
    uint64_t number = mark ? strtoull(mark + 12, NULL, 10) : 0;
    if (number != client->acknowledged + 1 || number > client->sent) {
        result.errors++; /* out of order, twice, or never asked for */
        return;
    }
    client->acknowledged = number;
    result.acknowledged++;
    if (strstr(text, "\"success\":true") == NULL) result.refused++;
    uint64_t index = (number - 1) * (uint64_t)options.clients + (uint64_t)(client - clients);
    uint64_t due = start_ns + (uint64_t)((double)index * interval_ns);
    uint64_t now = now_ns();
    uint64_t microseconds = now > due ? (now - due) / 1000 : 0;
    histogram_add(&latencies, microseconds);
    histogram_add(&windows[(due - start_ns) / (WINDOW_SECONDS * 1000000000ull)], microseconds);
}

static void take_text(struct client *client, char *text) {
    if (strstr(text, "\"type\":\"set_param_ack\"") != NULL) {
        take_acknowledgement(client, text);
    } else if (strstr(text, "\"type\":\"param_update\"") != NULL) {
        result.updates++;
    } else if (strstr(text, "\"type\":\"error\"") != NULL) {
        if (result.errors++ == 0) fprintf(stderr, "load: %.300s\n", text);
    }
}

/* Takes whole frames off the input. The payload is closed with a NUL, whose place the next frame lends. */
static void take_frames(struct client *client) {
    size_t at = 0;
    while (client->state == OPEN) {
        const uint8_t *frame = client->input + at;
        size_t left = client->input_used - at;
        if (left < 2) break;
        size_t head = 2;
        uint64_t length = frame[1] & 0x7F;
        if (length == 126) {
            if (left < 4) break;
            length = (uint64_t)frame[2] << 8 | frame[3];
            head = 4;
        } else if (length == 127) {
            if (left < 10) break;
            length = 0;
            for (int i = 2; i < 10; i++) length = length << 8 | frame[i];
            head = 10;
        }
        int opcode = frame[0] & 0x0F;
        if (head + length > INPUT_BYTES) { /* a long greeting: nothing that is measured */
            size_t here = left - head;
            client->skip = length - here;
            at = client->input_used;
            break;
        }
        if (left < head + length) break;
        uint8_t *payload = client->input + at + head;
        uint8_t lent = payload[length];
        payload[length] = 0;
        if (opcode == 1) take_text(client, (char *)payload);
        if (opcode == 8) fprintf(stderr, "load: closed by the node: %.*s\n", (int)length - 2, payload + 2);
        payload[length] = lent;
        if (opcode == 8) end(client);
        if (opcode == 9) send_pong(client);
        at += head + length;
    }
    memmove(client->input, client->input + at, client->input_used - at);
    client->input_used -= at;
}

static void open_client(struct client *client) {
    client->input[client->input_used] = 0;
    char *headEnd = strstr((char *)client->input, "\r\n\r\n");
    if (headEnd == NULL) return;
    if (strncmp((char *)client->input, "HTTP/1.1 101 ", 13) != 0) {
        fprintf(stderr, "load: the node refused the WebSocket: %.400s\n", client->input);
        exit(1);
    }
    size_t used = (size_t)(headEnd + 4 - (char *)client->input);
    memmove(client->input, client->input + used, client->input_used - used);
    client->input_used -= used;
    client->state = OPEN;
    if (client->stalled) {
        static const char subscribe[] = "{\"type\":\"debug_subscribe\",\"intervalMs\":50}";
        send_text(client, subscribe, sizeof subscribe - 1);
        flush(client);
        if (client->state == OPEN) watch(client, EPOLL_CTL_MOD, 0); /* errors and hang-ups are told all the same */
        return;
    }
    take_frames(client);
}

static void read_client(struct client *client) {
    while (client->state == SHAKING || client->state == OPEN) {
        ssize_t count = recv(client->fd, client->input + client->input_used, INPUT_BYTES - client->input_used, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
        if (count <= 0) {
            end(client);
            return;
        }
        bool more = (size_t)count == INPUT_BYTES - client->input_used;
        result.bytes += (uint64_t)count;
        size_t fresh = (size_t)count;
        if (client->skip > 0) {
            size_t skipped = fresh < client->skip ? fresh : (size_t)client->skip;
            memmove(client->input, client->input + skipped, fresh - skipped);
            client->skip -= skipped;
            fresh -= skipped;
        }
        client->input_used += fresh;
        if (client->state == SHAKING) {
            open_client(client);
            if (client->stalled) return;
        } else {
            take_frames(client);
        }
        if (!more) return; /* poll tells again */
    }
}

static void poll_events(uint64_t nanoseconds) {
    struct epoll_event events[EVENTS];
    struct timespec limit = {.tv_sec = (time_t)(nanoseconds / 1000000000), .tv_nsec = (long)(nanoseconds % 1000000000)};
    int count = epoll_pwait2(poller, events, EVENTS, &limit, NULL);
    if (count < 0 && errno != EINTR) fail("epoll_pwait2");
    for (int i = 0; i < count; i++) {
        struct client *client = events[i].data.ptr;
        if (client->state == CONNECTING) {
            begin_handshake(client);
            continue;
        }
        if (client->stalled && client->state == OPEN) { /* EPOLLERR or EPOLLHUP */
            end(client);
            continue;
        }
        if (events[i].events & EPOLLOUT) {
            watch(client, EPOLL_CTL_MOD, EPOLLIN);
            flush(client);
        }
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_client(client);
    }
}

static int opened(int from, int to) {
    int count = 0;
    for (int i = from; i < to; i++) count += clients[i].state == OPEN;
    return count;
}

static void open_all(int total) {
    int begun = 0, ready = 0;
    uint64_t deadline = now_ns() + 120 * 1000000000ull;
    while (ready < total) {
        while (begun < total && begun - ready < OPENING) connect_client(&clients[begun++]);
        poll_events(100 * MILLISECOND);
        ready = opened(0, begun);
        if (result.closed + result.stalled_closed > 0 || now_ns() > deadline) {
            fprintf(stderr, "load: only %d of %d clients were let in\n", ready, total);
            exit(1);
        }
    }
}

static void send_due(uint64_t index, uint64_t due) {
    struct client *client = &clients[index % (uint64_t)options.clients];
    uint64_t number = index / (uint64_t)options.clients + 1;
    uint64_t knob = options.own > 0 ? index % (uint64_t)options.clients : number % 2;
    int channels = options.own > 0 ? options.own : 2;
    double value = -(double)((index % (uint64_t)options.clients * 13 + number * 7) % 600) / 100;
    char text[256];
    int length = snprintf(text, sizeof text,
                          "{\"type\":\"set_param\",\"instanceId\":\"%s#%d\",\"paramId\":\"%s#%d\",\"value\":%.2f,\"requestId\":%llu}",
                          options.module, (int)knob / channels + 1, options.param, (int)knob % channels, value,
                          (unsigned long long)number);
    if (client->state != OPEN || !send_text(client, text, (size_t)length)) {
        result.unsent++;
        return;
    }
    client->sent = number;
    result.sent++;
    flush(client);
    uint64_t late = now_ns() - due;
    if (late > result.late_ns) result.late_ns = late;
}

static void run(void) {
    uint64_t total = options.hold ? 0 : (uint64_t)(options.seconds * options.rate * options.clients);
    interval_ns = 1e9 / (options.rate * options.clients);
    start_ns = now_ns() + 100 * MILLISECOND;
    uint64_t end_ns = start_ns + (uint64_t)(options.seconds * 1e9);
    for (uint64_t index = 0; index < total;) {
        uint64_t due = start_ns + (uint64_t)((double)index * interval_ns);
        uint64_t now = now_ns();
        if (now >= due) {
            send_due(index++, due);
            if (index % 64 == 0) poll_events(0); /* a backlog must not keep answers waiting here */
        } else {
            poll_events(due - now); /* asleep: what the generator spends of the processor, the node lacks */
        }
    }
    while (now_ns() < end_ns) poll_events(10 * MILLISECOND);
    uint64_t deadline = now_ns() + DRAIN_SECONDS * 1000000000ull;
    while (result.acknowledged < result.sent && now_ns() < deadline) poll_events(10 * MILLISECOND);
}

static void report(void) {
    printf("{\"clients\":%d,\"stalled\":%d,\"rate\":%g,\"seconds\":%g,\"sent\":%llu,\"acks\":%llu,\"missing\":%llu,"
           "\"refused\":%llu,\"errors\":%llu,\"unsent\":%llu,\"closed\":%llu,\"stalledClosed\":%llu,\"updates\":%llu,"
           "\"megabytes\":%.1f,\"lateUs\":%.0f,\"p50Us\":%llu,\"p99Us\":%llu,\"p999Us\":%llu,\"maxUs\":%llu,\"windowsP99Us\":[",
           options.clients, options.stalled, options.rate, options.seconds, (unsigned long long)result.sent,
           (unsigned long long)result.acknowledged, (unsigned long long)(result.sent - result.acknowledged),
           (unsigned long long)result.refused, (unsigned long long)result.errors, (unsigned long long)result.unsent,
           (unsigned long long)result.closed, (unsigned long long)result.stalled_closed,
           (unsigned long long)result.updates, (double)result.bytes / 1e6, (double)result.late_ns / 1e3,
           (unsigned long long)histogram_at(&latencies, 0.5), (unsigned long long)histogram_at(&latencies, 0.99),
           (unsigned long long)histogram_at(&latencies, 0.999), (unsigned long long)latencies.max);
    for (size_t i = 0; i < window_count; i++) {
        printf("%s%llu", i > 0 ? "," : "", (unsigned long long)histogram_at(&windows[i], 0.99));
    }
    printf("]}\n");
}

static int whole(const char *text, const char *name, int least, int most) {
    char *rest;
    long value = strtol(text, &rest, 10);
    if (*text == 0 || *rest != 0 || value < least || value > most) {
        fprintf(stderr, "load: --%s %s: %d to %d\n", name, text, least, most);
        exit(64);
    }
    return (int)value;
}

static double positive(const char *text, const char *name) {
    char *rest;
    double value = strtod(text, &rest);
    if (*text == 0 || *rest != 0 || !(value > 0 && value <= 1e6)) {
        fprintf(stderr, "load: --%s %s: a number above 0\n", name, text);
        exit(64);
    }
    return value;
}

static void parse(int count, char **arguments) {
    static const struct option known[] = {
        {"host", required_argument, NULL, 'h'},     {"port", required_argument, NULL, 'p'},
        {"token", required_argument, NULL, 't'},    {"clients", required_argument, NULL, 'c'},
        {"rate", required_argument, NULL, 'r'},     {"seconds", required_argument, NULL, 's'},
        {"stalled", required_argument, NULL, 'z'},  {"module", required_argument, NULL, 'm'},
        {"param", required_argument, NULL, 'n'},    {"own", required_argument, NULL, 'o'},
        {"hold", no_argument, NULL, 'k'},           {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(count, arguments, "", known, NULL)) != -1;) {
        switch (option) {
        case 'h': options.host = optarg; break;
        case 'p': options.port = whole(optarg, "port", 1, 65535); break;
        case 't': options.token = optarg; break;
        case 'c': options.clients = whole(optarg, "clients", 1, 100000); break;
        case 'r': options.rate = positive(optarg, "rate"); break;
        case 's': options.seconds = positive(optarg, "seconds"); break;
        case 'z': options.stalled = whole(optarg, "stalled", 0, 100000); break;
        case 'm': options.module = optarg; break;
        case 'n': options.param = optarg; break;
        case 'o': options.own = whole(optarg, "own", 1, 64); break;
        case 'k': options.hold = true; break;
        default: exit(64);
        }
    }
    if (options.port == 0 || optind < count) {
        fprintf(stderr, "load: usage: load --port N [OPTION…]; the first lines of load.c explain the options\n");
        exit(64);
    }
}

static void allow_files(int needed) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) fail("getrlimit");
    if (limit.rlim_cur >= (rlim_t)needed) return;
    limit.rlim_cur = (rlim_t)needed;
    if (limit.rlim_max < limit.rlim_cur) limit.rlim_max = limit.rlim_cur;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) fail("more open files than the system allows (ulimit -n)");
}

int main(int count, char **arguments) {
    parse(count, arguments);
    int total = options.clients + options.stalled;
    allow_files(total + 32);
    poller = epoll_create1(EPOLL_CLOEXEC);
    clients = calloc((size_t)total, sizeof *clients);
    window_count = (size_t)(options.seconds / WINDOW_SECONDS) + 1;
    windows = calloc(window_count, sizeof *windows);
    if (poller < 0 || clients == NULL || windows == NULL) fail("setting up");
    for (int i = 0; i < total; i++) {
        clients[i].stalled = i >= options.clients;
        clients[i].input = malloc(INPUT_BYTES + 1);
        clients[i].output = malloc(OUTPUT_BYTES);
        if (clients[i].input == NULL || clients[i].output == NULL) fail("memory");
    }
    open_all(total);
    run();
    report();
    return 0;
}
