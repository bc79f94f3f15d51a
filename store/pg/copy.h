/*
 * PostgreSQL's COPY BINARY form, field by field, into a buffer. Internal to store/; pure. A row is
 * copy_row() and then exactly that many fields; a stream is copy_header(), rows, copy_trailer().
 */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "base/clock.h"
#include "base/strbuf.h"

#define COPY_EPOCH_DAYS 10957 /* 2000-01-01, in days since 1970 */
#define COPY_TIME_MINUS_INFINITY INT64_MIN

/* Nanoseconds to microseconds and what is left, also before 1970: 0 <= rest < 1000. */
static inline int64_t
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

static inline char *
put_be32(char *at, uint32_t value)
{
    value = __builtin_bswap32(value);
    memcpy(at, &value, sizeof(value));
    return at + sizeof(value);
}

static inline char *
put_be64(char *at, uint64_t value)
{
    value = __builtin_bswap64(value);
    memcpy(at, &value, sizeof(value));
    return at + sizeof(value);
}

/* What PostgreSQL sends in binary form: big-endian, at any address. */
static inline uint32_t
get_be32(const char *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof(value));
    return __builtin_bswap32(value);
}

static inline int64_t
get_be64(const char *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof(value));
    return (int64_t)__builtin_bswap64(value);
}

/*
 * Rows: put_*() write a field where the caller has made room, and return where the next one goes;
 * copy_*() add one to a buffer. A fixed field takes at most FIELD_BYTES_FIXED, a text its length
 * and four bytes more, a jsonb five.
 */
#define FIELD_BYTES_FIXED 20

static inline char *
put_row(char *at, int fields)
{
    uint16_t swapped = __builtin_bswap16((uint16_t)fields);
    memcpy(at, &swapped, sizeof(swapped));
    return at + sizeof(swapped);
}

static inline char *
put_null(char *at)
{
    return put_be32(at, UINT32_MAX);
}

static inline char *
put_int2(char *at, int value)
{
    return put_row(put_be32(at, 2), value);
}

static inline char *
put_int4(char *at, int32_t value)
{
    return put_be32(put_be32(at, 4), (uint32_t)value);
}

static inline char *
put_int8(char *at, int64_t value)
{
    return put_be64(put_be32(at, 8), (uint64_t)value);
}

/* Text or bytea as they are, also when empty. */
static inline char *
put_field(char *at, struct sv view)
{
    return sv_put(put_be32(at, (uint32_t)view.len), view);
}

/* Null when empty. */
static inline char *
put_field_or_null(char *at, struct sv view)
{
    return sv_empty(view) ? put_null(at) : put_field(at, view);
}

/* timestamptz, cut to microseconds; null for TIME_NONE. */
static inline char *
put_time(char *at, int64_t ns)
{
    int rest;
    if (ns == TIME_NONE)
        return put_null(at);
    return put_int8(at, time_us(ns, &rest) - COPY_EPOCH_DAYS * (NS_PER_DAY / NS_PER_US));
}

static inline char *
put_uuid(char *at, const uint8_t bytes[16])
{
    memcpy(put_be32(at, 16), bytes, 16);
    return at + 20;
}

/* Version byte 1 and the text; null when empty. */
static inline char *
put_jsonb(char *at, struct sv json)
{
    if (sv_empty(json))
        return put_null(at);
    at = put_be32(at, (uint32_t)json.len + 1);
    *at = 1;
    return sv_put(at + 1, json);
}

void copy_header(struct strbuf *out);
void copy_trailer(struct strbuf *out);

static inline void
copy_row(struct strbuf *out, int fields)
{
    char *at = strbuf_room(out, 2);
    if (at != NULL)
        strbuf_wrote(out, (size_t)(put_row(at, fields) - at));
}

static inline void
copy_null(struct strbuf *out)
{
    char *at = strbuf_room(out, 4);
    if (at != NULL)
        strbuf_wrote(out, (size_t)(put_null(at) - at));
}

static inline void
copy_int2(struct strbuf *out, int value)
{
    char *at = strbuf_room(out, FIELD_BYTES_FIXED);
    if (at != NULL)
        strbuf_wrote(out, (size_t)(put_int2(at, value) - at));
}

static inline void
copy_int4(struct strbuf *out, int32_t value)
{
    char *at = strbuf_room(out, FIELD_BYTES_FIXED);
    if (at != NULL)
        strbuf_wrote(out, (size_t)(put_int4(at, value) - at));
}

static inline void
copy_int8(struct strbuf *out, int64_t value)
{
    char *at = strbuf_room(out, FIELD_BYTES_FIXED);
    if (at != NULL)
        strbuf_wrote(out, (size_t)(put_int8(at, value) - at));
}

static inline void
copy_bytes(struct strbuf *out, struct sv view)
{
    char *at = strbuf_room(out, view.len + 4);
    if (at != NULL)
        strbuf_wrote(out, (size_t)(put_field(at, view) - at));
}

static inline void
copy_text(struct strbuf *out, struct sv view)
{
    char *at = strbuf_room(out, view.len + 4);
    if (at != NULL)
        strbuf_wrote(out, (size_t)(put_field_or_null(at, view) - at));
}

static inline void
copy_time(struct strbuf *out, int64_t ns)
{
    char *at = strbuf_room(out, FIELD_BYTES_FIXED);
    if (at != NULL)
        strbuf_wrote(out, (size_t)(put_time(at, ns) - at));
}

static inline void
copy_uuid(struct strbuf *out, const uint8_t bytes[16])
{
    char *at = strbuf_room(out, FIELD_BYTES_FIXED);
    if (at != NULL)
        strbuf_wrote(out, (size_t)(put_uuid(at, bytes) - at));
}

static inline void
copy_jsonb(struct strbuf *out, struct sv json)
{
    char *at = strbuf_room(out, json.len + 5);
    if (at != NULL)
        strbuf_wrote(out, (size_t)(put_jsonb(at, json) - at));
}

void copy_word(struct strbuf *out, const char *word);
void copy_date(struct strbuf *out, int32_t days_since_1970);
void copy_int4_array(struct strbuf *out, const int32_t *values, size_t count);
void copy_int8_array(struct strbuf *out, const int64_t *values, size_t count);
/* text[] of elements that lie one after the other in COPY form: length, bytes. */
void copy_text_array(struct strbuf *out, struct sv elements, size_t count);
/* bytea[]; a view without a pointer is null. */
void copy_bytes_array(struct strbuf *out, const struct sv *values, size_t count);

#endif
