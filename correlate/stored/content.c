/*
 * Nodes as bytes: see content.h. Numbers have eight bytes, the highest first; a text is preceded by
 * its length, UINT32_MAX where it is absent.
 */
#include "correlate/stored/content.h"

#include <string.h>

#include "base/sha256.h"

#define CONTENT_FORM 1 /* of these bytes; another form is another derivation, too */
#define ABSENT UINT32_MAX

/* ------------------------------------------------------------------- writing */

static void
put_text(struct strbuf *out, struct sv text)
{
    strbuf_add_be32(out, text.ptr == NULL ? ABSENT : (uint32_t)text.len);
    strbuf_add_sv(out, text);
}

static void
put_number(struct strbuf *out, int64_t number)
{
    strbuf_add_be64(out, (uint64_t)number);
}

static void
put_keys(struct strbuf *out, const struct node_key *keys, size_t count)
{
    put_number(out, (int64_t)count);
    for (size_t k = 0; k < count; k++) {
        put_number(out, (int64_t)keys[k].kind);
        put_text(out, keys[k].value);
    }
}

static bool
keeps_records(const struct work_node *node)
{
    return (node->role == NODE_ALERT || node->role == NODE_CHAT) &&
           node->records[0]->observation != NULL;
}

/* Of an alert the words of the first record count, of talk those of all that are looked at. */
static void
put_event(struct strbuf *out, const struct event *event, bool words)
{
    put_number(out, (int64_t)event->kind);
    put_number(out, (int64_t)event->phase);
    put_number(out, (int64_t)event->actor_type);
    put_text(out, event->actor);
    put_text(out, words ? event->channel : SV_NONE);
    put_text(out, words ? event->service : SV_NONE);
    put_text(out, words ? event->host : SV_NONE);
    put_text(out, words ? event->title : SV_NONE);
    put_text(out, words ? event->body : SV_NONE);
}

static void
put_records(struct strbuf *out, const struct work_node *node)
{
    size_t count =
        node->record_count < CONTENT_RECORDS_MAX ? node->record_count : CONTENT_RECORDS_MAX;
    count = keeps_records(node) ? count : 0;
    put_number(out, (int64_t)count);
    for (size_t i = 0; i < count; i++)
        put_event(out, &node->records[i]->observation->event, i == 0 || node->role == NODE_CHAT);
}

static void
put_declaration(struct strbuf *out, const struct declaration *declaration)
{
    put_number(out, declaration != NULL);
    if (declaration == NULL)
        return;
    put_number(out, declaration->from_ns);
    put_number(out, declaration->to_ns);
    put_text(out, declaration->id);
    put_text(out, declaration->title);
    put_text(out, declaration->service);
    put_text(out, declaration->channel);
    put_text(out, declaration->declared_by);
}

void
content_write(const struct work_node *node, struct strbuf *out)
{
    put_number(out, CONTENT_FORM);
    put_number(out, node->last_ms);
    put_number(out, (int64_t)node->role);
    put_number(out, node->severity);
    put_number(out, node->familiar);
    put_number(out, (int64_t)node->quiet);
    put_text(out, node->quiet_reason);
    put_text(out, node->explicit_id);
    put_text(out, node->records[0]->fingerprint);
    put_number(out, (int64_t)node->record_count);
    put_number(out, node->fires);
    put_keys(out, node->keys, node->key_count);
    put_number(out, node->raw != node->keys);
    if (node->raw != node->keys)
        put_keys(out, node->raw, node->raw_count);
    put_declaration(out, node->declaration);
    put_records(out, node);
}

/* ------------------------------------------------------------------- reading */

struct reader {
    struct sv rest;
    bool failed;
};

static uint64_t
take_bytes(struct reader *in, size_t count)
{
    uint64_t value = 0;
    if (in->failed || in->rest.len < count) {
        in->failed = true;
        return 0;
    }
    for (size_t i = 0; i < count; i++)
        value = value << 8 | (uint8_t)in->rest.ptr[i];
    in->rest = sv_slice(in->rest, count, in->rest.len);
    return value;
}

static int64_t
take_number(struct reader *in)
{
    return (int64_t)take_bytes(in, 8);
}

/* A number of items each of which has some bytes. */
static size_t
take_count(struct reader *in)
{
    uint64_t count = take_bytes(in, 8);
    in->failed = in->failed || count > in->rest.len;
    return in->failed ? 0 : (size_t)count;
}

