/*
 * Signs: see signs.h. Called by candidates_find().
 */
#include "correlate/candidate/signs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/mask.h"
#include "correlate/run.h"
#include "correlate/story/moments.h"
#include "correlate/story/versions.h"

#define ROUTINE_OTHERS 2 /* of the like that are taken back within a day */

struct finding {
    struct arena *arena;
    const struct candidate_rules *rules;
    const struct grouping *grouping;
    const struct background *background;
    const struct people_known *people;
    struct story talk; /* the loose rows of chats and notes */
    struct signs *signs;
    struct change {
        const struct row *row;
        size_t node;
    } * changes; /* by source, text and time */
    size_t change_count;
    struct change *lines; /* of logs that are new there, in order of nodes */
    size_t line_count;
    struct taken {
        struct sv source, shape; /* of the subject, without numbers */
        int64_t ns;
    } * taken; /* changes that take back, by source, shape and time */
    size_t taken_count;
    struct versions versions;
    struct counter last_talk; /* of each named channel, in ms */
    int64_t *opening_ms;      /* starts of alerts and declarations, in order */
    size_t opening_count;
};

struct sv
node_place(struct arena *arena, const struct work_node *node)
{
    const struct event *event = &node->records[0]->observation->event;
    if (event->kind == EVENT_CHAT && event->channel.len > 0)
        return arena_printf(arena, "#" SV_FMT, SV_ARG(event->channel));
    return event->source;
}

static void
add_sign(struct finding *finding, const struct row *row, size_t node, enum sign_kind kind)
{
    const struct sign_rule *rule = &finding->rules->signs[kind];
    struct sv who = row->actor;
    bool person = who.len == 0 || who_is(finding->arena, finding->people, &row->observation->event,
                                         row->actor, &who);
    if (rule->weight == 0 || (!person && kind != SIGN_NEW_LINE))
        return;
    finding->signs->at[finding->signs->count++] = (struct sign){
        .ns = row->time_ns,
        .since_ns = row->time_ns,
        .node = node,
        .kind = kind,
        .weight = rule->weight,
        .place = node_place(finding->arena, row->node),
        .who = who,
        .taken_back = NO_NODE,
        .text = person && !row->deleted ? observation_text(row->observation) : row->text,
    };
}

static bool
has_phrase(const struct candidate_rules *rules, size_t kind, struct words words)
{
    const struct sign_rule *rule = &rules->signs[kind];
    for (size_t line = 0; line < rule->lines; line++)
        for (size_t p = 0; p < rule->phrase_counts[line]; p++)
            for (size_t start = 0; start < words.count; start++)
                if (phrase_end(rule->phrases[line][p], words, start) != SIZE_MAX)
                    return true;
    return false;
}

/* "inc-2041_checkout" as words. */
static struct words
channel_words(struct arena *arena, struct sv channel)
{
    char *spaced = arena_strdup(arena, channel);
    for (char *c = spaced; *c != '\0'; c++)
        *c = *c == '_' || *c == '-' || *c == '.' ? ' ' : *c;
    return words_of(arena, sv_from(spaced));
}

/* ------------------------------------------------------------------------ talk */

static enum sign_kind
channel_sign(struct finding *finding, struct sv channel)
{
    struct words words = channel_words(finding->arena, channel);
    if (channel.len == 0 || has_phrase(finding->rules, SIGNS, words))
        return SIGNS;
    return has_phrase(finding->rules, SIGN_NAMED_CHANNEL, words)    ? SIGN_NAMED_CHANNEL
           : has_phrase(finding->rules, SIGN_SHARED_CHANNEL, words) ? SIGN_SHARED_CHANNEL
                                                                    : SIGNS;
}

static bool
tells_of_trouble(const struct row *row)
{
    if (text_asks(row->text) && row->act != ACT_REPORT)
        return false;
    return row->act == ACT_SYMPTOM || row->act == ACT_REPORT || row->act == ACT_DETECTION;
}

