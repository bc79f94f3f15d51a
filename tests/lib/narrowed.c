/*
 * Cutting the input of one incident out of a grouped scope: see narrowed.h.
 */
#include "tests/lib/narrowed.h"

#include <string.h>

#include "correlate/candidate/candidates.h"

struct cutting {
    struct arena *arena;
    const struct correlation_input *input;
    struct grouped *grouped;
    size_t incident;
    enum narrowed_part without;
    int64_t from_ms, to_ms; /* of the incident */
    bool *wanted;           /* of each observation of the input */
    struct given *given;
};

const char *
narrowed_word(enum narrowed_part part)
{
    static const char *const words[] = {
#define PART(name, word) word,
        NARROWED_PARTS(PART)
#undef PART
    };
    return part == NARROWED_NOTHING ? "nothing" : words[part];
}

static void
find_window(struct cutting *cutting)
{
    const struct grouping *grouping = &cutting->grouped->grouping;
    const struct candidate *candidate = grouping->nodes[cutting->incident].candidate;
    cutting->from_ms = INT64_MAX;
    cutting->to_ms = INT64_MIN;
    for (size_t n = 0; n < grouping->node_count; n++) {
        const struct work_node *node = &grouping->nodes[n];
        if (node->incident != cutting->incident)
            continue;
        cutting->from_ms = node->first_ms < cutting->from_ms ? node->first_ms : cutting->from_ms;
        cutting->to_ms = node->last_ms > cutting->to_ms ? node->last_ms : cutting->to_ms;
    }
    if (candidate == NULL)
        return;
    int64_t from = candidate->from_ns / NS_PER_MS, to = candidate->to_ns / NS_PER_MS;
    cutting->from_ms = from < cutting->from_ms ? from : cutting->from_ms;
    cutting->to_ms = to > cutting->to_ms ? to : cutting->to_ms;
}

/* ------------------------------------------------------------------ records */

static void
want(struct cutting *cutting, const struct observation *observation)
{
    const struct correlation_input *input = cutting->input;
    for (size_t i = 0; observation != NULL && i < input->count; i++)
        if (memcmp(input->observations[i].event.uid, observation->event.uid, UID_BYTES) == 0 &&
            (cutting->without != NARROWED_DELIVERIES || &input->observations[i] != observation))
            cutting->wanted[i] = true;
    /* Another delivery in its place, if there is one. */
    if (cutting->without == NARROWED_DELIVERIES)
        for (size_t i = 0, others = 0; observation != NULL && i <= input->count; i++) {
            if (i == input->count) {
                cutting->wanted[observation - input->observations] = others == 0;
                break;
            }
            others +=
                &input->observations[i] != observation &&
                memcmp(input->observations[i].event.uid, observation->event.uid, UID_BYTES) == 0;
        }
}

/* True if this line is in the background of that one. */
static bool
is_behind(const struct cutting *cutting, const struct work_record *line,
          const struct work_record *of)
{
    const struct event *event = &line->observation->event;
    int64_t ahead = line->ms - of->ms;
    if (!sv_eq(line->source, of->source) || !sv_eq(event->service, of->observation->event.service))
        return false;
    bool loud = event->severity >= SEVERITY_WARN;
    return (loud && ahead < 0 && -ahead <= reads_back(RULE_SURGE) / NS_PER_MS &&
            cutting->without != NARROWED_LINES_BEFORE) ||
           (loud && ahead >= 0 && ahead < reads_ahead(RULE_SURGE) / NS_PER_MS &&
            cutting->without != NARROWED_LINES_AFTER) ||
           (sv_eq(line->fingerprint, of->fingerprint) && ahead < 0 &&
            -ahead <= reads_back(RULE_NEW_LINE) / NS_PER_MS && cutting->without != NARROWED_SHAPES);
}

static void
want_background(struct cutting *cutting, const struct work_node *member)
{
    const struct grouping *grouping = &cutting->grouped->grouping;
    for (size_t i = 0; member->role == NODE_LOG && i < member->record_count; i++)
        for (size_t n = 0; n < grouping->node_count; n++)
            for (size_t k = 0;
                 grouping->nodes[n].role == NODE_LOG && k < grouping->nodes[n].record_count; k++)
                if (is_behind(cutting, grouping->nodes[n].records[k], member->records[i]))
                    want(cutting, grouping->nodes[n].records[k]->observation);
}

static void
take_wanted(struct cutting *cutting)
{
    const struct correlation_input *input = cutting->input;
    struct observation *rows = ARENA_ARRAY(cutting->arena, struct observation, input->count + 1);
    for (size_t i = input->count; i-- > 0;) /* in another order */
        if (cutting->wanted[i])
            rows[cutting->given->count++] = input->observations[i];
    cutting->given->observations = rows;
}

/* ------------------------------------------------------------------ nodes */

static bool
is_around(const struct cutting *cutting, const struct work_node *node)
{
    return node->role == NODE_CHANGE && cutting->without != NARROWED_CHANGES &&
           node->first_ms >= cutting->from_ms - TELL_AROUND_MS &&
           node->first_ms <= cutting->to_ms + TELL_AROUND_MS;
}

static struct given_node
given_of(const struct cutting *cutting, const struct work_node *node)
{
    enum narrowed_part without = cutting->without;
    return (struct given_node){
        .first_ms = node->first_ms,
        .source = node->source,
        .uid = node->uid,
        .last_ms = without == NARROWED_ENDS ? INT64_MAX : node->last_ms,
        .incident = NO_NODE,
        .familiar = without != NARROWED_FAMILIAR && node->familiar,
        .quiet = without == NARROWED_QUIET ? QUIET_NOT : node->quiet,
        .candidate = without == NARROWED_CANDIDATE ? NULL : node->candidate,
        .reason = without == NARROWED_REASONS ? SV("") : node->reason,
    };
}

