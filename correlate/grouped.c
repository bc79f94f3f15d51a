/*
 * Dedup, suppression, grouping, candidates, decisions about where nodes belong: see grouped.h.
 * Called by correlate_run().
 */
#include "correlate/grouped.h"

int
grouping_texts_read(struct arena *arena, const struct correlation_config *config,
                    struct grouping_texts *ret_texts, struct err *err)
{
    if (quiet_alerts_read(arena, correlation_quiet_alerts(config), &ret_texts->quiet, err) != 0 ||
        suppress_rules_read(arena, config->suppress, &ret_texts->suppress, err) != 0 ||
        service_graph_read(arena, config->graph, &ret_texts->graph, err) != 0 ||
        candidate_rules_read(arena, correlation_candidates(config), &ret_texts->candidates, err) !=
            0)
        return -1;
    return 0;
}

static void
group(struct arena *arena, const struct teller *teller, const struct grouping_texts *texts,
      const struct correlation_input *input, struct grouped *grouped)
{
    size_t used = 0;
    dedup(arena, input, &grouped->deduped);
    const struct observation **kept = grouped->deduped.kept;
    size_t count = grouped->deduped.count;
    directory_read(arena, kept, count, &grouped->directory);
    directory_apply(arena, &grouped->directory, kept, count);
    struct work_record *records =
        ARENA_ARRAY(arena, struct work_record, count + input->declaration_count + 1);
    for (size_t i = 0; i < count; i++)
        used += record_of(arena, &texts->quiet, kept[i], input->scope, &records[used]) ? 1 : 0;
    suppress_records(arena, &texts->suppress, teller->config, records, used);
    int64_t *hours = ARENA_ARRAY(arena, int64_t, used + 1);
    grouped->hour_count = tell_hours(records, used, hours);
    grouped->suppresses = texts->suppress.count > 0;
    grouped->hours = hours;
    background_init(arena, records, used, &grouped->background);
    used += records_of_declarations(arena, input, &grouped->deciding, records + used);
    grouped->records = records;
    grouped->record_count = used;
    grouping_run(arena, teller->config, &texts->graph, &teller->rules, records, used,
                 &grouped->grouping);
    struct sv *reasons = ARENA_ARRAY(arena, struct sv, grouped->grouping.node_count + 1);
    for (size_t n = 0; n < grouped->grouping.node_count; n++)
        reasons[n] = grouped->grouping.nodes[n].reason;
    grouped->reasons = reasons;
    const struct people_known people = {&teller->people, &grouped->directory};
    candidates_find(arena, &texts->candidates, &teller->rules, &grouped->background, &people,
                    &grouped->grouping, NULL);
    size_t *homes = ARENA_ARRAY(arena, size_t, grouped->grouping.node_count + 1);
    for (size_t n = 0; n < grouped->grouping.node_count; n++)
        homes[n] = grouped->grouping.nodes[n].incident;
    grouped->homes = homes;
}

static void
list_alerts(struct arena *arena, const struct grouping *grouping, struct rank_history *ret_alerts)
{
    struct rank_alert *alerts = ARENA_ARRAY(arena, struct rank_alert, grouping->node_count + 1);
    size_t count = 0;
    for (size_t n = 0; n < grouping->node_count; n++) {
        const struct work_node *node = &grouping->nodes[n];
        if (node->role == NODE_ALERT)
            alerts[count++] = (struct rank_alert){.source = node->source,
                                                  .fingerprint = node->records[0]->fingerprint,
                                                  .first_ms = node->first_ms,
                                                  .last_ms = node->last_ms};
    }
    rank_history_make(arena, alerts, count, ret_alerts);
}

int
grouped_make(struct arena *arena, const struct teller *teller,
             const struct correlation_input *input, struct grouped *ret_grouped, struct err *err)
{
    struct grouping_texts *texts = ARENA_NEW(arena, struct grouping_texts);
    struct grouping *grouping = &ret_grouped->grouping;
    if (grouping_texts_read(arena, teller->config, texts, err) != 0)
        return -1;
    *ret_grouped = (struct grouped){0};
    deciding_init(arena, input->decisions, input->decision_count, &ret_grouped->deciding);
    group(arena, teller, texts, input, ret_grouped);
    deciding_find(&ret_grouped->deciding, grouping->nodes, grouping->node_count);
    deciding_regroup(&ret_grouped->deciding, grouping->nodes, grouping->node_count);
    list_alerts(arena, grouping, &ret_grouped->alerts);
    return 0;
}

/* All changes are the context of whatever is near them. */
void
grouped_input(struct arena *arena, struct grouped *grouped, struct tell_input *ret_input)
{
    const struct grouping *grouping = &grouped->grouping;
    const struct work_node **changes =
        ARENA_ARRAY(arena, const struct work_node *, grouping->node_count + 1);
    *ret_input = (struct tell_input){.nodes = grouping->nodes,
                                     .node_count = grouping->node_count,
                                     .changes = changes,
                                     .background = &grouped->background,
                                     .directory = &grouped->directory,
                                     .hours = grouped->hours,
                                     .hour_count = grouped->hour_count,
                                     .alerts = &grouped->alerts,
                                     .deciding = &grouped->deciding};
    for (size_t n = 0; n < grouping->node_count; n++)
        if (grouping->nodes[n].role == NODE_CHANGE)
            changes[ret_input->change_count++] = &grouping->nodes[n];
}
