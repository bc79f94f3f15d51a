/*
 * A timeline as text to be edited: see curate_text.h.
 */
#include "app/curate_text.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text/escape.h"
#include "report/render/cite.h"

#define WHO_COLUMNS 14
#define SUM_BYTES 8

const enum decision_verb curate_fields[] = {DECISION_TITLE, DECISION_SEVERITY, DECISION_STATUS,
                                            DECISION_LEAD, DECISION_NONE};

size_t
curate_id_length(const struct incident *incident)
{
    return cite_length(incident);
}

static const struct decided *
counts(const struct incident *incident, enum decision_verb verb, struct sv entry_id)
{
    for (size_t i = incident->decision_count; i-- > 0;) {
        const struct decided *decided = &incident->decisions[i];
        if (decided->decision.verb == verb && decided->state == DECIDED_APPLIED &&
            decided->row_count > 0 && sv_eq(decided->rows[0].entry_id, entry_id))
            return decided;
    }
    return NULL;
}

const struct decided *
curate_hidden(const struct incident *incident, struct sv entry_id)
{
    return counts(incident, DECISION_HIDE, entry_id);
}

struct sv
curate_field(const struct incident *incident, enum decision_verb verb)
{
    const struct decided *said = incident_said(incident, verb);
    if (verb == DECISION_TITLE)
        return incident->title;
    return said == NULL ? SV("") : said->decision.value;
}

static struct sv
time_of_day(struct arena *arena, int64_t ns)
{
    char time[TIME_TEXT];
    time_format(ns, time);
    return arena_printf(arena, "%.8s", time + strlen("2026-03-03T"));
}

struct curate_row
curate_row_of(struct arena *arena, const struct incident *incident, const struct entry *entry)
{
    struct strbuf text;
    struct curate_row row = {.time = time_of_day(arena, entry->time_ns)};
    row.verb = incident_note(incident, entry) != NULL                    ? SV("note")
               : counts(incident, DECISION_PIN, entry->entry_id) != NULL ? SV("pin")
               : entry->significance == SIGNIFICANCE_KEY                 ? SV("key")
                                                                         : SV("row");
    strbuf_init(&text, 0);
    for (size_t i = 0; i < entry->milestone_count; i++)
        strbuf_addf(&text, "%s%s", i == 0 ? "" : ", ", milestone_word(entry->milestones[i]));
    row.marks = text.len == 0 ? SV("") : arena_copy(arena, strbuf_view(&text));
    strbuf_clear(&text);
    escape_terminal_cut(&text, entry_subject(entry), WHO_COLUMNS);
    while (text.len < WHO_COLUMNS)
        strbuf_add_char(&text, ' ');
    strbuf_add_text(&text, "  ");
    escape_terminal(&text, entry_shown(entry));
    if (entry->kind == ENTRY_ALERT_RESOLVED)
        strbuf_add_text(&text, " (resolved)");
    if (entry->occurrences > 1)
        strbuf_addf(&text, " (%lld times)", (long long)entry->occurrences);
    row.words = arena_copy(arena, sv_trim(strbuf_view(&text)));
    strbuf_release(&text);
    return row;
}

/* ------------------------------------------------------------------ printing */

static void
put_head(const struct stored_incident *stored, struct strbuf *out)
{
    const struct incident *incident = &stored->incident;
    strbuf_add_text(out, "# ");
    escape_terminal(out, stored_incident_name(stored));
    strbuf_addf(out, ": %zu rows, %zu hidden. Times are UTC.\n", incident->entry_count,
                incident_hidden(incident));
    strbuf_add_text(
        out, "# A line is a row. Its first word says what to make of it: row, key, pin, hide.\n"
             "# Change its time to move it (14:05, 14:05:10, or with a date). In brackets\n"
             "# stand milestones that it proves: [detected, mitigated]. Add what you know:\n"
             "#   > words about the row above\n"
             "#   note 14:09:30 Mara: what no record tells, a line of its own\n"
             "# A line that you delete or leave alone stays; lines with # are not read.\n"
             "# An empty file decides nothing.\n\n");
}

