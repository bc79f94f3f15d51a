/*
 * What of a run over a window is proven: see proof.h. From the borders of the window inwards: which
 * signs are true, which of them open truly, from where on the talk of each channel is known, which
 * stretches may be joined with what is not known, which nodes may hang on that.
 */
#include "correlate/candidate/proof.h"

#include <stdlib.h>

static int64_t
most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t
least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t
back_ms(enum rule rule)
{
    return reads_back(rule) / NS_PER_MS;
}

static int64_t
ahead_ms(enum rule rule)
{
    return reads_ahead(rule) / NS_PER_MS;
}

static int64_t
if_read(const struct candidate_finding *finding, enum window_rule rule, int64_t ms)
{
    return (finding->windows & rule) != 0 ? ms : 0;
}

void
proof_reads_of(const struct candidate_finding *finding, struct proof_reads *ret_reads)
{
    const struct correlation_config *config = finding->config;
    int64_t change_back =
        most(most(back_ms(RULE_TAKEN_BACK), back_ms(RULE_SET_BACK)), back_ms(RULE_ROUTINE_REVERT));
    const int64_t back[NODE_ROLES] = {
        [NODE_ALERT] = back_ms(RULE_LOG_ALONE),
        [NODE_DECLARED] = back_ms(RULE_LOG_ALONE),
        [NODE_CHANGE] = change_back,
        [NODE_LOG] = most(back_ms(RULE_NEW_LINE), back_ms(RULE_SURGE)),
        [NODE_CHAT] = back_ms(RULE_NAMED_CHANNEL),
    };
    const int64_t ahead[NODE_ROLES] = {
        [NODE_ALERT] = ahead_ms(RULE_LOG_ALONE),
        [NODE_DECLARED] = ahead_ms(RULE_LOG_ALONE),
        [NODE_CHANGE] = ahead_ms(RULE_ROUTINE_REVERT),
    };
    int64_t together = back_ms(RULE_TOGETHER);
    *ret_reads = (struct proof_reads){
        .together = if_read(finding, WINDOW_TOGETHER, together),
        .gap = if_read(finding, WINDOW_TALK_GAP, most(config->talk_gap_ms, together)),
        .span = if_read(finding, WINDOW_TALK_SPAN, config->max_span_ms),
        .since = if_read(finding, WINDOW_SINCE, most(back_ms(RULE_REPORTED), change_back)),
        .near = if_read(finding, WINDOW_NEAR, ahead_ms(RULE_SAME_TROUBLE)),
        .before = if_read(finding, WINDOW_BOUNDS, most(config->bounds_before_ms, together)),
        .after = if_read(finding, WINDOW_BOUNDS, config->bounds_after_change_ms),
        .whole_nodes = (finding->windows & WINDOW_WHOLE_NODES) != 0,
        .kept_outside = (finding->windows & WINDOW_KEPT_OUTSIDE) != 0,
    };
    for (size_t role = 0; role < NODE_ROLES; role++) {
        ret_reads->back[role] = if_read(finding, WINDOW_SIGN_BACK, back[role]);
        ret_reads->ahead[role] = if_read(finding, WINDOW_SIGN_AHEAD, ahead[role]);
        ret_reads->most_back = most(ret_reads->most_back, ret_reads->back[role]);
        ret_reads->most_ahead = most(ret_reads->most_ahead, ret_reads->ahead[role]);
    }
}

/* ------------------------------------------------------------------ a run */

static int
interval_order(const void *left, const void *right)
{
    const struct interval *a = left, *b = right;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->to < b->to ? -1 : a->to > b->to;
}

static void
make_blocks(struct arena *arena, const struct candidate_trace *trace, struct proof_run *run)
{
    struct interval *blocks = ARENA_ARRAY(arena, struct interval, trace->reach_count + 1);
    size_t made = 0;
    for (size_t i = 0; i < trace->reach_count; i++)
        blocks[i] = (struct interval){trace->reaches[i].from_ns / NS_PER_MS,
                                      trace->reaches[i].to_ns / NS_PER_MS + 1};
    if (trace->reach_count > 1)
        qsort(blocks, trace->reach_count, sizeof(*blocks), interval_order);
    for (size_t i = 0; i < trace->reach_count; i++)
        if (made > 0 && blocks[i].from <= blocks[made - 1].to + run->reads->near)
            blocks[made - 1].to = most(blocks[made - 1].to, blocks[i].to);
        else
            blocks[made++] = blocks[i];
    run->blocks = blocks;
    run->block_count = made;
}

static int
talk_order(const void *left, const void *right)
{
    const struct talk_node *a = left, *b = right;
    int order = sv_cmp(a->place, b->place);
    return order != 0 ? order : a->node < b->node ? -1 : a->node > b->node;
}

