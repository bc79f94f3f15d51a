/*
 * What the scripted database and broker share: the log, and what is to fail next. Private to this
 * folder; tests see servers.h.
 */
#ifndef TESTS_LIB_SCRIPTED_SCRIPT_H
#define TESTS_LIB_SCRIPTED_SCRIPT_H

#include "tests/lib/scripted/servers.h"

/* Both begin anew. */
struct store *script_database(void);
struct kafka_consumer *script_broker(void);

void script_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The failure whose turn this call is, or ERR_NONE. */
enum err_code script_failure(enum scripted_call call);
/* The same as the outcome of the call. */
int script_outcome(enum scripted_call call, struct err *err) MUST_CHECK;

#endif
