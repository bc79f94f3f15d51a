/*
 * Scores of changes, and of everything by declared bounds. A change counts when talk names it, when
 * it is taken back or takes back, when its source rarely changes; it counts less when it is
 * routine. Called by correlate_run() after score_talk().
 */
#include "correlate/story/change_names.h"
#include "correlate/story/merges.h"
#include "correlate/story/rows.h"
#include "correlate/story/versions.h"

#include <assert.h>
#include <stdlib.h>

#include "base/text/mask.h"
#include "base/text/word_char.h"

#define HASH_DIGITS_MIN 7
#define HASH_DIGITS_MAX 40
#define SERIES_WORDS_LEAST 3
#define SERIES_LOOKS_MOST 64 /* changes of the same actor before */
#define MENDS 200
#define REAPPLIED 200
#define ELSEWHERE (-200)
#define TURNS_LEAST 3 /* reverts of one subject, nested or not, that are not about trouble */

struct changes {
    struct counter named, hashes; /* numbers and starts of hashes that talk names */
    struct counter talk_words, change_words, reverted, reverted_patterns, sources;
    struct counter undone;         /* starts of hashes that reverts name */
    struct counter turned;         /* how often something was taken back, or put back by that */
    struct counter actors;         /* of each, the place of its last change looked at, from 1 */
    size_t *before;                /* per change, that of the one before it of its actor, from 1 */
    struct merges merges;          /* of a branch, and named */
    bool *is_named;                /* per change of the story */
    bool *sets_back, *is_set_back; /* per change: sets an earlier version, is followed by one */
    const int64_t *signs_ns;       /* times of what tells of trouble, sorted */
    size_t sign_count;
};

/* -------------------------------------------------------- what talk names */

/* A number of 2 to 6 digits and nothing more, at this place. */
static struct sv
number_at(struct sv text, size_t at)
{
    size_t digits = text_run(text, at, "0123456789");
    if (digits < 2 || digits > 6 || !text_word_ends(text, at + digits))
        return SV_NONE;
    return sv_slice(text, at, at + digits);
}

/* "#12" (but no "incident #12"), "/pull/12", "pr 12". */
static struct sv
named_number(struct sv lower, size_t at)
{
    struct sv rest = sv_slice(lower, at, lower.len);
    assert(rest.len > 0 && rest.ptr != NULL);
    if (rest.ptr[0] == '#')
        return sv_ends(sv_slice(lower, 0, at), SV("incident ")) ? SV_NONE
                                                                : number_at(lower, at + 1);
    if (sv_starts(rest, SV("/pull/")))
        return number_at(lower, at + 6);
    if (sv_starts(rest, SV("pr ")) && (at == 0 || !text_is_word_char(lower.ptr[at - 1])))
        return number_at(lower, at + 3);
    return SV_NONE;
}

/* A hash, or the start of one, at the beginning of a word. */
static struct sv
hash_at(struct sv lower, size_t at)
{
    if (at > 0 && text_is_word_char(lower.ptr[at - 1]))
        return SV_NONE;
    size_t hex = text_run(lower, at, "0123456789abcdef");
    return hex >= HASH_DIGITS_MIN && hex <= HASH_DIGITS_MAX && text_word_ends(lower, at + hex)
               ? sv_slice(lower, at, at + hex)
               : SV_NONE;
}

static void
collect_hashes(struct counter *hashes, struct sv lower)
{
    for (size_t i = 0; i < lower.len; i++) {
        struct sv hash = hash_at(lower, i);
        if (hash.len > 0)
            counter_at(hashes, hash, 1);
    }
}

static bool
has_hash_of(const struct counter *hashes, const struct row *row)
{
    for (size_t digits = HASH_DIGITS_MIN; digits <= HASH_DIGITS_MAX; digits++)
        if (digits <= row->ref.len && counter_find(hashes, sv_slice(row->ref, 0, digits)) != NULL)
            return true;
    return false;
}

static void
collect_names(struct changes *changes, struct sv lower)
{
    collect_hashes(&changes->hashes, lower);
    for (size_t i = 0; i < lower.len; i++) {
        struct sv number = named_number(lower, i);
        if (number.len > 0)
            counter_at(&changes->named, number, 1);
    }
}

