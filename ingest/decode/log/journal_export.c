/*
 * Entries of the journal in its export format: each becomes a JSON object, as journalctl -o json
 * would write it, and is decoded as that.
 */
#include "ingest/parse/journal_export.h"

#include "base/text/json_pairs.h"
#include "base/text/utf8.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/decode/core/detect.h"

#define FIELDS_MAX 256

static int
bid(const struct probe *probe)
{
    return probe->tape == NULL && journal_is_export(probe->body) ? 96 : 0;
}

static int
decode_entry(const struct probe *probe, struct sv entry, struct event_sink *sink,
             struct decode_result *result)
{
    struct json_pair pairs[FIELDS_MAX];
    struct sv name, value;
    size_t count = 0, from = sink->count;
    while (count < FIELDS_MAX && journal_next(&entry, &name, &value))
        pairs[count++] = (struct json_pair){name, utf8_repair(probe->arena, value)};
    struct sv object = json_pairs(probe->arena, pairs, count);
    if (sv_empty(object))
        return 0;
    struct probe within = *probe;
    within.inside = true;
    if (decode_json(&within, object, sink, result) != 0)
        return -1;
    for (size_t i = from; i < sink->count; i++)
        if (sv_eq(sink->events[i].format, SV("json")))
            sink->events[i].format = SV("journal_export");
    return 0;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct sv rest = probe->bytes;
    while (!sv_empty(sv_trim(rest))) {
        size_t length = journal_entry_length(rest);
        length = length == 0 ? rest.len : length;
        if (decode_entry(probe, sv_slice(rest, 0, length), sink, result) != 0)
            return -1;
        rest = sv_slice(rest, length, rest.len);
    }
    result->format = SV("journal_export");
    return 0;
}

const struct decoder decoder_journal_export = {
    .info = {.name = "journal_export",
             .identity = "journald",
             .title = "the journal's export format",
             .kinds = "log",
             .identified_by = "native: `__CURSOR`",
             .reference = "https://systemd.io/JOURNAL_EXPORT_FORMATS/",
             .first = "_",
             .highest = 96},
    .reads = READS_TEXT,
    .bid = bid,
    .decode = decode,
};
