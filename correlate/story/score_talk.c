/*
 * Scores of what people and monitors say: acts, repetition, novelty, silence, questions, who
 * speaks. Every score is the sum of the reasons beside it, in hundredths. docs/correlation.md lists
 * the reasons. Called by correlate_run() in the order of rows.h.
 */
#include "correlate/run.h"
#include "correlate/story/told.h"

#include <assert.h>
#include <string.h>

#define HUMAN_MARK 350
#define SHORT_WORDS 4

/* A text has each act once: there is room for all of them. */
enum {
    ACTS = 0
#define ACT(name, word, meaning) +1
#include "hindcast/timeline.def"
};
_Static_assert(ROW_ACTS_MAX >= ACTS, "a row has room for each act");

/* Most rows have a few reasons, and there are very many rows. */
static void
append_reason(struct row *row, struct sv reason, int64_t hundredths)
{
    assert(row->reason_count < ROW_REASONS_MAX);
    if (row->reason_count == row->reason_size) {
        size_t size = row->reason_size == 0 ? 4 : 2 * row->reason_size;
        struct reason *grown = ARENA_ARRAY(row->arena, struct reason, size);
        if (row->reason_count > 0)
            memcpy(grown, row->reasons, row->reason_count * sizeof(*grown));
        row->reasons = grown;
        row->reason_size = size;
    }
    row->reasons[row->reason_count++] = (struct reason){reason, (int32_t)hundredths};
}

void
row_add(struct row *row, struct sv reason, int64_t hundredths)
{
    if (hundredths == 0)
        return;
    append_reason(row, reason, hundredths);
    row->score += (int32_t)hundredths;
}

bool
row_has_reason(const struct row *row, struct sv name)
{
    for (size_t i = 0; i < row->reason_count; i++)
        if (sv_eq(row->reasons[i].name, name))
            return true;
    return false;
}

void
row_note(struct row *row, struct sv reason)
{
    if (row_has_reason(row, reason))
        return;
    append_reason(row, reason, 0);
}

bool
row_has_act(const struct row *row, enum act act)
{
    for (size_t i = 0; i < row->act_count; i++)
        if (row->acts[i] == act)
            return true;
    return false;
}

static const struct {
    enum record_kind record;
    struct sv reason;
    int weight;
} record_weights[] = {
    {RECORD_ALERT, {"alert", 5}, 350},
    {RECORD_INCIDENT_EVENT, {"incident-event", 14}, 350},
    {RECORD_STATUS, {"status", 6}, 300},
    {RECORD_LOG, {"log", 3}, 200},
    {RECORD_LINKED_MESSAGE, {"linked_message", 14}, 350},
    {RECORD_SAL, {"sal", 3}, 150},
    {RECORD_DEPLOY, {"deploy", 6}, 150},
};

static enum act
act_of_phase(const struct row *row)
{
    if (row->record != RECORD_INCIDENT_EVENT)
        return ACT_NONE;
    enum event_phase phase = row->observation->event.phase;
    return phase == PHASE_ACK ? ACT_ACK : phase == PHASE_ESCALATE ? ACT_ESCALATION : ACT_NONE;
}

/* Something to do later, or news for others, said in passing: worth no points, but worth finding.
 */
static void
note_further_acts(struct row *row)
{
    for (size_t i = 1; i < row->act_count; i++) {
        struct sv name = row->acts[i] == ACT_TODO    ? SV("also_todo")
                         : row->acts[i] == ACT_COMMS ? SV("also_comms")
                                                     : SV_NONE;
        if (name.ptr != NULL)
            append_reason(row, name, 0); /* each act once */
    }
}

/* Lines of an admin log tell of what was done, in the form of orders. */
static bool
logs_actions(const struct row *row)
{
    return row->record == RECORD_SAL || sv_starts(row->lower, SV("!log"));
}

/* What was asked for or planned was decided, and done by nobody yet. */
static enum act
act_told(struct story *story, const struct row *row, const struct phrase_rule *rule,
         bool *ret_begun)
{
    *ret_begun = false;
    if ((rule->act != ACT_ACTION && rule->act != ACT_ROLLBACK) || rule->command || rule->ran ||
        logs_actions(row))
        return rule->act;
    if (text_marks_action(row->text))
        return ACT_TODO;
    enum told told =
        told_act(story->scratch, row->language, rule, observation_text(row->observation));
    if (told == TOLD_DONE && phrase_rule_fits(row->language, &row->language->bygone, row->words))
        told = TOLD_MEANT; /* it was done, and not now */
    *ret_begun = told == TOLD_BEGUN;
    return told == TOLD_DONE || told == TOLD_BEGUN ? rule->act
           : told == TOLD_LISTED                   ? ACT_TODO
                                                   : ACT_DECISION;
}

