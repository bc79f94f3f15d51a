/*
 * One alert that two tools tell: the monitor that found it and the tool that pages for it, or one
 * tool read by two doors. What the records say makes them one: a key for deduplication (or the one
 * that is made of a group's key), an address, a title or the name of a rule. The rows of the first
 * stand for both: what the second says of its beginning and its end is counted and cited there;
 * whom it pages, and what people do in it, stays a row. Called by tell() before rows are scored.
 */
#include "base/text/word_char.h"
#include "correlate/group/episodes.h"
#include "correlate/run.h"

#define TWINS_LOOKED_AT 64 /* nearest alerts before one */
#define KEY_LEAST 8        /* bytes of a key that two tools share */
#define ADDRESS_LEAST 12   /* bytes of an address */
#define NAME_LEAST 8       /* bytes of the name of a rule */
#define KEYS_MAX 2

/* An episode of alerts, by the first row that says that it fires. */
struct twin {
    struct row *row;
    struct words title;
    struct sv keys[KEYS_MAX];
    size_t key_count;
    struct sv group; /* the key that others make of its group; absent: none */
    struct twin *of; /* the one that stands for it; NULL: itself */
};

struct twins {
    struct story *story;
    struct twin *at; /* in the order of their rows */
    size_t count;
};

/* ---------------------------------------------------------------- one episode */

static bool
fires(const struct row *row)
{
    enum event_phase phase = row->observation->event.phase;
    return row->node->role == NODE_ALERT && row->evidence_kind == RECORD_ALERT &&
           (phase == PHASE_NONE || phase == PHASE_TRIGGER || phase == PHASE_REOPEN) && !row->clears;
}

static bool
ends(const struct row *row)
{
    return row->node->role == NODE_ALERT && row->evidence_kind == RECORD_ALERT &&
           row->observation->event.phase == PHASE_RESOLVE;
}

static bool
is_of_person(const struct row *row)
{
    enum actor_type type = row->observation->event.actor_type;
    return row->actor.len > 0 && !row->bot && type == ACTOR_HUMAN;
}

static bool
is_key(struct sv key)
{
    bool digit = false;
    for (size_t i = 0; i < key.len; i++)
        digit = digit || (key.ptr[i] >= '0' && key.ptr[i] <= '9');
    return digit && key.len >= KEY_LEAST;
}

/* Alertmanager, and Grafana with it, page by the digest of the key of the alert's group. */
static struct sv
key_of_group(struct arena *arena, struct sv group)
{
    struct sha256 digest;
    char hex[SHA256_HEX + 1];
    if (group.len == 0)
        return SV_NONE;
    sha256_of(group.ptr, group.len, &digest);
    sha256_hex(&digest, hex);
    return arena_copy(arena, sv_from(hex));
}

static void
add_episode(struct twins *twins, struct row *row)
{
    struct arena *scratch = twins->story->scratch;
    const struct event *event = &row->observation->event;
    const struct sv keys[KEYS_MAX] = {event->dedup_key, event->fingerprint};
    struct twin *twin = &twins->at[twins->count++];
    *twin = (struct twin){.row = row,
                          .title = words_of(scratch, event->title),
                          .group = key_of_group(scratch, event->group_key)};
    for (size_t i = 0; i < KEYS_MAX; i++)
        if (is_key(keys[i]))
            twin->keys[twin->key_count++] = keys[i];
}

static bool
same_series(const struct row *a, const struct row *b)
{
    return record_same_series(a->node->records[0], b->node->records[0]);
}

/* ------------------------------------------------------------------ two of them */

static bool
has_key(const struct twin *twin, struct sv key)
{
    for (size_t i = 0; i < twin->key_count && key.len > 0; i++)
        if (sv_eq_nocase(twin->keys[i], key))
            return true;
    return false;
}

static bool
share_key(const struct twin *a, const struct twin *b)
{
    bool shared = has_key(a, b->group) || has_key(b, a->group);
    for (size_t i = 0; i < a->key_count && !shared; i++)
        shared = has_key(b, a->keys[i]);
    return shared;
}

/* Both name one, and neither name holds the other: "checkout" and "checkout-api" are no two. */
static bool
differ(struct sv a, struct sv b)
{
    for (size_t i = 0; i + b.len <= a.len; i++)
        if (sv_starts_nocase(sv_slice(a, i, a.len), b))
            return false;
    for (size_t i = 0; i + a.len <= b.len; i++)
        if (sv_starts_nocase(sv_slice(b, i, b.len), a))
            return false;
    return a.len > 0 && b.len > 0;
}

static bool
are_elsewhere(const struct event *a, const struct event *b)
{
    return differ(a->host, b->host) || differ(a->service, b->service) ||
           differ(a->environment, b->environment);
}

/* The title has the name of the other's rule as a word of its own. */
static bool
has_name(struct sv title, struct sv name)
{
    for (size_t at = 0; name.len >= NAME_LEAST && at + name.len <= title.len; at++)
        if (sv_starts(sv_slice(title, at, title.len), name) && text_word_begins(title, at) &&
            text_word_ends(title, at + name.len))
            return true;
    return false;
}

