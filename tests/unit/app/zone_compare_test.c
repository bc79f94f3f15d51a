/*
 * app/zone_*: files that mention the same things some quarter-hours apart are told from those that
 * do not, whatever their size, and from things that come again and again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first. */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "app/zone_neighbours.h"

#define START_S INT64_C(1772532000)

static void
add(struct zone_sketch *sketch, const char *text, int64_t second, bool assumed)
{
    const struct event event = {.kind = EVENT_LOG,
                                .body = sv_from(text),
                                .event_time_ns = second * NS_PER_S,
                                .time_source =
                                    assumed ? TIME_SOURCE_ASSUMED_ZONE : TIME_SOURCE_NATIVE};
    zone_sketch_add(sketch, &event);
}

/* The same moments for all who ask for the same number. */
static int64_t
moment(int number)
{
    return START_S + (int64_t)((uint32_t)number * UINT32_C(2654435761) % 36000);
}

/* Requests `from` to `to` as one file writes them, with a clock that shows `ahead` seconds more. */
static void
add_requests(struct zone_sketch *sketch, const char *form, int from, int to, int64_t ahead,
             bool assumed)
{
    for (int i = from; i < to; i++) {
        char text[160];
        snprintf(text, sizeof(text), form, (int)((int64_t)i * 7919 % INT32_MAX),
                 i % 250 * 31 % 250);
        add(sketch, text, moment(i) + ahead + i % 2, assumed);
    }
}

#define FORM_A "client 203.0.113.%2$d, request r-%1$08d: upstream timed out"
#define FORM_B "GET /cart/r-%1$08d from 203.0.113.%2$d 200"

static struct zone_distance
distance_of(int64_t ahead, int shared, int alone)
{
    struct zone_sketch a, b;
    zone_sketch_init(&a);
    zone_sketch_init(&b);
    add_requests(&a, FORM_A, 0, shared, ahead, true);
    add_requests(&a, FORM_A, 1000000, 1000000 + alone, ahead, true);
    add_requests(&b, FORM_B, 0, shared, 0, false);
    add_requests(&b, FORM_B, 2000000, 2000000 + 3 * alone, 0, false);
    zone_sketch_close(&a);
    zone_sketch_close(&b);
    assert_true(a.count <= SKETCH_MENTIONS_MAX && b.count <= SKETCH_MENTIONS_MAX);
    struct zone_distance distance = zone_compare(&a, &b), back = zone_compare(&b, &a);
    assert_int_equal(distance.quarters, -back.quarters);
    assert_int_equal(distance.certain, back.certain);
    zone_sketch_release(&a);
    zone_sketch_release(&b);
    return distance;
}

static void
quarter_hours_are_found(void **state)
{
    (void)state;
    static const int quarters[] = {1, 4, 8, 23, 56, -4, -38, -48};
    for (size_t i = 0; i < sizeof(quarters) / sizeof(quarters[0]); i++) {
        struct zone_distance found = distance_of((int64_t)quarters[i] * QUARTER_HOUR_S, 40, 40);
        assert_true(found.certain);
        assert_int_equal(found.quarters, quarters[i]);
        assert_true(found.mentions >= 40 && found.mentions <= found.compared);
    }
}

/* A part of them in a file of a million is enough. */
static void
size_does_not_matter(void **state)
{
    (void)state;
    struct zone_distance found = distance_of(4 * QUARTER_HOUR_S, 60000, 60000);
    assert_true(found.certain && found.quarters == 4);
    found = distance_of(0, 60000, 60000);
    assert_true(found.certain && found.quarters == 0);
}

static void
nothing_is_said_without_evidence(void **state)
{
    (void)state;
    assert_false(distance_of(4 * QUARTER_HOUR_S, 0, 500).certain);
    assert_false(distance_of(4 * QUARTER_HOUR_S, 2, 500).certain);
    assert_false(distance_of(400, 500, 0).certain);                     /* no zone */
    assert_false(distance_of(60 * QUARTER_HOUR_S, 500, 0).certain);     /* no zone */
    assert_false(distance_of(4 * QUARTER_HOUR_S + 30, 500, 0).certain); /* a late copy */
}

/* A job that runs every quarter of an hour is at every distance. */
static void
what_comes_again_and_again_says_nothing(void **state)
{
    (void)state;
    struct zone_sketch a, b;
    zone_sketch_init(&a);
    zone_sketch_init(&b);
    for (int i = 0; i < 40; i++)
        for (int job = 1; job <= 5; job++) {
            char text[80];
            snprintf(text, sizeof(text), "job-%03d starts on host-%04d", job, job * 37);
            add(&a, text, START_S + i * QUARTER_HOUR_S + 3600, true);
            add(&b, text, START_S + i * QUARTER_HOUR_S, false);
        }
    for (int i = 0; i < 5000; i++) /* the one host that is in every line */
        add(i % 2 == 0 ? &a : &b, "from 198.51.100.7", moment(i), i % 2 == 0);
    zone_sketch_close(&a);
    zone_sketch_close(&b);
    assert_false(zone_compare(&a, &b).certain);
    zone_sketch_release(&a);
    zone_sketch_release(&b);
}

