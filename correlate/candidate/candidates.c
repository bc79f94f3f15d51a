/*
 * Candidates: see candidates.h. Stretches near each other are one candidate, but for those of two
 * channels that are each named after an incident; what lies within its bounds and belongs to
 * nothing is attached. Called by correlate_run().
 */
#include "correlate/candidate/candidates.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "correlate/candidate/stretches.h"

struct making {
    struct arena *arena;   /* of the result */
    struct arena *scratch; /* of the signs and stretches */
    struct grouping *grouping;
    struct signs signs;
    struct stretches stretches;
    struct candidate *candidates; /* in order of their start */
    size_t count;
    size_t *owner;      /* per node: the candidate whose stretch has it, else SIZE_MAX */
    size_t *near;       /* per node: the candidate whose bounds hold it, else SIZE_MAX */
    bool *tells;        /* per node: it has a sign */
    size_t *first_sign; /* per node: the first sign of it that opens, else SIZE_MAX */
    int64_t longest_ns; /* of the candidates */
};

/* ------------------------------------------------------------------------ joining */

static size_t
root_of(struct stretches *stretches, size_t c)
{
    while (stretches->at[c].candidate != c) {
        stretches->at[c].candidate = stretches->at[stretches->at[c].candidate].candidate;
        c = stretches->at[c].candidate;
    }
    return c;
}

/* Changes of two sources have nothing in common but the time. */
static bool
may_join(const struct stretch *a, const struct stretch *b)
{
    if (!a->talk && !b->talk)
        return sv_eq(a->place, b->place);
    return !(a->named && b->named) || sv_eq(a->place, b->place);
}

/* A group keeps what its first stretch is known by: named after an incident, talked about. */
static void
join(struct stretches *stretches, size_t a, size_t b, int64_t most_ns)
{
    size_t low = root_of(stretches, a), high = root_of(stretches, b);
    if (low == high || !may_join(&stretches->at[low], &stretches->at[high]))
        return;
    if (low > high) {
        size_t other = low;
        low = high;
        high = other;
    }
    struct stretch *into = &stretches->at[low];
    const struct stretch *from = &stretches->at[high];
    if (from->to_ns - into->from_ns > most_ns)
        return;
    stretches->at[high].candidate = low;
    into->log = into->log && from->log;
    into->to_ns = from->to_ns > into->to_ns ? from->to_ns : into->to_ns;
    if ((from->named && !into->named) || (from->talk && !into->talk)) {
        into->place = from->place;
        into->named = from->named;
        into->talk = true;
    }
}

static void
join_stretches(struct stretches *stretches, int64_t most_ns)
{
    int64_t near = reads_ahead(RULE_SAME_TROUBLE);
    for (size_t c = 0; c < stretches->count; c++)
        stretches->at[c].candidate = c;
    for (size_t a = 0; a < stretches->count; a++)
        for (size_t b = a + 1;
             b < stretches->count && stretches->at[b].from_ns <= stretches->at[a].to_ns + near; b++)
            join(stretches, a, b, most_ns);
}

/* ------------------------------------------------------------------------ members */

/* Nodes of the stretches: the first candidate that has one keeps it. */
static void
take_stretches(struct making *making)
{
    struct stretches *stretches = &making->stretches;
    size_t *numbers = ARENA_ARRAY(making->scratch, size_t, stretches->count + 1);
    making->candidates = ARENA_ARRAY(making->arena, struct candidate, stretches->count + 1);
    for (size_t c = 0; c < stretches->count; c++) {
        const struct stretch *stretch = &stretches->at[c];
        size_t root = root_of(stretches, c);
        if (root == c) {
            numbers[c] = making->count;
            making->candidates[making->count++] = (struct candidate){.root = NO_NODE,
                                                                     .from_ns = stretch->from_ns,
                                                                     .to_ns = stretch->to_ns,
                                                                     .talk = stretch->talk,
                                                                     .log = stretch->log,
                                                                     .place = stretch->place};
        }
        struct candidate *candidate = &making->candidates[numbers[root]];
        candidate->wide = candidate->wide || stretch->wide;
        candidate->to_ns = stretch->to_ns > candidate->to_ns ? stretch->to_ns : candidate->to_ns;
        for (size_t i = 0; i < stretch->node_count; i++)
            if (making->owner[stretch->nodes[i]] == SIZE_MAX)
                making->owner[stretch->nodes[i]] = numbers[root];
    }
}

