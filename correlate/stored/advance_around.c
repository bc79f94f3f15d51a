/*
 * Which incidents look at what changed though none of their nodes did: see advance.h. Each part of
 * the context of tell.h is asked the other way round; more than those does no harm.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "correlate/stored/advance_work.h"
#include "correlate/stored/content.h"
#include "correlate/story/reads.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
#define NEXT_OF_SERIES 3 /* itself, what begins at the same time, and the next one */

static int
number_order(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static int64_t
hour_of(int64_t ms)
{
    return ms / HOUR_MS - (ms % HOUR_MS < 0);
}

static int64_t
earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t
later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* ------------------------------------------------------------------ hours */

static void
list_hours(struct advance *advance, struct around *around)
{
    size_t all = 0, kept = 0;
    around->hours = ARENA_ARRAY(advance->arena, int64_t, 2 * advance->change_count + 1);
    for (size_t i = 0; i < advance->change_count; i++) {
        const struct work_record *ends[] = {advance->changes[i].was, advance->changes[i].is};
        for (size_t k = 0; k < 2; k++)
            if (ends[k] != NULL && ends[k]->observation != NULL)
                around->hours[all++] = hour_of(ends[k]->ms);
    }
    if (all > 1)
        qsort(around->hours, all, sizeof(*around->hours), number_order);
    for (size_t i = 0; i < all; i++)
        if (kept == 0 || around->hours[kept - 1] != around->hours[i])
            around->hours[kept++] = around->hours[i];
    around->hour_count = kept;
}

/* Hours that lie near each other are asked for at once. */
static bool *
occupied_hours(struct advance *advance, const struct around *around)
{
    const struct group_rows *rows = advance->in->rows;
    bool *occupied = ARENA_ARRAY(advance->arena, bool, around->hour_count + 1);
    for (size_t from = 0, to; from < around->hour_count; from = to) {
        int64_t *found;
        size_t count = 0, at = 0;
        struct err err;
        for (to = from + 1;
             to < around->hour_count && around->hours[to] - around->hours[to - 1] <= 24;)
            to++;
        if (advance_failed(advance))
            break;
        advance_note(advance,
                     rows->hours(rows->context, advance->arena, around->hours[from],
                                 around->hours[to - 1], &found, &count, &err),
                     &err);
        for (size_t i = from; i < to && !advance_failed(advance); i++) {
            while (at < count && found[at] < around->hours[i])
                at++;
            occupied[i] = at < count && found[at] == around->hours[i];
        }
    }
    return occupied;
}

void
around_before(struct advance *advance, struct around *ret_around)
{
    list_hours(advance, ret_around);
    ret_around->occupied = occupied_hours(advance, ret_around);
}

/* ------------------------------------------------------------------ incidents by time */

static void
touch_within(struct advance *advance, int64_t from_ms, int64_t to_ms)
{
    const struct scope_reader *reader = advance->in->reader;
    struct sv *keys;
    size_t count = 0;
    struct err err;
    if (advance_failed(advance) || from_ms > to_ms)
        return;
    advance_note(advance,
                 reader->incidents_within(reader->context, advance->arena, from_ms, to_ms, &keys,
                                          &count, &err),
                 &err);
    for (size_t i = 0; i < count && !advance_failed(advance); i++) {
        advance->near = memory_grow(advance->near, &advance->near_size, advance->near_count + 1,
                                    sizeof(*advance->near));
        advance->near[advance->near_count++] = keys[i];
    }
}

struct spans {
    struct time_range *at;
    size_t count, size;
};

static void
add_span(struct spans *spans, int64_t from_ms, int64_t to_ms)
{
    spans->at = memory_grow(spans->at, &spans->size, spans->count + 1, sizeof(*spans->at));
    spans->at[spans->count++] = (struct time_range){from_ms, to_ms};
}

static int
span_order(const void *left, const void *right)
{
    const struct time_range *a = left, *b = right;
    return a->from_ms < b->from_ms ? -1 : a->from_ms > b->from_ms;
}

/* Those that overlap are asked for at once. */
static void
touch_spans(struct advance *advance, struct spans *spans)
{
    if (spans->count > 1)
        qsort(spans->at, spans->count, sizeof(*spans->at), span_order);
    for (size_t from = 0, to; from < spans->count; from = to) {
        int64_t end = spans->at[from].to_ms;
        for (to = from + 1; to < spans->count && spans->at[to].from_ms <= end; to++)
            end = later(end, spans->at[to].to_ms);
        touch_within(advance, spans->at[from].from_ms, end);
    }
    free(spans->at);
}

/* Changes are context of what lies a day around; so is an hour that is occupied now, or no more. */
static void
touch_by_changes(struct advance *advance, const struct around *around)
{
    const struct series_result *nodes = &advance->step.series;
    struct spans spans = {0};
    bool changes = advance_heeds(advance, ADVANCE_CHANGES);
    for (size_t i = 0; i < nodes->attaching_count; i++) {
        const struct work_node *ends[] = {nodes->attaching[i].was, nodes->attaching[i].is};
        for (size_t k = 0; k < 2; k++)
            if (changes && ends[k] != NULL && ends[k]->role == NODE_CHANGE)
                add_span(&spans, ends[k]->first_ms - TELL_AROUND_MS,
                         ends[k]->first_ms + TELL_AROUND_MS);
    }
    const bool *occupied = occupied_hours(advance, around);
    for (size_t i = 0; i < around->hour_count && !advance_failed(advance); i++)
        if (advance_heeds(advance, ADVANCE_HOURS) && occupied[i] != around->occupied[i])
            add_span(&spans, (around->hours[i] - 1) * HOUR_MS - TELL_AROUND_MS,
                     (around->hours[i] + 2) * HOUR_MS + TELL_AROUND_MS);
    touch_spans(advance, &spans);
}

/* ------------------------------------------------------------------ log lines */

static void
touch_node(struct advance *advance, const struct node_id *id)
{
    struct group_label label;
    if (kept_label(&advance->stored, id, &label))
        label_list_add(&advance->labels, &label);
}

struct logged {
    struct advance *advance;
    struct sv source;
};

static void
take_logged(void *taker, size_t spot, const struct work_node *node)
{
    const struct logged *logged = taker;
    (void)spot;
    if (node->role != NODE_LOG || !sv_eq(node->source, logged->source))
        return;
    struct node_id id = node_id_of(node);
    touch_node(logged->advance, &id);
}

static void
touch_answers(struct advance *advance, const struct group_answer *answers, size_t count)
{
    for (size_t i = 0; i < count && !advance_failed(advance); i++)
        touch_node(advance, &answers[i].row.id);
}

/* Of each place's series the nodes that begin within, and the last one that begins before. */
static void
touch_series(struct advance *advance, const struct group_place *places, size_t count)
{
    const struct group_rows *rows = advance->in->rows;
    struct group_answer *answers;
    struct err err;
    size_t found = 0;
    if (count == 0 || advance_failed(advance))
        return;
    advance_note(advance,
                 rows->ask(rows->context, advance->arena, GROUP_SERIES_WITHIN, places, count,
                           &answers, &found, &err),
                 &err);
    touch_answers(advance, answers, found);
    if (advance_failed(advance))
        return;
    advance_note(
        advance,
        rows->series(rows->context, advance->arena, places, count, true, 1, &answers, &found, &err),
        &err);
    touch_answers(advance, answers, found);
}

static int
line_order(const void *left, const void *right)
{
    const struct work_record *a = *(const struct work_record *const *)left;
    const struct work_record *b = *(const struct work_record *const *)right;
    int order = sv_cmp(a->source, b->source);
    order = order != 0 ? order : sv_cmp(a->fingerprint, b->fingerprint);
    return order != 0 ? order : a->ms < b->ms ? -1 : a->ms > b->ms;
}

/* Lines of its source that have one of these behind or soon after them. */
static void
touch_source(struct advance *advance, const struct work_record *const *lines, size_t count)
{
    struct logged logged = {advance, lines[0]->source};
    const struct attach_store *store = &advance->stored.attaching;
    int64_t from = lines[0]->ms, to = lines[0]->ms;
    for (size_t i = 1; i < count; i++) {
        from = earlier(from, lines[i]->ms);
        to = later(to, lines[i]->ms);
    }
    store->alive(store->context, from - reads_ahead(RULE_SURGE) / NS_PER_MS,
                 to + reads_back(RULE_SURGE) / NS_PER_MS, take_logged, &logged);
}

static void
touch_by_sorted(struct advance *advance, const struct work_record *const *lines, size_t count)
{
    struct group_place *places = ARENA_ARRAY(advance->arena, struct group_place, count + 1);
    size_t series = 0;
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && sv_eq(lines[to]->source, lines[from]->source);)
            to++;
        if (advance_heeds(advance, ADVANCE_LINES))
            touch_source(advance, lines + from, to - from);
    }
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && sv_eq(lines[to]->source, lines[from]->source) &&
                            sv_eq(lines[to]->fingerprint, lines[from]->fingerprint);)
            to++;
        places[series++] = (struct group_place){
            .digest = content_series_digest(lines[from]->source, lines[from]->fingerprint),
            .from_ms = lines[from]->ms,
            .to_ms = lines[to - 1]->ms + reads_back(RULE_NEW_LINE) / NS_PER_MS};
    }
    if (advance_heeds(advance, ADVANCE_SHAPES))
        touch_series(advance, places, series);
}

