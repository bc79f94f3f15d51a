/*
 * A timeline by corrected clocks: see align.h.
 */
#include "correlate/clock/align.h"

#include <stdlib.h>

#include "base/clock.h"

/* An entry in its new place. */
struct placed {
    struct entry entry;
    const struct clock_interval *clock; /* NULL: nothing is known of it */
    size_t place;                       /* in the order as stored */
};

static int
placed_order(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;
    if (a->entry.time_ns != b->entry.time_ns)
        return a->entry.time_ns < b->entry.time_ns ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

static const struct clock_interval *
clock_of(const struct clock_offsets *offsets, const struct entry *entry)
{
    if (entry->time_source != TIME_SOURCE_NATIVE)
        return NULL;
    return clock_offset_of(offsets, clock_name(entry->host, entry->source));
}

/*
 * How far before (`low`) or after a time the true one may lie, beside what the time was cut to;
 * CLOCK_OPEN_US: nobody knows. Where an interval says nothing against zero and has an open end, the
 * clock is taken to be right, as it is without any interval.
 */
static int64_t
beside_us(const struct clock_interval *clock, bool low)
{
    if (clock == NULL)
        return 0;
    bool open = clock->lo_us == -CLOCK_OPEN_US || clock->hi_us == CLOCK_OPEN_US;
    if (open && !clock->applies)
        return 0;
    if (low)
        return clock->hi_us == CLOCK_OPEN_US ? CLOCK_OPEN_US : clock->hi_us - clock->correction_us;
    return clock->lo_us == -CLOCK_OPEN_US ? CLOCK_OPEN_US : clock->correction_us - clock->lo_us;
}

static bool
same_clock(const struct entry *a, const struct entry *b)
{
    return sv_eq(a->source, b->source) && sv_eq(a->host, b->host) &&
           a->time_source == b->time_source;
}

/* True if it is known that the second happened after the first, which stands before it. */
static bool
comes_after(const struct placed *first, const struct placed *second)
{
    const struct entry *a = &first->entry, *b = &second->entry;
    int64_t apart = b->time_ns - a->time_ns;
    if (same_clock(a, b))
        return apart >= a->uncertainty_ns ||
               (second->place == first->place + 1 && b->order_established);
    int64_t after = beside_us(first->clock, false), before = beside_us(second->clock, true);
    if (after == CLOCK_OPEN_US || before == CLOCK_OPEN_US)
        return false;
    return apart >= a->uncertainty_ns + b->uncertainty_ns + (after + before) * NS_PER_US;
}

static void
note_clock(struct clock_alignment *alignment, const struct clock_interval *clock)
{
    size_t at = alignment->clock_count;
    for (size_t i = 0; i < alignment->clock_count; i++)
        if (alignment->clocks[i] == clock)
            return;
    for (; at > 0 && alignment->clocks[at - 1] > clock; at--)
        alignment->clocks[at] = alignment->clocks[at - 1];
    alignment->clocks[at] = clock;
    alignment->clock_count++;
}

static void
place_entries(const struct clock_offsets *offsets, const struct incident *incident,
              struct placed *placed, struct clock_alignment *alignment)
{
    for (size_t i = 0; i < incident->entry_count; i++) {
        placed[i] = (struct placed){.entry = incident->entries[i], .place = i};
        placed[i].clock = clock_of(offsets, &placed[i].entry);
        if (placed[i].clock == NULL || !placed[i].clock->applies)
            continue;
        placed[i].entry.time_ns -= placed[i].clock->correction_us * NS_PER_US;
        alignment->moved++;
        note_clock(alignment, placed[i].clock);
    }
    if (incident->entry_count > 1)
        qsort(placed, incident->entry_count, sizeof(*placed), placed_order);
}

static void
place_milestones(struct arena *arena, struct incident *incident)
{
    struct milestone_row *rows =
        ARENA_ARRAY(arena, struct milestone_row, incident->milestone_count + 1);
    for (size_t i = 0; i < incident->milestone_count; i++) {
        rows[i] = incident->milestones[i];
        for (size_t k = 0; k < incident->entry_count; k++)
            if (sv_eq(incident->entries[k].entry_id, rows[i].entry_id))
                rows[i].time_ns = incident->entries[k].time_ns;
    }
    incident->milestones = rows;
}

void
clock_align(struct arena *arena, const struct clock_offsets *offsets,
            const struct incident *incident, struct clock_alignment *ret_alignment)
{
    size_t count = incident->entry_count;
    struct clock_alignment alignment = {.incident = *incident};
    struct placed *placed = ARENA_ARRAY(arena, struct placed, count + 1);
    struct entry *entries = ARENA_ARRAY(arena, struct entry, count + 1);
    alignment.clocks = ARENA_ARRAY(arena, const struct clock_interval *, offsets->count + 1);
    place_entries(offsets, incident, placed, &alignment);
    for (size_t i = 0; i < count; i++) {
        entries[i] = placed[i].entry;
        entries[i].order_established = i == 0 || comes_after(&placed[i - 1], &placed[i]);
    }
    alignment.incident.entries = entries;
    place_milestones(arena, &alignment.incident);
    *ret_alignment = alignment;
}
