/*
 * Citations: every line that a machine wrote ends with the ids of the entries that prove it, and
 * report_check_citations() finds the lines for which that is not so. The rule is in report.h.
 */
#include <stdlib.h>

#include "report/draft.h"

static int
compare_ids(const void *a, const void *b)
{
    return sv_cmp(*(const struct sv *)a, *(const struct sv *)b);
}

/* The shortest length, CITE_MIN or more, at which all ids of the incident differ. */
size_t
cite_length(const struct incident *incident)
{
    size_t length = CITE_MIN, count = incident->entry_count;
    struct sv *ids = calloc(count + 1, sizeof(*ids));
    if (ids == NULL)
        abort();
    for (size_t i = 0; i < count; i++)
        ids[i] = incident->entries[i].entry_id;
    qsort(ids, count, sizeof(*ids), compare_ids);
    for (size_t i = 1; i < count; i++)
        while (length < ids[i].len &&
               sv_eq(sv_slice(ids[i], 0, length), sv_slice(ids[i - 1], 0, length)))
            length++;
    free(ids);
    return length;
}

void
add_cite(struct draft *draft, const struct entry *entry)
{
    draft->cited[entry - draft->incident->entries] = true;
    strbuf_add_text(draft->out, " [e:");
    strbuf_add_sv(draft->out, sv_slice(entry->entry_id, 0, draft->cite_length));
    strbuf_add_char(draft->out, ']');
}

void
add_cites(struct draft *draft, const struct entry *const *entries, size_t count)
{
    const struct entry *done[CITES_MAX];
    size_t used = 0;
    for (size_t i = 0; i < count && used < CITES_MAX; i++) {
        bool seen = entries[i] == NULL;
        for (size_t j = 0; j < used; j++)
            seen = seen || done[j] == entries[i];
        if (seen)
            continue;
        done[used++] = entries[i];
        add_cite(draft, entries[i]);
    }
}

void
end_line(struct draft *draft, const struct entry *const *entries, size_t count)
{
    add_cites(draft, entries, count);
    strbuf_add_char(draft->out, '\n');
}

void
end_row(struct draft *draft, const struct entry *const *entries, size_t count)
{
    strbuf_add_text(draft->out, " |");
    add_cites(draft, entries, count);
    strbuf_add_text(draft->out, " |\n");
}

/* ---- the check ---- */

static bool
id_exists(struct sv id, const struct incident *incident)
{
    size_t found = 0;
    for (size_t i = 0; i < incident->entry_count; i++) {
        struct sv whole = incident->entries[i].entry_id;
        found += (id.len >= CITE_MIN && sv_starts(whole, id)) || sv_eq(whole, id);
    }
    return found == 1;
}

/* Takes "[e:ID]" off the end of the line. */
static bool
take_last(struct sv *line, struct sv *ret_id)
{
    struct sv rest = sv_trim(*line);
    if (!sv_ends(rest, SV("]")))
        return false;
    size_t at = rest.len;
    while (at > 0 && rest.ptr[at - 1] != '[')
        at--;
    struct sv inner = sv_slice(rest, at, rest.len - 1);
    if (at < 2 || rest.ptr[at - 2] != ' ' || !sv_starts(inner, SV("e:")))
        return false;
    *ret_id = sv_slice(inner, 2, inner.len);
    *line = sv_slice(rest, 0, at - 1);
    return true;
}

/* NULL when the line is cited well. */
static const char *
problem_of(struct sv line, const struct incident *incident)
{
    struct sv id;
    size_t count = 0;
    line = sv_trim(line);
    if (sv_ends(line, SV(" |")))
        line = sv_slice(line, 0, line.len - 2);
    for (; take_last(&line, &id); count++)
        if (!id_exists(id, incident))
            return "cites an entry that is not there";
    return count == 0 ? "cites nothing" : NULL;
}

static bool
is_separator(struct sv line)
{
    return sv_starts(line, SV("|---"));
}

/* Headings, notes, prompts, table heads: what needs no evidence. */
static bool
needs_none(struct sv line, struct sv next)
{
    return sv_empty(sv_trim(line)) || sv_starts(line, SV("#")) || sv_starts(line, SV("> ")) ||
           sv_starts(line, SV("- TODO(human): ")) || sv_starts(line, SV("| TODO(human) ")) ||
           is_separator(line) || (sv_starts(line, SV("| ")) && is_separator(next));
}

size_t
report_check_citations(struct sv markdown, const struct incident *incident,
                       struct strbuf *ret_problem)
{
    struct sv rest = markdown, line;
    size_t problems = 0, number = 0;
    bool comment = false;
    while (sv_split(&rest, '\n', &line)) {
        struct sv peek = rest, next = SV_NONE;
        number++;
        comment = comment || sv_starts(line, SV("<!--"));
        if (comment) {
            comment = !sv_contains(line, SV("-->"));
            continue;
        }
        if (!sv_split(&peek, '\n', &next))
            next = SV_NONE;
        const char *why = needs_none(line, next) ? NULL : problem_of(line, incident);
        if (why != NULL && problems++ == 0)
            strbuf_addf(ret_problem, "line %zu %s: " SV_FMT, number, why,
                        SV_ARG(sv_slice(line, 0, 200)));
    }
    return problems;
}
