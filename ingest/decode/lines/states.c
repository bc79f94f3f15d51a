/*
 * From a pattern to states: see states.h. Groups, classes, escapes and quantifiers are understood;
 * what only looks around a place is passed over, so that more may match than does. Called on one
 * thread, before the first record.
 */
#include "ingest/decode/lines/states.h"

#include <string.h>

#define DEPTH_MAX 250  /* of groups; PCRE2 takes no more */
#define TIMES_MAX 40   /* of an atom that stands there so often; of more any number will do */
#define OPTIONS_MAX 10 /* the same of one that may stand there */

struct pattern {
    struct states *states;
    const char *at, *end;
    uint16_t number;
    unsigned depth; /* of groups */
    bool failed;
};

/* States with one way in and one way out, a free one. */
struct part {
    uint32_t begin, end;
};

static struct part alternatives(struct pattern *pattern);

/* Room for one more; what was there before stays in the arena. */
static void *
grown(struct arena *arena, void *list, size_t count, size_t *size, size_t item)
{
    if (count < *size)
        return list;
    size_t more = *size == 0 ? 256 : 2 * *size;
    void *larger = arena_calloc(arena, more, item);
    if (count > 0)
        memcpy(larger, list, count * item);
    *size = more;
    return larger;
}

static uint32_t
new_state(struct pattern *pattern, uint16_t set, uint32_t next, uint32_t other)
{
    struct states *states = pattern->states;
    if (states->count == STATES_MAX) {
        pattern->failed = true; /* what was made of it is taken back */
        return states->count - 1;
    }
    states->list =
        grown(states->arena, states->list, states->count, &states->size, sizeof(*states->list));
    states->list[states->count] = (struct state){next, other, set, pattern->number};
    return states->count++;
}

static struct part
nothing(struct pattern *pattern)
{
    uint32_t here = new_state(pattern, STATE_FREE, STATES_NONE, STATES_NONE);
    return (struct part){here, here};
}

static struct part
joined(struct pattern *pattern, struct part a, struct part b)
{
    pattern->states->list[a.end].next = b.begin;
    return (struct part){a.begin, b.end};
}

static struct part
either(struct pattern *pattern, struct part a, struct part b)
{
    struct part end = nothing(pattern);
    pattern->states->list[a.end].next = end.begin;
    pattern->states->list[b.end].next = end.begin;
    return (struct part){new_state(pattern, STATE_FREE, a.begin, b.begin), end.end};
}

/* ---- bytes ---- */

static void
add_range(struct byte_set *set, unsigned from, unsigned to)
{
    for (unsigned byte = from; byte <= to; byte++)
        set->bits[byte / 64] |= UINT64_C(1) << (byte % 64);
}

static void
add_text(struct byte_set *set, const char *bytes)
{
    for (; *bytes != '\0'; bytes++)
        add_range(set, (unsigned char)*bytes, (unsigned char)*bytes);
}

static void
invert(struct byte_set *set)
{
    for (size_t i = 0; i < BYTE_WORDS; i++)
        set->bits[i] = ~set->bits[i];
}

static void
add_all(struct byte_set *set, const struct byte_set *more)
{
    for (size_t i = 0; i < BYTE_WORDS; i++)
        set->bits[i] |= more->bits[i];
}

/* The sets of "\d", "\W" and their kin; false: it is none of them. */
static bool
add_kind(struct byte_set *set, char letter)
{
    struct byte_set found = {{0}};
    char lower = (char)(letter | 0x20);
    if (letter == '\0' || strchr("dsw", lower) == NULL || letter < 'A')
        return false;
    if (lower == 's')
        add_text(&found, " \t\n\v\f\r");
    else
        add_range(&found, '0', '9');
    if (lower == 'w') {
        add_range(&found, 'a', 'z');
        add_range(&found, 'A', 'Z');
        add_text(&found, "_");
    }
    if (letter != lower)
        invert(&found);
    add_all(set, &found);
    return true;
}

