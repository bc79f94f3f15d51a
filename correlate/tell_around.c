/*
 * What lies around an incident: changes of a day before and after it, and the hours in which its
 * scope has anything. See telling.h. Called by tell_incidents().
 */
#include "correlate/telling.h"

#include <stdlib.h>

static int64_t
hour_of(int64_t ns)
{
    return ns / NS_PER_HOUR - (ns % NS_PER_HOUR < 0);
}

static int
number_order(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

size_t
tell_hours(const struct work_record *records, size_t count, int64_t *ret_hours)
{
    size_t all = 0, kept = 0;
    for (size_t i = 0; i < count; i++)
        if (records[i].observation != NULL)
            ret_hours[all++] = hour_of(records[i].observation->event.event_time_ns);
    if (all > 1)
        qsort(ret_hours, all, sizeof(*ret_hours), number_order);
    for (size_t i = 0; i < all; i++)
        if (kept == 0 || ret_hours[kept - 1] != ret_hours[i])
            ret_hours[kept++] = ret_hours[i];
    return kept;
}

/* The first occupied hour that is not before this one. */
static size_t
first_hour_at(const struct tell_input *input, int64_t hour)
{
    size_t low = 0, high = input->hour_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (input->hours[middle] < hour)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/*
 * How long the scope's records near the incident span, in whole hours of UTC: rates of changes are
 * per hour of it. So another record in an hour that has one changes nothing.
 */
static int64_t
hours_around(const struct tell_input *input, int64_t from_ns, int64_t to_ns)
{
    size_t first = first_hour_at(input, hour_of(from_ns));
    size_t end = first_hour_at(input, hour_of(to_ns) + 1);
    return first == end ? 0 : (input->hours[end - 1] + 1 - input->hours[first]) * NS_PER_HOUR;
}

/* Changes are the context of many incidents: their rows are made once and only read. */
static struct row **
context_rows(struct telling *telling, size_t at)
{
    const struct work_node *node = telling->input->changes[at];
    size_t made;
    if (telling->context[at] == NULL) {
        telling->context[at] = ARENA_ARRAY(&telling->around, struct row *, node->record_count + 1);
        node_rows(&telling->around, &telling->teller->rules, node, telling->context[at], &made);
    }
    return telling->context[at];
}

/* The first change node that does not begin before this time. */
static size_t
first_change_at(const struct telling *telling, int64_t ms)
{
    size_t low = 0, high = telling->input->change_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (telling->input->changes[middle]->first_ms < ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void
tell_around(struct telling *telling, size_t incident_node, const struct incident *incident,
            struct story *story)
{
    int64_t from = incident->first_ns / NS_PER_MS - TELL_AROUND_MS;
    int64_t to = incident->last_ns / NS_PER_MS + TELL_AROUND_MS;
    size_t most = story->change_count;
    if (most == 0)
        return; /* nothing that the context could tell about */
    size_t first = first_change_at(telling, from), end = first_change_at(telling, to + 1);
    for (size_t i = first; i < end; i++)
        most += telling->input->changes[i]->record_count;
    story->changes = ARENA_ARRAY(story->scratch, struct row *, most + 1);
    story->change_count = 0;
    for (size_t i = 0; i < story->count; i++)
        if (row_is_change(story->rows[i]))
            story->changes[story->change_count++] = story->rows[i];
    for (size_t i = first; i < end; i++) {
        const struct work_node *node = telling->input->changes[i];
        if (node->incident == incident_node)
            continue;
        struct row **rows = context_rows(telling, i);
        for (size_t k = 0; rows[k] != NULL; k++)
            story->changes[story->change_count++] = rows[k];
    }
    if (story->change_count > 1)
        qsort(story->changes, story->change_count, sizeof(struct row *), row_order);
    story->hours_ns = hours_around(telling->input, from * NS_PER_MS, to * NS_PER_MS);
}
