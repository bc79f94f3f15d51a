/*
 * The canonical export: JSON Lines whose keys are sorted and whose bytes depend on the records, the
 * declarations, the decisions and the configuration only; the first line of a scope names the
 * configuration. Coordinates are named by topic, incarnation, partition, offset and index; stream
 * ids, display numbers and times of ingest are in no line. Times of incidents, nodes and milestones
 * are in microseconds, as the tables keep them. Pure; called by casebook_save(), export and tests
 * on any thread.
 */
#include "hindcast/casebook.h"

#include <stdlib.h>

#include "hindcast/entry_json.h"

static int64_t
to_microsecond(int64_t ns)
{
    return ns == TIME_NONE ? TIME_NONE : ns - ns % NS_PER_US;
}

/* An empty text and an absent one are stored alike, so they must read alike. */
static struct sv
optional(struct sv text)
{
    return sv_empty(text) ? SV_NONE : text;
}

static void
begin_line(struct strbuf *out)
{
    strbuf_add_char(out, '{');
}

static void
end_line(struct strbuf *out)
{
    strbuf_add_text(out, "}\n");
}

static void
add_entry(struct strbuf *out, struct sv scope, struct sv key, const struct entry *entry, size_t at)
{
    const struct entry_around around = {scope, key, (int64_t)at};
    begin_line(out);
    entry_json_canonical(out, &around, entry);
    end_line(out);
}

static void
add_node(struct strbuf *out, struct sv scope, const struct node *node)
{
    begin_line(out);
    json_put_bool(out, "declared", node->declared);
    json_put_bool(out, "familiar", node->familiar);
    json_put(out, "fingerprint", optional(node->fingerprint));
    json_put_time(out, "first_time", to_microsecond(node->first_ns));
    json_put(out, "host", optional(node->host));
    json_put(out, "incident_key", optional(node->incident_key));
    json_put(out, "kind", sv_from(event_kind_word(node->kind)));
    json_put_time(out, "last_time", to_microsecond(node->last_ns));
    json_put(out, "line", SV("node"));
    json_put(out, "node_key", node->node_key);
    json_put(out, "reason", optional(node->reason));
    json_put_int(out, "records", node->records);
    json_put(out, "scope", scope);
    json_put(out, "service", optional(node->service));
    json_put_int(out, "severity", node->severity);
    json_put(out, "source", optional(node->source));
    json_put(out, "title", optional(node->title));
    end_line(out);
}

static void
add_head(struct strbuf *out, struct sv scope, const struct incident *incident)
{
    begin_line(out);
    json_put_int(out, "alerts", incident->alert_count);
    json_put_bool(out, "declared", incident->declared);
    json_put_time(out, "ended", to_microsecond(incident->span.end_ns));
    json_put_int(out, "entries", (int64_t)incident->entry_count);
    json_put_time(out, "first_time", to_microsecond(incident->first_ns));
    json_put(out, "incident_key", incident->incident_key);
    json_put_time(out, "last_time", to_microsecond(incident->last_ns));
    json_put(out, "line", SV("incident"));
    json_put_int(out, "nodes", (int64_t)incident->node_count);
    json_put(out, "opened", sv_from(opened_word(incident->opened)));
    json_put_list(out, "opened_because", incident->because, incident->because_count);
    json_put(out, "opened_in", optional(incident->place));
    json_put_bool(out, "raised", incident->raised);
    json_put_int(out, "rank", incident->rank.score);
    json_put_list(out, "rank_reasons", incident->rank.reasons, incident->rank.reason_count);
    json_put_int(out, "records", incident->record_count);
    json_put(out, "scope", scope);
    json_put_list(out, "services", incident->services, incident->service_count);
    json_put_int(out, "severity", incident->severity);
    json_put_time(out, "started", to_microsecond(incident->span.start_ns));
    json_put(out, "started_by", sv_from(span_mark_word(incident->span.start_by)));
    json_put(out, "state", sv_from(outcome_word(incident->span.outcome)));
    json_put_time(out, "state_time", to_microsecond(incident->span.outcome_ns));
    json_put(out, "title", incident->title);
    json_put_bool(out, "worth", incident->rank.worth);
    end_line(out);
}