static void
signs_of_row(struct finding *finding, const struct row *row, size_t node, enum sign_kind channel)
{
    bool chat = row->observation->event.kind == EVENT_CHAT;
    if (chat && row->observation->event.phase == PHASE_TOPIC) {
        if (has_phrase(finding->rules, SIGN_TOPIC, row->words))
            add_sign(finding, row, node, SIGN_TOPIC);
        return;
    }
    if (row->bot || row->deleted || row->came_or_went)
        return;
    if (channel != SIGNS)
        add_sign(finding, row, node, channel);
    if (row_has_act(row, ACT_ROLLBACK))
        add_sign(finding, row, node, SIGN_ROLLBACK);
    if (!chat)
        return;
    if (row_has_act(row, ACT_DECLARATION))
        add_sign(finding, row, node, SIGN_DECLARED);
    if (has_phrase(finding->rules, SIGN_PAGED, row->words))
        add_sign(finding, row, node, SIGN_PAGED);
    if (tells_of_trouble(row))
        add_sign(finding, row, node, SIGN_TROUBLE);
    else if (row_responds(row))
        add_sign(finding, row, node, SIGN_RESPONSE);
}

#define TALK_SIGNS 6 /* of a row at most */

/* What is said in a named channel after its first talk opens nothing by the name alone. */
static bool
goes_on(struct finding *finding, const struct work_node *node)
{
    struct sv place = node_place(finding->arena, node);
    int64_t *last = counter_find(&finding->last_talk, place);
    bool soon =
        last != NULL && node->first_ms - *last <= reads_back(RULE_NAMED_CHANNEL) / NS_PER_MS;
    *counter_at(&finding->last_talk, place, 0) = node->last_ms;
    return soon;
}

static void
find_in_talk(struct finding *finding, size_t first, size_t count, size_t node)
{
    const struct event *event = &finding->grouping->nodes[node].records[0]->observation->event;
    enum sign_kind channel =
        event->kind == EVENT_CHAT ? channel_sign(finding, event->channel) : SIGNS;
    if (channel == SIGN_NAMED_CHANNEL && goes_on(finding, &finding->grouping->nodes[node]))
        channel = SIGN_SHARED_CHANNEL;
    for (size_t i = first; i < first + count; i++) {
        const struct row *row = finding->talk.rows[i];
        signs_of_row(finding, row, node, channel);
        if (!row->bot && row_has_act(row, ACT_RESOLUTION))
            finding->signs->ends[node] = true;
        else if (tells_of_trouble(row))
            finding->signs->ends[node] = false;
    }
}

/* --------------------------------------------------------------------- changes */

static int
change_order(const void *left, const void *right)
{
    const struct change *a = left, *b = right;
    int order = sv_cmp(a->row->source, b->row->source);
    if (order == 0)
        order = sv_cmp(a->row->text, b->row->text);
    if (order != 0)
        return order;
    return a->node < b->node ? -1 : a->node > b->node;
}

static int
taken_order(const void *left, const void *right)
{
    const struct taken *a = left, *b = right;
    int order = sv_cmp(a->source, b->source);
    if (order == 0)
        order = sv_cmp(a->shape, b->shape);
    return order != 0 ? order : a->ns < b->ns ? -1 : a->ns > b->ns;
}

static void
collect_taken(struct finding *finding)
{
    finding->taken = ARENA_ARRAY(finding->arena, struct taken, finding->change_count + 1);
    for (size_t i = 0; i < finding->change_count; i++) {
        const struct row *row = finding->changes[i].row;
        if (text_reverted_subject(row->text).ptr == NULL)
            continue;
        struct sv subject = text_innermost_subject(row->text);
        finding->taken[finding->taken_count++] = (struct taken){
            row->source, mask_numbers(finding->arena, subject, ROW_TEXT_MAX), row->time_ns};
    }
    if (finding->taken_count > 1)
        qsort(finding->taken, finding->taken_count, sizeof(struct taken), taken_order);
}

/* The last change of this source with this text before that time, not farther back than is read. */
static const struct change *
made_before(const struct finding *finding, const struct row *row, struct sv text)
{
    struct row asked_row = {.source = row->source, .text = text};
    struct change asked = {&asked_row, SIZE_MAX};
    size_t low = 0, high = finding->change_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (change_order(&finding->changes[middle], &asked) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low > 0; low--) {
        const struct change *change = &finding->changes[low - 1];
        if (!sv_eq(change->row->source, row->source) || !sv_eq(change->row->text, text))
            return NULL;
        if (change->row->time_ns <= row->time_ns && change->row != row)
            return change->row->time_ns >= row->time_ns - reads_back(RULE_TAKEN_BACK) ? change
                                                                                      : NULL;
    }
    return NULL;
}

