/*
 * When those who were paged came: see pages.h. Called by the teller for each incident, after what
 * people decided.
 */
#include "correlate/story/pages.h"

static bool
is_of_somebody(const struct entry *entry)
{
    return entry->actor.len > 0 && !sv_eq(entry->actor_type, SV("bot")) &&
           !sv_eq(entry->actor_type, SV("system"));
}

static bool
has_reason(const struct entry *entry, struct sv name)
{
    for (size_t i = 0; i < entry->reason_count; i++)
        if (sv_eq(entry->reasons[i].name, name))
            return true;
    return false;
}

/* Whoever leaves a channel was not called into it by that. */
static bool
is_answer(const struct entry *entry)
{
    return is_of_somebody(entry) &&
           (entry->kind == ENTRY_RESPONDER_JOINED || !has_reason(entry, SV("join_or_leave")));
}

static enum answered
how_answered(const struct entry *entry)
{
    if (entry->kind == ENTRY_ALERT_ACKNOWLEDGED || entry->act == ACT_ACK)
        return ANSWERED_ACK;
    bool said = entry->record_kind == RECORD_CHAT || entry->record_kind == RECORD_LINKED_MESSAGE ||
                entry->record_kind == RECORD_NOTE;
    bool did = entry->kind == ENTRY_RESPONDER_JOINED || entry->act == ACT_ACTION ||
               entry->act == ACT_ROLLBACK;
    return said && !did ? ANSWERED_MESSAGE : ANSWERED_ACT;
}

/* `next`: by person, the place + 1 of the first answer behind the entry. */
static void
answer(struct arena *arena, const struct entry *entries, struct counter *next, struct entry *entry)
{
    struct paged *pages = ARENA_ARRAY(arena, struct paged, entry->page_count + 1);
    for (size_t i = 0; i < entry->page_count; i++) {
        pages[i] = entry->pages[i];
        const int64_t *place = counter_find(next, pages[i].person);
        pages[i].answered_ns = TIME_NONE;
        if (place == NULL)
            continue;
        const struct entry *found = &entries[*place - 1];
        pages[i].answered_ns = found->time_ns;
        pages[i].how = how_answered(found);
        pages[i].answer = found->entry_id;
    }
    entry->pages = pages;
}

void
answer_pages(struct arena *arena, struct incident *incident)
{
    size_t count = incident->entry_count, paged = 0;
    struct arena scratch;
    struct counter next;
    for (size_t i = 0; i < count; i++)
        paged += incident->entries[i].page_count;
    if (paged == 0)
        return;
    struct entry *entries = ARENA_ARRAY(arena, struct entry, count + 1);
    arena_init(&scratch, 0);
    counter_init(&next, &scratch);
    for (size_t i = count; i-- > 0;) {
        entries[i] = incident->entries[i];
        if (entries[i].page_count > 0)
            answer(arena, incident->entries, &next, &entries[i]);
        if (is_answer(&entries[i]))
            *counter_at(&next, entries[i].actor, 0) = (int64_t)i + 1;
    }
    arena_release(&scratch);
    incident->entries = entries;
}
