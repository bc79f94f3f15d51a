/*
 * Debezium: what changed in a row of a database. A row that is a record by itself (an outbox, a
 * table of events) is decoded again; of any other the change is the event, with the row as its
 * attributes. The time is the database's (source.ts_ms), not that of the connector.
 */
#include "ingest/decode/core/detect.h"
#include "ingest/decode/envelope/envelope.h"

#define LOOKS_LIKE_A_RECORD 50 /* what is bid at least on a row that is more than a row */

static const struct {
    const char *code;
    const char *word;
} operations[] = {
    {"c", "created"}, {"u", "updated"},   {"d", "deleted"},
    {"r", "read"},    {"t", "truncated"}, {"m", "message"},
};

static const char *
word_of(struct sv code)
{
    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
        if (sv_eq(code, sv_from(operations[i].code)))
            return operations[i].word;
    return NULL;
}

static int
bid(const struct probe *probe)
{
    bool rows = json_object_get(probe->json, "before") != NULL ||
                json_object_get(probe->json, "after") != NULL ||
                json_object_get(probe->json, "message") != NULL;
    bool whole = rows && tree_has(probe->json, "source.connector") && word_of(PICK("op")) != NULL;
    return whole ? 93 : 0;
}

static void
read_source(const struct probe *probe, struct event *event)
{
    *event = (struct event){.event_time_ns = TIME_NONE};
    event_pick_time(probe, probe->json, "source.ts_ns|source.ts_us|source.ts_ms|ts_ns|ts_us|ts_ms",
                    event);
    event->service = PICK("source.db|source.name");
    /* Where it stands in the log of the database, by the names of MySQL, PostgreSQL, MongoDB, SQL
     * Server and Oracle. */
    struct sv place = PICK("source.file|source.lsn|source.commit_lsn|source.scn|source.ord");
    if (!sv_empty(place))
        event->identity = IDENTITY(
            probe->arena, PICK("source.name"), PICK("source.connector"), PICK("source.table"),
            place, PICK("source.pos|source.change_lsn|source.event_serial_no|source.txId"),
            PICK("source.row"), PICK("op"));
    event->name_space = sv_from(probe->decoder->info.identity);
}

static int
row_is_the_event(const struct probe *probe, const struct event *source, struct event_sink *sink,
                 struct decode_result *result)
{
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    struct sv table = PICK("source.table|source.collection|source.name");
    struct sv code = PICK("op");
    const char *word = word_of(code);
    *event = *source;
    event->kind = EVENT_LOG;
    event->severity = SEVERITY_UNSET;
    event->body = arena_printf(probe->arena, SV_FMT " %s", SV_ARG(table), word == NULL ? "" : word);
    event->title = event->body;
    event->ref = PICK("transaction.id|source.txId|source.gtid");
    event->attributes =
        tree_rest(probe->arena, probe->json, "source|transaction|ts_ms|ts_us|ts_ns");
    return 0;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct envelope envelope = {.record = NULL};
    const struct decoder *known;
    const json_t *after = tree_find(probe->json, "after");
    read_source(probe, &envelope.event);
    if (json_is_string(after) || json_is_object(after)) {
        /* MongoDB's rows are JSON as a text. */
        struct sv row =
            json_is_string(after) ? tree_text(probe->arena, after) : tree_dump(probe->arena, after);
        if (decode_would_bid(probe, row, &known) >= LOOKS_LIKE_A_RECORD)
            return envelope_open(probe, row, &envelope, sink, result);
    }
    return row_is_the_event(probe, &envelope.event, sink, result);
}

const struct decoder decoder_debezium_change = {
    .info = {.name = "debezium_change",
             .identity = "debezium",
             .title = "Debezium change of a row",
             .kinds = "log, or by the row",
             .identified_by = "native: place in the log of the database",
             .reference =
                 "https://debezium.io/documentation/reference/stable/connectors/mysql.html",
             .signs = "op, source.connector",
             .highest = 93},
    .reads = READS_TREE,
    .envelope = true,
    .bid = bid,
    .decode = decode,
};
