/*
 * Threads of talk: see thread.h. Called by record_of() and attach_nodes().
 */
#include "correlate/group/thread.h"

#include <assert.h>
#include <string.h>

#include "correlate/story/rows.h"

/*
 * How formats name their messages: which part of the identity is the message's own id, of whose
 * names, and whether nothing but posts answers (edits name what they change, too). A thread of
 * other formats is told by its name alone. Fixed like those names
 * (tests/golden/map_namespaces.tsv); tests/unit/correlate/threads_test.c reads records of each.
 */
struct naming {
    const char *format, *name_space;
    size_t part;
    bool posts;
};

static const struct naming namings[] = {
    {"google_chat_takeout", "google-chat", 0, false},
    {"hindcast", "hindcast", 0, false},
    {"matrix_room_event", "matrix", 0, true},
    {"mattermost_api", "mattermost", 0, false},
    {"rocketchat_message", "rocketchat", 0, false},
    {"slack", "slack", 1, false},
    {"teams_graph", "teams", 0, false},
};

/* An answer there quotes a message in the flow of the channel: it begins no talk of its own. */
static const char quoting[] = "discord_chat_exporter";

static const struct naming *
naming_of(struct sv format)
{
    for (size_t i = 0; i < sizeof(namings) / sizeof(namings[0]); i++)
        if (sv_eq(format, sv_from(namings[i].format)))
            return &namings[i];
    return NULL;
}

/* Where the message's own id lies; of a path ("spaces/a/b") it is the last step. */
static bool
own_id(struct sv identity, size_t part, size_t *ret_from, size_t *ret_to)
{
    size_t from = 0, to = 0;
    for (size_t i = 0; i <= part; i++) {
        from = i == 0 ? 0 : to + 1;
        if (from > identity.len)
            return false;
        for (to = from; to < identity.len && identity.ptr[to] != IDENTITY_SEPARATOR[0];)
            to++;
    }
    for (size_t i = from; i < to; i++)
        if (identity.ptr[i] == '/')
            from = i + 1;
    *ret_from = from;
    *ret_to = to;
    return to > from;
}

/* "spaces/a/b" of the topic "a" began with "spaces/a/a". */
static struct sv
first_identity(struct arena *arena, const struct event *event, size_t from, size_t to)
{
    return arena_printf(arena, SV_FMT SV_FMT SV_FMT, SV_ARG(sv_slice(event->identity, 0, from)),
                        SV_ARG(event->thread_key),
                        SV_ARG(sv_slice(event->identity, to, event->identity.len)));
}

/* Absent where the event's own uid is another one than the names say: they were cut. */
static struct sv
first_uid(struct arena *arena, const struct naming *naming, const struct event *event,
          struct sv first)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t uid[UID_BYTES];
    char *hex = arena_alloc(arena, 2 * UID_BYTES + 1);
    event_uid_of_name(event->scope, sv_from(naming->name_space), event->identity, uid);
    if (memcmp(uid, event->uid, UID_BYTES) != 0)
        return SV_NONE;
    event_uid_of_name(event->scope, sv_from(naming->name_space), first, uid);
    for (size_t i = 0; i < UID_BYTES; i++) {
        hex[2 * i] = digits[uid[i] >> 4];
        hex[2 * i + 1] = digits[uid[i] & 15];
    }
    return sv_of(hex, 2 * UID_BYTES);
}

static void
add_key(struct work_record *record, struct sv value)
{
    assert(record->key_count < RECORD_KEYS_MAX);
    record->keys[record->key_count++] = (struct node_key){KEY_THREAD, value};
}

void
thread_join(struct arena *arena, struct work_record *record)
{
    const struct event *event = &record->observation->event;
    const struct naming *naming = naming_of(event->format);
    struct sv uid = SV_NONE;
    size_t from, to;
    if (event->thread_key.len == 0 || sv_eq(event->format, sv_from(quoting)) ||
        (naming != NULL && naming->posts && event->phase == PHASE_EDIT))
        return;
    if (naming != NULL && own_id(event->identity, naming->part, &from, &to)) {
        if (sv_eq(sv_slice(event->identity, from, to), event->thread_key))
            return; /* it begins the thread */
        uid = first_uid(arena, naming, event, first_identity(arena, event, from, to));
    }
    add_key(record, arena_printf(arena, "/" SV_FMT "/" SV_FMT, SV_ARG(record->source),
                                 SV_ARG(record->fingerprint)));
    if (uid.len > 0)
        add_key(record, uid);
    record->fingerprint = arena_printf(arena, SV_FMT " thread " SV_FMT, SV_ARG(record->fingerprint),
                                       SV_ARG(event->thread_key));
}

