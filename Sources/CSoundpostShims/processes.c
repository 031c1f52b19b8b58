#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "soundpost_shims.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
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

// Between fork and exec: only what is safe there.
static void become(
    char *const arguments[], char *const environment[], const char *directory, const int streams[3], int report,
    pid_t parent) {
    setpgid(0, 0);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
#else
    (void)parent;
#endif
    // What this process ignores or blocks would stay so after exec.
    for (int number = 1; number < NSIG; number++) {
        if (number != SIGKILL && number != SIGSTOP) signal(number, SIG_DFL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int stream = 0; stream < 3; stream++) {
        if (dup2(streams[stream], stream) < 0) goto failed;
    }
    // Ours are close-on-exec; others' may not be.
    long limit = sysconf(_SC_OPEN_MAX);
    for (int descriptor = 3; descriptor < (limit > 0 && limit < 65536 ? limit : 65536); descriptor++) {
        if (descriptor != report) close(descriptor);
    }
    if (directory != NULL && chdir(directory) != 0) goto failed;
#ifdef __linux__
    execvpe(arguments[0], arguments, environment);
#else
    extern char **environ;
    environ = (char **)environment;
    execvp(arguments[0], arguments);
#endif
failed:;
    int error = errno;
    (void)!write(report, &error, sizeof error);
    _exit(127);
}

pid_t soundpost_spawn(
    char *const arguments[], char *const environment[], const char *directory, int output, int error_output) {
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
    if (child == 0) {
        int streams[3] = {nothing, output, error_output};
        become(arguments, environment, directory, streams, report[1], parent);
    }
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
    soundpost_wait(child);
    return -error;
}

int soundpost_wait(pid_t process) {
    int status;
    while (waitpid(process, &status, 0) < 0) {
        if (errno != EINTR) return -errno;
    }
    return status;
}
