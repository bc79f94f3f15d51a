/*
 * Candidates by what changed: candidate_window() over the kept nodes, and the candidates that it
 * finds as incidents that are told again. See advance.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "correlate/stored/advance_work.h"
#include "correlate/stored/content.h"
#include "correlate/stored/record.h"

#define WIDEN_MAX 8 /* times that members lie outside of what is proven */

/* ------------------------------------------------------------------ where to look */

static bool
is_looked_at(enum node_role role)
{
    return role == NODE_CHAT || role == NODE_CHANGE || role == NODE_LOG;
}

static void
add_changes(struct advance *advance, const struct regroup_change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct work_node *ends[] = {changes[i].was, changes[i].is};
        for (size_t k = 0; k < 2; k++)
            if (ends[k] != NULL && (node_opens(ends[k]) || is_looked_at(ends[k]->role)))
                spots_add(&advance->candidates, ends[k]->role, ends[k]->first_ms, ends[k]->last_ms);
    }
}

/* What came, went or became another, was attached or detached; and candidates near what changed. */
static void
add_spots(struct advance *advance)
{
    const struct touched *touched = &advance->stored.touched;
    const struct series_result *nodes = &advance->step.series;
    add_changes(advance, nodes->opening, nodes->opening_count);
    add_changes(advance, nodes->attaching, nodes->attaching_count);
    for (size_t i = 0; i < touched->node_count; i++) {
        const struct work_node *node = touched->nodes[i]->node;
        if (node != NULL && is_looked_at(node->role))
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
    if (!is_looked_at(node->role))
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

/* ------------------------------------------------------------------ what was found */

static bool
is_within(const struct candidate_window *window, const struct work_node *node)
{
    return node->first_ms <= window->to_ms && node->last_ms >= window->from_ms;
}

static bool
is_candidates(const struct candidate_window *window, size_t n)
{
    const struct work_node *node = &window->nodes[n];
    return is_looked_at(node->role) && node->incident != NO_NODE &&
           window->nodes[node->incident].candidate != NULL;
}

/* Members outside of what is proven, of candidates that have one inside: by what was found. */
static bool
widen_by_found(struct advance *advance, const struct candidate_window *window, struct spots *spots)
{
    bool *inside = ARENA_ARRAY(advance->arena, bool, window->node_count + 1), wider = false;
    for (size_t i = 0; i < window->loose_count; i++)
        if (is_candidates(window, window->loose[i]))
            inside[window->nodes[window->loose[i]].incident] = true;
    for (size_t n = 0; n < window->node_count; n++) {
        const struct work_node *node = &window->nodes[n];
        if (!is_candidates(window, n) || !inside[node->incident] || is_within(window, node))
            continue;
        spots_add(spots, node->role, node->first_ms, node->last_ms);
        wider = true;
    }
    return wider;
}

static struct sv *
keys_inside(struct advance *advance, const struct candidate_window *window)
{
    const struct scope_reader *reader = advance->in->reader;
    struct sv *nodes = ARENA_ARRAY(advance->arena, struct sv, window->loose_count + 1);
    struct sv *keys = ARENA_ARRAY(advance->arena, struct sv, window->loose_count + 1);
    struct err err;
    for (size_t i = 0; i < window->loose_count; i++)
        nodes[i] = node_key_text(advance->arena, &window->nodes[window->loose[i]]);
    if (!advance_failed(advance))
        advance_note(advance,
                     reader->incidents_of(reader->context, advance->arena, nodes,
                                          window->loose_count, keys, &err),
                     &err);
    return keys;
}

/* The same by what was saved: what belonged to a candidate may belong to another one now. */
static bool
widen_by_saved(struct advance *advance, const struct candidate_window *window, struct spots *spots)
{
    const struct scope_reader *reader = advance->in->reader;
    struct sv *keys = keys_inside(advance, window), *members;
    size_t kept = advance_texts(keys, window->loose_count), count = 0;
    struct err err;
    bool wider = false;
    if (advance_failed(advance) || kept == 0)
        return false;
    advance_note(
        advance,
        reader->nodes_of(reader->context, advance->arena, keys, kept, &members, &count, &err),
        &err);
    for (size_t i = 0; i < count && !advance_failed(advance); i++) {
        struct node_id id;
        const struct work_node *node;
        if (!advance_id(members[i], &id) ||
            (node = advance->stored.attaching.node(&advance->stored, &id)) == NULL ||
            !is_looked_at(node->role) || is_within(window, node))
            continue;
        spots_add(spots, node->role, node->first_ms, node->last_ms);
        wider = true;
    }
    return wider;
}

static void
tell_candidate(struct advance *advance, const struct candidate_window *window, size_t root)
{
    const struct candidate *candidate = window->nodes[root].candidate;
    struct told_node *nodes =
        ARENA_ARRAY(advance->arena, struct told_node, window->loose_count + 1);
    struct told_again told = {
        .name = node_id_of(&window->nodes[root]),
        .nodes = nodes,
        .first_ms = candidate->from_ns / NS_PER_MS,
        .span = {candidate->from_ns / NS_PER_MS, candidate->to_ns / NS_PER_MS}};
    for (size_t i = 0; i < window->loose_count; i++) {
        const struct work_node *node = &window->nodes[window->loose[i]];
        if (node->incident != root)
            continue;
        nodes[told.count++] = (struct told_node){node, node->reason};
        told.span.from_ms = node->first_ms < told.span.from_ms ? node->first_ms : told.span.from_ms;
        told.span.to_ms = node->last_ms > told.span.to_ms ? node->last_ms : told.span.to_ms;
    }
    told_again_add(advance, &told);
}

/* What is told are the nodes of the interior: of candidates, and others. */
static void
take_found(struct advance *advance, const struct candidate_window *window)
{
    for (size_t i = 0; i < window->loose_count; i++) {
        size_t n = window->loose[i];
        const struct work_node *node = &window->nodes[n];
        if (!is_candidates(window, n))
            loose_add(advance, &(struct told_node){node, node->reason});
        else if (node->incident == n)
            tell_candidate(advance, window, n);
    }
}

/* Spots that lie far from each other are looked at apart. */
static void
find(struct advance *advance, struct spots *spots)
{
    const struct directory nobody = {0};
    const struct people_known people = {&advance->in->teller->people, &nobody};
    const struct candidate_finding finding = {.config = advance->in->teller->config,
                                              .rules = &advance->in->texts->candidates,
                                              .phrases = &advance->in->teller->rules,
                                              .people = &people,
                                              .windows = WINDOW_RULES};
    const struct window_source source = {.context = advance, .read = read_window};
    struct candidate_window window;
    struct err err;
    for (int tries = 0; tries < WIDEN_MAX && !advance_failed(advance); tries++) {
        advance_note(advance,
                     candidate_window(advance->arena, &finding, &source, spots->at, spots->count,
                                      &window, &err),
                     &err);
        if (advance_failed(advance) || advance->whole != NULL)
            return;
        if (!window.proven) {
            advance->whole = "candidates without a gap between them";
            return;
        }
        bool wider =
            advance_heeds(advance, ADVANCE_FOUND) && widen_by_found(advance, &window, spots);
        if ((advance_heeds(advance, ADVANCE_SAVED) && widen_by_saved(advance, &window, spots)) ||
            wider)
            continue;
        take_found(advance, &window);
        return;
    }
    advance->whole = "candidates that reach far";
}

static bool
opens_any(const struct candidate_rules *rules)
{
    for (size_t i = 0; i < SIGNS; i++)
        if (rules->signs[i].weight > 0)
            return true;
    return false;
}

void
advance_candidates(struct advance *advance)
{
    add_spots(advance);
    if (advance->candidates.count == 0 || advance_failed(advance))
        return;
    if (!opens_any(&advance->in->texts->candidates)) {
        advance_untold(advance);
        return;
    }
    find(advance, &advance->candidates);
}
