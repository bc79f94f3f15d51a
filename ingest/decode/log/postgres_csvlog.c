/*
 * PostgreSQL's csvlog: 22 to 26 columns, depending on the version, without a header line.
 */
#include "base/text/json_pairs.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/parse/csv.h"

/* https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-LOGGING-CSVLOG
 */
enum column {
    LOG_TIME,
    USER,
    DATABASE,
    PROCESS_ID,
    CONNECTION_FROM,
    SESSION_ID,
    SESSION_LINE,
    COMMAND_TAG,
    SESSION_START,
    VIRTUAL_TRANSACTION,
    TRANSACTION,
    SEVERITY,
    SQL_STATE,
    MESSAGE,
    DETAIL,
    HINT,
    INTERNAL_QUERY,
    INTERNAL_QUERY_POS,
    CONTEXT,
    QUERY,
    QUERY_POS,
    LOCATION,
    APPLICATION,
    BACKEND_TYPE,
    LEADER_PID,
    QUERY_ID,
    COLUMNS,
};
#define COLUMNS_MIN (LOCATION + 1)

static bool
a_severity(struct sv word)
{
    static const char *const words[] = {"LOG",    "ERROR",  "FATAL",  "WARNING", "PANIC",
                                        "INFO",   "NOTICE", "DEBUG1", "DEBUG2",  "DEBUG3",
                                        "DEBUG4", "DEBUG5", "DEBUG"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sv_eq(word, sv_from(words[i])))
            return true;
    return false;
}

static bool
read_row(const struct probe *probe, struct sv cells[COLUMNS])
{
    struct sv head = sv_slice(probe->body, 0, 40);
    size_t comma = sv_find_char(head, ',');
    if (comma == SIZE_MAX || comma < 20 || head.ptr[4] != '-' || head.ptr[13] != ':')
        return false;
    for (size_t i = 0; i < COLUMNS; i++)
        cells[i] = SV_NONE;
    size_t count = csv_cells(probe->arena, probe->body, ',', cells, COLUMNS);
    return count >= COLUMNS_MIN && a_severity(cells[SEVERITY]) && cells[SQL_STATE].len == 5;
}

static int
bid(const struct probe *probe)
{
    struct sv cells[COLUMNS];
    return read_row(probe, cells) ? 93 : 0;
}

/* The message and what explains it, as the server's own log writes them. */
static struct sv
body_of(struct arena *arena, const struct sv cells[COLUMNS])
{
    static const struct {
        enum column column;
        const char *name;
    } parts[] = {{DETAIL, "DETAIL"},
                 {HINT, "HINT"},
                 {INTERNAL_QUERY, "QUERY"},
                 {CONTEXT, "CONTEXT"},
                 {QUERY, "STATEMENT"}};
    struct sv body = cells[MESSAGE];
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (!sv_empty(cells[parts[i].column]))
            body = arena_printf(arena, SV_FMT "\n%s:  " SV_FMT, SV_ARG(body), parts[i].name,
                                SV_ARG(cells[parts[i].column]));
    return body;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct sv cells[COLUMNS];
    struct read_time time;
    if (!read_row(probe, cells))
        return decode_bad(result, QUARANTINE_SYNTAX, "not a row of PostgreSQL's csvlog");
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    event->kind = EVENT_LOG;
    if (times_read(cells[LOG_TIME], probe->zone, &time))
        times_into_event(&time, event);
    event->severity_text = cells[SEVERITY];
    event->severity = severity_word(cells[SEVERITY]);
    if (event->severity == SEVERITY_UNSET) /* DEBUG1 to DEBUG5 */
        event->severity = SEVERITY_DEBUG;
    event->body = body_of(probe->arena, cells);
    event->title = text_first_line(cells[MESSAGE]);
    event->actor = cells[USER];
    if (probe_names_lines(probe))
        event->identity = IDENTITY(probe->arena, cells[SESSION_ID], cells[SESSION_LINE]);
    const struct json_pair left[] = {{SV("user"), cells[USER]},
                                     {SV("database"), cells[DATABASE]},
                                     {SV("pid"), cells[PROCESS_ID]},
                                     {SV("client"), cells[CONNECTION_FROM]},
                                     {SV("session"), cells[SESSION_ID]},
                                     {SV("command"), cells[COMMAND_TAG]},
                                     {SV("sql_state"), cells[SQL_STATE]},
                                     {SV("position"), cells[LOCATION]},
                                     {SV("application"), cells[APPLICATION]},
                                     {SV("backend_type"), cells[BACKEND_TYPE]},
                                     {SV("query_id"), cells[QUERY_ID]}};
    event->attributes = json_pairs(probe->arena, left, sizeof(left) / sizeof(left[0]));
    return 0;
}

const struct decoder decoder_postgres_csvlog = {
    .info = {.name = "postgres_csvlog",
             .identity = "postgres",
             .title = "PostgreSQL csvlog",
             .kinds = "log",
             .identified_by = "native: session and its line",
             .reference = "https://www.postgresql.org/docs/current/runtime-config-logging.html",
             .first = "0-9",
             .highest = 93},
    .reads = READS_TEXT,
    .bid = bid,
    .decode = decode,
};
