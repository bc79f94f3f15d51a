/*
 * Names of people: see names.h. Called while people are identified, for each name of an incident.
 */
#include "correlate/people/names.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/text/utf8.h"

#define JOINED_MAX (4 * NAME_BYTES_MAX)
#define WORD_LEAST 3   /* bytes of one word that is a handle for a name of several */
#define PREFIX_LEAST 3 /* of "tom" */
#define DIAERESIS 0x308
#define RING 0x30A

/* ------------------------------------------------------------------- folding */

struct folding {
    char plain[JOINED_MAX], spelled[JOINED_MAX];
    size_t plain_len, spelled_len;
    char before; /* the ASCII letter before, for the mark behind it */
};

static void
put(struct folding *folding, const char *plain, const char *spelled)
{
    size_t a = strlen(plain), b = strlen(spelled);
    if (folding->plain_len + a > JOINED_MAX || folding->spelled_len + b > JOINED_MAX)
        return;
    memcpy(folding->plain + folding->plain_len, plain, a);
    memcpy(folding->spelled + folding->spelled_len, spelled, b);
    folding->plain_len += a;
    folding->spelled_len += b;
    folding->before = a == 1 ? plain[0] : '\0';
}

/* Letters that are no other letter with a mark. */
static bool
put_special(struct folding *folding, utf8proc_int32_t c)
{
    static const struct {
        utf8proc_int32_t c;
        const char *plain, *spelled;
    } letters[] = {{0xE6, "ae", "ae"}, {0xF0, "d", "d"},  {0xF8, "o", "oe"}, {0xFE, "th", "th"},
                   {0x111, "d", "dj"}, {0x131, "i", "i"}, {0x142, "l", "l"}, {0x153, "oe", "oe"}};
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
        if (letters[i].c == c) {
            put(folding, letters[i].plain, letters[i].spelled);
            return true;
        }
    return false;
}

static bool
is_letter(utf8proc_int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_NO);
}

static void
put_char(struct folding *folding, utf8proc_int32_t c)
{
    char text[5] = "";
    if (c >= 0x300 && c <= 0x36F) {
        char before = folding->before;
        bool umlaut = c == DIAERESIS && (before == 'a' || before == 'o' || before == 'u');
        put(folding, "", umlaut ? "e" : c == RING && before == 'a' ? "a" : "");
    } else if (c == '\'' || c == 0x2019 || put_special(folding, c)) {
        return; /* O'Brien is obrien */
    } else if (!is_letter(c)) {
        put(folding, " ", " ");
    } else {
        utf8proc_encode_char(c, (utf8proc_uint8_t *)text);
        put(folding, text, text);
    }
}

static void
fold(struct sv text, struct folding *ret_folding)
{
    utf8proc_int32_t chars[JOINED_MAX];
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                      UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    ret_folding->plain_len = ret_folding->spelled_len = 0;
    ret_folding->before = '\0';
    text = utf8_cut(text, NAME_BYTES_MAX);
    utf8proc_ssize_t count = utf8proc_decompose(
        (const utf8proc_uint8_t *)text.ptr, (utf8proc_ssize_t)text.len, chars, JOINED_MAX, options);
    for (utf8proc_ssize_t i = 0; i < count && i < JOINED_MAX; i++)
        put_char(ret_folding, chars[i]);
}

static void
split(struct sv text, struct name_words *ret_words)
{
    struct sv part;
    ret_words->count = 0;
    while (ret_words->count < NAME_WORDS_MAX && sv_split(&text, ' ', &part))
        if (part.len > 0)
            ret_words->at[ret_words->count++] = part;
}

static int
word_order(const void *left, const void *right)
{
    return sv_cmp(*(const struct sv *)left, *(const struct sv *)right);
}

static struct sv
key_of(struct arena *arena, const struct name_words *words)
{
    struct name_words sorted = *words;
    struct sv key = SV("");
    qsort(sorted.at, sorted.count, sizeof(sorted.at[0]), word_order);
    for (size_t i = 0; i < sorted.count; i++)
        key = arena_printf(arena, SV_FMT "%s" SV_FMT, SV_ARG(key), i > 0 ? " " : "",
                           SV_ARG(sorted.at[i]));
    return key;
}

