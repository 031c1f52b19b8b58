/* Kills one side of a channel at every instruction of an operation, and watches what the other side makes of it.
 *
 *   stepper [options] CHANNEL_VICTIM        --help lists them
 *
 * Each of several workers has a survivor (a process that lives through all of the worker's rounds) and a template, of which
 * each round's victim is a fork. A round: the two meet, the victim runs to its begin mark (SIGUSR1), is stepped through n
 * instructions (PTRACE_SINGLESTEP; a system call is one) and killed. Within a second the survivor has to say that it learned
 * it, with every record that was published. The next victim takes the same names; nothing is cleaned in between.
 *
 * Rounds with shared memory take a quarter of a second, because a sleeper looks for the other's death that often. So many
 * workers run at a time; most of them sleep.
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    NOTICE_LIMIT_MS = 1000,
    PATIENCE_MS = 10000, /* for everything that is no notice: beyond it something hangs */
    STOP_MS = 2000,
    CALLS = 512, /* system calls of one operation that are remembered */
    AROUND = 2,  /* instructions on each side of a system call that are always killed at */
    EARLY = 4000,
    SLEEPERS = 10, /* kills of each wait while it sleeps */
    TICK_MS = 10,
    ASLEEP_TICKS = 3,
    MAX_WORKERS = 256,
};

typedef struct Case {
    const char *kind, *role, *operation;
} Case;

#define BOTH(kind, operation) {kind, "server", operation}, {kind, "client", operation}
static const Case cases[] = {
    BOTH("rings", "push"), BOTH("rings", "publish"), BOTH("rings", "borrow"), BOTH("rings", "release"),
    BOTH("rings", "wait-data"), BOTH("rings", "wait-space"), BOTH("rings", "close"), BOTH("rings", "meet"),
    BOTH("socket", "push"), BOTH("socket", "borrow"), BOTH("socket", "wait-data"), BOTH("socket", "wait-space"),
    BOTH("socket", "close"), BOTH("socket", "meet"),
};
static const Case exchanges[] = {BOTH("rings", "exchange"), BOTH("socket", "exchange")};
enum { CASES = sizeof cases / sizeof cases[0], EXCHANGES = sizeof exchanges / sizeof exchanges[0] };

static bool is_operation(const Case *c, const char *name) { return strcmp(c->operation, name) == 0; }
static bool is_wait(const Case *c) { return strncmp(c->operation, "wait-", 5) == 0; }

/* What all workers write to. */
typedef struct Result {
    _Atomic long instructions, kills, asleep, slowest_us, slowest_death_us;
    _Atomic long first_new, last_old; /* instruction from which the record is there, last at which it is not */
    long calls[CALLS], call_count; /* where its system calls are */
    long stride, first, regular;   /* its kills */
} Result;

static struct Shared {
    _Atomic long failed, passed, next, counted, ready, stops;
    _Atomic long broken; /* workers that cannot go on */
    _Atomic long rounds, slowest_going_us;
    Result results[CASES];
    long starts[CASES + 1]; /* of each case's kills among all kills */
    uint32_t points[1 << 16][2];
} *shared;

static struct Options {
    const char *victim;
    long points, stride, cap, counts, workers, leak_rounds, stops;
    uint64_t seed;
    const char *only, *without;
} options = {.points = 50, .stride = 1, .counts = 1, .workers = 16, .leak_rounds = 200, .stops = 1};

static char root[PATH_MAX];

static int64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void largest(_Atomic long *of, long value) {
    long old = atomic_load(of);
    while (value > old && !atomic_compare_exchange_weak(of, &old, value)) {}
}

