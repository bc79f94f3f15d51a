/*
 * correlate_run(): dedup, grouping, then the timeline of each incident. See correlation.h for the
 * contract and docs/correlation.md for the definitions.
 */
#include "correlate/run.h"

#include "correlate/candidate/candidates.h"
#include "correlate/tell.h"

struct run {
    struct arena *arena; /* of the result */
    const struct correlation_config *config;
    struct teller teller;
    struct quiet_alerts quiet;
    struct suppress_rules suppress;
    struct service_graph graph;
    struct candidate_rules candidates;
    struct deduped deduped;
    struct grouping grouping;
    struct background background;
    struct deciding deciding;
    const int64_t *hours;
    size_t hour_count;
};

static void
group(struct run *run, const struct correlation_input *input)
{
    size_t used = 0;
    dedup(run->arena, input, &run->deduped);
    const struct observation **kept = run->deduped.kept;
    size_t count = run->deduped.count;
    struct work_record *records =
        ARENA_ARRAY(run->arena, struct work_record, count + input->declaration_count + 1);
    for (size_t i = 0; i < count; i++)
        used += record_of(run->arena, &run->quiet, kept[i], input->scope, &records[used]);
    suppress_records(run->arena, &run->suppress, run->config, records, used);
    int64_t *hours = ARENA_ARRAY(run->arena, int64_t, used + 1);
    run->hour_count = tell_hours(records, used, hours);
    run->hours = hours;
    used += records_of_declarations(run->arena, input, &run->deciding, records + used);
    grouping_run(run->arena, run->config, &run->graph, &run->teller.rules, records, used,
                 &run->grouping);
    background_init(run->arena, run->grouping.nodes, run->grouping.node_count, &run->background);
    candidates_find(run->arena, &run->candidates, &run->teller.rules, &run->background,
                    &run->grouping);
}

/* All changes are the context of whatever is near them. */
static void
tell(struct run *run, struct told *ret_told)
{
    const struct grouping *grouping = &run->grouping;
    const struct work_node **changes =
        ARENA_ARRAY(run->arena, const struct work_node *, grouping->node_count + 1);
    struct tell_input input = {.nodes = grouping->nodes,
                               .node_count = grouping->node_count,
                               .changes = changes,
                               .background = &run->background,
                               .hours = run->hours,
                               .hour_count = run->hour_count,
                               .deciding = &run->deciding};
    for (size_t n = 0; n < grouping->node_count; n++)
        if (grouping->nodes[n].role == NODE_CHANGE)
            changes[input.change_count++] = &grouping->nodes[n];
    tell_incidents(run->arena, &run->teller, &input, ret_told);
}

int
correlate_run(struct arena *arena, const struct correlation_input *input,
              const struct correlation_config *config, struct correlation *ret_correlation,
              struct err *err)
{
    struct run run = {.arena = arena, .config = config};
    struct told told;
    if (teller_init(arena, config, input->scope, &run.teller, err) != 0)
        return -1;
    if (quiet_alerts_read(arena, correlation_quiet_alerts(config), &run.quiet, err) != 0)
        return -1;
    if (suppress_rules_read(arena, config->suppress, &run.suppress, err) != 0)
        return -1;
    if (service_graph_read(arena, config->graph, &run.graph, err) != 0)
        return -1;
    if (candidate_rules_read(arena, correlation_candidates(config), &run.candidates, err) != 0)
        return -1;
    deciding_init(arena, input->decisions, input->decision_count, &run.deciding);
    group(&run, input);
    deciding_find(&run.deciding, run.grouping.nodes, run.grouping.node_count);
    deciding_regroup(&run.deciding, run.grouping.nodes, run.grouping.node_count);
    tell(&run, &told);
    *ret_correlation = (struct correlation){
        .scope = input->scope,
        .nodes = told.nodes,
        .node_count = run.grouping.node_count,
        .incidents = told.incidents,
        .incident_count = told.incident_count,
        .deliveries = run.deduped.deliveries,
        .delivery_count = run.deduped.delivery_count,
    };
    ret_correlation->node_count +=
        decide_loose(&run.deciding, told.nodes + ret_correlation->node_count);
    return 0;
}
