/*
 * From nodes to rows: which records of a node become rows of their own, which are folded, and what
 * the scoring rules see of each. Called by correlate_run() for the nodes of an incident.
 */
#include "correlate/run.h"

#include <stdlib.h>

#include "base/text/mask.h"
#include "base/text/utf8.h"
#include "correlate/group/order.h"
#include "correlate/people/names.h"
#include "correlate/story/change_names.h"

static int
causal_rank(enum record_kind record)
{
    static const enum record_kind order[] = {RECORD_COMMIT, RECORD_MERGE, RECORD_DEPLOY,
                                             RECORD_LOG,    RECORD_ALERT, RECORD_INCIDENT_EVENT};
    int rank = 0;
    while (rank < (int)(sizeof(order) / sizeof(order[0])) && order[rank] != record)
        rank++;
    return rank;
}

int
row_order(const void *left, const void *right)
{
    const struct row *a = *(const struct row *const *)left;
    const struct row *b = *(const struct row *const *)right;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    int order = causal_rank(a->record) - causal_rank(b->record);
    if (order == 0)
        order = sv_cmp(a->source, b->source);
    return order != 0 ? order : occurrence_tie_cmp(a->observation, b->observation);
}

struct sv
row_tie(struct arena *arena, const struct row *row)
{
    struct strbuf bytes;
    strbuf_init(&bytes, 0);
    strbuf_add_char(&bytes, (char)causal_rank(row->record));
    strbuf_add_sv(&bytes, row->source);
    strbuf_add_char(&bytes, '\0');
    occurrence_tie_bytes(&bytes, row->observation);
    struct sv tie = arena_copy(arena, strbuf_view(&bytes));
    strbuf_release(&bytes);
    return tie;
}

/* Alert records that are neither firing nor resolved count as events of the paging tool. */
static enum record_kind
record_kind_of(const struct event *event, struct sv text)
{
    if (event->record_kind == RECORD_CHAT && text_says_alert(text))
        return RECORD_ALERT;
    if (event->record_kind != RECORD_ALERT)
        return event->record_kind;
    return event->phase == PHASE_NONE || event->phase == PHASE_TRIGGER ||
                   event->phase == PHASE_REOPEN || event->phase == PHASE_RESOLVE
               ? RECORD_ALERT
               : RECORD_INCIDENT_EVENT;
}

/* "Alert Bot", "deploybot", "dependabot[bot]"; nobody whose name happens to end so. */
static bool
calls_itself_bot(const struct phrase_rules *rules, struct words words)
{
    for (size_t i = 0; i < words.count; i++)
        if (sv_ends(words.at[i], SV("bot")) && !words_have(rules->person, words.at[i]))
            return true;
    return false;
}

/* The name of a program, however it is written: "Argo CD", "argocd". */
static bool
names_tool(struct arena *arena, const struct phrase_rules *rules, struct sv actor)
{
    struct sv squeezed = name_squeezed(arena, actor);
    for (size_t p = 0; p < rules->tool.phrase_count; p++) {
        const struct words *tool = &rules->tool.phrases[p];
        size_t at = 0, i = 0;
        for (; i < tool->count && sv_starts(sv_slice(squeezed, at, squeezed.len), tool->at[i]); i++)
            at += tool->at[i].len;
        if (i == tool->count && at == squeezed.len)
            return true;
    }
    return false;
}

static bool
is_bot(struct arena *arena, const struct phrase_rules *rules, const struct event *event)
{
    if (event->actor_type == ACTOR_BOT || event->actor.len == 0)
        return event->actor_type == ACTOR_BOT;
    return calls_itself_bot(rules, words_of(arena, event->actor)) ||
           names_tool(arena, rules, event->actor);
}

static bool
clears(const struct row *row)
{
    static const char *const words[] = {"resolved", "recovery", "recovered", "ok", "cleared"};
    struct words start = {row->words.at, row->words.count < 12 ? row->words.count : 12};
    if (row->observation->event.phase == PHASE_RESOLVE)
        return true;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (words_have(start, sv_from(words[i])))
            return true;
    return false;
}

/* The merge of a branch that is called like a place brings what is there to the next one. */
static bool
brings_branch(const struct row *row)
{
    struct sv owner, branch;
    return merged_branch(row->text, &owner, &branch) && !sv_contains(branch, SV("-")) &&
           !sv_contains(branch, SV("/")) && !sv_contains(branch, SV("_"));
}

/* A place for tests, such as "staging"; "production" beside it, and not as "pre-production", is
 * both. */
static bool
is_elsewhere(const struct phrase_rules *rules, const struct row *row)
{
    static const char *const here[] = {"prod", "production", "live"};
    for (size_t w = 0; w < row->words.count; w++)
        for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++)
            if (sv_eq(row->words.at[w], sv_from(here[i])) &&
                (w == 0 || (!sv_eq(row->words.at[w - 1], SV("pre")) &&
                            !sv_eq(row->words.at[w - 1], SV("non")))))
                return false;
    return row_is_change(row) && !brings_branch(row) &&
           phrase_rule_fits(rules, &rules->elsewhere, row->words);
}

