/*
 * Rows of a chart of blocks: see grid.h.
 */
#include "report/chart/grid.h"

#include <string.h>

#include "base/text/escape.h"
#include "base/text/utf8.h"

static const struct {
    const char *block, *ascii;
} marks[MARKS] = {
    [MARK_BLANK] = {" ", " "},    [MARK_IMPACT] = {"█", "="},    [MARK_IMPACT_OPEN] = {"▶", ">"},
    [MARK_FLAG] = {"┌", "/"},     [MARK_FLAG_END] = {"┐", "\\"}, [MARK_POLE] = {"│", "|"},
    [MARK_CHANGE] = {"◆", "C"},   [MARK_BACK] = {"◇", "B"},      [MARK_CRITICAL] = {"█", "#"},
    [MARK_ERROR] = {"▓", "="},    [MARK_WARNING] = {"▒", "-"},   [MARK_UNRESOLVED] = {"▶", ">"},
    [MARK_TOLD] = {"■", "U"},     [MARK_SAID] = {"·", "."},      [MARK_KEY] = {"●", "@"},
    [MARK_SILENT] = {"░", "~"},   [MARK_LOST] = {"╳", "X"},      [MARK_TICK] = {"┴", "+"},
    [MARK_LINE] = {"─", "-"},     [MARK_STEP] = {"▁", "."},      [MARK_STEP + 1] = {"▂", ":"},
    [MARK_STEP + 2] = {"▃", "-"}, [MARK_STEP + 3] = {"▄", "="},  [MARK_STEP + 4] = {"▅", "+"},
    [MARK_STEP + 5] = {"▆", "*"}, [MARK_STEP + 6] = {"▇", "%"},  [MARK_STEP + 7] = {"█", "#"},
};

const char *
grid_mark(const struct grid *grid, enum mark mark)
{
    return grid->options->ascii ? marks[mark].ascii : marks[mark].block;
}

/* ---- time ---- */

size_t
grid_column(const struct grid *grid, int64_t ns)
{
    if (ns <= grid->from_ns)
        return 0;
    if (ns >= grid->to_ns)
        return grid->width - 1;
    __int128 along = (__int128)(ns - grid->from_ns) * (int64_t)grid->width;
    return (size_t)(along / (grid->to_ns - grid->from_ns));
}

int64_t
grid_time(const struct grid *grid, size_t column)
{
    __int128 along = (__int128)(grid->to_ns - grid->from_ns) * (int64_t)column;
    return grid->from_ns + (int64_t)(along / (int64_t)grid->width);
}

bool
grid_shows(const struct grid *grid, int64_t ns)
{
    return ns >= grid->from_ns && ns <= grid->to_ns;
}

/* ---- cells ---- */

void
grid_clear(struct grid *grid)
{
    memset(grid->cells, MARK_BLANK, grid->width);
}

void
grid_put(struct grid *grid, size_t column, enum mark mark)
{
    grid->cells[column] = (unsigned char)mark;
    grid->used[mark] = true;
}

enum mark
grid_at(const struct grid *grid, size_t column)
{
    return grid->cells[column] < MARKS ? (enum mark)grid->cells[column] : MARKS;
}

void
grid_span(struct grid *grid, int64_t from_ns, int64_t to_ns, enum mark mark)
{
    for (size_t i = grid_column(grid, from_ns); i <= grid_column(grid, to_ns); i++)
        grid_put(grid, i, mark);
}

void
grid_words(struct grid *grid, size_t column, struct sv words)
{
    for (size_t i = 0; i < words.len && column + i < grid->width; i++)
        grid->cells[column + i] = (unsigned char)(MARKS + (unsigned char)words.ptr[i]);
}

/* ---- text from outside ---- */

/* East Asian scripts and pictures take two columns. */
static size_t
width_of(struct sv character)
{
    const unsigned char *at = (const unsigned char *)character.ptr;
    if (character.len == 4)
        return 2;
    if (character.len < 3)
        return 1;
    unsigned point = (at[0] & 0x0FU) << 12 | (at[1] & 0x3FU) << 6 | (at[2] & 0x3FU);
    bool wide = (point >= 0x1100 && point < 0x1160) || (point >= 0x2E80 && point < 0xA4D0) ||
                (point >= 0xAC00 && point < 0xD7A4) || (point >= 0xF900 && point < 0xFB00) ||
                (point >= 0xFE30 && point < 0xFE70) || (point >= 0xFF00 && point < 0xFF61);
    return wide ? 2 : 1;
}

static size_t
add_cut(const struct grid *grid, struct sv text, size_t columns)
{
    struct strbuf *out = grid->out;
    size_t used = 0, at = 0, fits = 0;
    for (size_t width = 0; at < text.len && width <= columns;) {
        size_t length = utf8_length(sv_slice(text, at, text.len));
        struct sv character = sv_slice(text, at, at + (length == 0 ? 1 : length));
        width += grid->options->ascii ? 1 : width_of(character);
        if (width > columns)
            break;
        at += character.len;
        fits = width < columns ? at : fits;
        used = width;
    }
    size_t end = at == text.len ? at : fits;
    for (size_t i = 0; i < end; i++)
        if (!grid->options->ascii || (unsigned char)text.ptr[i] < 0x80)
            strbuf_add_char(out, text.ptr[i]);
        else if (((unsigned char)text.ptr[i] & 0xC0) != 0x80)
            strbuf_add_char(out, '?');
    if (at == text.len)
        return used;
    strbuf_add_text(out, grid->options->ascii ? "~" : "…");
    /* A character of two columns may have left one free. */
    for (size_t i = 0, left = columns; i < end; i++)
        if (((unsigned char)text.ptr[i] & 0xC0) != 0x80) {
            struct sv rest = sv_slice(text, i, text.len);
            left -= grid->options->ascii ? 1 : width_of(sv_slice(rest, 0, utf8_length(rest)));
            used = columns - left + 1;
        }
    return end == 0 ? 1 : used;
}

size_t
grid_text(const struct grid *grid, struct sv text, size_t columns)
{
    struct strbuf harmless;
    strbuf_init(&harmless, 0);
    escape_terminal(&harmless, text);
    size_t used = columns == 0 ? 0 : add_cut(grid, strbuf_view(&harmless), columns);
    strbuf_release(&harmless);
    return used;
}

/* ---- rows ---- */

static void
add_blanks(struct strbuf *out, size_t count)
{
    while (count-- > 0)
        strbuf_add_char(out, ' ');
}

void
grid_row(struct grid *grid, struct sv name, bool inner)
{
    size_t indent = inner ? 2 : 0, end = grid->width;
    while (end > 0 && grid->cells[end - 1] == MARK_BLANK)
        end--;
    add_blanks(grid->out, indent);
    size_t used = indent + grid_text(grid, name, grid->names - 1 - indent);
    if (end > 0)
        add_blanks(grid->out, grid->names - used);
    for (size_t i = 0; i < end; i++) {
        if (grid->cells[i] < MARKS)
            strbuf_add_text(grid->out, grid_mark(grid, (enum mark)grid->cells[i]));
        else
            strbuf_add_char(grid->out, (char)(grid->cells[i] - MARKS));
    }
    strbuf_add_char(grid->out, '\n');
}
