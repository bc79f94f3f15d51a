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
    static const char *const marks[] = {
        "todo:", "todo(", "action item:", "follow up:", "follow-up:", "ai:"};
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
        begin = text.ptr[i + len - 1] == '(' ? i : i + len; /* "TODO(bo): " keeps its name */
        i += len - 1;
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

/* " - " or a long dash between a name and its task. */
static bool
starts_task(struct sv rest)
{
    static const char *const joints[] = {" - ", " \xE2\x80\x93 ", " \xE2\x80\x94 "};
    for (size_t i = 0; i < sizeof(joints) / sizeof(joints[0]); i++)
        if (sv_starts(rest, sv_from(joints[i])))
            return true;
    return false;
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

/* "(@Dan Okafor)": the name goes on to the bracket, where only words with capitals stand before it.
 */
static struct sv
whole_name(struct sv rest, struct sv name)
{
    size_t from = (size_t)(name.ptr - rest.ptr), end = from + name.len;
    while (end + 1 < rest.len && rest.ptr[end] == ' ' && rest.ptr[end + 1] >= 'A' &&
           rest.ptr[end + 1] <= 'Z')
        end += 1 + name_at(rest, end + 1).len;
    return end < rest.len && rest.ptr[end] == ')' ? sv_slice(rest, from, end) : name;
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
            return i > 0 && text.ptr[i - 1] == '(' ? whole_name(rest, name) : name;
    }
    return SV_NONE;
}

static struct sv
due_in(struct sv text, struct named_day *ret_day)
{
    struct sv said = SV_NONE;
    return named_day_find(text, &said, ret_day) ? said : SV_NONE;
}

/* "TODO(bo): ", "AI: Bo - fix": who stands behind the mark that is here. */
static struct sv
owner_at_mark(struct sv text)
{
    static const char *const marks[] = {
        "todo(", "ai(", "ai: ", "action: ", "action item: ", "follow-up: ", "follow up: "};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        struct sv mark = sv_from(marks[i]);
        if (!sv_starts_nocase(text, mark))
            continue;
        struct sv name = name_at(text, mark.len);
        struct sv rest = sv_slice(text, mark.len + name.len, text.len);
        bool named = mark.ptr[mark.len - 1] == '(' ? sv_starts(rest, SV(")")) : starts_task(rest);
        return named && name.len > 1 ? name : SV_NONE;
    }
    return SV_NONE;
}

static struct sv
owner_of_mark(struct sv text)
{
    struct sv name = SV_NONE;
    for (size_t i = 0; i < text.len && name.len == 0; i++)
        if (starts_word(text, i))
            name = owner_at_mark(sv_slice(text, i, text.len));
    return name;
}

/* "Bo: fix", "Bo - fix", "Bo to fix" at its start: a name if somebody is called so. */
static struct sv
name_before_task(struct sv text)
{
    struct sv name = name_at(text, 0), rest = sv_slice(text, name.len, text.len);
    return name.len > 1 && (starts_task(rest) || sv_starts(rest, SV(": ")) ||
                            sv_starts(rest, SV(" to ")) || sv_starts(rest, SV(" will ")))
               ? name
               : SV_NONE;
}

/* "I'll write", "ich schreibe": who speaks takes it on. */
static bool
takes_on(struct sv text)
{
    static const char *const words[] = {"i'll ",         "i\xE2\x80\x99ll ", "i will ",
                                        "i'm going to ", "i am going to ",   "ich ",
                                        "i own it",      "i own this",       "i own the "};
    for (size_t i = 0; i < text.len; i++)
        for (size_t w = 0; w < sizeof(words) / sizeof(words[0]) && starts_word(text, i); w++)
            if (sv_starts_nocase(sv_slice(text, i, text.len), sv_from(words[w])))
                return true;
    return false;
}

/* Whom, by when or what there is to do: one of these tells a sentence of a task from others. */
static bool
speaks_of_task(struct sv sentence)
{
    static const char *const words[] = {"need",   "should", "must",    "follow", "todo",
                                        "ticket", "action", "ideally", "muss",   "soll"};
    struct named_day day;
    if (owner_in(sentence).len > 0 || due_in(sentence, &day).len > 0 || takes_on(sentence))
        return true;
    for (size_t i = 0; i < sentence.len; i++)
        for (size_t w = 0; w < sizeof(words) / sizeof(words[0]) && starts_word(sentence, i); w++)
            if (sv_starts_nocase(sv_slice(sentence, i, sentence.len), sv_from(words[w])))
                return true;
    return false;
}

/* "Resolved. Thanks all. Runbook tomorrow, I own it": from the first sentence that speaks of it. */
static struct sv
from_task(struct sv text)
{
    for (size_t begin = 0, at = 0; at < text.len; at++) {
        bool last = at + 1 == text.len;
        if (!last && !(strchr(".!?;", text.ptr[at]) != NULL && text.ptr[at + 1] == ' '))
            continue;
        if (speaks_of_task(sv_slice(text, begin, at + 1)))
            return sv_slice(text, begin, text.len);
        begin = last ? begin : at + 2;
    }
    return text;
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
        if (text.ptr[text.len - 1] == ':') /* a heading whose items are other texts */
            return 0;
        ret_items[0].text = from_task(sv_trim(sv_slice(text, bullet_mark(text, 0), text.len)));
        count = 1;
    }
    for (size_t i = 0; i < count; i++) {
        struct todo_item *item = &ret_items[i];
        item->owner = owner_in(item->text);
        if (item->owner.len == 0)
            item->owner = owner_of_mark(item->text);
        item->perhaps = item->owner.len == 0 ? name_before_task(item->text) : SV_NONE;
        item->speaker = item->owner.len == 0 && takes_on(item->text);
        item->due = due_in(item->text, &item->day);
    }
    return count;
}
