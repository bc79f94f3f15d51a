/*
 * A piece of history into kept groups: see gather.h.
 */
#include "correlate/stored/gather.h"

#include "correlate/stored/advance_work.h"

/* What telling one incident after the other cannot do (retell.h). */
static const char *
whole_before(const struct advancing *in)
{
    if (in->texts->suppress.count > 0)
        return "rules suppress alerts";
    if (in->decision_count > 0)
        return "people decided something";
    for (size_t i = 0; i < in->count; i++)
        if (in->observations[i].event.record_kind == RECORD_PERSON)
            return "a table of users";
    return NULL;
}

static void
list_several(const struct advance *advance, struct gathered *gathered)
{
    const struct deduped *deduped = &advance->deduped;
    struct sv *uids = ARENA_ARRAY(advance->arena, struct sv, deduped->delivery_count + 1);
    for (size_t i = 0; i < deduped->delivery_count; i++)
        uids[i] =
            arena_hex(advance->arena, deduped->deliveries[i].observation->event.uid, UID_BYTES);
    gathered->several_count = advance_texts(uids, deduped->delivery_count);
    gathered->several = uids;
}

static void
step(struct advance *advance)
{
    const struct advancing *in = advance->in;
    const struct group_step by = {.arena = advance->arena,
                                  .config = in->teller->config,
                                  .graph = &in->texts->graph,
                                  .stored = &advance->stored,
                                  .rules = &in->teller->rules};
    advance_records(advance);
    if (!advance_failed(advance))
        group_step(&by, advance->changes, advance->change_count, &advance->step);
}

int
gather(const struct advancing *advancing, struct gathered *ret_gathered, struct err *err)
{
    struct advance advance = {.in = advancing,
                              .arena = advancing->arena,
                              .observations = advancing->observations,
                              .count = advancing->count};
    *ret_gathered = (struct gathered){.whole = whole_before(advancing)};
    if (ret_gathered->whole != NULL)
        return 0;
    stored_init(&advance.stored, advancing->arena, advancing->rows);
    step(&advance);
    list_several(&advance, ret_gathered);
    ret_gathered->changed = advance.change_count;
    int status = stored_end(&advance.stored, err);
    stored_release(&advance.stored);
    return status;
}

void
gather_deliveries(struct arena *arena, const struct correlation_input *input,
                  struct correlation *correlation)
{
    struct deduped deduped;
    dedup(arena, input, &deduped);
    correlation->deliveries = deduped.deliveries;
    correlation->delivery_count = deduped.delivery_count;
}
