/*
 * Walking over rows in COPY BINARY form: rows that were encoded by batch.c come back, and nothing
 * that is cut, too long or of another shape is taken for a row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "store/delivery/bisect.h"
#include "store/delivery/row.h"
#include "store/pg/copy.h"

#define MOMENT (INT64_C(1767225600) * NS_PER_S)

static void
add_row(struct strbuf *out, int64_t stream, int64_t offset, int64_t event_ns, const char *text)
{
    copy_row(out, 5);
    copy_int8(out, stream);
    copy_int8(out, offset);
    copy_time(out, event_ns);
    copy_null(out);
    copy_bytes(out, sv_from(text));
}

static void
a_row_without_a_time_is_one(void **state)
{
    (void)state;
    struct strbuf out;
    struct row row;
    strbuf_init(&out, 0);
    copy_row(&out, 3);
    copy_int8(&out, 7);
    copy_int8(&out, 100);
    copy_int8(&out, COPY_TIME_MINUS_INFINITY);
    struct sv rest = strbuf_view(&out);
    assert_true(row_next(&rest, &row));
    assert_true(row.offset == 100 && row.event_ns == TIME_NONE);
    assert_int_equal(row_day(TIME_NONE), DAY_UNTIMED);
    assert_int_equal(row_day(NS_PER_DAY), 1);
    strbuf_release(&out);
}

static void
rows_come_back(void **state)
{
    (void)state;
    struct strbuf out;
    struct row row;
    strbuf_init(&out, 0);
    add_row(&out, 7, 100, MOMENT + 1999, "a");
    add_row(&out, 7, INT64_MAX, TIME_MIN_NS, "");
    add_row(&out, -1, 0, TIME_MAX_NS, "longer");
    struct sv rest = strbuf_view(&out);
    assert_true(row_next(&rest, &row));
    assert_true(row.stream_id == 7 && row.offset == 100 && row.fields == 5);
    assert_true(row.event_ns == MOMENT + 1000);
    assert_ptr_equal(row.bytes.ptr, out.ptr);
    assert_null(row_field(&row, 3).ptr);
    assert_true(sv_eq(row_field(&row, 4), SV("a")));
    assert_null(row_field(&row, 5).ptr);
    assert_null(row_field(&row, -1).ptr);
    assert_true(row_next(&rest, &row));
    assert_true(row.offset == INT64_MAX && row.event_ns == TIME_MIN_NS);
    assert_true(row_field(&row, 4).ptr != NULL && row_field(&row, 4).len == 0);
    assert_true(row_next(&rest, &row));
    assert_true(row.stream_id == -1 && row.event_ns == TIME_MAX_NS / NS_PER_US * NS_PER_US);
    assert_int_equal(rest.len, 0);
    assert_false(row_next(&rest, &row));
    strbuf_release(&out);
}

/* Cut at every byte, in a buffer of exactly that size so that a sanitizer sees each step beyond. */
static void
a_cut_row_is_none(void **state)
{
    (void)state;
    struct strbuf out;
    strbuf_init(&out, 0);
    add_row(&out, 1, 2, MOMENT, "text");
    for (size_t len = 0; len < out.len; len++) {
        char *copy = test_malloc(len + 1);
        memcpy(copy, out.ptr, len);
        struct sv rest = sv_of(copy, len);
        struct row row = {.fields = 77};
        assert_false(row_next(&rest, &row));
        assert_true(rest.ptr == copy && rest.len == len && row.fields == 77);
        test_free(copy);
    }
    strbuf_release(&out);
}

static void
refuse(const char *bytes, size_t len)
{
    struct sv rest = sv_of(bytes, len);
    struct row row;
    assert_false(row_next(&rest, &row));
}

static void
other_shapes_are_none(void **state)
{
    (void)state;
    struct strbuf out;
    char bytes[64];
    strbuf_init(&out, 0);
    refuse("\377\377", 2); /* the trailer of a COPY */
    refuse("\0\0", 2);
    add_row(&out, 1, 2, MOMENT, "text");
    assert_true(out.len < sizeof(bytes));
    memcpy(bytes, out.ptr, out.len);
    bytes[1] = 2; /* fewer fields than stream, offset and time */
    refuse(bytes, out.len);
    bytes[1] = 6; /* more fields than there are */
    refuse(bytes, out.len);
    bytes[1] = 5;
    bytes[5] = 4; /* the stream is no int8 */
    refuse(bytes, out.len);
    memcpy(bytes, out.ptr, out.len);
    memset(bytes + 2, 0xff, 4); /* the stream is null */
    refuse(bytes, out.len);
    memcpy(bytes, out.ptr, out.len);
    memset(bytes + out.len - 8, 0x80, 4); /* a negative length that is not null */
    refuse(bytes, out.len);
    for (int fill = 0x7f; fill <= 0x80; fill++) { /* times beyond all tables */
        memcpy(bytes, out.ptr, out.len);
        memset(bytes + 2 + 12 + 12 + 4, fill, 8);
        refuse(bytes, out.len);
    }
    strbuf_release(&out);
}

/* ---- setting records aside ---- */