/* A command that was run: before all but what weighs as much. */
static size_t
add_command(struct story *story, const struct row *row, const struct phrase_rule **found,
            size_t count)
{
    const struct phrase_rule *rule =
        row->record == RECORD_ALERT || row->record == RECORD_INCIDENT_EVENT
            ? NULL
            : told_command(story->scratch, row->language, observation_text(row->observation));
    size_t at = 0;
    if (rule == NULL || count == ROW_ACTS_MAX)
        return count;
    while (at < count && found[at]->weight >= rule->weight)
        at++;
    memmove(&found[at + 1], &found[at], (count - at) * sizeof(*found));
    found[at] = rule;
    return count + 1;
}

/* The line of an admin log that is a command: it begins with the path of a program. */
static bool
logs_program(const struct row *row)
{
    return row->record == RECORD_SAL &&
           (sv_starts(row->text, SV("/")) || sv_starts(row->text, SV("./")));
}

/* What people say is so; what they ask, suppose or leave open is not. */
static bool
is_claimed(struct story *story, const struct row *row, const struct phrase_rule *rule)
{
    bool claims = rule->act == ACT_DECLARATION || rule->act == ACT_RESOLUTION ||
                  rule->act == ACT_RECOVERY || rule->act == ACT_FINDING || rule->act == ACT_ACK;
    if (!claims || (row->record != RECORD_CHAT && row->record != RECORD_NOTE) || logs_actions(row))
        return true;
    if (rule->act != ACT_FINDING &&
        phrase_rule_fits(row->language, &row->language->bygone, row->words))
        return false;
    return told_claim(story->scratch, row->language, rule, observation_text(row->observation));
}

static size_t
drop_unclaimed(struct story *story, const struct row *row, const struct phrase_rule **found,
               size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (is_claimed(story, row, found[i]))
            found[kept++] = found[i];
    return kept;
}

static void
score_act(struct story *story, struct row *row)
{
    const struct phrase_rule *found[ROW_ACTS_MAX];
    size_t count = phrase_acts(row->language, row->words, found, ROW_ACTS_MAX - 1);
    count = drop_unclaimed(story, row, found, count);
    count = row->deleted ? 0 : add_command(story, row, found, count);
    bool failed = false, begun[ROW_ACTS_MAX] = {false};
    for (size_t i = 0; i < count; i++)
        failed = failed || found[i]->act == ACT_SETBACK;
    for (size_t i = 0; i < count; i++) {
        row->rules[i] = found[i];
        row->acts[i] = act_told(story, row, found[i], &begun[i]);
        if (failed && row->acts[i] == ACT_DECISION && found[i]->act != ACT_DECISION)
            row->acts[i] = ACT_SETBACK; /* "the rollback failed" */
    }
    row->act_count = count;
    if (count > 0) {
        row->act = row->acts[0];
        if (!row_is_signal(row))
            row_add(row, found[0]->name, found[0]->weight);
        note_further_acts(row);
        if (begun[0])
            row_note(row, SV("under_way"));
    } else if (logs_program(row)) {
        row->act = ACT_ACTION;
        row_add(row, SV("ran_program"), 200);
    }
    enum act phase = act_of_phase(row);
    if (phase != ACT_NONE)
        row->act = phase;
}

void
score_acts(struct story *story)
{
    for (size_t i = 0; i < story->count; i++) {
        struct row *row = story->rows[i];
        for (size_t w = 0; w < sizeof(record_weights) / sizeof(record_weights[0]); w++)
            if (record_weights[w].record == row->record)
                row_add(row, record_weights[w].reason, record_weights[w].weight);
        if (row->marked)
            row_add(row, SV("human_mark"), HUMAN_MARK);
        if (!row_is_change(row) && row->record != RECORD_LOG && !row->came_or_went)
            score_act(story, row);
    }
}

struct talk {
    struct counter seen_patterns, seen_words, speaking, doing;
    const struct row *previous;
    bool recovered, responded, reported;
    struct sv reporter;
    const struct row **alerts; /* in their order */
    size_t alert_count;
};

/* A tool's line that says again what an alert said a short while before or after. */
static bool
repeats(const struct row *row, const struct row *alert)
{
    int64_t distance = row->time_ns - alert->time_ns;
    return distance <= reads_ahead(RULE_TOOL_REPEATS_RECORD) &&
           distance >= -reads_back(RULE_TOOL_REPEATS_RECORD) && row->content.count > 0 &&
           2 * words_common(row->content, alert->content) >= row->content.count;
}

static bool
repeats_any(const struct talk *talk, const struct row *row)
{
    size_t low = 0, high = talk->alert_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (talk->alerts[middle]->time_ns < row->time_ns - reads_back(RULE_TOOL_REPEATS_RECORD))
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < talk->alert_count &&
           talk->alerts[low]->time_ns <= row->time_ns + reads_ahead(RULE_TOOL_REPEATS_RECORD);
         low++)
        if (talk->alerts[low] != row && repeats(row, talk->alerts[low]))
            return true;
    return false;
}