static void
take_nodes(struct cutting *cutting)
{
    const struct grouping *grouping = &cutting->grouped->grouping;
    struct given *given = cutting->given;
    struct given_node *nodes =
        ARENA_ARRAY(cutting->arena, struct given_node, grouping->node_count + 1);
    struct declaration *declarations =
        ARENA_ARRAY(cutting->arena, struct declaration, cutting->input->declaration_count + 1);
    size_t name = 0;
    for (size_t n = 0; n < grouping->node_count; n++) {
        const struct work_node *node = &grouping->nodes[n];
        bool member = node->incident == cutting->incident;
        if (!member && !is_around(cutting, node))
            continue;
        for (size_t i = 0; i < node->record_count; i++)
            want(cutting, node->records[i]->observation);
        if (member)
            want_background(cutting, node);
        if (member && node->declaration != NULL)
            declarations[given->declaration_count++] = *node->declaration;
        if (n == cutting->incident)
            name = given->node_count;
        nodes[given->node_count] = given_of(cutting, node);
        nodes[given->node_count++].incident = member ? 0 : NO_NODE;
    }
    for (size_t n = 0; n < given->node_count; n++)
        nodes[n].incident = nodes[n].incident == NO_NODE ? NO_NODE : name;
    given->nodes = nodes;
    given->declarations = declarations;
}

/* ------------------------------------------------------------------ the rest */

static void
take_hours(struct cutting *cutting)
{
    const struct grouped *grouped = cutting->grouped;
    int64_t from = (cutting->from_ms - TELL_AROUND_MS) / 3600000;
    int64_t to = (cutting->to_ms + TELL_AROUND_MS) / 3600000;
    int64_t *hours = ARENA_ARRAY(cutting->arena, int64_t, grouped->hour_count + 1);
    for (size_t i = 0; cutting->without != NARROWED_HOURS && i < grouped->hour_count; i++)
        if (grouped->hours[i] >= from && grouped->hours[i] <= to)
            hours[cutting->given->hour_count++] = grouped->hours[i];
    cutting->given->hours = hours;
}

static bool
touches(const struct deciding_one *one, struct sv key)
{
    one = one->about;
    return one != NULL && (sv_eq(one->row_key, key) || sv_eq(one->incident_key, key));
}

static bool
is_of_series(const struct cutting *cutting, const struct rank_alert *alert)
{
    const struct grouping *grouping = &cutting->grouped->grouping;
    for (size_t n = 0; n < grouping->node_count; n++)
        if (grouping->nodes[n].incident == cutting->incident &&
            grouping->nodes[n].role == NODE_ALERT &&
            sv_eq(grouping->nodes[n].source, alert->source) &&
            sv_eq(grouping->nodes[n].records[0]->fingerprint, alert->fingerprint))
            return true;
    return false;
}

static void
take_alerts(struct cutting *cutting)
{
    const struct rank_history *all = &cutting->grouped->alerts;
    struct rank_history *history = ARENA_NEW(cutting->arena, struct rank_history);
    struct rank_alert *some = ARENA_ARRAY(cutting->arena, struct rank_alert, all->count + 1);
    size_t count = 0;
    for (size_t i = all->count; i-- > 0;) {
        const struct rank_alert *alert = &all->alerts[i];
        bool before = cutting->without != NARROWED_ALERTS_BEFORE &&
                      alert->last_ms >= cutting->from_ms - reads_back(RULE_RANK_NEW) / NS_PER_MS &&
                      alert->first_ms <= cutting->to_ms && is_of_series(cutting, alert);
        bool past = cutting->without != NARROWED_PAST &&
                    alert->first_ms >= cutting->from_ms - reads_back(RULE_RANK_PAST) / NS_PER_MS &&
                    alert->first_ms < cutting->from_ms && !is_of_series(cutting, alert);
        if (before || past)
            some[count++] = *alert;
    }
    rank_history_make(cutting->arena, some, count, history);
    cutting->given->alerts = history;
}

/* Those that name a record of it, and what takes them back. */
static void
take_decisions(struct cutting *cutting)
{
    const struct deciding *all = &cutting->grouped->deciding;
    struct deciding *some = ARENA_NEW(cutting->arena, struct deciding);
    struct sv key =
        node_key_text(cutting->arena, &cutting->grouped->grouping.nodes[cutting->incident]);
    *some = (struct deciding){.arena = cutting->arena};
    some->all = ARENA_ARRAY(cutting->arena, struct deciding_one, all->count + 1);
    for (size_t i = 0; cutting->without != NARROWED_DECISIONS && i < all->count; i++)
        if (touches(&all->all[i], key))
            some->all[some->count++] = all->all[i];
    cutting->given->deciding = some;
}

void
narrowed_make(struct arena *arena, const struct correlation_input *input, struct grouped *grouped,
              size_t incident, enum narrowed_part without, struct given *ret_given)
{
    struct cutting cutting = {.arena = arena,
                              .input = input,
                              .grouped = grouped,
                              .incident = incident,
                              .without = without,
                              .wanted = ARENA_ARRAY(arena, bool, input->count + 1),
                              .given = ret_given};
    *ret_given = (struct given){.scope = input->scope};
    find_window(&cutting);
    take_nodes(&cutting);
    take_wanted(&cutting);
    take_hours(&cutting);
    take_alerts(&cutting);
    take_decisions(&cutting);
}