static void
add_record(struct batch *batch, const struct stream *stream, int64_t offset, int logs, int alerts)
{
    struct event events[8];
    struct decode_result result = {.status = DECODE_OK};
    struct record record = {
        .topic = sv_from(stream->topic), .offset = offset, .value = SV("value")};
    assert_true(logs + alerts <= 8);
    for (int i = 0; i < logs + alerts; i++)
        events[i] = (struct event){.scope = SV("default"),
                                   .kind = i < logs ? EVENT_LOG : EVENT_ALERT,
                                   .record_kind = i < logs ? RECORD_LOG : RECORD_ALERT,
                                   .format = i < logs ? SV("lines") : SV("alerts"),
                                   .event_time_ns = MOMENT + offset * NS_PER_DAY,
                                   .precision = PRECISION_SECOND,
                                   .time_source = TIME_SOURCE_NATIVE};
    if (offset == 3 && logs > 0) { /* its first line has no time */
        events[0].event_time_ns = TIME_NONE;
        events[0].time_source = TIME_SOURCE_ABSENT;
    }
    batch_add(batch, stream, &record, OUTCOME_STORED, events, (size_t)(logs + alerts), &result);
}

static int
count_rows(const struct strbuf *buf, int64_t except)
{
    struct sv rest = strbuf_view(buf);
    struct row row;
    int count = 0;
    for (; row_next(&rest, &row); count++)
        assert_true(row.offset != except);
    assert_int_equal(rest.len, 0);
    return count;
}

static void
rows_of_a_record_go_and_the_rest_stays(void **state)
{
    (void)state;
    struct batch *batch = batch_new(NULL);
    struct stream stream = {.stream_id = 3, .next_offset = -1, .tail_offset = -1, .topic = "t"};
    for (int64_t i = 0; i < 5; i++)
        add_record(batch, &stream, i, 2, i == 4 ? 3 : 1);
    batch_seal(batch);
    struct part *part = batch->parts[0];
    struct refusal refusals[] = {{part, 0, "22000: no"}, {part, 4, "23514: no"}};
    size_t segments = part->segments.len;
    batch_set_aside(batch, refusals, 2);
    assert_int_equal(count_rows(&part->log, 4), 6);
    assert_int_equal(count_rows(&part->event, 0), 3);
    assert_int_equal(part->log_count, 3 * 2);
    for (size_t i = 0; i < part->log_count; i++) {
        struct sv rest = sv_of(part->log.ptr + part->log_rows[i].at, part->log_rows[i].len);
        struct row row;
        assert_true(row_next(&rest, &row) && rest.len == 0);
        assert_int_equal(row_day(row.event_ns), part->log_rows[i].day);
    }
    struct batch_counts counts = batch_counts(batch);
    assert_int_equal(counts.records, 5);
    assert_int_equal(counts.events, 9);
    assert_int_equal(counts.quarantined, 2);
    assert_int_equal(part->stored, 3);
    assert_int_equal(part->min_event_ns, MOMENT + NS_PER_DAY);
    assert_int_equal(part->max_event_ns, MOMENT + 3 * NS_PER_DAY);
    assert_int_equal(part->untimed, 1);
    assert_int_equal(part->segments.len, segments);
    assert_non_null(memmem(part->quarantine.ptr, part->quarantine.len, "refused", 7));
    assert_non_null(memmem(part->quarantine.ptr, part->quarantine.len, "23514: no", 9));
    assert_int_equal(batch_next_offset(batch, 3), 5);

    struct refusal more[] = {{part, 1, "a"}, {part, 2, "b"}, {part, 3, "c"}};
    batch_set_aside(batch, more, 3);
    assert_int_equal(part->log.len + part->event.len + part->log_count, 0);
    assert_true(part->min_event_ns == TIME_NONE && part->max_event_ns == TIME_NONE);
    assert_int_equal(part->untimed, 0);
    batch_drop_stream(batch, 3);
    assert_true(batch_empty(batch));
    assert_false(batch_large(batch));
    batch_free(batch);
}

static void
which_errors_may_be_a_records_fault(void **state)
{
    static const struct {
        const char *sqlstate;
        enum err_code code;
        bool fault;
    } cases[] = {
        {"22021", ERR_DB_QUERY, true},     {"23514", ERR_DB_QUERY, true},
        {"23502", ERR_DB_QUERY, true},     {"54000", ERR_DB_QUERY, true},
        {"P0001", ERR_DB_QUERY, true},     {"23505", ERR_DB_QUERY, false},
        {"23514", ERR_DB_CONFLICT, false}, {"23505", ERR_FENCED, false},
        {"42501", ERR_DB_QUERY, false},    {"53100", ERR_DB_FULL, false},
        {"", ERR_DB_QUERY, false},         {"XX000", ERR_DB_QUERY, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct err err = {.code = cases[i].code};
        memcpy(err.sqlstate, cases[i].sqlstate, strlen(cases[i].sqlstate) + 1);
        assert_int_equal(refused_for_data(&err), cases[i].fault);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_back),
        cmocka_unit_test(a_row_without_a_time_is_one),
        cmocka_unit_test(a_cut_row_is_none),
        cmocka_unit_test(other_shapes_are_none),
        cmocka_unit_test(rows_of_a_record_go_and_the_rest_stays),
        cmocka_unit_test(which_errors_may_be_a_records_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
