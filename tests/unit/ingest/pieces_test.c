/*
 * Large JSON documents: which records they are cut into, however their bytes come, and what is told
 * of what cannot be one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* wants the four before it */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "hindcast/decoder.h"
#include "ingest/source/file/pieces.h"

#define RECORDS_MAX 64

struct world {
    struct strbuf text;
    size_t used, shown, step; /* so many bytes more are shown each time */
    bool broken;
    char *values[RECORDS_MAX];
    int64_t lines[RECORDS_MAX];
    size_t count;
    char skipped[300];
};

static struct world world;
static struct world ahead; /* the same text, for who goes ahead; only where `twice` says so */
static bool twice;

static struct sv
pending(const void *opaque)
{
    const struct world *w = opaque;
    return sv_slice(strbuf_view(&w->text), w->used, w->shown);
}

static bool
fill(void *opaque)
{
    struct world *w = opaque;
    if (w->shown == w->text.len)
        return false;
    w->shown = w->shown + w->step > w->text.len ? w->text.len : w->shown + w->step;
    return true;
}

static void
use(void *opaque, size_t count)
{
    struct world *w = opaque;
    assert_true(w->used + count <= w->shown);
    w->used += count;
}

static bool
broken(const void *opaque)
{
    const struct world *w = opaque;
    return w->broken && w->shown == w->text.len;
}

static int
on_record(void *opaque, const struct file_record *record, struct err *err)
{
    struct world *w = opaque;
    (void)err;
    assert_true(w->count < RECORDS_MAX);
    w->lines[w->count] = record->line;
    w->values[w->count] = malloc(record->value.len + 1);
    memcpy(w->values[w->count], record->value.ptr, record->value.len);
    w->values[w->count++][record->value.len] = '\0';
    return 0;
}

static void
on_skip(void *opaque, const char *name, int64_t line, const char *reason)
{
    struct world *w = opaque;
    (void)name;
    size_t used = strlen(w->skipped);
    snprintf(w->skipped + used, sizeof(w->skipped) - used, "%lld %s;", (long long)line, reason);
}

static void
forget(void)
{
    for (size_t i = 0; i < world.count; i++)
        free(world.values[i]);
    world.count = world.used = world.shown = 0;
    world.skipped[0] = '\0';
}

/* Reads the text again, `step` bytes at a time. */
static void
cut(size_t step)
{
    const struct file_sink sink = {.opaque = &world, .record = on_record, .skip = on_skip};
    struct file_reading reading = {.sink = &sink, .last_ns = TIME_NONE, .mtime_ns = TIME_NONE};
    const struct file_bytes bytes = {&world, pending, fill, use, broken};
    const struct file_bytes scout = {&ahead, pending, fill, use, broken};
    struct err err = {0};
    forget();
    world.step = step;
    ahead = (struct world){.text = world.text, .step = 5000, .broken = world.broken};
    arena_init(&reading.arena, 0);
    assert_int_equal(file_json_pieces(&reading, "big.json", &bytes, twice ? &scout : NULL, &err),
                     0);
    arena_release(&reading.arena);
    assert_int_equal(world.used, world.text.len);
}

static void
begin(const char *text)
{
    strbuf_clear(&world.text);
    world.broken = false;
    strbuf_add_text(&world.text, text);
}

/* {"n":0},{"n":1}... */
static void
add_numbers(size_t count)
{
    for (size_t i = 0; i < count; i++)
        strbuf_addf(&world.text, "%s{\"n\":%zu}", i == 0 ? "" : ",\n", i);
}

static void
add_filler(size_t count)
{
    assert_true(strbuf_grow(&world.text, count));
    memset(world.text.ptr + world.text.len, 'x', count);
    strbuf_wrote(&world.text, count);
}

/* Every number once, in order, over all records; returns how many. */
static size_t
numbers(void)
{
    size_t number = 0;
    for (size_t i = 0; i < world.count; i++) {
        size_t in_piece = 0;
        for (const char *at = world.values[i]; (at = strstr(at, "{\"n\":")) != NULL; in_piece++) {
            at += 5;
            assert_int_equal(strtoul(at, NULL, 10), number);
            number++;
        }
        assert_true(in_piece <= FILE_PIECE_ELEMENTS_MAX);
    }
    return number;
}