void
proof_run_init(struct arena *arena, const struct candidate_trace *trace, struct proof_run *run)
{
    run->hangs = trace->hangs;
    make_blocks(arena, trace, run);
    run->talk = ARENA_ARRAY(arena, struct talk_node, run->count + 1);
    for (size_t n = 0; n < run->count; n++)
        if (run->loose[n] && run->nodes[n].role == NODE_CHAT)
            run->talk[run->talk_count++] = (struct talk_node){node_place(arena, &run->nodes[n]), n};
    if (run->talk_count > 1)
        qsort(run->talk, run->talk_count, sizeof(*run->talk), talk_order);
}

/* ------------------------------------------------------------------ borders of nodes */

/* An interval with all nodes of talk and changes that overlap it. */
static struct interval
with_whole_nodes(const struct proof_reads *reads, const struct proof_run *run,
                 struct interval interval)
{
    struct interval whole = interval;
    for (size_t n = 0; run != NULL && reads->whole_nodes && n < run->count; n++) {
        const struct work_node *node = &run->nodes[n];
        if ((node->role != NODE_CHAT && node->role != NODE_CHANGE) ||
            node->first_ms > interval.to || node->last_ms < interval.from)
            continue;
        whole.from = least(whole.from, node->first_ms);
        whole.to = most(whole.to, node->last_ms);
    }
    return whole;
}

static struct interval
at_moment(const struct proof_run *run, int64_t ms)
{
    return with_whole_nodes(run->reads, run, (struct interval){ms, ms});
}

/* ------------------------------------------------------------------ talk */

/*
 * Of the nodes of one place, the first of which it is certain that no talk goes on up to it,
 * whatever opened before this time; their number if there is none. Sets how far those before reach.
 */
static size_t
first_certain(const struct proof_run *run, const struct talk_node *talk, size_t count, int64_t ms,
              int64_t *ret_reach)
{
    const struct proof_reads *reads = run->reads;
    int64_t opened = INT64_MIN, reach = run->window.from;
    size_t i = 0;
    *ret_reach = INT64_MIN;
    for (; i < count; i++) {
        const struct work_node *node = &run->nodes[talk[i].node];
        int64_t first = node->first_ms;
        if (first > ms && (first - reads->gap > reach ||
                           (first - reads->span > ms && first - reads->span > opened)))
            break;
        reach = most(reach, node->last_ms);
        *ret_reach = most(*ret_reach, node->last_ms);
        if (node->opens_candidate)
            opened = most(opened, node->last_ms);
    }
    return i;
}

/* From when on it is known of all talk which stretch it is in, if signs open truly from `ms` on. */
static int64_t
talk_known_from(const struct proof_run *run, int64_t ms)
{
    int64_t known = ms, reach;
    for (size_t from = 0, to; from < run->talk_count; from = to) {
        for (to = from + 1;
             to < run->talk_count && sv_eq(run->talk[to].place, run->talk[from].place);)
            to++;
        first_certain(run, &run->talk[from], to - from, ms, &reach);
        known = most(known, reach);
    }
    return known;
}

/* ------------------------------------------------------------------ what is known */

/* Stretches that begin after it are those of the whole, and so is what is joined of them. */
static int64_t
known_from(const struct proof_run *run)
{
    const struct proof_reads *reads = run->reads;
    int64_t signs = at_moment(run, run->window.from).to + reads->most_back;
    int64_t opens = at_moment(run, signs).to + 1 + reads->together;
    int64_t known = talk_known_from(run, opens);
    for (size_t i = 0; i < run->block_count && run->blocks[i].from <= known + reads->near; i++)
        known = most(known, run->blocks[i].to);
    return known;
}

/* The same of those that end before it. */
static int64_t
known_to(const struct proof_run *run)
{
    const struct proof_reads *reads = run->reads;
    int64_t signs = run->window.to - reads->most_ahead;
    int64_t opens = at_moment(run, signs - reads->together).from;
    int64_t known = least(signs - reads->since, opens - reads->gap);
    for (size_t i = run->block_count; i-- > 0 && run->blocks[i].to + reads->near >= known;)
        known = least(known, run->blocks[i].from);
    return known;
}

/* A moment not after (or not before) this one that lies in no stretch, nor within a gap before one.
 */
static int64_t
gap_near(const struct proof_run *run, int64_t ms, bool before)
{
    for (size_t i = 0; i < run->block_count; i++) {
        const struct interval *block = &run->blocks[i];
        if (block->from <= ms + run->reads->near && block->to > ms)
            return before ? block->from - run->reads->near - 1 : block->to;
    }
    return ms;
}

/* ------------------------------------------------------------------ what changed */

void
proof_zone_of(const struct proof_reads *reads, const struct proof_run *run,
              const struct candidate_dirt *dirt, size_t count, struct proof_zone *ret_zone)
{
    *ret_zone = (struct proof_zone){INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < count; i++) {
        struct interval at = {dirt[i].from_ms, dirt[i].to_ms};
        at = with_whole_nodes(reads, run, at);
        at.from -= reads->ahead[dirt[i].role];
        at.to += reads->back[dirt[i].role];
        struct interval signs = with_whole_nodes(reads, run, at);
        struct interval opens = {signs.from - reads->together, signs.to + reads->together};
        opens = with_whole_nodes(reads, run, opens);
        int64_t from = opens.from - reads->gap;
        if (dirt[i].role == NODE_CHANGE)
            from = least(from, signs.from - reads->since);
        ret_zone->stretches_from = least(ret_zone->stretches_from, from - reads->near - 1);
        ret_zone->opens_to = most(ret_zone->opens_to, opens.to);
    }
}

