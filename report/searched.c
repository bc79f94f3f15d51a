/*
 * What was searched in vain: see searched.h. Pure.
 */
#include "report/searched.h"

#include <stdlib.h>

#include "base/memory.h"
#include "report/list.h"

static int
by_name(const void *a, const void *b)
{
    return sv_cmp(*(const struct sv *)a, *(const struct sv *)b);
}

static bool
is_message(const struct entry *entry)
{
    return entry->record_kind == RECORD_CHAT || entry->record_kind == RECORD_LINKED_MESSAGE;
}

/* How many entries there are, of messages or of all; and of how many channels or sources. */
static size_t
count_searched(const struct draft *draft, bool messages, size_t *ret_places)
{
    const struct incident *incident = draft->incident;
    struct sv *names = memory_calloc(incident->entry_count, sizeof(*names));
    size_t count = 0, places = 0;
    for (size_t i = 0; i < incident->entry_count; i++) {
        const struct entry *entry = &incident->entries[i];
        if (!messages || is_message(entry))
            names[count++] = messages && !sv_empty(entry->channel) ? entry->channel : entry->source;
    }
    qsort(names, count, sizeof(*names), by_name);
    for (size_t i = 0; i < count; i++)
        places += i == 0 || by_name(&names[i - 1], &names[i]) != 0;
    free(names);
    *ret_places = places;
    return count;
}

static void
say_unknown(struct draft *draft, const char *what, const char *unknown)
{
    document_begin(draft->document, BLOCK_REMARK);
    document_wordsf(draft->document, "No %s was read: %s.", what, unknown);
}

void
say_no_message(struct draft *draft, const char *says, const char *unknown)
{
    size_t places, count = count_searched(draft, true, &places);
    if (count == 0) {
        say_unknown(draft, "message", unknown);
        return;
    }
    document_begin(draft->document, BLOCK_REMARK);
    document_wordsf(draft->document, "No message of %zu channel%s (%zu message%s) %s.", places,
                    places == 1 ? "" : "s", count, count == 1 ? "" : "s", says);
}

void
say_no_record(struct draft *draft, const char *is, const char *unknown)
{
    size_t places, count = count_searched(draft, false, &places);
    if (count == 0) {
        say_unknown(draft, "record", unknown);
        return;
    }
    document_begin(draft->document, BLOCK_REMARK);
    if (count == 1)
        document_wordsf(draft->document, "No row %s: there is 1, from 1 source.", is);
    else
        document_wordsf(draft->document, "None of %zu rows from %zu source%s %s.", count, places,
                        places == 1 ? "" : "s", is);
}
