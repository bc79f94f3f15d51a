/*
 * Attributes of OpenTelemetry's records as JSON, written into the batch's buffer, and those among
 * them that are fields of events. Private to otlp_event.c and the resource's part of the readers.
 */
#ifndef INGEST_DECODE_LOG_OTLP_ATTRIBUTES_H
#define INGEST_DECODE_LOG_OTLP_ATTRIBUTES_H

#include "ingest/decode/log/otlp.h"

/* Attributes that are fields of events, as the conventions of OpenTelemetry call them. */
struct otlp_known {
    struct sv service, host, environment, uid, status;
    struct sv type, message, trace; /* of an exception */
};

/* `{`, what is put, and `}`: the object; absent when nothing was put. */
void otlp_begin(struct otlp_batch *batch);
struct sv otlp_end(struct otlp_batch *batch);
void otlp_put_text(struct otlp_batch *batch, const char *name, struct sv text);
/* A number as the source wrote it; what is none becomes a string, nothing where it is absent. */
void otlp_put_number(struct otlp_batch *batch, const char *name, struct sv text);
/* `depth`: lists around it. */
void otlp_put_value(struct otlp_batch *batch, const struct otlp_value *value, int depth);
/* The attributes of a record, except the stack trace, which goes to the body. */
void otlp_put_record(struct otlp_batch *batch, struct otlp_list list, struct otlp_known *known);
/* Scope and resource. */
void otlp_put_batch(struct otlp_batch *batch);
/* Absent, or what stands in when an SDK was told no name: "unknown_service:java". */
bool otlp_no_name(struct sv service);

#endif
