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

#define NUMBER_DIGITS 7

/* What is being checked. */
struct check {
    struct ids ids;
    struct strbuf *problem;
    size_t problems, line;
    size_t used;    /* footnotes up to this number are */
    size_t defined; /* ... and defined */
};

static void
complain(struct check *check, struct sv line, const char *why)
{
    if (check->problems++ == 0)
        strbuf_addf(check->problem, "line %zu %s: " SV_FMT, check->line, why,
                    SV_ARG(sv_slice(line, 0, 200)));
}

/* The number that follows at the start of the text, taken off; 0: none. */
static size_t
take_number(struct sv *text)
{
    size_t number = 0, digits = 0;
    while (digits < text->len && digits < NUMBER_DIGITS && text->ptr[digits] >= '0' &&
           text->ptr[digits] <= '9')
        number = number * 10 + (size_t)(text->ptr[digits++] - '0');
    *text = sv_slice(*text, digits, text->len);
    return number;
}

/* The number of the footnote that the line ends with; 0: none, or one that a text wrote. */
static size_t
note_at_end(struct sv line)
{
    size_t at = line.len;
    while (at > 0 && line.ptr[at - 1] != '[')
        at--;
    struct sv inner = sv_slice(line, at, line.len);
    if (at == 0 || (at > 1 && line.ptr[at - 2] == '\\') || !sv_starts(inner, SV("^")))
        return 0;
    inner = sv_slice(inner, 1, inner.len);
    size_t number = take_number(&inner);
    return sv_eq(inner, SV("]")) ? number : 0;
}

/* Is each cell behind the first blank, or for people? */
static bool
is_for_people(struct sv line)
{
    struct sv rest = line, cell;
    size_t cells = 0;
    if (!sv_starts(line, SV("| ")) || !sv_ends(line, SV("|")))
        return false;
    for (; sv_split(&rest, '|', &cell); cells++) {
        cell = sv_trim(cell);
        if (cells > 1 && !sv_empty(cell) && !sv_eq(cell, SV("TODO(human)")) &&
            !sv_eq(cell, SV("Draft")))
            return false;
    }
    return cells > 3;
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
           sv_starts(line, SV("- TODO(human): ")) || is_for_people(line) || is_separator(line) ||
           (sv_starts(line, SV("| ")) && is_separator(next));
}

static void
check_line(struct check *check, struct sv line)
{
    struct sv text = sv_trim(line);
    if (sv_ends(text, SV(" |")))
        text = sv_slice(text, 0, text.len - 2);
    size_t number = note_at_end(text);
    if (number == 0)
        complain(check, line, "cites nothing");
    else if (number > check->used + 1)
        complain(check, line, "uses a number too early");
    else if (number == check->used + 1)
        check->used++;
}

/* "[^N]: e:ID, ...; e:ID, ..." */
static void
check_note(struct check *check, struct sv line)
{
    struct sv rest = sv_slice(line, 2, line.len);
    size_t number = take_number(&rest), cited = 0;
    if (number != check->defined + 1 || !sv_starts(rest, SV("]: "))) {
        complain(check, line, "is not the next footnote");
        return;
    }
    check->defined = number;
    for (size_t at = 0; at + 3 < rest.len; at++) {
        struct sv from = sv_slice(rest, at, rest.len);
        if (!sv_starts(from, SV(" e:")) || (at > 2 && rest.ptr[at - 1] != ';'))
            continue;
        size_t end = 3;
        while (end < from.len && from.ptr[end] != ',')
            end++;
        cited++;
        if (!id_exists(sv_slice(from, 3, end), &check->ids))
            complain(check, line, "cites an entry that is not there");
    }
    if (cited == 0)
        complain(check, line, "is a footnote that names no entry");
}

size_t
citations_check(struct sv markdown, const struct incident *incident, struct strbuf *ret_problem)
{
    struct sv rest = markdown, line, next;
    struct check check = {.ids = ids_of(incident), .problem = ret_problem};
    while (sv_split(&rest, '\n', &line)) {
        struct sv peek = rest;
        check.line++;
        if (!sv_split(&peek, '\n', &next))
            next = SV_NONE;
        if (sv_starts(line, SV("[^")))
            check_note(&check, line);
        else if (!needs_none(line, next))
            check_line(&check, line);
    }
    if (check.used != check.defined)
        complain(&check, SV(""), "is the end: footnotes are used or defined, but not both");
    free(check.ids.at);
    return check.problems;
}
