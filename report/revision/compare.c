/*
 * Comparing two revisions of an incident: see revision.h. Entries are matched by id; what differs
 * is named as in the canonical export (entry.def).
 */
#include <stdlib.h>
#include <string.h>

#include "report/revision/revision.h"

#define DIFFERS_VALUE(field) (from->field != to->field)
#define DIFFERS_TEXT(field) (!sv_eq(from->field, to->field))
#define DIFFERS_OPTIONAL(field) DIFFERS_TEXT(field)
#define DIFFERS_TIME(field) DIFFERS_VALUE(field)
#define DIFFERS_SPAN(field) DIFFERS_VALUE(field)
#define DIFFERS_INT32(field) DIFFERS_VALUE(field)
#define DIFFERS_INT64(field) DIFFERS_VALUE(field)
#define DIFFERS_FLAG(field) DIFFERS_VALUE(field)
#define DIFFERS_KIND(field) DIFFERS_VALUE(field)
#define DIFFERS_RECORD_KIND(field) DIFFERS_VALUE(field)
#define DIFFERS_ACT(field) DIFFERS_VALUE(field)
#define DIFFERS_SIGNIFICANCE(field) DIFFERS_VALUE(field)
#define DIFFERS_TIME_SOURCE(field) DIFFERS_VALUE(field)

static bool
same_MILESTONES(const enum milestone *a, size_t a_count, const enum milestone *b, size_t b_count)
{
    return a_count == b_count && (a_count == 0 || memcmp(a, b, a_count * sizeof(*a)) == 0);
}

static bool
same_REASONS(const struct reason *a, size_t a_count, const struct reason *b, size_t b_count)
{
    for (size_t i = 0; i < a_count && i < b_count; i++)
        if (a[i].hundredths != b[i].hundredths || !sv_eq(a[i].name, b[i].name))
            return false;
    return a_count == b_count;
}

static bool
same_EVIDENCE(const struct evidence *a, size_t a_count, const struct evidence *b, size_t b_count)
{
    for (size_t i = 0; i < a_count && i < b_count; i++)
        if (a[i].at.offset != b[i].at.offset || a[i].at.index != b[i].at.index ||
            a[i].partition != b[i].partition || a[i].incarnation != b[i].incarnation ||
            !sv_eq(a[i].topic, b[i].topic) ||
            memcmp(&a[i].sha256, &b[i].sha256, sizeof(a[i].sha256)) != 0)
            return false;
    return a_count == b_count;
}

static bool
same_PAGES(const struct paged *a, size_t a_count, const struct paged *b, size_t b_count)
{
    for (size_t i = 0; i < a_count && i < b_count; i++)
        if (!sv_eq(a[i].person, b[i].person) || !sv_eq(a[i].doubt, b[i].doubt) ||
            !sv_eq(a[i].answer, b[i].answer) || a[i].answered_ns != b[i].answered_ns ||
            a[i].how != b[i].how)
            return false;
    return a_count == b_count;
}

static bool
same_ROLES(const struct given_role *a, size_t a_count, const struct given_role *b, size_t b_count)
{
    for (size_t i = 0; i < a_count && i < b_count; i++)
        if (!sv_eq(a[i].person, b[i].person) || !sv_eq(a[i].role, b[i].role) ||
            !sv_eq(a[i].end, b[i].end) || a[i].until_ns != b[i].until_ns)
            return false;
    return a_count == b_count;
}

/* " score text": the members that differ. */
static const char *
fields_of(struct arena *arena, const struct entry *from, const struct entry *to)
{
    struct sv fields = SV("");
#define ENTRY_FIELD(type, member, field, column, line, place)                                      \
    if (DIFFERS_##type(field))                                                                     \
        fields = arena_printf(arena, SV_FMT " " #member, SV_ARG(fields));
#define ENTRY_LIST(type, member, field, count, column, line, place)                                \
    if (!same_##type(from->field, from->count, to->field, to->count))                              \
        fields = arena_printf(arena, SV_FMT " " #member, SV_ARG(fields));
#include "hindcast/entry.def"
    return arena_strdup(arena, fields);
}

static int
by_id(const void *left, const void *right, void *context)
{
    const struct entry *entries = context;
    return sv_cmp(entries[*(const size_t *)left].entry_id,
                  entries[*(const size_t *)right].entry_id);
}

static const size_t *
sorted(struct arena *arena, const struct incident *incident)
{
    size_t *places = ARENA_ARRAY(arena, size_t, incident->entry_count + 1);
    for (size_t i = 0; i < incident->entry_count; i++)
        places[i] = i;
    if (incident->entry_count > 1)
        qsort_r(places, incident->entry_count, sizeof(*places), by_id, (void *)incident->entries);
    return places;
}

static int
by_time(const void *left, const void *right)
{
    const struct entry_change *a = left, *b = right;
    const struct entry *x = a->to != NULL ? a->to : a->from, *y = b->to != NULL ? b->to : b->from;
    if (x->time_ns != y->time_ns)
        return x->time_ns < y->time_ns ? -1 : 1;
    return sv_cmp(x->entry_id, y->entry_id);
}

static void
add_pair(struct arena *arena, struct revision_diff *diff, struct entry_change *changes,
         const struct entry *from, const struct entry *to)
{
    const char *fields = from != NULL && to != NULL ? fields_of(arena, from, to) : "";
    if (from != NULL && to != NULL && fields[0] == '\0')
        return;
    changes[diff->count++] = (struct entry_change){from, to, fields};
    diff->added += from == NULL;
    diff->removed += to == NULL;
    diff->changed += from != NULL && to != NULL;
}

void
revision_compare(struct arena *arena, const struct stored_incident *from,
                 const struct stored_incident *to, struct revision_diff *ret_diff)
{
    const struct incident *old = &from->incident, *new = &to->incident;
    const size_t *olds = sorted(arena, old), *news = sorted(arena, new);
    struct revision_diff diff = {.from = from, .to = to};
    struct entry_change *changes =
        ARENA_ARRAY(arena, struct entry_change, old->entry_count + new->entry_count + 1);
    for (size_t a = 0, b = 0; a < old->entry_count || b < new->entry_count;) {
        const struct entry *x = a < old->entry_count ? &old->entries[olds[a]] : NULL;
        const struct entry *y = b < new->entry_count ? &new->entries[news[b]] : NULL;
        int order = x == NULL ? 1 : y == NULL ? -1 : sv_cmp(x->entry_id, y->entry_id);
        add_pair(arena, &diff, changes, order <= 0 ? x : NULL, order >= 0 ? y : NULL);
        a += order <= 0;
        b += order >= 0;
    }
    if (diff.count > 1)
        qsort(changes, diff.count, sizeof(*changes), by_time);
    diff.changes = changes;
    *ret_diff = diff;
}
