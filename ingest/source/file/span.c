/*
 * Ends of values: see span.h.
 */
#include "ingest/source/file/span.h"

#include <string.h>

#define LEVELS 64 /* whose elements are counted; no decoder reads deeper */

bool
json_span_ends(struct json_span *span, struct sv bytes)
{
    for (; span->at < bytes.len; span->at++) {
        char c = bytes.ptr[span->at];
        if (span->quoted) {
            if (c == '\\')
                span->at++;
            else if (c == '"')
                span->quoted = false;
        } else if (c == '"') {
            span->quoted = true;
        } else if (c == '{' || c == '[') {
            span->depth++;
        } else if (c == '}' || c == ']') {
            if (span->depth == 0)
                return true;
            if (--span->depth == 0) {
                span->at++;
                return true;
            }
        } else if (c == ',' && span->depth == 0) {
            return true;
        }
    }
    return false;
}

bool
json_span_crowded(struct sv bytes, bool in_object, size_t limit)
{
    size_t commas[LEVELS] = {0}, depth = 0, objects = in_object;
    char open[LEVELS];
    bool quoted = false;
    for (size_t at = 0; at < bytes.len; at++) {
        char c = bytes.ptr[at];
        if (quoted) {
            at += c == '\\';
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (depth < LEVELS) {
                open[depth] = c;
                commas[depth] = 0;
            }
            objects += c == '{';
            depth++;
        } else if ((c == '}' || c == ']') && depth > 0) {
            objects -= c == '}' && objects > (size_t)in_object;
            depth--;
        } else if (c == ',' && depth > 0 && depth <= LEVELS && open[depth - 1] == '[' &&
                   objects > 0 && ++commas[depth - 1] >= limit) {
            return true;
        }
    }
    return false;
}
