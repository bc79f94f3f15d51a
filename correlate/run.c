/*
 * correlate_run(): dedup, grouping, then the timeline of each incident. See correlation.h for the
 * contract and docs/correlation.md for the definitions.
 */
#include "correlate/run.h"

#include <assert.h>
#include <stdlib.h>

#include "correlate/candidate/candidates.h"
#include "correlate/decide/decide.h"
#include "correlate/story/confidence.h"
#include "correlate/story/people.h"
#include "correlate/story/services.h"
#include "correlate/story/weights.h"

#define AROUND_MS (24 * INT64_C(3600000)) /* changes this near to an incident give its context */

struct run {
    struct arena *arena; /* of the result */
    const struct correlation_config *config;
    struct sv scope;
    struct phrase_rules rules;
    struct reason_weights weights;
    struct quiet_alerts quiet;
    struct suppress_rules suppress;
    struct service_graph graph;
    struct people_list people;
    struct candidate_rules candidates;
    struct deduped deduped;
    struct grouping grouping;
    struct background background;
    struct confidence confidence;
    struct deciding deciding;
    bool bare; /* nothing of the incident at hand opens one: people decided so, and all counts */
    struct node *nodes;
    size_t *by_incident; /* node numbers, by (incident, number) */
    size_t member_count;
    const size_t *changes; /* numbers of change nodes, in order of time */
    size_t change_count;
    struct row ***context;   /* rows of each of them, made when first needed */
    const int64_t *times_ns; /* of all occurrences, sorted */
    size_t time_count;
};