static void
touch_by_lines(struct advance *advance)
{
    const struct work_record **lines =
        ARENA_ARRAY(advance->arena, const struct work_record *, 2 * advance->change_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < advance->change_count; i++) {
        const struct work_record *ends[] = {advance->changes[i].was, advance->changes[i].is};
        for (size_t k = 0; k < 2; k++)
            if (ends[k] != NULL && ends[k]->role == NODE_LOG)
                lines[count++] = ends[k];
    }
    if (count > 1)
        qsort(lines, count, sizeof(*lines), line_order);
    touch_by_sorted(advance, lines, count);
}

/* ------------------------------------------------------------------ alerts before */

static size_t
list_alerts(struct advance *advance, const struct work_node **ret_alerts)
{
    const struct series_result *nodes = &advance->step.series;
    const struct {
        const struct regroup_change *at;
        size_t count;
    } lists[] = {{nodes->opening, nodes->opening_count},
                 {nodes->attaching, nodes->attaching_count}};
    size_t count = 0;
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l].count; i++) {
            const struct work_node *ends[] = {lists[l].at[i].was, lists[l].at[i].is};
            for (size_t k = 0; k < 2; k++)
                if (ends[k] != NULL && ends[k]->role == NODE_ALERT)
                    ret_alerts[count++] = ends[k];
        }
    return count;
}

