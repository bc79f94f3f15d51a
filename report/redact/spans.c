/*
 * What was found in a text: see spans.h.
 */
#include "report/redact/spans.h"

#include <stdlib.h>

#include "base/memory.h"

void
span_add(struct span_list *spans, struct found found)
{
    spans->list = memory_grow(spans->list, &spans->room, spans->count + 1, sizeof(*spans->list));
    spans->list[spans->count++] = found;
}

/* Was it a known name? Else a detector found it. */
static bool
is_known(const struct found *found)
{
    return found->identity != NULL || found->several;
}

/* A shield goes before what begins with it; of others the longer one. */
static int
compare(const void *left, const void *right)
{
    const struct found *a = left, *b = right;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->to != b->to)
        return a->to > b->to ? -1 : 1;
    if (a->shield != b->shield)
        return a->shield ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return (int)is_known(b) - (int)is_known(a);
}

bool
spans_shield(const struct span_list *spans, const struct found *found)
{
    for (size_t i = 0; i < spans->count; i++) {
        const struct found *shield = &spans->list[i];
        if (shield->shield && shield->from <= found->from && found->to <= shield->to)
            return true;
    }
    return false;
}

bool
spans_meet(const struct span_list *spans, const struct redact_policy *policy,
           const struct found *found)
{
    for (size_t i = 0; i < spans->count; i++) {
        const struct found *other = &spans->list[i];
        bool replaced = !other->shield &&
                        (other->kind < REDACT_DOUBTS || policy->show[other->kind] != SHOW_KEPT);
        if (replaced && other != found && other->from < found->to && found->from < other->to)
            return true;
    }
    return false;
}

void
spans_complete_name(struct span_list *spans, const struct found *name)
{
    for (size_t i = 0; i < spans->count; i++) {
        struct found *found = &spans->list[i];
        if (!found->shield && found->kind == REDACT_PERSON && name->from <= found->from &&
            found->to <= name->to)
            found->to = name->to;
    }
}

void
spans_join(struct span_list *spans)
{
    size_t kept = 0;
    if (spans->count > 1)
        qsort(spans->list, spans->count, sizeof(*spans->list), compare);
    for (size_t i = 0; i < spans->count; i++) {
        struct found *last = kept == 0 ? NULL : &spans->list[kept - 1], next = spans->list[i];
        if (last == NULL || next.from >= last->to) {
            spans->list[kept++] = next;
            continue;
        }
        size_t from = last->from, to = next.to > last->to ? next.to : last->to;
        if (next.kind < last->kind ||
            (next.kind == last->kind && is_known(&next) && !is_known(last)))
            *last = next;
        last->from = from;
        last->to = to;
    }
    spans->count = kept;
}
