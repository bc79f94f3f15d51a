/*
 * What decisions name: see advance.h. A record is found by its uid, a log line by its shape where
 * the line itself is gone, and what was read again under another name by what it says, as
 * deciding_find() does among all nodes of a scope.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "correlate/stored/advance_work.h"
#include "correlate/stored/content.h"

/* ------------------------------------------------------------------ at the last run */

static int
id_order(const void *left, const void *right)
{
    return sv_cmp(((const struct group_decision *)left)->id,
                  ((const struct group_decision *)right)->id);
}

static void
list_names(struct advance *advance)
{
    const struct deciding *deciding = &advance->deciding;
    size_t most = 0;
    for (size_t i = 0; i < deciding->count; i++)
        most += 2 + deciding->all[i].decision.row_count;
    struct decision_row *rows = ARENA_ARRAY(advance->arena, struct decision_row, most + 1);
    advance->named = ARENA_ARRAY(advance->arena, struct named, most + 1);
    advance->fresh = ARENA_ARRAY(advance->arena, struct sv, deciding->count + 1);
    for (size_t i = 0; i < deciding->count; i++) {
        size_t count = tie_names(&deciding->all[i], rows);
        for (size_t k = 0; k < count; k++)
            advance->named[advance->named_count++] =
                (struct named){.decision = i, .row = rows[k], .ns = TIME_NONE};
    }
}

/* What the last run had, in order of id. */
static struct group_decision *
read_known(struct advance *advance, size_t *ret_count)
{
    const struct group_rows *rows = advance->in->rows;
    struct group_decision *known = NULL;
    struct err err;
    *ret_count = 0;
    if (advance_failed(advance))
        return NULL;
    advance_note(advance, rows->decisions(rows->context, advance->arena, &known, ret_count, &err),
                 &err);
    *ret_count = advance_failed(advance) ? 0 : *ret_count;
    return known;
}

/* `at`: the first of what it names. */
static void
take_known(struct advance *advance, const struct group_decision *known, size_t at, size_t count)
{
    struct sv *places = ARENA_ARRAY(advance->arena, struct sv, count + 1);
    struct err err;
    if (!ties_read(known->content, places, count)) {
        advance_note(
            advance,
            err_set(&err, ERR_DB_SCHEMA, "a row of correlate.group_decision cannot be read"), &err);
        return;
    }
    for (size_t k = 0; k < count; k++)
        advance->named[at + k].was = places[k];
}

void
advance_named_before(struct advance *advance)
{
    const struct deciding *deciding = &advance->deciding;
    size_t known_count, matched = 0, at = 0;
    list_names(advance);
    struct group_decision *known = read_known(advance, &known_count);
    for (size_t i = 0; i < deciding->count && !advance_failed(advance); i++) {
        const struct group_decision wanted = {.id = deciding->all[i].decision.id};
        size_t from = at;
        while (at < advance->named_count && advance->named[at].decision == i)
            at++;
        const struct group_decision *was =
            known_count == 0 ? NULL
                             : bsearch(&wanted, known, known_count, sizeof(*known), id_order);
        if (was == NULL)
            advance->fresh[advance->fresh_count++] = wanted.id;
        else
            take_known(advance, was, from, at - from);
        matched += was == NULL ? 0 : 1;
    }
    if (matched < known_count && !advance_failed(advance))
        advance->whole = "a decision is not there any more";
}

/* ------------------------------------------------------------------ now */

/* Of a row's series the node that it may be in, asked for at once. */
struct asked {
    struct group_place *places;
    size_t *named; /* of each place */
    size_t count;
};

static void
ask_for(struct asked *asked, size_t named, struct group_digest series, int64_t ms)
{
    asked->places[asked->count] = (struct group_place){.digest = series, .from_ms = ms};
    asked->named[asked->count++] = named;
}

static void
ask_by_record(struct advance *advance, struct asked *asked)
{
    struct sv *uids = ARENA_ARRAY(advance->arena, struct sv, advance->named_count + 1);
    const struct work_record **records =
        ARENA_ARRAY(advance->arena, const struct work_record *, advance->named_count + 1);
    for (size_t i = 0; i < advance->named_count; i++)
        uids[i] = sv_empty(advance->named[i].row.event) ? SV("") : advance->named[i].row.event;
    stored_records(&advance->stored, uids, advance->named_count, records);
    for (size_t i = 0; i < advance->named_count; i++) {
        struct named *named = &advance->named[i];
        const struct decision_row *row = &named->row;
        if (records[i] != NULL) {
            ask_for(asked, i, content_series_digest(records[i]->source, records[i]->fingerprint),
                    records[i]->ms);
            if (records[i]->observation != NULL)
                named->ns = records[i]->observation->event.event_time_ns;
        } else if (!sv_empty(row->fingerprint) && row->time_ns != TIME_NONE &&
                   advance_heeds(advance, ADVANCE_ALIKE)) {
            ask_for(asked, i, content_series_digest(row->source, row->fingerprint),
                    row->time_ns / NS_PER_MS);
            named->ns = row->time_ns;
            named->by_shape = true;
        }
    }
}

/* Nodes of one series follow one another: the last one that begins before is the one. */
static void
take_nodes(struct advance *advance, const struct asked *asked)
{
    const struct group_rows *rows = advance->in->rows;
    struct group_answer *answers = NULL;
    struct err err;
    size_t found = 0;
    if (asked->count == 0 || advance_failed(advance))
        return;
    advance_note(advance,
                 rows->series(rows->context, advance->arena, asked->places, asked->count, true, 1,
                              &answers, &found, &err),
                 &err);
    for (size_t i = 0; i < found && !advance_failed(advance); i++) {
        const struct held *held = held_of_row(&advance->stored, &answers[i].row);
        if (held->node != NULL && held->node->last_ms >= asked->places[answers[i].place].from_ms)
            advance->named[asked->named[answers[i].place]].node = held;
    }
}

