/*
 * Nodes as they are told, with the name that their incident has for their service. See telling.h.
 * Called by tell_incidents().
 */
#include "correlate/telling.h"

static struct sv
node_title(struct telling *telling, const struct work_node *node)
{
    return node->declaration != NULL
               ? node->declaration->title
               : text_one_line(telling->arena, observation_text(node->records[0]->observation),
                               ENTRY_TEXT_MAX);
}

static struct sv
first_value(const struct work_node *node, enum key_kind kind)
{
    size_t count;
    const struct node_key *keys = node_keys_of(node, kind, &count);
    if (count > 0)
        return keys[0].value;
    const struct observation *observation = node->records[0]->observation;
    if (observation == NULL)
        return SV_NONE;
    return kind == KEY_SERVICE ? observation->event.service : observation->event.host;
}

static int64_t
node_last_ns(const struct work_node *node)
{
    int64_t last = node->last_ms * NS_PER_MS;
    for (size_t i = 0; i < node->record_count; i++) {
        const struct observation *observation = node->records[i]->observation;
        if (observation != NULL && observation->event.event_time_ns > last)
            last = observation->event.event_time_ns;
    }
    return last;
}

void
tell_nodes(struct telling *telling)
{
    telling->nodes = ARENA_ARRAY(telling->arena, struct node,
                                 telling->input->node_count + telling->input->deciding->count + 1);
    for (size_t n = 0; n < telling->input->node_count; n++) {
        const struct work_node *node = &telling->input->nodes[n];
        const struct observation *first = node->records[0]->observation;
        telling->nodes[n] = (struct node){
            .node_key = node_key_text(telling->arena, node),
            .kind = first != NULL ? first->event.kind : EVENT_NO_KIND,
            .declared = node->role == NODE_DECLARED,
            .first_ns = first != NULL ? first->event.event_time_ns : node->declaration->from_ns,
            .last_ns = node_last_ns(node),
            .records = first != NULL ? (int64_t)node->record_count : 0,
            .familiar = node->familiar,
            .severity = node->severity,
            .title = node_title(telling, node),
            .service = first_value(node, KEY_SERVICE),
            .host = first_value(node, KEY_HOST),
            .source = node->source,
            .fingerprint = node->records[0]->fingerprint,
            .reason = node->reason,
        };
        if (node->incident != NO_NODE)
            telling->nodes[n].incident_key =
                node_key_text(telling->arena, &telling->input->nodes[node->incident]);
    }
}

/* One service has one name in an incident, that of its nodes, too. */
void
tell_services(struct telling *telling, const size_t *members, size_t count,
              struct service_names *ret_names)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++)
        most += telling->input->nodes[members[i]].record_count;
    service_names_init(ret_names, telling->arena, most);
    for (size_t i = 0; i < count; i++) {
        const struct work_node *node = &telling->input->nodes[members[i]];
        for (size_t k = 0; k < node->record_count; k++)
            if (node->records[k]->observation != NULL)
                service_names_add(ret_names, node->records[k]->observation->event.service);
    }
    for (size_t i = 0; i < count; i++) {
        struct node *node = &telling->nodes[members[i]];
        node->service = service_shown(ret_names, node->service);
    }
}
