/*
 * The store of series_apply() over kept rows: see stored.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "correlate/stored/content.h"
#include "correlate/stored/held.h"
#include "correlate/stored/record.h"

#define FILL_RECORDS 4000 /* between two writes */

static struct group_record
row_of(struct stored *stored, const struct work_record *record, bool whole)
{
    struct strbuf out;
    struct group_record row = {.uid = record->uid,
                               .series = content_series_digest(record->source, record->fingerprint),
                               .ms = record->ms};
    strbuf_init(&out, 0);
    record_place(record, &out);
    row.place = arena_copy(stored->arena, strbuf_view(&out));
    strbuf_clear(&out);
    if (whole) {
        record_write(record, &out);
        row.content = arena_copy(stored->arena, strbuf_view(&out));
        row.occurs = record->observation != NULL;
        row.loud = record_is_loud(record);
        if (row.loud && record->observation != NULL)
            row.lines = content_series_digest(record->source, record->observation->event.service);
    }
    strbuf_release(&out);
    return row;
}

static void
keep(struct stored *stored, bool put, const struct work_record *record)
{
    size_t *count = &stored->record_counts[put];
    stored->records[put] = memory_grow(stored->records[put], &stored->record_sizes[put], *count + 1,
                                       sizeof(struct group_record));
    stored->records[put][(*count)++] = row_of(stored, record, put);
}

static void
put_record(void *context, const struct work_record *record)
{
    keep(context, true, record);
}

static void
drop_record(void *context, const struct work_record *record)
{
    keep(context, false, record);
}

void
stored_flush_records(struct stored *stored)
{
    struct err err;
    for (int put = 0; put <= 1; put++) {
        if (stored->record_counts[put] > 0 && !stored->failed)
            stored_note(stored,
                        stored->rows->change_records(stored->rows->context, put == 1,
                                                     stored->records[put],
                                                     stored->record_counts[put], &err),
                        &err);
        stored->record_counts[put] = 0;
    }
}

static bool
read_answer(struct stored *stored, const struct group_record_answer *answer,
            struct work_record *ret_record)
{
    struct err err;
    if (record_read(stored->arena, answer->record.content, answer->record.uid, answer->record.ms,
                    ret_record))
        return true;
    stored_note(stored,
                err_set(&err, ERR_DB_SCHEMA, "a row of correlate.group_record cannot be read"),
                &err);
    return false;
}

static void
give_out(struct stored *stored, const struct group_record_answer *answers, size_t count,
         record_take *take, void *taker)
{
    struct work_record record;
    for (size_t i = 0; i < count && !stored->failed; i++)
        if (read_answer(stored, &answers[i], &record))
            take(taker, answers[i].place, &record);
}

static void
beside(void *context, const struct work_record *const *spots, size_t count, enum store_side side,
       record_take *take, void *taker)
{
    struct stored *stored = context;
    struct group_record *rows = ARENA_ARRAY(stored->arena, struct group_record, count + 1);
    struct group_record_answer *answers;
    struct err err;
    size_t found = 0;
    stored_flush_records(stored);
    if (stored->failed || count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        rows[i] = row_of(stored, spots[i], false);
    stored_note(stored,
                stored->rows->beside(stored->rows->context, stored->arena, rows, count,
                                     side == STORE_BEFORE, &answers, &found, &err),
                &err);
    give_out(stored, answers, found, take, taker);
}

static void
within(void *context, const struct work_record *series, int64_t from_ms, int64_t to_ms,
       size_t limit, record_take *take, void *taker)
{
    struct stored *stored = context;
    struct group_record row = row_of(stored, series, false);
    struct group_record_answer *answers;
    struct err err;
    size_t found = 0;
    stored_flush_records(stored);
    if (stored->failed)
        return;
    row.ms = from_ms;
    stored_note(stored,
                stored->rows->within(stored->rows->context, stored->arena, &row, to_ms, limit,
                                     &answers, &found, &err),
                &err);
    give_out(stored, answers, found, take, taker);
}

static void
nodes(void *context, const struct work_record *const *spots, size_t count, enum store_side side,
      size_t limit, store_take *take, void *taker)
{
    struct stored *stored = context;
    struct group_place *places = ARENA_ARRAY(stored->arena, struct group_place, count + 1);
    struct group_answer *answers;
    struct err err;
    size_t found = 0;
    if (stored->failed || count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        places[i] = (struct group_place){
            .digest = content_series_digest(spots[i]->source, spots[i]->fingerprint),
            .from_ms = spots[i]->ms};
    stored_note(stored,
                stored->rows->series(stored->rows->context, stored->arena, places, count,
                                     side == STORE_BEFORE, limit, &answers, &found, &err),
                &err);
    for (size_t i = 0; i < found && !stored->failed; i++) {
        const struct held *held = held_of_row(stored, &answers[i].row);
        if (held->node != NULL)
            take(taker, answers[i].place, held->node);
    }
}

void
stored_records(struct stored *stored, const struct sv *uids, size_t count,
               const struct work_record **ret_records)
{
    struct group_record *rows = ARENA_ARRAY(stored->arena, struct group_record, count + 1);
    struct group_record_answer *answers;
    struct err err;
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        rows[i].uid = uids[i];
        ret_records[i] = NULL;
    }
    if (stored->failed || stored->empty || count == 0)
        return;
    stored_note(stored,
                stored->rows->records(stored->rows->context, stored->arena, rows, count, &answers,
                                      &found, &err),
                &err);
    for (size_t i = 0; i < found && !stored->failed; i++) {
        struct work_record *record = ARENA_NEW(stored->arena, struct work_record);
        if (read_answer(stored, &answers[i], record))
            ret_records[answers[i].place] = record;
    }
}

void
stored_fill_records(struct stored *stored, const struct work_record *records, size_t count)
{
    for (size_t i = 0; i < count && !stored->failed; i++) {
        keep(stored, true, &records[i]);
        if (stored->record_counts[1] >= FILL_RECORDS)
            stored_flush_records(stored);
    }
    stored_flush_records(stored);
}

void
stored_init_series(struct stored *stored)
{
    stored->series = (struct series_store){.context = stored,
                                           .beside = beside,
                                           .within = within,
                                           .put = put_record,
                                           .drop = drop_record,
                                           .nodes = nodes};
}
