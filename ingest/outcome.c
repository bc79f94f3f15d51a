/*
 * Outcomes: see outcome.h.
 */
#include "ingest/outcome.h"

enum outcome
record_outcome(const struct record *record, const struct decode_options *options,
               struct event_sink *sink, struct decode_result *ret_result)
{
    struct decode_result refused = {.status = DECODE_BAD};
    *ret_result = (struct decode_result){.status = DECODE_OK};
    if (record->value.ptr == NULL)
        return OUTCOME_TOMBSTONE;
    if (record->value.len == 0) {
        refused.reason = QUARANTINE_EMPTY_VALUE;
        refused.detail = SV("the value has no bytes");
    } else if (record->value.len > RECORD_BYTES_MAX) {
        refused.reason = QUARANTINE_TOO_LARGE;
        refused.detail = arena_printf(sink->arena, "%zu bytes; the limit is %zu", record->value.len,
                                      RECORD_BYTES_MAX);
    } else {
        *ret_result = decode_record(record, options, sink);
        if (ret_result->status == DECODE_OK)
            return sink->count > 0 ? OUTCOME_STORED : OUTCOME_EMPTY;
        return OUTCOME_QUARANTINED;
    }
    *ret_result = refused;
    return OUTCOME_QUARANTINED;
}