struct sv
name_squeezed(struct arena *arena, struct sv text)
{
    struct folding folding;
    size_t used = 0;
    fold(text, &folding);
    for (size_t i = 0; i < folding.plain_len; i++)
        if (folding.plain[i] != ' ')
            folding.plain[used++] = folding.plain[i];
    return arena_copy(arena, sv_of(folding.plain, used));
}

/* ------------------------------------------------------------------- reading */

/* "marek@example.com", alone or in "<>" behind a name. */
static struct sv
address_in(struct arena *arena, struct sv text)
{
    size_t from = 0;
    size_t open = sv_find_char(text, '<');
    if (open != SIZE_MAX)
        from = open + 1;
    struct sv rest = sv_slice(text, from, text.len);
    size_t close = sv_find_char(rest, '>');
    size_t to = close == SIZE_MAX ? text.len : from + close;
    struct sv address = sv_trim(sv_slice(text, from, to));
    size_t at = sv_find_char(address, '@');
    if (at == SIZE_MAX || at == 0 || at + 1 == address.len ||
        sv_find_char(address, ' ') != SIZE_MAX ||
        sv_find_char(sv_slice(address, at, address.len), '.') == SIZE_MAX)
        return SV_NONE;
    char *copy = arena_strdup(arena, address);
    for (size_t i = 0; i < address.len; i++)
        copy[i] = copy[i] >= 'A' && copy[i] <= 'Z' ? (char)(copy[i] - 'A' + 'a') : copy[i];
    return sv_of(copy, address.len);
}

/* What somebody is called; of an address alone what stands before its "@". */
static struct sv
called_in(struct sv text, struct sv address)
{
    struct sv called = text;
    if (sv_starts(called, SV("@")))
        called = sv_slice(called, 1, called.len);
    for (size_t i = 1; i < called.len; i++)
        if (strchr("<([|", called.ptr[i]) != NULL) {
            called = sv_trim(sv_slice(called, 0, i));
            break;
        }
    if (address.len > 0 && sv_eq_nocase(called, address)) {
        size_t end = sv_find_char(address, '@'), plus = sv_find_char(address, '+');
        called = sv_slice(called, 0, plus < end ? plus : end);
    }
    return called.len > 0 ? called : text;
}

/* Begins with a capital letter, or one of a script that has none, and is not written in capitals.
 */
static bool
is_capitalized(struct sv text)
{
    utf8proc_int32_t c = 0;
    utf8proc_category_t first = UTF8PROC_CATEGORY_CN;
    bool small = false, capitals = false;
    for (size_t at = 0; at < text.len;) {
        utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)text.ptr + at,
                                                   (utf8proc_ssize_t)(text.len - at), &c);
        if (length <= 0)
            return false;
        utf8proc_category_t category = utf8proc_category(c);
        first = at == 0 ? category : first;
        small = small || category == UTF8PROC_CATEGORY_LL;
        capitals = capitals || (at > 0 && category == UTF8PROC_CATEGORY_LU);
        at += (size_t)length;
    }
    return first == UTF8PROC_CATEGORY_LO || (first == UTF8PROC_CATEGORY_LU && (small || !capitals));
}

static int
rank_of(const struct person_name *name)
{
    bool whole = name->plain.count >= 2 && sv_find_char(name->called, ' ') != SIZE_MAX;
    for (size_t i = 0; i < name->plain.count; i++)
        whole = whole && utf8_count(name->plain.at[i]) >= 2;
    bool ascii = true;
    for (size_t i = 0; i < name->called.len; i++)
        ascii = ascii && (unsigned char)name->called.ptr[i] < 0x80;
    int rank = (whole ? 8 : 0) + (is_capitalized(name->called) ? 4 : 0) +
               (sv_find_char(name->called, ',') == SIZE_MAX ? 2 : 0) + (ascii ? 0 : 1);
    return name->address.len > 0 && sv_eq_nocase(name->written, name->address) ? rank - 16 : rank;
}

