/*
 * UTF-16 to UTF-8: see utf16.h. Called by content.c on the thread of the reading.
 */
#include "ingest/source/file/utf16.h"

#include <assert.h>

#define REPLACEMENT 0xFFFDU
#define BYTE_ORDER_MARK 0xFEFFU
#define UNITS_MIN 4 /* fewer tell nothing without a mark */

/* Of each pair of bytes one side is NUL nearly always and the other hardly ever. */
static enum utf16_order
by_nuls(struct sv start)
{
    size_t units = start.len / 2, nuls[2] = {0, 0};
    for (size_t i = 0; i < 2 * units; i++)
        nuls[i % 2] += start.ptr[i] == '\0';
    if (units < UNITS_MIN)
        return UTF16_NOT;
    if (nuls[1] * 10 >= units * 7 && nuls[0] * 20 <= units)
        return UTF16_LITTLE;
    if (nuls[0] * 10 >= units * 7 && nuls[1] * 20 <= units)
        return UTF16_BIG;
    return UTF16_NOT;
}

enum utf16_order
utf16_recognise(struct sv start)
{
    /* FF FE 00 00 is UTF-32. */
    if (sv_starts(start, sv_of("\xFF\xFE", 2)))
        return sv_starts(start, sv_of("\xFF\xFE\0\0", 4)) ? UTF16_NOT : UTF16_LITTLE;
    if (sv_starts(start, sv_of("\xFE\xFF", 2)))
        return UTF16_BIG;
    return by_nuls(start);
}

static void
put(struct strbuf *out, uint32_t code)
{
    char bytes[4];
    size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = len - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    bytes[0] = (char)(marks[len] | code);
    strbuf_add(out, bytes, len);
}

static void
take_unit(struct utf16_state *state, uint16_t unit, struct strbuf *out)
{
    bool high = unit >= 0xD800 && unit <= 0xDBFF, low = unit >= 0xDC00 && unit <= 0xDFFF;
    if (state->high != 0 && low) {
        put(out, 0x10000 + ((uint32_t)(state->high - 0xD800) << 10) + (uint32_t)(unit - 0xDC00));
        state->high = 0;
        return;
    }
    if (state->high != 0)
        put(out, REPLACEMENT);
    state->high = high ? unit : 0;
    if (low)
        put(out, REPLACEMENT);
    else if (!high && (state->begun || unit != BYTE_ORDER_MARK))
        put(out, unit);
    state->begun = true;
}

void
utf16_add(struct utf16_state *state, struct sv bytes, struct strbuf *out)
{
    assert(state->order != UTF16_NOT);
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.ptr[i];
        if (!state->half) {
            state->first = byte;
            state->half = true;
            continue;
        }
        state->half = false;
        unsigned unit = state->order == UTF16_LITTLE ? (unsigned)byte << 8 | state->first
                                                     : (unsigned)state->first << 8 | byte;
        take_unit(state, (uint16_t)unit, out);
    }
}

void
utf16_end(struct utf16_state *state, struct strbuf *out)
{
    if (state->half || state->high != 0)
        put(out, REPLACEMENT);
    state->half = false;
    state->high = 0;
}
