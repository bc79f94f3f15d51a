/*
 * The log of a container runtime on a Kubernetes node (containerd, CRI-O): "TIME stream TAG line".
 * TAG is F for the end of a line and P for a piece of one that goes on, on the same stream. The
 * line is detected and decoded by itself.
 *
 * A record mostly holds one such line. Several that end with F are several lines of the program,
 * unless the loader joined them because they belong together (a trace): then they are one.
 */
#include "base/text/json_pairs.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/decode/core/pod_path.h"
#include "ingest/decode/core/within.h"
#include "ingest/parse/cri_line.h"

static int
bid(const struct probe *probe)
{
    struct cri_piece piece;
    struct sv rest = probe->body, first;
    return sv_split(&rest, '\n', &first) && cri_read(first, &piece) ? 97 : 0;
}

/* A line of the program as far as it is known, and its next one of the same stream. */
struct open_line {
    struct cri_piece first;
    struct sv *parts;
    size_t count, bytes, size;
};

static void
add_part(struct arena *arena, struct open_line *line, struct sv part)
{
    if (line->count == line->size) {
        size_t size = line->size == 0 ? 8 : 2 * line->size;
        struct sv *larger = ARENA_ARRAY(arena, struct sv, size);
        if (line->count > 0)
            memcpy(larger, line->parts, line->count * sizeof(*larger));
        line->parts = larger;
        line->size = size;
    }
    line->parts[line->count++] = part;
    line->bytes += part.len;
}

static struct sv
whole_text(struct arena *arena, const struct open_line *line)
{
    if (line->count == 1)
        return line->parts[0];
    char *text = arena_alloc(arena, line->bytes + 1), *at = text;
    for (size_t i = 0; i < line->count; i++)
        at = sv_put(at, line->parts[i]);
    return sv_of(text, line->bytes);
}

static int
end_line(const struct probe *probe, struct open_line *line, struct event_sink *sink,
         struct decode_result *result)
{
    struct event outer = {.kind = EVENT_LOG, .event_time_ns = TIME_NONE};
    struct read_time time;
    if (line->count == 0)
        return 0;
    if (times_read(line->first.time, NULL, &time))
        times_into_event(&time, &outer);
    const struct json_pair pairs[] = {{SV("stream"), line->first.stream}};
    outer.attributes = json_pairs(probe->arena, pairs, 1);
    pod_path_fill(probe->arena, record_header(probe->record, HEADER_FILE), &outer);
    struct sv text = whole_text(probe->arena, line);
    *line = (struct open_line){.count = 0};
    return decode_within(probe, text, &outer, WITHIN_ALWAYS, sink, result);
}

static bool
joined_by_loader(const struct probe *probe)
{
    return !sv_empty(record_header(probe->record, HEADER_LINE));
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct open_line lines[2] = {{.count = 0}, {.count = 0}}; /* of stdout and stderr */
    struct open_line *last = NULL;
    bool joined = joined_by_loader(probe), ended = false;
    struct sv rest = probe->body, line;
    while (sv_split(&rest, '\n', &line)) {
        struct cri_piece piece = {.stream = SV_NONE};
        if (!sv_empty(line) && line.ptr[line.len - 1] == '\r')
            line.len--;
        bool header = cri_read(line, &piece);
        struct open_line *mine = !header ? last : &lines[sv_eq(piece.stream, SV("stderr"))];
        if (mine == NULL)
            return decode_bad(result, QUARANTINE_SYNTAX, "not a line of a container runtime");
        if (header && joined && last != NULL)
            mine = last;
        if (mine->count == 0)
            mine->first = piece;
        else if (!header || (joined && ended))
            add_part(probe->arena, mine, SV("\n"));
        add_part(probe->arena, mine, header ? piece.text : line);
        last = mine;
        ended = header ? piece.ends : ended;
        if (header && piece.ends && !joined && end_line(probe, mine, sink, result) != 0)
            return -1;
    }
    for (size_t i = 0; i < 2; i++)
        if (end_line(probe, &lines[i], sink, result) != 0)
            return -1;
    return 0;
}

const struct decoder decoder_kubernetes_cri = {
    .info = {.name = "kubernetes_cri",
             .identity = "file",
             .title = "containerd and CRI-O on Kubernetes, around lines of any format",
             .kinds = "log",
             .identified_by = "coordinates",
             .reference = "https://github.com/kubernetes/design-proposals-archive/blob/main/node/"
                          "kubelet-cri-logging.md",
             .first = "0-9",
             .highest = 97},
    .reads = READS_TEXT,
    .bid = bid,
    .decode = decode,
};
