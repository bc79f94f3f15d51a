/*
 * Items of a list in a text: see todo_items.h. Marks are read by hand: a handful of fixed shapes.
 */
#include "report/todo_items.h"

#include <string.h>

#include "base/text/word_char.h"

#define NUMBER_DIGITS_MAX 2

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
starts_word(struct sv text, size_t at)
{
    return at == 0 || !text_is_word_char(text.ptr[at - 1]);
}

enum mark { MARK_NONE, MARK_NUMBER, MARK_BULLET, MARK_TODO };

/* "1)", "(1)", "1." before a blank: its length, if it is this number; 0: it is none. */
static size_t
number_mark(struct sv text, size_t at, int number)
{
    size_t i = at + (text.ptr[at] == '('), digits = i;
    int value = 0;
    while (i < text.len && is_digit(text.ptr[i]) && i - digits < NUMBER_DIGITS_MAX)
        value = 10 * value + (text.ptr[i++] - '0');
    if (i == digits || i + 1 >= text.len || (text.ptr[i] != ')' && text.ptr[i] != '.') ||
        text.ptr[i + 1] != ' ' || value != number)
        return 0;
    return i + 1 - at;
}

/* "- ", "* ", a round bullet, "[ ] ": before a blank, at the start or behind one. */
static size_t
bullet_mark(struct sv text, size_t at)
{
    static const char *const marks[] = {"- [ ] ", "* [ ] ", "[ ] ", "- ", "* ", "\xE2\x80\xA2 "};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (sv_starts(sv_slice(text, at, text.len), sv_from(marks[i])))
            return sv_from(marks[i]).len;
    return 0;
}

static size_t
todo_mark(struct sv text, size_t at)
{
    static const char *const marks[] = {"todo:", "action item:", "follow up:", "follow-up:", "ai:"};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (sv_starts_nocase(sv_slice(text, at, text.len), sv_from(marks[i])))
            return sv_from(marks[i]).len;
    return 0;
}

static size_t
mark_at(struct sv text, size_t at, enum mark mark, int number)
{
    if ((at > 0 && text.ptr[at - 1] != ' ') || (mark == MARK_TODO && !starts_word(text, at)))
        return 0;
    return mark == MARK_NUMBER   ? number_mark(text, at, number)
           : mark == MARK_BULLET ? bullet_mark(text, at)
                                 : todo_mark(text, at);
}

/* Items begin at the marks of this sort; what stands before the first is a heading. */
static size_t
split(struct sv text, enum mark mark, struct todo_item *items)
{
    size_t count = 0, begin = 0;
    for (size_t i = 0; i < text.len && count < TODO_ITEMS_MAX; i++) {
        size_t len = mark_at(text, i, mark, (int)count + 1);
        if (len == 0)
            continue;
        if (count > 0)
            items[count - 1].text = sv_trim(sv_slice(text, begin, i));
        count++;
        begin = i + len;
        i = begin - 1;
    }
    if (count > 0)
        items[count - 1].text = sv_trim(sv_slice(text, begin, text.len));
    return count;
}

/* ------------------------------------------------------------- owner and date */

static struct sv
name_at(struct sv text, size_t at)
{
    size_t end = at;
    while (end < text.len && (text_is_word_char(text.ptr[end]) || text.ptr[end] == '.' ||
                              text.ptr[end] == '-' || (unsigned char)text.ptr[end] >= 0x80))
        end++;
    while (end > at && (text.ptr[end - 1] == '.' || text.ptr[end - 1] == '-'))
        end--;
    return sv_slice(text, at, end);
}

/* A mention that calls everybody names nobody. */
static bool
is_everybody(struct sv name)
{
    static const char *const words[] = {"all", "channel", "everyone", "here", "room", "team"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sv_eq_nocase(name, sv_from(words[i])))
            return true;
    return false;
}

static struct sv
owner_in(struct sv text)
{
    for (size_t i = 0; i < text.len; i++) {
        struct sv rest = sv_slice(text, i, text.len);
        size_t skip = text.ptr[i] == '@' && starts_word(text, i)                      ? 1
                      : starts_word(text, i) && sv_starts_nocase(rest, SV("owner: ")) ? 7
                                                                                      : 0;
        if (skip == 0 || skip >= rest.len)
            continue;
        struct sv name = name_at(rest, rest.ptr[skip] == '@' ? skip + 1 : skip);
        if (name.len > 1 && !is_everybody(name))
            return name;
    }
    return SV_NONE;
}

/* A weekday, "tomorrow", "next week", "eod", or a date that begins with a digit. */
static bool
is_day(struct sv text)
{
    static const char *const days[] = {"mon", "tue", "wed",  "thu",  "fri", "sat",     "sun",
                                       "eod", "eow", "next", "end ", "tom", "tonight", "today"};
    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
        if (sv_starts_nocase(text, sv_from(days[i])))
            return true;
    return text.len > 0 && is_digit(text.ptr[0]);
}

static struct sv
due_in(struct sv text)
{
    static const char *const words[] = {"due by ", "due on ", "due: ", "due ", "by "};
    for (size_t i = 0; i < text.len; i++)
        for (size_t w = 0; starts_word(text, i) && w < sizeof(words) / sizeof(words[0]); w++) {
            struct sv rest = sv_slice(text, i, text.len);
            size_t skip = sv_from(words[w]).len, end = skip;
            if (!sv_starts_nocase(rest, sv_from(words[w])) ||
                !is_day(sv_slice(rest, skip, rest.len)))
                continue;
            while (end < rest.len && strchr(",;()@", rest.ptr[end]) == NULL &&
                   !(rest.ptr[end] == '.' && end + 1 >= rest.len))
                end++;
            return sv_trim(sv_slice(rest, skip, end));
        }
    return SV_NONE;
}

size_t
todo_items(struct sv text, struct todo_item ret_items[TODO_ITEMS_MAX])
{
    static const enum mark marks[] = {MARK_NUMBER, MARK_BULLET, MARK_TODO};
    size_t count = 0;
    text = sv_trim(text);
    if (text.len == 0)
        return 0;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) && count < 2; i++)
        count = split(text, marks[i], ret_items);
    if (count < 2) {
        ret_items[0].text = text;
        count = 1;
    }
    for (size_t i = 0; i < count; i++) {
        ret_items[i].owner = owner_in(ret_items[i].text);
        ret_items[i].due = due_in(ret_items[i].text);
    }
    return count;
}
