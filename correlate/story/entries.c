/*
 * From scored rows to entries and milestones as the casebook keeps them: kind, id, role, order,
 * evidence. Called by correlate_run() last.
 */
#include "correlate/run.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/utf8.h"
#include "correlate/story/confidence.h"
#include "correlate/story/roles.h"
#include "correlate/story/services.h"

#define ENTRY_ID_BYTES 8

/* That it fires is told by another row, or by nothing: a tool says whom it reached. */
static bool
is_page_alone(const struct row *row)
{
    if (row->evidence_kind == RECORD_ALERT)
        return !row->clears && row_has_reason(row, SV("same_alert"));
    return row->observation->event.phase == PHASE_UPDATE &&
           row->observation->event.actor_type != ACTOR_HUMAN;
}

static enum entry_kind
alert_kind(const struct row *row)
{
    if (row->page_count > 0 && is_page_alone(row))
        return ENTRY_PAGE_SENT;
    switch (row->observation->event.phase) {
    case PHASE_ACK:
        return ENTRY_ALERT_ACKNOWLEDGED;
    case PHASE_ESCALATE:
        return ENTRY_ESCALATION;
    case PHASE_SUPPRESS:
    case PHASE_SNOOZE:
        return ENTRY_ALERT_SUPPRESSED;
    case PHASE_NOTE:
        return ENTRY_NOTE;
    case PHASE_RESOLVE:
        return row->evidence_kind == RECORD_ALERT ? ENTRY_ALERT_RESOLVED : ENTRY_STATUS_CHANGE;
    case PHASE_REOPEN:
        return ENTRY_ALERT_FIRING;
    case PHASE_UNACK:
    case PHASE_REASSIGN:
        return ENTRY_STATUS_CHANGE;
    /* These say little where a source has no phases: the words decide, as for milestones. */
    case PHASE_TRIGGER:
        return row->clears ? ENTRY_ALERT_RESOLVED : ENTRY_ALERT_FIRING;
    case PHASE_UPDATE:
    case PHASE_NONE:
    case PHASE_QUEUED:
    case PHASE_STARTED:
    case PHASE_SUCCEEDED:
    case PHASE_FAILED:
    case PHASE_CANCELLED:
    case PHASE_ROLLED_BACK:
    case PHASE_POST:
    case PHASE_EDIT:
    case PHASE_DELETE:
    case PHASE_REACT:
    case PHASE_JOIN:
    case PHASE_LEAVE:
    case PHASE_TOPIC:
        break;
    }
    if (row->record == RECORD_ALERT)
        return row->clears ? ENTRY_ALERT_RESOLVED : ENTRY_ALERT_FIRING;
    return row->act == ACT_ACK ? ENTRY_ALERT_ACKNOWLEDGED : ENTRY_STATUS_CHANGE;
}

static enum entry_kind
change_kind(const struct row *row)
{
    enum event_phase phase = row->observation->event.phase;
    if (phase == PHASE_QUEUED || phase == PHASE_STARTED)
        return ENTRY_CHANGE_STARTED;
    if (phase == PHASE_FAILED || phase == PHASE_CANCELLED)
        return ENTRY_CHANGE_FAILED;
    return row->act == ACT_ROLLBACK ? ENTRY_CHANGE_REVERTED : ENTRY_CHANGE_FINISHED;
}

