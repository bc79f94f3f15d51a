/*
 * Frames around the bytes of a record: see unframe.h. Called by detect.c on the worker's thread,
 * and calls it with what was inside.
 */
#include "ingest/decode/core/unframe.h"

#include <assert.h>

#include "base/text/base64.h"
#include "ingest/decode/core/detect.h"
#include "ingest/decode/core/sink.h"
#include "ingest/parse/inflate.h"
#include "ingest/parse/text.h"

#define FRAME_BYTES 5 /* of Confluent's: a zero and the id of a schema, which is none itself */

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

/* Two bytes that could as well begin a text are no reason to refuse one. */
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

static int
unframe_registry(struct probe *probe, struct decode_result *result)
{
    struct sv bytes = probe->body;
    if (is_hole(bytes)) {
        while (!sv_empty(bytes) && bytes.ptr[0] == '\0')
            bytes = sv_slice(bytes, 1, bytes.len);
    } else if (bytes.len > FRAME_BYTES &&
               (bytes.ptr[FRAME_BYTES] == '{' || bytes.ptr[FRAME_BYTES] == '[')) {
        bytes = sv_slice(bytes, FRAME_BYTES, bytes.len);
    } else {
        return decode_bad(result, QUARANTINE_SCHEMA_REGISTRY,
                          "begins with the frame of a schema registry");
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
        handled = unframe_registry(probe, result);
    if (handled == 0)
        handled = unframe_packed(probe, sink, result);
    if (handled != 0)
        return handled;
    if (sv_starts(probe->body, SV("\xEF\xBB\xBF")))
        probe->body = sv_slice(probe->body, 3, probe->body.len);
    return unframe_base64(probe, sink, result);
}
