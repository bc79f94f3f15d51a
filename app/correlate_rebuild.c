/*
 * Rebuilding in pieces: see correlate_rebuild.h. What is read is committed piece by piece; what is
 * told is published at once, from arenas that are reset after each batch.
 */
#include "app/correlate_rebuild.h"

#include <stdio.h>

#include "app/part_reader.h"
#include "app/progress.h"
#include "base/stop.h"
#include "base/text/visible.h"
#include "correlate/stored/gather.h"
#include "correlate/stored/retell.h"
#include "hindcast/rebuild.h"

#define GONE_AT_ONCE 5000      /* nodes, incidents, records of which rows go */
#define DELIVERED_AT_ONCE 2000 /* records that came more than once */

struct work {
    const struct rebuilding *in;
    struct rebuilt *result;
    struct arena settings; /* of the teller and its texts, while the scope is rebuilt */
    struct arena memory;   /* of a piece, or of what is told at once */
    struct teller teller;
    struct grouping_texts texts;
    struct rebuild *rebuild;
    struct part_reading reading;
    struct scope_reader reader;
    struct cursor_position *cursor;
    size_t cursor_count;
    struct progress progress;
};

static void
begin_memory(struct work *work)
{
    arena_reset(&work->memory);
    rebuild_use(work->rebuild, &work->memory);
}

static void
note_memory(struct work *work)
{
    if (work->memory.used_bytes > work->result->most_bytes)
        work->result->most_bytes = work->memory.used_bytes;
}

static struct advancing
advancing_of(struct work *work)
{
    return (struct advancing){.rules = ADVANCE_RULES,
                              .arena = &work->memory,
                              .teller = &work->teller,
                              .texts = &work->texts,
                              .rows = groups_rows(rebuild_groups(work->rebuild)),
                              .reader = &work->reader};
}

/* ------------------------------------------------------------------ history */

/* *ret_last: nothing more has come. */
static int
take_piece(struct work *work, bool *ret_last, struct err *err)
{
    struct advancing advancing = advancing_of(work);
    struct rebuild_piece piece;
    struct gathered gathered;
    if (rebuild_read(work->rebuild, work->in->piece, &piece, err) != 0)
        return -1;
    tell_left_out(&piece.input);
    *ret_last = piece.last;
    advancing.observations = piece.input.observations;
    advancing.count = piece.input.count;
    advancing.declarations = piece.input.declarations;
    advancing.declaration_count = piece.input.declaration_count;
    advancing.decisions = piece.input.decisions;
    advancing.decision_count = piece.input.decision_count;
    work->result->part.whole = piece.whole;
    if (piece.whole != NULL)
        return 0;
    if (gather(&advancing, &gathered, err) != 0)
        return -1;
    work->result->part.whole = gathered.whole;
    work->result->part.events += gathered.changed;
    work->result->pieces++;
    note_memory(work);
    return gathered.whole != NULL
               ? 0
               : rebuild_note(work->rebuild, gathered.several, gathered.several_count, err);
}

static void
show(struct work *work)
{
    struct rebuild_progress now = rebuild_progress(work->rebuild);
    work->progress.total = now.total;
    progress_count(&work->progress, now.done, "records");
}

static int
open_rebuild(struct work *work, struct arena *arena, bool publish, struct err *err)
{
    const struct rebuilding *in = work->in;
    if (rebuild_open(in->store, arena, in->scope, sv_from(in->applied->digest), publish,
                     &work->rebuild, err) != 0)
        return -1;
    work->reading = (struct part_reading){rebuild_part(work->rebuild), in->scope};
    work->reader = part_reader(&work->reading);
    return 0;
}

/* A transaction of its own. */
static int
commit_piece(struct work *work, bool *ret_last, struct err *err)
{
    struct arena own;
    arena_init(&own, 0);
    int status = open_rebuild(work, &own, false, err);
    if (status == 0) {
        begin_memory(work);
        status = take_piece(work, ret_last, err);
        show(work);
        if (status == 0 && work->result->part.whole == NULL)
            status = rebuild_commit(work->rebuild, err);
        else
            rebuild_abort(work->rebuild);
    }
    if (status != 0)
        part_overtaken(err);
    arena_release(&own);
    return status;
}

/* After the first pieces, and whenever there are ten times as many. */
static bool
is_power_of_ten(size_t pieces)
{
    while (pieces > 1 && pieces % 10 == 0)
        pieces /= 10;
    return pieces == 1;
}

static int
read_history(struct work *work, struct err *err)
{
    bool last = false;
    while (!last && work->result->part.whole == NULL) {
        work->result->stopped = stop_asked(work->in->stop);
        if (work->result->stopped)
            return 0;
        if (commit_piece(work, &last, err) != 0 ||
            (is_power_of_ten(work->result->pieces) && rebuild_analyze(work->in->store, err) != 0))
            return -1;
    }
    return 0;
}

/* ------------------------------------------------------------------ what is told */