static enum entry_kind
talk_kind(const struct row *row)
{
    static const struct {
        enum act act;
        enum entry_kind kind;
    } kinds[] = {{ACT_DECLARATION, ENTRY_STATUS_CHANGE},
                 {ACT_RESOLUTION, ENTRY_STATUS_CHANGE},
                 {ACT_ROLE, ENTRY_ROLE_CHANGE},
                 {ACT_ROLLBACK, ENTRY_ACTION_TAKEN},
                 {ACT_ACTION, ENTRY_ACTION_TAKEN},
                 {ACT_DECISION, ENTRY_DECISION},
                 {ACT_ESCALATION, ENTRY_ESCALATION},
                 {ACT_COMMS, ENTRY_STATUS_PAGE_UPDATE},
                 {ACT_TODO, ENTRY_NOTE},
                 {ACT_ACK, ENTRY_ALERT_ACKNOWLEDGED}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (kinds[i].act == row->act)
            return kinds[i].kind;
    if (row->record == RECORD_SAL)
        return ENTRY_ACTION_TAKEN;
    return row->record == RECORD_NOTE ? ENTRY_NOTE : ENTRY_CHAT_MESSAGE;
}

enum entry_kind
row_entry_kind(const struct row *row)
{
    if (row->deleted)
        return ENTRY_RETRACTION;
    if (row->came_or_went)
        return row->observation->event.phase == PHASE_JOIN ? ENTRY_RESPONDER_JOINED : ENTRY_NOTE;
    if (row->record == RECORD_ALERT || row->record == RECORD_INCIDENT_EVENT)
        return alert_kind(row);
    if (row_is_change(row))
        return change_kind(row);
    if (row->record == RECORD_STATUS)
        return ENTRY_STATUS_PAGE_UPDATE;
    if (row->record == RECORD_LOG)
        return row->occurrences > 1 ? ENTRY_LOG_PATTERN : ENTRY_LOG_RECORD;
    if (row->record == RECORD_METRIC)
        return ENTRY_METRIC_BREACH;
    return talk_kind(row);
}

/* ----------------------------------------------------------------- identity */

/*
 * An entry is named by its event, the kind of its record and its phase; a folded row of log lines
 * by what repeats in them and when that began. What rules say of it has no part in that, so that
 * other rules say other things of the same entry.
 */
static struct sv
entry_id(struct arena *arena, struct sv scope, const struct row *row, struct counter *used)
{
    const struct event *event = &row->observation->event;
    const struct work_record *first = row->node->records[0];
    bool folded = row->node->role == NODE_LOG;
    const char *kind = folded ? "log lines" : record_kind_word(event->record_kind);
    const char *phase = folded ? "" : event_phase_word(event->phase);
    struct sv began = SV_NONE;
    if (folded)
        began = arena_printf(arena, SV_FMT "\x1f%lld", SV_ARG(first->source), (long long)first->ms);
    for (size_t again = 0;; again++) {
        struct sha256 digest;
        char more[32] = "";
        if (again > 0)
            snprintf(more, sizeof(more), "\x1f%zu", again);
        struct sha256_part parts[] = {
            {scope.ptr, scope.len},
            {"\x1f", 1},
            {folded ? (const void *)first->fingerprint.ptr : event->uid,
             folded ? first->fingerprint.len : UID_BYTES},
            {"\x1f", 1},
            {kind, strlen(kind)},
            {"\x1f", 1},
            {phase, strlen(phase)},
            {"\x1f", 1},
            {began.ptr, began.len},
            {more, strlen(more)},
        };
        sha256_of_parts(parts, sizeof(parts) / sizeof(parts[0]), &digest);
        char hex[SHA256_HEX + 1];
        sha256_hex(&digest, hex);
        struct sv id = arena_copy(arena, sv_of(hex, 2 * ENTRY_ID_BYTES));
        if (counter_find(used, id) == NULL) {
            counter_at(used, id, 1);
            return id;
        }
    }
}

static int64_t
uncertainty_of(enum time_precision precision)
{
    switch (precision) {
    case PRECISION_NANOSECOND:
        return 1;
    case PRECISION_MICROSECOND:
        return NS_PER_US;
    case PRECISION_MILLISECOND:
        return NS_PER_MS;
    case PRECISION_MINUTE:
        return NS_PER_MINUTE;
    case PRECISION_DAY:
        return NS_PER_DAY;
    case PRECISION_NONE:
    case PRECISION_SECOND:
        break;
    }
    return NS_PER_S;
}

static struct sv
actor_type_of(const struct row *row)
{
    enum actor_type type = row->observation->event.actor_type;
    if (row->actor.len == 0)
        return SV_NONE;
    return sv_from(actor_type_word(row->bot && type != ACTOR_SYSTEM ? ACTOR_BOT : type));
}

static const struct evidence *
evidence_of(struct arena *arena, const struct row *row)
{
    struct evidence *list = ARENA_ARRAY(arena, struct evidence, row->evidence_count);
    for (size_t i = 0; i < row->evidence_count; i++) {
        const struct observation *from = row->evidence[i];
        list[i] = (struct evidence){.at = from->at,
                                    .topic = from->topic,
                                    .incarnation = from->incarnation,
                                    .partition = from->partition,
                                    .sha256 = from->sha256,
                                    .file = from->event.file,
                                    .line = from->event.line};
    }
    return list;
}

/* Rows go when the story is told. */
static void *
kept(struct arena *arena, const void *list, size_t count, size_t each)
{
    void *copy = arena_alloc(arena, count * each + 1);
    if (count > 0)
        memcpy(copy, list, count * each);
    return copy;
}

/* Once each; whoever pages himself is there. */
static const struct paged *
pages_of(struct arena *arena, const struct row *row, size_t *ret_count)
{
    struct paged *pages = ARENA_ARRAY(arena, struct paged, row->page_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < row->page_count; i++) {
        struct sv person = row->pages[i].person;
        bool again = person.len == 0 || sv_eq(person, row->actor);
        for (size_t k = 0; k < count && !again; k++)
            again = sv_eq(pages[k].person, person);
        if (!again)
            pages[count++] = (struct paged){
                .person = person, .doubt = row->pages[i].doubt, .answered_ns = TIME_NONE};
    }
    *ret_count = count;
    return pages;
}

static int
severity_of(const struct row *row)
{
    int severity = row->observation->event.severity;
    if (row->node->role == NODE_LOG)
        return row->node->severity;
    return row->told_severity > severity ? row->told_severity : severity;
}

static struct entry
entry_of(struct story *story, struct sv scope, size_t at, struct sv role, struct counter *used)
{
    const struct row *row = story->rows[at];
    const struct event *event = &row->observation->event;
    struct sv node_key = node_key_text(story->arena, row->node);
    size_t page_count;
    const struct paged *pages = pages_of(story->arena, row, &page_count);
    return (struct entry){
        .entry_id = entry_id(story->arena, scope, row, used),
        .time_ns = row->time_ns,
        .uncertainty_ns = uncertainty_of(event->precision),
        .source_time_text = event->source_time_text,
        .time_source = event->time_source,
        .kind = row->kind,
        .record_kind = row->evidence_kind,
        .act = row->act,
        .significance = row->significance,
        .score = row->score,
        .reasons = kept(story->arena, row->reasons, row->reason_count, sizeof(row->reasons[0])),
        .reason_count = row->reason_count,
        .milestones =
            kept(story->arena, row->milestones, row->milestone_count, sizeof(row->milestones[0])),
        .milestone_count = row->milestone_count,
        .text = arena_copy(story->arena, utf8_cut(row->text, ENTRY_TEXT_MAX)),
        .told = row->chain != NULL && row->chain->head == row ? row->chain->told : SV_NONE,
        .actor = row->actor,
        .actor_reason = row->actor_reason,
        .actor_type = actor_type_of(row),
        .actor_written = row->actor_written,
        .role = role.len > 0 ? role : row->person_role,
        .source = event->source,
        .service = service_shown(story->services, event->service),
        .host = event->host,
        .channel = event->channel,
        .thread_key = event->thread_key,
        .url = event->url,
        .ref = event->ref,
        .pages = pages,
        .page_count = page_count,
        .severity = severity_of(row),
        .occurrences = row->occurrences,
        .node_key = node_key,
        .membership = row->node->reason,
        .evidence = evidence_of(story->arena, row),
        .evidence_count = row->evidence_count,
        .tie = row_tie(story->arena, row),
        .uid = sv_of((const char *)event->uid, UID_BYTES),
    };
}

static void
milestones_build(struct story *story, struct incident *incident)
{
    size_t total = 0, count = 0;
    for (size_t i = 0; i < story->count; i++)
        total += story->rows[i]->milestone_count;
    assert(incident->entry_count == story->count);
    struct milestone_row *list = ARENA_ARRAY(story->arena, struct milestone_row, total + 1);
    for (size_t i = 0; i < story->count; i++)
        for (size_t m = 0; m < story->rows[i]->milestone_count; m++)
            list[count++] = (struct milestone_row){
                .milestone = story->rows[i]->milestones[m],
                .time_ns = story->rows[i]->time_ns,
                .entry_id = incident->entries[i].entry_id,
                .confidence =
                    confidence_of(story->confidence, story->rows[i]->bases[m], story->is_long),
            };
    if (count > 1)
        qsort(list, count, sizeof(*list), milestone_row_order);
    incident->milestones = list;
    incident->milestone_count = count;
}

static bool
same_clock(const struct event *a, const struct event *b)
{
    return sv_eq(a->source, b->source) && sv_eq(a->host, b->host) &&
           a->time_source == b->time_source;
}

/*
 * True if it is known that the second happened after the first. A source's own numbers tell. Of one
 * clock the later reading is later, if the first was not cut to a coarser unit; of two clocks it
 * must be later by more than both may be wrong.
 */
static bool
comes_after(const struct row *first, const struct row *second)
{
    const struct event *a = &first->observation->event, *b = &second->observation->event;
    int64_t apart = second->time_ns - first->time_ns, unit = uncertainty_of(a->precision);
    if (!same_clock(a, b))
        return apart >= unit + uncertainty_of(b->precision);
    return apart >= unit || (a->sequence != 0 && b->sequence != 0 && a->sequence < b->sequence);
}

/* Entries of a chain name the one that tells it; names are known when all of them are. */
static void
name_chains(const struct story *story, struct entry *entries)
{
    for (size_t i = 0; i < story->count; i++)
        story->rows[i]->place = i;
    for (size_t i = 0; i < story->count; i++)
        if (row_is_told_elsewhere(story->rows[i]))
            entries[i].chain = entries[story->rows[i]->chain->head->place].entry_id;
}

/* Each at the entry that gives it. */
static void
set_roles(const struct story *story, const struct role_spans *spans, struct entry *entries)
{
    for (size_t first = 0, next; first < spans->count; first = next) {
        struct entry *entry = &entries[spans->at[first].from];
        for (next = first; next < spans->count && spans->at[next].from == spans->at[first].from;)
            next++;
        struct given_role *roles = ARENA_ARRAY(story->arena, struct given_role, next - first + 1);
        for (size_t i = first; i < next; i++) {
            const struct role_span *span = &spans->at[i];
            bool ends = span->to != SIZE_MAX;
            roles[i - first] =
                (struct given_role){.person = span->person,
                                    .role = arena_copy(story->arena, span->role),
                                    .until_ns = ends ? entries[span->to].time_ns : TIME_NONE,
                                    .end = ends ? entries[span->to].entry_id : SV_NONE};
        }
        entry->roles = roles;
        entry->role_count = next - first;
    }
}

void
entries_build(struct story *story, struct sv scope, struct incident *incident)
{
    struct entry *entries = ARENA_ARRAY(story->arena, struct entry, story->count + 1);
    struct sv *roles = ARENA_ARRAY(story->scratch, struct sv, story->count + 1);
    struct role_spans spans;
    struct counter used;
    counter_init(&used, story->scratch);
    roles_of_rows(story, roles, &spans);
    for (size_t i = 0; i < story->count; i++) {
        story->rows[i]->kind = row_entry_kind(story->rows[i]);
        entries[i] = entry_of(story, scope, i, roles[i], &used);
        entries[i].order_established = i == 0 || comes_after(story->rows[i - 1], story->rows[i]);
        incident->record_count += entries[i].occurrences;
    }
    name_chains(story, entries);
    set_roles(story, &spans, entries);
    incident->entries = entries;
    incident->entry_count = story->count;
    milestones_build(story, incident);
}
