/*
 * A pager between standard output and the terminal. It is started with the first byte that is
 * printed, so that a command that only fails shows nothing but its error, and it never changes an
 * exit code. Used by app/output.c on the main thread.
 */
#ifndef APP_PAGER_H
#define APP_PAGER_H

#include <stdbool.h>

/*
 * The command line that is to page: HINDCAST_PAGER, else PAGER, else less where it is installed.
 * NULL: none is wanted (an empty value, or cat), or it is not there.
 */
const char *pager_choose(void);
/*
 * Starts it and puts its pipe in the place of standard output. False: it did not start, and
 * standard output is what it was. From then on SIGINT is the pager's affair.
 */
bool pager_start(const char *command);
/* Waits for the person to leave the pager; call after standard output is closed. */
void pager_wait(void);

#endif
