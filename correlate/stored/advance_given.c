/*
 * What is told again, with what lies around it: see advance.h. Filled for given_input() as given.h
 * asks for it; the parts are those of the table in docs/decisions/0016.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "correlate/stored/advance_work.h"
#include "correlate/stored/content.h"
#include "correlate/stored/record.h"
#include "correlate/story/reads.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

/* A node that is handed over. */
struct handed {
    const struct work_node *node;
    struct sv reason;
    const struct node_id *name; /* of its incident; NULL: it has none, or is context */
    bool told;                  /* of no incident, but to be saved */
    const struct candidate *candidate;
};

struct giving {
    struct advance *advance;
    struct arena *arena;
    struct handed *at;
    size_t count, size;
    struct group_place *places; /* of questions */
    struct rank_alert *alerts;
    size_t alert_count, alert_size;
};

static void
hand_over(struct giving *giving, const struct handed *handed)
{
    giving->at = memory_grow(giving->at, &giving->size, giving->count + 1, sizeof(*giving->at));
    giving->at[giving->count++] = *handed;
}

/* ------------------------------------------------------------------ nodes */

static void
take_members(struct giving *giving)
{
    const struct advance *advance = giving->advance;
    for (size_t i = 0; i < advance->told_count; i++) {
        const struct told_again *told = &advance->told[i];
        for (size_t k = 0; k < told->count; k++)
            hand_over(giving, &(struct handed){.node = told->nodes[k].node,
                                               .reason = told->nodes[k].reason,
                                               .name = &told->name,
                                               .candidate = told->nodes[k].node->candidate});
    }
    for (size_t i = 0; i < advance->loose_count; i++)
        hand_over(giving, &(struct handed){.node = advance->loose[i].node,
                                           .reason = advance->loose[i].reason,
                                           .told = true});
}

static bool
has_changes(const struct told_again *told)
{
    for (size_t i = 0; i < told->count; i++)
        if (told->nodes[i].node->role == NODE_CHANGE)
            return true;
    return false;
}

static int
span_order(const void *left, const void *right)
{
    const struct time_range *a = left, *b = right;
    return a->from_ms < b->from_ms ? -1 : a->from_ms > b->from_ms;
}

/* Of incidents with changes the days around, those that overlap as one. */
static struct time_range *
days_around(struct giving *giving, size_t *ret_count)
{
    struct advance *advance = giving->advance;
    struct time_range *spans =
        ARENA_ARRAY(giving->arena, struct time_range, advance->told_count + 1);
    size_t all = 0, kept = 0;
    for (size_t i = 0; i < advance->told_count; i++)
        if (has_changes(&advance->told[i]))
            spans[all++] = (struct time_range){advance->told[i].span.from_ms - TELL_AROUND_MS,
                                               advance->told[i].span.to_ms + TELL_AROUND_MS};
    if (all > 1)
        qsort(spans, all, sizeof(*spans), span_order);
    for (size_t i = 0; i < all; i++)
        if (kept == 0 || spans[i].from_ms > spans[kept - 1].to_ms)
            spans[kept++] = spans[i];
        else if (spans[i].to_ms > spans[kept - 1].to_ms)
            spans[kept - 1].to_ms = spans[i].to_ms;
    *ret_count = kept;
    return spans;
}

static struct group_answer *
ask_nodes(struct giving *giving, enum group_question question, const struct group_place *places,
          size_t asked, size_t *ret_count)
{
    const struct group_rows *rows = giving->advance->in->rows;
    struct group_answer *answers = NULL;
    struct err err;
    *ret_count = 0;
    if (asked == 0 || advance_failed(giving->advance))
        return NULL;
    advance_note(
        giving->advance,
        rows->ask(rows->context, giving->arena, question, places, asked, &answers, ret_count, &err),
        &err);
    *ret_count = advance_failed(giving->advance) ? 0 : *ret_count;
    return answers;
}

static void
take_changes(struct giving *giving, const struct time_range *days, size_t day_count)
{
    struct group_place *places = ARENA_ARRAY(giving->arena, struct group_place, day_count + 1);
    size_t found;
    for (size_t i = 0; i < day_count; i++)
        places[i] = (struct group_place){.from_ms = days[i].from_ms, .to_ms = days[i].to_ms};
    const struct group_answer *answers =
        ask_nodes(giving, GROUP_CHANGES_WITHIN, places, day_count, &found);
    for (size_t i = 0; i < found; i++) {
        const struct held *held = held_of_row(&giving->advance->stored, &answers[i].row);
        if (held->node != NULL)
            hand_over(giving, &(struct handed){.node = held->node, .reason = held->is.reason});
    }
}

