/*
 * The last step of decoding: uids, limits, repair and plausibility. Called by decode_record for the
 * events of one record; pure function of the record, the options and the events.
 */
#ifndef INGEST_NORMALIZE_H
#define INGEST_NORMALIZE_H

#include "hindcast/decoder.h"

/* events[0..count) are all events of the record, in order. `ids_identify(format)`: whether the
 * identity of log events of this format counts. False: one belongs to no scope that is allowed, and
 * the record goes to quarantine; *ret_detail says why. */
bool normalize_events(const struct record *record, const struct decode_options *options,
                      struct arena *arena, bool (*ids_identify)(struct sv format),
                      struct event *events, size_t count, struct sv *ret_detail);

#endif
