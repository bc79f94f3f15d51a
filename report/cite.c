/*
 * Citations: every line that a machine wrote ends with the ids of the entries that prove it, and
 * report_check_citations() finds the lines for which that is not so. The rule is in report.h.
 */
#include "report/draft.h"

/* The shortest length, CITE_MIN or more, at which all ids of the incident differ. */
size_t
cite_length(const struct entry_index *by_id)
{
    size_t length = CITE_MIN;
    for (size_t i = 1; i < by_id->count; i++) {
        struct sv id = by_id->at[i]->entry_id, before = by_id->at[i - 1]->entry_id;
        while (length < id.len && sv_eq(sv_slice(id, 0, length), sv_slice(before, 0, length)))
            length++;
    }
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

/* Does it begin, or where it is short be, the id of exactly one entry? */
static bool
id_fits(const struct entry_index *by_id, size_t at, struct sv id)
{
    if (at >= by_id->count)
        return false;
    struct sv whole = by_id->at[at]->entry_id;
    return id.len >= CITE_MIN ? sv_starts(whole, id) : sv_eq(whole, id);
}

static bool
id_exists(struct sv id, const struct entry_index *by_id)
{
    size_t at = entry_index_from(by_id, id);
    return id_fits(by_id, at, id) && !id_fits(by_id, at + 1, id);
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
problem_of(struct sv line, const struct entry_index *by_id)
{
    struct sv id;
    size_t count = 0;
    line = sv_trim(line);
    if (sv_ends(line, SV(" |")))
        line = sv_slice(line, 0, line.len - 2);
    for (; take_last(&line, &id); count++)
        if (!id_exists(id, by_id))
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
    struct entry_index by_id;
    entry_index_init(&by_id, incident, BY_ID);
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
        const char *why = needs_none(line, next) ? NULL : problem_of(line, &by_id);
        if (why != NULL && problems++ == 0)
            strbuf_addf(ret_problem, "line %zu %s: " SV_FMT, number, why,
                        SV_ARG(sv_slice(line, 0, 200)));
    }
    entry_index_release(&by_id);
    return problems;
}
