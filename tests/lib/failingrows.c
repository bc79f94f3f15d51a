/*
 * Kept rows that fail where the test says so: see failingrows.h.
 */
#include "tests/lib/failingrows.h"

static int
fails(struct failing *failing, struct err *err)
{
    return ++failing->calls == failing->fails_at ? err_set(err, ERR_DB_DOWN, FAILING_MESSAGE) : 0;
}

static int
failing_nearest(void *context, struct arena *arena, const struct group_place *places, size_t count,
                bool before, size_t limit, struct group_near **ret_near, size_t *ret_count,
                struct err *err)
{
    struct failing *failing = context;
    if (fails(failing, err) != 0)
        return -1;
    return failing->within->nearest(failing->within->context, arena, places, count, before, limit,
                                    ret_near, ret_count, err);
}

static int
failing_ask(void *context, struct arena *arena, enum group_question question,
            const struct group_place *places, size_t count, struct group_answer **ret_answers,
            size_t *ret_count, struct err *err)
{
    struct failing *failing = context;
    if (fails(failing, err) != 0)
        return -1;
    return failing->within->ask(failing->within->context, arena, question, places, count,
                                ret_answers, ret_count, err);
}

static int
failing_series(void *context, struct arena *arena, const struct group_place *places, size_t count,
               bool before, size_t limit, struct group_answer **ret_answers, size_t *ret_count,
               struct err *err)
{
    struct failing *failing = context;
    if (fails(failing, err) != 0)
        return -1;
    return failing->within->series(failing->within->context, arena, places, count, before, limit,
                                   ret_answers, ret_count, err);
}

static int
failing_beside(void *context, struct arena *arena, const struct group_record *records, size_t count,
               bool before, struct group_record_answer **ret_answers, size_t *ret_count,
               struct err *err)
{
    struct failing *failing = context;
    if (fails(failing, err) != 0)
        return -1;
    return failing->within->beside(failing->within->context, arena, records, count, before,
                                   ret_answers, ret_count, err);
}

static int
failing_within(void *context, struct arena *arena, const struct group_record *record, int64_t to_ms,
               size_t limit, struct group_record_answer **ret_answers, size_t *ret_count,
               struct err *err)
{
    struct failing *failing = context;
    if (fails(failing, err) != 0)
        return -1;
    return failing->within->within(failing->within->context, arena, record, to_ms, limit,
                                   ret_answers, ret_count, err);
}

static int
failing_records(void *context, struct arena *arena, const struct group_record *records,
                size_t count, struct group_record_answer **ret_answers, size_t *ret_count,
                struct err *err)
{
    struct failing *failing = context;
    if (fails(failing, err) != 0)
        return -1;
    return failing->within->records(failing->within->context, arena, records, count, ret_answers,
                                    ret_count, err);
}

static int
failing_change_records(void *context, bool put, const struct group_record *records, size_t count,
                       struct err *err)
{
    struct failing *failing = context;
    if (fails(failing, err) != 0)
        return -1;
    return failing->within->change_records(failing->within->context, put, records, count, err);
}

static int
failing_change(void *context, enum group_change change, const struct group_row *rows, size_t count,
               struct err *err)
{
    struct failing *failing = context;
    if (fails(failing, err) != 0)
        return -1;
    return failing->within->change(failing->within->context, change, rows, count, err);
}

static int
failing_change_keys(void *context, bool put, const struct group_key_row *rows, size_t count,
                    struct err *err)
{
    struct failing *failing = context;
    if (fails(failing, err) != 0)
        return -1;
    return failing->within->change_keys(failing->within->context, put, rows, count, err);
}

void
failing_init(struct failing *failing, const struct group_rows *within, size_t fails_at)
{
    *failing = (struct failing){.rows = {.context = failing,
                                         .nearest = failing_nearest,
                                         .ask = failing_ask,
                                         .change = failing_change,
                                         .change_keys = failing_change_keys,
                                         .series = failing_series,
                                         .beside = failing_beside,
                                         .within = failing_within,
                                         .records = failing_records,
                                         .change_records = failing_change_records},
                                .within = within,
                                .fails_at = fails_at};
}