static struct sv
take_text(struct reader *in)
{
    uint64_t len = take_bytes(in, 4);
    if (in->failed || len == ABSENT)
        return SV_NONE;
    if (in->rest.len < len) {
        in->failed = true;
        return SV_NONE;
    }
    struct sv text = sv_slice(in->rest, 0, (size_t)len);
    in->rest = sv_slice(in->rest, (size_t)len, in->rest.len);
    return text;
}

static const struct node_key *
take_keys(struct reader *in, struct arena *arena, size_t *ret_count)
{
    size_t count = take_count(in);
    struct node_key *keys = ARENA_ARRAY(arena, struct node_key, count + 1);
    for (size_t k = 0; k < count; k++) {
        keys[k].kind = (enum key_kind)take_number(in);
        keys[k].value = take_text(in);
        in->failed = in->failed || keys[k].kind >= KEY_KINDS;
    }
    *ret_count = count;
    return keys;
}

static void
take_declaration(struct reader *in, struct arena *arena, struct work_node *node)
{
    if (take_number(in) == 0)
        return;
    struct declaration *declaration = ARENA_NEW(arena, struct declaration);
    declaration->from_ns = take_number(in);
    declaration->to_ns = take_number(in);
    declaration->id = take_text(in);
    declaration->title = take_text(in);
    declaration->service = take_text(in);
    declaration->channel = take_text(in);
    declaration->declared_by = take_text(in);
    node->declaration = declaration;
}

static const struct observation *
take_event(struct reader *in, struct arena *arena)
{
    struct observation *observation = ARENA_NEW(arena, struct observation);
    struct event *event = &observation->event;
    event->kind = (enum event_kind)take_number(in);
    event->phase = (enum event_phase)take_number(in);
    event->actor_type = (enum actor_type)take_number(in);
    event->actor = take_text(in);
    event->channel = take_text(in);
    event->service = take_text(in);
    event->host = take_text(in);
    event->title = take_text(in);
    event->body = take_text(in);
    return observation;
}

/* There is always a first one, which has the fingerprint. */
static void
take_records(struct reader *in, struct arena *arena, struct sv fingerprint, struct work_node *node)
{
    size_t count = take_count(in), room = count > 0 ? count : 1;
    struct work_record *records = ARENA_ARRAY(arena, struct work_record, room);
    const struct work_record **places = ARENA_ARRAY(arena, const struct work_record *, room);
    for (size_t i = 0; i < room; i++) {
        records[i] = (struct work_record){.ms = node->first_ms,
                                          .source = node->source,
                                          .uid = node->uid,
                                          .role = node->role,
                                          .fingerprint = fingerprint,
                                          .declaration = node->declaration};
        places[i] = &records[i];
    }
    for (size_t i = 0; i < count; i++)
        records[i].observation = take_event(in, arena);
    node->records = places;
}

bool
content_read(struct arena *arena, struct sv bytes, const struct node_id *id,
             struct work_node *ret_node)
{
    struct reader in = {.rest = bytes, .failed = false};
    if (take_number(&in) != CONTENT_FORM)
        return false;
    struct work_node node = {.first_ms = id->first_ms, .source = id->source, .uid = id->uid};
    node.group = node.incident = node.before = node.attached_to = NO_NODE;
    node.last_ms = take_number(&in);
    node.role = (enum node_role)take_number(&in);
    node.severity = (int)take_number(&in);
    node.familiar = take_number(&in) != 0;
    node.quiet = (enum quiet)take_number(&in);
    node.quiet_reason = take_text(&in);
    node.explicit_id = take_text(&in);
    struct sv fingerprint = take_text(&in);
    node.record_count = (size_t)take_number(&in);
    node.fires = take_number(&in) != 0;
    node.raw = node.keys = take_keys(&in, arena, &node.key_count);
    node.raw_count = node.key_count;
    if (take_number(&in) != 0)
        node.raw = take_keys(&in, arena, &node.raw_count);
    take_declaration(&in, arena, &node);
    take_records(&in, arena, fingerprint, &node);
    if (in.failed || in.rest.len > 0)
        return false;
    *ret_node = node;
    return true;
}

struct group_digest
content_key_digest(const struct node_key *key)
{
    struct sha256 digest;
    struct group_digest first;
    struct sv word = sv_from(key_kind_word(key->kind));
    const struct sha256_part parts[] = {
        {word.ptr, word.len}, {"\x1f", 1}, {key->value.ptr, key->value.len}};
    sha256_of_parts(parts, 3, &digest);
    memcpy(first.bytes, digest.bytes, sizeof(first.bytes));
    return first;
}