static void
a_list_of_an_object_is_cut_with_what_is_around_it(void **state)
{
    static const size_t steps[] = {1, 7, 4096, 1000000};
    (void)state;
    begin("\n{ \"a\" : \"x \\\" ] } \\\\\" , \"few\":[{\"k\":1}], \"list\":[\n");
    add_numbers(EVENTS_PER_RECORD_MAX + 1);
    strbuf_add_text(&world.text, "], \"z\":{\"y\":2} }\n");
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        static const char head[] =
            "{\"a\":\"x \\\" ] } \\\\\" ,\"few\":[{\"k\":1}],\"list\":[{\"n\":";
        cut(steps[i]);
        assert_int_equal(world.count, 11);
        assert_int_equal(numbers(), EVENTS_PER_RECORD_MAX + 1);
        for (size_t k = 0; k < world.count; k++) {
            size_t length = strlen(world.values[k]);
            assert_memory_equal(world.values[k], head, sizeof(head) - 1);
            const char *tail = "}],\"z\":{\"y\":2}}";
            assert_string_equal(world.values[k] + length - strlen(tail), tail);
        }
        assert_int_equal(world.lines[0], 3);
        assert_int_equal(world.lines[1], 1003);
        assert_string_equal(world.skipped, "");
    }
}

/* Chats with messages: each piece has its chat around it, and no other. */
static void
lists_in_elements_are_cut_too(void **state)
{
    (void)state;
    begin("{\"chats\":{\"list\":[{\"id\":\"small\",\"m\":[{\"k\":1}]},{\"id\":\"large\",\"m\":[");
    add_numbers(EVENTS_PER_RECORD_MAX + 1);
    strbuf_add_text(&world.text, "],\"o\":1},{\"id\":\"last\"}]},\"t\":0}");
    cut(4096);
    assert_int_equal(world.count, 13);
    assert_int_equal(numbers(), EVENTS_PER_RECORD_MAX + 1);
    assert_string_equal(world.values[0],
                        "{\"chats\":{\"list\":[{\"id\":\"small\",\"m\":[{\"k\":1}]}]},\"t\":0}");
    for (size_t i = 1; i < 12; i++) {
        assert_memory_equal(world.values[i],
                            "{\"chats\":{\"list\":[{\"id\":\"large\",\"m\":[{\"n\":", 41);
        assert_non_null(strstr(world.values[i], "],\"o\":1}]},\"t\":0}"));
    }
    assert_string_equal(world.values[12], "{\"chats\":{\"list\":[{\"id\":\"last\"}]},\"t\":0}");
}

static void
two_lists_of_one_object(void **state)
{
    (void)state;
    begin("{\"a\":[");
    add_numbers(EVENTS_PER_RECORD_MAX + 1);
    strbuf_add_text(&world.text, "],\"b\":[{\"k\":0}");
    for (size_t i = 0; i < EVENTS_PER_RECORD_MAX; i++)
        strbuf_add_text(&world.text, ",{\"k\":1}");
    strbuf_add_text(&world.text, "]}");
    cut(4096);
    assert_int_equal(world.count, 22);
    assert_int_equal(numbers(), EVENTS_PER_RECORD_MAX + 1);
    assert_non_null(strstr(world.values[0], "}],\"b\":[]}"));
    assert_memory_equal(world.values[11], "{\"a\":[],\"b\":[{\"k\":0}", 20);
    assert_memory_equal(world.values[21], "{\"a\":[],\"b\":[{\"k\":1}]}", 22);
}