bool
record_answers(const struct work_record *record)
{
    for (size_t k = 0; k < record->key_count; k++)
        if (record->keys[k].kind == KEY_THREAD)
            return true;
    return false;
}

/* The channel's key, which begins with '/', comes before all uids. */
struct sv
thread_first(const struct work_node *node)
{
    size_t count;
    const struct node_key *keys = node_keys_of(node, KEY_THREAD, &count);
    for (size_t k = 0; k < count; k++)
        if (keys[k].value.ptr[0] != '/')
            return keys[k].value;
    return SV_NONE;
}

struct node_key
thread_channel(struct arena *arena, const struct work_node *node)
{
    return (struct node_key){KEY_THREAD,
                             arena_printf(arena, "/" SV_FMT "/" SV_FMT, SV_ARG(node->source),
                                          SV_ARG(node->records[0]->fingerprint))};
}

/* Where the messages lie that threads began with. */
static void
find_first(struct grouping *grouping, struct counter *first)
{
    for (size_t n = 0; n < grouping->node_count; n++) {
        struct work_node *node = &grouping->nodes[n];
        struct sv uid = node->role == NODE_CHAT ? thread_first(node) : SV_NONE;
        node->thread = NO_NODE;
        if (uid.len > 0)
            counter_at(first, uid, -1);
    }
    for (size_t n = 0; first->count > 0 && n < grouping->node_count; n++) {
        const struct work_node *node = &grouping->nodes[n];
        for (size_t i = 0; node->role == NODE_CHAT && i < node->record_count; i++) {
            int64_t *place = counter_find(first, node->records[i]->uid);
            if (place != NULL)
                *place = (int64_t)n;
        }
    }
}

/* Of attaching nodes the last one of each series so far. */
struct series_last {
    struct counter places;
    struct strbuf name;
};

static size_t
last_of_series(struct series_last *last, const struct work_node *node, size_t now)
{
    strbuf_clear(&last->name);
    strbuf_add_be32(&last->name, (uint32_t)node->source.len);
    strbuf_add_sv(&last->name, node->source);
    strbuf_add_sv(&last->name, node->records[0]->fingerprint);
    struct sv name = strbuf_view(&last->name);
    int64_t *place = counter_find(&last->places, name);
    if (place == NULL)
        place = counter_at(&last->places, arena_copy(last->places.arena, name), -1);
    size_t before = *place < 0 ? NO_NODE : (size_t)*place;
    *place = (int64_t)now;
    return before;
}

bool
thread_follows(struct arena *arena, const struct correlation_config *config,
               const struct work_node *before, bool begins, const struct work_node *node)
{
    if (before == NULL || node->role != NODE_CHAT || before->role != NODE_CHAT ||
        node_id_cmp(before, node) >= 0 ||
        node->first_ms - before->last_ms > config->gap_ms[KEY_THREAD])
        return false;
    struct node_key channel = thread_channel(arena, before);
    return begins ? node_has_key(node, &channel) : sv_eq(thread_first(before), thread_first(node));
}

void
threads_find(struct grouping *grouping)
{
    struct counter first;
    struct series_last last;
    counter_init(&first, grouping->arena);
    counter_init(&last.places, grouping->arena);
    strbuf_init(&last.name, 0);
    find_first(grouping, &first);
    for (size_t n = 0; first.count > 0 && n < grouping->node_count; n++) {
        struct work_node *node = &grouping->nodes[n];
        if (node_opens(node))
            continue;
        size_t before = last_of_series(&last, node, n);
        struct sv uid = node->role == NODE_CHAT ? thread_first(node) : SV_NONE;
        if (uid.len == 0)
            continue;
        int64_t began = *counter_at(&first, uid, -1);
        const struct work_node *nodes = grouping->nodes;
        if (began >= 0 &&
            thread_follows(grouping->arena, grouping->config, &nodes[began], true, node))
            node->thread = (size_t)began;
        else if (before != NO_NODE &&
                 thread_follows(grouping->arena, grouping->config, &nodes[before], false, node))
            node->thread = before;
    }
    strbuf_release(&last.name);
}
