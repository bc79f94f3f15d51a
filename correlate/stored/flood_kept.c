/*
 * What is kept of incidents of very many records: see advance_flood.h. Called by advance().
 */
#include "correlate/stored/advance_flood.h"

#include "base/memory.h"

/* ------------------------------------------------------------------ finding one */

size_t
flood_labelled(const struct advance *advance, const struct group_label *label)
{
    for (size_t i = 0; i < advance->flood_count; i++)
        if (group_labels_eq(&advance->floods[i].label, label))
            return i;
    return SIZE_MAX;
}

size_t
flood_named(const struct advance *advance, struct sv name)
{
    for (size_t i = 0; i < advance->flood_count; i++)
        if (name.len > 0 && sv_eq(advance->floods[i].name, name))
            return i;
    return SIZE_MAX;
}

size_t
flood_of_node(struct advance *advance, const struct node_id *id)
{
    struct group_label label;
    return kept_label(&advance->stored, id, &label) ? flood_labelled(advance, &label) : SIZE_MAX;
}

struct flood *
flood_add(struct advance *advance, const struct group_flood *kept)
{
    struct flood flood = {.kept = *kept, .label = late_label(kept)};
    flood.name = late_name(advance->arena, &flood.label);
    advance->floods = memory_grow(advance->floods, &advance->flood_size, advance->flood_count + 1,
                                  sizeof(*advance->floods));
    advance->floods[advance->flood_count++] = flood;
    return &advance->floods[advance->flood_count - 1];
}

/* ------------------------------------------------------------------ groups */

void
flood_waits_now(const struct advance *advance, struct flood *flood)
{
    flood->kept.first_ms = flood_waits(&flood->kept) ? flood->kept.first_ms : advance->began_ms;
    flood->kept.last_ms = advance->began_ms;
    flood->changed = true;
}

/* Stored components of a flood: all that may have to be settled again. */
void
flood_components(struct advance *advance, const struct flood *flood, struct id_list *components)
{
    struct kept_incident incident;
    kept_incidents(&advance->stored, &flood->label, 1, &incident);
    for (size_t i = 0; i < incident.count && !advance_failed(advance); i++) {
        struct group_state state;
        if (incident.nodes[i]->opens &&
            advance->stored.opening.state(&advance->stored, &incident.nodes[i]->id, &state))
            id_list_add(components, state.component);
    }
    id_list_sort(components);
}

void
flood_unsettled(struct advance *advance, size_t flood)
{
    flood_waits_now(advance, &advance->floods[flood]);
    advance->floods[flood].kept.unsettled = true;
}

/* Those that only wait are not told again because of what lies around them. */
void
flood_context(struct advance *advance)
{
    struct label_list *labels = &advance->labels;
    size_t kept = 0;
    label_list_sort(labels);
    for (size_t i = 0; i < labels->count; i++) {
        size_t place = flood_labelled(advance, &labels->at[i]);
        struct flood *flood = place == SIZE_MAX ? NULL : &advance->floods[place];
        if (flood == NULL || flood->at_once) {
            labels->at[kept++] = labels->at[i];
            continue;
        }
        if (!flood_heeds(advance, FLOOD_STALE))
            continue;
        flood_waits_now(advance, flood);
        flood->kept.stale = true;
    }
    labels->count = kept;
}

/* ------------------------------------------------------------------ afterwards */

static int64_t
records_of(const struct kept_incident *incident)
{
    int64_t records = 0;
    for (size_t i = 0; i < incident->count; i++)
        records += (int64_t)incident->nodes[i]->node->record_count;
    return records;
}

void
flood_told(struct advance *advance, const struct kept_incident *incident,
           const struct node_id *name)
{
    int64_t records = records_of(incident);
    size_t place = flood_labelled(advance, &incident->label);
    if (advance->in->floods == NULL ||
        (place == SIZE_MAX && records <= advance->in->flood_limits->records))
        return;
    struct flood *flood =
        place != SIZE_MAX
            ? &advance->floods[place]
            : flood_add(advance, &(struct group_flood){.explicit_id = incident->label.explicit_id,
                                                       .root = incident->label.root});
    const struct work_node named = {
        .first_ms = name->first_ms, .source = name->source, .uid = name->uid};
    flood->told = flood->changed = true;
    flood->kept.records = records;
    flood->kept.incident_key = node_key_text(advance->arena, &named);
    flood->kept.stale = flood->kept.unsettled = false;
}

/* The incident of this name is no more. What waits for it is taken in with the next step. */
void
flood_gone(struct advance *advance, const struct group_label *label)
{
    size_t place = flood_labelled(advance, label);
    if (place == SIZE_MAX)
        return;
    advance->floods[place].told = advance->floods[place].changed = true;
    advance->floods[place].kept.records = 0;
    advance->floods[place].kept.stale = advance->floods[place].kept.unsettled = false;
}

void
floods_save(struct advance *advance)
{
    const struct flood_rows *rows = advance->in->floods;
    struct group_flood *put =
        ARENA_ARRAY(advance->arena, struct group_flood, advance->flood_count + 1);
    struct group_flood *drop =
        ARENA_ARRAY(advance->arena, struct group_flood, advance->flood_count + 1);
    size_t puts = 0, drops = 0;
    struct err err;
    for (size_t i = 0; i < advance->flood_count; i++) {
        struct flood *flood = &advance->floods[i];
        if (!flood->changed)
            continue;
        if (flood->told) {
            int64_t cost = advance->in->now_ms(advance->in->clock) - advance->began_ms;
            flood->kept.cost_ms = cost < 1 ? 1 : cost > FLOOD_COST_MS ? FLOOD_COST_MS : cost;
        }
        if (!flood_waits(&flood->kept))
            flood->kept.first_ms = flood->kept.last_ms = 0;
        if (flood->kept.records > advance->in->flood_limits->records || flood->kept.waiting > 0)
            put[puts++] = flood->kept;
        else if (flood->known)
            drop[drops++] = flood->kept;
    }
    if (puts > 0 && !advance_failed(advance))
        advance_note(advance, rows->put(rows->context, put, puts, &err), &err);
    if (drops > 0 && !advance_failed(advance))
        advance_note(advance, rows->drop(rows->context, drop, drops, &err), &err);
}
