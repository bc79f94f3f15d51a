/*
 * OpenTelemetry's log records, spans and data points, whichever of its two encodings they come in
 * (otlp_wire.c: Protocol Buffers, otlp_json.c: JSON). Both readers fill the same structs and
 * otlp_event.c makes events of them, so that both encodings of a batch give equal events.
 *
 * Scalars are text already, as JSON writes them: ids in lower-case hexadecimal, numbers without an
 * exponent where one can be avoided, bytes in base64. Lists are left where they lie and are read by
 * the functions of their encoding, one entry a call: a batch costs memory for its events only.
 */
#ifndef INGEST_DECODE_LOG_OTLP_H
#define INGEST_DECODE_LOG_OTLP_H

#include "base/strbuf.h"
#include "ingest/decode/core/probe.h"

#define OTLP_NESTING_MAX 12 /* of lists in values; deeper: the record is quarantined */

enum otlp_kind {
    OTLP_NONE,
    OTLP_STRING, /* and bytes, and numbers that JSON has none for: NaN, Infinity */
    OTLP_NUMBER,
    OTLP_BOOL,
    OTLP_ARRAY,
    OTLP_MAP,
};

/* Entries of one field of a message, or the inside of an array. */
struct otlp_list {
    struct sv rest;
    uint32_t field;
};

struct otlp_value {
    enum otlp_kind kind;
    struct sv text;
    struct otlp_list list; /* of an array or a map */
};

struct otlp_pair {
    struct sv key;
    struct otlp_value value;
};

/* An event of a span, e.g. an exception. */
struct otlp_moment {
    struct sv time, name;
    struct otlp_list attributes;
};

/* How lists of an encoding are read. False at the end. */
struct otlp_form {
    bool (*pair)(struct arena *arena, struct otlp_list *list, struct otlp_pair *ret_pair);
    bool (*value)(struct arena *arena, struct otlp_list *list, struct otlp_value *ret_value);
    bool (*moment)(struct arena *arena, struct otlp_list *list, struct otlp_moment *ret_moment);
};

/* Times are epochs in nanoseconds, severities, kinds and codes numbers or their names; each as
 * text, absent or "0" when the source left it out. */
struct otlp_log {
    struct sv time, observed, severity, severity_text, trace_id, span_id, event_name;
    struct otlp_value body;
    struct otlp_list attributes;
};

struct otlp_span {
    struct sv trace_id, span_id, parent_id, name, kind, start, end, status, status_message;
    struct otlp_list attributes, moments;
};

struct otlp_point {
    struct sv name, unit, type; /* type: "sum", "gauge", "histogram" ... */
    struct sv time, start, value, count, sum, min, max;
    struct otlp_list attributes;
};

/* Who emits: what the resource and the scope around the records say. */
struct otlp_batch {
    const struct probe *probe;
    struct event_sink *sink;
    struct decode_result *result;
    const struct otlp_form *form;
    struct strbuf json; /* where attributes are written */
    struct sv service, host, environment;
    struct sv resource; /* its other attributes as a JSON object, or absent */
    struct sv scope;
    bool too_deep;
};

/* Each returns 0, or -1 after decode_bad(). */
int otlp_take_resource(struct otlp_batch *batch, struct otlp_list attributes);
int otlp_add_log(struct otlp_batch *batch, const struct otlp_log *log);
int otlp_add_span(struct otlp_batch *batch, const struct otlp_span *span);
int otlp_add_point(struct otlp_batch *batch, const struct otlp_point *point);

/* True if it is an export of logs, traces or metrics in Protocol Buffers, by its whole structure.
 */
bool otlp_is_wire(struct sv bytes);
/* All of a batch. 0, or -1 after decode_bad(). */
int otlp_read_wire(struct otlp_batch *batch, struct sv bytes);
int otlp_read_json(struct otlp_batch *batch, struct sv text);

/* Numbers as text, alike in both encodings. */
struct sv otlp_unsigned(struct arena *arena, uint64_t value);
struct sv otlp_integer(struct arena *arena, int64_t value);
struct otlp_value otlp_double(struct arena *arena, double value);

#endif