/* Larger than what is held: somebody goes ahead, or only the last piece has what stands behind. */
static void
what_stands_behind_a_list_is_with_each_piece(void **state)
{
    (void)state;
    begin("[{\"n\":0},{\"before\":1,\"groups\":[{\"list\":[");
    for (size_t i = 1; i < 40; i++) {
        strbuf_addf(&world.text, "%s{\"n\":%zu,\"x\":\"", i == 1 ? "" : ",", i);
        add_filler(300000);
        strbuf_add_text(&world.text, "\"}");
    }
    strbuf_add_text(&world.text, "],\"inner\":{\"l\":[3]}},{\"n\":40}],\"outer\":4},{\"n\":41}]");
    for (int round = 0; round < 2; round++) {
        twice = round == 1;
        cut(128 * 1024);
        assert_int_equal(numbers(), 42);
        for (size_t i = 1; i + 1 < world.count; i++) {
            const char *value = world.values[i];
            bool large = strlen(value) > 1000, last_large = i + 3 == world.count;
            assert_int_equal(strncmp(value, "{\"before\":1,\"groups\":[{", 23), 0);
            assert_int_equal(strstr(value, "}],\"inner\":{\"l\":[3]}}]") != NULL,
                             large && (twice || last_large));
            assert_int_equal(strstr(value, "],\"outer\":4}") != NULL, twice || !large);
        }
        assert_string_equal(world.values[world.count - 1], "{\"n\":41}");
        assert_string_equal(world.skipped, "");
    }
    twice = false;
}

/* As much as a record holds is not handed out with every piece. */
static void
there_is_a_limit_to_what_stands_behind(void **state)
{
    (void)state;
    begin("{\"list\":[");
    add_numbers(EVENTS_PER_RECORD_MAX + 1);
    strbuf_add_text(&world.text, "],\"a\":\"");
    add_filler(FILE_PIECE_BYTES_MAX - 10);
    strbuf_add_text(&world.text, "\",\"b\":\"");
    add_filler(1000);
    strbuf_add_text(&world.text, "\"}");
    cut(100000);
    assert_int_equal(numbers(), EVENTS_PER_RECORD_MAX + 1);
    assert_int_equal(world.count, 11);
    for (size_t i = 0; i < 10; i++)
        assert_null(strstr(world.values[i], "\"b\""));
    assert_non_null(strstr(world.values[10], "\"b\""));
    assert_string_equal(world.skipped, "1 more than 1 MiB stands behind lists: it is only with "
                                       "their last elements;");
}

/* Larger than a record, in elements that are not small. */
static void
pieces_are_no_larger_than_their_limit(void **state)
{
    (void)state;
    begin("{\"c\":1,\"list\":[");
    for (size_t i = 0; i < 30; i++) {
        strbuf_addf(&world.text, "%s{\"n\":%zu,\"x\":\"", i == 0 ? "" : ",", i);
        add_filler(300000);
        strbuf_add_text(&world.text, "\"}");
    }
    strbuf_add_text(&world.text, "]}");
    cut(128 * 1024);
    assert_int_equal(world.count, 10);
    assert_int_equal(numbers(), 30);
    for (size_t i = 0; i < world.count; i++)
        assert_true(strlen(world.values[i]) < FILE_PIECE_BYTES_MAX + 100);
}

static void
elements_of_an_array_come_alone(void **state)
{
    (void)state;
    begin("[\n");
    add_numbers(3);
    strbuf_add_text(&world.text, ",{\"x\":\"");
    add_filler(RECORD_BYTES_MAX);
    strbuf_add_text(&world.text, "\"},\n17,{\"k\":\"\\\\\"}]\n{\"after\":1}");
    cut(100000);
    assert_int_equal(world.count, 7);
    assert_string_equal(world.values[2], "{\"n\":2}");
    assert_string_equal(world.values[3], "{\"x\":null}");
    assert_string_equal(world.values[4], "17");
    assert_string_equal(world.values[5], "{\"k\":\"\\\\\"}");
    assert_string_equal(world.values[6], "{\"after\":1}");
    assert_string_equal(world.skipped, "4 a value of an object is larger than 1 MiB;");
    assert_int_equal(world.lines[2], 4);
    assert_int_equal(world.lines[5], 5);
}

static void
a_large_value_of_a_list_is_left_out(void **state)
{
    (void)state;
    begin("{\"l\":[{\"n\":0},\"");
    add_filler(RECORD_BYTES_MAX);
    strbuf_add_text(&world.text, "\",{\"n\":1}]}");
    cut(100000);
    assert_int_equal(world.count, 1);
    assert_string_equal(world.values[0], "{\"l\":[{\"n\":0},{\"n\":1}]}");
    assert_string_equal(world.skipped, "1 an element of a list is larger than 1 MiB;");
}

