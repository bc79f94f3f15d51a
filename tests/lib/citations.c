/*
 * See citations.h.
 */
#include "tests/lib/citations.h"

#include <stdlib.h>

#include "base/memory.h"

#define CITE_MIN 12

struct ids {
    struct sv *at; /* sorted */
    size_t count;
};

static int
compare(const void *a, const void *b)
{
    return sv_cmp(*(const struct sv *)a, *(const struct sv *)b);
}

static struct ids
ids_of(const struct incident *incident)
{
    struct ids ids = {memory_calloc(incident->entry_count, sizeof(struct sv)),
                      incident->entry_count};
    for (size_t i = 0; i < ids.count; i++)
        ids.at[i] = incident->entries[i].entry_id;
    qsort(ids.at, ids.count, sizeof(*ids.at), compare);
    return ids;
}

static size_t
first_from(const struct ids *ids, struct sv id)
{
    size_t low = 0, high = ids->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sv_cmp(ids->at[middle], id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* True if it begins, or where it is short is, the id of exactly one entry. */
static bool
id_fits(const struct ids *ids, size_t at, struct sv id)
{
    if (at >= ids->count)
        return false;
    struct sv whole = ids->at[at];
    return id.len >= CITE_MIN ? sv_starts(whole, id) : sv_eq(whole, id);
}

static bool
id_exists(struct sv id, const struct ids *ids)
{
    size_t at = first_from(ids, id);
    return id_fits(ids, at, id) && !id_fits(ids, at + 1, id);
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
problem_of(struct sv line, const struct ids *ids)
{
    struct sv id;
    size_t count = 0;
    line = sv_trim(line);
    if (sv_ends(line, SV(" |")))
        line = sv_slice(line, 0, line.len - 2);
    for (; take_last(&line, &id); count++)
        if (!id_exists(id, ids))
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
citations_check(struct sv markdown, const struct incident *incident, struct strbuf *ret_problem)
{
    struct sv rest = markdown, line;
    size_t problems = 0, number = 0;
    bool comment = false;
    struct ids ids = ids_of(incident);
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
        const char *why = needs_none(line, next) ? NULL : problem_of(line, &ids);
        if (why != NULL && problems++ == 0)
            strbuf_addf(ret_problem, "line %zu %s: " SV_FMT, number, why,
                        SV_ARG(sv_slice(line, 0, 200)));
    }
    free(ids.at);
    return problems;
}
