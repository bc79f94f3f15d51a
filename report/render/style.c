/*
 * Marks of styles and what they become: see style.h. The marks are noncharacters (U+FDD0 ...),
 * which no text has a use for; the sequences those that every terminal of the last decades knows.
 */
#include "report/render/style.h"

#define MARK_BYTES 3

static const struct {
    const char *mark, *sequence;
} styles[] = {
    [STYLE_PLAIN] = {"\xef\xb7\x90", "\033[0m"},
    [STYLE_HEAD] = {"\xef\xb7\x91", "\033[1m"},
    [STYLE_KEY] = {"\xef\xb7\x92", "\033[33m"},
    [STYLE_ALARM] = {"\xef\xb7\x93", "\033[1;31m"},
};

static bool colored;

void
render_use_color(bool on)
{
    colored = on;
}

bool
render_color_used(void)
{
    return colored;
}

const char *
render_style_on(enum render_style style)
{
    return colored && style != STYLE_PLAIN ? styles[style].mark : "";
}

const char *
render_style_off(enum render_style style)
{
    return colored && style != STYLE_PLAIN ? styles[STYLE_PLAIN].mark : "";
}

const char *
render_style_sequence(struct sv text, size_t *ret_length)
{
    if (!colored || text.len < MARK_BYTES || (unsigned char)text.ptr[0] != 0xef)
        return NULL;
    for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++)
        if (memcmp(text.ptr, styles[i].mark, MARK_BYTES) == 0) {
            *ret_length = MARK_BYTES;
            return styles[i].sequence;
        }
    return NULL;
}
