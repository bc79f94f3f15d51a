/*
 * OpenTelemetry's logs, traces and metrics: the entry. One record is a whole export request; see
 * otlp.h for how its two encodings are read.
 */
#include "ingest/decode/log/otlp.h"

#include "ingest/decode/core/decoder_internal.h"

#define FIELDS(LIST)                                                                               \
    LIST(logs, "resourceLogs|resource_logs")                                                       \
    LIST(spans, "resourceSpans|resource_spans")                                                    \
    LIST(metrics, "resourceMetrics|resource_metrics")
FIELD_LISTS(FIELDS);

static bool
is_list(const struct probe *probe, const struct field_list *list)
{
    const struct tape_value *value = tape_find(probe->tape, list);
    return value != NULL && value->type == TAPE_ARRAY && value->depth == 1;
}

static int
bid(const struct probe *probe)
{
    if (probe->tape == NULL)
        return otlp_is_wire(probe->bytes) ? 96 : 0;
    bool ours = is_list(probe, &logs) || is_list(probe, &spans) || is_list(probe, &metrics);
    return ours ? 96 : 0;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct otlp_batch batch = {.probe = probe, .sink = sink, .result = result};
    strbuf_init(&batch.json, 0);
    int status = probe->tape == NULL ? otlp_read_wire(&batch, probe->bytes)
                                     : otlp_read_json(&batch, probe->tape->text);
    strbuf_release(&batch.json);
    return status;
}

const struct decoder decoder_otlp = {
    .info = {.name = "otlp",
             .identity = "opentelemetry",
             .title = "OpenTelemetry logs, traces and metrics, Protocol Buffers and JSON",
             .kinds = "log metric",
             .identified_by = "native: `log.record.uid`, trace and span; of a data point all that "
                              "is told",
             .reference = "https://opentelemetry.io/docs/specs/otlp/",
             .signs = "resourceLogs|resource_logs|resourceSpans|resource_spans|resourceMetrics|"
                      "resource_metrics",
             .first = "\n",
             .highest = 96},
    .reads = READS_TAPE,
    .reads_bytes = true,
    .bid = bid,
    .decode = decode,
    .lists = lists,
};