static int
save(struct work *work, struct casebook_part *part, struct err *err)
{
    part->anew = work->in->anew;
    work->result->batches++;
    note_memory(work);
    return part_save(rebuild_part(work->rebuild), part, work->cursor, work->cursor_count, err);
}

static void
count_told(struct part_result *result, const struct correlation *told)
{
    result->nodes += told->node_count;
    for (size_t i = 0; i < told->incident_count; i++) {
        result->raised += told->incidents[i].raised ? 1 : 0;
        result->others += told->incidents[i].raised ? 0 : 1;
        result->entries += told->incidents[i].entry_count;
    }
}

static int
tell(struct work *work, const struct retelling *what, struct err *err)
{
    const struct advancing advancing = advancing_of(work);
    struct retelling retelling = *what;
    struct advanced advanced;
    retelling.advancing = &advancing;
    if (retell(&retelling, &advanced, err) != 0)
        return -1;
    work->result->part.whole = advanced.whole;
    if (advanced.whole != NULL)
        return 0;
    count_told(&work->result->part, &advanced.correlation);
    struct casebook_part part = {.correlation = &advanced.correlation,
                                 .keys = advanced.keys,
                                 .key_count = advanced.key_count,
                                 .gone_nodes = advanced.gone_nodes,
                                 .gone_node_count = advanced.gone_node_count};
    return save(work, &part, err);
}

/* Behind a node, which is that of the last one afterwards; its texts live in `place`. */
struct sweep {
    struct arena place;
    struct node_id behind;
    bool more;
};

static void
move(struct sweep *sweep, const struct group_answer *nodes, size_t count, size_t asked)
{
    sweep->more = count == asked;
    if (count == 0)
        return;
    const struct node_id *last = &nodes[count - 1].row.id;
    arena_reset(&sweep->place);
    sweep->behind = (struct node_id){last->first_ms, arena_copy(&sweep->place, last->source),
                                     arena_copy(&sweep->place, last->uid)};
}

static int
tell_groups(struct work *work, struct sweep *sweep, struct err *err)
{
    struct group_answer *nodes;
    struct group_label *labels;
    struct retelling retelling = {.label_count = 0};
    const struct advancing advancing = advancing_of(work);
    size_t count;
    if (groups_opening_after(rebuild_groups(work->rebuild), &work->memory, &sweep->behind,
                             work->in->batch, &nodes, &count, err) != 0 ||
        retell_labels(&advancing, nodes, count, &labels, &retelling.label_count, err) != 0)
        return -1;
    retelling.labels = labels;
    move(sweep, nodes, count, work->in->batch);
    return retelling.label_count == 0 ? 0 : tell(work, &retelling, err);
}

static int
tell_loose(struct work *work, struct sweep *sweep, struct err *err)
{
    struct group_answer *nodes;
    struct retelling retelling = {.label_count = 0};
    if (groups_loose_after(rebuild_groups(work->rebuild), &work->memory, &sweep->behind,
                           work->in->batch, &nodes, &retelling.loose_count, err) != 0)
        return -1;
    retelling.loose = nodes;
    move(sweep, nodes, retelling.loose_count, work->in->batch);
    return retelling.loose_count == 0 ? 0 : tell(work, &retelling, err);
}

static int
go_through(struct work *work, int (*tell_some)(struct work *, struct sweep *, struct err *),
           struct err *err)
{
    struct sweep sweep = {.behind = {INT64_MIN, SV(""), SV("")}, .more = true};
    int status = 0;
    arena_init(&sweep.place, 0);
    while (sweep.more && status == 0 && work->result->part.whole == NULL) {
        begin_memory(work);
        status = tell_some(work, &sweep, err);
    }
    arena_release(&sweep.place);
    return status;
}

/* ------------------------------------------------------------------ what went */

/* Nodes that are there no more, and incidents of which none is. */
static int
remove_gone(struct work *work, bool lone, struct err *err)
{
    const struct correlation nothing = {.scope = work->in->scope};
    struct casebook_part part = {.correlation = &nothing};
    struct sv *nodes = NULL, *keys;
    size_t count;
    do {
        begin_memory(work);
        int status = lone ? rebuild_lone(work->rebuild, GONE_AT_ONCE, &keys, &count, err)
                          : rebuild_gone(work->rebuild, GONE_AT_ONCE, &nodes, &keys, &count, err);
        part.gone_nodes = nodes;
        part.gone_node_count = lone ? 0 : count;
        part.keys = lone ? keys : NULL;
        part.key_count = lone ? count : 0;
        if (status != 0 || (count > 0 && save(work, &part, err) != 0))
            return -1;
    } while (count == GONE_AT_ONCE);
    return 0;
}

static int
save_deliveries(struct work *work, const struct sv *uids, size_t count, struct err *err)
{
    struct arena *arena = &work->memory;
    struct record_name *names = ARENA_ARRAY(arena, struct record_name, count + 1);
    struct observation *observations;
    struct correlation_input input = {.scope = work->in->scope};
    struct correlation told = {.scope = work->in->scope};
    struct casebook_part part = {.correlation = &told, .uids = uids, .uid_count = count};
    for (size_t i = 0; i < count; i++)
        names[i].uid = uids[i];
    if (part_records(rebuild_part(work->rebuild), names, count, &observations, &input.count, err) !=
        0)
        return -1;
    input.observations = observations;
    gather_deliveries(arena, &input, &told);
    return save(work, &part, err);
}

