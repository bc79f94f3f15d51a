/*
 * Rows of a CSV export whose header line is known (HEADER_COLUMNS, what the loader writes): each
 * row becomes a JSON object of its columns and is decoded as one, by whoever knows such an object.
 * The header line itself is not an event.
 */
#include "ingest/parse/csv.h"
#include "base/text/json_pairs.h"
#include "base/text/utf8.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/decode/core/detect.h"
#include "ingest/parse/csv_header.h"
#include "ingest/parse/flow_fields.h"

/* What the loader found; a line of W3C fields begins with '#', flow logs have their own reader. */
static bool
ours(const struct probe *probe, struct sv *ret_columns)
{
    *ret_columns = sv_trim(record_header(probe->record, HEADER_COLUMNS));
    return !sv_empty(*ret_columns) && (*ret_columns).ptr[0] != '#' &&
           !flow_fields_named(*ret_columns);
}

static int
bid(const struct probe *probe)
{
    struct sv columns;
    return probe->tape == NULL && ours(probe, &columns) ? 94 : 0;
}

/* Exports of log systems call the level "Status"; elsewhere a status is another thing. */
static struct sv
level_in_status(const struct json_pair *pairs, size_t count)
{
    struct sv status = SV_NONE;
    for (size_t i = 0; i < count; i++) {
        if (sv_eq_nocase(pairs[i].key, SV("level")) || sv_eq_nocase(pairs[i].key, SV("severity")))
            return SV_NONE;
        if (sv_eq_nocase(pairs[i].key, SV("status")) &&
            severity_word(pairs[i].value) != SEVERITY_UNSET)
            status = pairs[i].value;
    }
    return status;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct sv columns, names[CSV_COLUMNS_MAX], cells[CSV_COLUMNS_MAX];
    struct json_pair pairs[CSV_COLUMNS_MAX + 1];
    struct arena *arena = probe->arena;
    if (!ours(probe, &columns))
        return decode_bad(result, QUARANTINE_MISSING_FIELD, "no header line of the CSV file");
    if (sv_eq(columns, probe->body))
        return 0;
    char separator = csv_separator(columns);
    size_t named = csv_cells(arena, columns, separator, names, CSV_COLUMNS_MAX);
    size_t count = csv_cells(arena, probe->body, separator, cells, CSV_COLUMNS_MAX);
    if (named > CSV_COLUMNS_MAX || count > named)
        return decode_bad(result, QUARANTINE_SYNTAX, "more cells than the header line has names");
    for (size_t i = 0; i < count; i++)
        pairs[i] =
            (struct json_pair){utf8_repair(arena, sv_trim(names[i])), utf8_repair(arena, cells[i])};
    struct sv level = level_in_status(pairs, count);
    pairs[count++] = (struct json_pair){SV("level"), level};
    struct sv object = json_pairs(arena, pairs, count);
    if (sv_empty(object))
        return 0;
    size_t from = sink->count;
    struct probe within = *probe;
    within.inside = true;
    if (decode_json(&within, object, sink, result) != 0)
        return -1;
    for (size_t i = from; i < sink->count; i++)
        if (sv_eq(sink->events[i].format, SV("json")))
            sink->events[i].format = SV("csv");
    result->format = SV("csv");
    return 0;
}

const struct decoder decoder_csv = {
    .info = {.name = "csv",
             .identity = "file",
             .title = "rows of a CSV export, read as objects of its columns",
             .kinds = "any, by its columns",
             .identified_by = "what identifies such an object, else coordinates",
             .reference = "https://www.rfc-editor.org/rfc/rfc4180",
             .highest = 94},
    .reads = READS_TEXT,
    .bid = bid,
    .decode = decode,
};
