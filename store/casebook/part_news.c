/*
 * What came to a scope since it was saved last: see hindcast/part.h. Batches above its cursor say
 * at which offsets and times; rows of these places say which records, of which all is loaded.
 */
#include <inttypes.h>
#include <string.h>

#include "base/text/json_writer.h"
#include "store/casebook/part.h"

struct range {
    int64_t stream_id, from, to; /* offsets [from, to) */
    int64_t min_us, max_us;      /* event times; min above max: none */
};

struct finding {
    struct loading *loading;
    struct range *ranges;
    size_t range_count;
    struct strbuf uids, places;
};

static int
unknown(struct part_news *news, const char *why)
{
    news->known = false;
    news->unknown = why;
    return 0;
}

static int
read_state(struct part *part, int64_t configuration, struct part_news *news, struct err *err)
{
    char number[INT_TEXT];
    const char *values[] = {part->loading.scope, int_text(configuration, number)};
    PGresult *result;
    if (store_sql(part->loading.store, QUERY_part_state, values, 2, &result, err) != 0)
        return -1;
    if (column_null(result, 0, 0))
        news->known = true;
    else
        unknown(news, arena_strdup(part->loading.arena, column_view(result, 0, 0)));
    news->decided = column_bool(result, 0, 1);
    PQclear(result);
    return 0;
}

static bool
follows(const struct range *last, const struct range *next)
{
    return last->stream_id == next->stream_id && next->from <= last->to;
}

/* Batches that follow one another are one range. */
static void
add_range(struct finding *finding, const struct range *range)
{
    size_t count = finding->range_count;
    if (count == 0 || !follows(&finding->ranges[count - 1], range)) {
        finding->ranges[finding->range_count++] = *range;
        return;
    }
    struct range *last = &finding->ranges[count - 1];
    last->to = range->to > last->to ? range->to : last->to;
    last->min_us = range->min_us < last->min_us ? range->min_us : last->min_us;
    last->max_us = range->max_us > last->max_us ? range->max_us : last->max_us;
}

static void
add_batch(struct finding *finding, const PGresult *result, int row)
{
    const struct range range = {
        .stream_id = column_int(result, row, 0),
        .from = column_int(result, row, 1),
        .to = column_int(result, row, 2),
        .min_us = column_null(result, row, 3) ? INT64_MAX : column_int(result, row, 3),
        .max_us = column_null(result, row, 4) ? INT64_MIN : column_int(result, row, 4)};
    add_range(finding, &range);
}

static int
read_batches(struct finding *finding, struct part_news *news, struct err *err)
{
    char limit[INT_TEXT];
    const char *values[] = {finding->loading->scope, int_text(PART_BATCHES_MAX + 1, limit)};
    PGresult *result;
    if (store_sql(finding->loading->store, QUERY_part_batches, values, 2, &result, err) != 0)
        return -1;
    int rows = PQntuples(result);
    finding->ranges = ARENA_ARRAY(finding->loading->arena, struct range, (size_t)rows + 1);
    for (int row = 0; row < rows; row++) {
        if (column_bool(result, row, 5))
            unknown(news, "records were decoded anew");
        add_batch(finding, result, row);
    }
    PQclear(result);
    return rows > PART_BATCHES_MAX ? unknown(news, "too many batches came") : 0;
}

static void
put_ranges(const struct finding *finding, struct strbuf *out)
{
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < finding->range_count; i++) {
        const struct range *range = &finding->ranges[i];
        bool timed = range->min_us <= range->max_us;
        json_put_comma(out);
        strbuf_add_char(out, '{');
        json_put_int(out, "s", range->stream_id);
        json_put_int(out, "f", range->from);
        json_put_int(out, "n", range->to);
        json_put_time(out, "lo", timed ? range->min_us * NS_PER_US : TIME_NONE);
        json_put_time(out, "hi", timed ? range->max_us * NS_PER_US : TIME_NONE);
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
}

/* One with an identity by that, others by their place. */
static void
add_row(struct finding *finding, const PGresult *result, int row)
{
    if (!column_null(result, row, 0)) {
        strbuf_add_text(&finding->uids, finding->uids.len > 1 ? "," : "");
        strbuf_add_sv(&finding->uids, column_view(result, row, 0));
        return;
    }
    part_put_place(&finding->places,
                   &(struct coordinates){.stream_id = column_int(result, row, 1),
                                         .offset = column_int(result, row, 2),
                                         .index = (int32_t)column_int(result, row, 3)},
                   column_null(result, row, 4) ? TIME_NONE
                                               : column_int(result, row, 4) * NS_PER_US);
}

static int
find_rows(struct finding *finding, struct part_news *news, int64_t most, struct err *err)
{
    char limit[INT_TEXT];
    struct strbuf ranges;
    PGresult *result;
    if (finding->range_count == 0)
        return 0;
    strbuf_init(&ranges, 0);
    put_ranges(finding, &ranges);
    const char *values[] = {finding->loading->scope, ranges.ptr, int_text(most + 1, limit)};
    int status = store_sql(finding->loading->store, QUERY_part_new_rows, values, 3, &result, err);
    strbuf_release(&ranges);
    if (status != 0)
        return -1;
    int rows = PQntuples(result);
    for (int row = 0; row < rows; row++)
        add_row(finding, result, row);
    PQclear(result);
    return rows > most ? unknown(news, "too many records came") : 0;
}

