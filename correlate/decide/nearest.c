/*
 * From what a decision names to the row of the timeline, and to what lies near where it is gone.
 */
#include "correlate/decide/decide.h"

static int64_t
apart(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* The last row of the node that is not later than the record; a node's first row else. */
static size_t
row_of_node(const struct replay *replay, const struct deciding_one *one)
{
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < replay->record_count; i++) {
        const struct entry *entry = &replay->entries[i].entry;
        if (!sv_eq(entry->node_key, one->row_node))
            continue;
        if (found == SIZE_MAX || entry->time_ns <= one->found[0].ns)
            found = i;
    }
    return found;
}

/* What was read again under another name says the same at the same time. */
static size_t
row_alike(const struct replay *replay, const struct decision_row *row)
{
    for (size_t i = 0; i < replay->record_count; i++) {
        const struct entry *entry = &replay->entries[i].entry;
        if (entry->time_ns == row->time_ns && sv_eq(entry->source, row->source) &&
            sv_eq(entry->text, row->text))
            return i;
    }
    return SIZE_MAX;
}

size_t
replay_row(const struct replay *replay, const struct deciding_one *one)
{
    const struct decision_row *row = &one->decision.rows[0];
    char hex[2 * UID_BYTES + 1];
    for (size_t i = 0; i < replay->record_count; i++) {
        struct sv uid = replay->entries[i].entry.uid;
        for (size_t k = 0; k < uid.len && k < UID_BYTES; k++) {
            static const char digits[] = "0123456789abcdef";
            hex[2 * k] = digits[(unsigned char)uid.ptr[k] >> 4];
            hex[2 * k + 1] = digits[(unsigned char)uid.ptr[k] & 15];
        }
        if (uid.len == UID_BYTES && sv_eq(sv_of(hex, sizeof(hex) - 1), row->event))
            return i;
    }
    if (!sv_empty(one->row_node))
        return row_of_node(replay, one);
    return sv_empty(row->text) ? SIZE_MAX : row_alike(replay, row);
}

/* The rows nearest in time, nearest first; of equal ones the earlier. */
void
replay_nearest(const struct replay *replay, const struct decision *decision,
               struct decided *decided)
{
    int64_t at = decision->row_count > 0 ? decision->rows[0].time_ns : TIME_NONE;
    struct decided_row *rows =
        ARENA_ARRAY(replay->deciding->arena, struct decided_row, DECIDED_NEAREST + 1);
    size_t count = 0;
    for (size_t i = 0; at != TIME_NONE && i < replay->record_count; i++) {
        const struct entry *entry = &replay->entries[i].entry;
        size_t place = count;
        while (place > 0 && apart(rows[place - 1].time_ns, at) > apart(entry->time_ns, at))
            place--;
        if (place == DECIDED_NEAREST)
            continue;
        for (size_t k = count < DECIDED_NEAREST ? count : DECIDED_NEAREST - 1; k > place; k--)
            rows[k] = rows[k - 1];
        rows[place] = (struct decided_row){entry->entry_id, entry->text, entry->time_ns};
        count += count < DECIDED_NEAREST ? 1 : 0;
    }
    decided->rows = rows;
    decided->row_count = count;
}
