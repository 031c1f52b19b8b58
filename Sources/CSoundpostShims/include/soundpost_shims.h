// What Swift cannot import: futexes, control messages of sockets, sealed memory, a pause between two looks.
//
// Functions that can fail return the negative errno. None keeps anything; all may be called from any thread.
#ifndef SOUNDPOST_SHIMS_H
#define SOUNDPOST_SHIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

// Sleeps while *word == expected, until woken, for at most timeout_ns (negative: for ever). It may wake for no reason,
// so the caller looks again. `shared`: the word lies in memory shared with other processes. Returns 0, or -ETIMEDOUT.
int soundpost_futex_wait(const uint32_t *word, uint32_t expected, int64_t timeout_ns, bool shared);

// Wakes one waiter, or all.
void soundpost_futex_wake(const uint32_t *word, bool all, bool shared);

// For a loop that looks at memory again and again: leaves the core's other work and the memory bus some room.
static inline void soundpost_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb" ::: "memory");
#endif
}

// A full fence between what memory of several processes is stored and loaded before and after it. A locked instruction
// is one on x86 and takes half as long as mfence, which a compiler's own fence is there and which waits for streaming
// stores too; nobody makes any here.
static inline void soundpost_full_fence(void) {
#if defined(__x86_64__)
    __asm__ volatile("lock; orl $0, -4(%%rsp)" ::: "memory", "cc");
#else
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

// Anonymous shared memory of a size that nobody can change any more. -ENOSYS where the system has none.
int soundpost_sealed_memory(const char *name, uint64_t size);

// Whether the descriptor's size is sealed in that way.
bool soundpost_is_sealed(int descriptor);

// Named shared memory: shm_open, which is variadic on some systems.
int soundpost_segment_open(const char *name, int flags, mode_t mode);

// Sends bytes over a Unix socket, with one descriptor beside them (-1: none). Returns how many bytes went out.
ssize_t soundpost_send_with_descriptor(int socket, const void *bytes, size_t count, int descriptor);

// Receives bytes, and the descriptor beside them if there is one, close-on-exec; *descriptor is -1 otherwise. More than
// one is closed.
ssize_t soundpost_receive_with_descriptor(int socket, void *bytes, size_t capacity, int *descriptor);

// The effective user of the process at the other end of a Unix socket.
int soundpost_peer_user(int socket, uid_t *user);

// Whether the process at the other end of a Unix socket is in a group: by its effective group, or one of those it has
// beside. 1, 0 or the negative errno.
int soundpost_peer_is_in_group(int socket, gid_t group);

// A stream socket, close-on-exec, that raises no SIGPIPE where the system can say so for a socket.
int soundpost_unix_socket(void);

// Accepts a connection with the same properties.
int soundpost_accept(int socket);

// 0 or the negative errno. The path has to fit (soundpost_path_capacity() bytes with its NUL).
int soundpost_bind(int socket, const char *path);

// The same; -EAGAIN when the server's queue had no room for that long.
int soundpost_connect(int socket, const char *path, int seconds);

// Asks the kernel whether somebody has the socket of this path open, without connecting: 0 or -EPROTOTYPE says yes,
// -ECONNREFUSED no.
int soundpost_look_for_socket(const char *path);
size_t soundpost_path_capacity(void);

// Sends bytes and a line's end behind them without SIGPIPE, so that nobody has to put them together. `wait`: whether it
// may block. Returns how many bytes went out, the line's end among them.
ssize_t soundpost_send_line(int socket, const void *bytes, size_t count, bool wait);

// The same for a pipe: at most `limit` bytes; may block.
ssize_t soundpost_write_line(int descriptor, const void *bytes, size_t count, size_t limit);

// A program to be started.
typedef struct {
    // Both end with NULL. The program is looked for in this process's PATH.
    char *const *arguments;
    char *const *environment;
    // Where it runs; NULL: where this process does.
    const char *directory;
    // Its streams; an input of -1 is empty. They stay the caller's.
    int input;
    int output;
    int error_output;
    // On Linux the kernel kills it when the *thread* that started it ends, however that ends.
    bool dies_with_thread;
    // Its nice value at least; above 0 it is no real-time process either, whatever the starting thread is.
    int niceness;
} soundpost_program;

// Starts a program as the leader of a process group of its own: every descriptor but its streams is closed, all
// signals are as a new process expects them. Returns the process's id or the negative errno, also of a program that
// cannot be run or a directory that is not there.
pid_t soundpost_spawn(const soundpost_program *program);

// A pipe that no child process inherits, also one that another thread starts at this very moment. 0 or the negative
// errno.
int soundpost_pipe(int ends[2]);

// Waits for a process to end and leaves it as it is: its number is nobody else's until it is reaped. 0 or the negative
// errno.
int soundpost_await_end(pid_t process);

// Waits for a process to end and lets go of its number, which may then be another one's. Returns its status as wait(2)
// has it, or the negative errno.
int soundpost_reap(pid_t process);

#ifdef __cplusplus
}
#endif

#endif
