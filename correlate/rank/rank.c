/*
 * Rank of an incident: see rank.h. Called by correlate_run() for each incident.
 */
#include "correlate/rank/rank.h"

#include <stdlib.h>

#include "base/clock.h"
#include "correlate/story/reads.h"

#define PAST_MS (24 * INT64_C(3600000)) /* known before an incident, where anything is new */

enum {
#define CONFIDENCE(name, word, least, meaning) LEAST_##name = (least),
#include "hindcast/confidence.def"
};

/* ------------------------------------------------------------------ history */

static int
series_order(const struct rank_alert *a, const struct rank_alert *b)
{
    int order = sv_cmp(a->source, b->source);
    return order != 0 ? order : sv_cmp(a->fingerprint, b->fingerprint);
}

static int
alert_order(const void *left, const void *right)
{
    const struct rank_alert *a = left, *b = right;
    int order = series_order(a, b);
    if (order != 0)
        return order;
    return a->first_ms < b->first_ms ? -1 : a->first_ms > b->first_ms;
}

static int
time_order(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

void
rank_history_make(struct arena *arena, struct rank_alert *alerts, size_t count,
                  struct rank_history *ret_history)
{
    int64_t *starts = ARENA_ARRAY(arena, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        starts[i] = alerts[i].first_ms;
    if (count > 1) {
        qsort(alerts, count, sizeof(*alerts), alert_order);
        qsort(starts, count, sizeof(*starts), time_order);
    }
    *ret_history = (struct rank_history){.alerts = alerts, .count = count, .starts_ms = starts};
}

/* The one of its series right before it, or NULL. */
static const struct rank_alert *
alert_before(const struct rank_history *history, const struct rank_alert *alert)
{
    size_t low = 0, high = history->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (alert_order(&history->alerts[middle], alert) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const struct rank_alert *before = low == 0 ? NULL : &history->alerts[low - 1];
    return before != NULL && series_order(before, alert) == 0 ? before : NULL;
}

/* Where nothing is known of the time before, everything would be new. */
static bool
has_past(const struct rank_history *history, const struct incident *incident)
{
    int64_t first_ms = incident->first_ns / NS_PER_MS;
    int64_t from_ms = first_ms - reads_back(RULE_RANK_PAST) / NS_PER_MS;
    size_t low = 0, high = history->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (history->starts_ms[middle] < from_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low < history->count && history->starts_ms[low] <= first_ms - PAST_MS;
}

/* -------------------------------------------------------------------- facts */

static int
text_order(const void *left, const void *right)
{
    return sv_cmp(*(const struct sv *)left, *(const struct sv *)right);
}

/* How many different ones; absent ones are none. Sorts them. */
static int64_t
different(struct sv *texts, size_t count)
{
    int64_t found = 0;
    if (count > 1)
        qsort(texts, count, sizeof(*texts), text_order);
    for (size_t i = 0; i < count; i++)
        found += !sv_empty(texts[i]) && (i == 0 || !sv_eq(texts[i], texts[i - 1]));
    return found;
}

static bool
is_alert(const struct node *node)
{
    return node->kind == EVENT_ALERT && !node->declared;
}

/* Of a series the first alert of the incident tells whether there was one before it. */
static void
count_series(struct arena *arena, const struct rank_history *history,
             const struct rank_heads *heads, bool past, int64_t *ret_facts)
{
    struct rank_alert *alerts = ARENA_ARRAY(arena, struct rank_alert, heads->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < heads->count; i++)
        if (is_alert(heads->nodes[i]))
            alerts[count++] =
                (struct rank_alert){.source = heads->nodes[i]->source,
                                    .fingerprint = heads->nodes[i]->fingerprint,
                                    .first_ms = heads->nodes[i]->first_ns / NS_PER_MS};
    if (count > 1)
        qsort(alerts, count, sizeof(*alerts), alert_order);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && series_order(&alerts[i - 1], &alerts[i]) == 0)
            continue;
        const struct rank_alert *before = alert_before(history, &alerts[i]);
        int64_t from_ms = alerts[i].first_ms - reads_back(RULE_RANK_NEW) / NS_PER_MS;
        ret_facts[RANK_SERIES]++;
        ret_facts[RANK_NEW] += past && (before == NULL || before->last_ms < from_ms);
    }
}

static void
count_heads(struct arena *arena, const struct rank_heads *heads, int64_t *ret_facts)
{
    struct sv *services = ARENA_ARRAY(arena, struct sv, heads->count + 1);
    struct sv *hosts = ARENA_ARRAY(arena, struct sv, heads->count + 1);
    struct sv *sources = ARENA_ARRAY(arena, struct sv, heads->count + 1);
    for (size_t i = 0; i < heads->count; i++) {
        services[i] = heads->nodes[i]->service;
        hosts[i] = heads->nodes[i]->host;
        sources[i] = is_alert(heads->nodes[i]) ? heads->nodes[i]->source : SV_NONE;
    }
    ret_facts[RANK_SERVICES] = different(services, heads->count);
    if (ret_facts[RANK_SERVICES] == 0)
        ret_facts[RANK_SERVICES] = different(hosts, heads->count);
    ret_facts[RANK_SOURCES] = different(sources, heads->count);
}

static bool
is_of_person(const struct entry *entry)
{
    return !sv_empty(entry->actor) && !sv_eq(entry->actor_type, SV("bot")) &&
           !sv_eq(entry->actor_type, SV("system"));
}

static bool
has_reason(const struct entry *entry, struct sv name)
{
    for (size_t i = 0; i < entry->reason_count; i++)
        if (sv_eq(entry->reasons[i].name, name))
            return true;
    return false;
}

/* Done, once for each change, and not in vain. */
static bool
is_taken_back(const struct entry *entry)
{
    return (entry->act == ACT_ROLLBACK || entry->kind == ENTRY_CHANGE_REVERTED) &&
           sv_empty(entry->chain) && entry->kind != ENTRY_CHANGE_STARTED &&
           entry->kind != ENTRY_CHANGE_FAILED && !has_reason(entry, SV("came_to_nothing"));
}

/* Whoever ends or holds back an alert, or changes the state of an incident, has seen it as well. */
static bool
is_acknowledged(const struct incident *incident, const struct entry *entry)
{
    if (entry->kind == ENTRY_ALERT_ACKNOWLEDGED || entry->kind == ENTRY_ALERT_RESOLVED ||
        entry->kind == ENTRY_ALERT_SUPPRESSED || entry->kind == ENTRY_STATUS_CHANGE ||
        entry->kind == ENTRY_SEVERITY_CHANGE)
        return true;
    for (size_t i = 0; i < incident->milestone_count; i++)
        if (incident->milestones[i].milestone == MILESTONE_ACKNOWLEDGED &&
            incident->milestones[i].confidence >= LEAST_POSSIBLE &&
            sv_eq(incident->milestones[i].entry_id, entry->entry_id))
            return true;
    return false;
}

static void
count_rows(struct arena *arena, const struct incident *incident, int64_t *ret_facts)
{
    struct sv *people = ARENA_ARRAY(arena, struct sv, incident->entry_count + 1);
    size_t spoken = 0;
    for (size_t i = 0; i < incident->entry_count; i++) {
        const struct entry *entry = &incident->entries[i];
        if (is_of_person(entry) &&
            (entry->record_kind == RECORD_CHAT || entry->record_kind == RECORD_LINKED_MESSAGE))
            people[spoken++] = entry->actor;
        ret_facts[RANK_TAKEN_BACK] += is_taken_back(entry);
        if (is_of_person(entry) && ret_facts[RANK_ACKNOWLEDGED] == 0)
            ret_facts[RANK_ACKNOWLEDGED] = is_acknowledged(incident, entry);
    }
    ret_facts[RANK_PEOPLE] = different(people, spoken);
}

static void
find_facts(struct arena *arena, const struct rank_history *history, const struct rank_heads *heads,
           const struct incident *incident, int64_t ret_facts[RANK_FACTS])
{
    int64_t end_ns =
        incident_end(incident) == TIME_NONE ? incident->last_ns : incident_end(incident);
    int64_t took = end_ns - incident_start(incident);
    for (size_t i = 0; i < RANK_FACTS; i++)
        ret_facts[i] = 0;
    ret_facts[RANK_DECLARED] = incident->declared;
    ret_facts[RANK_SEVERITY] = incident->severity;
    ret_facts[RANK_MINUTES] = took > 0 ? took / (60 * NS_PER_S) : 0;
    count_heads(arena, heads, ret_facts);
    count_series(arena, history, heads, has_past(history, incident), ret_facts);
    count_rows(arena, incident, ret_facts);
}

/* -------------------------------------------------------------------- score */

static int32_t
points_of(const struct rank_rules *rules, enum rank_fact fact, int64_t number)
{
    const struct rank_line *best = NULL;
    for (size_t i = 0; i < rules->count; i++) {
        const struct rank_line *line = &rules->lines[i];
        if (line->fact == fact && number >= line->least &&
            (best == NULL || line->least > best->least))
            best = line;
    }
    return best == NULL ? 0 : best->points;
}

/* "3 services (+2)" */
static struct sv
say(struct arena *arena, enum rank_fact fact, int64_t number, int32_t points)
{
    static const char *const one[RANK_FACTS] = {
#define RANK_FACT(name, word, one, many) [RANK_##name] = (one),
#include "correlate/rank/facts.def"
    };
    static const char *const many[RANK_FACTS] = {
#define RANK_FACT(name, word, one, many) [RANK_##name] = (many),
#include "correlate/rank/facts.def"
    };
    const char *words = number == 1 ? one[fact] : many[fact];
    char text[DURATION_TEXT] = "";
    if (fact == RANK_SEVERITY)
        return arena_printf(arena, "%s (%+d)", severity_band((int)number), points);
    if (fact == RANK_MINUTES) {
        duration_format(number * 60 * NS_PER_S, text);
        return arena_printf(arena, "%s (%+d)", text, points);
    }
    if (words[0] != '%')
        return arena_printf(arena, "%s (%+d)", words, points);
    return arena_printf(arena, "%lld%s (%+d)", (long long)number, words + 1, points);
}

void
rank_incident(struct arena *arena, const struct rank_rules *rules,
              const struct rank_history *history, const struct rank_heads *heads,
              struct incident *incident)
{
    int64_t *facts = ARENA_ARRAY(arena, int64_t, RANK_FACTS);
    struct sv *reasons = ARENA_ARRAY(arena, struct sv, RANK_FACTS);
    struct incident_rank rank = {.reasons = reasons, .facts = facts};
    find_facts(arena, history, heads, incident, facts);
    for (enum rank_fact fact = 0; fact < RANK_FACTS; fact++) {
        int32_t points = points_of(rules, fact, facts[fact]);
        if (points == 0)
            continue;
        rank.score += points;
        reasons[rank.reason_count++] = say(arena, fact, facts[fact], points);
    }
    rank.worth = rank.score >= rules->worth;
    incident->rank = rank;
}
