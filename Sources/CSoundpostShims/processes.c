#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "soundpost_shims.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

int soundpost_pipe(int ends[2]) {
#ifdef __linux__
    return pipe2(ends, O_CLOEXEC) == 0 ? 0 : -errno;
#else
    if (pipe(ends) != 0) return -errno;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
#endif
}

// Marks every descriptor from `first` on as closed by exec.
static void close_at_exec(int first) {
#if defined(__linux__) && defined(SYS_close_range)
    // CLOSE_RANGE_CLOEXEC, which older headers do not name.
    if (syscall(SYS_close_range, (unsigned)first, ~0U, 1U << 2) == 0) return;
#endif
    struct rlimit limit;
    int last = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 1 << 20 ? (int)limit.rlim_cur : 1 << 20;
    for (int descriptor = first; descriptor < last; descriptor++) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

// Not more urgent than ordinary work, whatever the thread is that starts it.
static void step_back(int niceness) {
#ifdef __linux__
    int policy = sched_getscheduler(0);
    struct sched_param ordinary = {0};
    if (policy == SCHED_FIFO || policy == SCHED_RR) sched_setscheduler(0, SCHED_OTHER, &ordinary);
#endif
    errno = 0;
    int present = getpriority(PRIO_PROCESS, 0);
    if (errno == 0 && present < niceness) setpriority(PRIO_PROCESS, 0, niceness);
}

// Between fork and exec: only what is safe there.
static void become(const soundpost_program *program, int nothing, int report, pid_t parent) {
    setpgid(0, 0);
#ifdef __linux__
    if (program->dies_with_thread) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(127);
    }
#else
    (void)parent;
#endif
    if (program->niceness > 0) step_back(program->niceness);
    // What this process ignores or blocks would stay so after exec.
    for (int number = 1; number < NSIG; number++) {
        if (number != SIGKILL && number != SIGSTOP) signal(number, SIG_DFL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    // Out of the way first: any of them may be 0, 1 or 2 where this process began without its streams.
    int streams[3] = {program->input < 0 ? nothing : program->input, program->output, program->error_output};
    int apart = fcntl(report, F_DUPFD_CLOEXEC, 3);
    if (apart < 0) goto failed;
    report = apart;
    for (int stream = 0; stream < 3; stream++) {
        streams[stream] = fcntl(streams[stream], F_DUPFD_CLOEXEC, 3);
        if (streams[stream] < 0) goto failed;
    }
    for (int stream = 0; stream < 3; stream++) {
        if (dup2(streams[stream], stream) < 0) goto failed;
    }
    // Ours are close-on-exec; others' may not be.
    close_at_exec(3);
    if (program->directory != NULL && chdir(program->directory) != 0) goto failed;
#ifdef __linux__
    execvpe(program->arguments[0], program->arguments, program->environment);
#else
    extern char **environ;
    environ = (char **)program->environment;
    execvp(program->arguments[0], program->arguments);
#endif
failed:;
    int error = errno;
    (void)!write(report, &error, sizeof error);
    _exit(127);
}

pid_t soundpost_spawn(const soundpost_program *program) {
    int report[2];
    int made = soundpost_pipe(report);
    if (made != 0) return made;
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing < 0) {
        int error = errno;
        close(report[0]);
        close(report[1]);
        return -error;
    }
    pid_t parent = getpid();
    // Signals wait, so that a handler of this process never runs in the child.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = fork();
    if (child == 0) become(program, nothing, report[1], parent);
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(nothing);
    close(report[1]);
    if (child < 0) {
        close(report[0]);
        return -error;
    }
    // Also here, so that the group is there whoever of the two comes first.
    setpgid(child, child);
    ssize_t count;
    do {
        count = read(report[0], &error, sizeof error);
    } while (count < 0 && errno == EINTR);
    close(report[0]);
    if (count != sizeof error) return child;
    soundpost_reap(child);
    return -error;
}

int soundpost_await_end(pid_t process) {
    siginfo_t information;
    while (waitid(P_PID, (id_t)process, &information, WEXITED | WNOWAIT) < 0) {
        if (errno != EINTR) return -errno;
    }
    return 0;
}

int soundpost_reap(pid_t process) {
    int status;
    while (waitpid(process, &status, 0) < 0) {
        if (errno != EINTR) return -errno;
    }
    return status;
}
