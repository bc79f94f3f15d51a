/*
 * The winner rule in every order of arrival: highest version, then smallest SHA-256, then smallest
 * frame digest, then smallest content, then earliest timestamp, then smallest coordinates; and what
 * is told of the others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "correlate/run.h"

#define COUNT 9

static struct observation
delivery(uint8_t uid, int64_t version, uint8_t digest, const char *topic, int64_t offset)
{
    struct observation made = {.topic = sv_from(topic), .at = {.offset = offset}};
    made.event.uid[3] = uid;
    made.event.version = version;
    made.sha256.bytes[0] = digest;
    made.frame.bytes[0] = 5;
    made.kafka_time_ns = 5;
    return made;
}

/* What counts comes first; the others in the order of the rule. */
static const struct {
    int64_t offset;
    enum delivery_rule rule;
} expected[] = {
    {40, DELIVERY_COUNTS}, {20, BY_COORDINATES}, {60, BY_TIMESTAMP}, {50, BY_CONTENT},
    {70, BY_FRAME},        {30, BY_SHA256},      {10, BY_VERSION},   {11, BY_VERSION},
};

static void
check(const struct observation *observations)
{
    struct arena arena;
    struct deduped deduped;
    const struct correlation_input input = {.observations = observations, .count = COUNT};
    arena_init(&arena, 0);
    dedup(&arena, &input, &deduped);
    assert_int_equal(deduped.count, 2);
    assert_int_equal(deduped.kept[0]->at.offset, 40);
    assert_int_equal(deduped.kept[1]->at.offset, 5);
    assert_int_equal(deduped.delivery_count, COUNT - 1);
    for (size_t i = 0; i < COUNT - 1; i++) {
        assert_int_equal(deduped.deliveries[i].observation->at.offset, expected[i].offset);
        assert_int_equal(deduped.deliveries[i].rule, expected[i].rule);
    }
    arena_release(&arena);
}

/* All orders, by Heap's method. */
static void
permute(struct observation *observations, size_t count)
{
    if (count <= 1) {
        check(observations);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        permute(observations, count - 1);
        size_t other = count % 2 == 0 ? i : 0;
        struct observation held = observations[other];
        observations[other] = observations[count - 1];
        observations[count - 1] = held;
    }
}

static void
every_order_has_one_winner(void **state)
{
    (void)state;
    struct observation observations[COUNT] = {
        delivery(1, 2, 9, "b", 20), delivery(1, 2, 9, "a", 40), delivery(1, 2, 10, "a", 30),
        delivery(1, 1, 1, "a", 10), delivery(1, 1, 2, "a", 11), delivery(2, 0, 0, "z", 5),
        delivery(1, 2, 9, "A", 50), delivery(1, 2, 9, "A", 60), delivery(1, 2, 9, "A", 70),
    };
    observations[6].event.host = SV("of a header");
    observations[6].kafka_time_ns = 4;
    observations[7].kafka_time_ns = 6;
    observations[8].frame.bytes[0] = 6;
    observations[8].kafka_time_ns = 4;
    observations[2].frame.bytes[0] = 4;
    permute(observations, COUNT);
}

static void
nothing_in_nothing_out(void **state)
{
    (void)state;
    struct arena arena;
    struct deduped deduped;
    const struct correlation_input input = {0};
    arena_init(&arena, 0);
    dedup(&arena, &input, &deduped);
    assert_int_equal(deduped.count + deduped.delivery_count, 0);
    arena_release(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_has_one_winner),
        cmocka_unit_test(nothing_in_nothing_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
