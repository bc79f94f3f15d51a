/*
 * What a map made of the first record of a file, key by key, and what it left. Part of
 * app/map_check.c; one thread.
 */
#ifndef APP_MAP_CHECK_EVENT_H
#define APP_MAP_CHECK_EVENT_H

#include "base/strbuf.h"
#include "hindcast/event.h"
#include "ingest/decode/maps/trace.h"

/* `event` is the one that the trace watched. */
void map_check_event(struct arena *arena, const struct map_trace *trace, const struct event *event,
                     struct strbuf *out);

#endif
