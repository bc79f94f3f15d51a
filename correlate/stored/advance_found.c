/*
 * What was found of candidates: which nodes each has now, and had when they were found last. A
 * candidate is told whole, so the windows are asked for again with the members that lie outside of
 * what is proven. See advance.h.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "correlate/stored/advance_work.h"
#include "correlate/stored/held.h"

#define WIDEN_MAX 8 /* times that members lie outside of what is proven */

static bool
is_within(const struct candidate_windows *windows, const struct work_node *node)
{
    for (size_t i = 0; i < windows->count; i++)
        if (node->first_ms <= windows->at[i].to_ms && node->last_ms >= windows->at[i].from_ms)
            return true;
    return false;
}

static bool
is_candidates(const struct candidate_window *window, size_t n)
{
    const struct work_node *node = &window->nodes[n];
    return advance_looks_at(node->role) && node->incident != NO_NODE &&
           window->nodes[node->incident].candidate != NULL;
}

static int
found_order(const void *left, const void *right)
{
    return node_id_cmp(((const struct found_node *)left)->node,
                       ((const struct found_node *)right)->node);
}

const struct found_node *
found_at(const struct advance *advance, const struct node_id *id)
{
    const struct work_node named = {.first_ms = id->first_ms, .source = id->source, .uid = id->uid};
    const struct found_node key = {.node = &named};
    return advance->found_count == 0 ? NULL
                                     : bsearch(&key, advance->found, advance->found_count,
                                               sizeof(*advance->found), found_order);
}

/* ------------------------------------------------------------------ what it is, and was */

/* All loose nodes of what is proven. */
static void
collect(struct advance *advance, const struct candidate_windows *windows)
{
    size_t most = 0;
    for (size_t w = 0; w < windows->count; w++)
        most += windows->at[w].loose_count;
    advance->found = ARENA_ARRAY(advance->arena, struct found_node, most + 1);
    advance->found_count = 0;
    for (size_t w = 0; w < windows->count; w++) {
        const struct candidate_window *window = &windows->at[w];
        for (size_t i = 0; i < window->loose_count; i++) {
            const struct work_node *node = &window->nodes[window->loose[i]];
            struct found_node found = {.node = node, .key = node_key_text(advance->arena, node)};
            if (is_candidates(window, window->loose[i]))
                found.is = node_key_text(advance->arena, &window->nodes[node->incident]);
            advance->found[advance->found_count++] = found;
        }
    }
    size_t all = advance->found_count, kept = 0;
    if (all > 1)
        qsort(advance->found, all, sizeof(*advance->found), found_order);
    for (size_t i = 0; i < all; i++) /* a long one may lie in two of them */
        if (kept == 0 || found_order(&advance->found[kept - 1], &advance->found[i]) != 0)
            advance->found[kept++] = advance->found[i];
    advance->found_count = kept;
}

/* Of these and of what was written: which candidates they had. */
static void
read_was(struct advance *advance)
{
    const struct group_rows *rows = advance->in->rows;
    const struct touched *touched = &advance->stored.touched;
    struct sv *keys =
        ARENA_ARRAY(advance->arena, struct sv, advance->found_count + touched->node_count + 1);
    size_t count = 0;
    struct err err;
    for (size_t i = 0; i < advance->found_count; i++)
        keys[count++] = advance->found[i].key;
    for (size_t i = 0; i < touched->node_count; i++)
        if (!touched->nodes[i]->opens)
            keys[count++] = node_id_text(advance->arena, &touched->nodes[i]->id);
    count = advance_texts(keys, count);
    advance->had_count = 0;
    if (count == 0 || advance_failed(advance))
        return;
    advance_note(advance,
                 rows->candidates(rows->context, advance->arena, false, keys, count, &advance->had,
                                  &advance->had_count, &err),
                 &err);
}

/* ------------------------------------------------------------------ wider */