void
person_name_read(struct arena *arena, struct sv written, struct person_name *ret_name)
{
    struct folding folding;
    struct sv text = sv_trim(written);
    *ret_name = (struct person_name){.written = written, .address = address_in(arena, text)};
    ret_name->called = called_in(text, ret_name->address);
    fold(ret_name->called, &folding);
    split(arena_copy(arena, sv_of(folding.plain, folding.plain_len)), &ret_name->plain);
    split(arena_copy(arena, sv_of(folding.spelled, folding.spelled_len)), &ret_name->spelled);
    ret_name->key = key_of(arena, &ret_name->plain);
    ret_name->spelled_key = key_of(arena, &ret_name->spelled);
    ret_name->rank = rank_of(ret_name);
}

/* ----------------------------------------------------------------- comparing */

bool
person_names_equal(const struct person_name *a, const struct person_name *b)
{
    return a->key.len > 0 && (sv_eq(a->key, b->key) || sv_eq(a->key, b->spelled_key) ||
                              sv_eq(a->spelled_key, b->key));
}

static struct sv
initial_of(struct sv word)
{
    return sv_slice(word, 0, utf8_length(word));
}

/* The handle is both parts written together. */
static bool
joins(struct sv handle, struct sv first, struct sv second)
{
    return handle.len == first.len + second.len && sv_starts(handle, first) &&
           sv_ends(handle, second);
}

/* "mlindqvist", "maral", "lindqvistm", "maralindqvist" */
static bool
joins_ends(struct sv handle, const struct name_words *full)
{
    struct sv first = full->at[0], last = full->at[full->count - 1];
    struct sv m = initial_of(first), l = initial_of(last);
    return joins(handle, first, last) || joins(handle, last, first) || joins(handle, m, last) ||
           joins(handle, first, l) || joins(handle, last, m) || joins(handle, l, first);
}

static bool
joins_all(struct sv handle, const struct name_words *full)
{
    for (size_t i = 0; i < full->count; i++) {
        if (!sv_starts(handle, full->at[i]))
            return false;
        handle = sv_slice(handle, full->at[i].len, handle.len);
    }
    return handle.len == 0;
}

/* "marekd42" is "marekd". */
static struct sv
without_digits(struct sv word)
{
    while (word.len > 1 && word.ptr[word.len - 1] >= '0' && word.ptr[word.len - 1] <= '9')
        word.len--;
    return word;
}

static enum name_fit
word_fits_name(struct sv handle, const struct name_words *full)
{
    handle = without_digits(handle);
    if (handle.len < WORD_LEAST && utf8_count(handle) < 2)
        return NAME_FITS_NOT;
    for (size_t i = 0; i < full->count; i++)
        if (sv_eq(handle, full->at[i]))
            return NAME_FITS;
    if (joins_ends(handle, full) || joins_all(handle, full))
        return NAME_FITS;
    bool begins = handle.len >= PREFIX_LEAST && sv_starts(full->at[0], handle);
    return begins ? NAME_FITS_PERHAPS : NAME_FITS_NOT;
}

/* "Mara L." and "m lindqvist": in their order a word each, or its first letter. */
static bool
abbreviates(const struct name_words *handle, const struct name_words *full)
{
    size_t at = 0, words = 0;
    for (size_t i = 0; i < handle->count; i++, at++) {
        while (at < full->count && !sv_eq(handle->at[i], full->at[at]) &&
               !sv_eq(handle->at[i], initial_of(full->at[at])))
            at++;
        if (at == full->count)
            return false;
        words += sv_eq(handle->at[i], full->at[at]) && utf8_count(handle->at[i]) >= 2;
    }
    return words > 0;
}

static enum name_fit
words_fit(const struct name_words *handle, const struct name_words *full, bool whole)
{
    if (full->count < 2 || handle->count == 0)
        return NAME_FITS_NOT;
    if (handle->count == 1)
        return word_fits_name(handle->at[0], full);
    if (!abbreviates(handle, full))
        return NAME_FITS_NOT;
    return whole ? NAME_FITS_PERHAPS : NAME_FITS;
}

enum name_fit
person_name_fits(const struct person_name *handle, const struct person_name *full)
{
    /* Two names of several words each, one longer than the other, may be relatives. */
    bool whole = handle->rank >= 8;
    enum name_fit plain = words_fit(&handle->plain, &full->plain, whole);
    enum name_fit spelled = words_fit(&handle->plain, &full->spelled, whole);
    return plain > spelled ? plain : spelled;
}
