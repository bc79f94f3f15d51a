/*
 * Copies of alerts: what a bot posts of an alert to a channel is the same thing told twice. Where
 * an alert of the incident fits it, by an id or address, or by its title within a while, and tells
 * of the same (that it fired, was taken, ended), the row of the alert stands for both: the copy is
 * counted and cited there. Called by tell() before rows are scored.
 */
#include "base/text/word_char.h"
#include "correlate/run.h"

#define ALERTS_LOOKED_AT 64  /* nearest to the message on each side */
#define ID_LEAST 4           /* bytes of an id, which has a digit */
#define ADDRESS_LEAST 12     /* bytes of an address */
#define MESSAGE_WORDS_MAX 64 /* a longer one tells more than an alert */

enum telling_of { TELLS_FIRED, TELLS_TAKEN, TELLS_ENDED };

struct copies {
    struct story *story;
    struct row **alerts; /* in their order */
    struct words *titles;
    size_t count;
};

static bool
is_tools_message(const struct row *row)
{
    const struct event *event = &row->observation->event;
    return event->kind == EVENT_CHAT && row->bot && !row->deleted && !row->came_or_went &&
           event->phase != PHASE_TOPIC && row->words.count > 0 &&
           row->words.count <= MESSAGE_WORDS_MAX;
}

/* What a bot hands on of people's words is no copy. */
static bool
hands_on(const struct row *row)
{
    static const char *const words[] = {"comment", "commented", "note",  "notes", "noted",
                                        "wrote",   "said",      "added", "says",  "replied"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (words_have(row->words, sv_from(words[i])))
            return true;
    return false;
}

static bool
has_any(struct words words, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (words_have(words, sv_from(list[i])))
            return true;
    return false;
}

static enum telling_of
message_tells(const struct row *row)
{
    static const char *const ended[] = {"resolved", "recovered", "recovery", "cleared",
                                        "ok",       "closed",    "resolve",  "normal"};
    static const char *const taken[] = {"acknowledged", "acked",     "acknowledge",
                                        "assigned",     "escalated", "snoozed"};
    static const char *const fired[] = {"triggered", "firing",   "fired",  "alerting",
                                        "problem",   "critical", "opened", "new"};
    if (has_any(row->words, ended, sizeof(ended) / sizeof(ended[0])))
        return TELLS_ENDED;
    if (has_any(row->words, fired, sizeof(fired) / sizeof(fired[0])))
        return TELLS_FIRED;
    return has_any(row->words, taken, sizeof(taken) / sizeof(taken[0])) ? TELLS_TAKEN : TELLS_FIRED;
}

static enum telling_of
alert_tells(const struct row *row)
{
    enum event_phase phase = row->observation->event.phase;
    if (phase == PHASE_RESOLVE)
        return TELLS_ENDED;
    return phase == PHASE_NONE || phase == PHASE_TRIGGER || phase == PHASE_REOPEN ? TELLS_FIRED
                                                                                  : TELLS_TAKEN;
}

/* The text names this, and not as a part of something longer. */
static bool
names_whole(struct sv text, struct sv name)
{
    for (size_t from = 0; from < text.len;) {
        size_t at = sv_find(sv_slice(text, from, text.len), name);
        if (at == SIZE_MAX)
            return false;
        at += from;
        if (text_word_begins(text, at) && text_word_ends(text, at + name.len))
            return true;
        from = at + 1;
    }
    return false;
}

static bool
is_id(struct sv id)
{
    bool digit = false;
    for (size_t i = 0; i < id.len; i++)
        digit = digit || (id.ptr[i] >= '0' && id.ptr[i] <= '9');
    return digit && id.len >= ID_LEAST;
}

static bool
shares_id(const struct row *message, const struct row *alert)
{
    const struct event *a = &alert->observation->event, *m = &message->observation->event;
    const struct sv ids[] = {a->dedup_key, a->incident_ref, a->correlation_key, a->ref};
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        if (is_id(ids[i]) && names_whole(message->text, ids[i]))
            return true;
    return a->url.len >= ADDRESS_LEAST &&
           (sv_eq(a->url, m->url) || names_whole(message->text, a->url));
}

static int64_t
apart(const struct row *a, const struct row *b)
{
    return a->time_ns > b->time_ns ? a->time_ns - b->time_ns : b->time_ns - a->time_ns;
}

/* The nearest alert that the message is a copy of, of equals the earlier; NULL: none, or it names
 * more than one. */
static struct row *
copied(const struct copies *copies, const struct row *message, size_t from, size_t to)
{
    struct row *best = NULL;
    struct words title = {NULL, 0};
    enum telling_of tells = message_tells(message);
    for (size_t i = from; i < to; i++) {
        struct row *alert = copies->alerts[i];
        bool before = alert->time_ns <= message->time_ns;
        int64_t reach = before ? reads_back(RULE_COPY) : reads_ahead(RULE_COPY);
        bool id = apart(alert, message) <= reach && shares_id(message, alert);
        bool near = apart(alert, message) <= reads_back(RULE_COPY_TITLE);
        if (!id && !(near && words_hold_title(message->words, copies->titles[i])))
            continue;
        if (!id && title.count > 0 && !words_hold_title(title, copies->titles[i]) &&
            !words_hold_title(copies->titles[i], title))
            return NULL; /* a list of alerts */
        title = id ? title : copies->titles[i];
        if (alert_tells(alert) == tells &&
            (best == NULL || apart(alert, message) < apart(best, message)))
            best = alert;
    }
    return best;
}

void
row_cite(struct story *story, struct row *alert, const struct row *copy)
{
    alert->occurrences += copy->occurrences;
    if (alert->evidence_count == ENTRY_EVIDENCE_MAX)
        return;
    const struct observation **evidence =
        ARENA_ARRAY(story->arena, const struct observation *, alert->evidence_count + 1);
    memcpy(evidence, alert->evidence, alert->evidence_count * sizeof(*evidence));
    evidence[alert->evidence_count++] = copy->observation;
    alert->evidence = evidence;
}

static void
collect(struct copies *copies)
{
    struct story *story = copies->story;
    copies->alerts = ARENA_ARRAY(story->scratch, struct row *, story->count + 1);
    copies->titles = ARENA_ARRAY(story->scratch, struct words, story->count + 1);
    for (size_t i = 0; i < story->count; i++) {
        struct row *row = story->rows[i];
        if (row->node->role != NODE_ALERT)
            continue;
        copies->titles[copies->count] = words_of(story->scratch, row->observation->event.title);
        copies->alerts[copies->count++] = row;
    }
}

void
fold_copies(struct story *story)
{
    struct copies copies = {.story = story};
    size_t kept = 0, passed = 0;
    collect(&copies);
    for (size_t i = 0; i < story->count && copies.count > 0; i++) {
        struct row *row = story->rows[i];
        while (passed < copies.count && copies.alerts[passed]->time_ns <= row->time_ns)
            passed++;
        size_t from = passed > ALERTS_LOOKED_AT ? passed - ALERTS_LOOKED_AT : 0;
        size_t to =
            passed + ALERTS_LOOKED_AT < copies.count ? passed + ALERTS_LOOKED_AT : copies.count;
        struct row *alert =
            is_tools_message(row) && !hands_on(row) ? copied(&copies, row, from, to) : NULL;
        if (alert == NULL) {
            story->rows[kept++] = row;
            continue;
        }
        row_cite(story, alert, row);
        row_note(alert, SV("copied_to_chat"));
    }
    story->count = copies.count > 0 ? kept : story->count;
}
