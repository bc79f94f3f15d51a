/*
 * The search for records that PostgreSQL refuses: see bisect.h.
 *
 * What was accepted stays in the transaction while the rest is tried, so each try sends only rows
 * that are still in doubt, and two records that go only one without the other (an exclusion
 * constraint) are told apart as well: the later one is at fault.
 */
#include "store/delivery/bisect.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "store/delivery/row.h"

/* Lines whose partition is about to be removed have a table of their own: see commit.c. */
enum table { TABLE_LOG, TABLE_LOG_KEPT, TABLE_EVENT, TABLES };

static const enum query copies[TABLES] = {[TABLE_LOG] = QUERY_copy_log,
                                          [TABLE_LOG_KEPT] = QUERY_copy_log_kept,
                                          [TABLE_EVENT] = QUERY_copy_event};

struct suspect_row {
    struct part *part;
    size_t part_number;
    enum table table;
    struct row row;
};

/* The rows in order of part and record; records are numbered in that order. */
struct search {
    struct store *store;
    struct suspect_row *rows;
    size_t row_count;
    size_t *first; /* row of each record, and one past the last */
    size_t record_count;
    struct refusal *refusals;
    size_t refusal_count;
};

/*
 * Classes of SQLSTATE in which a row may be at fault. Not among them: 23505, because keys hold
 * coordinates only, so that a row that is there already tells of a position, not of a record.
 */
bool
refused_for_data(const struct err *err)
{
    static const char *const classes[] = {
        "22",    /* data exception: ranges, lengths, encodings, JSON */
        "23",    /* constraints */
        "54",    /* limits: the size of an index entry or of a row, depth */
        "P0001", /* RAISE EXCEPTION in a trigger */
    };
    if (err->code != ERR_DB_QUERY || strcmp(err->sqlstate, "23505") == 0)
        return false;
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (strncmp(err->sqlstate, classes[i], strlen(classes[i])) == 0)
            return true;
    return false;
}

/* ---- the suspects ---- */

static enum table
table_of(const struct store *store, const struct row *row)
{
    bool kept = day_in(&store->kept_days, row_day(row->event_ns));
    return kept ? TABLE_LOG_KEPT : TABLE_LOG;
}

/* Counts the rows of the batch, and puts them into `rows` unless that is NULL. */
static int
list_rows(const struct store *store, const struct batch *batch, struct suspect_row *rows,
          size_t *ret_count, struct err *err)
{
    size_t count = 0;
    for (size_t i = 0; i < batch->count; i++)
        for (int event = 0; event <= 1; event++) {
            struct suspect_row at = {.part = batch->parts[i], .part_number = i};
            struct sv rest = strbuf_view(event ? &at.part->event : &at.part->log);
            for (; rest.len > 0; count++) {
                if (!row_next(&rest, &at.row))
                    return err_set(err, ERR_INTERNAL, "the rows of a batch are broken");
                at.table = event ? TABLE_EVENT : table_of(store, &at.row);
                if (rows != NULL)
                    rows[count] = at;
            }
        }
    *ret_count = count;
    return 0;
}

static int
by_record(const void *left, const void *right)
{
    const struct suspect_row *a = left, *b = right;
    if (a->part_number != b->part_number)
        return a->part_number < b->part_number ? -1 : 1;
    if (a->row.offset != b->row.offset)
        return a->row.offset < b->row.offset ? -1 : 1;
    if (a->table != b->table)
        return a->table < b->table ? -1 : 1;
    return a->row.bytes.ptr < b->row.bytes.ptr ? -1 : a->row.bytes.ptr > b->row.bytes.ptr;
}

static bool
same_record(const struct suspect_row *a, const struct suspect_row *b)
{
    return a->part_number == b->part_number && a->row.offset == b->row.offset;
}

static void
number_records(struct search *search)
{
    qsort(search->rows, search->row_count, sizeof(*search->rows), by_record);
    search->first = memory_calloc(search->row_count + 1, sizeof(*search->first));
    for (size_t i = 0; i < search->row_count; i++)
        if (i == 0 || !same_record(&search->rows[i - 1], &search->rows[i]))
            search->first[search->record_count++] = i;
    search->first[search->record_count] = search->row_count;
}

static int
search_init(struct search *search, struct store *store, const struct batch *batch, struct err *err)
{
    *search = (struct search){.store = store};
    if (list_rows(store, batch, NULL, &search->row_count, err) != 0)
        return -1;
    search->rows = memory_calloc(search->row_count, sizeof(*search->rows));
    search->refusals = memory_calloc(REFUSED_PER_BATCH_MAX, sizeof(*search->refusals));
    if (list_rows(store, batch, search->rows, &search->row_count, err) != 0)
        return -1;
    number_records(search);
    return 0;
}