static int
time_order(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static void
group(struct run *run, const struct correlation_input *input)
{
    size_t used = 0;
    dedup(run->arena, input, &run->deduped);
    const struct observation **kept = run->deduped.kept;
    size_t count = run->deduped.count;
    struct work_record *records =
        ARENA_ARRAY(run->arena, struct work_record, count + input->declaration_count + 1);
    int64_t *times = ARENA_ARRAY(run->arena, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        if (record_of(run->arena, &run->quiet, kept[i], input->scope, &records[used])) {
            times[used] = kept[i]->event.event_time_ns;
            used++;
        }
    suppress_records(run->arena, &run->suppress, run->config, records, used);
    if (used > 1)
        qsort(times, used, sizeof(*times), time_order);
    run->times_ns = times;
    run->time_count = used;
    used += records_of_declarations(run->arena, input, &run->deciding, records + used);
    grouping_run(run->arena, run->config, &run->graph, &run->rules, records, used, &run->grouping);
    background_init(run->arena, run->grouping.nodes, run->grouping.node_count, &run->background);
    candidates_find(run->arena, &run->candidates, &run->rules, &run->background, &run->grouping);
}

/* -------------------------------------------------------------------- nodes */

static struct sv
node_title(struct run *run, const struct work_node *node)
{
    return node->declaration != NULL
               ? node->declaration->title
               : text_one_line(run->arena, observation_text(node->records[0]->observation),
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

static void
export_nodes(struct run *run)
{
    struct grouping *grouping = &run->grouping;
    run->nodes =
        ARENA_ARRAY(run->arena, struct node, grouping->node_count + run->deciding.count + 1);
    for (size_t n = 0; n < grouping->node_count; n++) {
        const struct work_node *node = &grouping->nodes[n];
        const struct observation *first = node->records[0]->observation;
        run->nodes[n] = (struct node){
            .node_key = node_key_text(run->arena, node),
            .kind = first != NULL ? first->event.kind : EVENT_NO_KIND,
            .declared = node->role == NODE_DECLARED,
            .first_ns = first != NULL ? first->event.event_time_ns : node->declaration->from_ns,
            .last_ns = node_last_ns(node),
            .records = first != NULL ? (int64_t)node->record_count : 0,
            .familiar = node->familiar,
            .severity = node->severity,
            .title = node_title(run, node),
            .service = first_value(node, KEY_SERVICE),
            .host = first_value(node, KEY_HOST),
            .source = node->source,
            .fingerprint = node->records[0]->fingerprint,
            .reason = node->reason,
        };
        if (node->incident != NO_NODE)
            run->nodes[n].incident_key =
                node_key_text(run->arena, &grouping->nodes[node->incident]);
    }
}

static int
member_order(const void *left, const void *right, void *context)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    const struct work_node *nodes = context;
    if (nodes[a].incident != nodes[b].incident)
        return nodes[a].incident < nodes[b].incident ? -1 : 1;
    return a < b ? -1 : a > b;
}

static void
sort_members(struct run *run)
{
    struct grouping *grouping = &run->grouping;
    size_t *changes = ARENA_ARRAY(run->arena, size_t, grouping->node_count + 1);
    run->by_incident = ARENA_ARRAY(run->arena, size_t, grouping->node_count + 1);
    for (size_t n = 0; n < grouping->node_count; n++) {
        if (grouping->nodes[n].incident != NO_NODE)
            run->by_incident[run->member_count++] = n;
        if (grouping->nodes[n].role == NODE_CHANGE)
            changes[run->change_count++] = n;
    }
    run->changes = changes;
    run->context = ARENA_ARRAY(run->arena, struct row **, run->change_count + 1);
    if (run->member_count > 1)
        qsort_r(run->by_incident, run->member_count, sizeof(size_t), member_order, grouping->nodes);
}

/* ------------------------------------------------------------------ incident */

static bool
makes_head(const struct run *run, const struct work_node *node)
{
    return run->bare || node_opens(node);
}

static void
look_bare(struct run *run, const size_t *members, size_t count)
{
    run->bare = true;
    for (size_t i = 0; i < count && run->bare; i++)
        run->bare = !node_opens(&run->grouping.nodes[members[i]]);
}

static int
sv_order(const void *left, const void *right)
{
    return sv_cmp(*(const struct sv *)left, *(const struct sv *)right);
}

static void
list_services(struct run *run, const size_t *members, size_t count, struct incident *incident)
{
    struct sv *services = ARENA_ARRAY(run->arena, struct sv, count + 1);
    size_t found = 0, kept = 0;
    for (int pass = 0; pass < 2 && found == 0; pass++)
        for (size_t i = 0; i < count; i++) {
            const struct node *node = &run->nodes[members[i]];
            if (node->service.len > 0 &&
                (pass == 1 || makes_head(run, &run->grouping.nodes[members[i]])))
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
list_members(struct run *run, const size_t *members, size_t count, struct incident *incident)
{
    size_t total = 0, listed = 0;
    for (size_t i = 0; i < count; i++)
        total += run->grouping.nodes[members[i]].record_count;
    struct sv *uids = ARENA_ARRAY(run->arena, struct sv, total + 1);
    for (size_t i = 0; i < count; i++) {
        const struct work_node *node = &run->grouping.nodes[members[i]];
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
set_title(struct run *run, const size_t *members, size_t count, struct incident *incident)
{
    const struct node *best = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct node *node = &run->nodes[members[i]];
        if (!makes_head(run, &run->grouping.nodes[members[i]]))
            continue;
        if (best == NULL || (node->declared && !best->declared) ||
            (node->declared == best->declared && node->severity > best->severity))
            best = node;
    }
    assert(best != NULL);
    incident->title = best->title;
    if (!best->declared && best->service.len > 0 && !sv_contains(best->title, best->service))
        incident->title = arena_printf(run->arena, SV_FMT " (" SV_FMT ")", SV_ARG(best->title),
                                       SV_ARG(best->service));
}

/* Definition 7: what recurs all day raises nothing. */
static bool
is_raised(struct run *run, const size_t *members, size_t count)
{
    int64_t records = 0;
    int severity = 0, sources = 0;
    struct counter seen;
    if (run->bare)
        return true;
    counter_init(&seen, run->arena);
    for (size_t i = 0; i < count; i++) {
        const struct work_node *node = &run->grouping.nodes[members[i]];
        if (!node_opens(node) || node->familiar)
            continue;
        if (node->role == NODE_DECLARED)
            return true;
        records += (int64_t)node->record_count;
        severity = node->severity > severity ? node->severity : severity;
        sources += counter_find(&seen, node->source) == NULL;
        counter_at(&seen, node->source, 1);
    }
    return records > 0 && records >= run->config->least_records &&
           sources >= run->config->least_sources && severity >= run->config->least_severity;
}

/* One service has one name in an incident, that of its nodes, too. */
static void
name_services(struct run *run, const size_t *members, size_t count, struct service_names *ret_names)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++)
        most += run->grouping.nodes[members[i]].record_count;
    service_names_init(ret_names, run->arena, most);
    for (size_t i = 0; i < count; i++) {
        const struct work_node *node = &run->grouping.nodes[members[i]];
        for (size_t k = 0; k < node->record_count; k++)
            if (node->records[k]->observation != NULL)
                service_names_add(ret_names, node->records[k]->observation->event.service);
    }
    for (size_t i = 0; i < count; i++) {
        struct node *node = &run->nodes[members[i]];
        node->service = service_shown(ret_names, node->service);
    }
}

static void
set_head(struct run *run, const size_t *members, size_t count, struct incident *incident)
{
    const struct work_node *work_nodes = run->grouping.nodes;
    const struct candidate *candidate = work_nodes[work_nodes[members[0]].incident].candidate;
    const struct node **nodes = ARENA_ARRAY(run->arena, const struct node *, count + 1);
    look_bare(run, members, count);
    for (size_t i = 0; i < count; i++) {
        const struct work_node *work = &run->grouping.nodes[members[i]];
        const struct node *node = &run->nodes[members[i]];
        nodes[i] = node;
        if (!makes_head(run, work))
            continue;
        if (run->bare ? i == 0 : incident->alert_count == 0 && !incident->declared)
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
        incident->raised = is_raised(run, members, count);
        set_title(run, members, count, incident);
    }
    list_services(run, members, count, incident);
    list_members(run, members, count, incident);
}

/* ------------------------------------------------------------------- timeline */

static void
set_bounds(struct run *run, const size_t *members, size_t count, struct story *story)
{
    bool open = false;
    story->start_ns = story->end_ns = TIME_NONE;
    for (size_t i = 0; i < count; i++) {
        const struct declaration *declaration = run->grouping.nodes[members[i]].declaration;
        if (declaration == NULL)
            continue;
        if (!story->declared || declaration->from_ns < story->start_ns)
            story->start_ns = declaration->from_ns;
        open = open || declaration->to_ns == TIME_NONE;
        if (declaration->to_ns != TIME_NONE && declaration->to_ns > story->end_ns)
            story->end_ns = declaration->to_ns;
        story->declared = true;
    }
    if (open)
        story->end_ns = TIME_NONE;
}

/* The first occurrence that is not before this time. */
static size_t
first_time_at(const struct run *run, int64_t ns)
{
    size_t low = 0, high = run->time_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (run->times_ns[middle] < ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int64_t
hour_of(int64_t ns)
{
    return ns / NS_PER_HOUR - (ns % NS_PER_HOUR < 0);
}

/*
 * How long the scope's records near the incident span, in whole hours of UTC: rates of changes are
 * per hour of it. So another record in an hour that has one changes nothing.
 */
static int64_t
hours_around(const struct run *run, int64_t from_ns, int64_t to_ns)
{
    size_t first = first_time_at(run, hour_of(from_ns) * NS_PER_HOUR);
    size_t end = first_time_at(run, (hour_of(to_ns) + 1) * NS_PER_HOUR);
    if (first == end)
        return 0;
    return (hour_of(run->times_ns[end - 1]) + 1 - hour_of(run->times_ns[first])) * NS_PER_HOUR;
}

static void
sort_rows(struct row **rows, size_t count)
{
    if (count > 1)
        qsort(rows, count, sizeof(struct row *), row_order);
}

/* Changes are the context of many incidents: their rows are made once and only read. */
static struct row **
context_rows(struct run *run, size_t at)
{
    const struct work_node *node = &run->grouping.nodes[run->changes[at]];
    size_t made;
    if (run->context[at] == NULL) {
        run->context[at] = ARENA_ARRAY(run->arena, struct row *, node->record_count + 1);
        node_rows(run->arena, &run->rules, node, run->context[at], &made);
    }
    return run->context[at];
}

static void
collect_rows(struct run *run, const size_t *members, size_t count, struct story *story)
{
    size_t most = 0, made;
    for (size_t i = 0; i < count; i++)
        most += run->grouping.nodes[members[i]].record_count;
    story->rows = ARENA_ARRAY(story->arena, struct row *, most + 1);
    for (size_t i = 0; i < count; i++, story->count += made)
        node_rows(story->arena, story->rules, &run->grouping.nodes[members[i]],
                  story->rows + story->count, &made);
    for (size_t i = 0; i < story->count; i++) {
        story->rows[i]->member = true;
        story->change_count += row_is_change(story->rows[i]);
    }
    sort_rows(story->rows, story->count);
}

/* The first change node that does not begin before this time. */
static size_t
first_change_at(const struct run *run, int64_t ms)
{
    size_t low = 0, high = run->change_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (run->grouping.nodes[run->changes[middle]].first_ms < ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void
collect_changes(struct run *run, size_t incident_node, const struct incident *incident,
                struct story *story)
{
    int64_t from = incident->first_ns / NS_PER_MS - AROUND_MS;
    int64_t to = incident->last_ns / NS_PER_MS + AROUND_MS;
    size_t most = story->change_count;
    if (most == 0)
        return; /* nothing that the context could tell about */
    size_t first = first_change_at(run, from), end = first_change_at(run, to + 1);
    for (size_t i = first; i < end; i++)
        most += run->grouping.nodes[run->changes[i]].record_count;
    story->changes = ARENA_ARRAY(story->scratch, struct row *, most + 1);
    story->change_count = 0;
    for (size_t i = 0; i < story->count; i++)
        if (row_is_change(story->rows[i]))
            story->changes[story->change_count++] = story->rows[i];
    for (size_t i = first; i < end; i++) {
        const struct work_node *node = &run->grouping.nodes[run->changes[i]];
        if (node->incident == incident_node)
            continue;
        struct row **rows = context_rows(run, i);
        for (size_t k = 0; rows[k] != NULL; k++)
            story->changes[story->change_count++] = rows[k];
    }
    sort_rows(story->changes, story->change_count);
    story->hours_ns = hours_around(run, from * NS_PER_MS, to * NS_PER_MS);
}

/* A declaration without an end lasts as long as there is something to tell. */
static void
extend_open(const struct run *run, const size_t *members, size_t count, struct incident *incident)
{
    for (size_t i = 0; i < count; i++) {
        const struct declaration *declaration = run->grouping.nodes[members[i]].declaration;
        if (declaration == NULL || declaration->to_ns != TIME_NONE || incident->entry_count == 0)
            continue;
        int64_t last = incident->entries[incident->entry_count - 1].time_ns;
        if (last > incident->last_ns)
            incident->last_ns = last;
    }
}

static void
tell(struct run *run, const size_t *members, size_t count, const struct service_names *services,
     struct incident *incident)
{
    struct arena scratch;
    assert(count > 0);
    arena_init(&scratch, 0);
    struct story story = {.arena = run->arena,
                          .scratch = &scratch,
                          .config = run->config,
                          .rules = &run->rules,
                          .background = &run->background,
                          .confidence = &run->confidence,
                          .services = services};
    set_bounds(run, members, count, &story);
    collect_rows(run, members, count, &story);
    identify_people(&story, &run->people);
    collect_changes(run, run->grouping.nodes[members[0]].incident, incident, &story);
    score_acts(&story);
    note_figures(&story);
    score_lines(&story);
    score_talk(&story);
    score_changes(&story);
    score_bounds(&story);
    weigh_reasons(&story, &run->weights);
    find_chains(&story);
    find_setbacks(&story);
    set_milestones(&story);
    choose_key(&story);
    entries_build(&story, run->scope, incident);
    extend_open(run, members, count, incident);
    arena_release(&scratch);
}

static void
export_incidents(struct run *run, struct correlation *ret_correlation)
{
    struct incident *incidents = ARENA_ARRAY(run->arena, struct incident, run->member_count + 1);
    const struct work_node *nodes = run->grouping.nodes;
    size_t made = 0;
    for (size_t from = 0, to; from < run->member_count; from = to) {
        size_t incident = nodes[run->by_incident[from]].incident;
        for (to = from; to < run->member_count && nodes[run->by_incident[to]].incident == incident;)
            to++;
        struct service_names services;
        name_services(run, &run->by_incident[from], to - from, &services);
        set_head(run, &run->by_incident[from], to - from, &incidents[made]);
        tell(run, &run->by_incident[from], to - from, &services, &incidents[made]);
        decide_incident(&run->deciding, &incidents[made]);
        made++;
    }
    assert(made <= run->member_count);
    ret_correlation->incidents = incidents;
    ret_correlation->incident_count = made;
}

int
correlate_run(struct arena *arena, const struct correlation_input *input,
              const struct correlation_config *config, struct correlation *ret_correlation,
              struct err *err)
{
    struct run run = {.arena = arena, .config = config, .scope = input->scope};
    if (phrase_rules_read(arena, correlation_rules(config), &run.rules, err) < 0)
        return -1;
    if (quiet_alerts_read(arena, correlation_quiet_alerts(config), &run.quiet, err) != 0)
        return -1;
    if (reason_weights_read(arena, config->weights, &run.rules, &run.weights, err) != 0)
        return -1;
    if (suppress_rules_read(arena, config->suppress, &run.suppress, err) != 0)
        return -1;
    if (service_graph_read(arena, config->graph, &run.graph, err) != 0)
        return -1;
    if (people_list_read(arena, config->people, &run.people, err) != 0)
        return -1;
    if (candidate_rules_read(arena, correlation_candidates(config), &run.candidates, err) != 0)
        return -1;
    if (confidence_read(&run.confidence, err) < 0)
        return -1;
    deciding_init(arena, input->decisions, input->decision_count, &run.deciding);
    group(&run, input);
    deciding_find(&run.deciding, run.grouping.nodes, run.grouping.node_count);
    deciding_regroup(&run.deciding, run.grouping.nodes, run.grouping.node_count);
    export_nodes(&run);
    sort_members(&run);
    struct correlation result = {
        .scope = input->scope,
        .nodes = run.nodes,
        .node_count = run.grouping.node_count,
        .deliveries = run.deduped.deliveries,
        .delivery_count = run.deduped.delivery_count,
    };
    export_incidents(&run, &result);
    result.node_count += decide_loose(&run.deciding, run.nodes + result.node_count);
    *ret_correlation = result;
    return 0;
}
