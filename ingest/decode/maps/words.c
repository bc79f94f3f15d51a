/*
 * Word tables: see words.h. Case of ASCII letters does not count.
 */
#include "ingest/decode/maps/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t words_made; /* maps are read on one thread */

struct filling {
    struct arena *arena;
    struct map_table *table;
    size_t sizes[3];
};

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* `a` in any case, `b` in lower case. */
static int
compare_nocase(struct sv a, struct sv b)
{
    size_t least = a.len < b.len ? a.len : b.len;
    for (size_t i = 0; i < least; i++) {
        unsigned char x = (unsigned char)lower(a.ptr[i]), y = (unsigned char)b.ptr[i];
        if (x != y)
            return x < y ? -1 : 1;
    }
    return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

static struct sv
lowered(struct arena *arena, struct sv text)
{
    char *copy = arena_strdup(arena, text);
    for (size_t i = 0; i < text.len; i++)
        copy[i] = lower(copy[i]);
    return sv_of(copy, text.len);
}

/* ---- filling ---- */

/* Room for one more, in the arena: tables are small and made once. */
static void *
more(struct arena *arena, void *list, size_t *size, size_t count, size_t one)
{
    if (count < *size)
        return list;
    size_t larger = *size == 0 ? 8 : 2 * *size;
    void *moved = arena_calloc(arena, larger, one);
    if (count > 0)
        memcpy(moved, list, count * one);
    *size = larger;
    return moved;
}

static bool
is_integer(struct sv text, double *ret_value)
{
    int64_t value;
    if (!sv_to_int64(text, &value) || text.ptr[0] == '+')
        return false;
    *ret_value = (double)value;
    return true;
}

/* 50..59, 60.., ..3 */
static bool
read_range(struct sv text, struct map_range *ret_range)
{
    size_t dots = sv_find(text, SV(".."));
    if (dots == SIZE_MAX)
        return false;
    struct sv low = sv_slice(text, 0, dots), high = sv_slice(text, dots + 2, text.len);
    ret_range->low = -INFINITY;
    ret_range->high = INFINITY;
    return (sv_empty(low) || is_integer(low, &ret_range->low)) &&
           (sv_empty(high) || is_integer(high, &ret_range->high));
}

static void
add_word(struct filling *in, struct sv text, struct sv result, int line)
{
    struct map_table *table = in->table;
    struct map_range range = {.word = {lowered(in->arena, text), result, line, words_made++}};
    if (read_range(text, &range)) {
        table->ranges = more(in->arena, table->ranges, &in->sizes[0], table->range_count,
                             sizeof(*table->ranges));
        table->ranges[table->range_count++] = range;
    } else if (sv_find_char(text, '*') != SIZE_MAX) {
        table->globs =
            more(in->arena, table->globs, &in->sizes[1], table->glob_count, sizeof(*table->globs));
        table->globs[table->glob_count++] = range.word;
    } else {
        table->exact =
            more(in->arena, table->exact, &in->sizes[2], table->exact_count, sizeof(*table->exact));
        table->exact[table->exact_count++] = range.word;
    }
}

static int
compare_words(const void *a, const void *b)
{
    const struct map_word *x = a, *y = b;
    int order = sv_cmp(x->text, y->text);
    return order != 0 ? order : x->number < y->number ? -1 : 1;
}

/* The next word: text in "quotes" may hold commas. */
static bool
next_word(struct sv *rest, char separator, struct sv *ret_word)
{
    *rest = sv_trim(*rest);
    if (rest->ptr == NULL || rest->len == 0)
        return false;
    if (rest->ptr[0] != '"')
        return sv_split(rest, separator, ret_word);
    size_t end = sv_find_char(sv_slice(*rest, 1, rest->len), '"');
    *ret_word = sv_slice(*rest, 1, end == SIZE_MAX ? rest->len : end + 1);
    *rest = sv_trim(sv_slice(*rest, ret_word->len + 2, rest->len));
    if (rest->len > 0 && rest->ptr[0] == separator)
        *rest = sv_slice(*rest, 1, rest->len);
    return true;
}

static void
sort_words(struct map_table *table)
{
    if (table->exact_count > 0)
        qsort(table->exact, table->exact_count, sizeof(*table->exact), compare_words);
}

void
map_words_read(struct arena *arena, struct sv text, int line, struct map_table *ret_table)
{
    struct filling in = {.arena = arena, .table = ret_table};
    struct sv word;
    *ret_table = (struct map_table){.line = line};
    while (next_word(&text, '|', &word))
        if (!sv_empty(sv_trim(word)))
            add_word(&in, sv_trim(word), SV(""), line);
    sort_words(ret_table);
}

/* What both can say is told once. */
static void
find_doubles(const struct map_table *table, const char *file, struct map_problems *problems)
{
    for (size_t i = 1; i < table->exact_count; i++) {
        const struct map_word *a = &table->exact[i - 1], *b = &table->exact[i];
        if (!sv_eq(a->text, b->text))
            continue;
        if (sv_eq(a->result, b->result))
            map_remark(problems, file, b->line, SV_FMT " is there twice as " SV_FMT,
                       SV_ARG(a->text), SV_ARG(a->result));
        else
            map_error(problems, file, b->line, SV_FMT " is both " SV_FMT " and " SV_FMT,
                      SV_ARG(a->text), SV_ARG(a->result), SV_ARG(b->result));
    }
}

void
map_table_read(struct arena *arena, const struct map_section *section, const char *file,
               struct map_problems *problems, struct map_table *ret_table)
{
    struct filling in = {.arena = arena, .table = ret_table};
    struct sv name = sv_trim(sv_slice(section->name, 6, section->name.len)), word;
    *ret_table = (struct map_table){.name = name, .line = section->line};
    if (section->count == 0)
        map_error(problems, file, section->line, "[words " SV_FMT "] has no words", SV_ARG(name));
    for (size_t i = 0; i < section->count; i++) {
        const struct map_pair *pair = &section->pairs[i];
        struct sv rest = pair->value;
        if (sv_empty(rest))
            map_error(problems, file, pair->line, "no words behind " SV_FMT, SV_ARG(pair->key));
        while (next_word(&rest, ',', &word))
            if (!sv_empty(sv_trim(word)))
                add_word(&in, sv_trim(word), pair->key, pair->line);
    }
    sort_words(ret_table);
    find_doubles(ret_table, file, problems);
}

/* ---- looking up ---- */

/* `text` begins with the piece, which is in lower case. */
static bool
begins(struct sv text, struct sv piece)
{
    return text.len >= piece.len && compare_nocase(sv_slice(text, 0, piece.len), piece) == 0;
}

/* Pieces between stars: each where it is found first, the last one at the end. */
static bool
glob_matches(struct sv glob, struct sv text)
{
    struct sv piece;
    if (!sv_split(&glob, '*', &piece) || !begins(text, piece))
        return false;
    text = sv_slice(text, piece.len, text.len);
    while (sv_split(&glob, '*', &piece)) {
        if (glob.ptr == NULL) {
            size_t tail = text.len < piece.len ? 0 : text.len - piece.len;
            return text.len >= piece.len && begins(sv_slice(text, tail, text.len), piece);
        }
        size_t at = 0;
        while (at + piece.len <= text.len && !begins(sv_slice(text, at, text.len), piece))
            at++;
        if (at + piece.len > text.len)
            return false;
        text = sv_slice(text, at + piece.len, text.len);
    }
    return true;
}

static bool
is_number(struct sv text, double *ret_value)
{
    char copy[32];
    size_t dots = 0, digits = 0;
    if (text.len == 0 || text.len >= sizeof(copy))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        bool digit = text.ptr[i] >= '0' && text.ptr[i] <= '9';
        digits += digit;
        dots += text.ptr[i] == '.' && digits > 0 && i + 1 < text.len;
        if (!digit && !(text.ptr[i] == '-' && i == 0) && text.ptr[i] != '.')
            return false;
    }
    if (digits == 0 || digits + dots + (text.ptr[0] == '-') != text.len || dots > 1)
        return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    *ret_value = strtod(copy, NULL); /* the program runs in the C locale */
    return true;
}

static const struct map_word *
find_exact(const struct map_table *table, struct sv text)
{
    size_t from = 0, to = table->exact_count;
    while (from < to) {
        size_t middle = (from + to) / 2;
        int order = compare_nocase(text, table->exact[middle].text);
        if (order == 0)
            return &table->exact[middle];
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}

const struct map_word *
map_table_find(const struct map_table *table, struct sv text)
{
    const struct map_word *word = find_exact(table, text);
    double value;
    if (word != NULL)
        return word;
    for (size_t i = 0; i < table->glob_count; i++)
        if (glob_matches(table->globs[i].text, text))
            return &table->globs[i];
    if (table->range_count == 0 || !is_number(text, &value))
        return NULL;
    for (size_t i = 0; i < table->range_count; i++)
        if (value >= table->ranges[i].low && value <= table->ranges[i].high)
            return &table->ranges[i].word;
    return NULL;
}

size_t
map_word_count(void)
{
    return words_made;
}
