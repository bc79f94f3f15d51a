/*
 * The registry: one entry a format. What a decoder claims is data in its entry: which signs make it
 * be asked, what it bids at most, and the namespace of the names that it gives. Entries of the
 * program (table.c) and entries made at run time are alike; all are added on one thread while
 * nobody decodes, and live as long as they are in it with all that they point to.
 */
#ifndef INGEST_DECODE_CORE_REGISTRY_H
#define INGEST_DECODE_CORE_REGISTRY_H

#include "hindcast/decoder.h"
#include "ingest/parse/tape.h"

struct probe;

/* What bid() and decode() look at. */
enum decoder_reads {
    READS_TREE, /* probe->json, jansson's tree: convenient */
    READS_TAPE, /* probe->tape: for what comes by the million */
    READS_TEXT, /* probe->body */
};

struct decoder {
    struct decoder_info info;
    enum decoder_reads reads;
    bool reads_bytes;  /* and what is neither JSON nor text: probe->bytes, without a tape. Asked
                        * before all others about what begins with one of info.first. */
    bool ids_identify; /* identities of log events count too */
    bool general;      /* reads whatever nobody knows: an envelope's name says more */
    bool envelope;     /* opened also where the format of what is inside is told */
    int (*bid)(const struct probe *probe);
    /* 0, or -1 after decode_bad(). */
    int (*decode)(const struct probe *probe, struct event_sink *sink, struct decode_result *result);
    /* The fields that bid() and decode() ask a tape for; ends with NULL. */
    struct field_list *const *lists;
    const void *own; /* of an entry whose functions serve others too: probe->decoder->own */
};

/*
 * The lists of fields of a file, each named once. #define FIELDS(LIST) LIST(times, "time|ts") ...
 * and FIELD_LISTS(FIELDS); make a static struct field_list of each, and `lists`, the table of all.
 */
#define FIELD_LIST(name, text) static struct field_list name = {.paths = text};
#define FIELD_LIST_PLACE(name, text) &(name),
#define FIELD_LISTS(all)                                                                           \
    all(FIELD_LIST) static struct field_list *const lists[] = {all(FIELD_LIST_PLACE) NULL}

/* False when there is an entry of that name. Asserts that the entry is complete. */
bool registry_add(const struct decoder *decoder);
/* Nobody decodes, and what was made of the entries (bidding.h) was forgotten. */
void registry_clear(void);
size_t registry_count(void);
/* In the order in which they were added. */
const struct decoder *registry_at(size_t place);
/* By name, or NULL. */
const struct decoder *decoder_find(struct sv name);

#endif
