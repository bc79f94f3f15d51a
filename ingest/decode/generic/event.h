/*
 * An event out of what an object of an unknown tool tells.
 */
#ifndef INGEST_DECODE_GENERIC_EVENT_H
#define INGEST_DECODE_GENERIC_EVENT_H

#include "ingest/decode/generic/told.h"

/* What it is a record of: an alert, a change, a message of a chat, else a log line. */
enum event_kind generic_kind(const struct told *told);
/* Fills in what `event` lacks, by the kind that it has. Nothing that it has is touched. */
void generic_fill(const struct probe *probe, const struct told *told, struct event *event);

#endif
