/*
 * What was used of maps and of a record: noted for `hindcast formats --check`. Nobody else has one;
 * then each of these costs a comparison. One thread.
 */
#ifndef INGEST_DECODE_MAPS_TRACE_H
#define INGEST_DECODE_MAPS_TRACE_H

#include "ingest/decode/maps/shape.h"
#include "ingest/decode/maps/value.h"

#define SEEN_EVENTS 20

/* What filled a key of the first event. */
struct map_used {
    const struct map_expr *expr;               /* NULL: the shape does not have the key */
    const struct map_alternative *alternative; /* NULL: none gave what was wanted */
    struct sv text, source; /* as in map_result; where none did, what the first path leads to */
};

struct map_trace {
    const struct map_file *file; /* whose shapes are watched; set by the owner */
    bool *words;                 /* by number: map_word_count() of them; so too */
    bool *alternatives;          /* by number: map_alternative_count() of them; so too */
    size_t events;               /* how many were read */
    size_t in_record;            /* of them in this record */
    /* Of the first event of the record; texts live as long as that. */
    bool watching;
    const struct map_shape *shape;
    const struct map_when *when; /* the line that held; NULL: reached by `also` */
    struct json_node *element;
    struct map_used keys[MAP_KEYS];
    const struct json_node **seen; /* values that paths led to in the first SEEN_EVENTS */
    size_t seen_count, seen_size;
};

/* Cleared: the next event is a first one. What was used stays. */
void map_trace_next(struct map_trace *trace);
void map_trace_release(struct map_trace *trace); /* what it took itself */

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

void map_trace_key_used(struct map_trace *trace, enum map_key key, const struct map_expr *expr,
                        const struct map_result *result);

void map_trace_key_missing(struct map_trace *trace, enum map_key key, const struct map_expr *expr,
                           struct sv source);

/* An event is about to be read from the element. */
void map_trace_event(struct map_trace *trace, const struct map_shape *shape,
                     const struct map_when *when, struct json_node *element);

/* Who notes what maps of this thread do from now on; NULL: nobody. */
void map_trace_set(struct map_trace *trace);
struct map_trace *map_trace_now(void);

#endif
