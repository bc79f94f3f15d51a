/*
 * Rows as people decided them: times, marks and notes. See decide.h. What people say stands behind
 * the words of the record, in brackets, with the name.
 */
#include "correlate/decide/decide.h"

#include "base/text/utf8.h"

#define MARKS_MAX                                                                                  \
    ((size_t)8000)      /* bytes of what people say of one row; the rest is in the list            \
                         */
#define NOTE_TIE "\x7f" /* behind what records tell of the same moment */

/* A reason worth nothing, for people to know. */
static void
add_reason(struct replay *replay, struct entry *entry, struct sv name)
{
    struct reason *reasons =
        ARENA_ARRAY(replay->deciding->arena, struct reason, entry->reason_count + 1);
    for (size_t i = 0; i < entry->reason_count; i++)
        reasons[i] = entry->reasons[i];
    reasons[entry->reason_count] = (struct reason){name, 0};
    entry->reasons = reasons;
    entry->reason_count++;
}

void
replay_note(struct replay *replay, const struct decision *decision)
{
    struct arena *arena = replay->deciding->arena;
    struct decided_entry *note = &replay->entries[replay->count++];
    strbuf_init(&note->marks, 0);
    strbuf_addf(&note->marks, " [added by " SV_FMT "]", SV_ARG(decision->author));
    note->entry = (struct entry){
        .entry_id = sv_slice(decision->digest, 0, 16),
        .time_ns = decision->time_ns,
        .uncertainty_ns = NS_PER_S,
        .time_source = TIME_SOURCE_NATIVE,
        .kind = ENTRY_NOTE,
        .record_kind = RECORD_NOTE,
        .significance = SIGNIFICANCE_KEY,
        .text = decision->value,
        .actor = decision->author,
        .occurrences = 1,
        .node_key = replay->incident->incident_key,
        .membership = arena_printf(arena, "added by " SV_FMT ", decision " SV_FMT,
                                   SV_ARG(decision->author), SV_ARG(decision->id)),
        .tie = arena_printf(arena, NOTE_TIE SV_FMT, SV_ARG(decision->id)),
    };
    replay->list[replay->listed].rows = ARENA_NEW(arena, struct decided_row);
    *(struct decided_row *)replay->list[replay->listed].rows =
        (struct decided_row){note->entry.entry_id, decision->value, decision->time_ns};
    replay->list[replay->listed].row_count = 1;
}

static const struct decision *
in_slot(const struct replay *replay, const struct decided_entry *entry, enum row_slot slot)
{
    return entry->slots[slot] == 0 ? NULL : &replay->list[entry->slots[slot] - 1].decision;
}

static void
retime(struct replay *replay, struct decided_entry *at)
{
    const struct decision *decision = in_slot(replay, at, SLOT_RETIME);
    char was[TIME_TEXT];
    if (decision == NULL)
        return;
    time_format(at->entry.time_ns, was);
    strbuf_addf(&at->marks, " [moved by " SV_FMT "; the record says %s]", SV_ARG(decision->author),
                was);
    replay->list[at->slots[SLOT_RETIME] - 1].was = arena_printf(replay->deciding->arena, "%s", was);
    at->entry.time_ns = decision->time_ns;
    at->entry.uncertainty_ns = NS_PER_S;
    add_reason(replay, &at->entry, SV("moved_by_person"));
}

static void
weigh(struct replay *replay, struct decided_entry *at)
{
    const struct decision *key = in_slot(replay, at, SLOT_KEY);
    if (key != NULL) {
        bool is = key->verb == DECISION_KEY;
        at->entry.significance = is ? SIGNIFICANCE_KEY : SIGNIFICANCE_STANDARD;
        add_reason(replay, &at->entry, is ? SV("key_by_person") : SV("unkey_by_person"));
    }
    if (in_slot(replay, at, SLOT_PIN) == NULL)
        return;
    at->entry.significance = SIGNIFICANCE_KEY;
    add_reason(replay, &at->entry, SV("pinned_by_person"));
}

/* Behind what is read of the row, too: of a change that is what all of its records tell. */
static void
mark(struct replay *replay, struct decided_entry *at)
{
    struct arena *arena = replay->deciding->arena;
    struct entry *entry = &at->entry;
    if (at->marks.len > 0) {
        struct sv marks = utf8_cut(strbuf_view(&at->marks), MARKS_MAX);
        entry->text = arena_printf(arena, SV_FMT SV_FMT, SV_ARG(entry->text), SV_ARG(marks));
        if (!sv_empty(entry->told))
            entry->told = arena_printf(arena, SV_FMT SV_FMT, SV_ARG(entry->told), SV_ARG(marks));
    }
    strbuf_release(&at->marks);
}

void
replay_rows(struct replay *replay)
{
    for (size_t i = 0; i < replay->count; i++) {
        retime(replay, &replay->entries[i]);
        weigh(replay, &replay->entries[i]);
        mark(replay, &replay->entries[i]);
    }
}
