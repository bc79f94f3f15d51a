/*
 * Base64: see base64.h.
 */
#include "base/text/base64.h"

static int
value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* Padding ends the text: after it only more of it and blanks. */
static bool
only_padding(struct sv rest)
{
    for (size_t i = 0; i < rest.len; i++)
        if (rest.ptr[i] != '=' && !sv_blank(rest.ptr[i]))
            return false;
    return rest.len <= 4;
}

struct sv
base64_decode(struct arena *arena, struct sv text)
{
    text = sv_trim(text);
    char *bytes = arena_alloc(arena, text.len / 4 * 3 + 4);
    size_t len = 0, digits = 0;
    uint32_t bits = 0; /* the last ones; `held` of them are not yet bytes */
    unsigned held = 0;
    for (size_t i = 0; i < text.len; i++) {
        int value = value_of(text.ptr[i]);
        if (value < 0 && (text.ptr[i] == '\r' || text.ptr[i] == '\n'))
            continue;
        if (value < 0 && only_padding(sv_slice(text, i, text.len)))
            break;
        if (value < 0)
            return SV_NONE;
        bits = (bits << 6 | (uint32_t)value) & 0xFFFFFF;
        held += 6;
        digits++;
        if (held >= 8) {
            held -= 8;
            bytes[len++] = (char)(bits >> held & 0xFF);
        }
    }
    /* One digit too many stands for no byte. */
    return digits == 0 || digits % 4 == 1 ? SV_NONE : sv_of(bytes, len);
}

void
base64_encode(struct strbuf *out, struct sv bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t bits = (uint32_t)(uint8_t)bytes.ptr[i] << 16;
        bits |= left > 1 ? (uint32_t)(uint8_t)bytes.ptr[i + 1] << 8 : 0;
        bits |= left > 2 ? (uint8_t)bytes.ptr[i + 2] : 0;
        strbuf_add_char(out, digits[bits >> 18]);
        strbuf_add_char(out, digits[bits >> 12 & 63]);
        strbuf_add_char(out, left > 1 ? digits[bits >> 6 & 63] : '=');
        strbuf_add_char(out, left > 2 ? digits[bits & 63] : '=');
    }
}
