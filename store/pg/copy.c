/*
 * COPY BINARY encoding: see copy.h. Used by batch.c and segment.c on the worker's thread.
 */
#include "store/pg/copy.h"

#define OID_INT4 23
#define OID_INT8 20
#define OID_BYTEA 17
#define OID_TEXT 25

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
copy_word(struct strbuf *out, const char *word)
{
    copy_text(out, sv_from(word));
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

void
copy_text_array(struct strbuf *out, struct sv elements, size_t count)
{
    strbuf_add_be32(out, (uint32_t)((count == 0 ? 12 : 20) + elements.len));
    strbuf_add_be32(out, count == 0 ? 0 : 1);
    strbuf_add_be32(out, 0);
    strbuf_add_be32(out, OID_TEXT);
    if (count == 0)
        return;
    strbuf_add_be32(out, (uint32_t)count);
    strbuf_add_be32(out, 1);
    strbuf_add_sv(out, elements);
}

void
copy_bytes_array(struct strbuf *out, const struct sv *values, size_t count)
{
    size_t size = count == 0 ? 12 : 20;
    for (size_t i = 0; i < count; i++)
        size += 4 + values[i].len;
    strbuf_add_be32(out, (uint32_t)size);
    strbuf_add_be32(out, count == 0 ? 0 : 1);
    strbuf_add_be32(out, 1); /* may hold nulls */
    strbuf_add_be32(out, OID_BYTEA);
    if (count == 0)
        return;
    strbuf_add_be32(out, (uint32_t)count);
    strbuf_add_be32(out, 1);
    for (size_t i = 0; i < count; i++)
        if (values[i].ptr == NULL)
            copy_null(out);
        else
            copy_bytes(out, values[i]);
}