/*
 * What the last sign takes back (NO_NODE: unknown), and since when; where it is one of this change:
 * a tool's change, or a kind without weight, gives none.
 */
static void
set_taken_back(struct finding *finding, const struct change *of, size_t node, int64_t since_ns)
{
    struct signs *signs = finding->signs;
    struct sign *sign = signs->count == 0 ? NULL : &signs->at[signs->count - 1];
    if (sign == NULL || sign->node != of->node)
        return;
    sign->taken_back = node;
    sign->since_ns = since_ns;
}

/* Set and taken back again and again, or by a tool: nobody watches it. */
static bool
is_routine(const struct finding *finding, const struct row *row, struct sv subject)
{
    struct arena *arena = finding->arena;
    const struct phrase_rules *rules = finding->talk.rules;
    struct sv both = arena_printf(arena, SV_FMT " " SV_FMT, SV_ARG(row->actor), SV_ARG(row->text));
    if (phrase_rule_fits(rules, &rules->routine, words_of(arena, both)))
        return true;
    struct taken asked = {row->source,
                          mask_numbers(arena, text_innermost_subject(subject), ROW_TEXT_MAX), 0};
    size_t low = 0, high = finding->taken_count, others = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (taken_order(&finding->taken[middle], &asked) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < finding->taken_count && sv_eq(finding->taken[low].source, asked.source) &&
           sv_eq(finding->taken[low].shape, asked.shape);
         low++) {
        int64_t apart = finding->taken[low].ns - row->time_ns;
        others += apart != 0 && apart >= -reads_back(RULE_ROUTINE_REVERT) &&
                  apart <= reads_ahead(RULE_ROUTINE_REVERT);
    }
    return others >= ROUTINE_OTHERS;
}

/* A change that takes back no other by its subject. */
static void
find_in_other(struct finding *finding, const struct change *change)
{
    const struct phrase_rules *rules = finding->talk.rules;
    const struct row *row = change->row, *later;
    if (has_phrase(finding->rules, SIGN_REPORTED, row->words)) {
        add_sign(finding, row, change->node, SIGN_REPORTED);
        set_taken_back(finding, change, NO_NODE, row->time_ns - reads_back(RULE_REPORTED));
        return;
    }
    if (phrase_rule_fits(rules, &rules->mends, row->words))
        add_sign(finding, row, change->node, SIGN_MENDS);
    size_t other = versions_set_back(&finding->versions, row, &later);
    if (other == NO_NODE)
        return;
    add_sign(finding, row, change->node, SIGN_SET_BACK);
    set_taken_back(finding, change, other, later->time_ns);
}

static void
find_in_change(struct finding *finding, const struct change *change)
{
    const struct row *row = change->row;
    struct sv subject = text_reverted_subject(row->text);
    bool reverts = subject.ptr != NULL || row->observation->event.phase == PHASE_ROLLED_BACK ||
                   text_has_word_start(row->lower, SV("revert")) ||
                   text_has_word_start(row->lower, SV("rollback")) ||
                   text_has_word_start(row->lower, SV("roll back"));
    const struct change *other = subject.ptr == NULL ? NULL : made_before(finding, row, subject);
    if (row->elsewhere)
        return;
    if (!reverts) {
        find_in_other(finding, change);
        return;
    }
    if (is_routine(finding, row, subject.ptr == NULL ? row->text : subject))
        return;
    add_sign(finding, row, change->node, SIGN_TAKEN_BACK);
    if (other == NULL)
        return;
    add_sign(finding, row, change->node, SIGN_SOON);
    set_taken_back(finding, change, other->node, other->row->time_ns);
}

/* ------------------------------------------------------------------------- logs */

