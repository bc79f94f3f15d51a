/*
 * Candidates in several windows, for what changed here and there: see window.h.
 */
#include <stdlib.h>
#include <string.h>

#include "correlate/candidate/window.h"

#define LOTS_APART_MS (48 * INT64_C(3600000)) /* nearer than this a window would reach both */

struct lot {
    const struct candidate_dirt *dirt; /* in order of time */
    size_t count;
    bool found;
    struct candidate_window window;
};

static int
dirt_order(const void *left, const void *right)
{
    const struct candidate_dirt *a = left, *b = right;
    if (a->from_ms != b->from_ms)
        return a->from_ms < b->from_ms ? -1 : 1;
    return a->to_ms < b->to_ms ? -1 : a->to_ms > b->to_ms;
}

static size_t
make_lots(const struct candidate_dirt *dirt, size_t count, struct lot *lots)
{
    size_t made = 0;
    int64_t to_ms = 0;
    for (size_t i = 0; i < count; i++) {
        if (made == 0 || dirt[i].from_ms - to_ms > LOTS_APART_MS) {
            lots[made++] = (struct lot){.dirt = &dirt[i]};
            to_ms = dirt[i].to_ms;
        }
        lots[made - 1].count++;
        to_ms = dirt[i].to_ms > to_ms ? dirt[i].to_ms : to_ms;
    }
    return made;
}

/* Lots whose interiors meet become one that is not found yet; how many there are then. */
static size_t
join_lots(struct lot *lots, size_t count)
{
    size_t kept = 0;
    for (size_t i = 1; i < count; i++) {
        if (lots[kept].window.to_ms >= lots[i].window.from_ms) {
            lots[kept].count += lots[i].count;
            lots[kept].found = false;
            if (lots[i].window.to_ms > lots[kept].window.to_ms)
                lots[kept].window.to_ms = lots[i].window.to_ms;
        } else {
            lots[++kept] = lots[i];
        }
    }
    return count == 0 ? 0 : kept + 1;
}

struct asking {
    struct arena *arena;
    const struct candidate_finding *finding;
    const struct window_source *source;
    struct lot *lots;
    size_t count;
};

/*
 * Asks for all lots that are not found yet. What is kept tells nothing while there are several: a
 * node may have hung on what another lot changed.
 */
static int
find_lots(struct asking *asking, bool *ret_new, bool *ret_proven, struct err *err)
{
    struct window_source source = *asking->source;
    if (asking->count > 1)
        source.kept = NULL;
    *ret_new = false;
    *ret_proven = true;
    for (size_t i = 0; i < asking->count && *ret_proven; i++) {
        struct lot *lot = &asking->lots[i];
        if (lot->found)
            continue;
        if (candidate_window(asking->arena, asking->finding, &source, lot->dirt, lot->count,
                             &lot->window, err) != 0)
            return -1;
        *ret_new = lot->found = true;
        *ret_proven = lot->window.proven;
    }
    return 0;
}

int
candidate_windows(struct arena *arena, const struct candidate_finding *finding,
                  const struct window_source *source, const struct candidate_dirt *dirt,
                  size_t count, struct candidate_windows *ret_windows, struct err *err)
{
    struct candidate_dirt *sorted = ARENA_ARRAY(arena, struct candidate_dirt, count + 1);
    struct asking asking = {arena, finding, source, ARENA_ARRAY(arena, struct lot, count + 1), 0};
    if (count > 0)
        memcpy(sorted, dirt, count * sizeof(*sorted));
    if (count > 1)
        qsort(sorted, count, sizeof(*sorted), dirt_order);
    asking.count = make_lots(sorted, count, asking.lots);
    bool new = true, proven = true;
    while (new &&proven) {
        if (find_lots(&asking, &new, &proven, err) != 0)
            return -1;
        if (!proven && asking.count > 1) { /* together, with what is kept */
            asking.lots[0] = (struct lot){.dirt = sorted, .count = count};
            asking.count = 1;
            proven = true;
        } else if (proven) {
            asking.count = join_lots(asking.lots, asking.count);
        }
    }
    struct candidate_window *at = ARENA_ARRAY(arena, struct candidate_window, asking.count + 1);
    for (size_t i = 0; i < asking.count; i++)
        at[i] = asking.lots[i].window;
    *ret_windows = (struct candidate_windows){proven, at, proven ? asking.count : 0};
    return 0;
}
