/*
 * Which delivery of an occurrence counts: a rule of content, never of arrival. Called by
 * correlate_run() first.
 */
#include "correlate/run.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "correlate/group/order.h"

static int
cmp_int64(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static bool
untimed(const struct observation *observation)
{
    return observation->event.event_time_ns == TIME_NONE;
}

static int
winner_order(const void *left, const void *right)
{
    const struct observation *a = *(const struct observation *const *)left;
    const struct observation *b = *(const struct observation *const *)right;
    int order = memcmp(a->event.uid, b->event.uid, UID_BYTES);
    if (order == 0)
        order = cmp_int64(b->event.version, a->event.version);
    if (order == 0)
        order = untimed(a) - untimed(b);
    return order != 0 ? order : evidence_cmp(a, b);
}

static bool
same_event(const struct observation *a, const struct observation *b)
{
    return memcmp(a->event.uid, b->event.uid, UID_BYTES) == 0;
}

static enum delivery_rule
rule_between(const struct observation *winner, const struct observation *other)
{
    if (other->event.version != winner->event.version)
        return BY_VERSION;
    if (untimed(other) != untimed(winner))
        return BY_TIME;
    if (memcmp(other->sha256.bytes, winner->sha256.bytes, SHA256_BYTES) != 0)
        return BY_SHA256;
    if (memcmp(other->frame.bytes, winner->frame.bytes, SHA256_BYTES) != 0)
        return BY_FRAME;
    if (content_cmp(&other->event, &winner->event) != 0)
        return BY_CONTENT;
    return other->kafka_time_ns != winner->kafka_time_ns ? BY_TIMESTAMP : BY_COORDINATES;
}

/* The first of the deliveries that was posted, if there is one that tells when. */
static const struct observation *
posted(const struct observation *const *deliveries, size_t count)
{
    const struct observation *first = NULL;
    for (size_t i = 0; i < count; i++)
        if (deliveries[i]->event.phase == PHASE_POST && !untimed(deliveries[i]) &&
            (first == NULL || deliveries[i]->event.event_time_ns < first->event.event_time_ns))
            first = deliveries[i];
    return first;
}

/*
 * An edit tells when it was made. What it makes of a message stands where that was posted, where
 * that is known.
 */
static const struct observation *
in_its_place(struct arena *arena, const struct observation *const *deliveries, size_t count)
{
    const struct observation *winner = deliveries[0], *post;
    bool later = winner->event.kind == EVENT_CHAT &&
                 (winner->event.phase == PHASE_EDIT || winner->event.phase == PHASE_DELETE);
    if (!later || (post = posted(deliveries, count)) == NULL)
        return winner;
    struct observation *moved = ARENA_NEW(arena, struct observation);
    *moved = *winner;
    moved->event.event_time_ns = post->event.event_time_ns;
    moved->event.precision = post->event.precision;
    moved->event.time_source = post->event.time_source;
    moved->event.source_time_text = post->event.source_time_text;
    moved->event.sequence = post->event.sequence;
    return moved;
}

void
dedup(struct arena *arena, const struct correlation_input *input, struct deduped *ret_deduped)
{
    size_t all = input->count, count = 0, several = 0;
    assert(all == 0 || input->observations != NULL);
    const struct observation **kept = ARENA_ARRAY(arena, const struct observation *, all + 1);
    struct delivery *deliveries = ARENA_ARRAY(arena, struct delivery, all + 1);
    for (size_t i = 0; i < all; i++)
        kept[i] = &input->observations[i];
    if (all > 1)
        qsort(kept, all, sizeof(*kept), winner_order);
    for (size_t from = 0, to; from < all; from = to) {
        const struct observation *winner = kept[from];
        for (to = from + 1; to < all && same_event(winner, kept[to]);)
            to++;
        if (to - from > 1)
            deliveries[several++] = (struct delivery){winner, DELIVERY_COUNTS};
        for (size_t i = from + 1; i < to; i++)
            deliveries[several++] = (struct delivery){kept[i], rule_between(winner, kept[i])};
        kept[count++] = in_its_place(arena, kept + from, to - from);
    }
    assert(count <= all && several <= all);
    *ret_deduped = (struct deduped){kept, count, deliveries, several};
}
