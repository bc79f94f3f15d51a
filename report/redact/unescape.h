/*
 * Texts as they read once their escapes are gone, since a name may hide behind them. Pure; results
 * are in the arena and may be no UTF-8.
 */
#ifndef REPORT_REDACT_UNESCAPE_H
#define REPORT_REDACT_UNESCAPE_H

#include "base/arena.h"

/* %41 as "A". */
struct sv unescape_percent(struct arena *arena, struct sv text);
/* \u0041 of JSON as "A"; the text itself where there is none. */
struct sv unescape_unicode(struct arena *arena, struct sv text);
/* \u0041, \n, \/ and \" of JSON, also where the text is no JSON: "A", a blank, "/", a quote. */
struct sv unescape_json(struct arena *arena, struct sv text);

#endif
