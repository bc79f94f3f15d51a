/*
 * Adding up what a file holds: see file_tally.h. Called by app/file_table.c.
 */
#include "app/file_tally.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

void
file_tally_init(struct file_tally *tally, const char *name)
{
    *tally =
        (struct file_tally){.name = memory_copy(name), .first_ns = TIME_NONE, .last_ns = TIME_NONE};
}

void
file_tally_release(struct file_tally *tally)
{
    free(tally->name);
    *tally = (struct file_tally){0};
}

static void
find(struct tally_finding *finding, int64_t line, const char *what, struct sv more)
{
    if (finding->count++ > 0)
        return;
    finding->line = line;
    snprintf(finding->what, sizeof(finding->what), "%s%s" SV_FMT, what, more.len > 0 ? ": " : "",
             SV_ARG(more));
}

/* ---- what it looks like ---- */

static bool
starts_nocase(struct sv text, const char *word)
{
    size_t len = strlen(word);
    return text.len >= len && strncasecmp(text.ptr, word, len) == 0;
}

static enum tally_look
look_of(struct sv text)
{
    text = sv_trim(text);
    if (starts_nocase(text, "<!doctype html") || starts_nocase(text, "<html"))
        return LOOKS_WEB_PAGE;
    if (starts_nocase(text, "<?xml"))
        return LOOKS_XML;
    if (text.len == 0)
        return LOOKS_UNKNOWN;
    assert(text.ptr != NULL);
    /* A bracket alone may begin a line of a log: "[2026-03-01 10:00:00] started". */
    struct sv inside = sv_trim(sv_slice(text, 1, text.len));
    bool object = sv_starts(text, SV("{")) && (inside.len == 0 || inside.ptr[0] == '"');
    bool array = sv_starts(text, SV("[")) &&
                 (inside.len == 0 || (inside.ptr[0] == '{' && look_of(inside) == LOOKS_JSON));
    return object || array ? LOOKS_JSON : LOOKS_UNKNOWN;
}

/* ---- events ---- */

static void
add_format(struct file_tally *tally, struct sv format)
{
    for (size_t i = 0; i < tally->format_count; i++)
        if (sv_eq(format, sv_from(tally->formats[i].name))) {
            tally->formats[i].events++;
            return;
        }
    if (tally->format_count == TALLY_FORMATS_MAX) {
        tally->other_formats++;
        return;
    }
    struct tally_format *added = &tally->formats[tally->format_count++];
    snprintf(added->name, sizeof(added->name), SV_FMT, SV_ARG(format));
    added->events = 1;
}

/* The generic reader takes any object; one that says nothing to it is an event with its JSON. */
static bool
is_unrecognised(const struct event *event)
{
    bool timed = event->time_source != TIME_SOURCE_ABSENT &&
                 event->time_source != TIME_SOURCE_INHERITED &&
                 event->time_source != TIME_SOURCE_KAFKA;
    return !timed && sv_eq(event->format, SV("json")) && look_of(event->body) == LOOKS_JSON;
}

/* A time of day has a text; the date of the file alone stands for no part of the record. */
static bool
is_dated_by_file(const struct event *event)
{
    return event->time_source == TIME_SOURCE_ASSUMED_DATE && event->source_time_text.len == 0;
}

static void
extend(struct file_tally *tally, int64_t from_ns, int64_t to_ns)
{
    if (from_ns != TIME_NONE && (tally->first_ns == TIME_NONE || from_ns < tally->first_ns))
        tally->first_ns = from_ns;
    if (to_ns != TIME_NONE && (tally->last_ns == TIME_NONE || to_ns > tally->last_ns))
        tally->last_ns = to_ns;
}

static void
add_event(struct file_tally *tally, const struct event *event)
{
    tally->events++;
    tally->times[event->time_source]++;
    tally->dated_by_file += is_dated_by_file(event);
    tally->with_severity += event->severity != SEVERITY_UNSET;
    tally->unrecognised += is_unrecognised(event);
    add_format(tally, event->format);
    if (event->time_source != TIME_SOURCE_KAFKA)
        extend(tally, event->event_time_ns, event->event_time_ns);
}

static void
take_zone(struct file_tally *tally, const struct file_record *record)
{
    for (size_t i = 0; i < record->header_count; i++)
        if (sv_eq(record->headers[i].name, SV(HEADER_ZONE)))
            snprintf(tally->zone, sizeof(tally->zone), SV_FMT, SV_ARG(record->headers[i].value));
}

void
file_tally_add(struct file_tally *tally, const struct file_record *record)
{
    const struct decode_result *result = &record->result;
    if (tally->records++ == 0) {
        tally->look = look_of(record->value);
        take_zone(tally, record);
    }
    if (result->status != DECODE_OK)
        find(&tally->quarantined, record->line, quarantine_word(result->reason), result->detail);
    else if (record->event_count == 0)
        find(&tally->empty, record->line, "", SV_NONE);
    for (size_t i = 0; i < record->event_count; i++)
        add_event(tally, &record->events[i]);
}

void
file_tally_sum(struct file_tally *sum, const struct file_tally *tally)
{
    sum->records += tally->records;
    sum->events += tally->events;
    sum->dated_by_file += tally->dated_by_file;
    sum->with_severity += tally->with_severity;
    for (size_t i = 0; i < TIME_SOURCE_WORDS; i++)
        sum->times[i] += tally->times[i];
    extend(sum, tally->first_ns, tally->last_ns);
}

void
file_tally_skip(struct file_tally *tally, int64_t line, const char *reason)
{
    if (line > 0)
        find(&tally->skipped, line, reason, SV_NONE);
    else
        snprintf(tally->skipped.what, sizeof(tally->skipped.what), "%s", reason);
}

const char *
file_tally_unread(const struct file_tally *tally)
{
    if (tally->records > 0)
        return NULL;
    if (tally->skipped.what[0] != '\0')
        return tally->skipped.what;
    return tally->problem[0] != '\0' ? tally->problem : "there are no records in it";
}

void
file_tally_problem(struct file_tally *tally, const char *reason)
{
    if (tally->problem[0] == '\0')
        snprintf(tally->problem, sizeof(tally->problem), "%s", reason);
}
