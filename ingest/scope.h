/*
 * Whose an event is: the scope that the options name, or one that the record names in a header or
 * the event in a field, of those that are allowed (docs/configuration.md, "Scopes"). Pure; any
 * thread.
 */
#ifndef INGEST_SCOPE_H
#define INGEST_SCOPE_H

#include "base/err.h"
#include "hindcast/decoder.h"

/*
 * False: it names none, or one that is not allowed; *ret_detail says which. Looks at fields of the
 * event after hints and defaults were taken.
 */
bool scope_of_event(const struct record *record, const struct decode_options *options,
                    struct arena *arena, const struct event *event, struct sv *ret_scope,
                    struct sv *ret_detail);

/* CONFIG: `scope_by` is not a way to tell scopes, names what cannot be looked at, or nothing is
 * allowed. */
int scope_options_check(const struct decode_options *options, struct err *err) MUST_CHECK;

#endif
