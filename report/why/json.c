/*
 * Why, as JSON Lines: see why.h. Called by `hindcast why` on the main thread.
 */
#include "base/text/json_writer.h"
#include "hindcast/entry_json.h"
#include "report/why/reasons.h"
#include "report/why/why.h"

static void
put_membership(struct strbuf *out, const struct why_nodes *nodes, struct sv stored)
{
    struct why_membership why = why_membership(nodes, stored);
    json_put(out, "membership", stored);
    json_put(out, "shares", why.shares);
    if (why.gap_ms >= 0)
        json_put_int(out, "gap_ms", why.gap_ms);
    if (why.other != NULL)
        json_put(out, "with", why.other->node_key);
}

static void
put_node(struct strbuf *out, const struct stored_incident *stored, const struct why_nodes *nodes,
         const struct node *node)
{
    strbuf_add_char(out, '{');
    json_put(out, "incident", stored_incident_name(stored));
    json_put(out, "node", node->node_key);
    json_put(out, "kind", sv_from(event_kind_word(node->kind)));
    json_put_time(out, "first_time", node->first_ns);
    json_put_time(out, "last_time", node->last_ns);
    json_put_int(out, "records", node->records);
    json_put_bool(out, "familiar", node->familiar);
    json_put(out, "title", node->title);
    json_put(out, "service", node->service);
    put_membership(out, nodes, node->reason);
    strbuf_add_text(out, "}\n");
}

static void
put_milestone(struct strbuf *out, const struct milestone_row *row)
{
    json_put(out, "milestone", sv_from(milestone_word(row->milestone)));
    json_put_time(out, "time", row->time_ns);
    json_put_int(out, "confidence", row->confidence);
    json_put(out, "entry_id", row->entry_id);
}

void
why_incident_json(const struct stored_incident *stored, struct strbuf *out)
{
    const struct incident *incident = &stored->incident;
    struct why_nodes nodes;
    why_nodes_init(&nodes, incident);
    for (size_t i = 0; i < incident->node_count; i++)
        put_node(out, stored, &nodes, incident->nodes[i]);
    why_nodes_release(&nodes);
    for (size_t i = 0; i < incident->milestone_count; i++) {
        strbuf_add_char(out, '{');
        json_put(out, "incident", stored_incident_name(stored));
        put_milestone(out, &incident->milestones[i]);
        strbuf_add_text(out, "}\n");
    }
}

static void
put_reasons(struct strbuf *out, const struct entry *entry)
{
    json_put_name(out, "why");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < entry->reason_count; i++) {
        json_put_comma(out);
        strbuf_add_char(out, '{');
        json_put(out, "reason", entry->reasons[i].name);
        json_put_int(out, "hundredths", entry->reasons[i].hundredths);
        json_put(out, "meaning", reason_meaning(entry->reasons[i].name));
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
}

static void
put_proofs(struct strbuf *out, const struct incident *incident, size_t place)
{
    const struct entry *entry = &incident->entries[place];
    json_put_name(out, "proves");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < incident->milestone_count; i++) {
        const struct milestone_row *row = &incident->milestones[i];
        if (!sv_eq(row->entry_id, entry->entry_id))
            continue;
        json_put_comma(out);
        strbuf_add_char(out, '{');
        put_milestone(out, row);
        json_put_name(out, "considered");
        strbuf_add_char(out, '[');
        for (size_t e = 0; e < incident->entry_count; e++)
            if (e != place && why_act_proves(incident->entries[e].act, row->milestone)) {
                json_put_comma(out);
                json_put_string(out, incident->entries[e].entry_id);
            }
        strbuf_add_text(out, "]}");
    }
    strbuf_add_char(out, ']');
}

void
why_entry_json(const struct stored_incident *stored, size_t place, struct strbuf *out)
{
    const struct incident *incident = &stored->incident;
    const struct entry *entry = &incident->entries[place];
    const struct entry_around around = {.scope = stored->scope,
                                        .incident_key = stored_incident_name(stored),
                                        .position = (int64_t)place};
    strbuf_add_char(out, '{');
    json_put_name(out, "entry");
    strbuf_add_char(out, '{');
    entry_json_line(out, &around, entry);
    strbuf_add_char(out, '}');
    json_put_int(out, "position", (int64_t)place);
    struct why_nodes nodes;
    why_nodes_init(&nodes, incident);
    put_membership(out, &nodes, entry->membership);
    why_nodes_release(&nodes);
    if (place > 0)
        json_put(out, "after", incident->entries[place - 1].entry_id);
    if (place + 1 < incident->entry_count)
        json_put(out, "before", incident->entries[place + 1].entry_id);
    put_reasons(out, entry);
    put_proofs(out, incident, place);
    strbuf_add_text(out, "}\n");
}
