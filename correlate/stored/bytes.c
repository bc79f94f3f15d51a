/*
 * Nodes and records as bytes: what both share, see bytes.h.
 */
#include "correlate/stored/bytes.h"

#define ABSENT UINT32_MAX

void
bytes_put_text(struct strbuf *out, struct sv text)
{
    strbuf_add_be32(out, text.ptr == NULL ? ABSENT : (uint32_t)text.len);
    strbuf_add_sv(out, text);
}

void
bytes_put_number(struct strbuf *out, int64_t number)
{
    strbuf_add_be64(out, (uint64_t)number);
}

void
bytes_put_keys(struct strbuf *out, const struct node_key *keys, size_t count)
{
    bytes_put_number(out, (int64_t)count);
    for (size_t k = 0; k < count; k++) {
        bytes_put_number(out, (int64_t)keys[k].kind);
        bytes_put_text(out, keys[k].value);
    }
}

/* Of an alert the words of the first record count, of talk those of all that are looked at. */
void
bytes_put_event(struct strbuf *out, const struct event *event, bool words)
{
    bytes_put_number(out, (int64_t)event->kind);
    bytes_put_number(out, (int64_t)event->phase);
    bytes_put_number(out, (int64_t)event->actor_type);
    bytes_put_text(out, event->actor);
    bytes_put_text(out, words ? event->channel : SV_NONE);
    bytes_put_text(out, event->service);
    bytes_put_text(out, words ? event->host : SV_NONE);
    bytes_put_text(out, words ? event->title : SV_NONE);
    bytes_put_text(out, words ? event->body : SV_NONE);
}

void
bytes_put_declaration(struct strbuf *out, const struct declaration *declaration)
{
    bytes_put_number(out, declaration != NULL);
    if (declaration == NULL)
        return;
    bytes_put_number(out, declaration->from_ns);
    bytes_put_number(out, declaration->to_ns);
    bytes_put_text(out, declaration->id);
    bytes_put_text(out, declaration->title);
    bytes_put_text(out, declaration->service);
    bytes_put_text(out, declaration->channel);
    bytes_put_text(out, declaration->declared_by);
}

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

int64_t
bytes_take_number(struct reader *in)
{
    return (int64_t)take_bytes(in, 8);
}

/* A number of items each of which has some bytes. */
size_t
bytes_take_count(struct reader *in)
{
    uint64_t count = take_bytes(in, 8);
    in->failed = in->failed || count > in->rest.len;
    return in->failed ? 0 : (size_t)count;
}

struct sv
bytes_take_text(struct reader *in)
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

const struct node_key *
bytes_take_keys(struct reader *in, struct arena *arena, size_t *ret_count)
{
    size_t count = bytes_take_count(in);
    struct node_key *keys = ARENA_ARRAY(arena, struct node_key, count + 1);
    for (size_t k = 0; k < count; k++) {
        keys[k].kind = (enum key_kind)bytes_take_number(in);
        keys[k].value = bytes_take_text(in);
        in->failed = in->failed || keys[k].kind >= KEY_KINDS;
    }
    *ret_count = count;
    return keys;
}

const struct declaration *
bytes_take_declaration(struct reader *in, struct arena *arena)
{
    if (bytes_take_number(in) == 0)
        return NULL;
    struct declaration *declaration = ARENA_NEW(arena, struct declaration);
    declaration->from_ns = bytes_take_number(in);
    declaration->to_ns = bytes_take_number(in);
    declaration->id = bytes_take_text(in);
    declaration->title = bytes_take_text(in);
    declaration->service = bytes_take_text(in);
    declaration->channel = bytes_take_text(in);
    declaration->declared_by = bytes_take_text(in);
    return declaration;
}

struct observation *
bytes_take_event(struct reader *in, struct arena *arena)
{
    struct observation *observation = ARENA_NEW(arena, struct observation);
    struct event *event = &observation->event;
    event->kind = (enum event_kind)bytes_take_number(in);
    event->phase = (enum event_phase)bytes_take_number(in);
    event->actor_type = (enum actor_type)bytes_take_number(in);
    event->actor = bytes_take_text(in);
    event->channel = bytes_take_text(in);
    event->service = bytes_take_text(in);
    event->host = bytes_take_text(in);
    event->title = bytes_take_text(in);
    event->body = bytes_take_text(in);
    return observation;
}
