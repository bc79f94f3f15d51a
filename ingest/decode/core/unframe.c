/*
 * Frames around the bytes of a record: see unframe.h. Called by detect.c on the worker's thread,
 * and calls it with what was inside.
 */
#include "ingest/decode/core/unframe.h"

#include <assert.h>

#include "base/text/base64.h"
#include "ingest/decode/core/detect.h"
#include "ingest/decode/core/sink.h"
#include "ingest/decode/schema/schema.h"
#include "ingest/parse/inflate.h"
#include "ingest/parse/json_walk.h"
#include "ingest/parse/text.h"

#define FRAME_BYTES 5      /* a zero and the id of a schema, which is none itself */
#define LONG_FRAME_BYTES 9 /* of a registry that was told to count further */

static int
inside(const struct probe *probe, struct sv bytes, struct event_sink *sink,
       struct decode_result *result)
{
    struct probe within = *probe;
    within.list = NULL;
    within.depth++;
    if (within.depth > UNWRAP_DEPTH_MAX)
        return decode_bad(result, QUARANTINE_TOO_DEEP, "more envelopes than the limit");
    return decode_bytes(&within, bytes, sink, result) == 0 ? 1 : -1;
}

/* Two bytes that could as well begin a text are not a reason to refuse one. */
static int
unframe_packed(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct sv bytes;
    bool gzip = inflate_is_gzip(probe->body);
    if (!gzip && !(inflate_is_zlib(probe->body) && !text_readable(probe->body)))
        return 0;
    enum inflate_result unpacked =
        inflate_bytes(probe->arena, probe->body, RECORD_BYTES_MAX, &bytes);
    if (unpacked == INFLATE_TOO_MUCH)
        return decode_bad(result, QUARANTINE_TOO_LARGE, "unpacks to more than the limits allow");
    if (unpacked == INFLATE_FINE)
        return inside(probe, bytes, sink, result);
    return gzip ? decode_bad(result, QUARANTINE_SYNTAX, "begins like gzip but is damaged") : 0;
}

/* Base64 of a JSON object or list, or of gzip, tells itself by its first digits. */
static int
unframe_base64(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    static const char *const starts[] = {"eyJ", "ewo", "ew0", "eyA", "W3s", "Wwo", "H4sI"};
    struct sv text = sv_trim(probe->body);
    if (sv_empty(text) || (text.ptr[0] != 'e' && text.ptr[0] != 'W' && text.ptr[0] != 'H'))
        return 0;
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        if (!sv_starts(text, sv_from(starts[i])))
            continue;
        struct tape tape;
        struct sv bytes = base64_decode(probe->arena, text);
        bool packed = inflate_is_gzip(bytes);
        if (packed || (!sv_empty(bytes) && tape_scan(probe->arena, bytes, &tape) == TREE_FINE))
            return inside(probe, bytes, sink, result);
    }
    return 0;
}

/* Ids of schemas begin with 1: zeros alone are a hole that a truncated log file left. */
static bool
is_hole(struct sv bytes)
{
    return bytes.len > FRAME_BYTES && memcmp(bytes.ptr, "\0\0\0\0\0", FRAME_BYTES) == 0;
}

static uint64_t
big_endian(const char *at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | (uint8_t)at[i];
    return value;
}

/* Confluent's ids have four bytes, Apicurio's eight. */
static const struct schema *
find_schema(struct sv bytes, size_t *ret_frame)
{
    const struct schema *schema = NULL;
    *ret_frame = FRAME_BYTES;
    if (bytes.len >= FRAME_BYTES)
        schema = schema_find(big_endian(bytes.ptr + 1, 4));
    if (schema != NULL || bytes.len < LONG_FRAME_BYTES || !is_hole(bytes))
        return schema;
    *ret_frame = LONG_FRAME_BYTES;
    return schema_find(big_endian(bytes.ptr + 1, 8));
}

static int
read_with_schema(const struct probe *probe, const struct schema *schema, struct sv bytes,
                 struct event_sink *sink, struct decode_result *result)
{
    struct sv json;
    switch (schema_read(schema, probe->arena, bytes, &json)) {
    case SCHEMA_FINE:
        if (sv_starts(json, SV("\""))) { /* a text by itself */
            struct json_walk walk = json_walk_of(json);
            json = json_walk_text(probe->arena, &walk);
        }
        return inside(probe, json, sink, result);
    case SCHEMA_TOO_DEEP:
        return decode_bad(result, QUARANTINE_TOO_DEEP, "nested deeper than 64 levels");
    case SCHEMA_TOO_LARGE:
        return decode_bad(result, QUARANTINE_TOO_LARGE, "as JSON it is larger than the limits");
    case SCHEMA_DAMAGED:
        break;
    }
    result->detail = arena_printf(probe->arena, "is not what schema %u says", schema->id);
    return decode_bad_as(result, QUARANTINE_SYNTAX);
}

static int
unframe_registry(struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct sv bytes = probe->body;
    size_t frame;
    const struct schema *schema = find_schema(bytes, &frame);
    if (schema != NULL)
        return read_with_schema(probe, schema, sv_slice(bytes, frame, bytes.len), sink, result);
    bool json =
        bytes.len > FRAME_BYTES && (bytes.ptr[FRAME_BYTES] == '{' || bytes.ptr[FRAME_BYTES] == '[');
    if (is_hole(bytes)) {
        while (!sv_empty(bytes) && bytes.ptr[0] == '\0')
            bytes = sv_slice(bytes, 1, bytes.len);
    } else if (json) {
        bytes = sv_slice(bytes, FRAME_BYTES, bytes.len);
    } else if (bytes.len >= FRAME_BYTES) {
        result->detail =
            arena_printf(probe->arena, "needs schema %llu, which is not in ingest.schemas",
                         (unsigned long long)big_endian(bytes.ptr + 1, 4));
        return decode_bad_as(result, QUARANTINE_SCHEMA_REGISTRY);
    } else {
        return decode_bad(result, QUARANTINE_SCHEMA_REGISTRY,
                          "begins with the frame of a schema registry and ends within it");
    }
    probe->body = bytes;
    return 0;
}

int
unframe(struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    assert(probe->body.ptr != NULL);
    int handled = 0;
    if (!sv_empty(probe->body) && probe->body.ptr[0] == '\0')
        handled = unframe_registry(probe, sink, result);
    if (handled == 0)
        handled = unframe_packed(probe, sink, result);
    if (handled != 0)
        return handled;
    if (sv_starts(probe->body, SV("\xEF\xBB\xBF")))
        probe->body = sv_slice(probe->body, 3, probe->body.len);
    return unframe_base64(probe, sink, result);
}