/* ------------------------------------------------------------------ nodes that hang on bounds */

/* How far a node's candidate starts from where it begins; -1: it has none. */
static int64_t
distance_of(const struct proof_run *run, size_t n)
{
    size_t root = run->nodes[n].incident;
    if (root == NO_NODE)
        return -1;
    int64_t from = run->nodes[root].candidate->from_ns / NS_PER_MS, at = run->nodes[n].first_ms;
    return at > from ? at - from : from - at + 1;
}

/*
 * True if what the node is kept with is known to be the nearest of all that lies outside of what
 * changed; then it stays there, or hangs on what the window gave it.
 */
static int
judge_kept(const struct proof_run *run, const struct window_source *source,
           const struct interval *known, size_t n, struct proof *proof, bool *ret_known,
           struct err *err)
{
    struct candidate_reach on = {0};
    enum window_kept kept = KEPT_UNKNOWN;
    const struct work_node *node = &run->nodes[n];
    if (source->kept != NULL && source->kept(source->context, node, &kept, &on, err) != 0)
        return -1;
    int64_t at = node->first_ms * NS_PER_MS, distance = INT64_MAX;
    bool found_known = true;
    if (node->incident != NO_NODE) {
        int64_t start = run->nodes[node->incident].candidate->from_ns;
        found_known = start / NS_PER_MS > known->from;
        distance = at > start ? at - start : start - at;
    }
    if (!found_known) /* what is known starts farther away, and later */
        distance = (known->from - node->first_ms) * NS_PER_MS;
    *ret_known = kept == KEPT_LOOSE && found_known;
    if (kept != KEPT_HANGS)
        return 0;
    int64_t from = on.from_ns / NS_PER_MS, to = on.to_ns / NS_PER_MS + 1;
    if (run->reads->kept_outside && to >= proof->changed.from && from <= proof->changed.to)
        return 0;
    int64_t other = at > on.from_ns ? at - on.from_ns : on.from_ns - at;
    proof->stays[n] = other < distance || (other == distance && from < proof->changed.from);
    *ret_known = proof->stays[n] || found_known;
    return 0;
}

/* A candidate that is not known may hold a node, and start nearer to it. */
static int
judge_hanging(const struct proof_run *run, const struct window_source *source,
              const struct interval *known, size_t n, struct proof *proof, struct err *err)
{
    const struct work_node *node = &run->nodes[n];
    int64_t distance = distance_of(run, n);
    bool is_known = false;
    if (node->last_ms + run->reads->before >= known->to &&
        (distance < 0 || known->to - node->first_ms <= distance + 1))
        proof->short_after = true;
    if (node->first_ms - run->reads->after > known->from ||
        (distance >= 0 && node->first_ms - known->from > distance + 1))
        return 0;
    if (judge_kept(run, source, known, n, proof, &is_known, err) != 0)
        return -1;
    proof->short_before = proof->short_before || !is_known;
    return 0;
}

/* What is in a stretch is known where all stretches are. */
static int
judge_node(const struct proof_run *run, const struct window_source *source,
           const struct interval *known, size_t n, struct proof *proof, struct err *err)
{
    if (run->hangs[n])
        return judge_hanging(run, source, known, n, proof, err);
    if (run->nodes[n].first_ms <= known->from)
        proof->short_before = true;
    if (run->nodes[n].last_ms >= known->to)
        proof->short_after = true;
    return 0;
}

int
proof_of(const struct proof_run *run, const struct window_source *source,
         const struct candidate_dirt *dirt, size_t count, struct proof *proof, struct err *err)
{
    const struct proof_reads *reads = run->reads;
    struct interval known = {known_from(run), known_to(run)};
    struct proof_zone zone;
    proof_zone_of(reads, run, dirt, count, &zone);
    struct interval changed = {gap_near(run, zone.stretches_from, true),
                               gap_near(run, talk_known_from(run, zone.opens_to), false)};
    proof->changed = changed;
    proof->interior = (struct interval){changed.from - reads->before, changed.to + reads->after};
    proof->short_before = changed.from < known.from;
    proof->short_after = changed.to + reads->near >= known.to;
    if (proof->short_before || proof->short_after)
        return 0;
    for (size_t n = 0; n < run->count; n++)
        if (run->loose[n] && run->nodes[n].first_ms <= proof->interior.to &&
            run->nodes[n].last_ms >= proof->interior.from &&
            judge_node(run, source, &known, n, proof, err) != 0)
            return -1;
    return 0;
}
