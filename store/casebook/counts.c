/*
 * Counts of what is stored: see hindcast/counts.h.
 */
#include "hindcast/counts.h"

#include <assert.h>

#include "base/strbuf.h"
#include "store/pg/conn.h"

int
counts_fold_some(struct store *store, int64_t *ret_folded, struct err *err)
{
    PGresult *result;
    char most[INT_TEXT];
    const char *values[] = {int_text(COUNTS_FOLD_ROWS, most)};
    if (store_sql(store, QUERY_counts_fold, values, 1, &result, err) != 0)
        return -1;
    *ret_folded = column_int(result, 0, 0);
    PQclear(result);
    return 0;
}

int
counts_fold(struct store *store, const volatile bool *stop, int64_t *ret_folded, struct err *err)
{
    int64_t folded = COUNTS_FOLD_ROWS, sum = 0;
    while (folded >= COUNTS_FOLD_ROWS && (stop == NULL || !*stop)) {
        if (counts_fold_some(store, &folded, err) != 0)
            return -1;
        sum += folded;
    }
    *ret_folded = sum;
    return 0;
}

/* As PostgreSQL reads an array of texts; NULL where all are asked for. */
static const char *
array_of(struct arena *arena, const struct minute_question *question)
{
    struct strbuf out;
    if (question->services == NULL)
        return NULL;
    strbuf_init(&out, 0);
    strbuf_add_char(&out, '{');
    for (size_t i = 0; i < question->service_count; i++) {
        const struct sv service = question->services[i];
        strbuf_add_text(&out, i == 0 ? "\"" : ",\"");
        for (size_t at = 0; at < service.len; at++) {
            if (service.ptr[at] == '"' || service.ptr[at] == '\\')
                strbuf_add_char(&out, '\\');
            strbuf_add_char(&out, service.ptr[at]);
        }
        strbuf_add_char(&out, '"');
    }
    strbuf_add_char(&out, '}');
    const char *text = arena_strdup(arena, strbuf_view(&out));
    strbuf_release(&out);
    return text;
}

/* Rows come by step and severity: (step, is a log line, severity, events). */
static size_t
read_minutes(const PGresult *result, const struct minute_question *question,
             struct minute_counts *minutes)
{
    size_t count = 0;
    for (int i = 0; i < PQntuples(result); i++) {
        int64_t step = column_int(result, i, 0), events = column_int(result, i, 3);
        int64_t from = question->from_ns + step * question->step_minutes * NS_PER_MINUTE;
        int64_t severity = column_int(result, i, 2);
        if (count == 0 || minutes[count - 1].from_ns != from)
            minutes[count++] = (struct minute_counts){.from_ns = from};
        minutes[count - 1].events += events;
        if (column_bool(result, i, 1) && severity >= 0 && severity <= SEVERITY_MAX)
            minutes[count - 1].logs[severity] += events;
    }
    return count;
}

int
counts_minutes(struct store *store, struct arena *arena, const struct minute_question *question,
               struct minute_counts **ret_minutes, size_t *ret_count, struct err *err)
{
    PGresult *result;
    char from[TIME_TEXT], to[TIME_TEXT], step[INT_TEXT];
    int64_t step_ns = question->step_minutes * NS_PER_MINUTE;
    assert(question->step_minutes > 0 && question->from_ns % NS_PER_MINUTE == 0);
    assert((question->to_ns - question->from_ns) / step_ns <= COUNT_STEPS_MAX);
    time_format(question->from_ns, from);
    time_format(question->to_ns, to);
    const char *values[] = {arena_strdup(arena, question->scope), from, to,
                            int_text(question->step_minutes, step), array_of(arena, question)};
    if (store_sql(store, QUERY_counts_minutes, values, 5, &result, err) != 0)
        return -1;
    *ret_minutes = ARENA_ARRAY(arena, struct minute_counts, COUNT_STEPS_MAX + 1);
    *ret_count = read_minutes(result, question, *ret_minutes);
    PQclear(result);
    return 0;
}

int
counts_duplicates(struct store *store, struct sv scope, int64_t from_ns, int64_t to_ns,
                  int64_t *ret_lines, struct err *err)
{
    PGresult *result;
    struct arena arena;
    char from[TIME_TEXT], to[TIME_TEXT];
    time_format(from_ns, from);
    time_format(to_ns, to);
    arena_init(&arena, 0);
    const char *values[] = {arena_strdup(&arena, scope), from, to};
    int status = store_sql(store, QUERY_counts_duplicates, values, 3, &result, err);
    if (status == 0) {
        *ret_lines = column_int(result, 0, 0);
        PQclear(result);
    }
    arena_release(&arena);
    return status;
}

/* The columns of sql/queries/counts_topics.sql. */
static struct topic_reading
read_topic(struct arena *arena, const PGresult *result, int row)
{
    struct topic_reading reading = {.cluster_id = column_text(arena, result, row, 0),
                                    .topic = column_text(arena, result, row, 1),
                                    .format = column_text(arena, result, row, 2),
                                    .others = column_bool(result, row, 3),
                                    .manifests = column_int(result, row, 4),
                                    .quarantined = column_int(result, row, 5),
                                    .uncounted = column_int(result, row, 6)};
    for (int source = TIME_SOURCE_NATIVE; source <= TIME_SOURCE_ABSENT; source++)
        reading.events[source] = column_int(result, row, 6 + source);
    reading.persons = column_int(result, row, 7 + TIME_SOURCE_ABSENT);
    return reading;
}

int
counts_topics(struct store *store, struct arena *arena, struct topic_reading **ret_readings,
              size_t *ret_count, struct err *err)
{
    PGresult *result;
    if (store_sql(store, QUERY_counts_topics, NULL, 0, &result, err) != 0)
        return -1;
    int count = PQntuples(result);
    *ret_readings = ARENA_ARRAY(arena, struct topic_reading, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        (*ret_readings)[i] = read_topic(arena, result, i);
    *ret_count = (size_t)count;
    PQclear(result);
    return 0;
}

int
counts_gaps(struct store *store, struct arena *arena, int64_t from_ns, int64_t to_ns,
            struct record_gap **ret_gaps, size_t *ret_count, struct err *err)
{
    PGresult *result;
    char from[TIME_TEXT], to[TIME_TEXT];
    time_format(from_ns, from);
    time_format(to_ns, to);
    const char *values[] = {from, to};
    if (store_sql(store, QUERY_counts_gaps, values, 2, &result, err) != 0)
        return -1;
    int count = PQntuples(result);
    struct record_gap *gaps = ARENA_ARRAY(arena, struct record_gap, (size_t)count + 1);
    for (int i = 0; i < count; i++)
        gaps[i] = (struct record_gap){.topic = column_text(arena, result, i, 0),
                                      .incarnation = (int32_t)column_int(result, i, 1),
                                      .partition = (int32_t)column_int(result, i, 2),
                                      .from = column_int(result, i, 3),
                                      .to = column_int(result, i, 4),
                                      .kind = column_text(arena, result, i, 5),
                                      .after_ns = column_time(result, i, 6),
                                      .before_ns = column_time(result, i, 7)};
    PQclear(result);
    *ret_gaps = gaps;
    *ret_count = (size_t)count;
    return 0;
}