static void
search_release(struct search *search)
{
    free(search->rows);
    free(search->first);
    free(search->refusals);
}

/* ---- one try ---- */

static int
send_rows(struct search *search, enum table table, size_t from, size_t to, struct err *err)
{
    const struct suspect_row *rows = search->rows;
    bool any = false;
    for (size_t i = from; i < to && !any; i++)
        any = rows[i].table == table;
    if (!any)
        return 0;
    if (store_copy_begin(search->store, copies[table], err) != 0)
        return -1;
    for (size_t i = from; i < to; i++)
        if (rows[i].table == table)
            store_copy_put(search->store, rows[i].row.bytes);
    return store_copy_end(search->store, copies[table], err);
}

enum answer { ACCEPTED, REFUSED, BROKEN };

/* The records [from, to): accepted ones stay, of refused ones nothing does and `err` tells why. */
static enum answer
try_records(struct search *search, size_t from, size_t to, struct err *err)
{
    struct store *store = search->store;
    assert(from < to && to <= search->record_count);
    size_t first = search->first[from], last = search->first[to];
    err->sqlstate[0] = '\0';
    if (store_script(store, "SAVEPOINT before_rows", "looking for refused records", err) != 0)
        return BROKEN;
    enum answer answer = ACCEPTED;
    for (enum table table = 0; table < TABLES && answer == ACCEPTED; table++)
        if (send_rows(search, table, first, last, err) != 0)
            answer = refused_for_data(err) ? REFUSED : BROKEN;
    if (answer == BROKEN)
        return BROKEN;
    struct err ignored = {0};
    const char *end = answer == ACCEPTED
                          ? "RELEASE SAVEPOINT before_rows"
                          : "ROLLBACK TO SAVEPOINT before_rows; RELEASE SAVEPOINT before_rows";
    struct err *where = answer == ACCEPTED ? err : &ignored;
    if (store_script(store, end, "looking for refused records", where) == 0)
        return answer;
    *err = *where;
    return BROKEN;
}

/* ---- the search ---- */

static int
add_refusal(struct search *search, size_t record, struct err *err)
{
    const struct suspect_row *row = &search->rows[search->first[record]];
    if (search->refusal_count == REFUSED_PER_BATCH_MAX) {
        char last[sizeof(err->message)];
        memcpy(last, err->message, sizeof(last));
        err_set(err, ERR_DB_QUERY, "PostgreSQL refuses more than %d records of one batch; %.300s",
                REFUSED_PER_BATCH_MAX, last);
        return err_hint(err, "nothing is lost: mend the constraint, trigger or index of ingest.log "
                             "or ingest.event that refuses them, and start again");
    }
    struct refusal *refusal = &search->refusals[search->refusal_count++];
    refusal->part = row->part;
    refusal->offset = row->row.offset;
    snprintf(refusal->detail, sizeof(refusal->detail), "%s: %.300s", err->sqlstate, err->message);
    return 0;
}

/* Some of the records [*from, to) are refused: the first of them, where all before it are in. */
static enum answer
narrow(struct search *search, size_t *from, size_t to, struct err *err)
{
    while (to - *from > 1) {
        size_t middle = *from + (to - *from) / 2;
        switch (try_records(search, *from, middle, err)) {
        case ACCEPTED:
            *from = middle;
            break;
        case REFUSED:
            to = middle;
            break;
        case BROKEN:
            return BROKEN;
        }
    }
    return try_records(search, *from, to, err);
}

static int
find_all(struct search *search, struct err *err)
{
    for (size_t at = 0; at < search->record_count; at++) {
        enum answer answer = try_records(search, at, search->record_count, err);
        if (answer == ACCEPTED)
            return 0;
        if (answer == REFUSED)
            answer = narrow(search, &at, search->record_count, err);
        if (answer == BROKEN || (answer == REFUSED && add_refusal(search, at, err) != 0))
            return -1;
    }
    return 0;
}

/* Constraints that wait for COMMIT would show nothing before the rollback. */
static int
find_in_transaction(struct search *search, struct err *err)
{
    if (store_begin(search->store, err) != 0)
        return -1;
    int status = store_script(search->store, "SET CONSTRAINTS ALL IMMEDIATE",
                              "looking for refused records", err);
    if (status == 0)
        status = find_all(search, err);
    store_rollback(search->store);
    return status;
}

int
bisect_refused(struct store *store, struct batch *batch, struct err *err)
{
    struct search search;
    struct err given = *err;
    assert(!store->in_transaction && refused_for_data(err));
    int status = search_init(&search, store, batch, err);
    if (status == 0)
        status = find_in_transaction(&search, err);
    if (status == 0 && search.refusal_count == 0) {
        *err = given;
        status = -1;
    }
    if (status == 0)
        batch_set_aside(batch, search.refusals, search.refusal_count);
    search_release(&search);
    return status;
}
