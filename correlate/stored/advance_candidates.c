/*
 * Candidates by what changed: candidate_windows() over the kept nodes. What it finds is told by
 * advance_found.c. See advance.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "correlate/stored/advance_work.h"
#include "correlate/stored/content.h"
#include "correlate/stored/record.h"

/* ------------------------------------------------------------------ where to look */

static void
add_changes(struct advance *advance, const struct regroup_change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct work_node *ends[] = {changes[i].was, changes[i].is};
        for (size_t k = 0; k < 2; k++)
            if (ends[k] != NULL && (node_opens(ends[k]) || advance_looks_at(ends[k]->role)))
                spots_add(&advance->candidates, ends[k]->role, ends[k]->first_ms, ends[k]->last_ms);
    }
}

/* What came, went or became another, was attached or detached; and candidates near what changed. */
void
advance_spots(struct advance *advance)
{
    const struct touched *touched = &advance->stored.touched;
    const struct series_result *nodes = &advance->step.series;
    add_changes(advance, nodes->opening, nodes->opening_count);
    add_changes(advance, nodes->attaching, nodes->attaching_count);
    for (size_t i = 0; i < touched->node_count; i++) {
        const struct work_node *node = touched->nodes[i]->node;
        if (node != NULL && advance_looks_at(node->role))
            spots_add(&advance->candidates, node->role, node->first_ms, node->last_ms);
    }
}

/* ------------------------------------------------------------------ the nodes of a window */

struct window_reading {
    struct advance *advance;
    struct arena *arena;
    int64_t from_ms, to_ms;
    struct told_node *loose; /* that belong to nothing */
    size_t loose_count, loose_size;
    const struct work_node **others; /* that are only looked at */
    size_t other_count, other_size;
    struct group_place *places;
    size_t place_count, place_size;
};

static void
add_place(struct window_reading *reading, const struct work_node *node, bool cut)
{
    struct group_place place = {
        .digest = content_series_digest(node->source, node->records[0]->fingerprint),
        .from_ms = node->first_ms,
        .to_ms = node->last_ms};
    if (cut && place.from_ms < reading->from_ms)
        place.from_ms = reading->from_ms;
    if (cut && place.to_ms > reading->to_ms)
        place.to_ms = reading->to_ms;
    reading->places = memory_grow(reading->places, &reading->place_size, reading->place_count + 1,
                                  sizeof(*reading->places));
    reading->places[reading->place_count++] = place;
}

static void
add_other(struct window_reading *reading, const struct work_node *node)
{
    reading->others = memory_grow(reading->others, &reading->other_size, reading->other_count + 1,
                                  sizeof(*reading->others));
    reading->others[reading->other_count++] = node;
}

static void
take_attaching(void *taker, size_t spot, const struct work_node *node)
{
    struct window_reading *reading = taker;
    struct stored *stored = &reading->advance->stored;
    struct node_id id = node_id_of(node);
    struct attach_state state = {0};
    (void)spot;
    if (!advance_looks_at(node->role))
        return;
    bool loose = !stored->attaching.state(stored, &id, &state) || !state.attached;
    if (!loose)
        add_other(reading, node);
    if (loose || node->role == NODE_LOG)
        add_place(reading, node, !loose);
    if (!loose)
        return;
    reading->loose = memory_grow(reading->loose, &reading->loose_size, reading->loose_count + 1,
                                 sizeof(*reading->loose));
    reading->loose[reading->loose_count++] = (struct told_node){node, state.reason};
}

/* Few of them: they only say whether any lies within a day of a line (RULE_LOG_ALONE). */
static void
take_opening(struct window_reading *reading)
{
    struct stored *stored = &reading->advance->stored;
    const struct group_rows *rows = stored->rows;
    const struct group_place place = {
        .opens = true, .from_ms = reading->from_ms, .to_ms = reading->to_ms};
    struct group_answer *answers = NULL;
    struct err err;
    size_t count = 0;
    if (advance_failed(reading->advance))
        return;
    advance_note(reading->advance,
                 rows->ask(rows->context, stored->arena, GROUP_OPENING_WITHIN, &place, 1, &answers,
                           &count, &err),
                 &err);
    for (size_t i = 0; i < count && !advance_failed(reading->advance); i++) {
        const struct held *held = held_of_row(stored, &answers[i].row);
        if (held->node != NULL)
            add_other(reading, held->node);
    }
}

static int
loose_order(const void *left, const void *right)
{
    return node_id_cmp(((const struct told_node *)left)->node,
                       ((const struct told_node *)right)->node);
}