static bool
is_named_itself(const struct changes *changes, const struct row *row)
{
    for (size_t i = 0; i < row->text.len; i++) {
        struct sv number = row->text.ptr[i] == '#' ? number_at(row->text, i + 1) : SV_NONE;
        if (number.len > 0 && counter_find(&changes->named, number) != NULL)
            return true;
    }
    return has_hash_of(&changes->hashes, row);
}

/* What talk names, and commits of a branch whose merge it names. */
static void
find_named(struct story *story, struct changes *changes)
{
    for (size_t i = 0; i < story->change_count; i++) {
        const struct row *row = story->changes[i];
        changes->is_named[i] = is_named_itself(changes, row);
        if (changes->is_named[i])
            merges_add(&changes->merges, row);
    }
    for (size_t i = 0; i < story->change_count; i++)
        if (story->changes[i]->member && !changes->is_named[i])
            changes->is_named[i] = merges_have(&changes->merges, story->changes[i]);
}

/* ----------------------------------------------------------------- counting */

static void
count_all(struct story *story, struct changes *changes)
{
    struct arena *arena = story->scratch;
    struct counter *counters[] = {&changes->named,      &changes->hashes,
                                  &changes->talk_words, &changes->change_words,
                                  &changes->reverted,   &changes->reverted_patterns,
                                  &changes->sources,    &changes->undone,
                                  &changes->actors,     &changes->turned};
    for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
        counter_init(counters[i], arena);
    merges_init(&changes->merges, arena);
    changes->is_named = ARENA_ARRAY(arena, bool, story->change_count + 1);
    changes->before = ARENA_ARRAY(arena, size_t, story->change_count + 1);
    for (size_t i = 0; i < story->count; i++) {
        const struct row *row = story->rows[i];
        if (row_is_change(row))
            continue;
        collect_names(changes, row->lower);
        for (size_t w = 0; w < row->content.count; w++)
            counter_at(&changes->talk_words, row->content.at[w], 1);
    }
    for (size_t i = 0; i < story->change_count; i++) {
        const struct row *row = story->changes[i];
        int64_t *last = counter_at(&changes->actors, row->actor, 0);
        changes->before[i] = (size_t)*last;
        *last = (int64_t)i + 1;
        if (text_has_word_start(row->lower, SV("revert")))
            collect_hashes(&changes->undone, row->lower);
        *counter_at(&changes->sources, row->source, 0) += 1;
        for (size_t w = 0; w < row->content.count; w++)
            *counter_at(&changes->change_words, row->content.at[w], 0) += 1;
        struct sv subject = text_reverted_subject(row->text);
        if (subject.ptr == NULL || counter_find(&changes->reverted, subject) != NULL)
            continue;
        counter_at(&changes->reverted, subject, row->time_ns);
        *counter_at(&changes->turned, text_innermost_subject(subject), 0) += 1;
        *counter_at(&changes->reverted_patterns, mask_numbers(arena, subject, ROW_TEXT_MAX), 0) +=
            1;
    }
}

/* ------------------------------------------------------------------ reasons */

static void
collect_signs(const struct story *story, struct changes *changes)
{
    size_t count = 0, talk = 0;
    int64_t *all = ARENA_ARRAY(story->scratch, int64_t, story->count + 1);
    int64_t *but_sal = ARENA_ARRAY(story->scratch, int64_t, story->count + 1);
    for (size_t i = 0; i < story->count; i++) {
        const struct row *row = story->rows[i];
        if (row_is_change(row))
            continue;
        all[count++] = row->time_ns;
        if (row->record != RECORD_SAL)
            but_sal[talk++] = row->time_ns;
    }
    /* The admin log tells of changes as well: it counts where there is nothing else. */
    changes->signs_ns = talk > 0 ? but_sal : all;
    changes->sign_count = talk > 0 ? talk : count;
}

/* True if there is no sign of trouble from 15 min before the change to 60 min after it. */
static bool
far_from_evidence(const struct changes *changes, const struct row *row)
{
    size_t low = 0, high = changes->sign_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (changes->signs_ns[middle] < row->time_ns - reads_back(RULE_FAR_FROM_EVIDENCE))
            low = middle + 1;
        else
            high = middle;
    }
    return changes->sign_count > 0 &&
           (low == changes->sign_count ||
            changes->signs_ns[low] > row->time_ns + reads_ahead(RULE_FAR_FROM_EVIDENCE));
}

