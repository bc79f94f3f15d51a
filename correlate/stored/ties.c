/*
 * What decisions name: see ties.h.
 */
#include "correlate/stored/ties.h"

#include "correlate/stored/bytes.h"

/* ------------------------------------------------------------------ places as texts */

struct sv
node_id_text(struct arena *arena, const struct node_id *id)
{
    const struct work_node named = {.first_ms = id->first_ms, .source = id->source, .uid = id->uid};
    return node_key_text(arena, &named);
}

struct sv
place_of_label(struct arena *arena, const struct group_label *label)
{
    if (label->explicit_id.len > 0)
        return arena_printf(arena, "i" SV_FMT, SV_ARG(label->explicit_id));
    return arena_printf(arena, "g" SV_FMT, SV_ARG(node_id_text(arena, &label->root)));
}

struct sv
place_of_candidate(struct arena *arena, struct sv key)
{
    return arena_printf(arena, "c" SV_FMT, SV_ARG(key));
}

struct sv
place_of_node(struct arena *arena, struct sv key)
{
    return arena_printf(arena, "n" SV_FMT, SV_ARG(key));
}

bool
node_key_read(struct sv key, struct node_id *ret_id)
{
    size_t first = 0, last = key.len, at = 0;
    bool negative = key.len > 0 && key.ptr[0] == '-';
    int64_t ms = 0;
    while (first < key.len && key.ptr[first] != '/')
        first++;
    while (last > first && key.ptr[last - 1] != '/')
        last--;
    if (last <= first + 1)
        return false;
    for (at = negative ? 1 : 0; at < first; at++)
        ms = ms * 10 + (key.ptr[at] - '0');
    *ret_id = (struct node_id){negative ? -ms : ms, sv_slice(key, first + 1, last - 1),
                               sv_slice(key, last, key.len)};
    return true;
}

enum place_kind
place_read(struct sv place, struct group_label *ret_label, struct sv *ret_key)
{
    if (place.len < 2)
        return PLACE_NONE;
    *ret_key = sv_slice(place, 1, place.len);
    *ret_label = (struct group_label){.explicit_id = SV_NONE};
    switch (place.ptr[0]) {
    case 'i':
        ret_label->explicit_id = *ret_key;
        return PLACE_GROUP;
    case 'g':
        return node_key_read(*ret_key, &ret_label->root) ? PLACE_GROUP : PLACE_NONE;
    case 'c':
        return PLACE_CANDIDATE;
    case 'n':
        return PLACE_NODE;
    default:
        return PLACE_NONE;
    }
}

/* ------------------------------------------------------------------ names and ties */

size_t
tie_names(const struct deciding_one *one, struct decision_row *ret_rows)
{
    const struct decision *decision = &one->decision;
    size_t count = 0;
    if (one->about != one)
        return 0;
    if (!sv_empty(decision->incident))
        ret_rows[count++] =
            (struct decision_row){.event = decision->incident, .time_ns = TIME_NONE};
    if (decision->verb == DECISION_MERGE)
        ret_rows[count++] = (struct decision_row){.event = decision->target, .time_ns = TIME_NONE};
    for (size_t k = 0; k < decision->row_count; k++)
        ret_rows[count++] = decision->rows[k];
    return count;
}

void
ties_write(const struct sv *places, size_t count, struct strbuf *out)
{
    bytes_put_number(out, (int64_t)count);
    for (size_t i = 0; i < count; i++)
        bytes_put_text(out, places[i]);
}

bool
ties_read(struct sv bytes, struct sv *ret_places, size_t count)
{
    struct reader in = {.rest = bytes, .failed = false};
    if (bytes_take_number(&in) != (int64_t)count)
        return false;
    for (size_t i = 0; i < count; i++)
        ret_places[i] = bytes_take_text(&in);
    return !in.failed && in.rest.len == 0;
}

/* ------------------------------------------------------------------ of the whole */

static struct sv
place_in(struct arena *arena, const struct grouped *grouped, size_t n)
{
    const struct work_node *nodes = grouped->grouping.nodes;
    if (n == NO_NODE)
        return SV_NONE;
    size_t home = grouped->homes[n];
    if (home == NO_NODE)
        return place_of_node(arena, node_key_text(arena, &nodes[n]));
    if (!node_opens(&nodes[home]))
        return place_of_candidate(arena, node_key_text(arena, &nodes[home]));
    const struct group_label label = {nodes[home].group_id, node_id_of(&nodes[nodes[home].group])};
    return place_of_label(arena, &label);
}

static struct sv
content_of(struct arena *arena, const struct grouped *grouped, const struct deciding_one *one)
{
    size_t count = 0, rows = one->decision.row_count;
    struct sv *places = ARENA_ARRAY(arena, struct sv, rows + 2);
    struct strbuf out;
    strbuf_init(&out, 0);
    if (one->about == one) {
        if (!sv_empty(one->decision.incident))
            places[count++] = place_in(arena, grouped, one->incident_node);
        if (one->decision.verb == DECISION_MERGE)
            places[count++] = place_in(arena, grouped, one->other_node);
        for (size_t k = 0; k < rows; k++)
            places[count++] = place_in(arena, grouped, one->found[k].node);
    }
    ties_write(places, count, &out);
    struct sv content = arena_copy(arena, strbuf_view(&out));
    strbuf_release(&out);
    return content;
}

/* Decisions are found again, as moving nodes changed which node stands for an incident. */
struct group_decision *
ties_of(struct arena *arena, const struct grouped *grouped, size_t *ret_count)
{
    size_t count = grouped->deciding.count;
    struct group_decision *rows = ARENA_ARRAY(arena, struct group_decision, count + 1);
    struct decision *decisions = ARENA_ARRAY(arena, struct decision, count + 1);
    struct deciding deciding;
    for (size_t i = 0; i < count; i++)
        decisions[i] = grouped->deciding.all[i].decision;
    deciding_init(arena, decisions, count, &deciding);
    deciding_find(&deciding, grouped->grouping.nodes, grouped->grouping.node_count);
    for (size_t i = 0; i < deciding.count; i++)
        rows[i] = (struct group_decision){deciding.all[i].decision.id,
                                          content_of(arena, grouped, &deciding.all[i])};
    *ret_count = deciding.count;
    return rows;
}

struct group_candidate *
tied_candidates_of(struct arena *arena, const struct grouped *grouped, size_t *ret_count)
{
    const struct grouping *grouping = &grouped->grouping;
    struct group_candidate *rows =
        ARENA_ARRAY(arena, struct group_candidate, grouping->node_count + 1);
    size_t count = 0;
    for (size_t n = 0; n < grouping->node_count; n++) {
        size_t home = grouped->homes[n];
        if (home == NO_NODE || node_opens(&grouping->nodes[home]))
            continue;
        rows[count++] = (struct group_candidate){node_key_text(arena, &grouping->nodes[n]),
                                                 node_key_text(arena, &grouping->nodes[home])};
    }
    *ret_count = count;
    return rows;
}
