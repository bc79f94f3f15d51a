/*
 * Who came when help was called in, and times in which no record shows anybody at work. Absence is
 * told of the records, not of people: who works says nothing in a channel.
 */
#include "report/draft.h"
#include "report/facts.h"
#include "report/list.h"
#include "report/order.h"
#include "report/searched.h"
#include "report/section/fills.h"
#include "report/section/pages.h"

#define ARRIVES_NS (60 * NS_PER_MINUTE) /* who comes later came for something else */
#define ALONE_NS (5 * NS_PER_MINUTE)    /* from detection to the first responder */
#define QUIET_NS (30 * NS_PER_MINUTE)   /* between two of them */
#define QUIET_MAX 3                     /* the longest */

static bool
shows_person(const struct entry *entry)
{
    return is_of_person(entry) &&
           (entry->record_kind == RECORD_CHAT || entry->record_kind == RECORD_LINKED_MESSAGE ||
            entry->record_kind == RECORD_SAL || entry->record_kind == RECORD_INCIDENT_EVENT);
}

static bool
calls_help(const struct entry *entry)
{
    return entry->kind == ENTRY_ESCALATION || entry->kind == ENTRY_PAGE_SENT ||
           entry->act == ACT_ESCALATION;
}

static bool
appears_first(const struct draft *draft, const struct entry *entry)
{
    size_t count;
    const struct entry *const *found = entry_index_find(&draft->by[BY_ACTOR], entry->actor, &count);
    return count > 0 && found[0] == entry;
}

/* The first person after it whom no record before shows; NULL: nobody within the hour. */
static const struct entry *
who_came(const struct draft *draft, const struct entry *call)
{
    const struct entry *end = draft->incident->entries + draft->incident->entry_count;
    for (const struct entry *entry = call + 1; entry < end; entry++) {
        if (entry->time_ns - call->time_ns > ARRIVES_NS)
            return NULL;
        if (shows_person(entry) && appears_first(draft, entry))
            return entry;
    }
    return NULL;
}

static void
add_calls(struct draft *draft)
{
    struct document *document = draft->document;
    size_t count = 0;
    for (size_t i = 0; i < draft->incident->entry_count; i++) {
        const struct entry *call = &draft->incident->entries[i];
        if (!calls_help(call) || call->significance == SIGNIFICANCE_FULL || count++ >= LIST_MAX)
            continue;
        const struct entry *came = who_came(draft, call), *proof[] = {call, came};
        document_begin(document, BLOCK_STATEMENT);
        document_words(document, "Help was called in, ");
        document_time(document, call->time_ns);
        document_words(document, ", ");
        document_text(document, sv_empty(call->actor) ? call->source : call->actor);
        document_words(document, ": ");
        document_quote(document, call->text);
        document_words(document, ".");
        if (came != NULL) {
            document_words(document, " The next person to appear in the records was ");
            document_text(document, came->actor);
            document_words(document, ", ");
            document_duration(document, came->time_ns - call->time_ns);
            document_words(document, " later");
            say_open_order(draft, call, came);
            document_words(document, ".");
        } else {
            document_words(document, " No record shows who came within an hour.");
        }
        document_prove(document, proof, 2);
    }
    if (count == 0 && !somebody_was_paged(draft))
        say_no_record(draft, "says who was paged or called in",
                      "whether somebody was paged is not known");
    add_more(draft, count, LIST_MAX, "calls for help");
}

static void
add_quiet(struct draft *draft, const struct entry *from, const struct entry *to, const char *after)
{
    const struct entry *proof[] = {from, to};
    document_begin(draft->document, BLOCK_STATEMENT);
    document_words(draft->document, "No message and no paging event shows anybody at work for ");
    document_duration(draft->document, to->time_ns - from->time_ns);
    document_wordsf(draft->document, "%s, from ", after);
    document_time(draft->document, from->time_ns);
    document_words(draft->document, " to ");
    document_time(draft->document, to->time_ns);
    document_words(draft->document, ".");
    document_prove(draft->document, proof, 2);
}

struct quiet {
    const struct entry *from, *to;
};

/* The longest stay, in the order of their length, of equals the first. */
static void
keep_longest(struct quiet *quiets, size_t *count, const struct entry *from, const struct entry *to)
{
    size_t at = *count;
    while (at > 0 &&
           quiets[at - 1].to->time_ns - quiets[at - 1].from->time_ns < to->time_ns - from->time_ns)
        at--;
    if (at >= QUIET_MAX)
        return;
    *count += *count < QUIET_MAX;
    for (size_t i = *count - 1; i > at; i--)
        quiets[i] = quiets[i - 1];
    quiets[at] = (struct quiet){from, to};
}

void
fill_responders(struct draft *draft)
{
    const struct entry *found = milestone_entry(draft, milestone_at(draft, MILESTONE_DETECTED));
    const struct entry *before = found;
    struct quiet quiets[QUIET_MAX];
    size_t count = 0;
    add_calls(draft);
    for (size_t i = 0; found != NULL && i < draft->incident->entry_count; i++) {
        const struct entry *entry = &draft->incident->entries[i];
        if (entry <= found || entry->time_ns > draft->end_ns || !shows_person(entry))
            continue;
        int64_t quiet_ns = entry->time_ns - before->time_ns;
        if (before == found && !shows_person(found) && quiet_ns >= ALONE_NS)
            add_quiet(draft, found, entry, " after detection");
        else if (quiet_ns >= QUIET_NS)
            keep_longest(quiets, &count, before, entry);
        before = entry;
    }
    for (size_t i = 0; i < count; i++)
        add_quiet(draft, quiets[i].from, quiets[i].to, "");
}
