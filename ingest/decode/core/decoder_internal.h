/*
 * What the decoders share: the probe they bid on, the table's entries, and small helpers. Internal
 * to ingest/decode/. Everything lives in the arena of the batch; the JSON tree of the probe lives
 * until the record is decoded.
 */
#ifndef INGEST_DECODE_DECODER_INTERNAL_H
#define INGEST_DECODE_DECODER_INTERNAL_H

#include "hindcast/decoder.h"
#include "ingest/parse/json.h"
#include "ingest/parse/severity.h"
#include "ingest/parse/tape.h"
#include "ingest/parse/text.h"
#include "ingest/parse/times.h"

/* What is costly to find out about a (part of a) record, found out once. */
struct probe {
    struct arena *arena;
    const struct record *record;
    const struct decode_options *options;
    struct sv body;               /* the bytes without frame, byte order mark and blanks around */
    const struct tape *tape;      /* when the body is a JSON object; else NULL */
    const json_t *json;           /* the same as a tree, for decoders that read one; else NULL */
    int depth;                    /* envelopes around it */
    size_t element;               /* 1 + place in the array it comes from, 0: not from an array */
    const struct event *envelope; /* what the envelope around it says, or NULL */
    bool in_cloudevent;           /* the CloudEvents headers of the record are already used */
};

/* What bid() and decode() look at. */
enum decoder_reads {
    READS_TREE, /* probe->json, jansson's tree: convenient */
    READS_TAPE, /* probe->tape: for what comes by the million */
    READS_TEXT, /* probe->body */
};

struct decoder {
    const char *name;
    enum decoder_reads reads;
    int highest;       /* bid it ever makes: who cannot win is not asked */
    bool ids_identify; /* identities of log events count too */
    int (*bid)(const struct probe *probe);
    /* 0, or -1 after decode_bad(). */
    int (*decode)(const struct probe *probe, struct event_sink *sink, struct decode_result *result);
    /* READS_TREE: a cheap look, so that the tree is made only for a bid that may be above 0. */
    bool (*may)(const struct tape *tape);
    /* All lists of fields that the functions above ask a tape for; ends with NULL. */
    struct field_list *const *lists;
};

#define DECODER(name, title, kinds, identity, reference) extern const struct decoder decoder_##name;
#include "hindcast/decoders.def"
#undef DECODER

/* By name, or NULL. */
const struct decoder *decoder_find(struct sv name);
/* Before the first record, on one thread. */
void decoders_register(void);
/* Who bids highest; 0, or -1 after decode_bad(). */
int decoder_by_bids(struct probe *probe, const struct decoder **ret_winner,
                    struct decode_result *result);
/* Gives a probe with a tape its tree, if it has none. 0, or -1 after decode_bad(). */
int probe_make_tree(struct probe *probe, struct decode_result *result);

/* Fills in a bad result and returns -1. `detail` is static text. */
int decode_bad(struct decode_result *result, enum quarantine_reason reason, const char *detail);
/* The sink is full. */
int decode_full(struct decode_result *result);

/* Unwrap and decode bytes or a tree found inside a record; see detect.c. */
int decode_bytes(const struct probe *outer, struct sv bytes, struct event_sink *sink,
                 struct decode_result *result);
int decode_tree(const struct probe *outer, const json_t *tree, struct event_sink *sink,
                struct decode_result *result);
/* The same of JSON as text. */
int decode_json(const struct probe *outer, struct sv text, struct event_sink *sink,
                struct decode_result *result);

/*
 * Lists in one record (elements.c). An element that is refused becomes a log event that holds its
 * text and says why, in its place, so that the numbers of the others stay. element_decode() and
 * element_refused() return -1 only where the record is full; element_list_end() where no element
 * could be read, with the reason of the first.
 */
struct element_list {
    size_t sink_from; /* count of the sink before the element */
    size_t read, refused;
    struct decode_result first;
};
int element_decode(struct element_list *list, const struct probe *probe, struct sv text,
                   struct event_sink *sink, struct decode_result *result);
/* Whoever decodes elements in another way: after decode_bad(), with `sink_from` set before. */
int element_refused(struct element_list *list, const struct probe *probe, struct sv text,
                    struct event_sink *sink, struct decode_result *result);
int element_list_end(const struct element_list *list, struct decode_result *result);
/* An array that is deeper than the limit: some of its elements may not be. */
int decode_deep_array(const struct probe *outer, struct sv text, struct event_sink *sink,
                      struct decode_result *result);

extern struct field_list *const unwrap_lists[];
/* Envelopes: tried before decoders bid. 1 handled, 0 not an envelope, -1 bad. */
int unwrap_tape(const struct probe *probe, struct event_sink *sink, struct decode_result *result);
int unwrap_text(const struct probe *probe, struct event_sink *sink, struct decode_result *result);
/* Give the events from `from` on what they lack and the envelope knows. */
void fill_from_envelope(struct event_sink *sink, size_t from, const struct event *envelope);

/* The time the body has outside its bytes: its envelope's, else the hindcast-time header, else the
 * file's, else Kafka's, else TIME_NONE. */
int64_t probe_near_ns(const struct probe *probe);

/* For a source that calls the event nothing: all that it tells names it, if that has a time. `told`
 * is what it tells of this event alone. */
void event_name_by_content(const struct probe *probe, const json_t *told, struct event *event);

#define PICK(paths) tree_pick(probe->arena, probe->json, (paths))
#define TAPE_PICK(list) tape_pick(probe->arena, probe->tape, &(list))
/* Reads the first path that holds a time into the event; false when none does. */
bool event_pick_time(const struct probe *probe, const json_t *object, const char *paths,
                     struct event *event);
bool event_tape_time(const struct probe *probe, const struct field_list *list, struct event *event);

#endif
