/*
 * What wraps records on their way: messages of queues, dumps of topics, requests of webhooks. An
 * envelope is a decoder that hands what is inside to detection (see detect.h) and lets what it says
 * itself stand in for what that lacks. It bids below what knows the whole, and above what knows any
 * JSON.
 *
 * Ownership as in probe.h: everything lives in the arena of the batch.
 */
#ifndef INGEST_DECODE_ENVELOPE_ENVELOPE_H
#define INGEST_DECODE_ENVELOPE_ENVELOPE_H

#include "ingest/decode/core/decoder_internal.h"

/* What an envelope says. */
struct envelope {
    struct event event; /* stands in for what is lacking; its kind is that of what nobody but a
                           general decoder can read, EVENT_NO_KIND leaves it */
    const struct record *record; /* whose headers count inside; NULL: the probe's */
};

/*
 * Decodes the bytes of any record. Events that only a general decoder could read get the name of
 * the envelope's format. Bytes that cannot be read become one event that holds them as text, unless
 * a limit was passed. Nothing inside is not an event. 0, or -1 after decode_bad().
 */
int envelope_open(const struct probe *probe, struct sv inside, const struct envelope *envelope,
                  struct event_sink *sink, struct decode_result *result);
/* The value as bytes: a string's text, from base64 where `base64` says so and that is what it is;
 * anything else as it stands. SV_NONE for null. */
struct sv envelope_bytes(struct arena *arena, const struct tape_value *value, bool base64);

/* The record with more headers before its own, as many as a record may have. */
struct envelope_headers {
    struct header list[RECORD_HEADERS_MAX];
    size_t count;
};
/* Those that hindcast's loader writes are not taken over; "ce-id" of HTTP is "ce_id" of Kafka. */
void envelope_add_header(struct arena *arena, struct envelope_headers *headers, struct sv name,
                         struct sv value);
/* Of an object {name: value or [value]}, or a list of {name|key, value}. */
void envelope_add_headers(struct arena *arena, struct envelope_headers *headers, struct sv json);
const struct record *envelope_record(struct arena *arena, const struct record *record,
                                     const struct envelope_headers *headers);

#endif