/* 50 hundredths for each word shared with talk, less the more changes use the word; 100 at most. */
static int64_t
topic_weight(const struct story *story, const struct changes *changes, const struct row *row)
{
    int64_t all = log2_fixed((uint64_t)story->change_count + 1), sum = 0;
    for (size_t w = 0; w < row->content.count; w++) {
        const int64_t *uses = counter_find(&changes->change_words, row->content.at[w]);
        if (counter_find(&changes->talk_words, row->content.at[w]) == NULL || all == 0)
            continue;
        sum += all - log2_fixed(uses == NULL ? 1 : (uint64_t)*uses);
    }
    if (sum > 2 * all)
        sum = 2 * all;
    return all == 0 ? 0 : divide_round(50 * sum, all);
}

/* 150 hundredths less the changes of this source per hour. */
static int64_t
quiet_weight(const struct story *story, const struct changes *changes, const struct row *row)
{
    int64_t hours_ms = story->hours_ns / NS_PER_MS, hour = NS_PER_HOUR / NS_PER_MS;
    if (hours_ms < hour)
        hours_ms = hour;
    const int64_t *count = counter_find(&changes->sources, row->source);
    int64_t loud = count == NULL ? 0 : *count * hour;
    return loud >= hours_ms ? 0 : divide_round(150 * (hours_ms - loud), hours_ms);
}

/* Set, taken back, put back, taken back: people try a tool, and touch nothing. */
static bool
turns_again_and_again(const struct changes *changes, const struct row *row, struct sv subject)
{
    const int64_t *turns = counter_find(
        &changes->turned, text_innermost_subject(subject.ptr != NULL ? subject : row->text));
    return turns != NULL && *turns >= TURNS_LEAST;
}

static bool
is_routine(const struct story *story, const struct changes *changes, const struct row *row,
           struct sv subject)
{
    struct sv shape =
        mask_numbers(story->scratch, subject.ptr != NULL ? subject : row->text, ROW_TEXT_MAX);
    const int64_t *times = counter_find(&changes->reverted_patterns, shape);
    if ((times != NULL && *times > 1) || turns_again_and_again(changes, row, subject))
        return true;
    struct sv both =
        arena_printf(story->scratch, SV_FMT " " SV_FMT, SV_ARG(row->actor), SV_ARG(row->text));
    return phrase_rule_fits(story->rules, &story->rules->routine, words_of(story->scratch, both));
}

/* A change that sets something back takes back the later version that was set before it. */
static void
find_set_back(struct story *story, struct changes *changes)
{
    const struct row *later;
    struct versions versions;
    changes->sets_back = ARENA_ARRAY(story->scratch, bool, story->change_count + 1);
    changes->is_set_back = ARENA_ARRAY(story->scratch, bool, story->change_count + 1);
    versions_init(story->scratch, story->change_count, &versions);
    for (size_t i = 0; i < story->change_count; i++)
        versions_add(&versions, story->changes[i], i);
    versions_sort(&versions);
    for (size_t i = 0; i < story->change_count; i++) {
        size_t other = versions_set_back(&versions, story->changes[i], &later);
        changes->sets_back[i] = other != NO_NODE;
        if (other != NO_NODE)
            changes->is_set_back[other] = true;
    }
}

/* A change that was taken back before, and is made again: 'Reapply "X"', or X as it was called. */
static bool
puts_back(const struct changes *changes, const struct row *row)
{
    struct sv subject = text_reapplied_subject(row->text);
    const int64_t *taken_ns = counter_find(&changes->reverted, subject);
    return taken_ns != NULL && *taken_ns < row->time_ns;
}

static bool
is_merge_of_branch(const struct row *row)
{
    struct sv owner, branch;
    return merged_branch(row->text, &owner, &branch);
}

/* True if this says again what a change of the same actor said within a day: a series, of which the
 * first tells. */
