/*
 * Walking over encoded rows: see row.h. Used by bisect.c and set_aside.c, when PostgreSQL refused a
 * batch, on the thread that commits.
 */
#include "store/delivery/row.h"

#include <string.h>

#include "store/delivery/part.h"
#include "store/pg/copy.h"

#define ROW_FIELDS_LEAST 3 /* stream, offset, time */
#define EPOCH_US (COPY_EPOCH_DAYS * (NS_PER_DAY / NS_PER_US))

/* A field at the front of `rest`. */
static bool
take_field(struct sv *rest, struct sv *ret_field)
{
    if (rest->len < 4)
        return false;
    uint32_t len = get_be32(rest->ptr);
    bool null = len == UINT32_MAX;
    size_t used = 4 + (null ? 0 : (size_t)len);
    if ((!null && len > INT32_MAX) || used > rest->len)
        return false;
    *ret_field = null ? SV_NONE : sv_of(rest->ptr + 4, len);
    *rest = sv_of(rest->ptr + used, rest->len - used);
    return true;
}

static bool
take_int8(struct sv *rest, int64_t *ret_value)
{
    struct sv field;
    if (!take_field(rest, &field) || field.len != 8)
        return false;
    *ret_value = get_be64(field.ptr);
    return true;
}

int32_t
row_day(int64_t event_ns)
{
    return event_ns == TIME_NONE ? DAY_UNTIMED : (int32_t)(event_ns / NS_PER_DAY);
}

bool
row_next(struct sv *rest, struct row *ret_row)
{
    struct sv left = *rest, field;
    struct row row;
    int64_t us;
    if (left.len < 2)
        return false;
    row.fields = (uint8_t)left.ptr[0] << 8 | (uint8_t)left.ptr[1];
    left = sv_of(left.ptr + 2, left.len - 2);
    if (row.fields < ROW_FIELDS_LEAST || row.fields > INT16_MAX ||
        !take_int8(&left, &row.stream_id) || !take_int8(&left, &row.offset) ||
        !take_int8(&left, &us))
        return false;
    for (int i = ROW_FIELDS_LEAST; i < row.fields; i++)
        if (!take_field(&left, &field))
            return false;
    bool untimed = us == COPY_TIME_MINUS_INFINITY;
    if (!untimed &&
        (us < TIME_MIN_NS / NS_PER_US - EPOCH_US || us > TIME_MAX_NS / NS_PER_US - EPOCH_US))
        return false;
    row.event_ns = untimed ? TIME_NONE : (us + EPOCH_US) * NS_PER_US;
    row.bytes = sv_of(rest->ptr, rest->len - left.len);
    *rest = left;
    *ret_row = row;
    return true;
}

struct sv
row_field(const struct row *row, int place)
{
    struct sv left = sv_of(row->bytes.ptr + 2, row->bytes.len - 2), field = SV_NONE;
    if (place < 0 || place >= row->fields)
        return SV_NONE;
    for (int i = 0; i <= place; i++)
        if (!take_field(&left, &field))
            return SV_NONE;
    return field;
}
