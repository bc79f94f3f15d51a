/*
 * Lines of containers as JSON: what Docker's json-file driver writes, and what shippers make of the
 * lines of a Kubernetes node. Each holds a line of a program, which is detected and decoded by
 * itself; time, stream, pod and labels come from around it.
 */
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/decode/core/pod_path.h"
#include "ingest/decode/core/within.h"

#define FIELDS(LIST)                                                                               \
    LIST(docker_line, "log")                                                                       \
    LIST(vector_line, "message")                                                                   \
    LIST(stream, "stream")                                                                         \
    LIST(docker_time, "time")                                                                      \
    LIST(source_type, "source_type")                                                               \
    LIST(pods, "kubernetes.pod_name|kubernetes.container_name|kubernetes.namespace_name")          \
    LIST(docker_times, "time|@timestamp|date|timestamp")                                           \
    LIST(vector_times, "timestamp")                                                                \
    LIST(services, "kubernetes.labels.app|kubernetes.labels.app.kubernetes.io/name|"               \
                   "kubernetes.labels.k8s-app|kubernetes.pod_labels.app|"                          \
                   "kubernetes.pod_labels.app.kubernetes.io/name|kubernetes.pod_labels.k8s-app|"   \
                   "kubernetes.container_name|attrs.com.docker.compose.service|attrs.tag")         \
    LIST(hosts, "kubernetes.host|kubernetes.pod_node_name|host|hostname")                          \
    LIST(file, "file|filename|path")                                                               \
    LIST(docker_taken, "log|time|@timestamp|date|timestamp")                                       \
    LIST(vector_taken, "message|timestamp|source_type")
FIELD_LISTS(FIELDS);

static bool
is_string(const struct tape *tape, const struct field_list *list)
{
    const struct tape_value *value = tape_find(tape, list);
    return value != NULL && value->type == TAPE_STRING && value->depth == 1;
}

static int
bid_docker(const struct probe *probe)
{
    const struct tape *tape = probe->tape;
    if (!is_string(tape, &docker_line))
        return 0;
    bool whole = tape_has(tape, &stream) && tape_has(tape, &docker_time);
    return whole || tape->count == 1 ? 87 : 0;
}

static int
bid_fluent_bit(const struct probe *probe)
{
    return is_string(probe->tape, &docker_line) && tape_has(probe->tape, &pods) ? 89 : 0;
}

static int
bid_vector(const struct probe *probe)
{
    return is_string(probe->tape, &vector_line) &&
                   tape_is(probe->tape, &source_type, "kubernetes_logs")
               ? 90
               : 0;
}

static int
decode_line_of(const struct probe *probe, const struct field_list *line,
               const struct field_list *times, const struct field_list *taken,
               struct event_sink *sink, struct decode_result *result)
{
    struct event outer = {.kind = EVENT_LOG, .event_time_ns = TIME_NONE};
    event_tape_time(probe, times, &outer);
    outer.service = TAPE_PICK(services);
    outer.host = text_without_port(TAPE_PICK(hosts));
    outer.attributes = tape_rest(probe->arena, probe->tape, taken);
    struct sv path = TAPE_PICK(file);
    pod_path_fill(probe->arena, sv_empty(path) ? record_header(probe->record, HEADER_FILE) : path,
                  &outer);
    return decode_within(probe, TAPE_PICK(*line), &outer, WITHIN_ALWAYS, sink, result);
}

static int
decode_docker(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    return decode_line_of(probe, &docker_line, &docker_times, &docker_taken, sink, result);
}

static int
decode_vector(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    return decode_line_of(probe, &vector_line, &vector_times, &vector_taken, sink, result);
}

const struct decoder decoder_docker_json_file = {
    .info = {.name = "docker_json_file",
             .identity = "file",
             .title = "Docker's json-file, around lines of any format",
             .kinds = "log",
             .identified_by = "coordinates",
             .reference = "https://docs.docker.com/engine/logging/drivers/json-file/",
             .signs = "log",
             .highest = 87},
    .reads = READS_TAPE,
    .bid = bid_docker,
    .decode = decode_docker,
    .lists = lists,
};

const struct decoder decoder_fluent_bit_kubernetes = {
    .info = {.name = "fluent_bit_kubernetes",
             .identity = "file",
             .title = "Fluent Bit and Fluentd on Kubernetes, around lines of any format",
             .kinds = "log",
             .identified_by = "coordinates",
             .reference = "https://docs.fluentbit.io/manual/pipeline/filters/kubernetes",
             .signs =
                 "log, kubernetes.pod_name|kubernetes.container_name|kubernetes.namespace_name",
             .highest = 89},
    .reads = READS_TAPE,
    .bid = bid_fluent_bit,
    .decode = decode_docker,
    .lists = lists,
};

const struct decoder decoder_vector_kubernetes = {
    .info = {.name = "vector_kubernetes",
             .identity = "file",
             .title = "Vector on Kubernetes, around lines of any format",
             .kinds = "log",
             .identified_by = "coordinates",
             .reference =
                 "https://vector.dev/docs/reference/configuration/sources/kubernetes_logs/",
             .signs = "source_type=kubernetes_logs, message",
             .highest = 90},
    .reads = READS_TAPE,
    .bid = bid_vector,
    .decode = decode_vector,
    .lists = lists,
};
