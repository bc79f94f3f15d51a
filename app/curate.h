/*
 * Correcting an incident in an editor: its timeline as text, and what is different when it is saved
 * as decisions, which are shown before they are written. Main thread.
 */
#ifndef APP_CURATE_H
#define APP_CURATE_H

#include <stdbool.h>

#include "base/config/config.h"
#include "base/err.h"

struct curate_request {
    const struct config *config;
    const char *incident; /* its name, or the folder of a draft */
    const char *by, *why; /* as those of decide */
    const char *file;     /* an edited text; "-": standard input; NULL: in an editor */
    bool print;           /* the text, to be edited elsewhere */
    bool dry_run;         /* shows what would be decided */
    const volatile bool *stop;
};

/* USAGE: no terminal, or lines that cannot be decided, which are told. */
int curate_run(const struct curate_request *request, struct err *err) MUST_CHECK;

#endif