/* Where alerts or declarations are near, log lines open nothing. */
static bool
is_alone(const struct finding *finding, int64_t ms)
{
    int64_t from = ms - reads_back(RULE_LOG_ALONE) / NS_PER_MS;
    size_t low = 0, high = finding->opening_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (finding->opening_ms[middle] < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low == finding->opening_count ||
           finding->opening_ms[low] > ms + reads_ahead(RULE_LOG_ALONE) / NS_PER_MS;
}

static void
find_in_logs(struct finding *finding)
{
    for (size_t i = 0; i < finding->line_count; i++) {
        const struct change *line = &finding->lines[i];
        if (is_alone(finding, line->row->node->first_ms))
            add_sign(finding, line->row, line->node, SIGN_NEW_LINE);
    }
}

/* ------------------------------------------------------------------------- all */

static int
sign_order(const void *left, const void *right)
{
    const struct sign *a = left, *b = right;
    if (a->ns != b->ns)
        return a->ns < b->ns ? -1 : 1;
    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return sv_cmp(a->who, b->who);
}

/* Rows of the loose nodes: those of talk in `talk`, those of changes in `changes`. */
static void
make_rows(struct finding *finding, size_t *talk_at)
{
    const struct grouping *grouping = finding->grouping;
    struct story *talk = &finding->talk;
    size_t made;
    for (size_t n = 0; n < grouping->node_count; n++) {
        const struct work_node *node = &grouping->nodes[n];
        talk_at[n] = talk->count;
        if (node_opens(node))
            finding->opening_ms[finding->opening_count++] = node->first_ms;
        if (!node_is_loose(node))
            continue;
        if (node->role == NODE_LOG &&
            !background_new_line(finding->background, node, node->records[0]->observation))
            continue;
        struct row **rows = ARENA_ARRAY(finding->arena, struct row *, node->record_count + 1);
        node_rows(finding->arena, talk->rules, node, rows, &made);
        for (size_t i = 0; i < made; i++)
            if (node->role == NODE_LOG)
                finding->lines[finding->line_count++] = (struct change){rows[i], n};
            else if (node->role == NODE_CHAT)
                talk->rows[talk->count++] = rows[i];
            else
                finding->changes[finding->change_count++] = (struct change){rows[i], n};
    }
    talk_at[grouping->node_count] = talk->count;
}

void
candidate_signs(struct arena *arena, const struct candidate_rules *rules,
                const struct phrase_rules *phrases, const struct background *background,
                const struct people_known *people, const struct grouping *grouping,
                struct signs *ret_signs)
{
    size_t records = 0, nodes = grouping->node_count;
    for (size_t n = 0; n < nodes; n++)
        records += grouping->nodes[n].record_count;
    struct finding finding = {.arena = arena,
                              .rules = rules,
                              .grouping = grouping,
                              .background = background,
                              .people = people,
                              .talk = {.arena = arena, .scratch = arena, .rules = phrases},
                              .signs = ret_signs};
    finding.talk.rows = ARENA_ARRAY(arena, struct row *, records + 1);
    finding.changes = ARENA_ARRAY(arena, struct change, records + 1);
    finding.lines = ARENA_ARRAY(arena, struct change, records + 1);
    finding.opening_ms = ARENA_ARRAY(arena, int64_t, nodes + 1);
    *ret_signs = (struct signs){.at = ARENA_ARRAY(arena, struct sign, TALK_SIGNS * records + 1),
                                .ends = ARENA_ARRAY(arena, bool, nodes + 1)};
    size_t *talk_at = ARENA_ARRAY(arena, size_t, nodes + 1);
    counter_init(&finding.last_talk, arena);
    make_rows(&finding, talk_at);
    score_acts(&finding.talk);
    for (size_t n = 0; n < nodes; n++)
        if (grouping->nodes[n].role == NODE_CHAT)
            find_in_talk(&finding, talk_at[n], talk_at[n + 1] - talk_at[n], n);
    if (finding.change_count > 1)
        qsort(finding.changes, finding.change_count, sizeof(struct change), change_order);
    find_in_logs(&finding);
    collect_taken(&finding);
    versions_init(arena, finding.change_count, &finding.versions);
    for (size_t i = 0; i < finding.change_count; i++)
        versions_add(&finding.versions, finding.changes[i].row, finding.changes[i].node);
    versions_sort(&finding.versions);
    for (size_t i = 0; i < finding.change_count; i++)
        find_in_change(&finding, &finding.changes[i]);
    if (ret_signs->count > 1)
        qsort(ret_signs->at, ret_signs->count, sizeof(struct sign), sign_order);
}
