/*
 * What could be the head of a message: see paste_find.h. What is a head depends on other lines, so
 * here every reading of a line that makes sense is kept with its weight.
 */
#include "ingest/talk/paste_find.h"

#define HEAD_BYTES_MAX 200
#define BLANKS_BETWEEN_MAX 1 /* lines between a name and its time */

static const char *const dashes[] = {"\xE2\x80\x94", "\xE2\x80\x93"};

bool
paste_stamp_line(struct sv line, struct paste_stamped *ret_stamped)
{
    struct paste_stamped found = {0};
    line = talk_trim(line);
    for (size_t step = 1; step > 0 && line.len > 0;) {
        step = talk_badge(line);
        found.badge = found.badge || step > 0;
        if (step == 0)
            step = talk_emoji_code(line);
        for (size_t i = 0; i < 2 && step == 0; i++)
            if (sv_starts(line, sv_from(dashes[i])))
                step = strlen(dashes[i]);
        found.dash = found.dash || (step > 0 && (unsigned char)line.ptr[0] == 0xE2);
        line = talk_trim(sv_slice(line, step, line.len));
    }
    size_t length;
    if (!talk_stamp_read(line, &found.stamp, &length) || talk_skip_blanks(line, length) < line.len)
        return false;
    *ret_stamped = found;
    return true;
}

static void
add(struct arena *arena, struct paste_heads *all, size_t *size, struct paste_head head)
{
    if (all->head_count == *size) {
        size_t more = *size == 0 ? 64 : 2 * *size;
        struct paste_head *heads = arena_calloc(arena, more, sizeof(*heads));
        if (all->head_count > 0)
            memcpy(heads, all->heads, all->head_count * sizeof(*heads));
        all->heads = heads;
        *size = more;
    }
    all->heads[all->head_count++] = head;
}

/* The line with something on it before `line`, at most so many blank ones away; SIZE_MAX: none. */
static size_t
line_above(const struct paste_heads *all, size_t line, size_t blanks)
{
    for (size_t i = line; i > 0 && line - i <= blanks; i--)
        if (!sv_empty(all->lines[i - 1].text))
            return i - 1;
    return SIZE_MAX;
}

static size_t
line_below(const struct paste_heads *all, size_t line, size_t blanks)
{
    for (size_t i = line + 1; i < all->line_count && i - line <= blanks + 1; i++)
        if (!sv_empty(all->lines[i].text))
            return i;
    return SIZE_MAX;
}

/* Teams puts "the first words... by Ada" above a message: how many lines above; 0: it does not. */
static size_t
announced(const struct paste_heads *all, size_t line, struct sv name)
{
    size_t above = line_above(all, line, BLANKS_BETWEEN_MAX + 1);
    if (above == SIZE_MAX)
        return 0;
    struct sv text = all->lines[above].text;
    size_t attachment = sv_find(text, SV(", has a"));
    if (attachment != SIZE_MAX)
        text = sv_slice(text, 0, attachment);
    bool announces = sv_ends(text, name) && text.len > name.len + 4 &&
                     sv_ends(sv_slice(text, 0, text.len - name.len), SV(" by "));
    return announces ? line - above : 0;
}

static int
weight_of_two_lines(const struct paste_heads *all, const struct paste_head *head, size_t at,
                    const struct paste_stamped *stamped)
{
    const struct talk_stamp *stamp = &head->stamp;
    bool apart = at - head->line > 1, dated = stamp->date.form != DATE_NONE;
    if (stamped->badge || stamped->dash || head->above > 0)
        return 3;
    if (all->lines[at].indented && !apart)
        return stamp->clock.half_day || dated ? 3 : 2;
    if (apart)
        return dated && head->name.capital ? 2 : 0;
    return stamp->clock.half_day || dated || head->name.full ? 2 : 1;
}

/* The name above a stamp; a badge may have a line of its own between them. */
static bool
find_name_above(const struct paste_heads *all, struct paste_stamped *stamped,
                struct paste_head *head, size_t at)
{
    struct paste_stamped other;
    size_t above = line_above(all, at, BLANKS_BETWEEN_MAX + 1);
    if (above != SIZE_MAX && talk_badge(all->lines[above].text) == all->lines[above].text.len) {
        stamped->badge = true;
        above = line_above(all, above, BLANKS_BETWEEN_MAX + 1);
    }
    if (above == SIZE_MAX || !talk_name_read(all->lines[above].text, &head->name) ||
        paste_stamp_line(all->lines[above].text, &other))
        return false;
    head->line = above;
    head->lines = at - above + 1;
    head->above = announced(all, above, head->name.name);
    return true;
}

static void
find_two_lines(struct arena *arena, struct paste_heads *all, size_t *size, size_t at)
{
    struct paste_head head = {.form = HEAD_TWO_LINES};
    struct paste_stamped stamped;
    if (!paste_stamp_line(all->lines[at].text, &stamped))
        return;
    all->lines[at].stamped = true;
    head.stamp = stamped.stamp;
    if (find_name_above(all, &stamped, &head, at)) {
        head.form = stamped.dash ? HEAD_DASH : HEAD_TWO_LINES;
        head.weight = weight_of_two_lines(all, &head, at, &stamped);
        head.name.bot = head.name.bot || stamped.badge;
        if (head.weight > 0)
            add(arena, all, size, head);
    }
    size_t below = line_below(all, at, 0);
    if (below == SIZE_MAX || !talk_name_read(all->lines[below].text, &head.name))
        return;
    head.above = announced(all, at, head.name.name);
    if (head.above > 0) {
        head.form = HEAD_STAMP_FIRST;
        head.line = at;
        head.lines = below - at + 1;
        head.weight = 3;
        add(arena, all, size, head);
    }
}