static int64_t
bounds_before(const struct making *making)
{
    return making->grouping->config->bounds_before_ms * NS_PER_MS;
}

static int64_t
bounds_after(const struct making *making)
{
    return making->grouping->config->bounds_after_change_ms * NS_PER_MS;
}

/* Changes and admin logs of a while before count, other talk only where it tells something. */
static bool
within(const struct making *making, const struct candidate *candidate, size_t n)
{
    const struct work_node *node = &making->grouping->nodes[n];
    const struct event *event = &node->records[0]->observation->event;
    int64_t first = node->first_ms * NS_PER_MS, last = node->last_ms * NS_PER_MS;
    bool ambient = node->role == NODE_CHANGE || event->kind == EVENT_NOTE;
    if (node->role == NODE_CHAT && !ambient && !making->tells[n])
        return false;
    if (!candidate->talk && !candidate->wide && !sv_eq(node->source, candidate->place))
        return false;
    ambient = ambient || !candidate->talk;
    return last >=
               candidate->from_ns - (ambient ? bounds_before(making) : reads_back(RULE_TOGETHER)) &&
           first <= candidate->to_ns + (ambient ? bounds_after(making) : 0);
}

/* The first candidate that does not begin before this time. */
static size_t
first_from(const struct making *making, int64_t ns)
{
    size_t low = 0, high = making->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (making->candidates[middle].from_ns < ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The candidate whose bounds hold the node and whose start is nearest. */
static size_t
candidate_for(const struct making *making, size_t n)
{
    const struct work_node *node = &making->grouping->nodes[n];
    int64_t at = node->first_ms * NS_PER_MS, until = node->last_ms * NS_PER_MS;
    int64_t best_distance = INT64_MAX, most_before = bounds_before(making);
    size_t best = SIZE_MAX;
    if (most_before < reads_back(RULE_TOGETHER))
        most_before = reads_back(RULE_TOGETHER);
    for (size_t c = first_from(making, at - making->longest_ns - bounds_after(making));
         c < making->count && making->candidates[c].from_ns <= until + most_before; c++) {
        const struct candidate *candidate = &making->candidates[c];
        if (candidate->root == NO_NODE || !within(making, candidate, n))
            continue;
        int64_t distance =
            at > candidate->from_ns ? at - candidate->from_ns : candidate->from_ns - at;
        if (distance < best_distance) {
            best = c;
            best_distance = distance;
        }
    }
    return best;
}

static void
attach_near(struct making *making)
{
    for (size_t c = 0; c < making->count; c++) {
        const struct candidate *candidate = &making->candidates[c];
        if (candidate->to_ns - candidate->from_ns > making->longest_ns)
            making->longest_ns = candidate->to_ns - candidate->from_ns;
    }
    for (size_t n = 0; n < making->grouping->node_count; n++)
        if (node_is_loose(&making->grouping->nodes[n]) && making->owner[n] == SIZE_MAX)
            making->near[n] = candidate_for(making, n);
}

/* ------------------------------------------------------------------------ reasons */

/* In words: "people told of trouble in #ops". */
static struct sv
sign_words(struct arena *arena, const struct sign *sign)
{
    static const char *const words[] = {
#define SIGN(name, word, about) about,
#include "correlate/candidate/signs.def"
    };
    const char *about = words[sign->kind], *place = strchr(about, '@');
    assert(place != NULL);
    return arena_printf(arena, "%.*s" SV_FMT "%s", (int)(place - about), about, SV_ARG(sign->place),
                        place + 1);
}

static void
add_reason(struct making *making, struct candidate *candidate, const struct sign *sign)
{
    struct sv text = sign_words(making->arena, sign);
    for (size_t i = 0; i < candidate->because_count; i++)
        if (sv_eq(candidate->because[i], text))
            return;
    if (candidate->because_count == BECAUSE_MAX)
        return;
    if (candidate->because == NULL)
        candidate->because = ARENA_ARRAY(making->arena, struct sv, BECAUSE_MAX);
    candidate->because[candidate->because_count++] = text;
}

/* Which sign's words name it best: the earlier in this list, of equals the earlier in time. */
static size_t
title_rank(enum sign_kind kind)
{
    static const enum sign_kind best[] = {SIGN_DECLARED, SIGN_TOPIC,    SIGN_TROUBLE,
                                          SIGN_PAGED,    SIGN_ROLLBACK, SIGN_RESPONSE};
    size_t rank = 0;
    while (rank < sizeof(best) / sizeof(best[0]) && best[rank] != kind)
        rank++;
    return rank;
}

/* What opened each candidate, in order of time, and its title. */
static void
set_words(struct making *making)
{
    const struct signs *signs = &making->signs;
    const struct sign **named =
        ARENA_ARRAY(making->scratch, const struct sign *, making->count + 1);
    for (size_t i = 0; i < signs->count; i++) {
        const struct sign *sign = &signs->at[i];
        size_t c = sign->opens ? making->owner[sign->node] : SIZE_MAX;
        if (c == SIZE_MAX)
            continue;
        bool more = sign->kind == SIGN_TAKEN_BACK && i + 1 < signs->count &&
                    sign[1].kind == SIGN_SOON && sign[1].node == sign->node;
        if (!more) /* the next one says it, and how soon */
            add_reason(making, &making->candidates[c], sign);
        if (named[c] == NULL || title_rank(sign->kind) < title_rank(named[c]->kind))
            named[c] = sign;
    }
    for (size_t c = 0; c < making->count; c++) {
        struct candidate *candidate = &making->candidates[c];
        candidate->place = arena_copy(making->arena, candidate->place);
        if (named[c] != NULL)
            candidate->title = named[c]->kind == SIGN_NAMED_CHANNEL
                                   ? candidate->place
                                   : text_title(making->arena, named[c]->text);
    }
}

static void
set_opening(struct making *making)
{
    for (size_t i = 0; i < making->signs.count; i++) {
        const struct sign *sign = &making->signs.at[i];
        if (!sign->opens)
            continue;
        making->grouping->nodes[sign->node].opens_candidate = true;
        if (sign->taken_back != NO_NODE)
            making->grouping->nodes[sign->taken_back].opens_candidate = true;
    }
    for (size_t n = 0; n < making->grouping->node_count; n++) {
        size_t owner = making->owner[n];
        if (owner != SIZE_MAX && making->grouping->nodes[n].opens_candidate &&
            making->candidates[owner].root == NO_NODE)
            making->candidates[owner].root = n;
    }
}

/* Why the node is in its candidate: its signs, or whose talk or bounds it is in. */
static struct sv
node_reason(struct making *making, size_t n, size_t c)
{
    const struct work_node *node = &making->grouping->nodes[n];
    const struct candidate *candidate = &making->candidates[c];
    if (making->first_sign[n] != SIZE_MAX) {
        struct sv words = sign_words(making->scratch, &making->signs.at[making->first_sign[n]]);
        return arena_printf(making->arena, CANDIDATE_OPENS SV_FMT, SV_ARG(words));
    }
    if (node->opens_candidate)
        return SV(CANDIDATE_OPENS "it was taken back");
    return arena_printf(making->arena, "%s " SV_FMT,
                        making->owner[n] != SIZE_MAX ? "talk goes on in"
                                                     : "bounds of the candidate in",
                        SV_ARG(candidate->place));
}

static void
finish(struct making *making)
{
    struct work_node *nodes = making->grouping->nodes;
    for (size_t i = making->signs.count; i-- > 0;)
        if (making->signs.at[i].opens)
            making->first_sign[making->signs.at[i].node] = i;
    for (size_t c = 0; c < making->count; c++)
        if (making->candidates[c].root != NO_NODE)
            nodes[making->candidates[c].root].candidate = &making->candidates[c];
    for (size_t n = 0; n < making->grouping->node_count; n++) {
        size_t c = making->owner[n] != SIZE_MAX ? making->owner[n] : making->near[n];
        if (c == SIZE_MAX || making->candidates[c].root == NO_NODE)
            continue;
        nodes[n].incident = making->candidates[c].root;
        nodes[n].reason = node_reason(making, n, c);
    }
}

static size_t *
none_of(struct arena *arena, size_t count)
{
    size_t *list = ARENA_ARRAY(arena, size_t, count + 1);
    for (size_t n = 0; n < count; n++)
        list[n] = SIZE_MAX;
    return list;
}

/* Where stretches lie, before they are joined, and where some could if more signs opened. */
static void
trace_reaches(const struct making *making, struct candidate_trace *trace)
{
    const struct signs *signs = &making->signs;
    const struct stretches *stretches = &making->stretches;
    struct candidate_reach *reaches =
        ARENA_ARRAY(making->arena, struct candidate_reach, signs->count + stretches->count + 1);
    for (size_t i = 0; i < signs->count; i++)
        if (making->grouping->nodes[signs->at[i].node].role != NODE_CHAT)
            reaches[trace->reach_count++] =
                (struct candidate_reach){signs->at[i].since_ns, signs->at[i].ns};
    for (size_t i = 0; i < stretches->count; i++)
        if (stretches->at[i].talk)
            reaches[trace->reach_count++] =
                (struct candidate_reach){stretches->at[i].from_ns, stretches->at[i].to_ns};
    trace->reaches = reaches;
}

/* Nodes of no stretch that bounds may hold: see within(). */
static void
trace_hanging(const struct making *making, struct candidate_trace *trace)
{
    size_t count = making->grouping->node_count;
    bool *hangs = ARENA_ARRAY(making->arena, bool, count + 1);
    for (size_t n = 0; n < count; n++) {
        const struct work_node *node = &making->grouping->nodes[n];
        hangs[n] = node_is_loose(node) && making->owner[n] == SIZE_MAX &&
                   (node->role != NODE_CHAT || making->tells[n] ||
                    node->records[0]->observation->event.kind == EVENT_NOTE);
    }
    trace->hangs = hangs;
}

void
candidates_find(struct arena *arena, const struct candidate_rules *rules,
                const struct phrase_rules *phrases, const struct background *background,
                const struct people_known *people, struct grouping *grouping,
                struct candidate_trace *ret_trace)
{
    struct arena scratch;
    size_t nodes = grouping->node_count;
    arena_init(&scratch, 0);
    struct making making = {.arena = arena, .scratch = &scratch, .grouping = grouping};
    candidate_signs(&scratch, rules, phrases, background, people, grouping, &making.signs);
    stretches_find(&scratch, grouping, &making.signs, &making.stretches);
    making.owner = none_of(&scratch, nodes);
    making.near = none_of(&scratch, nodes);
    making.first_sign = none_of(&scratch, nodes);
    making.tells = ARENA_ARRAY(&scratch, bool, nodes + 1);
    for (size_t i = 0; i < making.signs.count; i++)
        making.tells[making.signs.at[i].node] = true;
    if (ret_trace != NULL) {
        *ret_trace = (struct candidate_trace){.reaches = NULL};
        trace_reaches(&making, ret_trace);
    }
    join_stretches(&making.stretches, grouping->config->max_span_ms * NS_PER_MS);
    take_stretches(&making);
    set_opening(&making);
    attach_near(&making);
    set_words(&making);
    if (ret_trace != NULL)
        trace_hanging(&making, ret_trace);
    finish(&making);
    arena_release(&scratch);
}

/* What only changes tell of is kept and counted; what people talk of is raised. */
void
candidate_head(const struct candidate *candidate, struct incident *incident)
{
    incident->opened = candidate->talk ? OPENED_TALK : candidate->log ? OPENED_LOG : OPENED_CHANGE;
    incident->raised = candidate->talk;
    incident->first_ns = candidate->from_ns;
    incident->last_ns = candidate->to_ns;
    incident->title = candidate->title;
    incident->place = candidate->place;
    incident->because = candidate->because;
    incident->because_count = candidate->because_count;
}
