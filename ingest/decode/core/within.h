/*
 * Lines within lines: what a container runtime, a syslog daemon or a shipper wrote around the line
 * of a program. The inner line is detected and decoded like a record of its own.
 */
#ifndef INGEST_DECODE_CORE_WITHIN_H
#define INGEST_DECODE_CORE_WITHIN_H

#include "ingest/decode/core/probe.h"

/* What the events are said to be. */
enum within_name {
    WITHIN_ALWAYS, /* the outer format: the file is one of its kind, whatever wrote the lines */
    WITHIN_UNLESS_NAMED /* the inner one, if it is of one program: not text, JSON or logfmt */
};

/*
 * Adds the events of `line`, or `outer` itself where the line is of no format, with what the inner
 * event does not say of itself taken from `outer` (time, host, service, severity, attributes ...).
 * A blank line has none. Of two times the one that leaves less to be assumed counts; of two
 * that both name their zone the finer one, where they agree, else the inner one.
 *
 * 0, or -1 after decode_bad(): only where the record is full.
 */
int decode_within(const struct probe *probe, struct sv line, const struct event *outer,
                  enum within_name name, struct event_sink *sink, struct decode_result *result);

#endif