static int
tell_deliveries(struct work *work, struct err *err)
{
    struct arena place;
    struct sv after = SV_NONE, *uids;
    size_t count;
    int status;
    arena_init(&place, 0);
    do {
        begin_memory(work);
        status = rebuild_delivered(work->rebuild, after, DELIVERED_AT_ONCE, &uids, &count, err);
        if (status == 0 && count > 0) {
            after = arena_copy(&place, uids[count - 1]);
            status = save_deliveries(work, uids, count, err);
        }
    } while (status == 0 && count == DELIVERED_AT_ONCE);
    do {
        begin_memory(work);
        if (status == 0)
            status = rebuild_undelivered(work->rebuild, GONE_AT_ONCE, &uids, &count, err);
        if (status == 0 && count > 0)
            status = save_deliveries(work, uids, count, err);
    } while (status == 0 && count == GONE_AT_ONCE);
    arena_release(&place);
    return status;
}

/* ------------------------------------------------------------------ the publication */

static int
read_cursor(struct work *work, struct arena *arena, struct err *err)
{
    struct cursor_position *cursor;
    size_t count;
    rebuild_use(work->rebuild, arena);
    if (rebuild_cursor(work->rebuild, &cursor, &count, err) != 0)
        return -1;
    work->cursor = ARENA_ARRAY(arena, struct cursor_position, count + 1);
    for (size_t i = 0; i < count; i++)
        work->cursor[i] = cursor[i];
    work->cursor[count++] =
        (struct cursor_position){CURSOR_CONFIGURATION, work->in->applied->number};
    work->cursor_count = count;
    return 0;
}

static int
tell_all(struct work *work, struct err *err)
{
    if (go_through(work, tell_groups, err) != 0)
        return -1;
    if (work->result->part.whole == NULL && go_through(work, tell_loose, err) != 0)
        return -1;
    if (work->result->part.whole != NULL)
        return 0;
    if (remove_gone(work, false, err) != 0 || remove_gone(work, true, err) != 0 ||
        tell_deliveries(work, err) != 0)
        return -1;
    return rebuild_flip(work->rebuild, err);
}

/* What came since the last piece is taken in first, so that all of it stands for one state. */
static int
publish_within(struct work *work, struct arena *arena, struct err *err)
{
    bool last = false;
    while (!last && work->result->part.whole == NULL) {
        begin_memory(work);
        if (take_piece(work, &last, err) != 0)
            return -1;
    }
    if (work->result->part.whole != NULL)
        return 0;
    return read_cursor(work, arena, err) == 0 ? tell_all(work, err) : -1;
}

static int
publish(struct work *work, struct err *err)
{
    struct arena own;
    arena_init(&own, 0);
    int status = open_rebuild(work, &own, true, err);
    if (status == 0) {
        status = publish_within(work, &own, err);
        if (status == 0 && work->result->part.whole == NULL)
            status = part_commit(rebuild_part(work->rebuild), err);
        else
            rebuild_abort(work->rebuild);
    }
    if (status != 0)
        part_overtaken(err);
    arena_release(&own);
    return status;
}

/* ------------------------------------------------------------------ all of it */

static int
run(struct work *work, struct err *err)
{
    const struct rebuilding *in = work->in;
    struct rebuilt *result = work->result;
    bool more = true;
    if (teller_init(&work->settings, &in->applied->config, in->scope, &work->teller, err) != 0 ||
        grouping_texts_read(&work->settings, &in->applied->config, &work->texts, err) != 0 ||
        read_history(work, err) != 0)
        return -1;
    if (!result->stopped && result->part.whole == NULL && publish(work, err) != 0)
        return -1;
    if (result->part.whole != NULL)
        return rebuild_drop(in->store, &work->settings, in->scope, err);
    while (more && !result->stopped && !stop_asked(in->stop))
        if (rebuild_tidy(in->store, &more, err) != 0)
            return -1;
    return 0;
}

int
correlate_rebuild(const struct rebuilding *rebuilding, struct rebuilt *ret_rebuilt, struct err *err)
{
    struct rebuilding in = *rebuilding;
    struct work work = {.in = &in, .result = ret_rebuilt};
    in.piece = in.piece == 0 ? REBUILD_PIECE : in.piece;
    in.batch = in.batch == 0 ? REBUILD_NODES : in.batch;
    *ret_rebuilt = (struct rebuilt){.stopped = false};
    arena_init(&work.settings, 0);
    arena_init(&work.memory, (size_t)1 << 20);
    progress_begin(&work.progress, "rebuild", 0);
    int status = run(&work, err);
    progress_end(&work.progress);
    arena_release(&work.memory);
    arena_release(&work.settings);
    return status;
}