/* Both write the time of the wall into the text: that it is the same says nothing. */
static void
times_in_a_text_are_no_things(void **state)
{
    (void)state;
    struct zone_sketch a, b;
    zone_sketch_init(&a);
    zone_sketch_init(&b);
    for (int i = 0; i < 500; i++) {
        char text[120];
        int second = i * 7;
        snprintf(text, sizeof(text), "[2026-03-03 %02d:%02d:%02d] 20260303%02d%02d%02d 03.03.2026",
                 12 + second / 3600, second / 60 % 60, second % 60, 12 + second / 3600,
                 second / 60 % 60, second % 60);
        add(&a, text, START_S + second + 3600, true);
        snprintf(text, sizeof(text), "at 2026-03-03T%02d:%02d:%02d, 20260303T%02d%02d%02d",
                 12 + second / 3600, second / 60 % 60, second % 60, 12 + second / 3600,
                 second / 60 % 60, second % 60);
        add(&b, text, START_S + second, false);
    }
    zone_sketch_close(&a);
    zone_sketch_close(&b);
    assert_int_equal(zone_compare(&a, &b).mentions, 0);
    zone_sketch_release(&a);
    zone_sketch_release(&b);
}

static void
the_file_that_assumes_is_named(void **state)
{
    (void)state;
    struct zone_neighbours neighbours = {0};
    struct zone_sketch sketch;
    struct strbuf text;
    zone_sketch_init(&sketch);
    strbuf_init(&text, 0);
    add_requests(&sketch, FORM_A, 0, 50, 7200, true);
    zone_neighbours_add(&neighbours, "proxy.log", "UTC", &sketch);
    add_requests(&sketch, FORM_B, 0, 50, 0, false);
    zone_neighbours_add(&neighbours, "access.log", "UTC", &sketch);
    add_requests(&sketch, FORM_B, 0, 50, -16200, true);
    zone_neighbours_add(&neighbours, "cart.log", "-03:30", &sketch);
    add_requests(&sketch, FORM_B, 0, 50, 1, true);
    zone_neighbours_add(&neighbours, "right.log", "Asia/Tokyo", &sketch);
    size_t at = 0;
    assert_true(zone_neighbours_next(&neighbours, &at, &text));
    assert_non_null(
        strstr(text.ptr, "proxy.log: what it mentions comes 2 h later than in access.log"));
    assert_non_null(strstr(text.ptr, "not UTC, perhaps +02:00"));
    assert_true(zone_neighbours_next(&neighbours, &at, &text));
    assert_non_null(strstr(text.ptr, "cart.log: what it mentions comes 4 h 30 min earlier"));
    assert_non_null(strstr(text.ptr, "not -03:30, perhaps -08:00"));
    assert_false(zone_neighbours_next(&neighbours, &at, &text));
    strbuf_release(&text);
    zone_neighbours_release(&neighbours);
}

/* Where none writes its zone, the one that came first is taken for right. */
static void
of_two_that_assume_the_later_is_named(void **state)
{
    (void)state;
    struct zone_neighbours neighbours = {0};
    struct zone_sketch sketch;
    struct strbuf text;
    zone_sketch_init(&sketch);
    strbuf_init(&text, 0);
    add_requests(&sketch, FORM_A, 0, 50, 0, true);
    zone_neighbours_add(&neighbours, "a.log", "UTC", &sketch);
    add_requests(&sketch, FORM_B, 0, 50, 3600, true);
    zone_neighbours_add(&neighbours, "b.log", "UTC", &sketch);
    size_t at = 0;
    assert_true(zone_neighbours_next(&neighbours, &at, &text));
    assert_int_equal(strncmp(text.ptr, "b.log: ", 7), 0);
    assert_false(zone_neighbours_next(&neighbours, &at, &text));
    strbuf_release(&text);
    zone_neighbours_release(&neighbours);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quarter_hours_are_found),
        cmocka_unit_test(size_does_not_matter),
        cmocka_unit_test(nothing_is_said_without_evidence),
        cmocka_unit_test(what_comes_again_and_again_says_nothing),
        cmocka_unit_test(times_in_a_text_are_no_things),
        cmocka_unit_test(the_file_that_assumes_is_named),
        cmocka_unit_test(of_two_that_assume_the_later_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