/* What breaks off gives what is whole; after an error the rest is left to the next try. */
static void
a_document_may_break_off(void **state)
{
    (void)state;
    begin("{\"a\":[");
    add_numbers(EVENTS_PER_RECORD_MAX + 500);
    strbuf_add_text(&world.text, ",{\"n\":");
    cut(100000);
    assert_int_equal(numbers(), EVENTS_PER_RECORD_MAX + 500);
    assert_string_equal(world.skipped, "10500 the document breaks off;");
    world.broken = true;
    cut(100000);
    assert_true(numbers() <= EVENTS_PER_RECORD_MAX + 500);
    assert_string_equal(world.skipped, "");

    begin("[{\"n\":0},{\"n\":1},{\"n\":");
    cut(3);
    assert_int_equal(world.count, 3);
    assert_string_equal(world.values[2], "{\"n\":");
    world.broken = true;
    cut(3);
    assert_int_equal(world.count, 2);
}

static void
what_cannot_be_cut_is_told(void **state)
{
    (void)state;
    begin("[{\"n\":0},");
    for (int i = 0; i < 8; i++) {
        strbuf_addf(&world.text, "%s\"%d\":\"", i == 0 ? "{" : ",", i);
        add_filler(FILE_PIECE_BYTES_MAX - 100);
        strbuf_add_char(&world.text, '"');
    }
    strbuf_add_text(&world.text, ",\"list\":[");
    add_filler(FILE_PIECE_BYTES_MAX);
    strbuf_add_text(&world.text, "]},{\"n\":1}]");
    cut(100000);
    assert_int_equal(world.count, 2);
    assert_string_equal(world.skipped, "1 what stands around a list is larger than 7 MiB;");

    begin("[{\"n\":0},");
    for (int i = 0; i < FILE_PIECE_DEPTH_MAX; i++)
        strbuf_add_text(&world.text, "{\"o\":");
    strbuf_add_text(&world.text, "[{\"k\":\"");
    add_filler(RECORD_BYTES_MAX);
    strbuf_add_text(&world.text, "\"}]");
    for (int i = 0; i < FILE_PIECE_DEPTH_MAX; i++)
        strbuf_add_text(&world.text, "}");
    strbuf_add_text(&world.text, ",{\"n\":1}]");
    cut(100000);
    assert_int_equal(world.count, 2);
    assert_string_equal(world.skipped, "1 an object cannot be cut into records;");

    begin("[{\"n\":0},{\"a\":");
    strbuf_add_text(&world.text, "\"x\" oops \"");
    add_filler(RECORD_BYTES_MAX);
    strbuf_add_text(&world.text, "\"},{\"n\":1}]");
    cut(100000);
    assert_int_equal(numbers(), 2);
    assert_true(strlen(world.skipped) > 0);
}

static void
other_text_is_no_document(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool begins;
    } cases[] = {
        {"[\n {\"a\":1},\n {\"b\":", true},
        {"{\n \"a\": [{\"b\":", true},
        {"{\"a\":1}\n{\"b\":", true},
        {"[{\"a\":", true},
        {"[info] {\"a\":1}", false},
        {"[2026-03-01] x", false},
        {"{ server_name x; }", false},
        {"[{\"a\": ISODate(\"x\")}, {", false},
        {"[1,2,3", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (file_json_begins(sv_from(cases[i].text)) != cases[i].begins)
            fail_msg("%s", cases[i].text);
}

static int
start(void **state)
{
    (void)state;
    strbuf_init(&world.text, 0);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    forget();
    strbuf_release(&world.text);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_of_an_object_is_cut_with_what_is_around_it),
        cmocka_unit_test(lists_in_elements_are_cut_too),
        cmocka_unit_test(two_lists_of_one_object),
        cmocka_unit_test(what_stands_behind_a_list_is_with_each_piece),
        cmocka_unit_test(there_is_a_limit_to_what_stands_behind),
        cmocka_unit_test(pieces_are_no_larger_than_their_limit),
        cmocka_unit_test(elements_of_an_array_come_alone),
        cmocka_unit_test(a_large_value_of_a_list_is_left_out),
        cmocka_unit_test(a_document_may_break_off),
        cmocka_unit_test(what_cannot_be_cut_is_told),
        cmocka_unit_test(other_text_is_no_document),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
