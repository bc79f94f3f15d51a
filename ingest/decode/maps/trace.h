/*
 * What was used of maps and of a record: noted for `hindcast formats --check`. Nobody else has one;
 * then each of these costs a comparison. One thread.
 */
#ifndef INGEST_DECODE_MAPS_TRACE_H
#define INGEST_DECODE_MAPS_TRACE_H

#include "ingest/decode/maps/value.h"

/* What filled a key of the event that is looked at. */
struct map_used {
    const struct map_expr *expr; /* NULL: nothing */
    const struct map_alternative *alternative;
    struct sv text, source; /* as in map_result, of the arena of the record */
    const struct json_node *node;
};

struct map_trace {
    bool *words;        /* by number: map_word_count() of them */
    bool *alternatives; /* by number: map_alternative_count() of them */
    struct map_used keys[MAP_KEYS];
    size_t events;                 /* how many were read; `keys` are of the first */
    struct json_node *element;     /* of the first */
    const struct json_node **seen; /* values that paths led to, in the first */
    size_t seen_count, seen_size;
};

void map_trace_seen_value(struct map_trace *trace, const struct json_node *value);
static inline void
map_trace_seen(struct map_trace *trace, const struct json_node *value)
{
    if (trace != NULL)
        map_trace_seen_value(trace, value);
}

static inline void
map_trace_word(struct map_trace *trace, const struct map_word *word)
{
    if (trace != NULL && word != NULL)
        trace->words[word->number] = true;
}

static inline void
map_trace_alternative(struct map_trace *trace, const struct map_alternative *alternative)
{
    if (trace != NULL)
        trace->alternatives[alternative->number] = true;
}

void map_trace_key_used(struct map_trace *trace, struct arena *arena, enum map_key key,
                        const struct map_expr *expr, const struct map_result *result);

/* An event is about to be read from the element. */
static inline void
map_trace_event(struct map_trace *trace, struct json_node *element)
{
    if (trace == NULL)
        return;
    if (trace->events++ == 0)
        trace->element = element;
}

#endif
