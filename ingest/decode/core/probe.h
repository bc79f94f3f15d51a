/*
 * A probe: a record, or a part of one, and what is costly to find out about it, found out once.
 * Decoders bid on it and read it. Everything lives in the arena of the batch; the JSON tree lives
 * until the probe is decoded.
 */
#ifndef INGEST_DECODE_CORE_PROBE_H
#define INGEST_DECODE_CORE_PROBE_H

#include "hindcast/decoder.h"
#include "ingest/parse/json.h"
#include "ingest/parse/tape.h"
#include "ingest/parse/times.h"

struct decoder;
struct json_node;

/* Who read the first element of a list that it knew, and reads those that nobody knows. */
struct list_reader {
    const struct decoder *decoder; /* NULL: nobody so far */
    const void *own;               /* of the decoder */
};

struct probe {
    struct arena *arena;
    const struct record *record;
    const struct decode_options *options;
    struct sv bytes;               /* without frame and byte order mark */
    const struct zone *zone;       /* of times that name none: record_zone() */
    struct sv body;                /* the bytes without frame, byte order mark and blanks around */
    const struct tape *tape;       /* when the body is a JSON object; else NULL */
    const json_t *json;            /* the same as a tree, for decoders that read one; else NULL */
    struct json_node **nodes;      /* where probe_nodes() keeps what it made, or NULL */
    int depth;                     /* envelopes around it */
    size_t element;                /* 1 + place in the array it comes from, 0: not from an array */
    struct list_reader *list;      /* of the array it comes from, or NULL */
    const struct event *envelope;  /* what the envelope around it says, or NULL */
    const struct decoder *decoder; /* who is asked, or decodes it */
    int bid;                       /* what the winner bid */
    struct probe_memo *memo;       /* what was found out about it, or NULL: nothing is kept */
    struct decoder_bids *bids;     /* where bids are noted, or NULL */
    bool inside;                   /* of a line: formats that were told are for what is around it */
    bool in_cloudevent;            /* the CloudEvents headers of the record are already used */
};

/*
 * What is costly to find out is found out once, though several bid on it: whoever finds it leaves
 * it under a key of his own (any address), for as long as the probe is bid on and decoded.
 */
#define PROBE_MEMO_MAX 4
struct probe_memo {
    const void *keys[PROBE_MEMO_MAX], *found[PROBE_MEMO_MAX];
    size_t count;
};
const void *probe_found(const struct probe *probe, const void *key);
void probe_keep(const struct probe *probe, const void *key, const void *found);

/* Gives a probe with a tape its tree, if it has none. 0, or -1 after decode_bad(). */
int probe_make_tree(struct probe *probe, struct decode_result *result);
/* The same as nodes (ingest/parse/nodes.h), made once; NULL where there is no tape. */
struct json_node *probe_nodes(const struct probe *probe);

/* Is it of use what the source calls a log line? It counts as its name where the options say so. */
static inline bool
probe_names_lines(const struct probe *probe)
{
    return probe->options->dedup_native || probe->options->shows_names;
}

/* The time the body has outside its bytes: its envelope's, else the hindcast-time header, else the
 * file's, else Kafka's, else TIME_NONE. */
int64_t probe_near_ns(const struct probe *probe);

/* The zone of times that name none: what was told for the file the record comes from, if that is a
 * zone, else the topic's. */
const struct zone *record_zone(const struct record *record, const struct decode_options *options);
/* All that is known about the time of the body outside its text. */
struct time_hints probe_hints(const struct probe *probe);

/* For a source that calls the event nothing: all that it tells names it, if that has a time. `told`
 * is what it tells of this event alone. */
void event_name_by_content(const struct probe *probe, const json_t *told, struct event *event);
/* The same by the bytes: cheaper, but other blanks or another order of keys make another name. */
void event_name_by_bytes(const struct probe *probe, struct sv told, struct event *event);
/* The same of an event with a time, by a digest of all that is told. */
void event_name_by_digest(const struct probe *probe, struct sv digest, struct event *event);

#define PICK(paths) tree_pick(probe->arena, probe->json, (paths))
#define TAPE_PICK(list) tape_pick(probe->arena, probe->tape, &(list))
/* Reads the first path that holds a time into the event; false when none does. */
bool event_pick_time(const struct probe *probe, const json_t *object, const char *paths,
                     struct event *event);
bool event_tape_time(const struct probe *probe, const struct field_list *list, struct event *event);

#endif
