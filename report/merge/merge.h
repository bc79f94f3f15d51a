/*
 * Merging a draft that people edited with a newer one: three ways, by block, against the last
 * generated text. Pure: same three texts, same bytes.
 *
 * - What people moved, reworded or added keeps its words and its place.
 * - A block that only the records changed is replaced where it stands now, removed where the
 * records no longer say it; a new one comes in behind the block that it follows.
 * - A block that people removed stays away; what the records changed of it is listed at the end.
 * - What both changed keeps the words of people, with a note behind it that gives the words of the
 *   records. Of a row of a table each cell is taken by itself, also where people added columns.
 * - Wrapped lines, other bullets, padded cells, CRLF, a missing last line end are no changes, and
 *   stay where the words do.
 *
 * Nothing of people's is dropped: only what is equal to what was generated is ever replaced.
 */
#ifndef REPORT_MERGE_MERGE_H
#define REPORT_MERGE_MERGE_H

#include "base/arena.h"
#include "base/strbuf.h"

#define MERGE_LIST_MAX 50 /* blocks listed at the end; the others are counted */

/* A note that a merge wrote: what it is about (id of a block), and its text. */
struct merge_note {
    struct sv about, text;
};

/* What was generated last, and the notes of merges since that are still there. */
struct merge_base {
    struct sv text;
    const struct merge_note *notes;
    size_t note_count;
};

struct merge_counts {
    size_t updated; /* blocks that got the words of the records */
    size_t added, removed;
    size_t both;   /* changed by people and by the records: a note stands there */
    size_t listed; /* removed by people, changed by the records */
};

/*
 * Adds the merged text to `out`. `ret_base` is what to merge with the next time: its text is
 * `generated`, its notes are in the arena or in `base`.
 */
void
merge(const struct merge_base *base, struct sv edited, struct sv generated, struct arena *arena,
      struct strbuf *out, struct merge_base *ret_base, struct merge_counts *ret_counts);

/*
 * Adds `edited` with `notice` at its end, once: for what is said of the document as a whole. The
 * next merge takes it out unless people changed it.
 */
void merge_notice(const struct merge_base *base, struct sv edited, struct sv notice,
                  struct arena *arena, struct strbuf *out, struct merge_base *ret_base);

/* A generated text in blocks: calls `on_block` for each, in order, with its id and its bytes. */
void merge_blocks(struct sv generated, void (*on_block)(void *opaque, struct sv id, struct sv text),
                  void *opaque);

#endif
