/*
 * The transaction of a step: see hindcast/part.h. The lock's row is written by everybody who saves:
 * who comes after a snapshot that does not see the last save fails to lock it.
 */
#include <string.h>

#include "store/casebook/part.h"
#include "store/casebook/saving.h"
#include "store/failpoint.h"

/* What another transaction did that this one does not see. */
#define SERIALIZATION_FAILURE "40001"

void
part_overtaken(struct err *err)
{
    if (err == NULL || strcmp(err->sqlstate, SERIALIZATION_FAILURE) != 0)
        return;
    err_set(err, ERR_OVERTAKEN, "another correlator saved what this one was about to save");
    err_hint(err, "stop the other 'hindcast correlate', then run the same again");
}

int
part_begin(struct loading *loading, bool locks, struct err *err)
{
    struct store *store = loading->store;
    if (store_script(store, store_query_text(QUERY_part_begin), "beginning a step", err) != 0)
        return -1;
    store->in_transaction = true;
    /* LOCK takes no snapshot: partitions that retention takes away are gone, or stay. */
    if (store_do(store, QUERY_read_hold, NULL, 0, NULL, err) != 0 ||
        store_do(store, QUERY_part_plan, NULL, 0, NULL, err) != 0 ||
        (locks && saving_lock(store, loading->scope, err) != 0))
        return -1;
    FAILPOINT_HERE(correlate_part_after_lock);
    return loading_streams(loading, err);
}

int
part_open(struct store *store, struct arena *arena, struct sv scope, struct part **ret_part,
          struct err *err)
{
    struct part *part = ARENA_NEW(arena, struct part);
    *part = (struct part){
        .loading = {.store = store, .arena = arena, .scope = arena_strdup(arena, scope)}};
    if (part_begin(&part->loading, true, err) != 0) {
        part_abort(part);
        part_overtaken(err);
        return -1;
    }
    *ret_part = part;
    return 0;
}

int
part_save(struct part *part, const struct casebook_part *changed,
          const struct cursor_position *cursor, size_t cursor_count, struct err *err)
{
    struct saving saving = {
        .store = part->loading.store, .correlation = changed->correlation, .part = changed};
    FAILPOINT_HERE(correlate_part_before_save);
    int status = saving_run(&saving, cursor, cursor_count, err);
    if (status != 0)
        part_overtaken(err);
    return status;
}

int
part_commit(struct part *part, struct err *err)
{
    FAILPOINT_HERE(correlate_part_before_commit);
    int status = store_end(part->loading.store, err);
    FAILPOINT_HERE(correlate_part_after_commit);
    if (status != 0)
        part_overtaken(err);
    return status;
}

void
part_abort(struct part *part)
{
    store_rollback(part->loading.store);
}