/* What was read of a stream is read up to its last batch; of the others, up to where they stand. */
static int
reach(struct finding *finding, const PGresult *result, int taken, struct part_since *since,
      struct err *err)
{
    struct loading *loading = finding->loading;
    char stream[INT_TEXT], seq[INT_TEXT];
    since->more = taken < PQntuples(result);
    if (taken > 0) {
        int_text(column_int(result, taken - 1, 0), stream);
        int_text(column_int(result, taken - 1, 6), seq);
    }
    const char *values[] = {since->positions, taken > 0 ? stream : NULL, taken > 0 ? seq : NULL,
                            since->more ? "true" : "false"};
    PGresult *reached;
    if (store_sql(loading->store, QUERY_rebuild_reached, values, 4, &reached, err) != 0)
        return -1;
    since->reached = arena_strdup(loading->arena, column_view(reached, 0, 0));
    PQclear(reached);
    return 0;
}

/* All that account for so many offsets, and the first one behind them. */
static int
read_since(struct finding *finding, struct part_since *since, struct err *err)
{
    struct loading *loading = finding->loading;
    char offsets[INT_TEXT];
    const char *values[] = {loading->scope, int_text((int64_t)since->offsets, offsets),
                            since->positions};
    PGresult *result;
    size_t accounted = 0;
    int taken = 0;
    if (store_sql(loading->store, QUERY_rebuild_batches, values, 3, &result, err) != 0)
        return -1;
    int rows = PQntuples(result);
    finding->ranges = ARENA_ARRAY(loading->arena, struct range, (size_t)rows + 1);
    while (taken < rows && (taken == 0 || accounted < since->offsets)) {
        if (column_bool(result, taken, 5))
            since->whole = "records were decoded anew";
        accounted += (size_t)(column_int(result, taken, 2) - column_int(result, taken, 1));
        add_batch(finding, result, taken++);
    }
    int status = reach(finding, result, taken, since, err);
    PQclear(result);
    return status;
}

static int
load_since(struct finding *finding, struct part_since *since, struct err *err)
{
    struct part_news news = {.known = true};
    if (read_since(finding, since, err) != 0)
        return -1;
    strbuf_add_char(&finding->uids, '{');
    strbuf_add_char(&finding->places, '[');
    if (since->whole == NULL && find_rows(finding, &news, INT32_MAX, err) != 0)
        return -1;
    strbuf_add_char(&finding->uids, '}');
    strbuf_add_char(&finding->places, ']');
    if (finding->uids.len == 2 && finding->places.len == 2)
        return 0;
    return part_load(finding->loading, finding->uids.ptr, finding->places.ptr, err);
}

int
part_load_since(struct loading *loading, struct part_since *since, struct err *err)
{
    struct finding finding = {.loading = loading};
    strbuf_init(&finding.uids, 0);
    strbuf_init(&finding.places, 0);
    int status = load_since(&finding, since, err);
    strbuf_release(&finding.uids);
    strbuf_release(&finding.places);
    return status;
}

static int
load_found(struct finding *finding, struct part_news *news, struct err *err)
{
    if (read_batches(finding, news, err) != 0)
        return -1;
    if (!news->known)
        return 0;
    strbuf_add_char(&finding->uids, '{');
    strbuf_add_char(&finding->places, '[');
    if (find_rows(finding, news, PART_NEWS_MAX, err) != 0)
        return -1;
    strbuf_add_char(&finding->uids, '}');
    strbuf_add_char(&finding->places, ']');
    if (!news->known || (finding->uids.len == 2 && finding->places.len == 2))
        return 0;
    return part_load(finding->loading, finding->uids.ptr, finding->places.ptr, err);
}

static int
load_news(struct part *part, struct part_news *news, struct err *err)
{
    struct loading loading = part->loading;
    struct finding finding = {.loading = &loading};
    strbuf_init(&finding.uids, 0);
    strbuf_init(&finding.places, 0);
    int status = load_found(&finding, news, err);
    strbuf_release(&finding.uids);
    strbuf_release(&finding.places);
    if (status != 0 || !news->known)
        return status;
    loading_take(&loading, &news->input);
    return loading_decided(&loading, &news->input, err);
}

int
part_news(struct part *part, int64_t configuration, struct part_news *ret_news, struct err *err)
{
    struct part_news news = {.input = {.scope = sv_from(part->loading.scope)}};
    struct cursor_position *cursor;
    if (loading_cursor(&part->loading, &cursor, &news.cursor_count, err) != 0 ||
        read_state(part, configuration, &news, err) != 0 ||
        (news.known && load_news(part, &news, err) != 0)) {
        part_overtaken(err);
        return -1;
    }
    news.cursor = cursor;
    *ret_news = news;
    return 0;
}