static int
hex_digit(char c)
{
    char lower = (char)(c | 0x20);
    if (c >= '0' && c <= '9')
        return c - '0';
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The byte that a backslash before the letter means; -1: it means something else. */
static int
escaped_byte(struct pattern *pattern, char letter)
{
    if (letter == 'x' && pattern->end - pattern->at >= 2 && hex_digit(pattern->at[0]) >= 0 &&
        hex_digit(pattern->at[1]) >= 0) {
        pattern->at += 2;
        return hex_digit(pattern->at[-2]) << 4 | hex_digit(pattern->at[-1]);
    }
    static const char controls[] = "nrtf", meant[] = "\n\r\t\f";
    char lower = (char)(letter | 0x20);
    const char *control = letter == '\0' ? NULL : strchr(controls, letter);
    if (control != NULL)
        return meant[control - controls];
    bool alnum = (lower >= 'a' && lower <= 'z') || (letter >= '0' && letter <= '9');
    return alnum ? -1 : (unsigned char)letter;
}

/* One byte of a class; -1: a set, which is added, or not understood. */
static int
class_member(struct pattern *pattern, struct byte_set *set)
{
    char c = *pattern->at++;
    if (c == '[' && pattern->at < pattern->end && strchr(":.=", *pattern->at) != NULL)
        pattern->failed = true;
    if (c != '\\')
        return (unsigned char)c;
    char letter = pattern->at < pattern->end ? *pattern->at++ : 'Q';
    int byte = escaped_byte(pattern, letter);
    pattern->failed = pattern->failed || (byte < 0 && !add_kind(set, letter));
    return byte;
}

/* "[a-z\d]", behind the bracket. */
static void
read_class(struct pattern *pattern, struct byte_set *set)
{
    bool inverted = pattern->at < pattern->end && *pattern->at == '^', first = true;
    pattern->at += inverted;
    while (pattern->at < pattern->end && (first || *pattern->at != ']') && !pattern->failed) {
        int from = class_member(pattern, set), to = from;
        first = false;
        if (from >= 0 && pattern->end - pattern->at > 1 && pattern->at[0] == '-' &&
            pattern->at[1] != ']') {
            pattern->at++;
            to = class_member(pattern, set);
            pattern->failed = pattern->failed || to < from;
        }
        if (from >= 0 && !pattern->failed)
            add_range(set, (unsigned)from, (unsigned)to);
    }
    pattern->failed = pattern->failed || pattern->at >= pattern->end;
    pattern->at++;
    if (inverted)
        invert(set);
}

static bool
same_bytes(const struct byte_set *a, const struct byte_set *b)
{
    uint64_t other = 0;
    for (size_t i = 0; i < BYTE_WORDS; i++)
        other |= a->bits[i] ^ b->bits[i];
    return other == 0;
}

static struct part
of_bytes(struct pattern *pattern, const struct byte_set *set)
{
    struct states *states = pattern->states;
    uint16_t number = 0;
    while (number < states->set_count && !same_bytes(&states->sets[number], set))
        number++;
    if (number == STATE_END) {
        pattern->failed = true;
        return nothing(pattern);
    }
    if (number == states->set_count) {
        states->sets =
            grown(states->arena, states->sets, number, &states->set_size, sizeof(*states->sets));
        states->sets[states->set_count++] = *set;
    }
    struct part end = nothing(pattern);
    return (struct part){new_state(pattern, number, end.begin, STATES_NONE), end.end};
}

/* ---- what is made of them ---- */

/* "(?:...)", "(?<name>...)", "(?>...)", "(...)" and what looks around, behind the parenthesis. */
static struct part
group(struct pattern *pattern)
{
    static const char *const around[] = {"?=", "?!", "?<=", "?<!"};
    struct sv rest = sv_of(pattern->at, (size_t)(pattern->end - pattern->at));
    bool looks = false;
    for (size_t i = 0; i < sizeof(around) / sizeof(around[0]) && !looks; i++)
        if (sv_starts(rest, sv_from(around[i]))) {
            looks = true;
            pattern->at += strlen(around[i]);
        }
    if (!looks && (sv_starts(rest, SV("?:")) || sv_starts(rest, SV("?>")))) {
        pattern->at += 2;
    } else if (!looks && sv_starts(rest, SV("?<"))) {
        size_t close = sv_find_char(rest, '>');
        pattern->failed = pattern->failed || close == SIZE_MAX;
        pattern->at += close == SIZE_MAX ? 0 : close + 1;
    } else if (!looks && (sv_starts(rest, SV("?")) || sv_starts(rest, SV("*")))) {
        pattern->failed = true;
    }
    pattern->failed = pattern->failed || pattern->depth == DEPTH_MAX;
    if (pattern->failed)
        return nothing(pattern);
    pattern->depth++;
    struct part inside = alternatives(pattern);
    pattern->depth--;
    pattern->failed = pattern->failed || pattern->at >= pattern->end;
    pattern->at++;
    return looks ? nothing(pattern) : inside;
}

static struct part
atom(struct pattern *pattern)
{
    struct byte_set set = {{0}};
    char c = *pattern->at++;
    if (c == '(')
        return group(pattern);
    if (c == '^' || c == '$')
        return nothing(pattern);
    if (c == '[') {
        read_class(pattern, &set);
    } else if (c == '.') {
        invert(&set);
    } else if (c != '\\') {
        pattern->failed = pattern->failed || strchr("*+?", c) != NULL;
        add_range(&set, (unsigned char)c, (unsigned char)c);
    } else {
        char letter = pattern->at < pattern->end ? *pattern->at++ : 'Q';
        int byte = escaped_byte(pattern, letter);
        if (strchr("bBAzZG", letter) != NULL)
            return nothing(pattern);
        if (byte >= 0)
            add_range(&set, (unsigned)byte, (unsigned)byte);
        else
            pattern->failed = pattern->failed || !add_kind(&set, letter);
    }
    return of_bytes(pattern, &set);
}

static bool
number(struct pattern *pattern, unsigned *ret_number)
{
    const char *from = pattern->at;
    unsigned value = 0;
    for (; pattern->at < pattern->end && *pattern->at >= '0' && *pattern->at <= '9'; pattern->at++)
        value = value > USHRT_MAX ? value : value * 10 + (unsigned)(*pattern->at - '0');
    *ret_number = value;
    return pattern->at > from;
}

/* "{1,9}" behind an atom; false: a brace that stands for itself. */
static bool
counted(struct pattern *pattern, unsigned *ret_least, unsigned *ret_most)
{
    struct pattern ahead = *pattern;
    ahead.at++;
    bool fine = number(&ahead, ret_least);
    *ret_most = *ret_least;
    if (fine && ahead.at < ahead.end && *ahead.at == ',') {
        ahead.at++;
        if (!number(&ahead, ret_most))
            *ret_most = UINT_MAX;
    }
    if (!fine || ahead.at >= ahead.end || *ahead.at != '}')
        return false;
    pattern->at = ahead.at + 1;
    return true;
}

/* "*", "+?", "{1,9}+" behind an atom; without one it stands there once. */
static void
quantifier(struct pattern *pattern, unsigned *ret_least, unsigned *ret_most)
{
    char c = pattern->at < pattern->end ? *pattern->at : '\0';
    *ret_least = *ret_most = 1;
    if (c == '*' || c == '+' || c == '?') {
        pattern->at++;
        *ret_least = c == '+';
        *ret_most = c == '?' ? 1 : UINT_MAX;
    } else if (c != '{' || !counted(pattern, ret_least, ret_most)) {
        *ret_least = *ret_most = 1;
        return;
    }
    if (pattern->at < pattern->end && (*pattern->at == '?' || *pattern->at == '+'))
        pattern->at++;
}

static struct part
again(struct pattern *pattern, const char *begin)
{
    pattern->at = begin;
    return atom(pattern);
}

static struct part
any_number(struct pattern *pattern, const char *begin)
{
    struct part once = again(pattern, begin), end = nothing(pattern);
    uint32_t begins = new_state(pattern, STATE_FREE, once.begin, end.begin);
    pattern->states->list[once.end].next = begins;
    return (struct part){begins, end.end};
}

/* An atom as often as its quantifier says: it is read anew each time. */
static struct part
repeated(struct pattern *pattern)
{
    const char *begin = pattern->at;
    unsigned least, most;
    struct part all = atom(pattern);
    quantifier(pattern, &least, &most);
    const char *behind = pattern->at;
    if (least == 1 && most == 1)
        return all;
    if (least == 0)
        all = nothing(pattern);
    bool more = most - least > OPTIONS_MAX || least > TIMES_MAX;
    for (unsigned i = 1; i < least && i < TIMES_MAX && !pattern->failed; i++)
        all = joined(pattern, all, again(pattern, begin));
    for (unsigned i = least; i < most && !more && !pattern->failed; i++)
        all = joined(pattern, all, either(pattern, again(pattern, begin), nothing(pattern)));
    if (more && !pattern->failed)
        all = joined(pattern, all, any_number(pattern, begin));
    pattern->at = behind;
    return all;
}

static struct part
alternatives(struct pattern *pattern)
{
    struct part here = nothing(pattern), before = here;
    bool several = false;
    while (pattern->at < pattern->end && *pattern->at != ')' && !pattern->failed) {
        if (*pattern->at != '|') {
            here = joined(pattern, here, repeated(pattern));
            continue;
        }
        pattern->at++;
        before = several ? either(pattern, before, here) : here;
        several = true;
        here = nothing(pattern);
    }
    return several ? either(pattern, before, here) : here;
}

uint32_t
states_add(struct states *states, struct sv text, uint16_t number_of)
{
    struct pattern pattern = {states, text.ptr, text.ptr + text.len, number_of, 0, false};
    uint32_t before = states->count;
    struct part all = alternatives(&pattern);
    if (pattern.failed || pattern.at != pattern.end) {
        states->count = before;
        return STATES_NONE;
    }
    states->list[all.end].set = STATE_END;
    return all.begin;
}