static void
score_wording(const struct talk *talk, struct row *row)
{
    if (row->came_or_went)
        row_add(row, SV("join_or_leave"), -900);
    if (text_asks(row->text) && row->act != ACT_DECLARATION && row->act != ACT_ROLE &&
        row->act != ACT_REPORT) {
        row_add(row, SV("question"), -150);
        if (row->score < KEY_SCORE)
            row->act = ACT_QUESTION;
    }
    bool plain = row->act != ACT_RECOVERY && row->act != ACT_ROLLBACK &&
                 row->act != ACT_RESOLUTION && row->act != ACT_DECLARATION;
    if (row->words.count < SHORT_WORDS && plain && !sv_contains(row->text, SV("http")))
        row_add(row, SV("short"), -200);
    bool names_change = text_names_change(row->lower);
    if (row->bot && (names_change || repeats_any(talk, row)))
        row_add(row, SV("tool_repeats_record"), -300);
    else if (names_change)
        row_add(row, SV("names_change"), 150);
}

/* ------------------------------------------------------------ in their order */

static void
collect_alerts(const struct story *story, struct talk *talk)
{
    talk->alerts = ARENA_ARRAY(story->scratch, const struct row *, story->count + 1);
    for (size_t i = 0; i < story->count; i++)
        if (story->rows[i]->record == RECORD_ALERT)
            talk->alerts[talk->alert_count++] = story->rows[i];
}

/* People who act and tell what they find, against people who ask. */
static void
count_speakers(const struct story *story, struct talk *talk)
{
    for (size_t i = 0; i < story->count; i++) {
        const struct row *row = story->rows[i];
        if (row->record != RECORD_CHAT)
            continue;
        bool does = row->act == ACT_ACTION || row->act == ACT_ROLLBACK ||
                    row->act == ACT_RECOVERY || row->act == ACT_FINDING || row->act == ACT_STATUS;
        *counter_at(&talk->speaking, row->actor, 0) += 1;
        *counter_at(&talk->doing, row->actor, 0) += does - text_asks(row->text);
    }
}

static void
score_chat(struct talk *talk, struct row *row)
{
    score_wording(talk, row);
    row_add(row, SV("speaker_acts"),
            divide_round(100 * *counter_at(&talk->doing, row->actor, 0),
                         *counter_at(&talk->speaking, row->actor, 0) + 2));
    talk->recovered = row->act == ACT_RECOVERY ||
                      (talk->recovered && row->act != ACT_SYMPTOM && row->act != ACT_REPORT);
    if (talk->recovered && row->act != ACT_RECOVERY)
        row_add(row, SV("after_recovery"), -150);
    if (talk->reported && !talk->responded && !sv_eq(row->actor, talk->reporter) && !row->bot) {
        talk->responded = true;
        row_add(row, SV("first_response"), 150);
    }
    if (!talk->reported &&
        (row->act == ACT_SYMPTOM || row->act == ACT_REPORT || row->act == ACT_DETECTION)) {
        talk->reporter = row->actor;
        talk->reported = row->actor.len > 0;
    }
}

/* 150 hundredths times the root of the pause's share of ten minutes. */
static int64_t
silence_weight(const struct row *previous, const struct row *row)
{
    int64_t most = reads_back(RULE_AFTER_SILENCE);
    int64_t pause = previous == NULL ? most : row->time_ns - previous->time_ns;
    pause = pause < most ? pause : most;
    uint64_t share =
        (uint64_t)(pause / NS_PER_MS) * UINT64_C(100000000) / (uint64_t)(most / NS_PER_MS);
    return divide_round((int64_t)isqrt64(share) * 150, 10000);
}

static void
score_novelty(struct talk *talk, struct row *row)
{
    row_add(row, SV("after_silence"), silence_weight(talk->previous, row));
    if (row->content.count < 3)
        return;
    int64_t unseen = 0;
    for (size_t w = 0; w < row->content.count; w++)
        unseen += counter_find(&talk->seen_words, row->content.at[w]) == NULL;
    row_add(row, SV("novel"), divide_round(100 * unseen, (int64_t)row->content.count));
}

void
score_talk(struct story *story)
{
    struct talk talk = {0};
    counter_init(&talk.seen_patterns, story->scratch);
    counter_init(&talk.seen_words, story->scratch);
    counter_init(&talk.speaking, story->scratch);
    counter_init(&talk.doing, story->scratch);
    count_speakers(story, &talk);
    collect_alerts(story, &talk);
    for (size_t i = 0; i < story->count; i++) {
        struct row *row = story->rows[i];
        if (row_is_change(row))
            continue;
        int64_t *seen = counter_at(&talk.seen_patterns, row->pattern, TIME_NONE);
        if ((row->record == RECORD_ALERT || row->record == RECORD_LOG ||
             row->record == RECORD_SAL) &&
            !row->clears && *seen != TIME_NONE && row->time_ns - *seen <= reads_back(RULE_REPEATED))
            row_add(row, SV("repeated"), -150);
        *seen = row->time_ns;
        if (row->record == RECORD_CHAT)
            score_chat(&talk, row);
        if (row->record == RECORD_CHAT || row->record == RECORD_LINKED_MESSAGE)
            score_novelty(&talk, row);
        for (size_t w = 0; w < row->content.count; w++)
            counter_at(&talk.seen_words, row->content.at[w], 1);
        talk.previous = row;
    }
}