static int
handed_order(const void *left, const void *right)
{
    const struct handed *a = left, *b = right;
    int order = node_id_cmp(a->node, b->node);
    if (order != 0)
        return order;
    if ((a->name == NULL) != (b->name == NULL))
        return a->name == NULL ? 1 : -1; /* members before the same as context */
    return (int)b->told - (int)a->told;
}

/* Each node once, as the most that it is. */
static void
sort_handed(struct giving *giving)
{
    size_t kept = 0;
    if (giving->count > 1)
        qsort(giving->at, giving->count, sizeof(*giving->at), handed_order);
    for (size_t i = 0; i < giving->count; i++)
        if (kept == 0 || node_id_cmp(giving->at[kept - 1].node, giving->at[i].node) != 0)
            giving->at[kept++] = giving->at[i];
    giving->count = kept;
}

static size_t
place_of(const struct giving *giving, const struct node_id *id)
{
    size_t low = 0, high = giving->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct node_id other = node_id_of(giving->at[middle].node);
        if (node_ids_cmp(&other, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void
give_nodes(struct giving *giving, struct given *given)
{
    struct given_node *nodes = ARENA_ARRAY(giving->arena, struct given_node, giving->count + 1);
    for (size_t i = 0; i < giving->count; i++) {
        const struct handed *handed = &giving->at[i];
        const struct work_node *node = handed->node;
        nodes[i] = (struct given_node){
            .first_ms = node->first_ms,
            .source = node->source,
            .uid = node->uid,
            .last_ms = node->last_ms,
            .incident = handed->name == NULL ? NO_NODE : place_of(giving, handed->name),
            .told = handed->told,
            .familiar = node->familiar,
            .quiet = node->quiet,
            .reason = handed->reason,
            .candidate = handed->candidate,
        };
    }
    given->nodes = nodes;
    given->node_count = giving->count;
}

/* ------------------------------------------------------------------ records */

static struct group_digest
series_of(const struct work_node *node)
{
    return content_series_digest(node->source, node->records[0]->fingerprint);
}

static void
give_deliveries(struct giving *giving, struct given *given)
{
    const struct scope_reader *reader = giving->advance->in->reader;
    struct group_place *places = ARENA_ARRAY(giving->arena, struct group_place, giving->count + 1);
    size_t asked = 0, count, used = 0;
    struct declaration *declarations =
        ARENA_ARRAY(giving->arena, struct declaration, giving->count + 1);
    for (size_t i = 0; i < giving->count; i++) {
        const struct work_node *node = giving->at[i].node;
        if (node->declaration != NULL)
            declarations[given->declaration_count++] = *node->declaration;
        else
            places[asked++] = (struct group_place){
                .digest = series_of(node), .from_ms = node->first_ms, .to_ms = node->last_ms};
    }
    given->declarations = declarations;
    struct work_record *records =
        advance_look(giving->advance, GROUP_RECORDS_OF, places, asked, &count);
    const struct work_record **wanted =
        ARENA_ARRAY(giving->arena, const struct work_record *, count + 1);
    for (size_t i = 0; i < count; i++)
        if (records[i].observation != NULL)
            wanted[used++] = &records[i];
    struct err err;
    if (!advance_failed(giving->advance))
        advance_note(giving->advance,
                     reader->deliveries(reader->context, giving->arena, wanted, used,
                                        &given->observations, &given->count, &err),
                     &err);
}

/* ------------------------------------------------------------------ background */

struct lines {
    struct work_record *at;
    size_t count, size;
};

static void
add_lines(struct lines *lines, const struct work_record *records, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (records[i].role != NODE_LOG)
            continue;
        lines->at = memory_grow(lines->at, &lines->size, lines->count + 1, sizeof(*lines->at));
        lines->at[lines->count++] = records[i];
    }
}

static int
line_order(const void *left, const void *right)
{
    return sv_cmp(((const struct work_record *)left)->uid,
                  ((const struct work_record *)right)->uid);
}

static int
service_order(const void *left, const void *right)
{
    const struct work_record *a = left, *b = right;
    int order = sv_cmp(a->source, b->source);
    return order != 0 ? order
                      : sv_cmp(a->observation->event.service, b->observation->event.service);
}

static int64_t
least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Of each source and service of these lines, from their first to their last: places of what is
 * loud around them. `lines` is sorted. */
static size_t
loud_places(const struct work_record *lines, size_t count, struct group_place *places)
{
    size_t asked = 0;
    for (size_t from = 0, to; from < count; from = to) {
        int64_t first = lines[from].ms, last = lines[from].ms;
        for (to = from + 1; to < count && service_order(&lines[from], &lines[to]) == 0; to++) {
            first = least(first, lines[to].ms);
            last = lines[to].ms > last ? lines[to].ms : last;
        }
        places[asked++] =
            (struct group_place){.digest = content_series_digest(
                                     lines[from].source, lines[from].observation->event.service),
                                 .from_ms = first - reads_back(RULE_SURGE) / NS_PER_MS,
                                 .to_ms = last + reads_ahead(RULE_SURGE) / NS_PER_MS};
    }
    return asked;
}

static void
take_background(struct giving *giving, const struct work_node *node, struct lines *lines)
{
    size_t own, count;
    struct group_place place = {.digest = series_of(node),
                                .from_ms = node->first_ms - reads_back(RULE_NEW_LINE) / NS_PER_MS,
                                .to_ms = node->last_ms};
    struct work_record *shape = advance_look(giving->advance, GROUP_RECORDS_OF, &place, 1, &own);
    add_lines(lines, shape, own);
    size_t members = 0;
    for (size_t i = 0; i < own; i++)
        if (shape[i].role == NODE_LOG && shape[i].ms >= node->first_ms)
            shape[members++] = shape[i];
    if (members > 1)
        qsort(shape, members, sizeof(*shape), service_order);
    struct group_place *places = ARENA_ARRAY(giving->arena, struct group_place, members + 1);
    size_t asked = loud_places(shape, members, places);
    struct work_record *loud =
        advance_look(giving->advance, GROUP_RECORDS_LOUD, places, asked, &count);
    add_lines(lines, loud, count);
}

/* Each line once. */
static void
give_background(struct giving *giving, struct given *given)
{
    struct lines lines = {0};
    size_t kept = 0;
    for (size_t i = 0; i < giving->count; i++)
        if (giving->at[i].name != NULL && giving->at[i].node->role == NODE_LOG)
            take_background(giving, giving->at[i].node, &lines);
    if (lines.count > 1)
        qsort(lines.at, lines.count, sizeof(*lines.at), line_order);
    struct work_record *records = ARENA_ARRAY(giving->arena, struct work_record, lines.count + 1);
    for (size_t i = 0; i < lines.count; i++)
        if (kept == 0 || !sv_eq(records[kept - 1].uid, lines.at[i].uid))
            records[kept++] = lines.at[i];
    free(lines.at);
    given->lines = records;
    given->line_count = kept;
}

/* ------------------------------------------------------------------ hours and alerts */

static void
give_hours(struct giving *giving, const struct time_range *days, size_t day_count,
           struct given *given)
{
    const struct group_rows *rows = giving->advance->in->rows;
    int64_t *all = NULL;
    size_t count = 0, size = 0;
    for (size_t i = 0; i < day_count && !advance_failed(giving->advance); i++) {
        int64_t *hours;
        size_t found = 0;
        struct err err;
        advance_note(giving->advance,
                     rows->hours(rows->context, giving->arena, days[i].from_ms / HOUR_MS - 1,
                                 days[i].to_ms / HOUR_MS + 1, &hours, &found, &err),
                     &err);
        for (size_t k = 0; k < found && !advance_failed(giving->advance); k++) {
            if (count > 0 && hours[k] <= all[count - 1])
                continue;
            all = memory_grow(all, &size, count + 1, sizeof(*all));
            all[count++] = hours[k];
        }
    }
    int64_t *hours = ARENA_ARRAY(giving->arena, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        hours[i] = all[i];
    free(all);
    given->hours = hours;
    given->hour_count = count;
}

static void
add_alert(struct giving *giving, const struct work_node *node)
{
    giving->alerts = memory_grow(giving->alerts, &giving->alert_size, giving->alert_count + 1,
                                 sizeof(*giving->alerts));
    giving->alerts[giving->alert_count++] =
        (struct rank_alert){.source = node->source,
                            .fingerprint = node->records[0]->fingerprint,
                            .first_ms = node->first_ms,
                            .last_ms = node->last_ms};
}

static void
add_alerts(struct giving *giving, const struct group_answer *answers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct held *held = held_of_row(&giving->advance->stored, &answers[i].row);
        if (held->node != NULL && held->node->role == NODE_ALERT)
            add_alert(giving, held->node);
    }
}

/* The last ones of their series before the alerts of incidents. */
static void
take_before(struct giving *giving)
{
    const struct group_rows *rows = giving->advance->in->rows;
    struct group_place *places = ARENA_ARRAY(giving->arena, struct group_place, giving->count + 1);
    struct group_answer *answers;
    struct err err;
    size_t asked = 0, found = 0;
    for (size_t i = 0; i < giving->count; i++) {
        const struct handed *handed = &giving->at[i];
        if (handed->name == NULL || handed->node->role != NODE_ALERT)
            continue;
        add_alert(giving, handed->node);
        places[asked++] = (struct group_place){.digest = series_of(handed->node),
                                               .from_ms = handed->node->first_ms - 1};
    }
    if (asked == 0 || advance_failed(giving->advance))
        return;
    advance_note(
        giving->advance,
        rows->series(rows->context, giving->arena, places, asked, true, 1, &answers, &found, &err),
        &err);
    if (!advance_failed(giving->advance))
        add_alerts(giving, answers, found);
}

/* Whether any alert lies a day or more before an incident. */
static void
take_past(struct giving *giving)
{
    const struct advance *advance = giving->advance;
    int64_t back = reads_back(RULE_RANK_PAST) / NS_PER_MS;
    struct group_place *places =
        ARENA_ARRAY(giving->arena, struct group_place, advance->told_count + 1);
    size_t asked, found;
    for (asked = 0; asked < advance->told_count; asked++)
        places[asked] = (struct group_place){.from_ms = advance->told[asked].first_ms - back,
                                             .to_ms = advance->told[asked].first_ms - DAY_MS};
    const struct group_answer *answers =
        ask_nodes(giving, GROUP_ALERT_FIRST, places, asked, &found);
    add_alerts(giving, answers, found);
}

static int
alert_order(const void *left, const void *right)
{
    const struct rank_alert *a = left, *b = right;
    int order = sv_cmp(a->source, b->source);
    order = order != 0 ? order : sv_cmp(a->fingerprint, b->fingerprint);
    return order != 0 ? order : a->first_ms < b->first_ms ? -1 : a->first_ms > b->first_ms;
}

static void
give_alerts(struct giving *giving, struct given *given)
{
    struct rank_history *history = ARENA_NEW(giving->arena, struct rank_history);
    take_before(giving);
    take_past(giving);
    struct rank_alert *alerts =
        ARENA_ARRAY(giving->arena, struct rank_alert, giving->alert_count + 1);
    size_t kept = 0;
    if (giving->alert_count > 1)
        qsort(giving->alerts, giving->alert_count, sizeof(*giving->alerts), alert_order);
    for (size_t i = 0; i < giving->alert_count; i++)
        if (kept == 0 || alert_order(&alerts[kept - 1], &giving->alerts[i]) != 0)
            alerts[kept++] = giving->alerts[i];
    rank_history_make(giving->arena, alerts, kept, history);
    given->alerts = history;
}

void
advance_given(struct advance *advance, struct given *ret_given)
{
    struct giving giving = {.advance = advance, .arena = advance->arena};
    size_t day_count;
    *ret_given = (struct given){.scope = advance->in->teller->scope, .deciding = &advance->part};
    take_members(&giving);
    struct time_range *days = days_around(&giving, &day_count);
    take_changes(&giving, days, day_count);
    sort_handed(&giving);
    give_nodes(&giving, ret_given);
    give_deliveries(&giving, ret_given);
    give_background(&giving, ret_given);
    give_hours(&giving, days, day_count, ret_given);
    give_alerts(&giving, ret_given);
    free(giving.at);
    free(giving.alerts);
}