/* Members outside of what is proven, of candidates that have one inside: by what was found. */
static bool
widen_by_window(struct advance *advance, const struct candidate_windows *windows, size_t w)
{
    const struct candidate_window *window = &windows->at[w];
    bool *inside = ARENA_ARRAY(advance->arena, bool, window->node_count + 1), wider = false;
    for (size_t i = 0; i < window->loose_count; i++)
        if (is_candidates(window, window->loose[i]))
            inside[window->nodes[window->loose[i]].incident] = true;
    for (size_t n = 0; n < window->node_count; n++) {
        const struct work_node *node = &window->nodes[n];
        if (!is_candidates(window, n) || !inside[node->incident] || is_within(windows, node))
            continue;
        spots_add(&advance->candidates, node->role, node->first_ms, node->last_ms);
        wider = true;
    }
    return wider;
}

static bool
widen_by_found(struct advance *advance, const struct candidate_windows *windows)
{
    bool wider = false;
    for (size_t w = 0; w < windows->count; w++)
        wider = widen_by_window(advance, windows, w) || wider;
    return wider;
}

bool
advance_spot_members(struct advance *advance, const struct sv *candidates, size_t count)
{
    const struct group_rows *rows = advance->in->rows;
    struct group_candidate *members = NULL;
    struct err err;
    size_t found = 0, read = 0;
    bool wider = false;
    if (count == 0 || advance_failed(advance))
        return false;
    advance_note(advance,
                 rows->candidates(rows->context, advance->arena, true, candidates, count, &members,
                                  &found, &err),
                 &err);
    struct node_id *ids = ARENA_ARRAY(advance->arena, struct node_id, found + 1);
    for (size_t i = 0; i < found && !advance_failed(advance); i++)
        read += node_key_read(members[i].node, &ids[read]) ? 1 : 0;
    stored_load(&advance->stored, false, ids, read);
    for (size_t i = 0; i < read && !advance_failed(advance); i++) {
        const struct work_node *node = held_at(&advance->stored, false, &ids[i])->node;
        if (node == NULL || !advance_looks_at(node->role) || is_within(&advance->windows, node))
            continue;
        spots_add(&advance->candidates, node->role, node->first_ms, node->last_ms);
        wider = true;
    }
    return wider;
}

/* The same by what is kept: what belonged to a candidate may belong to another one now. */
static bool
widen_by_kept(struct advance *advance)
{
    struct sv *candidates = ARENA_ARRAY(advance->arena, struct sv, advance->had_count + 1);
    for (size_t i = 0; i < advance->had_count; i++)
        candidates[i] = advance->had[i].candidate;
    size_t count = advance_texts(candidates, advance->had_count);
    return advance_spot_members(advance, candidates, count);
}

void
advance_find(struct advance *advance)
{
    if (advance->candidates.count == 0 || !advance_opens_any(advance))
        return;
    for (int tries = 0; tries < WIDEN_MAX && !advance_failed(advance); tries++) {
        advance_windows(advance, &advance->windows);
        if (advance_failed(advance) || advance->whole != NULL)
            return;
        collect(advance, &advance->windows);
        read_was(advance);
        bool wider =
            advance_heeds(advance, ADVANCE_FOUND) && widen_by_found(advance, &advance->windows);
        if (!(advance_heeds(advance, ADVANCE_SAVED) && widen_by_kept(advance)) && !wider)
            return;
    }
    advance->whole = "candidates that reach far";
}

/* ------------------------------------------------------------------ telling */

static int
candidate_order(const void *left, const void *right)
{
    const struct found_node *a = *(const struct found_node *const *)left;
    const struct found_node *b = *(const struct found_node *const *)right;
    int order = sv_cmp(a->is, b->is);
    return order != 0 ? order : found_order(a, b);
}