/* The next alerts of the series: they are new where no other lies before them (RANK_NEW). */
static void
touch_next(struct advance *advance, const struct work_node *const *alerts, size_t count)
{
    const struct group_rows *rows = advance->in->rows;
    struct group_place *places = ARENA_ARRAY(advance->arena, struct group_place, count + 1);
    struct group_answer *answers;
    struct err err;
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        places[i] = (struct group_place){
            .digest = content_series_digest(alerts[i]->source, alerts[i]->records[0]->fingerprint),
            .from_ms = alerts[i]->first_ms};
    if (count == 0 || advance_failed(advance))
        return;
    advance_note(advance,
                 rows->series(rows->context, advance->arena, places, count, false, NEXT_OF_SERIES,
                              &answers, &found, &err),
                 &err);
    touch_answers(advance, answers, found);
}

/* Incidents for which this is the only alert a day or more before them (RANK_PAST). */
static void
touch_later(struct advance *advance, const struct work_node **alerts, size_t count)
{
    int64_t back = reads_back(RULE_RANK_PAST) / NS_PER_MS;
    struct spans spans = {0};
    const struct time_range *free_times = advance_beside(advance, alerts, count, back);
    for (size_t i = 0; i < count; i++) {
        int64_t ms = alerts[i]->first_ms;
        int64_t from = later(ms + DAY_MS, free_times[i].from_ms + back);
        int64_t to = earlier(ms + back, free_times[i].to_ms + DAY_MS);
        if (from <= to)
            add_span(&spans, from, to);
    }
    touch_spans(advance, &spans);
}

void
around_touched(struct advance *advance, const struct around *around)
{
    const struct series_result *nodes = &advance->step.series;
    const struct work_node **alerts =
        ARENA_ARRAY(advance->arena, const struct work_node *,
                    2 * (nodes->opening_count + nodes->attaching_count) + 1);
    size_t count = list_alerts(advance, alerts);
    touch_by_changes(advance, around);
    touch_by_lines(advance);
    if (advance_heeds(advance, ADVANCE_NEXT))
        touch_next(advance, alerts, count);
    if (advance_heeds(advance, ADVANCE_PAST))
        touch_later(advance, alerts, count);
}
