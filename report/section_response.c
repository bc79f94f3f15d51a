/*
 * Sections 6 and 14: how long what took, who took part, who was told. A duration names the two
 * moments it lies between and cites both.
 */
#include <stdlib.h>

#include "report/draft.h"

static const struct {
    const char *name;
    enum milestone from, to;
    const char *from_words, *to_words;
} spans[] = {
    {"Time to detect", MILESTONE_IMPACT_STARTED, MILESTONE_DETECTED, "start of impact", "detected"},
    {"Time to declare", MILESTONE_DETECTED, MILESTONE_DECLARED, "detected", "declared"},
    {"Time to acknowledge", MILESTONE_DETECTED, MILESTONE_ACKNOWLEDGED, "detected", "acknowledged"},
    {"Time to understand", MILESTONE_DETECTED, MILESTONE_CAUSE_IDENTIFIED, "detected",
     "understood"},
    {"Time to mitigate", MILESTONE_DETECTED, MILESTONE_MITIGATED, "detected", "mitigated"},
    {"Time to recover", MILESTONE_IMPACT_STARTED, MILESTONE_RECOVERED, "start of impact",
     "recovered"},
    {"Time to resolve", MILESTONE_DETECTED, MILESTONE_RESOLVED, "detected", "resolved"},
};

static void
add_spans(struct draft *draft)
{
    bool head = false;
    for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
        const struct milestone_row *from = milestone_at(draft, spans[i].from);
        const struct milestone_row *to = milestone_at(draft, spans[i].to);
        if (from == NULL || to == NULL || to->time_ns < from->time_ns)
            continue;
        const struct entry *proof[] = {milestone_entry(draft, from), milestone_entry(draft, to)};
        if (!head)
            strbuf_add_text(draft->out, "| Duration | From | To | Length | Evidence |\n"
                                        "|---|---|---|---|---|\n");
        head = true;
        strbuf_addf(draft->out, "| %s | %s | %s | ", spans[i].name, spans[i].from_words,
                    spans[i].to_words);
        add_duration(draft->out, to->time_ns - from->time_ns);
        end_row(draft, proof, 2);
    }
    strbuf_add_text(draft->out,
                    head ? "\n" : "> No two moments are known that bound a duration.\n");
}

static void
add_roles(struct draft *draft)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (entry->act != ACT_ROLE && entry->kind != ENTRY_ROLE_CHANGE)
            continue;
        if (count++ >= LIST_MAX)
            continue;
        strbuf_add_text(draft->out, "- Role, ");
        add_time(draft->out, entry->time_ns);
        strbuf_add_text(draft->out, ", ");
        add_safe(draft->out, sv_empty(entry->actor) ? entry->source : entry->actor);
        strbuf_add_text(draft->out, ": ");
        add_quoted(draft->out, entry->text);
        end_line(draft, &entry, 1);
    }
    add_more(draft, count, "claims of a role");
}

struct person {
    struct sv name;
    const struct entry *first, *last;
    size_t count;
};

static bool
is_speech(const struct entry *entry)
{
    return !sv_empty(entry->actor) &&
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
            people[count++] = (struct person){entry->actor, entry, entry, 0};
        people[count - 1].last = entry;
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
add_person(struct draft *draft, const struct person *person)
{
    const struct entry *proof[] = {person->first, person->last};
    strbuf_add_text(draft->out, "| ");
    add_safe(draft->out, person->name);
    strbuf_add_text(draft->out, " | ");
    add_time(draft->out, person->first->time_ns);
    strbuf_add_text(draft->out, " | ");
    add_time(draft->out, person->last->time_ns);
    strbuf_addf(draft->out, " | %zu", person->count);
    end_row(draft, proof, 2);
}

/* Those who said most, in the order in which they came. */
static void
add_people(struct draft *draft)
{
    struct person *people = calloc(draft->incident->entry_count + 1, sizeof(*people));
    struct ranked *rows = calloc(draft->incident->entry_count + 1, sizeof(*rows));
    if (people == NULL || rows == NULL)
        abort();
    size_t count = find_people(&draft->by[BY_ACTOR], people);
    qsort(people, count, sizeof(*people), compare_people);
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct ranked){i, (int64_t)people[i].count};
    if (count > 0 && !sv_ends(strbuf_view(draft->out), SV("\n\n")))
        strbuf_add_char(draft->out, '\n');
    if (count > 0)
        strbuf_add_text(draft->out, "| Who spoke or acted | First seen | Last seen | Entries | "
                                    "Evidence |\n|---|---|---|---|---|\n");
    size_t shown = list_best(rows, count);
    for (size_t i = 0; i < shown; i++)
        add_person(draft, &people[rows[i].place]);
    add_more(draft, count, "people");
    free(rows);
    free(people);
}

void
fill_response(struct draft *draft)
{
    add_spans(draft);
    add_roles(draft);
    add_people(draft);
}

void
fill_communication(struct draft *draft)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (!is_update(entry) || count++ >= LIST_MAX)
            continue;
        strbuf_add_text(draft->out, "- ");
        add_time(draft->out, entry->time_ns);
        strbuf_add_text(draft->out, ", ");
        add_safe(draft->out, entry->source);
        strbuf_add_text(draft->out, ": ");
        add_quoted(draft->out, entry->text);
        end_line(draft, &entry, 1);
    }
    add_more(draft, count, "notices");
    if (count == 0)
        strbuf_add_text(draft->out, "> No status update or notice is in the records.\n");
}
