/*
 * correlate_run(): a scope is grouped whole, then all its incidents are told. See correlation.h for
 * the contract and docs/correlation.md for the definitions.
 */
#include "correlate/grouped.h"

int
correlate_grouped(struct arena *arena, const struct correlation_input *input,
                  const struct correlation_config *config, struct grouped *grouped,
                  struct correlation *ret_correlation, struct err *err)
{
    struct teller *teller = ARENA_NEW(arena, struct teller);
    struct tell_input tell_input;
    struct told told;
    if (teller_init(arena, config, input->scope, teller, err) != 0 ||
        grouped_make(arena, teller, input, grouped, err) != 0)
        return -1;
    grouped_input(arena, grouped, &tell_input);
    tell_incidents(arena, teller, &tell_input, &told);
    *ret_correlation = (struct correlation){
        .scope = input->scope,
        .nodes = told.nodes,
        .node_count = tell_input.node_count,
        .incidents = told.incidents,
        .incident_count = told.incident_count,
        .deliveries = grouped->deduped.deliveries,
        .delivery_count = grouped->deduped.delivery_count,
    };
    ret_correlation->node_count +=
        decide_loose(&grouped->deciding, told.nodes + ret_correlation->node_count);
    return 0;
}

int
correlate_run(struct arena *arena, const struct correlation_input *input,
              const struct correlation_config *config, struct correlation *ret_correlation,
              struct err *err)
{
    struct grouped *grouped = ARENA_NEW(arena, struct grouped);
    return correlate_grouped(arena, input, config, grouped, ret_correlation, err);
}