static struct row *
row_of(struct arena *arena, const struct phrase_rules *rules, const struct work_node *node,
       const struct observation *observation)
{
    const struct event *event = &observation->event;
    struct row *row = ARENA_NEW(arena, struct row);
    struct sv text = observation_text(observation);
    bool talk = event->kind == EVENT_CHAT;
    *row = (struct row){
        .arena = arena,
        .node = node,
        .observation = observation,
        .time_ns = event->event_time_ns,
        .evidence_kind = event->record_kind,
        .source = event->source,
        .actor = event->actor,
        .ref = event->ref,
        .marked = event->marks > 0,
        .deleted = talk && event->phase == PHASE_DELETE,
        .occurrences = 1,
    };
    row->text = text_one_line(arena, text, ROW_TEXT_MAX);
    row->came_or_went = talk && (event->phase == PHASE_JOIN || event->phase == PHASE_LEAVE ||
                                 text_came_or_went(row->text));
    row->record = record_kind_of(event, row->text);
    row->lower = text_lower(arena, row->text);
    row->words = row->deleted ? (struct words){NULL, 0}
                              : words_of(arena, talk ? text_unquoted(arena, text) : text);
    row->language = phrases_of_language(rules, row->words);
    row->content = text_content(arena, row->language, row->words);
    row->pattern = arena_printf(arena, SV_FMT " " SV_FMT, SV_ARG(row->source),
                                SV_ARG(mask_numbers(arena, row->lower, 160)));
    row->bot = is_bot(arena, rules, event);
    row->clears = clears(row);
    row->elsewhere = is_elsewhere(rules, row);
    row->evidence = ARENA_ARRAY(arena, const struct observation *, 1);
    row->evidence[0] = observation;
    row->evidence_count = 1;
    return row;
}

/* ------------------------------------------------------------------ folding */

static int
sample_order(const void *left, const void *right)
{
    return evidence_cmp(*(const struct observation *const *)left,
                        *(const struct observation *const *)right);
}

/* The first record, then samples by smallest digest: they do not depend on arrival. */
static void
fold(struct arena *arena, struct row *row, const struct observation **others, size_t count)
{
    size_t kept = count < ENTRY_EVIDENCE_MAX - 1 ? count : ENTRY_EVIDENCE_MAX - 1;
    if (count == 0)
        return;
    qsort(others, count, sizeof(*others), sample_order);
    const struct observation **evidence = ARENA_ARRAY(arena, const struct observation *, kept + 1);
    evidence[0] = row->observation;
    memcpy(evidence + 1, others, kept * sizeof(*others));
    row->evidence = evidence;
    row->evidence_count = kept + 1;
    row->occurrences = (int64_t)count + 1;
}

/* The list of that name, as it stands there. */
static struct sv
list_in(struct sv attributes, struct sv member)
{
    size_t at = sv_find(attributes, member);
    struct sv list = at == SIZE_MAX ? SV_NONE : sv_slice(attributes, at, attributes.len);
    return sv_slice(list, 0, sv_find_char(list, ']'));
}

/* Whom it pages, or who has which role, is what nobody told before. */
static bool
lists_others(const struct event *before, const struct event *event)
{
    struct sv paged = list_in(event->attributes, SV("\"" EVENT_PAGED "\""));
    struct sv roles = list_in(event->attributes, SV("\"" EVENT_ROLES "\""));
    return (paged.len > 0 &&
            !sv_eq(paged, list_in(before->attributes, SV("\"" EVENT_PAGED "\"")))) ||
           (roles.len > 0 && !sv_eq(roles, list_in(before->attributes, SV("\"" EVENT_ROLES "\""))));
}

/* An alert that fires on, or a resolve that is sent again, tells nothing new. */
static bool
repeats_before(const struct work_node *node, const struct observation *before,
               const struct observation *observation)
{
    const struct event *a = &before->event, *b = &observation->event;
    if (node->role == NODE_LOG)
        return true;
    if (node->role != NODE_ALERT || a->record_kind != RECORD_ALERT ||
        b->record_kind != RECORD_ALERT || b->phase == PHASE_REOPEN || lists_others(a, b))
        return false;
    bool a_fires = a->phase == PHASE_NONE || a->phase == PHASE_TRIGGER || a->phase == PHASE_REOPEN;
    bool b_fires = b->phase == PHASE_NONE || b->phase == PHASE_TRIGGER;
    return (a_fires && b_fires) || (a->phase == PHASE_RESOLVE && b->phase == PHASE_RESOLVE);
}

void
node_rows(struct arena *arena, const struct phrase_rules *rules, const struct work_node *node,
          struct row **ret_rows, size_t *ret_count)
{
    size_t count = 0;
    const struct observation **others =
        ARENA_ARRAY(arena, const struct observation *, node->record_count + 1);
    for (size_t i = 0, next; i < node->record_count; i = next) {
        const struct observation *observation = node->records[i]->observation;
        next = i + 1;
        if (observation == NULL)
            continue;
        struct row *row = row_of(arena, rules, node, observation);
        size_t folded = 0;
        for (;
             next < node->record_count && repeats_before(node, node->records[next - 1]->observation,
                                                         node->records[next]->observation);
             next++)
            others[folded++] = node->records[next]->observation;
        fold(arena, row, others, folded);
        ret_rows[count++] = row;
    }
    *ret_count = count;
}
