/*
 * Which records changed: see advance.h. A delivery that comes may be the one that counts from now
 * on, may say that its record is no part of any node, or nothing new at all.
 */
#include <string.h>

#include "correlate/run.h"
#include "correlate/stored/advance_work.h"
#include "correlate/stored/record.h"

struct comparing {
    struct advance *advance;
    struct sv *uids;               /* of what may have changed */
    const struct work_record **is; /* NULL: no record of grouping */
    size_t count;
    struct record_change *changes;
    size_t change_count;
};

static void
take(struct comparing *comparing, struct sv uid, const struct work_record *is)
{
    comparing->uids[comparing->count] = uid;
    comparing->is[comparing->count++] = is;
}

static void
take_deliveries(struct comparing *comparing)
{
    struct advance *advance = comparing->advance;
    const struct advancing *in = advance->in;
    for (size_t i = 0; i < advance->deduped.count; i++) {
        const struct observation *kept = advance->deduped.kept[i];
        struct work_record *record = ARENA_NEW(advance->arena, struct work_record);
        bool counts = record_of(advance->arena, &in->texts->quiet, kept, in->teller->scope, record);
        take(comparing, arena_hex(advance->arena, kept->event.uid, UID_BYTES),
             counts ? record : NULL);
    }
}

/* Declarations are few: all of them are held against what is kept. */
static void
take_declarations(struct comparing *comparing)
{
    struct advance *advance = comparing->advance;
    const struct advancing *in = advance->in;
    const struct correlation_input input = {.scope = in->teller->scope,
                                            .declarations = in->declarations,
                                            .declaration_count = in->declaration_count};
    struct work_record *records =
        ARENA_ARRAY(advance->arena, struct work_record, in->declaration_count + 1);
    size_t count = records_of_declarations(advance->arena, &input, &advance->deciding, records);
    for (size_t i = 0; i < count; i++)
        take(comparing, records[i].uid, &records[i]);
    for (size_t i = 0; i < in->declaration_count; i++) {
        if (!deciding_undeclared(&advance->deciding, in->declarations[i].id))
            continue;
        struct work_record gone;
        record_of_declaration(advance->arena, &in->declarations[i], in->teller->scope, &gone);
        take(comparing, gone.uid, NULL);
    }
}

static bool
is_same(const struct work_record *was, const struct work_record *is, struct strbuf *one,
        struct strbuf *other)
{
    if (was == NULL || is == NULL)
        return was == is;
    strbuf_clear(one);
    strbuf_clear(other);
    record_write(was, one);
    record_write(is, other);
    return was->ms == is->ms && sv_eq(strbuf_view(one), strbuf_view(other));
}

static void
compare(struct comparing *comparing, const struct work_record *const *was)
{
    struct strbuf one, other;
    strbuf_init(&one, 0);
    strbuf_init(&other, 0);
    for (size_t i = 0; i < comparing->count; i++)
        if (!is_same(was[i], comparing->is[i], &one, &other))
            comparing->changes[comparing->change_count++] =
                (struct record_change){was[i], comparing->is[i]};
    strbuf_release(&one);
    strbuf_release(&other);
}

void
advance_records(struct advance *advance)
{
    const struct advancing *in = advance->in;
    struct arena *arena = advance->arena;
    const struct correlation_input input = {
        .scope = in->teller->scope, .observations = advance->observations, .count = advance->count};
    dedup(arena, &input, &advance->deduped);
    deciding_init(arena, in->decisions, in->decision_count, &advance->deciding);
    deciding_init(arena, NULL, 0, &advance->part);
    size_t most = advance->deduped.count + 2 * in->declaration_count + 1;
    struct comparing comparing = {.advance = advance,
                                  .uids = ARENA_ARRAY(arena, struct sv, most),
                                  .is = ARENA_ARRAY(arena, const struct work_record *, most),
                                  .changes = ARENA_ARRAY(arena, struct record_change, most)};
    const struct work_record **was = ARENA_ARRAY(arena, const struct work_record *, most);
    take_deliveries(&comparing);
    take_declarations(&comparing);
    stored_records(&advance->stored, comparing.uids, comparing.count, was);
    compare(&comparing, was);
    advance->changes = comparing.changes;
    advance->change_count = comparing.change_count;
}