static void
tell_candidate(struct advance *advance, const struct found_node *const *members, size_t count)
{
    const struct found_node *root = members[0];
    struct told_node *nodes = ARENA_ARRAY(advance->arena, struct told_node, count + 1);
    for (size_t i = 0; i < count; i++)
        root = sv_eq(members[i]->key, members[i]->is) ? members[i] : root;
    const struct candidate *candidate = root->node->candidate;
    struct told_again told = {.name = node_id_of(root->node), .nodes = nodes, .count = count};
    if (candidate ==
        NULL) /* its root is not among what is proven: members as found were left out */
        return;
    told.first_ms = candidate->from_ns / NS_PER_MS;
    told.span = (struct time_range){told.first_ms, candidate->to_ns / NS_PER_MS};
    for (size_t i = 0; i < count; i++) {
        const struct work_node *node = members[i]->node;
        nodes[i] = (struct told_node){node, node->reason};
        told.span.from_ms = node->first_ms < told.span.from_ms ? node->first_ms : told.span.from_ms;
        told.span.to_ms = node->last_ms > told.span.to_ms ? node->last_ms : told.span.to_ms;
    }
    told_again_add(advance, &told);
}

/* Of candidates, and others. */
static void
tell_found(struct advance *advance)
{
    const struct found_node **members =
        ARENA_ARRAY(advance->arena, const struct found_node *, advance->found_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < advance->found_count; i++) {
        const struct found_node *found = &advance->found[i];
        if (!sv_empty(found->is))
            members[count++] = found;
        else
            loose_add(advance, &(struct told_node){found->node, found->node->reason});
    }
    if (count > 1)
        qsort(members, count, sizeof(struct found_node *), candidate_order);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && sv_eq(members[to]->is, members[from]->is);)
            to++;
        tell_candidate(advance, members + from, to - from);
    }
}

/* ------------------------------------------------------------------ keeping */

static int
had_order(const void *left, const void *right)
{
    return sv_cmp(((const struct group_candidate *)left)->node,
                  ((const struct group_candidate *)right)->node);
}

struct sv
advance_had(const struct advance *advance, struct sv key)
{
    const struct group_candidate wanted = {.node = key};
    const struct group_candidate *had = NULL;
    if (advance->had_count > 0)
        had = bsearch(&wanted, advance->had, advance->had_count, sizeof(*had), had_order);
    return had == NULL ? SV_NONE : had->candidate;
}

static void
write(struct advance *advance, bool put, const struct group_candidate *rows, size_t count)
{
    const struct group_rows *kept = advance->in->rows;
    struct err err;
    if (count > 0 && !advance_failed(advance))
        advance_note(advance, kept->change_candidates(kept->context, put, rows, count, &err), &err);
}

/* What is a candidate's now, or no more: of what is proven, and of what was written. */
static void
keep_found(struct advance *advance)
{
    struct group_candidate *puts =
        ARENA_ARRAY(advance->arena, struct group_candidate, advance->found_count + 1);
    struct group_candidate *drops =
        ARENA_ARRAY(advance->arena, struct group_candidate, advance->had_count + 1);
    size_t put = 0, drop = 0;
    for (size_t i = 0; i < advance->found_count; i++) {
        const struct found_node *found = &advance->found[i];
        if (!sv_empty(found->is) && !sv_eq(found->is, advance_had(advance, found->key)))
            puts[put++] = (struct group_candidate){found->key, found->is};
    }
    for (size_t i = 0; i < advance->had_count; i++) {
        struct node_id id;
        const struct found_node *found = NULL;
        if (node_key_read(advance->had[i].node, &id))
            found = found_at(advance, &id);
        if (found == NULL || sv_empty(found->is))
            drops[drop++] = advance->had[i];
    }
    write(advance, false, drops, drop);
    write(advance, true, puts, put);
}

void
advance_candidates(struct advance *advance)
{
    if (advance->candidates.count == 0 || advance_failed(advance) || advance->whole != NULL)
        return;
    if (!advance_opens_any(advance)) {
        advance_untold(advance);
        return;
    }
    tell_found(advance);
    keep_found(advance);
}
