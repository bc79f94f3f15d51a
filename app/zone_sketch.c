/*
 * Sampling what files mention: see zone_sketch.h. Called by app/file_table.c for every event that
 * is read, so it looks at each byte of a text once.
 */
#include "app/zone_sketch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define LEAST_ID 5     /* characters of an identifier */
#define LEAST_DIGITS 3 /* among them */
#define MOST_ID 64
#define LEAST_TEXT 24 /* of a text that counts as a whole */
#define TEXT_LOOKED_AT ((size_t)2048)
#define OFTEN_MAX ((size_t)4096)

void
zone_sketch_init(struct zone_sketch *sketch)
{
    *sketch = (struct zone_sketch){.limit = UINT64_MAX};
}

void
zone_sketch_release(struct zone_sketch *sketch)
{
    free(sketch->list);
    free(sketch->often);
    zone_sketch_init(sketch);
}

/* ---- the sample ---- */

static int
compare(const void *a, const void *b)
{
    const struct zone_mention *x = a, *y = b;
    if (x->thing != y->thing)
        return x->thing < y->thing ? -1 : 1;
    return x->second == y->second ? 0 : x->second < y->second ? -1 : 1;
}

static int
compare_things(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x == *y ? 0 : *x < *y ? -1 : 1;
}

static bool
is_often(const struct zone_sketch *sketch, uint64_t thing)
{
    return sketch->often_count > 0 && bsearch(&thing, sketch->often, sketch->often_count,
                                              sizeof(*sketch->often), compare_things) != NULL;
}

static void
remember_often(struct zone_sketch *sketch, uint64_t thing)
{
    if (sketch->often_count == OFTEN_MAX)
        return;
    sketch->often = memory_resize(sketch->often, sketch->often_count + 1, sizeof(*sketch->often));
    sketch->often[sketch->often_count++] = thing;
}

/* Sorts, leaves each mention once, and nothing of what occurs too often. */
static void
tidy(struct zone_sketch *sketch)
{
    size_t kept = 0;
    struct zone_mention *list = sketch->list;
    if (sketch->count == 0)
        return;
    qsort(list, sketch->count, sizeof(*list), compare);
    for (size_t from = 0, to; from < sketch->count; from = to) {
        size_t begin = kept;
        for (to = from; to < sketch->count && list[to].thing == list[from].thing; to++)
            if (kept == begin || list[kept - 1].second != list[to].second)
                list[kept++] = list[to];
        if (kept - begin > SKETCH_REPEATS_MAX) {
            remember_often(sketch, list[begin].thing);
            kept = begin;
        }
    }
    sketch->count = kept;
    if (sketch->often_count > 0)
        qsort(sketch->often, sketch->often_count, sizeof(*sketch->often), compare_things);
}

/* Leaves room for as many as are in the sample. */
static void
cut(struct zone_sketch *sketch)
{
    tidy(sketch);
    if (sketch->count <= SKETCH_MENTIONS_MAX)
        return;
    size_t end = SKETCH_MENTIONS_MAX; /* all mentions of a thing, or none */
    while (end > 0 && sketch->list[end].thing == sketch->list[end - 1].thing)
        end--;
    sketch->limit = sketch->list[end].thing - 1;
    sketch->count = end;
}

static void
mention(struct zone_sketch *sketch, uint64_t thing, int64_t second)
{
    if (thing > sketch->limit || is_often(sketch, thing))
        return;
    if (sketch->count == 2 * SKETCH_MENTIONS_MAX)
        cut(sketch);
    sketch->list =
        memory_grow(sketch->list, &sketch->room, sketch->count + 1, sizeof(*sketch->list));
    sketch->list[sketch->count++] = (struct zone_mention){thing, second};
}

/* ---- things in a text ---- */

static uint64_t
mix(uint64_t hash)
{
    hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
    return hash ^ (hash >> 31);
}

/* Even: those with the smallest hashes are a fair sample. */
static uint64_t
hash_of(const char *at, size_t len)
{
    uint64_t hash = len * UINT64_C(0x9e3779b97f4a7c15), piece;
    for (; len >= sizeof(piece); len -= sizeof(piece), at += sizeof(piece)) {
        memcpy(&piece, at, sizeof(piece));
        hash = (hash ^ piece) * UINT64_C(0xbf58476d1ce4e5b9);
        hash ^= hash >> 32;
    }
    piece = 0;
    memcpy(&piece, at, len);
    return mix(hash ^ piece);
}

