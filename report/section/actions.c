/*
 * Action items and follow-up: lines that read like something to do later, and dates to look again.
 */
#include "report/draft.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/searched.h"
#include "report/section/fills.h"
#include "report/todo_items.h"

static void
add_said(struct document *document, struct sv said)
{
    document_cell(document);
    if (said.len > 0)
        document_text(document, said);
}

static void
add_action(struct document *document, const struct entry *entry, const struct todo_item *item,
           size_t number)
{
    document_row(document, false);
    document_cell(document);
    document_wordsf(document, "A%zu", number);
    document_cell(document);
    document_text(document, sv_empty(entry->channel) ? entry->source : entry->channel);
    document_words(document, ", ");
    document_time(document, entry->time_ns);
    document_cell(document);
    document_quote(document, item->text);
    add_said(document, item->owner);
    add_said(document, item->due);
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
            add_action(draft->document, entry, &items[i], *count);
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
