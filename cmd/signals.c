/*
 * SIGTERM and SIGINT: the first asks the command to drain and stop, the second leaves at once.
 * Installed on the main thread before any other begins; the handler only sets a flag.
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cmd/command.h"

#define EXIT_INTERRUPTED 130

static volatile bool stop_requested;

static void
handle(int number)
{
    (void)number;
    if (__atomic_exchange_n(&stop_requested, true, __ATOMIC_SEQ_CST))
        _exit(EXIT_INTERRUPTED);
}

void
command_handle_signals(void)
{
    struct sigaction action;
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