#define WORD 1
#define DIGIT 2
static const unsigned char kinds[256] = {
    ['0' ... '9'] = WORD | DIGIT,
    ['a' ... 'z'] = WORD,
    ['A' ... 'Z'] = WORD,
    ['-'] = WORD,
    ['_'] = WORD,
    ['.'] = WORD,
};

static bool
is_digit(char c)
{
    return (kinds[(unsigned char)c] & DIGIT) != 0;
}

/* "2026-03-10..." and "20260310...": the same on all clocks of a day, or a time of one of them. */
static bool
is_date(const char *word, size_t len)
{
    static const char *const forms[] = {"dddd-dd-dd", "dddd.dd.dd", "dd-dd-dddd", "dd.dd.dddd"};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        size_t at = 0;
        while (forms[i][at] != '\0' && at < len &&
               (forms[i][at] == 'd' ? is_digit(word[at]) : word[at] == forms[i][at]))
            at++;
        if (forms[i][at] == '\0')
            return true;
    }
    if (len < 8 || (word[0] != '1' && word[0] != '2') || (word[1] != '9' && word[1] != '0'))
        return false;
    for (size_t i = 2; i < 8; i++)
        if (!is_digit(word[i]))
            return false;
    int month = (word[4] - '0') * 10 + word[5] - '0', day = (word[6] - '0') * 10 + word[7] - '0';
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 && (len == 8 || !is_digit(word[8]));
}

static void
mention_words(struct zone_sketch *sketch, struct sv text, int64_t second)
{
    size_t len = text.len < TEXT_LOOKED_AT ? text.len : TEXT_LOOKED_AT;
    for (size_t from = 0, to; from < len; from = to + 1) {
        size_t digits = 0;
        unsigned char kind;
        for (to = from; to < len && (kind = kinds[(unsigned char)text.ptr[to]]) != 0; to++)
            digits += kind >> 1;
        size_t end = to;
        while (end > from && text.ptr[end - 1] == '.') /* of a sentence */
            end--;
        if (digits >= LEAST_DIGITS && end - from >= LEAST_ID && end - from <= MOST_ID &&
            !is_date(text.ptr + from, end - from))
            mention(sketch, hash_of(text.ptr + from, end - from), second);
    }
}

void
zone_sketch_add(struct zone_sketch *sketch, const struct event *event)
{
    bool native = event->time_source == TIME_SOURCE_NATIVE;
    bool assumed = event->time_source == TIME_SOURCE_ASSUMED_ZONE ||
                   event->time_source == TIME_SOURCE_ASSUMED_YEAR;
    if ((!native && !assumed) || event->event_time_ns == TIME_NONE)
        return;
    int64_t second = event->event_time_ns / NS_PER_S;
    if (sketch->native + sketch->assumed == 0)
        sketch->from = sketch->to = second;
    sketch->from = second < sketch->from ? second : sketch->from;
    sketch->to = second > sketch->to ? second : sketch->to;
    sketch->native += native;
    sketch->assumed += assumed;
    struct sv text = event->body.len > 0 ? event->body : event->title;
    mention_words(sketch, text, second);
    mention_words(sketch, event->attributes, second); /* what was taken off the head of a line */
    mention_words(sketch, event->host, second);
    if (text.len >= LEAST_TEXT && text.len <= TEXT_LOOKED_AT)
        mention(sketch, hash_of(text.ptr, text.len), second);
    if (event->trace_id.len > 0)
        mention(sketch, hash_of(event->trace_id.ptr, event->trace_id.len), second);
    if (event->correlation_key.len > 0)
        mention(sketch, hash_of(event->correlation_key.ptr, event->correlation_key.len), second);
}

void
zone_sketch_close(struct zone_sketch *sketch)
{
    cut(sketch);
    free(sketch->often);
    sketch->often = NULL;
    sketch->often_count = 0;
    assert(sketch->count <= SKETCH_MENTIONS_MAX);
    if (sketch->count > 0)
        sketch->list = memory_resize(sketch->list, sketch->count, sizeof(*sketch->list));
    sketch->room = sketch->count;
}

bool
zone_sketch_assumed(const struct zone_sketch *sketch)
{
    return sketch->assumed > sketch->native;
}
