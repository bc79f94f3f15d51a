/*
 * Splitting what stands behind a key: marks inside quotes, brackets and /regexes/ are text. Any
 * thread.
 */
#ifndef INGEST_DECODE_MAPS_SPLIT_H
#define INGEST_DECODE_MAPS_SPLIT_H

#include "base/sv.h"

/* At what a value is split. */
enum map_mark {
    MARK_ALTERNATIVE = '|',
    MARK_STEP = '>',
    MARK_PART = ',',
};

/*
 * Takes the trimmed part before the next mark off `*rest`, which is absent afterwards when there is
 * none. False when `*rest` is absent. `first`: nothing was taken off before (a regex cannot stand
 * there). *ret_open: a quote, bracket or regex is not closed.
 */
bool
map_split(struct sv *rest, enum map_mark mark, bool first, struct sv *ret_part, bool *ret_open);
/* How many parts there are. */
size_t map_split_count(struct sv text, enum map_mark mark);

#endif
