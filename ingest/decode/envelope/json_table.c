/*
 * Tables in JSON, as answers to queries have them: names of columns once, then rows that are lists
 * (Azure Log Analytics, SQL of Elasticsearch, InfluxDB, ClickHouse, Trino, pandas), or rows of
 * {field, value} (CloudWatch Logs Insights). Each row is made an object and read as a record of its
 * own.
 */
#include "base/strbuf.h"
#include "base/text/json_writer.h"
#include "ingest/decode/envelope/envelope.h"
#include "ingest/parse/json_walk.h"

#define COLUMNS_MAX 1000
#define DEPTH_MAX 4 /* of a table: results, series */

#define FIELDS(LIST) LIST(tops, "tables|results|columns|meta")
FIELD_LISTS(FIELDS);

struct table_reading {
    const struct probe *probe;
    struct event_sink *sink; /* NULL: only whether there is a row is asked */
    struct decode_result *result;
    bool found;
    int status;
    struct sv names[COLUMNS_MAX]; /* of the table that is read, as they stand between quotes */
    size_t count;
};

static void
open_row(struct table_reading *in, struct strbuf *row)
{
    const struct envelope nothing = {.event = {.event_time_ns = TIME_NONE}};
    in->found = true;
    if (in->sink == NULL || in->status != 0)
        return;
    strbuf_add_char(row, '}');
    in->status = envelope_open(in->probe, arena_copy(in->probe->arena, strbuf_view(row)), &nothing,
                               in->sink, in->result);
}

static void
put_cell(struct strbuf *row, struct sv name, struct sv value)
{
    json_put_comma(row);
    strbuf_add_char(row, '"');
    strbuf_add_sv(row, name);
    strbuf_add_sv(row, SV("\":"));
    strbuf_add_sv(row, value);
}

/* "name", or {"name": ..}; empty where it is neither. */
static struct sv
column_name(struct json_walk *walk)
{
    struct sv name = SV_NONE, key;
    if (json_walk_kind(walk) == '"') {
        name = json_walk_take(walk);
    } else if (json_walk_enter(walk, '{')) {
        while (json_walk_key(walk, &key)) {
            bool named = sv_eq(key, SV("name")) && json_walk_kind(walk) == '"';
            struct sv value = json_walk_take(walk);
            if (named)
                name = value;
        }
    } else {
        json_walk_skip(walk);
    }
    return name.len < 2 ? SV_NONE : sv_slice(name, 1, name.len - 1);
}

static bool
read_columns(struct table_reading *in, struct json_walk walk)
{
    in->count = 0;
    if (!json_walk_enter(&walk, '['))
        return false;
    while (json_walk_element(&walk)) {
        struct sv name = column_name(&walk);
        if (sv_empty(name) || in->count == COLUMNS_MAX)
            return false;
        in->names[in->count++] = name;
    }
    return in->count > 0;
}

static void
read_rows(struct table_reading *in, struct json_walk walk)
{
    struct strbuf row;
    strbuf_init(&row, 0);
    if (!json_walk_enter(&walk, '['))
        return;
    while (in->status == 0 && json_walk_element(&walk)) {
        size_t cell = 0;
        if (!json_walk_enter(&walk, '[')) {
            json_walk_skip(&walk);
            continue;
        }
        strbuf_clear(&row);
        strbuf_add_sv(&row, SV("{"));
        for (; json_walk_element(&walk); cell++) {
            struct sv value = json_walk_take(&walk);
            if (cell < in->count)
                put_cell(&row, in->names[cell], value);
        }
        if (cell == in->count)
            open_row(in, &row);
    }
    strbuf_release(&row);
}

/* [{"field": .., "value": ..}, ..] */
static void
read_fields(struct table_reading *in, struct json_walk *walk)
{
    struct strbuf row;
    size_t cells = 0;
    strbuf_init(&row, 0);
    strbuf_add_sv(&row, SV("{"));
    while (json_walk_element(walk)) {
        struct sv key, name = SV_NONE, value = SV_NONE;
        if (!json_walk_enter(walk, '{')) {
            json_walk_skip(walk);
            continue;
        }
        while (json_walk_key(walk, &key)) {
            struct sv taken = json_walk_take(walk);
            if (sv_eq(key, SV("field")) && sv_starts(taken, SV("\"")))
                name = sv_slice(taken, 1, taken.len - 1);
            else if (sv_eq(key, SV("value")))
                value = taken;
        }
        if (!sv_empty(name) && !sv_empty(value) && ++cells > 0)
            put_cell(&row, name, value);
    }
    if (cells > 0)
        open_row(in, &row);
    strbuf_release(&row);
}

static void look_at(struct table_reading *in, struct json_walk *walk, int depth);

/* An object is a table, or holds some. */
static void
look_into(struct table_reading *in, struct json_walk walk, int depth)
{
    struct json_walk columns = {NULL, NULL}, rows = columns, members = walk;
    struct sv key;
    while (json_walk_key(&members, &key)) {
        if (sv_eq(key, SV("columns")) || sv_eq(key, SV("meta")))
            columns = members;
        else if (sv_eq(key, SV("rows")) || sv_eq(key, SV("values")) || sv_eq(key, SV("data")))
            rows = json_walk_kind(&members) == '[' ? members : rows;
        json_walk_skip(&members);
    }
    if (columns.at != NULL && rows.at != NULL && read_columns(in, columns)) {
        read_rows(in, rows);
        return;
    }
    while (in->status == 0 && depth < DEPTH_MAX && json_walk_key(&walk, &key))
        if (sv_eq(key, SV("tables")) || sv_eq(key, SV("results")) || sv_eq(key, SV("series")))
            look_at(in, &walk, depth + 1);
        else
            json_walk_skip(&walk);
}

static void
look_at(struct table_reading *in, struct json_walk *walk, int depth)
{
    struct json_walk inner;
    if (!json_walk_enter(walk, '[')) {
        json_walk_skip(walk);
        return;
    }
    while (json_walk_element(walk)) {
        inner = *walk;
        json_walk_skip(walk);
        if (in->status != 0)
            continue;
        if (json_walk_enter(&inner, '['))
            read_fields(in, &inner);
        else if (json_walk_enter(&inner, '{'))
            look_into(in, inner, depth);
    }
}

static void
read_tables(struct table_reading *in)
{
    struct json_walk walk = json_walk_of(in->probe->tape->text);
    if (json_walk_enter(&walk, '{'))
        look_into(in, walk, 0);
}

static int
bid(const struct probe *probe)
{
    struct table_reading *in = ARENA_NEW(probe->arena, struct table_reading);
    in->probe = probe;
    if (tape_has(probe->tape, &tops))
        read_tables(in);
    return in->found ? 70 : 0;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct table_reading *in = ARENA_NEW(probe->arena, struct table_reading);
    in->probe = probe;
    in->sink = sink;
    in->result = result;
    read_tables(in);
    if (in->status == 0 && !in->found)
        return decode_bad(result, QUARANTINE_MISSING_FIELD, "no columns with rows");
    return in->status;
}

const struct decoder decoder_json_table = {
    .info = {.name = "json_table",
             .identity = "json_table",
             .title = "Answers to queries: columns and rows in JSON",
             .kinds = "any, by what a row holds",
             .identified_by = "what identifies what a row holds",
             .reference = "docs/formats.md",
             .signs = "columns[], rows[]; columns[], values[]; columns[], data[]; meta[], data[]; "
                      "tables[]; results[]",
             .highest = 70},
    .reads = READS_TAPE,
    .envelope = true,
    .bid = bid,
    .decode = decode,
    .lists = lists,
};
