/*
 * Response and communication: how long what took, who took part, who was told. A duration names the
 * two moments it lies between and cites both.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "report/draft.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/order.h"
#include "report/searched.h"
#include "report/section/fills.h"
#include "report/section/open_end.h"
#include "report/section/pages.h"

static const struct {
    const char *name;
    enum milestone from, to;
    const char *from_words, *to_words;
} spans[] = {
    {"Time to detect", MILESTONE_IMPACT_STARTED, MILESTONE_DETECTED, "start of impact", "detected"},
    {"Time to acknowledge", MILESTONE_DETECTED, MILESTONE_ACKNOWLEDGED, "detected", "acknowledged"},
    {"Time to declare", MILESTONE_DETECTED, MILESTONE_DECLARED, "detected", "declared"},
    {"Time to understand", MILESTONE_DETECTED, MILESTONE_CAUSE_IDENTIFIED, "detected",
     "understood"},
    {"Time to mitigate", MILESTONE_DETECTED, MILESTONE_MITIGATED, "detected", "mitigated"},
    {"Time to recover", MILESTONE_IMPACT_STARTED, MILESTONE_RECOVERED, "start of impact",
     "recovered"},
    {"Time to resolve", MILESTONE_DETECTED, MILESTONE_RESOLVED, "detected", "resolved"},
};

static void
add_span(struct draft *draft, size_t i, const struct milestone_row *from,
         const struct milestone_row *to)
{
    struct document *document = draft->document;
    const struct entry *proof[] = {milestone_entry(draft, from), milestone_entry(draft, to)};
    const char *const words[] = {spans[i].name, spans[i].from_words, spans[i].to_words};
    document_row(document, false);
    for (size_t k = 0; k < 3; k++) {
        document_cell(document);
        document_words(document, words[k]);
    }
    document_cell(document);
    document_duration(document, to->time_ns - from->time_ns);
    say_open_moments(draft, from->time_ns, proof[0], to->time_ns, proof[1]);
    document_prove_row(document, proof, 2);
}

static void
add_spans(struct draft *draft)
{
    bool head = false;
    for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
        const struct milestone_row *from = milestone_at(draft, spans[i].from);
        const struct milestone_row *to = milestone_at(draft, spans[i].to);
        /* One record for both moments says nothing of the time between them. */
        if (from == NULL || to == NULL || to->time_ns < from->time_ns ||
            sv_eq(from->entry_id, to->entry_id))
            continue;
        if (!head)
            document_begin_table(draft->document, SV("Duration | From | To | Length | Evidence"),
                                 true);
        head = true;
        add_span(draft, i, from, to);
    }
    if (head)
        document_end_table(draft->document);
    else
        document_say(draft->document, BLOCK_REMARK,
                     SV("No two moments are known that bound a duration."));
}

/* "{before}TIME, {who}: “text”" */
static void
add_words_of(struct document *document, const char *before, const struct entry *entry,
             struct sv who)
{
    document_begin(document, BLOCK_STATEMENT);
    document_words(document, before);
    document_time(document, entry->time_ns);
    document_words(document, ", ");
    document_text(document, who);
    document_words(document, ": ");
    document_quote(document, entry->text);
    document_prove(document, &entry, 1);
}

/* Who had which role from when to when, by the records that say so. */
static void
add_held(struct draft *draft, const struct entry *from, const struct given_role *given)
{
    struct document *document = draft->document;
    const struct entry *to = sv_empty(given->end) ? NULL : entry_named(draft, given->end);
    const struct entry *proof[] = {from, to};
    document_row(document, false);
    document_cell(document);
    document_text(document, given->role);
    document_cell(document);
    document_text(document, given->person);
    document_cell(document);
    document_time(document, from->time_ns);
    document_cell(document);
    if (given->until_ns != TIME_NONE)
        document_time(document, given->until_ns);
    else
        document_words(document, "no end is told");
    document_prove_row(document, proof, to != NULL ? 2 : 1);
}

static void
add_holders(struct draft *draft)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        for (size_t r = 0; r < entry->role_count; r++) {
            if (count++ >= LIST_MAX)
                continue;
            if (count == 1)
                document_begin_table(draft->document, SV("Role | Held by | From | To | Evidence"),
                                     true);
            add_held(draft, entry, &entry->roles[r]);
        }
    }
    if (count > 0)
        document_end_table(draft->document);
    add_more(draft, count, LIST_MAX, "holders of a role");
}

static void
add_roles(struct draft *draft)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (entry->act != ACT_ROLE && entry->kind != ENTRY_ROLE_CHANGE)
            continue;
        if (count++ < LIST_MAX)
            add_words_of(draft->document, "Role, ", entry,
                         sv_empty(entry->actor) ? entry->source : entry->actor);
    }
    add_more(draft, count, LIST_MAX, "claims of a role");
}

struct person {
    struct sv name;
    struct sv role; /* the last one; absent: none is told */
    const struct entry *first, *last;
    size_t count;
};

