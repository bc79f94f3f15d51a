/*
 * Decoders: bytes to events. One file per format in ingest/decode/<kind>/, one line in
 * decoders.def, and fixtures in tests/fixtures/<kind>/<format>/; everything else (detection,
 * `hindcast formats`, docs/formats.md, golden tests, fuzzers) derives from the table.
 *
 * Each decoder *bids* on a record: 0 is "not mine", 100 is "certain from the bytes alone". The
 * highest bid decodes; ties go to the earlier line of decoders.def. Bids look at the probe, which
 * holds what is costly to find out (is it JSON, which headers), and must not allocate beyond the
 * arena. A configuration or header may fix the format per topic; then nobody bids.
 *
 * decode() appends events to the sink. It is a pure function of the record and the options: no
 * clock, no state. It fills what the record says and leaves the rest empty; scope, uid, limits,
 * UTF-8 repair and plausibility of times are normalize's. It reports a bad record by
 * DECODE_BAD with a reason; nothing emitted before that counts.
 */
#ifndef HINDCAST_DECODER_H
#define HINDCAST_DECODER_H

#include "base/arena.h"
#include "hindcast/event.h"
#include "hindcast/record.h"

enum decode_status {
    DECODE_OK = 0,  /* 0..n events emitted; 0 = the record holds none ("empty") */
    DECODE_BAD = 1, /* quarantine with reason and detail */
};

/* Why a record is in quarantine; the closed list of evidence.quarantine.reason. */
enum quarantine_reason {
    QUARANTINE_NONE = 0,
#define QUARANTINE(name, word, meaning) QUARANTINE_##name,
#include "hindcast/quarantine.def"
#undef QUARANTINE
};
const char *quarantine_word(enum quarantine_reason reason);

/* How times without zone or year are read, and defaults a topic declares. */
struct decode_options {
    struct sv scope;          /* absent: "default" */
    struct sv format;         /* absent: detect */
    int32_t assumed_offset_s; /* zone of times without one, east of UTC; default 0 = UTC */
    struct sv default_service;
    struct sv default_environment;
    bool dedup_native; /* log lines are identified by what their source calls them, where it does */
    bool ignore_headers; /* decode as if the record had none */
};

struct event_sink {
    struct arena *arena; /* of the batch */
    struct event *events;
    size_t count, size;
    size_t max; /* EVENTS_PER_RECORD_MAX */
};

/* A cleared event at the end of the sink, or NULL when the record exceeds the limit. */
struct event *event_sink_add(struct event_sink *sink);

struct decode_result {
    enum decode_status status;
    enum quarantine_reason reason;
    struct sv format; /* who decoded it, or the best guess */
    struct sv detail; /* one line for people; never the record's own secrets */
};

/*
 * The whole way from a record to normalized events: unwrap, detect, decode, normalize. Tombstones
 * must not be passed in. Returns by value; the sink's events are valid only when status is
 * DECODE_OK.
 */
struct decode_result decode_record(const struct record *record,
                                   const struct decode_options *options, struct event_sink *sink);

/* The table, for `hindcast formats`, docs and tests. Ends with a NULL name. */
struct decoder_info {
    const char *name;
    const char *title;
    const char *kinds;     /* e.g. "alert" or "log" */
    const char *identity;  /* what identifies an event; "native": with dedup = native only */
    const char *reference; /* where the format is described */
};
const struct decoder_info *decoder_table(void);
/* Fills the tables that decode_record() reads, which it does itself for the first record. For who
 * starts threads: they find them filled. */
void decoders_ready(void);

/* Limits on what a sender controls; documented in docs/operations.md, each with a test. */
#define RECORD_BYTES_MAX ((size_t)8 * 1024 * 1024) /* larger values are quarantined */
#define EVENTS_PER_RECORD_MAX ((size_t)10000)
#define JSON_DEPTH_MAX 64
#define UNWRAP_DEPTH_MAX 4
#define FIELD_BYTES_MAX ((size_t)1024) /* service, host, actor, keys ... */
#define TITLE_BYTES_MAX ((size_t)1024)
#define BODY_BYTES_MAX ((size_t)64 * 1024)
#define ATTRIBUTES_BYTES_MAX ((size_t)64 * 1024)
#define FUTURE_MAX_NS NS_PER_DAY /* an event at most this after its Kafka time */

#endif
