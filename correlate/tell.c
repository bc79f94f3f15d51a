/*
 * The timelines of given incidents: see tell.h. Called by correlate_run() with all of a scope.
 */
#include "correlate/tell.h"

#include <assert.h>
#include <stdlib.h>

#include "correlate/story/people.h"
#include "correlate/telling.h"

int
teller_init(struct arena *arena, const struct correlation_config *config, struct sv scope,
            struct teller *ret_teller, struct err *err)
{
    struct teller teller = {.config = config, .scope = scope};
    if (phrase_languages_read(arena, correlation_rules(config), correlation_languages(config),
                              &teller.rules, err) != 0 ||
        reason_weights_read(arena, config->weights, &teller.rules, &teller.weights, err) != 0 ||
        people_list_read(arena, config->people, &teller.people, err) != 0 ||
        role_rules_read(arena, &teller.roles, err) != 0 ||
        page_rules_read(arena, &teller.pages, err) != 0 ||
        confidence_read(&teller.confidence, err) < 0 ||
        rank_rules_read(correlation_rank(config), &teller.rank, err) != 0)
        return -1;
    *ret_teller = teller;
    return 0;
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
sort_members(struct telling *telling)
{
    const struct work_node *nodes = telling->input->nodes;
    telling->by_incident = ARENA_ARRAY(telling->arena, size_t, telling->input->node_count + 1);
    for (size_t n = 0; n < telling->input->node_count; n++)
        if (nodes[n].incident != NO_NODE)
            telling->by_incident[telling->member_count++] = n;
    if (telling->member_count > 1)
        qsort_r(telling->by_incident, telling->member_count, sizeof(size_t), member_order,
                (void *)nodes);
}

static void
set_bounds(const struct telling *telling, const size_t *members, size_t count, struct story *story)
{
    bool open = false;
    story->start_ns = story->end_ns = TIME_NONE;
    for (size_t i = 0; i < count; i++) {
        const struct declaration *declaration = telling->input->nodes[members[i]].declaration;
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

static void
collect_rows(struct telling *telling, const size_t *members, size_t count, struct story *story)
{
    size_t most = 0, made;
    for (size_t i = 0; i < count; i++)
        most += telling->input->nodes[members[i]].record_count;
    story->rows = ARENA_ARRAY(story->scratch, struct row *, most + 1);
    for (size_t i = 0; i < count; i++, story->count += made)
        node_rows(story->scratch, story->rules, &telling->input->nodes[members[i]],
                  story->rows + story->count, &made);
    for (size_t i = 0; i < story->count; i++) {
        story->rows[i]->member = true;
        story->change_count += row_is_change(story->rows[i]);
    }
    if (story->count > 1)
        qsort(story->rows, story->count, sizeof(struct row *), row_order);
}

/* A declaration without an end lasts as long as there is something to tell. */
static void
extend_open(const struct telling *telling, const size_t *members, size_t count,
            struct incident *incident)
{
    for (size_t i = 0; i < count; i++) {
        const struct declaration *declaration = telling->input->nodes[members[i]].declaration;
        if (declaration == NULL || declaration->to_ns != TIME_NONE || incident->entry_count == 0)
            continue;
        int64_t last = incident->entries[incident->entry_count - 1].time_ns;
        if (last > incident->last_ns)
            incident->last_ns = last;
    }
}

static void
tell(struct telling *telling, const size_t *members, size_t count,
     const struct service_names *services, struct incident *incident)
{
    struct arena scratch;
    assert(count > 0);
    arena_init(&scratch, 0);
    struct story story = {.arena = telling->arena,
                          .scratch = &scratch,
                          .config = telling->teller->config,
                          .rules = &telling->teller->rules,
                          .roles = &telling->teller->roles,
                          .background = telling->input->background,
                          .confidence = &telling->teller->confidence,
                          .services = services};
    set_bounds(telling, members, count, &story);
    collect_rows(telling, members, count, &story);
    find_pages(&story, &telling->teller->pages, &telling->teller->people,
               telling->input->directory);
    identify_people(&story, &telling->teller->people, telling->input->directory);
    tell_around(telling, telling->input->nodes[members[0]].incident, incident, &story);
    fold_doors(&story);
    fold_twins(&story);
    fold_copies(&story);
    score_acts(&story);
    note_figures(&story);
    note_actions(&story);
    note_customers(&story);
    score_lines(&story);
    score_talk(&story);
    score_changes(&story);
    score_bounds(&story);
    weigh_reasons(&story, &telling->teller->weights);
    find_chains(&story);
    find_setbacks(&story);
    set_milestones(&story);
    choose_key(&story);
    entries_build(&story, telling->teller->scope, incident);
    extend_open(telling, members, count, incident);
    arena_release(&scratch);
}

/* Which nodes are alerts is known once the rows are told; quiet ones make no incident. */
static void
count_alerts(const struct telling *telling, struct incident *incident)
{
    struct alert_episode *episodes =
        ARENA_ARRAY(telling->arena, struct alert_episode, incident->node_count + 1);
    size_t count = alert_episodes(incident, episodes);
    incident->alert_count = 0;
    for (size_t i = 0; i < count; i++) {
        size_t n = (size_t)(episodes[i].node - telling->nodes);
        incident->alert_count += telling->bare || node_opens(&telling->input->nodes[n]);
    }
}

/* After what people decided: they may have moved a moment, or hidden its row. */
static void
set_span(const struct telling *telling, const size_t *members, size_t count,
         struct incident *incident)
{
    struct story bounds = {.declared = false};
    struct span_rows found;
    set_bounds(telling, members, count, &bounds);
    incident_span_find(incident, bounds.end_ns, &found);
    incident->span = found.span;
}

static void
set_rank(const struct telling *telling, const size_t *members, size_t count,
         struct incident *incident)
{
    const struct node **heads = ARENA_ARRAY(telling->arena, const struct node *, count + 1);
    size_t opening = 0;
    for (size_t i = 0; i < count; i++)
        if (node_opens(&telling->input->nodes[members[i]]))
            heads[opening++] = &telling->nodes[members[i]];
    rank_incident(telling->arena, &telling->teller->rank, telling->input->alerts,
                  &(struct rank_heads){heads, opening}, incident);
}

static void
export_incidents(struct telling *telling, struct told *ret_told)
{
    struct incident *incidents =
        ARENA_ARRAY(telling->arena, struct incident, telling->member_count + 1);
    const struct work_node *nodes = telling->input->nodes;
    size_t made = 0;
    for (size_t from = 0, to; from < telling->member_count; from = to) {
        size_t incident = nodes[telling->by_incident[from]].incident;
        for (to = from;
             to < telling->member_count && nodes[telling->by_incident[to]].incident == incident;)
            to++;
        struct service_names services;
        tell_services(telling, &telling->by_incident[from], to - from, &services);
        tell_head(telling, &telling->by_incident[from], to - from, &incidents[made]);
        tell(telling, &telling->by_incident[from], to - from, &services, &incidents[made]);
        count_alerts(telling, &incidents[made]);
        decide_incident(telling->input->deciding, &incidents[made]);
        answer_pages(telling->arena, &incidents[made]);
        set_span(telling, &telling->by_incident[from], to - from, &incidents[made]);
        set_rank(telling, &telling->by_incident[from], to - from, &incidents[made]);
        made++;
    }
    assert(made <= telling->member_count);
    ret_told->incidents = incidents;
    ret_told->incident_count = made;
}

void
tell_incidents(struct arena *arena, const struct teller *teller, const struct tell_input *input,
               struct told *ret_told)
{
    struct telling telling = {.arena = arena, .teller = teller, .input = input};
    tell_nodes(&telling);
    sort_members(&telling);
    arena_init(&telling.around, 0);
    telling.context = ARENA_ARRAY(&telling.around, struct row **, input->change_count + 1);
    export_incidents(&telling, ret_told);
    arena_release(&telling.around);
    ret_told->nodes = telling.nodes;
}
