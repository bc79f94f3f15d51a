/*
 * Attachment: definition 8. A change, log pattern, note, chat episode or quiet alert goes to the
 * opening node it scores best with, or to declared bounds that hold it; it never changes incidents.
 * Called by grouping_run() after settling, which is all that the choice between equals needs.
 */
#include "correlate/group/attach.h"

#include <assert.h>

#include "correlate/group/links.h"
#include "correlate/group/score.h"
#include "correlate/group/topic.h"
#include "correlate/story/rows.h"

struct choice {
    size_t node;
    struct pair_score score;
    size_t aside; /* the nearest node that talk is not about; NO_NODE: none */
};

/* Further points make no difference to which node talk belongs to. */
#define TALK_POINTS_MAX 6

/* The opening node to which the channel's episode before belongs, where that ended a short while
 * before; nodes are attached in order of time. */
static const struct work_node *
went_before(const struct grouping *grouping, size_t at)
{
    const struct work_node *node = &grouping->nodes[at];
    size_t before = node->before;
    if (before == NO_NODE || grouping->nodes[before].attached_to == NO_NODE ||
        node->first_ms - grouping->nodes[before].last_ms > grouping->config->reach_ms)
        return NULL;
    return &grouping->nodes[grouping->nodes[before].attached_to];
}

/* False: all that the two share is the scope, and the talk is about something else. */
static bool
is_about(const struct grouping *grouping, size_t at, size_t other, struct pair_score *score)
{
    const struct work_node *node = &grouping->nodes[at];
    if (score->shown_count != 1 || score->shown[0].key->kind != KEY_SCOPE ||
        !topic_is_judged(grouping, node))
        return true;
    struct topic topic =
        topic_of(grouping, node, &grouping->nodes[other], went_before(grouping, at));
    score->talk = topic.points < TALK_POINTS_MAX ? topic.points : TALK_POINTS_MAX;
    score->said = topic.reason;
    return topic.points >= TOPIC_POINTS_LEAST;
}

static bool
is_better(const struct choice *best, const struct pair_score *score, size_t other)
{
    if (best->node == NO_NODE || score->total != best->score.total)
        return best->node == NO_NODE || score->total > best->score.total;
    if (score->talk != best->score.talk)
        return score->talk > best->score.talk;
    return score->gap_ms < best->score.gap_ms ||
           (score->gap_ms == best->score.gap_ms && other < best->node);
}

static void
consider(const struct grouping *grouping, const struct work_node *node, size_t at, size_t other,
         struct choice *best)
{
    const struct correlation_config *config = grouping->config;
    const struct work_node *opening = &grouping->nodes[other];
    struct pair_score score;
    if (opening->role == NODE_DECLARED && opening->declaration != NULL)
        return; /* by its bounds only, see below */
    if (other < at) {
        /* A chat goes on while an alert still fires: for attaching it lives to its end. */
        pair_score(config, opening, node, opening->last_ms, 0, -1, &score);
    } else {
        int64_t reach = node->first_ms + config->reach_ms;
        pair_score(config, node, opening, node->last_ms < reach ? node->last_ms : reach, 0,
                   node->role == NODE_CHANGE ? config->look_back_ms : -1, &score);
    }
    if (score.total < config->attach_threshold)
        return;
    if (!is_about(grouping, at, other, &score)) {
        best->aside = best->aside == NO_NODE ? other : best->aside;
        return;
    }
    if (is_better(best, &score, other))
        *best = (struct choice){other, score, best->aside};
}

static void
nearest(const struct grouping *grouping, size_t n, struct choice *best)
{
    const struct correlation_config *config = grouping->config;
    const struct work_node *node = &grouping->nodes[n];
    size_t neighbours = (size_t)config->neighbours;
    for (size_t k = 0; k < node->key_count; k++) {
        const struct node_key *key = &node->keys[k];
        size_t middle = key_index_at(grouping, key, n);
        for (size_t i = 0, at = middle; i < neighbours && at > 0; i++, at--) {
            const struct key_row *row = &grouping->index[at - 1];
            if (node_key_cmp(row->key, key) != 0)
                break;
            consider(grouping, node, n, row->node, best);
        }
        for (size_t i = 0, at = middle; i < neighbours && at < grouping->index_count; i++, at++) {
            const struct key_row *row = &grouping->index[at];
            if (node_key_cmp(row->key, key) != 0)
                break;
            consider(grouping, node, n, row->node, best);
        }
    }
}

static bool
within_bounds(const struct correlation_config *config, const struct work_node *declared,
              const struct work_node *node)
{
    if (node->role == NODE_ALERT) /* as one that opens: nothing around the bounds */
        return node->first_ms >= declared->first_ms && node->first_ms <= declared->last_ms;
    int64_t to =
        declared->declaration->to_ns == TIME_NONE
            ? declared->first_ms + config->bounds_open_ms
            : declared->last_ms + (node->role == NODE_CHANGE ? config->bounds_after_change_ms
                                                             : config->bounds_after_ms);
    return node->last_ms >= declared->first_ms - config->bounds_before_ms && node->first_ms <= to;
}

/* The declaration whose bounds hold the node and whose start is nearest; NO_NODE if there is none.
 */
static size_t
declared_for(const struct grouping *grouping, const size_t *declared, size_t count, size_t n)
{
    const struct work_node *node = &grouping->nodes[n];
    size_t best = NO_NODE;
    int64_t best_distance = 0;
    for (size_t i = 0; i < count; i++) {
        const struct work_node *candidate = &grouping->nodes[declared[i]];
        if (!within_bounds(grouping->config, candidate, node) ||
            !declaration_accepts(candidate->declaration, node))
            continue;
        int64_t distance = node->first_ms > candidate->first_ms
                               ? node->first_ms - candidate->first_ms
                               : candidate->first_ms - node->first_ms;
        if (best == NO_NODE || distance < best_distance) {
            best = declared[i];
            best_distance = distance;
        }
    }
    return best;
}

