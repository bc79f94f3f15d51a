/*
 * Signs of shapes: see asks.h. A tape shows the keys of objects, not what lies in lists and
 * strings: of a path only the keys count that stand before anything else.
 */
#include "ingest/decode/maps/asks.h"

#include <string.h>

#include "ingest/parse/tape.h"

/* Keys that were written: a tape knows paths of so many. */
struct keys {
    struct strbuf *out;
    size_t from, count;
};

static void
cut(struct strbuf *out, size_t len)
{
    if (out->len > len) {
        out->len = len;
        out->ptr[len] = '\0';
    }
}

/* True if signs can say the key. */
static bool
sayable(struct sv key)
{
    if (sv_empty(key) || sv_trim(key).len != key.len)
        return false;
    for (size_t i = 0; i < key.len; i++)
        if (strchr(",;|=[]", key.ptr[i]) != NULL)
            return false;
    return true;
}

static size_t
keys_of(struct sv key)
{
    size_t count = 1;
    for (size_t i = 0; i < key.len; i++)
        count += key.ptr[i] == '.';
    return count;
}

/* Adds the keys in front. False when not all of the path could be said. */
static bool
add_keys(struct keys *keys, const struct map_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct sv key = parts[i].key;
        if (parts[i].kind != PART_KEY || !sayable(key) ||
            keys->count + keys_of(key) > TAPE_PATH_KEYS_MAX)
            return false;
        if (keys->out->len > keys->from)
            strbuf_add_char(keys->out, '.');
        strbuf_add_sv(keys->out, key);
        keys->count += keys_of(key);
    }
    return true;
}

/* Words that a tape compares as a map does: all of them, whole, no numbers (1 is 1.0). */
static bool
words_sayable(const struct map_table *words)
{
    if (words->glob_count + words->range_count > 0)
        return false;
    for (size_t i = 0; i < words->exact_count; i++) {
        struct sv word = words->exact[i].text;
        bool number = word.len > 0 && strchr("0123456789-.", word.ptr[0]) != NULL;
        if (number || !sayable(word))
            return false;
    }
    return true;
}

static void
add_words(struct strbuf *out, const struct map_table *words)
{
    for (size_t i = 0; i < words->exact_count; i++) {
        strbuf_add_char(out, i == 0 ? '=' : '|');
        strbuf_add_sv(out, words->exact[i].text);
    }
}

/* How many keys of `open` lead to the object that the path starts from; -1: a tape cannot tell. */
static int
start_of(const struct map_open *open, const struct map_path *path)
{
    size_t depth = open->here ? 0 : open->path.count;
    if (path->base == BASE_HEADER || (path->base == BASE_UP && path->ups > depth))
        return -1;
    size_t keys = depth - (path->base == BASE_UP ? path->ups : 0);
    for (size_t i = 0; i < depth && !open->here; i++)
        if (open->path.parts[i].kind != PART_KEY)
            return -1;
    return (int)keys;
}

/* A condition as a sign; false: there is nothing to ask for. `list`: the element lies in a list. */
static bool
add_condition(struct strbuf *out, const struct map_open *open, bool list,
              const struct map_condition *condition)
{
    int start = start_of(open, &condition->path);
    struct keys keys = {out, out->len, 0};
    if (condition->negated || start < 0 || (list && condition->path.base == BASE_HERE))
        return false;
    bool whole = add_keys(&keys, open->path.parts, (size_t)start);
    size_t before = keys.count;
    whole = whole && add_keys(&keys, condition->path.parts, condition->path.count);
    if (keys.count == before) {
        cut(out, keys.from);
        return false;
    }
    if (whole && condition->compares && words_sayable(&condition->words))
        add_words(out, &condition->words);
    return true;
}

/* The keys before the first `*` of open. */
static bool
add_open(struct strbuf *out, const struct map_open *open, bool *ret_whole)
{
    struct keys keys = {out, out->len, 0};
    *ret_whole = add_keys(&keys, open->path.parts, open->path.count);
    return keys.count > 0;
}

/* The conditions of a sign; how many there are. */
static size_t
add_conditions(struct strbuf *out, const struct map_open *open, bool list,
               const struct map_when *when)
{
    size_t first = out->len, count = 0;
    bool whole = true;
    if (!open->here && (list || start_of(open, &(struct map_path){0}) < 0)) {
        count += add_open(out, open, &whole);
        if (count > 0 && whole)
            strbuf_add_text(out, "[]");
    }
    for (size_t i = 0; i < when->count; i++) {
        size_t at = out->len;
        if (at > first)
            strbuf_add_text(out, ", ");
        if (add_condition(out, open, list, &when->conditions[i]))
            count++;
        else
            cut(out, at);
    }
    return count;
}

static bool
is_there(struct sv signs, struct sv sign)
{
    while (signs.ptr != NULL && signs.len > 0) {
        size_t end = sv_find(signs, SV("; "));
        if (sv_eq(sv_slice(signs, 0, end), sign))
            return true;
        signs = end == SIZE_MAX ? SV_NONE : sv_slice(signs, end + 2, signs.len);
    }
    return false;
}

/*
 * One sign: the line, of an element that is the record or an object in it, or in a list or text.
 * Several lines may give the same.
 */
static bool
add_sign(struct strbuf *out, const struct map_open *open, bool list, const struct map_when *when)
{
    struct strbuf sign;
    strbuf_init(&sign, 0);
    bool told = add_conditions(&sign, open, list, when) > 0;
    if (told && !is_there(strbuf_view(out), strbuf_view(&sign))) {
        strbuf_add_text(out, out->len > 0 ? "; " : "");
        strbuf_add_sv(out, strbuf_view(&sign));
    }
    strbuf_release(&sign);
    return told;
}

bool
map_when_asks(const struct map_when *when)
{
    for (size_t i = 0; i < when->count; i++) {
        const struct map_condition *one = &when->conditions[i];
        if (!one->negated && one->path.base != BASE_HEADER && one->path.count > 0 &&
            one->path.parts[0].kind == PART_KEY && sayable(one->path.parts[0].key))
            return true;
    }
    return false;
}

/* Of an element that may lie in an object, in a list or in a text there are two signs. */
static bool
add_signs(struct strbuf *out, const struct map_open *open, const struct map_when *when)
{
    bool told = add_sign(out, open, false, when);
    if (!open->here && start_of(open, &(struct map_path){0}) >= 0)
        told = add_sign(out, open, true, when) && told;
    return told;
}

bool
map_shape_asks(const struct map_shape *shape, const struct map_when *when)
{
    struct strbuf out;
    bool told = true;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < shape->open_count; i++)
        told = add_signs(&out, &shape->opens[i], when) && told;
    strbuf_release(&out);
    return told;
}

void
map_asks_add(const struct map_shape *shape, struct strbuf *signs)
{
    for (size_t i = 0; i < shape->when_count; i++)
        for (size_t k = 0; k < shape->open_count; k++)
            add_signs(signs, &shape->opens[k], &shape->whens[i]);
}
