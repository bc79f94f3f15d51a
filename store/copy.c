/*
 * COPY BINARY encoding: see copy.h. Used by batch.c and segment.c on the worker's thread.
 */
#include "store/copy.h"

#include <string.h>

#define OID_INT4 23
#define OID_INT8 20

void
copy_header(struct strbuf *out)
{
    strbuf_add(out, "PGCOPY\n\377\r\n\0", 11);
    strbuf_add_be32(out, 0);
    strbuf_add_be32(out, 0);
}

void
copy_trailer(struct strbuf *out)
{
    strbuf_add_be16(out, 0xffff);
}

void
copy_row(struct strbuf *out, int fields)
{
    strbuf_add_be16(out, (uint16_t)fields);
}

void
copy_null(struct strbuf *out)
{
    strbuf_add_be32(out, UINT32_MAX);
}

void
copy_int2(struct strbuf *out, int value)
{
    strbuf_add_be32(out, 2);
    strbuf_add_be16(out, (uint16_t)value);
}

void
copy_int4(struct strbuf *out, int32_t value)
{
    strbuf_add_be32(out, 4);
    strbuf_add_be32(out, (uint32_t)value);
}

void
copy_int8(struct strbuf *out, int64_t value)
{
    strbuf_add_be32(out, 8);
    strbuf_add_be64(out, (uint64_t)value);
}

void
copy_bytes(struct strbuf *out, struct sv view)
{
    strbuf_add_be32(out, (uint32_t)view.len);
    strbuf_add_sv(out, view);
}

void
copy_text(struct strbuf *out, struct sv view)
{
    if (sv_empty(view))
        copy_null(out);
    else
        copy_bytes(out, view);
}

void
copy_word(struct strbuf *out, const char *word)
{
    copy_text(out, sv_from(word));
}

void
copy_jsonb(struct strbuf *out, struct sv json)
{
    if (sv_empty(json)) {
        copy_null(out);
        return;
    }
    strbuf_add_be32(out, (uint32_t)json.len + 1);
    strbuf_add_char(out, 1);
    strbuf_add_sv(out, json);
}

void
copy_uuid(struct strbuf *out, const uint8_t bytes[16])
{
    strbuf_add_be32(out, 16);
    strbuf_add(out, bytes, 16);
}

int64_t
time_us(int64_t ns, int *ret_rest)
{
    int64_t us = ns / NS_PER_US, rest = ns % NS_PER_US;
    if (rest < 0) {
        us--;
        rest += NS_PER_US;
    }
    *ret_rest = (int)rest;
    return us;
}

void
copy_time(struct strbuf *out, int64_t ns)
{
    int rest;
    if (ns == TIME_NONE)
        copy_null(out);
    else
        copy_int8(out, time_us(ns, &rest) - COPY_EPOCH_DAYS * (NS_PER_DAY / NS_PER_US));
}

void
copy_date(struct strbuf *out, int32_t days_since_1970)
{
    copy_int4(out, days_since_1970 - COPY_EPOCH_DAYS);
}

/* One dimension, no nulls, lower bound 1; `width` bytes an element, each with its length. */
static void
array_head(struct strbuf *out, uint32_t oid, size_t count, size_t width)
{
    strbuf_add_be32(out, (uint32_t)((count == 0 ? 12 : 20) + count * (4 + width)));
    strbuf_add_be32(out, count == 0 ? 0 : 1);
    strbuf_add_be32(out, 0);
    strbuf_add_be32(out, oid);
    if (count == 0)
        return;
    strbuf_add_be32(out, (uint32_t)count);
    strbuf_add_be32(out, 1);
}

void
copy_int4_array(struct strbuf *out, const int32_t *values, size_t count)
{
    array_head(out, OID_INT4, count, 4);
    for (size_t i = 0; i < count; i++)
        copy_int4(out, values[i]);
}

void
copy_int8_array(struct strbuf *out, const int64_t *values, size_t count)
{
    array_head(out, OID_INT8, count, 8);
    for (size_t i = 0; i < count; i++)
        copy_int8(out, values[i]);
}