/* The smallest opening node whose group has the id that this one names. */
static size_t
by_explicit_id(const struct grouping *grouping, const struct work_node *node)
{
    size_t low = 0, high = grouping->named_count;
    if (node->explicit_id.len == 0)
        return NO_NODE;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sv_cmp(grouping->named[middle]->group_id, node->explicit_id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < grouping->named_count && sv_eq(grouping->named[low]->group_id, node->explicit_id)
               ? (size_t)(grouping->named[low] - grouping->nodes)
               : NO_NODE;
}

/* Why an alert opened nothing, and what it is attached by. */
static struct sv
quiet_text(struct arena *arena, const struct work_node *node)
{
    if (node->attached_to == NO_NODE)
        return arena_printf(arena, "opens nothing: " SV_FMT, SV_ARG(node->quiet_reason));
    return arena_printf(arena, SV_FMT "; opens nothing: " SV_FMT, SV_ARG(node->reason),
                        SV_ARG(node->quiet_reason));
}

/* Where its thread went before, unless keys of its own weigh more. */
static bool
follow_thread(struct grouping *grouping, struct work_node *node, const struct choice *best)
{
    int weight = grouping->config->weight[KEY_THREAD];
    if (node->thread == NO_NODE || grouping->nodes[node->thread].attached_to == NO_NODE ||
        weight < grouping->config->attach_threshold ||
        (best->node != NO_NODE && best->score.total > weight))
        return false;
    const struct work_node *before = &grouping->nodes[node->thread];
    int64_t gap = node->first_ms > before->last_ms ? node->first_ms - before->last_ms : 0;
    struct sv key = node_key_text(grouping->arena, before);
    node->follows = true;
    node->attached_to = before->attached_to;
    node->reason = arena_printf(grouping->arena, "thread (%d), %lld ms from " SV_FMT, weight,
                                (long long)gap, SV_ARG(key));
    return true;
}

static void
attach(struct grouping *grouping, size_t n, const size_t *declared, size_t declared_count)
{
    struct work_node *node = &grouping->nodes[n];
    assert(!node_opens(node) && node->incident == NO_NODE);
    struct choice best = {.node = NO_NODE, .aside = NO_NODE};
    size_t named = by_explicit_id(grouping, node);
    node->reason = SV("none");
    if (named != NO_NODE) {
        node->attached_to = named;
        node->reason = arena_printf(grouping->arena, "explicit " SV_FMT, SV_ARG(node->explicit_id));
    } else if (node->quiet != QUIET_NO_TROUBLE) {
        nearest(grouping, n, &best);
        size_t bounds = declared_for(grouping, declared, declared_count, n);
        if (follow_thread(grouping, node, &best)) {
            assert(node->reason.len > 0);
        } else if (best.node != NO_NODE) {
            node->attached_to = best.node;
            node->reason =
                pair_score_text(grouping->arena, &best.score, &grouping->nodes[best.node]);
        } else if (bounds != NO_NODE) {
            struct sv key = node_key_text(grouping->arena, &grouping->nodes[bounds]);
            node->attached_to = bounds;
            node->reason = arena_printf(grouping->arena, "declared bounds of " SV_FMT, SV_ARG(key));
        } else if (best.aside != NO_NODE) {
            node->reason = SV("talks of something else");
        }
    }
    if (node->quiet != QUIET_NOT)
        node->reason = quiet_text(grouping->arena, node);
    if (node->attached_to == NO_NODE)
        return;
    assert(node_opens(&grouping->nodes[node->attached_to]));
    node->incident = grouping->nodes[node->attached_to].incident;
}

/* What a series is called by, until the next call. */
static struct sv
name_of_series(struct strbuf *name, const struct work_node *node)
{
    strbuf_clear(name);
    strbuf_add_be32(name, (uint32_t)node->source.len);
    strbuf_add_sv(name, node->source);
    strbuf_add_sv(name, node->records[0]->fingerprint);
    return strbuf_view(name);
}

/*
 * Each node of talk knows its channel's last one: the attaching node before it in its series, if
 * that is talk that is judged, too.
 */
static void
find_before(struct grouping *grouping)
{
    struct counter last;
    struct strbuf scratch;
    counter_init(&last, grouping->arena);
    strbuf_init(&scratch, 0);
    for (size_t n = 0; n < grouping->node_count; n++) {
        struct work_node *node = &grouping->nodes[n];
        node->before = NO_NODE;
        if (grouping->rules == NULL || node_opens(node))
            continue;
        bool judged = topic_is_judged(grouping, node);
        struct sv name = name_of_series(&scratch, node);
        int64_t *place = counter_find(&last, name);
        if (place == NULL && judged)
            place = counter_at(&last, arena_copy(grouping->arena, name), -1);
        if (place == NULL)
            continue;
        if (judged && *place >= 0)
            node->before = (size_t)*place;
        *place = judged ? (int64_t)n : -1;
    }
    strbuf_release(&scratch);
}

void
attach_nodes(struct grouping *grouping)
{
    size_t *declared = ARENA_ARRAY(grouping->arena, size_t, grouping->node_count + 1), count = 0;
    for (size_t n = 0; n < grouping->node_count; n++)
        if (grouping->nodes[n].role == NODE_DECLARED && grouping->nodes[n].declaration != NULL)
            declared[count++] = n;
    find_before(grouping);
    for (size_t n = 0; n < grouping->node_count; n++)
        if (!node_opens(&grouping->nodes[n]) && grouping->nodes[n].reason.len == 0)
            attach(grouping, n, declared, count);
}