static bool
is_of_series(const struct story *story, const struct changes *changes, size_t at)
{
    const struct row *row = story->changes[at];
    size_t next = changes->before[at];
    if (row->content.count < SERIES_WORDS_LEAST || row->actor.len == 0)
        return false;
    for (size_t looked = 0; next > 0 && looked < SERIES_LOOKS_MOST; looked++) {
        const struct row *before = story->changes[next - 1];
        if (row->time_ns - before->time_ns > reads_back(RULE_SERIES))
            return false;
        if (before->record == row->record && !sv_eq(before->text, row->text) &&
            3 * words_common(before->content, row->content) >= 2 * row->content.count)
            return true;
        next = changes->before[next - 1];
    }
    return false;
}

static void
score_change(struct story *story, struct changes *changes, size_t at)
{
    struct row *row = story->changes[at];
    bool named = changes->is_named[at];
    struct sv subject = text_reverted_subject(row->text);
    bool set_back = changes->sets_back[at];
    bool routine = is_routine(story, changes, row, subject);
    if (text_deploys_version(row->lower))
        row_add(row, SV("deploys_version"), 100);
    row_add(row, SV("quiet_source"), quiet_weight(story, changes, row));
    if (subject.ptr != NULL || row->observation->event.phase == PHASE_ROLLED_BACK ||
        text_has_word_start(row->lower, SV("revert")) ||
        text_has_word_start(row->lower, SV("rollback")) ||
        text_has_word_start(row->lower, SV("roll back")) || set_back) {
        if (set_back)
            row_note(row, SV("set_back"));
        if (routine)
            row_note(row, SV("reverts"));
        else
            row_add(row, SV("reverts"), 300);
        row->act = row->acts[0] = ACT_ROLLBACK;
        row->rules[0] = NULL;
        row->act_count = 1;
    } else if (puts_back(changes, row)) {
        row_add(row, SV("reapplied"), routine ? 0 : REAPPLIED);
    } else if (!is_merge_of_branch(row) && is_of_series(story, changes, at))
        row_add(row, SV("series"), -100);
    int64_t topic = topic_weight(story, changes, row);
    bool far = far_from_evidence(changes, row);
    if (phrase_rule_fits(story->rules, &story->rules->mends, row->words) && !(far && topic == 0))
        row_add(row, SV("mends"), MENDS);
    if (!routine && !row_has_reason(row, SV("reapplied")) &&
        (counter_find(&changes->reverted, row->text) != NULL ||
         has_hash_of(&changes->undone, row) || changes->is_set_back[at]))
        row_add(row, SV("reverted_later"), 300);
    if (named)
        row_add(row, SV("named_in_chat"), 300);
    if (far)
        row_add(row, SV("far_from_evidence"), story->declared ? -50 : -300);
    row_add(row, SV("topic_words"), topic);
    if (routine)
        row_add(row, SV("routine_change"), -200);
    if (row->elsewhere)
        row_add(row, SV("elsewhere"), ELSEWHERE);
}

void
score_changes(struct story *story)
{
    struct changes changes = {0};
    count_all(story, &changes);
    find_named(story, &changes);
    find_set_back(story, &changes);
    collect_signs(story, &changes);
    for (size_t i = 0; i < story->change_count; i++)
        if (story->changes[i]->member)
            score_change(story, &changes, i);
}

/* What a person declared tells most about records that are not about the incident by themselves. */
void
score_bounds(struct story *story)
{
    bool has_start = story->start_ns != TIME_NONE, has_end = story->end_ns != TIME_NONE;
    for (size_t i = 0; i < story->count; i++) {
        struct row *row = story->rows[i];
        bool change = row_is_change(row);
        bool ambient = change || row->record == RECORD_SAL || row->record == RECORD_LOG;
        row->outside = (has_start && row->time_ns < story->start_ns) ||
                       (has_end && row->time_ns > story->end_ns);
        bool just_before = change && has_start && row->time_ns < story->start_ns &&
                           row->time_ns >= story->start_ns - CHANGE_BEFORE_NS;
        if (row->outside && !just_before)
            row_add(row, ambient ? SV("outside_bounds") : SV("talk_outside_bounds"),
                    ambient ? -400 : -150);
        else if (row->outside && !row_has_reason(row, SV("named_in_chat")) &&
                 !row_has_reason(row, SV("reverted_later")))
            row_add(row, SV("before_bounds"), -200);
        else if (ambient && story->declared && !row->outside)
            row_add(row, SV("inside_bounds"), 100);
    }
}
