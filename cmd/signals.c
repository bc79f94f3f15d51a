/*
 * SIGTERM and SIGINT: the first asks the command to drain and stop, the second leaves at once.
 * Installed on the main thread before any other begins; the handler only sets a flag and wakes the
 * guard, a thread that ends the process when the command does not: it may be in a call of a library
 * or of a server that does not come back.
 */
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/command.h"

#define EXIT_INTERRUPTED 130
#define EXIT_CUT_OFF 1

static volatile bool stop_requested;
static sem_t requested;

/* What the guard does, and when: see command_patience(). */
static int exit_code = EXIT_CUT_OFF;
static int64_t patience_ns = COMMAND_PATIENCE_NS;
static void (*last_act)(void);

static void
handle(int number)
{
    (void)number;
    if (__atomic_exchange_n(&stop_requested, true, __ATOMIC_SEQ_CST))
        _exit(EXIT_INTERRUPTED);
    (void)sem_post(&requested);
}

static void
say(const char *text)
{
    ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
    (void)ignored;
}

/* Neither stdio nor anything else that a stuck thread may hold a lock of. */
static void *
guard(void *unused)
{
    (void)unused;
    while (sem_wait(&requested) != 0)
        ;
    clock_sleep_until(clock_monotonic_ns() + patience_ns);
    say("hindcast: something it waits for does not come back; it ends without that\n");
    if (last_act != NULL)
        last_act();
    _exit(exit_code);
}

static void
guard_start(void)
{
    sigset_t all, before;
    pthread_t thread;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&thread, NULL, guard, NULL) == 0)
        pthread_detach(thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void
command_patience(int code, int64_t ns, void (*at_last)(void))
{
    exit_code = code;
    patience_ns = ns;
    last_act = at_last;
}

void
command_handle_signals(void)
{
    struct sigaction action;
    sem_init(&requested, 0, 0);
    guard_start();
    memset(&action, 0, sizeof(action));
    action.sa_handler = handle;
    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
}

bool
command_stop_requested(void)
{
    return __atomic_load_n(&stop_requested, __ATOMIC_SEQ_CST);
}

const volatile bool *
command_stop_flag(void)
{
    return &stop_requested;
}