/* By its shape a line alone is found. */
static void
drop_others(struct advance *advance, const struct asked *asked)
{
    for (size_t i = 0; i < asked->count; i++) {
        struct named *named = &advance->named[asked->named[i]];
        if (named->by_shape && named->node != NULL && named->node->node->role != NODE_LOG)
            named->node = NULL;
    }
}

/* ------------------------------------------------------------------ what says the same */

struct alike {
    struct advance *advance;
    struct asked asked;
    struct alike_one {
        const struct work_record *record; /* of a row's source and time */
        size_t named;
    } * at;
    size_t count, size;
};

static void
list_alike(struct alike *alike)
{
    struct advance *advance = alike->advance;
    struct group_place *places =
        ARENA_ARRAY(advance->arena, struct group_place, advance->named_count + 1);
    size_t asked = 0, found;
    for (size_t i = 0; i < advance->named_count; i++) {
        const struct named *named = &advance->named[i];
        int64_t ms = named->row.time_ns / NS_PER_MS;
        if (named->node == NULL && !sv_empty(named->row.text) && named->row.time_ns != TIME_NONE)
            places[asked++] = (struct group_place){.from_ms = ms - 1, .to_ms = ms + 1};
    }
    struct work_record *records = advance_look(advance, GROUP_RECORDS_AT, places, asked, &found);
    for (size_t i = 0; i < advance->named_count && found > 0; i++) {
        const struct named *named = &advance->named[i];
        if (named->node != NULL || sv_empty(named->row.text) || named->row.time_ns == TIME_NONE)
            continue;
        for (size_t k = 0; k < found; k++) {
            const struct observation *from = records[k].observation;
            if (from == NULL || from->event.event_time_ns != named->row.time_ns ||
                !sv_eq(records[k].source, named->row.source))
                continue;
            alike->at = memory_grow(alike->at, &alike->size, alike->count + 1, sizeof(*alike->at));
            alike->at[alike->count++] = (struct alike_one){&records[k], i};
        }
    }
}

static const struct observation *
counted(const struct deduped *deduped, const struct work_record *record)
{
    size_t low = 0, high = deduped->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(deduped->kept[middle]->event.uid, record->observation->event.uid, UID_BYTES) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < deduped->count && memcmp(deduped->kept[low]->event.uid,
                                          record->observation->event.uid, UID_BYTES) == 0
               ? deduped->kept[low]
               : NULL;
}

/* The words of a record are with its deliveries. */
static void
compare_alike(struct alike *alike)
{
    struct advance *advance = alike->advance;
    const struct scope_reader *reader = advance->in->reader;
    struct correlation_input input = {.scope = advance->in->teller->scope};
    struct deduped deduped;
    struct err err;
    const struct work_record **records =
        ARENA_ARRAY(advance->arena, const struct work_record *, alike->count + 1);
    if (alike->count == 0 || advance_failed(advance))
        return;
    for (size_t i = 0; i < alike->count; i++)
        records[i] = alike->at[i].record;
    advance_note(advance,
                 reader->deliveries(reader->context, advance->arena, records, alike->count,
                                    &input.observations, &input.count, &err),
                 &err);
    if (advance_failed(advance))
        return;
    dedup(advance->arena, &input, &deduped);
    for (size_t i = 0; i < alike->count; i++) {
        const struct work_record *record = alike->at[i].record;
        const struct observation *observation = counted(&deduped, record);
        struct sv text = advance->named[alike->at[i].named].row.text;
        if (observation != NULL && sv_eq(deciding_text(advance->arena, observation), text))
            ask_for(&alike->asked, alike->at[i].named,
                    content_series_digest(record->source, record->fingerprint), record->ms);
    }
}

/* The first node of those that hold one. */
static void
take_alike(struct alike *alike)
{
    struct advance *advance = alike->advance;
    const struct group_rows *rows = advance->in->rows;
    struct group_answer *answers = NULL;
    struct err err;
    size_t found = 0;
    if (alike->asked.count == 0 || advance_failed(advance))
        return;
    advance_note(advance,
                 rows->series(rows->context, advance->arena, alike->asked.places,
                              alike->asked.count, true, 1, &answers, &found, &err),
                 &err);
    for (size_t i = 0; i < found && !advance_failed(advance); i++) {
        const struct held *held = held_of_row(&advance->stored, &answers[i].row);
        struct named *named = &advance->named[alike->asked.named[answers[i].place]];
        if (held->node == NULL ||
            (named->node != NULL && node_ids_cmp(&named->node->id, &held->id) <= 0))
            continue;
        named->node = held;
        named->ns = named->row.time_ns;
    }
}

static void
find_alike(struct advance *advance)
{
    struct alike alike = {.advance = advance};
    list_alike(&alike);
    alike.asked.places = ARENA_ARRAY(advance->arena, struct group_place, alike.count + 1);
    alike.asked.named = ARENA_ARRAY(advance->arena, size_t, alike.count + 1);
    compare_alike(&alike);
    take_alike(&alike);
    free(alike.at);
}

void
advance_named_now(struct advance *advance)
{
    struct asked asked = {
        .places = ARENA_ARRAY(advance->arena, struct group_place, advance->named_count + 1),
        .named = ARENA_ARRAY(advance->arena, size_t, advance->named_count + 1)};
    if (advance->named_count == 0)
        return;
    ask_by_record(advance, &asked);
    take_nodes(advance, &asked);
    drop_others(advance, &asked);
    if (advance_heeds(advance, ADVANCE_ALIKE))
        find_alike(advance);
}
