/*
 * What an incident says of itself before its timeline: title, severity, services, whether it is
 * raised. See telling.h. Called by tell_incidents().
 */
#include "correlate/telling.h"

#include <assert.h>
#include <stdlib.h>

#include "correlate/candidate/candidates.h"

static bool
makes_head(const struct telling *telling, const struct work_node *node)
{
    return telling->bare || node_opens(node);
}

static void
look_bare(struct telling *telling, const size_t *members, size_t count)
{
    telling->bare = true;
    for (size_t i = 0; i < count && telling->bare; i++)
        telling->bare = !node_opens(&telling->input->nodes[members[i]]);
}

static int
sv_order(const void *left, const void *right)
{
    return sv_cmp(*(const struct sv *)left, *(const struct sv *)right);
}

static void
list_services(struct telling *telling, const size_t *members, size_t count,
              struct incident *incident)
{
    struct sv *services = ARENA_ARRAY(telling->arena, struct sv, count + 1);
    size_t found = 0, kept = 0;
    for (int pass = 0; pass < 2 && found == 0; pass++)
        for (size_t i = 0; i < count; i++) {
            const struct node *node = &telling->nodes[members[i]];
            if (node->service.len > 0 &&
                (pass == 1 || makes_head(telling, &telling->input->nodes[members[i]])))
                services[found++] = node->service;
        }
    if (found > 1)
        qsort(services, found, sizeof(*services), sv_order);
    for (size_t i = 0; i < found; i++)
        if (kept == 0 || !sv_eq(services[kept - 1], services[i]))
            services[kept++] = services[i];
    incident->services = services;
    incident->service_count = kept;
}

/* What an incident is found by, whichever of its records somebody has at hand. */
static void
list_members(struct telling *telling, const size_t *members, size_t count,
             struct incident *incident)
{
    size_t total = 0, listed = 0;
    for (size_t i = 0; i < count; i++)
        total += telling->input->nodes[members[i]].record_count;
    struct sv *uids = ARENA_ARRAY(telling->arena, struct sv, total + 1);
    for (size_t i = 0; i < count; i++) {
        const struct work_node *node = &telling->input->nodes[members[i]];
        for (size_t k = 0; k < node->record_count; k++)
            uids[listed++] = node->records[k]->uid;
    }
    if (total > 1)
        qsort(uids, total, sizeof(*uids), sv_order);
    incident->member_uids = uids;
    incident->member_count = total;
}

/* A declaration's title, else the worst alert's (of equals the first), with its service. */
static void
set_title(struct telling *telling, const size_t *members, size_t count, struct incident *incident)
{
    const struct node *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct node *node = &telling->nodes[members[i]];
        if (!makes_head(telling, &telling->input->nodes[members[i]]))
            continue;
        if (best == NULL || (node->declared && !best->declared) ||
            (node->declared == best->declared && node->severity > best->severity))
            best = node;
    }
    assert(best != NULL);
    incident->title = best->declared ? best->title : text_title(telling->arena, best->title);
    if (!best->declared && best->service.len > 0 && !sv_contains(best->title, best->service))
        incident->title = arena_printf(telling->arena, SV_FMT " (" SV_FMT ")", SV_ARG(best->title),
                                       SV_ARG(best->service));
}

/* Definition 7: what recurs all day raises nothing. */
static bool
is_raised(struct telling *telling, const size_t *members, size_t count)
{
    int64_t records = 0;
    int severity = 0, sources = 0;
    struct counter seen;
    if (telling->bare)
        return true;
    counter_init(&seen, telling->arena);
    for (size_t i = 0; i < count; i++) {
        const struct work_node *node = &telling->input->nodes[members[i]];
        if (!node_opens(node) || node->familiar)
            continue;
        if (node->role == NODE_DECLARED)
            return true;
        records += (int64_t)node->record_count;
        severity = node->severity > severity ? node->severity : severity;
        sources += counter_find(&seen, node->source) == NULL;
        counter_at(&seen, node->source, 1);
    }
    return records > 0 && records >= telling->teller->config->least_records &&
           sources >= telling->teller->config->least_sources &&
           severity >= telling->teller->config->least_severity;
}

void
tell_head(struct telling *telling, const size_t *members, size_t count, struct incident *incident)
{
    const struct work_node *work_nodes = telling->input->nodes;
    const struct candidate *candidate = work_nodes[work_nodes[members[0]].incident].candidate;
    const struct node **nodes = ARENA_ARRAY(telling->arena, const struct node *, count + 1);
    look_bare(telling, members, count);
    for (size_t i = 0; i < count; i++) {
        const struct work_node *work = &telling->input->nodes[members[i]];
        const struct node *node = &telling->nodes[members[i]];
        nodes[i] = node;
        if (!makes_head(telling, work))
            continue;
        if (telling->bare ? i == 0 : incident->alert_count == 0 && !incident->declared)
            incident->first_ns = node->first_ns;
        if (node->first_ns < incident->first_ns)
            incident->first_ns = node->first_ns;
        if (node->last_ns > incident->last_ns)
            incident->last_ns = node->last_ns;
        incident->declared = incident->declared || node->declared;
        incident->alert_count += work->role == NODE_ALERT;
        if (node->severity > incident->severity)
            incident->severity = node->severity;
    }
    incident->nodes = nodes;
    incident->node_count = count;
    incident->incident_key = nodes[0]->incident_key;
    if (candidate != NULL && incident->alert_count == 0 && !incident->declared) {
        candidate_head(candidate, incident);
    } else {
        incident->opened = incident->declared ? OPENED_DECLARED : OPENED_ALERT;
        incident->raised = is_raised(telling, members, count);
        set_title(telling, members, count, incident);
    }
    list_services(telling, members, count, incident);
    list_members(telling, members, count, incident);
}
