/*
 * The steps of grouping in their order. Called by correlate_run().
 */
#include "correlate/group/grouping.h"

#include "correlate/group/attach.h"
#include "correlate/group/episodes.h"
#include "correlate/group/links.h"
#include "correlate/group/settle.h"
#include "correlate/group/thread.h"

void
grouping_run(struct arena *arena, const struct correlation_config *config,
             const struct service_graph *graph, const struct phrase_rules *rules,
             struct work_record *records, size_t count, struct grouping *ret_grouping)
{
    *ret_grouping =
        (struct grouping){.arena = arena, .config = config, .graph = graph, .rules = rules};
    episodes_build(ret_grouping, records, count);
    links_build(ret_grouping);
    settle_groups(ret_grouping);
    threads_find(ret_grouping);
    attach_nodes(ret_grouping);
}
