/*
 * Real lines for measurements: the lines of DIR/SET/raw.log, each raw or as a shipper would wrap
 * it. Which line, of which set, in which form is a pure function of the record's number, so that
 * what was sent can be made again when it is read back. Sets and forms take turns:
 *
 *     set = number % sets, form = number / sets % forms, line = number / (sets * forms) % lines
 *
 * Wrappers carry a time of their own, WRAPLOG_STEP_NS apart, so that a million lie within 17
 * minutes; raw lines have the time that is written in them. Not for several threads.
 */
#ifndef TESTS_WRAPLOG_H
#define TESTS_WRAPLOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/strbuf.h"

#define WRAPLOG_FIRST_NS (INT64_C(1772355600) * NS_PER_S) /* 2026-03-01T09:00:00Z */
#define WRAPLOG_STEP_NS NS_PER_MS

enum wraplog_form {
    WRAPLOG_RAW,
    WRAPLOG_FILEBEAT,   /* ECS, as Filebeat 8 sends it to Kafka */
    WRAPLOG_JOURNALD,   /* one object of `journalctl -o json` */
    WRAPLOG_DOCKER,     /* one line of Docker's json-file */
    WRAPLOG_SYSLOG5424, /* RFC 5424 */
    WRAPLOG_FORMS,
};

struct wraplogs;

/* Reads all sets of the directory, in the order of their names; lines without text are left out. */
int wraplog_open(struct wraplogs **ret_logs, const char *directory, struct err *err) MUST_CHECK;
void wraplog_close(struct wraplogs *logs);

size_t wraplog_sets(const struct wraplogs *logs);
const char *wraplog_set_name(const struct wraplogs *logs, size_t set);
const char *wraplog_form_name(enum wraplog_form form);

enum wraplog_form wraplog_form_of(const struct wraplogs *logs, uint64_t number);
size_t wraplog_set_of(const struct wraplogs *logs, uint64_t number);
/* Adds the value of the record to the buffer. */
void wraplog_make(const struct wraplogs *logs, uint64_t number, struct strbuf *out);

#endif
