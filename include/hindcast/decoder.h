/*
 * Decoders: bytes to events. One file per format in ingest/decode/<kind>/ with its entry, its name
 * in decoders.def, and fixtures in tests/fixtures/<kind>/<format>/; everything else (detection,
 * `hindcast formats`, docs/formats.md, golden tests, fuzzers) derives from the entries.
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
#include "base/zone/zone.h"
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
    struct sv scope;    /* absent: "default" */
    struct sv scope_by; /* where a record names it instead, see ingest/scope.h; absent: nowhere */
    struct sv scopes;   /* those that it may name, separated by commas or blanks */
    struct sv format;   /* absent: detect */
    const struct zone *zone; /* of times that name none; NULL: UTC */
    struct sv default_service;
    struct sv default_environment;
    bool dedup_native; /* log lines are identified by what their source calls them, where it does */
    bool shows_names;  /* tells what it calls them, also where that does not identify them */
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

/* What a decoder is and what it claims. */
struct decoder_info {
    const char *name;     /* a C identifier; the word in configuration, headers, the database */
    const char *identity; /* the namespace of the names it gives to events. Names of stored
                           * events contain it: never to be changed, whatever it is named. */
    const char *title;    /* what it reads, for people */
    const char *kinds;    /* e.g. "alert" or "log" */
    const char *identified_by; /* what in it names an event; "native": with dedup = native only */
    const char *reference;     /* where the format is described */
    const char *signs;  /* JSON: what must be there to be asked, see signs.h; NULL: nothing */
    const char *header; /* its presence is a sign, too, whatever the value is; or NULL */
    const char *first;  /* text: bytes it may begin with, "<0-9"; NULL: any */
    int highest;        /* bid it ever makes: who cannot win is not asked */
};
/* The registry in its order, for `hindcast formats`, docs and tests. Any thread. */
size_t decoder_count(void);
const struct decoder_info *decoder_info_at(size_t place);

/* Why a decoder was asked, or not. */
enum decoder_why {
    BID_ASKED = 0,    /* it has its signs in the record */
    BID_TOO_LATE = 1, /* it has, but could not win any more */
    BID_UNASKED = 2,  /* it has not */
};
struct decoder_bid {
    const struct decoder_info *decoder;
    unsigned round; /* each part of a record that is detected by itself is bid on by itself */
    int bid;
    enum decoder_why why;
};
/* Cleared, and `everyone` set or not, by who wants to know; the list is in the sink's arena. */
struct decoder_bids {
    bool everyone; /* ask those as well that are not asked otherwise */
    struct decoder_bid *list;
    size_t count, size;
    unsigned rounds;
    size_t compared; /* signs that were compared with the record */
};
/* decode_record(), and who bid what. */
struct decode_result
decode_record_bids(const struct record *record, const struct decode_options *options,
                   struct event_sink *sink, struct decoder_bids *bids);
/*
 * SHA-256 over what the decoders of the program claim, its maps and its formats of lines; and over
 * that and the files that people added (format_files.h) as they are in use: two processes that have
 * it in common ask the same decoders for the same records.
 */
void decoders_program(struct sha256 *ret_digest);
void decoders_digest(struct sha256 *ret_digest);
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