static bool
look_alike(const struct twin *a, const struct twin *b)
{
    const struct event *one = &a->row->observation->event, *other = &b->row->observation->event;
    if (sv_eq(one->source, other->source) || are_elsewhere(one, other))
        return false;
    return (one->url.len >= ADDRESS_LEAST && sv_eq(one->url, other->url)) ||
           words_hold_title(a->title, b->title) || words_hold_title(b->title, a->title) ||
           has_name(other->title, one->ref) || has_name(one->title, other->ref);
}

/* The nearest earlier alert that this one tells again; NULL: none, or it looks like several. */
static struct twin *
told_before(struct twins *twins, size_t at)
{
    struct twin *twin = &twins->at[at], *like = NULL;
    size_t from = at > TWINS_LOOKED_AT ? at - TWINS_LOOKED_AT : 0;
    bool several = false;
    for (size_t i = at; i > from; i--) {
        struct twin *other = &twins->at[i - 1];
        struct twin *first = other->of != NULL ? other->of : other;
        if (twin->row->time_ns - other->row->time_ns > reads_back(RULE_SAME_ALERT))
            break;
        if (same_series(first->row, twin->row) || other->row->node == twin->row->node)
            continue;
        if (share_key(twin, other))
            return first;
        if (is_of_person(twin->row) || !look_alike(twin, other))
            continue;
        several = several || (like != NULL && !same_series(like->row, first->row));
        like = first;
    }
    return several ? NULL : like;
}

/* ------------------------------------------------------------------------- rows */

/* Both tell it: the row of the first counts and cites the second. */
static void
tell_once(struct story *story, struct row *row, const struct row *again)
{
    int severity = again->observation->event.severity;
    row_cite(story, row, again);
    row_note(row, SV("told_by_two_tools"));
    if (severity > row->told_severity)
        row->told_severity = severity;
}

static bool
says_that(const struct row *row, const struct work_node *node, const struct row *again)
{
    return row->node == node && (fires(again) ? fires(row) : ends(row));
}

/* The row of the node that says what the one at this place says, the nearest; NULL: none does. */
static struct row *
told_in(const struct story *story, const struct work_node *node, size_t at)
{
    const struct row *again = story->rows[at];
    struct row *before = NULL, *after = NULL;
    for (size_t i = at; i-- > 0 && before == NULL;) {
        if (again->time_ns - story->rows[i]->time_ns > reads_back(RULE_SAME_ALERT))
            break;
        before = says_that(story->rows[i], node, again) ? story->rows[i] : NULL;
    }
    for (size_t i = at + 1; i < story->count && after == NULL; i++) {
        if (story->rows[i]->time_ns - again->time_ns > reads_ahead(RULE_SAME_ALERT))
            break;
        after = says_that(story->rows[i], node, again) ? story->rows[i] : NULL;
    }
    bool nearer = before != NULL && after != NULL &&
                  after->time_ns - again->time_ns < again->time_ns - before->time_ns;
    return before == NULL || nearer ? after : before;
}

/* Whom it pages, and what people did, is told nowhere else. */
static bool
stays(const struct row *row)
{
    return row->page_count + row->given_count > 0 || is_of_person(row) ||
           !(fires(row) || ends(row));
}

static void
fold_rows(struct twins *twins, const struct counter *by_node)
{
    struct story *story = twins->story;
    struct row **rows = ARENA_ARRAY(story->scratch, struct row *, story->count + 1);
    size_t kept = 0;
    for (size_t i = 0; i < story->count; i++) {
        struct row *row = story->rows[i], *first = NULL;
        const int64_t *place = counter_find(by_node, node_key_text(story->scratch, row->node));
        const struct twin *twin = place != NULL ? twins->at[*place].of : NULL;
        if (twin != NULL && !stays(row))
            first = told_in(story, twin->row->node, i);
        if (twin != NULL)
            row_note(row, SV("same_alert"));
        if (first != NULL)
            tell_once(story, first, row);
        else
            rows[kept++] = row;
    }
    story->rows = rows;
    story->count = kept;
}

void
fold_twins(struct story *story)
{
    struct twins twins = {.story = story};
    struct counter by_node;
    bool found = false;
    counter_init(&by_node, story->scratch);
    twins.at = ARENA_ARRAY(story->scratch, struct twin, story->count + 1);
    for (size_t i = 0; i < story->count; i++) {
        struct row *row = story->rows[i];
        if (!fires(row))
            continue;
        struct sv key = node_key_text(story->scratch, row->node);
        if (counter_find(&by_node, key) != NULL)
            continue;
        counter_at(&by_node, key, (int64_t)twins.count);
        add_episode(&twins, row);
        struct twin *first = told_before(&twins, twins.count - 1);
        twins.at[twins.count - 1].of = first;
        found = found || first != NULL;
    }
    if (found)
        fold_rows(&twins, &by_node);
}
