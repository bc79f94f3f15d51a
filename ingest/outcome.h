/*
 * What becomes of one record: the step between reading and storing, the same for records that come
 * from Kafka and for stored ones that are read again. Pure; the thread of the caller.
 */
#ifndef INGEST_OUTCOME_H
#define INGEST_OUTCOME_H

#include "hindcast/batch.h"

/*
 * Decodes into the sink, which is to be empty, and tells the outcome; *ret_result says why where it
 * is quarantine. The sink's events count with OUTCOME_STORED only.
 */
enum outcome record_outcome(const struct record *record, const struct decode_options *options,
                            struct event_sink *sink, struct decode_result *ret_result);

#endif
