/*
 * Correlating what is new: see correlate_part.h.
 */
#include "app/correlate_part.h"

#include <stdio.h>

#include "app/flood_due.h"
#include "app/part_reader.h"
#include "base/text/visible.h"
#include "correlate/stored/advance.h"
#include "correlate/stored/whole.h"
#include "hindcast/part.h"

struct stepping {
    struct store *store;
    const struct applied *applied;
    struct sv scope;
    bool drain;
    struct arena *arena;
    struct part *part;
    struct part_news news;
};

void
tell_left_out(const struct correlation_input *input)
{
    if (input->left_out > 0)
        visible_line(
            stderr,
            "hindcast: scope " SV_FMT ": left out %zu rows with values that hindcast never "
            "writes, the first at stream %lld, offset %lld, index %d",
            SV_ARG(input->scope), input->left_out, (long long)input->first_left_out.stream_id,
            (long long)input->first_left_out.offset, (int)input->first_left_out.index);
    if (input->left_out_declarations > 0)
        visible_line(stderr,
                     "hindcast: scope " SV_FMT ": left out %zu declarations with times or texts "
                     "out of bounds; see the table review.declaration",
                     SV_ARG(input->scope), input->left_out_declarations);
    if (input->left_out_decisions > 0)
        visible_line(stderr,
                     "hindcast: scope " SV_FMT ": left out %zu decisions that this program cannot "
                     "read; see the table review.decision",
                     SV_ARG(input->scope), input->left_out_decisions);
}

/* ------------------------------------------------------------------ one step */

static struct cursor_position *
cursor_of(const struct stepping *stepping, size_t *ret_count)
{
    size_t count = stepping->news.cursor_count;
    struct cursor_position *cursor =
        ARENA_ARRAY(stepping->arena, struct cursor_position, count + 1);
    for (size_t i = 0; i < count; i++)
        cursor[i] = stepping->news.cursor[i];
    cursor[count] = (struct cursor_position){CURSOR_CONFIGURATION, stepping->applied->number};
    *ret_count = count + 1;
    return cursor;
}

static int
advance_groups(struct stepping *stepping, struct groups *groups, struct advanced *advanced,
               struct err *err)
{
    struct arena *arena = stepping->arena;
    const struct correlation_input *input = &stepping->news.input;
    struct teller *teller = ARENA_NEW(arena, struct teller);
    struct grouping_texts *texts = ARENA_NEW(arena, struct grouping_texts);
    struct part_reading reading = {stepping->part, stepping->scope};
    const struct scope_reader reader = part_reader(&reading);
    if (teller_init(arena, &stepping->applied->config, stepping->scope, teller, err) != 0 ||
        grouping_texts_read(arena, &stepping->applied->config, texts, err) != 0)
        return -1;
    const struct advancing advancing = {
        .rules = ADVANCE_RULES,
        .arena = arena,
        .teller = teller,
        .texts = texts,
        .rows = groups_rows(groups),
        .reader = &reader,
        .observations = input->observations,
        .count = input->count,
        .declarations = input->declarations,
        .declaration_count = input->declaration_count,
        .decisions = input->decisions,
        .decision_count = input->decision_count,
        .floods = groups_floods(groups),
        .flood_limits = &flood_limits_default,
        .drain = stepping->drain,
        .now_ms = flood_now_ms,
    };
    return advance(&advancing, advanced, err);
}

static int
save(struct stepping *stepping, const struct advanced *advanced, struct err *err)
{
    size_t count;
    const struct cursor_position *cursor = cursor_of(stepping, &count);
    const struct casebook_part changed = {.correlation = &advanced->correlation,
                                          .keys = advanced->keys,
                                          .key_count = advanced->key_count,
                                          .gone_nodes = advanced->gone_nodes,
                                          .gone_node_count = advanced->gone_node_count,
                                          .uids = advanced->uids,
                                          .uid_count = advanced->uid_count};
    return part_save(stepping->part, &changed, cursor, count, err);
}

static void
count_part(const struct advanced *advanced, struct part_result *result)
{
    const struct correlation *told = &advanced->correlation;
    result->events = advanced->changed;
    result->nodes = told->node_count;
    for (size_t i = 0; i < told->incident_count; i++) {
        result->raised += told->incidents[i].raised ? 1 : 0;
        result->others += told->incidents[i].raised ? 0 : 1;
        result->entries += told->incidents[i].entry_count;
    }
}

/* Within the transaction, which is of no use where the scope is to be computed whole. */
static int
step(struct stepping *stepping, struct part_result *result, struct err *err)
{
    struct groups *groups;
    struct sv digest;
    struct advanced advanced;
    if (groups_open(stepping->store, stepping->arena, stepping->scope, &groups, &digest, err) != 0)
        return -1;
    if (!sv_eq(digest, sv_from(stepping->applied->digest))) {
        result->whole = "its groups are not kept";
        return 0;
    }
    if (part_news(stepping->part, stepping->applied->number, &stepping->news, err) != 0)
        return -1;
    if (!stepping->news.known) {
        result->whole = stepping->news.unknown;
        return 0;
    }
    if (advance_groups(stepping, groups, &advanced, err) != 0)
        return -1;
    result->whole = advanced.whole;
    if (advanced.whole != NULL)
        return 0;
    count_part(&advanced, result);
    tell_left_out(&stepping->news.input);
    return save(stepping, &advanced, err);
}

/* What is too much for a part is not too much for the whole, which asks for all at once. */
static int
after_error(struct part_result *result, struct err *err)
{
    if (err->code == ERR_LIMIT) {
        *result = (struct part_result){.whole = "too much would be asked for at once"};
        return 0;
    }
    part_overtaken(err);
    return -1;
}

int
correlate_part(struct store *store, const struct applied *applied, struct sv scope, bool drain,
               struct part_result *ret_result, struct err *err)
{
    struct arena arena;
    arena_init(&arena, (size_t)1 << 20);
    struct stepping stepping = {
        .store = store, .applied = applied, .scope = scope, .drain = drain, .arena = &arena};
    *ret_result = (struct part_result){0};
    int status = part_open(store, &arena, scope, &stepping.part, err);
    if (status == 0) {
        status = step(&stepping, ret_result, err);
        if (status == 0 && ret_result->whole == NULL)
            status = part_commit(stepping.part, err);
        else
            part_abort(stepping.part);
        if (status != 0)
            status = after_error(ret_result, err);
    }
    arena_release(&arena);
    return status;
}

/* ------------------------------------------------------------------ keeping groups */

bool
groups_worth_keeping(const struct grouped *grouped)
{
    return grouped->directory.count == 0 && !grouped->suppresses;
}

static int
fill(struct store *store, struct arena *arena, const struct groups_to_keep *keep, struct err *err)
{
    struct groups *groups;
    struct stored stored;
    struct sv digest;
    if (groups_open(store, arena, keep->scope, &groups, &digest, err) != 0 ||
        groups_clear(groups, err) != 0)
        return -1;
    stored_init(&stored, arena, groups_rows(groups));
    stored_fill_whole(&stored, keep->grouped);
    int status = stored_end(&stored, err);
    stored_release(&stored);
    return status == 0 ? groups_whole(groups, sv_from(keep->applied->digest), err) : -1;
}

int
keep_groups(void *context, struct store *store, struct err *err)
{
    struct arena arena;
    arena_init(&arena, (size_t)1 << 20);
    int status = fill(store, &arena, context, err);
    arena_release(&arena);
    return status;
}