/* What stands between a name and its stamp. */
static enum head_form
separator(struct sv before, const struct talk_stamp *stamp, struct sv *ret_name, size_t *ret_blanks)
{
    size_t blanks = 0, name_end = talk_trim(before).len;
    struct sv name = talk_trim(before);
    for (size_t at = (size_t)(name.ptr - before.ptr) + name_end; at < before.len;) {
        size_t step = talk_blank(before, at);
        blanks += step == 0 ? 0 : before.ptr[at] == '\t' ? 2 : 1;
        at += step == 0 ? 1 : step;
    }
    *ret_blanks = blanks;
    *ret_name = name;
    for (size_t i = 0; i < 2; i++)
        if (sv_ends(name, sv_from(dashes[i]))) {
            *ret_name = talk_trim(sv_slice(name, 0, name.len - strlen(dashes[i])));
            return HEAD_DASH;
        }
    return stamp->bracket ? HEAD_BRACKET_END : HEAD_ONE_LINE;
}

static int
weight_of_one_line(const struct paste_head *head, size_t blanks)
{
    const struct talk_stamp *stamp = &head->stamp;
    bool dated = stamp->date.form != DATE_NONE, told = dated || stamp->clock.half_day;
    if (head->form == HEAD_DASH)
        return told ? 3 : 2;
    if (head->form == HEAD_BRACKET_END)
        return told ? 3 : 2;
    if (blanks == 0)
        return stamp->date.form == DATE_BACK || head->name.bot ? 2 : 0;
    if (blanks > 1)
        return stamp->clock.half_day || head->name.bot ? 3 : 2;
    return told && head->name.capital ? 2 : 1;
}

static void
find_one_line(struct arena *arena, struct paste_heads *all, size_t *size, size_t at)
{
    struct sv line = all->lines[at].text, name;
    struct paste_head head = {.line = at, .lines = 1};
    size_t from, blanks;
    if (line.len > HEAD_BYTES_MAX || !talk_stamp_at_end(line, &head.stamp, &from) || from == 0)
        return;
    head.form = separator(sv_slice(line, 0, from), &head.stamp, &name, &blanks);
    if (!talk_name_read(name, &head.name))
        return;
    head.weight = weight_of_one_line(&head, blanks);
    if (head.weight > 0)
        add(arena, all, size, head);
}

/* "Ada: text": the name, and what is said. */
static bool
name_and_text(struct sv text, struct talk_name *ret_name, struct sv *ret_text)
{
    size_t colon = sv_find(text, SV(": "));
    if (colon == SIZE_MAX && sv_ends(text, SV(":")))
        colon = text.len - 1;
    if (colon == SIZE_MAX || colon == 0 || !talk_name_read(sv_slice(text, 0, colon), ret_name))
        return false;
    *ret_text = talk_trim(sv_slice(text, colon + 1, text.len));
    return true;
}

static void
find_stamp_first(struct arena *arena, struct paste_heads *all, size_t *size, size_t at)
{
    struct sv line = all->lines[at].text;
    struct paste_head head = {.line = at, .lines = 1};
    size_t length;
    if (!talk_stamp_read(line, &head.stamp, &length) || length >= line.len)
        return;
    size_t behind = talk_skip_blanks(line, length);
    struct sv rest = sv_slice(line, behind, line.len);
    bool dated = head.stamp.date.form != DATE_NONE, half = head.stamp.clock.half_day;
    /* "[10:02:03] word: ..." is how programs write. */
    bool seconds = head.stamp.clock.precision != PRECISION_MINUTE && !half;
    if (behind == length || seconds)
        return;
    for (size_t i = 0; i < 2 && !head.stamp.bracket && rest.len > 2; i++)
        if (rest.ptr[0] == '-' && rest.ptr[1] == ' ')
            rest = talk_trim(sv_slice(rest, 1, rest.len));
    if (name_and_text(rest, &head.name, &head.rest)) {
        head.form = head.stamp.bracket ? HEAD_BRACKET_TEXT : HEAD_STAMP_TEXT;
        bool told = head.stamp.bracket && (dated || half);
        head.weight = told ? 2 : head.name.capital ? 1 : 0;
    } else if (head.stamp.bracket && rest.len <= HEAD_BYTES_MAX &&
               talk_name_read(rest, &head.name)) {
        head.form = HEAD_BRACKET_NAME;
        head.weight = dated ? 3 : half ? 2 : 1;
    }
    if (head.weight > 0)
        add(arena, all, size, head);
}

void
paste_find(struct arena *arena, struct paste_heads *all)
{
    size_t size = 0;
    for (size_t at = 0; at < all->line_count; at++) {
        struct sv line = all->lines[at].text;
        if (sv_empty(line))
            continue;
        if (line.len <= HEAD_BYTES_MAX)
            find_two_lines(arena, all, &size, at);
        if (all->lines[at].stamped)
            continue;
        find_one_line(arena, all, &size, at);
        find_stamp_first(arena, all, &size, at);
    }
}
