/*
 * Action items and follow-up: lines that read like something to do later, and dates to look again.
 */
#include <stdio.h>

#include "base/text/word_char.h"
#include "report/draft.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/searched.h"
#include "report/section/fills.h"
#include "report/todo_items.h"

/* The name is one of the words of this one. */
static bool
has_name(struct sv actor, struct sv name)
{
    for (size_t i = 0; i + name.len <= actor.len; i++)
        if (text_word_begins(actor, i) && text_word_ends(actor, i + name.len) &&
            sv_eq_nocase(sv_slice(actor, i, i + name.len), name))
            return true;
    return false;
}

/* The person of the incident who is called so; absent: nobody, or more than one. */
static struct sv
person_called(const struct draft *draft, struct sv name)
{
    struct sv found = SV_NONE;
    for (size_t i = 0; i < draft->incident->entry_count && name.len > 0; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (sv_empty(entry->actor) || !is_of_person(entry) ||
            (!has_name(entry->actor, name) && !sv_eq_nocase(entry->actor_written, name)))
            continue;
        if (found.len > 0 && !sv_eq(found, entry->actor))
            return SV_NONE;
        found = entry->actor;
    }
    return found;
}

/* The name as said and the person of the incident who is called so. */
static void
add_owner(struct draft *draft, const struct entry *entry, const struct todo_item *item)
{
    struct document *document = draft->document;
    struct sv said = item->owner.len > 0 ? item->owner : item->perhaps;
    struct sv person = person_called(draft, said);
    document_cell(document);
    if (item->owner.len == 0 && person.len == 0)
        said = SV_NONE;
    if (said.len == 0 && item->speaker && !sv_empty(entry->actor)) {
        document_text(document, entry->actor);
        document_words(document, " (speaks of themselves)");
    } else if (said.len > 0) {
        document_text(document, said);
    }
    if (person.len > 0 && !sv_eq(person, said)) {
        document_words(document, " (");
        document_text(document, person);
        document_words(document, ")");
    }
}

/* The day as said and, where that tells it, its date. */
static void
add_due(struct document *document, const struct entry *entry, const struct todo_item *item)
{
    struct civil date;
    document_cell(document);
    if (item->due.len == 0)
        return;
    document_text(document, item->due);
    if (!named_day_date(&item->day, entry->time_ns, &date))
        return;
    char told[32];
    snprintf(told, sizeof(told), "%04d-%02d-%02d", date.year, date.month, date.day);
    if (!sv_eq(item->due, sv_from(told)))
        document_wordsf(document, " (%s)", told);
}

static void
add_action(struct draft *draft, const struct entry *entry, const struct todo_item *item,
           size_t number)
{
    struct document *document = draft->document;
    document_row(document, false);
    document_cell(document);
    document_wordsf(document, "A%zu", number);
    document_cell(document);
    document_text(document, sv_empty(entry->channel) ? entry->source : entry->channel);
    document_words(document, ", ");
    document_time(document, entry->time_ns);
    document_cell(document);
    document_quote(document, item->text);
    add_owner(draft, entry, item);
    add_due(document, entry, item);
    document_prove_row(document, &entry, 1);
}

/* The items of one entry; `count`: how many there are so far, of which LIST_MAX are shown. */
static void
add_items(struct draft *draft, const struct entry *entry, size_t *count)
{
    struct todo_item items[TODO_ITEMS_MAX];
    size_t found = todo_items(entry->text, items);
    for (size_t i = 0; i < found; i++)
        if ((*count)++ < LIST_MAX) {
            if (*count == 1)
                document_begin_table(draft->document,
                                     SV("Candidate | Quoted from | Words | Owner as said | Due as "
                                        "said | Evidence"),
                                     true);
            add_action(draft, entry, &items[i], *count);
        }
}

void
fill_actions(struct draft *draft)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++)
        if (is_todo(&draft->incident->entries[i]))
            add_items(draft, &draft->incident->entries[i], &count);
    if (count > 0)
        document_end_table(draft->document);
    else
        say_no_message(draft, "reads like something to do later",
                       "what there is to do later is not known");
    add_more(draft, count, LIST_MAX, "candidates");
}

void
fill_followup(struct draft *draft)
{
    if (draft->end_entry == NULL)
        document_say(draft->document, BLOCK_REMARK, SV("No end is known to count dates from."));
    for (int days = 30; draft->end_entry != NULL && days <= 90; days += 30) {
        struct civil at;
        civil_from_ns(draft->end_ns + days * NS_PER_DAY, &at);
        document_begin(draft->document, BLOCK_STATEMENT);
        document_wordsf(draft->document,
                        "%04d-%02d-%02d, %d days after the end: tickets closed, measures met, "
                        "seen again?",
                        at.year, at.month, at.day, days);
        document_prove(draft->document, &draft->end_entry, 1);
    }
}
