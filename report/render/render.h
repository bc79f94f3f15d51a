/*
 * Showing stored incidents: timelines as text, Markdown, CSV and JSON Lines, and the list of
 * incidents. Pure but for the time zone in use (time_zone_use()); commands print the buffer. Text
 * that a record brought never carries control characters into a terminal.
 */
#ifndef REPORT_RENDER_RENDER_H
#define REPORT_RENDER_RENDER_H

#include "base/strbuf.h"
#include "hindcast/incident.h"

enum render_format {
    RENDER_TEXT,
    RENDER_MARKDOWN,
    RENDER_CSV,
    RENDER_JSONL,
};

struct render_options {
    enum render_format format;
    enum significance least; /* rows below are left out and counted */
    size_t columns;          /* text: cut rows to this many characters; 0: never cut */
    const char *rest;        /* text: where rows that are left out stand; NULL: --width full */
};

/* "text", "md", "csv", "jsonl". */
int
render_format_read(const char *word, enum render_format *ret_format, struct err *err) MUST_CHECK;
/* "key", "standard", "full". */
int render_width_read(const char *word, enum significance *ret_least, struct err *err) MUST_CHECK;

/* Adds the timeline to `out` and returns the number of rows left out. */
size_t render_timeline(const struct stored_incident *stored, const struct render_options *options,
                       struct strbuf *out);
/* A table (RENDER_TEXT) or JSON Lines (RENDER_JSONL) of heads. */
void render_incidents(const struct stored_incident *incidents, size_t count,
                      enum render_format format, size_t columns, struct strbuf *out);

#endif