static uint64_t random_state;
static uint64_t random_number(void) { /* splitmix64 */
    uint64_t z = (random_state += 0x9e3779b97f4a7c15u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* --- a worker's processes --- */

typedef struct Helper {
    pid_t pid;
    int to, from;
    char kept[4096];
    size_t count;
} Helper;

typedef struct Worker {
    int number;
    char directory[PATH_MAX];
    Helper survivor, template;
    pid_t victim;
    long rounds;
    char at[256]; /* what is being done, for messages */
} Worker;

static void failure(const Worker *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void failure(const Worker *w, const char *format, ...) {
    char text[512], line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    int count = snprintf(line, sizeof line, "FAILED %s: %s\n", w->at, text);
    if (write(STDOUT_FILENO, line, (size_t)count) < 0) {} /* one call, so that workers' lines do not mix */
    atomic_fetch_add(&shared->failed, 1);
}

static Helper helper(const Worker *w, const char *role) {
    Helper h = {0};
    int to[2], from[2];
    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0) exit(3);
    h.pid = fork();
    if (h.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(to[0], STDIN_FILENO);
        dup2(from[1], STDOUT_FILENO);
        execl(options.victim, options.victim, role, w->directory, (char *)NULL);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    h.to = to[1];
    h.from = from[0];
    return h;
}

static void tell(Helper *h, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void tell(Helper *h, const char *format, ...) {
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (write(h->to, line, (size_t)count) != count) {} /* a helper that is gone is found by what it does not say */
}

/* The next line, without its end; false if none came in time. */
static bool hear(Helper *h, char *line, size_t capacity, int64_t deadline) {
    for (;;) {
        char *end = memchr(h->kept, '\n', h->count);
        if (end != NULL) {
            size_t length = (size_t)(end - h->kept);
            snprintf(line, capacity, "%.*s", (int)length, h->kept);
            h->count -= length + 1;
            memmove(h->kept, end + 1, h->count);
            return true;
        }
        int64_t rest = (deadline - now_ns()) / 1000000;
        struct pollfd entry = {.fd = h->from, .events = POLLIN};
        if (rest < 0) return false;
        int result = poll(&entry, 1, (int)rest + 1);
        if (result < 0 && errno == EINTR) continue;
        if (result <= 0) continue;
        ssize_t count = read(h->from, h->kept + h->count, sizeof h->kept - h->count);
        if (count == 0) return false;
        if (count > 0) h->count += (size_t)count;
    }
}

/* Waits until it says a line that begins so; other lines are passed over. */
static bool hear_word(Helper *h, const char *word, char *line, size_t capacity, int64_t patience_ms) {
    int64_t deadline = now_ns() + patience_ms * 1000000;
    while (hear(h, line, capacity, deadline))
        if (strncmp(line, word, strlen(word)) == 0) return true;
    return false;
}

/* S: sleeps in the kernel. */
static char state_of(pid_t pid) {
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return '?';
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    if (count <= 0) return '?';
    text[count] = 0;
    char *end = strrchr(text, ')');
    return end == NULL ? '?' : end[2];
}

/* Nanoseconds for which it could have run and had no processor. */
static int64_t unserved(pid_t pid) {
    char path[64];
    unsigned long long ran, waited = 0;
    snprintf(path, sizeof path, "/proc/%d/schedstat", (int)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) return 0;
    if (fscanf(file, "%llu %llu", &ran, &waited) != 2) waited = 0;
    fclose(file);
    return (int64_t)waited;
}

static bool await_sleep(pid_t pid) {
    int64_t deadline = now_ns() + (int64_t)PATIENCE_MS * 1000000;
    while (state_of(pid) != 'S') {
        if (now_ns() > deadline) return false;
        usleep(50);
    }
    return true;
}

/* --- stepping --- */

static void on_tick(int number) { (void)number; }

/* Waits for a stop or the end of a traced process; gives up after `patience_ms`. `asleep` (may be NULL) is set, and 0
 * returned, once it has slept in the kernel for some ticks. */
static pid_t wait_for(pid_t pid, int *status, int64_t patience_ms, bool *asleep) {
    int64_t deadline = 0;
    for (int ticks = 0;;) {
        pid_t result = waitpid(pid, status, __WALL);
        if (result == pid) return pid;
        if (errno != EINTR) return -1;
        int64_t time = now_ns();
        if (deadline == 0) deadline = time + patience_ms * 1000000;
        if (time > deadline) return -1;
        if (asleep != NULL && ++ticks >= ASLEEP_TICKS && state_of(pid) == 'S') {
            *asleep = true;
            return 0;
        }
    }
}

#ifdef __aarch64__
/* An exclusive load and its store cannot be stepped through: each stop clears the monitor, and the loop never ends. What
 * lies between them changes no memory, so the whole is taken as one step. */
enum { EXCLUSIVE = 16 };
static bool is_exclusive(uint32_t word, bool load) {
    return (word & 0x3f000000u) == 0x08000000u && (word >> 22 & 1u) == load && (word >> 23 & 1u) == 0;
}

static bool step_over_exclusive(pid_t pid) {
    struct {
        uint64_t registers[31], sp, pc, pstate;
    } state;
    struct iovec part = {&state, sizeof state};
    if (ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &part) != 0) return false;
    uint64_t word = 0;
    errno = 0;
    word = (uint64_t)ptrace(PTRACE_PEEKTEXT, pid, (void *)(state.pc & ~7ull), NULL);
    if (errno != 0 || !is_exclusive((uint32_t)(state.pc & 4 ? word >> 32 : word), true)) return false;
    for (int ahead = 1; ahead < EXCLUSIVE; ahead++) {
        uint64_t at = state.pc + 4u * (unsigned)ahead;
        word = (uint64_t)ptrace(PTRACE_PEEKTEXT, pid, (void *)(at & ~7ull), NULL);
        uint32_t instruction = (uint32_t)(at & 4 ? word >> 32 : word);
        if (!is_exclusive(instruction, false)) continue;
        at += 4; /* behind the store; a branch back from there is the next step */
        uint64_t old = (uint64_t)ptrace(PTRACE_PEEKTEXT, pid, (void *)(at & ~7ull), NULL);
        uint64_t trap = at & 4 ? (old & 0xffffffffu) | 0xd4200000ull << 32 : (old & ~0xffffffffull) | 0xd4200000ull;
        ptrace(PTRACE_POKETEXT, pid, (void *)(at & ~7ull), (void *)trap);
        ptrace(PTRACE_CONT, pid, NULL, NULL);
        int status;
        wait_for(pid, &status, PATIENCE_MS, NULL);
        ptrace(PTRACE_POKETEXT, pid, (void *)(at & ~7ull), (void *)old);
        return true;
    }
    return false;
}
#endif

/* Whether the next instruction is a system call. */
static bool is_call(pid_t pid) {
#ifdef __x86_64__
    long at = ptrace(PTRACE_PEEKUSER, pid, (void *)offsetof(struct user, regs.rip), NULL);
    return (ptrace(PTRACE_PEEKTEXT, pid, (void *)at, NULL) & 0xffff) == 0x050f;
#else
    struct {
        uint64_t registers[31], sp, pc, pstate;
    } state = {0};
    struct iovec part = {&state, sizeof state};
    ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &part);
    long word = ptrace(PTRACE_PEEKTEXT, pid, (void *)(state.pc & ~7ull), NULL);
    return (uint32_t)(state.pc & 4 ? (uint64_t)word >> 32 : (uint64_t)word) == 0xd4000001u;
#endif
}

static int mark_value(pid_t pid) {
    siginfo_t information;
    memset(&information, 0, sizeof information);
    ptrace(PTRACE_GETSIGINFO, pid, NULL, &information);
    return information.si_value.sival_int;
}

static void bury(Worker *w) {
    int status;
    if (w->victim <= 0) return;
    kill(w->victim, SIGKILL);
    for (;;) {
        pid_t result = wait_for(w->victim, &status, PATIENCE_MS, NULL);
        if (result != w->victim || WIFEXITED(status) || WIFSIGNALED(status)) break;
    }
    w->victim = 0;
}

/* A victim at its begin mark; false after a failure. */
static bool start_victim(Worker *w, const Case *c, int *written) {
    int status;
    tell(&w->survivor, "%s %s %s\n", c->kind, c->role, c->operation);
    tell(&w->template, "fork %s %s %s\n", c->kind, c->role, c->operation);
    for (;;) {
        if (wait_for(w->template.pid, &status, PATIENCE_MS, NULL) != w->template.pid || !WIFSTOPPED(status)) {
            failure(w, "the template does not fork");
            return false;
        }
        bool is_fork = status >> 8 == (SIGTRAP | PTRACE_EVENT_FORK << 8);
        unsigned long child = 0;
        if (is_fork) ptrace(PTRACE_GETEVENTMSG, w->template.pid, NULL, &child);
        ptrace(PTRACE_CONT, w->template.pid, NULL, NULL);
        if (!is_fork) continue;
        w->victim = (pid_t)child;
        break;
    }
    for (;;) {
        if (wait_for(w->victim, &status, PATIENCE_MS, NULL) != w->victim) {
            failure(w, "the victim hangs before its begin mark");
            return false;
        }
        if (!WIFSTOPPED(status)) {
            failure(w, "the victim ended before its begin mark (%x)", (unsigned)status);
            w->victim = 0;
            return false;
        }
        if (WSTOPSIG(status) == SIGUSR1) break;
        ptrace(PTRACE_CONT, w->victim, NULL, NULL);
    }
    *written = mark_value(w->victim);
    if (is_operation(c, "meet")) return true;
    char line[256];
    if (!hear_word(&w->survivor, "met", line, sizeof line, PATIENCE_MS)) {
        failure(w, "the survivor has not met the victim");
        return false;
    }
    /* So that every round takes the same way: the survivor sleeps, and is to be woken. */
    if (!is_operation(c, "exchange") && !await_sleep(w->survivor.pid)) {
        failure(w, "the survivor does not go to sleep");
        return false;
    }
    return true;
}

enum { TO_END = LONG_MAX, ASLEEP = -1 };

/* One round: kills the victim after `steps` instructions, at its end mark, or (ASLEEP) while it sleeps in its wait. */
static bool round_of(Worker *w, const Case *c, Result *result, long steps, bool is_count) {
    char line[512];
    int written = 0, status;
    bool is_at_end = false, has_gone = false, was_asleep = false;
    long done = 0;
    snprintf(w->at, sizeof w->at, "%s %s %s, instruction %ld", c->kind, c->role, c->operation, steps);
    w->rounds++;
    atomic_fetch_add(&shared->rounds, 1);
    if (!start_victim(w, c, &written)) return false;
    while (steps == ASLEEP || done < steps) {
#ifdef __aarch64__
        if (step_over_exclusive(w->victim)) {
            done++;
            continue;
        }
#endif
        if (is_count && result->call_count < CALLS && is_call(w->victim)) result->calls[result->call_count++] = done;
        if (ptrace(PTRACE_SINGLESTEP, w->victim, NULL, NULL) != 0) {
            failure(w, "step %ld: %s", done, strerror(errno));
            return false;
        }
        done++;
        bool asleep = false;
        bool watches = is_wait(c) && !has_gone;
        pid_t stopped = wait_for(w->victim, &status, PATIENCE_MS, watches ? &asleep : NULL);
        if (asleep) {
            was_asleep = true;
            if (steps == ASLEEP || done == steps) break;
            tell(&w->survivor, "go\n");
            has_gone = true;
            stopped = wait_for(w->victim, &status, PATIENCE_MS, NULL);
        }
        if (stopped != w->victim || !WIFSTOPPED(status)) {
            failure(w, "the victim %s at step %ld", stopped == w->victim ? "ended" : "hangs", done);
            if (stopped == w->victim) w->victim = 0;
            return false;
        }
        if (WSTOPSIG(status) == SIGUSR2) {
            is_at_end = true;
            break;
        }
        if (WSTOPSIG(status) != SIGTRAP) {
            failure(w, "the victim got signal %d at step %ld", WSTOPSIG(status), done);
            return false;
        }
    }
    int at_least = written, at_most = written + 1;
    if (is_at_end) at_least = at_most = mark_value(w->victim);
    if (is_wait(c) && !has_gone) tell(&w->survivor, "go\n");

    int64_t waited = unserved(w->survivor.pid), killed = now_ns();
    bury(w);
    int64_t buried = now_ns();
    if (is_operation(c, "meet")) tell(&w->survivor, "stop\n");
    if (!hear_word(&w->survivor, "end ", line, sizeof line, PATIENCE_MS)) {
        failure(w, "the survivor has not learned it after %d ms", PATIENCE_MS);
        return false;
    }
    long long learned;
    int count, offset = 0;
    if (sscanf(line, "end %lld %d %n", &learned, &count, &offset) < 2) {
        failure(w, "the survivor says: %s", line);
        return false;
    }
    const char *reason = line + offset;
    bool is_good = true;
    bool may_miss = is_operation(c, "meet") && !is_at_end;
    if (strcmp(reason, "ok") != 0 && !(may_miss && strcmp(reason, "none") == 0)) {
        failure(w, "the survivor's end was: %s", reason);
        is_good = false;
    }
    if (count < at_least || count > at_most) {
        failure(w, "%d records came, %d to %d were published", count, at_least, at_most);
        is_good = false;
    }
    long notice_us = (long)((learned - killed) / 1000);
    /* A killed process needs a processor to end, and the survivor one to wake: on a busy machine they wait for it. That is not
     * the channel's time. On an idle one it is nothing. */
    int64_t others = buried - killed + unserved(w->survivor.pid) - waited;
    if (notice_us - others / 1000 > NOTICE_LIMIT_MS * 1000L) {
        failure(w, "the survivor learned it after %ld ms; the victim was dead after %ld ms, and the survivor "
                   "had no processor for %ld ms",
                notice_us / 1000, (long)((buried - killed) / 1000000),
                (long)((unserved(w->survivor.pid) - waited) / 1000000));
        is_good = false;
    }
    largest(&result->slowest_us, notice_us);
    largest(&result->slowest_death_us, (long)((buried - killed) / 1000));
    if (was_asleep && !has_gone) atomic_fetch_add(&result->asleep, 1);
    if (steps == TO_END) largest(&result->instructions, done);
    atomic_fetch_add(&result->kills, 1);
    /* A wait spins by the clock, so there it may come at another instruction each time. */
    bool is_repeatable = is_operation(c, "push") || is_operation(c, "publish");
    if (is_repeatable && count > written && !is_at_end) largest(&result->first_new, LONG_MAX - done);
    if (is_repeatable && count == written) largest(&result->last_old, done);
    if (is_good) atomic_fetch_add(&shared->passed, 1);
    return true; /* the two are in order, so the next round can be played */
}

/* The victim is stopped for two seconds in the middle of an exchange: the survivor waits on, and afterwards all goes on. */
static bool stop_round(Worker *w, const Case *c) {
    char line[512];
    int written, status;
    snprintf(w->at, sizeof w->at, "%s %s stopped for %d ms", c->kind, c->role, STOP_MS);
    w->rounds++;
    if (!start_victim(w, c, &written)) return false;
    ptrace(PTRACE_CONT, w->victim, NULL, NULL); /* the mark is taken away */
    usleep((useconds_t)(20000 + random_number() % 30000));
    /* Not traced while it is stopped: a tracer's stop is another thing. */
    pid_t victim = w->victim;
    kill(victim, SIGSTOP);
    if (wait_for(victim, &status, PATIENCE_MS, NULL) != victim || !WIFSTOPPED(status)) {
        failure(w, "the victim does not stop");
        return false;
    }
    ptrace(PTRACE_DETACH, victim, NULL, (void *)(intptr_t)SIGSTOP);
    int64_t end = now_ns() + (int64_t)STOP_MS * 1000000;
    int stalled = 0;
    bool is_good = true;
    while (hear(&w->survivor, line, sizeof line, end)) {
        if (strcmp(line, "stalled") == 0) stalled++;
        if (strncmp(line, "end ", 4) == 0) {
            failure(w, "a stopped victim was taken for dead: %s", line);
            is_good = false;
            break;
        }
    }
    if (is_good && (stalled < 4 || state_of(victim) != 'T')) {
        failure(w, "the survivor waited %d times; the victim's state is %c", stalled, state_of(victim));
        is_good = false;
    }
    int64_t continued = now_ns();
    kill(victim, SIGCONT);
    if (is_good && !hear_word(&w->survivor, "going", line, sizeof line, PATIENCE_MS)) {
        failure(w, "the exchange does not go on");
        is_good = false;
    }
    largest(&shared->slowest_going_us, (long)((now_ns() - continued) / 1000));
    usleep(20000);
    int64_t killed = now_ns();
    kill(victim, SIGKILL);
    w->victim = 0;
    long long learned = 0;
    int count = 0, offset = 0;
    if (is_good && !(hear_word(&w->survivor, "end ", line, sizeof line, PATIENCE_MS) &&
                     sscanf(line, "end %lld %d %n", &learned, &count, &offset) >= 2 && strcmp(line + offset, "ok") == 0 &&
                     learned - killed <= (int64_t)NOTICE_LIMIT_MS * 1000000)) {
        failure(w, "after the stop the survivor did not learn of the death: %s", line);
        is_good = false;
    }
    if (is_good) atomic_fetch_add(&shared->passed, 1);
    atomic_fetch_add(&shared->stops, 1);
    return is_good;
}

/* --- what must not grow --- */

typedef struct Belongings {
    int descriptors, mappings, regions, files, segments;
} Belongings;

static int entries(const char *path, const char *prefix) {
    DIR *directory = opendir(path);
    if (directory == NULL) return -1;
    int count = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        if (entry->d_name[0] != '.' && strncmp(entry->d_name, prefix, strlen(prefix)) == 0) count++;
    closedir(directory);
    return count;
}

static Belongings belongings(const Worker *w) {
    char path[64], line[512];
    Belongings b = {0};
    snprintf(path, sizeof path, "/proc/%d/fd", (int)w->survivor.pid);
    b.descriptors = entries(path, "");
    snprintf(path, sizeof path, "/proc/%d/maps", (int)w->survivor.pid);
    FILE *maps = fopen(path, "re");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        b.mappings++;
        if (strstr(line, "soundpost") != NULL && strstr(line, "memfd") != NULL) b.regions++;
    }
    if (maps != NULL) fclose(maps);
    b.files = entries(w->directory, "soundpost");
    b.segments = entries("/dev/shm", "soundpost");
    return b;
}

/* Plays a scene to its end without killing anybody. */
static bool play(Worker *w, const Case *c) {
    char line[512];
    snprintf(w->at, sizeof w->at, "%s %s %s, played to its end", c->kind, c->role, c->operation);
    tell(&w->survivor, "%s %s %s\n", c->kind, c->role, c->operation);
    tell(&w->template, "warm %s %s %s\n", c->kind, c->role, c->operation);
    bool is_meeting = is_operation(c, "meet");
    if (!is_meeting && !hear_word(&w->survivor, "met", line, sizeof line, PATIENCE_MS)) {
        failure(w, "the two do not meet");
        return false;
    }
    if (is_wait(c)) tell(&w->survivor, "go\n");
    if (!hear(&w->template, line, sizeof line, now_ns() + (int64_t)PATIENCE_MS * 1000000) || strcmp(line, "warm") != 0) {
        failure(w, "the victim says: %s", line);
        return false;
    }
    /* A client that has gone again before it is accepted is passed over. */
    if (is_meeting) tell(&w->survivor, "stop\n");
    if (!hear_word(&w->survivor, "end ", line, sizeof line, PATIENCE_MS) ||
        (strstr(line, " ok") == NULL && !(is_meeting && strstr(line, " none") != NULL))) {
        failure(w, "the survivor says: %s", line);
        return false;
    }
    return true;
}

/* All scenes once; false after a failure. */
static bool play_all(Worker *w) {
    for (int i = 0; i < CASES; i++)
        if (!play(w, &cases[i])) return false;
    for (int i = 0; i < EXCHANGES; i++)
        if (!play(w, &exchanges[i])) return false;
    return true;
}

static bool check_growth(Worker *w, Belongings before) {
    /* A new server takes the place of what killed ones left, and leaves in order. */
    if (!play_all(w)) return false;
    snprintf(w->at, sizeof w->at, "what is left after %ld rounds of one survivor", w->rounds);
    Belongings after = {0};
    /* The survivor has said its end before it lets go, and /dev/shm is others' too. */
    for (int i = 0; i < 30; i++) {
        after = belongings(w);
        if (after.descriptors <= before.descriptors && after.mappings <= before.mappings && after.regions == 0 &&
            after.files <= before.files && after.segments <= before.segments) {
            if (w->number == 0)
                printf("leaks: %ld rounds of one survivor: descriptors %d -> %d, mappings %d -> %d, sockets %d -> %d, "
                       "/dev/shm %d -> %d\n",
                       w->rounds, before.descriptors, after.descriptors, before.mappings, after.mappings, before.files,
                       after.files, before.segments, after.segments);
            atomic_fetch_add(&shared->passed, 1);
            return true;
        }
        usleep(100000);
    }
    failure(w, "descriptors %d -> %d, mappings %d -> %d (%d of regions), sockets %d -> %d, /dev/shm %d -> %d",
            before.descriptors, after.descriptors, before.mappings, after.mappings, after.regions, before.files,
            after.files, before.segments, after.segments);
    return false;
}

/* --- the work --- */

/* Whether it contains one of the texts, which have commas between them. */
static bool contains_one(const char *name, const char *texts) {
    for (;;) {
        size_t length = strcspn(texts, ",");
        if (length > 0 && memmem(name, strlen(name), texts, length) != NULL) return true;
        if (texts[length] == 0) return false;
        texts += length + 1;
    }
}

static const Case *scene_of(const char *only, int index) {
    char name[128];
    snprintf(name, sizeof name, "%s %s %s", cases[index].kind, cases[index].role, cases[index].operation);
    bool is_wanted = (only == NULL || contains_one(name, only)) &&
                     (options.without == NULL || !contains_one(name, options.without));
    return is_wanted ? &cases[index] : NULL;
}

/* The kill number `index` of all; `steps` is where. */
static int kill_point(long index, long *steps) {
    if (options.points > 0) {
        *steps = (int32_t)shared->points[index][1];
        return (int)shared->points[index][0];
    }
    int c = 0;
    while (index >= shared->starts[c + 1]) c++;
    Result *r = &shared->results[c];
    index -= shared->starts[c];
    if (index < r->regular) {
        *steps = r->first + index * r->stride;
        return c;
    }
    index -= r->regular;
    if (r->stride > 1 && index < r->call_count * (2 * AROUND + 1)) {
        *steps = r->calls[index / (2 * AROUND + 1)] + 1 - AROUND + index % (2 * AROUND + 1);
        if (*steps < 0) *steps = 0;
        return c;
    }
    *steps = ASLEEP;
    return c;
}

static long random_steps(int c) {
    long steps = (long)(random_number() % (uint64_t)(atomic_load(&shared->results[c].instructions) + 1));
    return is_wait(&cases[c]) && random_number() % 4 == 0 ? ASLEEP : steps;
}

static int work(int number) {
    Worker w = {.number = number};
    random_state = options.seed + 1000003u * (uint64_t)number;
    snprintf(w.directory, sizeof w.directory, "%.200s/%d", root, number);
    if (mkdir(w.directory, 0700) != 0) exit(3);
    struct sigaction action = {.sa_handler = on_tick};
    sigaction(SIGALRM, &action, NULL);
    struct itimerval tick = {{0, TICK_MS * 1000}, {0, TICK_MS * 1000}};
    setitimer(ITIMER_REAL, &tick, NULL);
    strcpy(w.at, "start");
    w.survivor = helper(&w, "survivor");
    w.template = helper(&w, "victim");
    signal(SIGPIPE, SIG_IGN); /* not theirs: they have to do without */
    char line[256];
    if (!hear_word(&w.survivor, "ready", line, sizeof line, PATIENCE_MS) ||
        !hear_word(&w.template, "ready", line, sizeof line, PATIENCE_MS)) {
        failure(&w, "the helpers do not start");
        atomic_fetch_add(&shared->broken, 1);
        return 1;
    }
    /* Twice, so that what a runtime makes only once is there before anything is counted. */
    bool goes_on = play_all(&w) && play_all(&w);
    if (goes_on && ptrace(PTRACE_SEIZE, w.template.pid, NULL,
                          (void *)(intptr_t)(PTRACE_O_TRACEFORK | PTRACE_O_EXITKILL)) != 0) {
        failure(&w, "ptrace: %s", strerror(errno));
        goes_on = false;
    }
    usleep(100000);
    Belongings before = belongings(&w);
    w.rounds = 0;

    while (goes_on) {
        long index = atomic_fetch_add(&shared->counted, 1);
        if (index >= CASES * options.counts) break;
        int c = (int)(index % CASES);
        if (scene_of(options.only, c) != NULL) goes_on = round_of(&w, &cases[c], &shared->results[c], TO_END, index < CASES);
        atomic_fetch_add(&shared->ready, 1);
    }
    /* The parent has then laid out the kills. */
    while (goes_on && atomic_load(&shared->ready) <= CASES * options.counts && atomic_load(&shared->broken) == 0)
        usleep(1000);
    goes_on = goes_on && atomic_load(&shared->ready) > CASES * options.counts;
    long total = shared->starts[CASES];
    if (number > 0 || options.workers == 1) {
        while (goes_on) {
            long index = atomic_fetch_add(&shared->next, 1), steps;
            if (index >= total) break;
            /* In another order, so that long and short rounds mix. */
            int c = kill_point((long)((unsigned __int128)index * 2654435761u % (uint64_t)total), &steps);
            goes_on = round_of(&w, &cases[c], &shared->results[c], steps, false);
        }
    }
    if (number < EXCHANGES || options.workers == 1) {
        for (long i = 0; goes_on && i < options.stops * EXCHANGES; i++)
            if (i % EXCHANGES == number || options.workers == 1)
                goes_on = stop_round(&w, &exchanges[i % EXCHANGES]);
    }
    if (number == 0) {
        for (long i = 0; goes_on && w.rounds < options.leak_rounds; i++) {
            int c = (int)(i % CASES);
            if (scene_of(options.only, c) == NULL) continue;
            long steps = random_steps(c); /* early ones: it is the deaths that count here */
            goes_on = round_of(&w, &cases[c], &shared->results[c], steps > EARLY ? steps % EARLY : steps, false);
        }
    }
    if (goes_on) {
        check_growth(&w, before);
    } else {
        atomic_fetch_add(&shared->broken, 1);
    }
    bury(&w);
    kill(w.template.pid, SIGKILL);
    kill(w.survivor.pid, SIGKILL);
    return !goes_on;
}

/* How many kills each case gets; from here on the workers kill. */
static void lay_out(void) {
    long total = 0;
    for (int c = 0; c < CASES; c++) {
        shared->starts[c] = total;
        if (options.points > 0 || scene_of(options.only, c) == NULL) continue;
        Result *r = &shared->results[c];
        long instructions = atomic_load(&r->instructions);
        r->stride = options.stride;
        if (options.cap > 0 && instructions / options.cap >= r->stride) r->stride = instructions / options.cap + 1;
        r->first = (long)(random_number() % (uint64_t)r->stride);
        r->regular = (instructions - r->first) / r->stride + 1;
        total += r->regular;
        if (r->stride > 1) total += r->call_count * (2 * AROUND + 1);
        if (is_wait(&cases[c])) total += SLEEPERS;
    }
    for (long i = 0; options.points > 0 && total < options.points; i++) {
        int c = (int)(i % CASES);
        if (scene_of(options.only, c) == NULL) continue;
        shared->points[total][0] = (uint32_t)c;
        shared->points[total][1] = (uint32_t)random_steps(c);
        total++;
    }
    shared->starts[CASES] = total;
    printf("%ld instructions in all, %ld kills\n", ({
               long sum = 0;
               for (int c = 0; c < CASES; c++) sum += atomic_load(&shared->results[c].instructions);
               sum;
           }),
           total);
    fflush(stdout);
    atomic_fetch_add(&shared->ready, 1);
}

static void print_table(void) {
    printf("%-7s %-7s %-11s %12s %6s %8s %8s %11s %11s %14s\n", "kind", "victim", "operation", "instructions", "stride", "kills", "asleep",
           "notice ms", "dying ms", "record from");
    for (int c = 0; c < CASES; c++) {
        Result *r = &shared->results[c];
        if (scene_of(options.only, c) == NULL) continue;
        char from[48] = "";
        long first = atomic_load(&r->first_new);
        if (first > 0) {
            first = LONG_MAX - first;
            snprintf(from, sizeof from, "%ld..%ld", atomic_load(&r->last_old) + 1, first);
            /* Every run is the same up to there: what was there once has to be there at every later instruction. */
            if (first <= atomic_load(&r->last_old)) {
                printf("FAILED %s %s %s: a record published at instruction %ld was missing at %ld\n", cases[c].kind,
                       cases[c].role, cases[c].operation, first, atomic_load(&r->last_old));
                atomic_fetch_add(&shared->failed, 1);
            }
        }
        printf("%-7s %-7s %-11s %12ld %6ld %8ld %8ld %11.1f %11.1f %14s\n", cases[c].kind, cases[c].role, cases[c].operation,
               atomic_load(&r->instructions), r->stride, atomic_load(&r->kills), atomic_load(&r->asleep),
               (double)atomic_load(&r->slowest_us) / 1000, (double)atomic_load(&r->slowest_death_us) / 1000, from);
    }
}

static void usage(void) {
    fprintf(stderr, "stepper [options] CHANNEL_VICTIM\n"
                    "  --points N       kills at so many random points (50); 0: at every instruction\n"
                    "  --stride N       then at every Nth (1)\n"
                    "  --cap N          at most about so many of one operation, spread evenly, and those around its system calls\n"
                    "  --counts N       runs that count the instructions (1)\n"
                    "  --workers N      pairs of processes at a time (16)\n"
                    "  --leak-rounds N  rounds of one survivor before what it has is counted (200)\n"
                    "  --stops N        stops of a victim for each kind and role (1)\n"
                    "  --seed N         repeats a run's choices\n"
                    "  --only TEXTS     operations whose 'KIND ROLE OPERATION' contains one of them (commas between)\n"
                    "  --without TEXTS  not those\n");
    exit(2);
}

int main(int argc, char **argv) {
    options.seed = (uint64_t)now_ns() & 0xffffffffu;
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) != 0) {
            options.victim = argv[i];
            continue;
        }
        if (i + 1 == argc) usage();
        const char *name = argv[i] + 2, *value = argv[++i];
        long number = strtol(value, NULL, 10);
        if (strcmp(name, "points") == 0) options.points = number;
        else if (strcmp(name, "stride") == 0) options.stride = number;
        else if (strcmp(name, "cap") == 0) options.cap = number;
        else if (strcmp(name, "counts") == 0) options.counts = number;
        else if (strcmp(name, "workers") == 0) options.workers = number;
        else if (strcmp(name, "leak-rounds") == 0) options.leak_rounds = number;
        else if (strcmp(name, "stops") == 0) options.stops = number;
        else if (strcmp(name, "seed") == 0) options.seed = strtoull(value, NULL, 10);
        else if (strcmp(name, "only") == 0) options.only = value;
        else if (strcmp(name, "without") == 0) options.without = value;
        else usage();
    }
    if (options.victim == NULL || options.stride < 1 || options.workers < 1 || options.workers > MAX_WORKERS ||
        options.points < 0 || options.points > (long)(sizeof shared->points / sizeof shared->points[0]))
        usage();
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) exit(3);
    strcpy(root, "/tmp/soundpost-kill-XXXXXX");
    if (mkdtemp(root) == NULL) exit(3);
    setenv("LD_BIND_NOW", "1", 1); /* looking up symbols is no part of an operation */
    setenv("SWIFT_DETERMINISTIC_HASHING", "1", 1);
    printf("seed %llu, %ld workers\n", (unsigned long long)options.seed, options.workers);
    fflush(stdout);
    random_state = options.seed;
    int64_t start = now_ns();
    pid_t workers[MAX_WORKERS];
    for (int i = 0; i < options.workers; i++) {
        workers[i] = fork();
        if (workers[i] == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL); /* an interrupted run leaves no processes */
            int result = work(i);
            fflush(stdout);
            _exit(result);
        }
    }
    while (atomic_load(&shared->ready) < CASES * options.counts && atomic_load(&shared->broken) == 0) usleep(1000);
    if (atomic_load(&shared->broken) == 0) lay_out();
    for (int i = 0; i < options.workers; i++) {
        int status;
        waitpid(workers[i], &status, 0);
        if (!WIFEXITED(status)) {
            atomic_fetch_add(&shared->broken, 1);
            printf("FAILED worker %d ended with %x\n", i, (unsigned)status);
            atomic_fetch_add(&shared->failed, 1);
        }
    }
    print_table();
    if (atomic_load(&shared->stops) > 0)
        printf("stopped for %d ms and continued: %ld times, slowest to go on %.1f ms\n", STOP_MS,
               atomic_load(&shared->stops), (double)atomic_load(&shared->slowest_going_us) / 1000);
    printf("%ld rounds in %.1f s\n", atomic_load(&shared->rounds), (double)(now_ns() - start) / 1e9);
    if (options.points > 0 && atomic_load(&shared->failed) > 0)
        printf("to repeat it: --seed %llu\n", (unsigned long long)options.seed);
    char command[PATH_MAX + 16];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    if (system(command) != 0) printf("%s is left\n", root);
    long failed = atomic_load(&shared->failed);
    printf("%ld passed, %ld failed\n", atomic_load(&shared->passed), failed);
    return failed > 0;
}
