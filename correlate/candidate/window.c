/*
 * Candidates in a window: see window.h. Called by who keeps candidates and knows what changed.
 */
#include "correlate/candidate/window.h"

#include "correlate/candidate/proof.h"

#define WIDER_LEAST_MS INT64_C(3600000)

struct asking {
    struct arena *arena;
    const struct candidate_finding *finding;
    const struct window_source *source;
    const struct candidate_dirt *dirt;
    size_t dirt_count;
    struct proof_reads reads;
    struct interval least; /* without what lies around it */
    int64_t before, after; /* what is read around it */
};

/* What signs of the least interval read, and what hides those beyond it. */
static void
begin(struct asking *asking)
{
    struct proof_reads *reads = &asking->reads;
    struct proof_zone zone;
    proof_reads_of(asking->finding, reads);
    proof_zone_of(reads, NULL, asking->dirt, asking->dirt_count, &zone);
    asking->least =
        (struct interval){zone.stretches_from - reads->before, zone.opens_to + reads->after};
    asking->before = reads->after + reads->together + reads->most_back;
    asking->after =
        reads->before + reads->near + reads->most_ahead +
        (reads->since > reads->together + reads->gap ? reads->since : reads->together + reads->gap);
}

/* The loose nodes of the interior; what stays is on no candidate of the window. */
static void
list_loose(struct asking *asking, const bool *loose, const struct proof *proof,
           struct work_node *nodes, struct candidate_window *window)
{
    size_t *places = ARENA_ARRAY(asking->arena, size_t, window->node_count + 1);
    window->loose_count = 0;
    for (size_t n = 0; n < window->node_count; n++) {
        if (loose[n] && nodes[n].first_ms <= proof->interior.to &&
            nodes[n].last_ms >= proof->interior.from)
            places[window->loose_count++] = n;
        if (proof->stays[n])
            nodes[n].incident = NO_NODE;
    }
    window->loose = places;
    window->nodes = nodes;
    window->stays = proof->stays;
}

static int
run_once(struct asking *asking, struct candidate_window *window, struct proof *ret_proof,
         struct err *err)
{
    const struct candidate_finding *finding = asking->finding;
    struct window_nodes read;
    struct candidate_trace trace;
    window->read_from_ms = asking->least.from - asking->before;
    window->read_to_ms = asking->least.to + asking->after;
    if (asking->source->read(asking->source->context, asking->arena, window->read_from_ms,
                             window->read_to_ms, &read, err) != 0)
        return -1;
    bool *loose = ARENA_ARRAY(asking->arena, bool, read.count + 1);
    for (size_t n = 0; n < read.count; n++)
        loose[n] = node_is_loose(&read.nodes[n]);
    struct grouping grouping = {.arena = asking->arena,
                                .config = finding->config,
                                .nodes = read.nodes,
                                .node_count = read.count};
    struct background background = *read.background;
    background.known_from_ms = window->read_from_ms + asking->reads.back[NODE_LOG];
    candidates_find(asking->arena, finding->rules, finding->phrases, &background, finding->people,
                    &grouping, &trace);
    struct proof_run run = {.reads = &asking->reads,
                            .window = {window->read_from_ms, window->read_to_ms},
                            .nodes = read.nodes,
                            .count = read.count,
                            .loose = loose};
    proof_run_init(asking->arena, &trace, &run);
    *ret_proof = (struct proof){.stays = ARENA_ARRAY(asking->arena, bool, read.count + 1)};
    if (proof_of(&run, asking->source, asking->dirt, asking->dirt_count, ret_proof, err) != 0)
        return -1;
    window->node_count = read.count;
    list_loose(asking, loose, ret_proof, read.nodes, window);
    return 0;
}

/* Twice as far; false: no farther. */
static bool
widen(int64_t *ms)
{
    if (*ms >= CANDIDATE_WINDOW_MAX_MS)
        return false;
    *ms = *ms < WIDER_LEAST_MS ? WIDER_LEAST_MS : 2 * *ms;
    if (*ms > CANDIDATE_WINDOW_MAX_MS)
        *ms = CANDIDATE_WINDOW_MAX_MS;
    return true;
}

int
candidate_window(struct arena *arena, const struct candidate_finding *finding,
                 const struct window_source *source, const struct candidate_dirt *dirt,
                 size_t count, struct candidate_window *ret_window, struct err *err)
{
    struct asking asking = {
        .arena = arena, .finding = finding, .source = source, .dirt = dirt, .dirt_count = count};
    struct candidate_window window = {.proven = false};
    struct proof proof;
    bool wider = true;
    begin(&asking);
    while (wider) {
        if (run_once(&asking, &window, &proof, err) != 0)
            return -1;
        window.runs++;
        window.proven = !proof.short_before && !proof.short_after;
        wider = !window.proven && (!proof.short_before || widen(&asking.before)) &&
                (!proof.short_after || widen(&asking.after));
    }
    window.from_ms = proof.interior.from;
    window.to_ms = proof.interior.to;
    *ret_window = window;
    return 0;
}
