/*
 * Walking scanned JSON: see json_walk.h. Called by decoders, on the worker's thread.
 */
#include "ingest/parse/json_walk.h"

#include "ingest/parse/tape.h"
#include "ingest/parse/tape_private.h"

static void
blanks(struct json_walk *walk)
{
    while (walk->at < walk->end &&
           (*walk->at == ' ' || *walk->at == '\n' || *walk->at == '\r' || *walk->at == '\t'))
        walk->at++;
}

struct json_walk
json_walk_of(struct sv text)
{
    struct json_walk walk = {text.ptr, text.ptr == NULL ? NULL : text.ptr + text.len};
    blanks(&walk);
    return walk;
}

char
json_walk_kind(const struct json_walk *walk)
{
    if (walk->at == walk->end)
        return 0;
    char c = *walk->at;
    return c == '-' || (c >= '0' && c <= '9') ? '0' : c;
}

bool
json_walk_enter(struct json_walk *walk, char bracket)
{
    if (walk->at == walk->end || *walk->at != bracket)
        return false;
    walk->at++;
    blanks(walk);
    return true;
}

/* Past a comma, to what follows; false where the bracket closes or the text ends. */
static bool
next(struct json_walk *walk, char close)
{
    blanks(walk);
    if (walk->at < walk->end && *walk->at == ',') {
        walk->at++;
        blanks(walk);
    }
    if (walk->at == walk->end)
        return false;
    if (*walk->at == close) {
        walk->at++;
        blanks(walk);
        return false;
    }
    return true;
}

/* True if the quote at `at` is escaped: by an odd number of backslashes before it. */
static bool
escaped(const char *from, const char *at)
{
    size_t count = 0;
    while (at > from && at[-1] == '\\') {
        at--;
        count++;
    }
    return count % 2 == 1;
}

/* The inside of the string at the quote; past its end. */
static struct sv
string(struct json_walk *walk)
{
    const char *from = ++walk->at, *quote;
    do {
        size_t left = (size_t)(walk->end - walk->at);
        size_t at = sv_find_char(sv_of(walk->at, left), '"');
        quote = at == SIZE_MAX ? walk->end : walk->at + at;
        walk->at = quote == walk->end ? quote : quote + 1;
    } while (quote < walk->end && escaped(from, quote));
    return sv_of(from, (size_t)(quote - from));
}

bool
json_walk_key(struct json_walk *walk, struct sv *ret_key)
{
    if (!next(walk, '}') || *walk->at != '"')
        return false;
    *ret_key = string(walk);
    blanks(walk);
    walk->at += walk->at < walk->end && *walk->at == ':';
    blanks(walk);
    return true;
}

bool
json_walk_element(struct json_walk *walk)
{
    return next(walk, ']');
}

void
json_walk_skip(struct json_walk *walk)
{
    size_t depth = 0;
    while (walk->at < walk->end) {
        char c = *walk->at;
        if (c == '"') {
            (void)string(walk);
            if (depth == 0)
                break;
            continue;
        }
        bool closes = c == '}' || c == ']';
        if (depth == 0 && (closes || c == ','))
            break;
        depth += c == '{' || c == '[';
        walk->at++;
        if (closes && --depth == 0)
            break;
    }
    blanks(walk);
}

struct sv
json_walk_take(struct json_walk *walk)
{
    const char *from = walk->at;
    json_walk_skip(walk);
    return from == NULL ? SV_NONE : sv_trim(sv_of(from, (size_t)(walk->at - from)));
}

struct sv
json_walk_text(struct arena *arena, struct json_walk *walk)
{
    if (json_walk_kind(walk) == '"') {
        struct sv inside = string(walk);
        blanks(walk);
        bool plain = sv_find_char(inside, '\\') == SIZE_MAX;
        return plain ? inside : tape_unescaped(arena, inside);
    }
    char kind = json_walk_kind(walk);
    struct sv text = json_walk_take(walk);
    if (kind == '0')
        return tree_number_text(arena, text);
    return kind == 't' || kind == 'f' ? text : SV_NONE;
}