static void
put_fields(const struct incident *incident, const char *before, struct strbuf *out)
{
    for (size_t i = 0; curate_fields[i] != DECISION_NONE; i++) {
        struct sv value = curate_field(incident, curate_fields[i]);
        strbuf_addf(out, "%s%s:%s", before, decision_word(curate_fields[i]),
                    sv_empty(value) ? "" : " ");
        escape_terminal(out, value);
        strbuf_add_char(out, '\n');
    }
}

static void
put_row(const struct curate_row *row, struct sv id, const char *before, struct strbuf *out)
{
    strbuf_addf(out, "%s%-4.*s  " SV_FMT "  " SV_FMT, before, SV_ARG(row->verb), SV_ARG(row->time),
                SV_ARG(id));
    if (!sv_empty(row->marks) || sv_starts(row->words, SV("[")))
        strbuf_addf(out, "  [" SV_FMT "]", SV_ARG(row->marks));
    strbuf_addf(out, "  " SV_FMT "\n", SV_ARG(row->words));
}

static void
put_rows(const struct incident *incident, const char *before, struct strbuf *out)
{
    size_t length = curate_id_length(incident);
    char day[TIME_TEXT] = "", time[TIME_TEXT];
    struct arena arena;
    arena_init(&arena, 0);
    for (size_t i = 0; i < incident->entry_count; i++) {
        const struct entry *entry = &incident->entries[i];
        struct curate_row row = curate_row_of(&arena, incident, entry);
        time_format(entry->time_ns, time);
        if (before[0] == '\0' && strncmp(day, time, 10) != 0)
            strbuf_addf(out, "# %.10s\n", time);
        memcpy(day, time, sizeof(day));
        put_row(&row, sv_slice(entry->entry_id, 0, length), before, out);
        arena_reset(&arena);
    }
    for (size_t i = 0; i < incident->decision_count; i++) {
        const struct decided *decided = &incident->decisions[i];
        if (decided->row_count == 0 || decided->decision.verb != DECISION_HIDE ||
            curate_hidden(incident, decided->rows[0].entry_id) != decided)
            continue;
        const struct decided_row *hidden = &decided->rows[0];
        struct curate_row row = {SV("hide"), time_of_day(&arena, hidden->time_ns), SV(""), SV("")};
        struct strbuf text;
        strbuf_init(&text, 0);
        escape_terminal(&text, hidden->text);
        row.words = sv_trim(strbuf_view(&text));
        put_row(&row, sv_slice(hidden->entry_id, 0, length), before, out);
        strbuf_release(&text);
        arena_reset(&arena);
    }
    arena_release(&arena);
}

struct sv
curate_sum(struct arena *arena, struct sv text)
{
    struct sha256_stream stream;
    struct sha256 digest;
    sha256_begin(&stream);
    for (struct sv line; sv_split(&text, '\n', &line);) {
        line = sv_trim(line);
        if (!sv_starts(line, SV(CURATE_BASE)) || sv_starts(line, SV(CURATE_SUM)))
            continue;
        sha256_add(&stream, line.ptr, line.len);
        sha256_add(&stream, "\n", 1);
    }
    sha256_end(&stream, &digest);
    return arena_hex(arena, digest.bytes, SUM_BYTES);
}

void
curate_print(const struct stored_incident *stored, struct strbuf *out)
{
    put_head(stored, out);
    put_fields(&stored->incident, "", out);
    strbuf_add_char(out, '\n');
    put_rows(&stored->incident, "", out);
    strbuf_add_text(out, "\n# What was printed, so that others may decide in the meantime; leave "
                         "these lines as they are.\n");
    put_fields(&stored->incident, CURATE_BASE, out);
    put_rows(&stored->incident, CURATE_BASE, out);
    struct arena arena;
    arena_init(&arena, 0);
    strbuf_addf(out, CURATE_SUM SV_FMT "\n", SV_ARG(curate_sum(&arena, strbuf_view(out))));
    arena_release(&arena);
}
