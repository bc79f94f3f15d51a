/*
 * Runs a command and writes what it cost, one line to FILE, numbers separated by tabs:
 *
 *     wall_us own_us postgres_us background_us broker_us peak_kb
 *
 * own: CPU of the command and its children. postgres: CPU of the backends that ended meanwhile, the
 * command's among them. background: CPU of PostgreSQL's processes that stayed (checkpointer, WAL
 * writer ...). broker: CPU of Kafka. peak: the largest resident size of a process of the command.
 * Other users of the two servers would be counted too: there must be none.
 *
 * usage: measure FILE POSTMASTER_PID BROKER_PID COMMAND...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

#define CHILDREN_MAX 64
#define REAP_NS (10 * NS_PER_S) /* for the command's backends to end after it */
#define REAP_TICK_NS (2 * NS_PER_MS)

struct servers {
    long postmaster, broker;
    long background[CHILDREN_MAX];
    size_t count;
};

struct cpu {
    long long backends_us, background_us, broker_us;
};

/* utime + stime, or those of the children it waited for; 0 when there is no such process. */
static long long
cpu_us(long pid, bool of_children)
{
    char path[64], text[1024];
    long long own[2] = {0}, reaped[2] = {0};
    snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 0;
    size_t length = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[length] = '\0';
    /* The name, second and in parentheses, may hold anything. */
    const char *rest = strrchr(text, ')');
    if (rest == NULL || sscanf(rest + 1,
                               " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
                               "%lld %lld %lld %lld",
                               &own[0], &own[1], &reaped[0], &reaped[1]) != 4)
        return 0;
    return (of_children ? reaped[0] + reaped[1] : own[0] + own[1]) * 1000000 / sysconf(_SC_CLK_TCK);
}

static size_t
children_of(long pid, long *children)
{
    char path[64];
    size_t count = 0;
    snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", pid, pid);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return 0;
    while (count < CHILDREN_MAX && fscanf(file, "%ld", &children[count]) == 1)
        count++;
    fclose(file);
    return count;
}

static struct cpu
cpu_of(const struct servers *servers)
{
    struct cpu cpu = {.backends_us = cpu_us(servers->postmaster, true),
                      .broker_us = cpu_us(servers->broker, false)};
    for (size_t i = 0; i < servers->count; i++)
        cpu.background_us += cpu_us(servers->background[i], false);
    return cpu;
}

static bool
backends_left(const struct servers *servers)
{
    long now[CHILDREN_MAX];
    size_t count = children_of(servers->postmaster, now);
    for (size_t i = 0; i < count; i++) {
        bool stayed = false;
        for (size_t k = 0; k < servers->count; k++)
            stayed |= servers->background[k] == now[i];
        if (!stayed)
            return true;
    }
    return false;
}

static int
run(char **command, struct rusage *ret_usage)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        execvp(command[0], command);
        perror(command[0]);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, ret_usage) != pid)
        return 1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static long long
usage_us(const struct rusage *usage)
{
    return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000LL + usage->ru_utime.tv_usec +
           usage->ru_stime.tv_usec;
}

int
main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: measure FILE POSTMASTER_PID BROKER_PID COMMAND...\n");
        return 2;
    }
    struct servers servers = {.postmaster = strtol(argv[2], NULL, 10),
                              .broker = strtol(argv[3], NULL, 10)};
    servers.count = children_of(servers.postmaster, servers.background);
    struct cpu before = cpu_of(&servers);
    struct rusage usage = {0};
    int64_t began = clock_monotonic_ns();
    int status = run(&argv[4], &usage);
    long long wall_us = (clock_monotonic_ns() - began) / 1000;
    for (int64_t end = clock_monotonic_ns() + REAP_NS;
         backends_left(&servers) && clock_monotonic_ns() < end;)
        clock_sleep_until(clock_monotonic_ns() + REAP_TICK_NS);
    struct cpu after = cpu_of(&servers);
    FILE *out = fopen(argv[1], "w");
    if (out == NULL) {
        perror(argv[1]);
        return 1;
    }
    fprintf(out, "%lld\t%lld\t%lld\t%lld\t%lld\t%ld\n", wall_us, usage_us(&usage),
            after.backends_us - before.backends_us, after.background_us - before.background_us,
            after.broker_us - before.broker_us, usage.ru_maxrss);
    return fclose(out) == 0 ? status : 1;
}