/* The loose nodes with their records, and lines as the background. */
static int
make_loose(struct window_reading *reading, struct tell_input *ret_input, struct err *err)
{
    struct advance *advance = reading->advance;
    const struct scope_reader *reader = advance->in->reader;
    struct deciding *deciding = ARENA_NEW(reading->arena, struct deciding);
    size_t count, used = 0, lines = 0;
    *deciding = (struct deciding){.arena = reading->arena};
    if (reading->loose_count > 1)
        qsort(reading->loose, reading->loose_count, sizeof(*reading->loose), loose_order);
    struct work_record *records =
        advance_look(advance, GROUP_RECORDS_OF, reading->places, reading->place_count, &count);
    if (count > ADVANCE_RECORDS_MAX)
        advance->whole = "candidates in very many records";
    const struct work_record **wanted =
        ARENA_ARRAY(reading->arena, const struct work_record *, count + 1);
    struct work_record *background = ARENA_ARRAY(reading->arena, struct work_record, count + 1);
    for (size_t i = 0; i < count; i++) {
        wanted[used++] = &records[i];
        if (records[i].role == NODE_LOG && records[i].ms >= reading->from_ms &&
            records[i].ms <= reading->to_ms)
            background[lines++] = records[i];
    }
    struct given given = {.scope = advance->in->teller->scope,
                          .lines = background,
                          .line_count = lines,
                          .deciding = deciding};
    if (advance_failed(advance) || advance->whole != NULL)
        used = reading->loose_count = 0;
    if (reader->deliveries(reader->context, reading->arena, wanted, used, &given.observations,
                           &given.count, err) != 0)
        return -1;
    struct given_node *nodes =
        ARENA_ARRAY(reading->arena, struct given_node, reading->loose_count + 1);
    for (size_t i = 0; i < reading->loose_count; i++) {
        const struct work_node *node = reading->loose[i].node;
        nodes[i] = (struct given_node){.first_ms = node->first_ms,
                                       .source = node->source,
                                       .uid = node->uid,
                                       .last_ms = node->last_ms,
                                       .incident = NO_NODE,
                                       .told = true,
                                       .familiar = node->familiar,
                                       .quiet = node->quiet,
                                       .reason = reading->loose[i].reason};
    }
    given.nodes = nodes;
    given.node_count = reading->loose_count;
    return given_input(reading->arena, advance->in->teller, &given, ret_input, err);
}

static int
node_order(const void *left, const void *right)
{
    return node_id_cmp(left, right);
}

static int
read_window(void *context, struct arena *arena, int64_t from_ms, int64_t to_ms,
            struct window_nodes *ret_nodes, struct err *err)
{
    struct advance *advance = context;
    struct window_reading reading = {
        .advance = advance, .arena = arena, .from_ms = from_ms, .to_ms = to_ms};
    const struct attach_store *store = &advance->stored.attaching;
    struct tell_input input;
    store->alive(store->context, from_ms, to_ms, take_attaching, &reading);
    take_opening(&reading);
    int status = make_loose(&reading, &input, err);
    *ret_nodes = (struct window_nodes){0};
    if (status == 0) {
        struct work_node *nodes =
            ARENA_ARRAY(arena, struct work_node, input.node_count + reading.other_count + 1);
        size_t count = 0;
        for (size_t i = 0; i < input.node_count; i++) {
            nodes[count] = input.nodes[i];
            nodes[count++].incident = NO_NODE;
        }
        for (size_t i = 0; i < reading.other_count; i++) {
            nodes[count] = *reading.others[i];
            nodes[count++].incident = 0; /* some incident */
        }
        if (count > 1)
            qsort(nodes, count, sizeof(*nodes), node_order);
        *ret_nodes = (struct window_nodes){nodes, count, input.background};
    }
    free(reading.loose);
    free(reading.others);
    free(reading.places);
    return status;
}

/* ------------------------------------------------------------------ all of it */

void
advance_windows(struct advance *advance, struct candidate_windows *ret_windows)
{
    const struct directory nobody = {0};
    const struct people_known people = {&advance->in->teller->people, &nobody};
    const struct candidate_finding finding = {.config = advance->in->teller->config,
                                              .rules = &advance->in->texts->candidates,
                                              .phrases = &advance->in->teller->rules,
                                              .people = &people,
                                              .windows = WINDOW_RULES};
    const struct window_source source = {.context = advance, .read = read_window};
    struct err err;
    *ret_windows = (struct candidate_windows){.proven = false};
    advance_note(advance,
                 candidate_windows(advance->arena, &finding, &source, advance->candidates.at,
                                   advance->candidates.count, ret_windows, &err),
                 &err);
    if (!advance_failed(advance) && advance->whole == NULL && !ret_windows->proven)
        advance->whole = "candidates without a gap between them";
}

bool
advance_opens_any(const struct advance *advance)
{
    const struct candidate_rules *rules = &advance->in->texts->candidates;
    for (size_t i = 0; i < SIGNS; i++)
        if (rules->signs[i].weight > 0)
            return true;
    return false;
}