static bool
is_speech(const struct entry *entry)
{
    return is_of_person(entry) &&
           (entry->record_kind == RECORD_CHAT || entry->record_kind == RECORD_LINKED_MESSAGE ||
            entry->record_kind == RECORD_SAL || entry->record_kind == RECORD_INCIDENT_EVENT);
}

/* Everybody who spoke or acted; in the index the entries of one person follow one another. */
static size_t
find_people(const struct entry_index *by_actor, struct person *people)
{
    size_t count = 0;
    for (size_t i = 0; i < by_actor->count; i++) {
        const struct entry *entry = by_actor->at[i];
        if (!is_speech(entry))
            continue;
        if (count == 0 || !sv_eq(people[count - 1].name, entry->actor))
            people[count++] = (struct person){.name = entry->actor, .first = entry};
        people[count - 1].last = entry;
        if (!sv_empty(entry->role))
            people[count - 1].role = entry->role;
        people[count - 1].count++;
    }
    return count;
}

static int
compare_people(const void *a, const void *b)
{
    const struct person *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return sv_cmp(x->name, y->name);
}

static void
add_person(struct document *document, const struct person *person)
{
    const struct entry *proof[] = {person->first, person->last};
    document_row(document, false);
    document_cell(document);
    document_text(document, person->name);
    document_cell(document);
    if (!sv_empty(person->role))
        document_text(document, person->role);
    document_cell(document);
    document_time(document, person->first->time_ns);
    document_cell(document);
    document_time(document, person->last->time_ns);
    document_cell(document);
    document_wordsf(document, "%zu", person->count);
    document_prove_row(document, proof, 2);
}

/* Those who said most, in the order in which they came. */
static void
add_people(struct draft *draft)
{
    struct person *people = memory_calloc(draft->incident->entry_count, sizeof(*people));
    size_t count = find_people(&draft->by[BY_ACTOR], people);
    struct ranked *rows = memory_calloc(count, sizeof(*rows));
    qsort(people, count, sizeof(*people), compare_people);
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct ranked){i, (int64_t)people[i].count};
    size_t shown = list_best(rows, count);
    if (count > 0)
        document_begin_table(
            draft->document,
            SV("Who spoke or acted | Role | First seen | Last seen | Entries | Evidence"), true);
    for (size_t i = 0; i < shown; i++)
        add_person(draft->document, &people[rows[i].place]);
    if (count > 0)
        document_end_table(draft->document);
    add_more(draft, count, shown, "people");
    free(rows);
    free(people);
}

/* A name that is shown as another one, once each, with the reason; in the index those of one person
 * follow one another. */
static void
add_names(struct draft *draft)
{
    const struct entry_index *by_actor = &draft->by[BY_ACTOR];
    size_t count = 0;
    for (size_t i = 0, first = 0; i < by_actor->count; i++) {
        const struct entry *entry = by_actor->at[i];
        if (!sv_eq(entry->actor, by_actor->at[first]->actor))
            first = i;
        bool told = sv_empty(entry->actor_written);
        for (size_t k = first; !told && k < i; k++)
            told = sv_eq(by_actor->at[k]->actor_written, entry->actor_written);
        if (told || count++ >= LIST_MAX)
            continue;
        document_begin(draft->document, BLOCK_STATEMENT);
        document_quote(draft->document, entry->actor_written);
        document_words(draft->document, " is ");
        document_text(draft->document, entry->actor);
        document_words(draft->document, ": ");
        document_text(draft->document, entry->actor_reason);
        document_prove(draft->document, &entry, 1);
    }
    add_more(draft, count, LIST_MAX, "names");
}

void
fill_durations(struct draft *draft)
{
    add_spans(draft);
    state_open_end(draft);
}

void
fill_response(struct draft *draft)
{
    add_spans(draft);
    state_pages(draft);
    add_holders(draft);
    add_roles(draft);
    add_people(draft);
    add_names(draft);
}

/* Between two updates that follow one another. */
static void
add_longest_wait(struct draft *draft)
{
    const struct entry *before = NULL, *from = NULL, *to = NULL;
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (!is_update(entry))
            continue;
        count++;
        if (before != NULL &&
            (from == NULL || entry->time_ns - before->time_ns > to->time_ns - from->time_ns)) {
            from = before;
            to = entry;
        }
        before = entry;
    }
    if (count < 3 || to == NULL)
        return; /* of two the list shows it */
    const struct entry *proof[] = {from, to};
    document_begin(draft->document, BLOCK_STATEMENT);
    document_words(draft->document, "The longest time between two of these updates was ");
    document_duration(draft->document, to->time_ns - from->time_ns);
    document_words(draft->document, ".");
    document_prove(draft->document, proof, 2);
}

void
fill_communication(struct draft *draft)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (is_update(entry) && count++ < LIST_MAX)
            add_words_of(draft->document, "", entry, entry->source);
    }
    add_more(draft, count, LIST_MAX, "notices");
    add_longest_wait(draft);
    if (count == 0)
        say_no_record(draft, "tells others of it", "whether others were told is not known");
}
