/*
 * Events as JSON Lines, for programs: what `hindcast read --format jsonl` prints. Pure; any thread.
 */
#ifndef APP_EVENT_JSON_H
#define APP_EVENT_JSON_H

#include "base/strbuf.h"
#include "hindcast/event.h"

/*
 * The members of one event, without braces, after those that are there already: its fields in the
 * words of include/hindcast/event.def; what it does not have is left out. `severity` is the band of
 * the number, `identity` has its parts joined by U+001F, `attributes` is an object.
 */
void event_json_members(struct strbuf *out, const struct event *event);

#endif
