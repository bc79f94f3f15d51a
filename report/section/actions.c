/*
 * Action items and follow-up: lines that read like something to do later, and dates to look again.
 */
#include "report/draft.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/searched.h"
#include "report/section/fills.h"

static void
add_action(struct document *document, const struct entry *entry, size_t number)
{
    document_row(document, false);
    document_cell(document);
    document_wordsf(document, "A%zu", number);
    document_cell(document);
    document_text(document, sv_empty(entry->channel) ? entry->source : entry->channel);
    document_words(document, ", ");
    document_time(document, entry->time_ns);
    document_cell(document);
    document_quote(document, entry->text);
    document_prove_row(document, &entry, 1);
}

void
fill_actions(struct draft *draft)
{
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (!is_todo(entry) || count++ >= LIST_MAX)
            continue;
        if (count == 1)
            document_begin_table(draft->document, SV("Candidate | Quoted from | Words | Evidence"),
                                 true);
        add_action(draft->document, entry, count);
    }
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
