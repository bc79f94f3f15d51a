/*
 * Nodes as bytes: see content.h.
 */
#include "correlate/stored/content.h"

#include <string.h>

#include "base/sha256.h"
#include "correlate/group/topic.h"
#include "correlate/stored/bytes.h"

#define CONTENT_FORM 2 /* of these bytes; another form is another derivation, too */

static bool
keeps_records(const struct work_node *node)
{
    return (node->role == NODE_ALERT || node->role == NODE_CHAT) &&
           node->records[0]->observation != NULL;
}

/* Of an alert the first record's words, of talk those of messages: see topic.h. */
static bool
keeps_words(const struct work_node *node, size_t at)
{
    return at == 0 || (node->role == NODE_CHAT && topic_is_said(node->records[at]->observation));
}

static void
put_records(struct strbuf *out, const struct work_node *node)
{
    size_t count =
        node->record_count < CONTENT_RECORDS_MAX ? node->record_count : CONTENT_RECORDS_MAX;
    count = keeps_records(node) ? count : 0;
    bytes_put_number(out, (int64_t)count);
    for (size_t i = 0; i < count; i++)
        bytes_put_event(out, &node->records[i]->observation->event, keeps_words(node, i));
}

void
content_write(const struct work_node *node, struct strbuf *out)
{
    bytes_put_number(out, CONTENT_FORM);
    bytes_put_number(out, node->last_ms);
    bytes_put_number(out, (int64_t)node->role);
    bytes_put_number(out, node->severity);
    bytes_put_number(out, node->familiar);
    bytes_put_number(out, (int64_t)node->quiet);
    bytes_put_text(out, node->quiet_reason);
    bytes_put_text(out, node->explicit_id);
    bytes_put_text(out, node->records[0]->fingerprint);
    bytes_put_number(out, (int64_t)node->record_count);
    bytes_put_number(out, node->fires);
    bytes_put_keys(out, node->keys, node->key_count);
    bytes_put_number(out, node->raw != node->keys);
    if (node->raw != node->keys)
        bytes_put_keys(out, node->raw, node->raw_count);
    bytes_put_declaration(out, node->declaration);
    put_records(out, node);
}

/* There is always a first one, which has the fingerprint. */
static void
take_records(struct reader *in, struct arena *arena, struct sv fingerprint, struct work_node *node)
{
    size_t count = bytes_take_count(in), room = count > 0 ? count : 1;
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
        records[i].observation = bytes_take_event(in, arena);
    node->records = places;
}

bool
content_read(struct arena *arena, struct sv bytes, const struct node_id *id,
             struct work_node *ret_node)
{
    struct reader in = {.rest = bytes, .failed = false};
    if (bytes_take_number(&in) != CONTENT_FORM)
        return false;
    struct work_node node = {.first_ms = id->first_ms, .source = id->source, .uid = id->uid};
    node.group = node.incident = node.before = node.attached_to = NO_NODE;
    node.last_ms = bytes_take_number(&in);
    node.role = (enum node_role)bytes_take_number(&in);
    node.severity = (int)bytes_take_number(&in);
    node.familiar = bytes_take_number(&in) != 0;
    node.quiet = (enum quiet)bytes_take_number(&in);
    node.quiet_reason = bytes_take_text(&in);
    node.explicit_id = bytes_take_text(&in);
    struct sv fingerprint = bytes_take_text(&in);
    node.record_count = (size_t)bytes_take_number(&in);
    node.fires = bytes_take_number(&in) != 0;
    node.raw = node.keys = bytes_take_keys(&in, arena, &node.key_count);
    node.raw_count = node.key_count;
    if (bytes_take_number(&in) != 0)
        node.raw = bytes_take_keys(&in, arena, &node.raw_count);
    node.declaration = bytes_take_declaration(&in, arena);
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

struct group_digest
content_series_digest(struct sv source, struct sv fingerprint)
{
    struct sha256 digest;
    struct group_digest first;
    const struct sha256_part parts[] = {
        {source.ptr, source.len}, {"\x1f", 1}, {fingerprint.ptr, fingerprint.len}};
    sha256_of_parts(parts, 3, &digest);
    memcpy(first.bytes, digest.bytes, sizeof(first.bytes));
    return first;
}