static int
by_node_key(const void *a, const void *b)
{
    const struct node *const *one = a, *const *two = b;
    return sv_cmp((*one)->node_key, (*two)->node_key);
}

static int
by_incident_key(const void *a, const void *b)
{
    const struct incident *const *one = a, *const *two = b;
    return sv_cmp((*one)->incident_key, (*two)->incident_key);
}

/* By the bytes of the key, so that no other order of a reader or of a database shows. */
static void
add_nodes(struct strbuf *out, struct sv scope, const struct node **nodes, size_t count)
{
    if (count > 0)
        qsort(nodes, count, sizeof(nodes[0]), by_node_key);
    for (size_t i = 0; i < count; i++)
        add_node(out, scope, nodes[i]);
}

/* What people decided of it, and what became of that, in order. */
static void
add_decisions(struct strbuf *out, struct sv scope, const struct incident *incident)
{
    for (size_t i = 0; i < incident->decision_count; i++) {
        begin_line(out);
        json_put_name(out, "decision");
        decided_put(out, &incident->decisions[i]);
        json_put(out, "incident_key", incident->incident_key);
        json_put(out, "line", SV("decision"));
        json_put_int(out, "position", (int64_t)i);
        json_put(out, "scope", scope);
        end_line(out);
    }
}

void
casebook_canonical_incident(struct sv scope, const struct incident *incident, struct strbuf *out)
{
    struct sv key = incident->incident_key;
    struct arena arena;
    arena_init(&arena, 0);
    const struct node **nodes = ARENA_ARRAY(&arena, const struct node *, incident->node_count + 1);
    for (size_t i = 0; i < incident->node_count; i++)
        nodes[i] = incident->nodes[i];
    add_head(out, scope, incident);
    add_nodes(out, scope, nodes, incident->node_count);
    arena_release(&arena);
    for (size_t i = 0; i < incident->entry_count; i++)
        add_entry(out, scope, key, &incident->entries[i], i);
    for (size_t i = 0; i < incident->milestone_count; i++) {
        const struct milestone_row *row = &incident->milestones[i];
        begin_line(out);
        json_put_int(out, "confidence", row->confidence);
        json_put(out, "entry_id", row->entry_id);
        json_put(out, "incident_key", key);
        json_put(out, "line", SV("milestone"));
        json_put(out, "milestone", sv_from(milestone_word(row->milestone)));
        json_put_int(out, "position", (int64_t)i);
        json_put(out, "scope", scope);
        json_put_time(out, "time", to_microsecond(row->time_ns));
        end_line(out);
    }
    add_decisions(out, scope, incident);
}

void
casebook_canonical_scope(struct sv scope, struct sv config_digest, struct strbuf *out)
{
    begin_line(out);
    json_put(out, "config_digest", config_digest);
    json_put(out, "line", SV("scope"));
    json_put(out, "scope", scope);
    end_line(out);
}

void
casebook_canonical_node(struct sv scope, const struct node *node, struct strbuf *out)
{
    add_node(out, scope, node);
}

void
casebook_canonical(const struct correlation *correlation, struct strbuf *out)
{
    struct arena arena;
    size_t incidents = correlation->incident_count, count = 0;
    if (!sv_empty(correlation->config_digest))
        casebook_canonical_scope(correlation->scope, correlation->config_digest, out);
    arena_init(&arena, 0);
    const struct incident **order = ARENA_ARRAY(&arena, const struct incident *, incidents + 1);
    for (size_t i = 0; i < incidents; i++)
        order[i] = &correlation->incidents[i];
    if (incidents > 0)
        qsort(order, incidents, sizeof(order[0]), by_incident_key);
    for (size_t i = 0; i < incidents; i++)
        casebook_canonical_incident(correlation->scope, order[i], out);
    const struct node **nodes =
        ARENA_ARRAY(&arena, const struct node *, correlation->node_count + 1);
    for (size_t i = 0; i < correlation->node_count; i++)
        if (sv_empty(correlation->nodes[i].incident_key))
            nodes[count++] = &correlation->nodes[i];
    add_nodes(out, correlation->scope, nodes, count);
    arena_release(&arena);
}
