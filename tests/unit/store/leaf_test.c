/*
 * What a leaf covers: the digests that docs/storage.md describes, made here with sha256sum's own
 * means (bytes put one after the other) and compared with numbers that another program gave; every
 * part of a record in version 2; and that what is written in pairs is what readers compute.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "store/evidence/segment.h"

static const struct header headers[] = {{SV("source"), SV("app.log")}, {SV("none"), SV_NONE}};
static const struct record record = {.topic = SV("ops"),
                                     .incarnation = 1,
                                     .partition = 2,
                                     .offset = 300,
                                     .kafka_time_ns = INT64_C(1772359200123000000),
                                     .timestamp_type = TIMESTAMP_CREATE,
                                     .key = SV("k1"),
                                     .value = SV("disk full"),
                                     .headers = headers,
                                     .header_count = 2};

static void
leaf_of(int version, const struct record *of, struct sha256 *ret_leaf)
{
    static char front[4096];
    struct sha256 value;
    assert_true(frame_front_size(of) <= sizeof(front));
    size_t len = (size_t)(frame_put_front(front, of) - front);
    assert_true(len == frame_front_size(of));
    sha256_of(of->value.ptr, of->value.len, &value);
    leaf_of_record(version, of, sv_of(front, len), &value, ret_leaf);
}

static void
expect_hex(const struct sha256 *digest, const char *expected)
{
    char hex[SHA256_HEX + 1];
    sha256_hex(digest, hex);
    assert_string_equal(hex, expected);
}

/* The steps of docs/storage.md, and their results in Python's hashlib. */
static void
digests_are_those_of_the_documented_steps(void **state)
{
    (void)state;
    static const char place[] = "\0\0\0\3ops\0\0\0\1\0\0\0\2\0\0\0\0\0\0\1\54";
    static const char time[] = "\x01\x18\x98\xAF\x4D\x59\xBA\x14\xC0";
    static const char rest[] = "\0\0\0\2k1\0\0\0\2\0\0\0\6source\0\0\0\7app.log"
                               "\0\0\0\4none\377\377\377\377\0\0\0\11";
    const struct sha256_part parts[] = {
        {"\2", 1}, {place, sizeof(place) - 1}, {time, sizeof(time) - 1}, {rest, sizeof(rest) - 1}};
    char front[64];
    struct sha256 value, frame, leaf, found;
    assert_true(frame_front_size(&record) <= sizeof(front));
    size_t len = (size_t)(frame_put_front(front, &record) - front);
    assert_true(len == sizeof(time) - 1 + sizeof(rest) - 1);
    sha256_of("disk full", 9, &value);
    expect_hex(&value, "8c96d76f620269be0f4cbc27e6cb594426729e32474260ef82eb6fc24b2cba2f");
    sha256_of_parts((struct sha256_part[]){parts[3], {&value, 32}}, 2, &frame);
    expect_hex(&frame, "878e6c0fe69391a3a0d7debb4470f6e70d3861c3e1677382e088bed440b154bc");
    frame_digest(sv_of(front, len), &value, &found);
    assert_memory_equal(&found, &frame, sizeof(frame));
    sha256_of_parts((struct sha256_part[]){parts[0], parts[1], parts[2], parts[3], {&value, 32}}, 5,
                    &leaf);
    expect_hex(&leaf, "3cf0408f2f2ff3a29caac5484f7f67a7aebc571a0dd7062572e719ed542bbf29");
    leaf_of(2, &record, &found);
    assert_memory_equal(&found, &leaf, sizeof(leaf));
    leaf_of(1, &record, &found);
    expect_hex(&found, "2f3acd9c401fc06cd74020e385e75394afae9e91dfd6c9f089f05a7b7917a1f9");
}

enum { VARIANTS = 20 };

/* The record with one thing changed; 0: nothing. */
static struct record
variant(int number, struct header changed[3])
{
    struct record made = record;
    memcpy(changed, headers, sizeof(headers));
    changed[2] = (struct header){SV_NONE, SV_NONE};
    made.headers = changed;
    switch (number) {
    case 1:
        made.value = SV("disk fuln");
        break;
    case 2:
        made.value = SV("");
        break;
    case 3:
        made.value = SV_NONE;
        break;
    case 4:
        made.key = SV("k2");
        break;
    case 5:
        made.key = SV("");
        break;
    case 6:
        made.key = SV_NONE;
        break;
    case 7:
        changed[0].name = SV("sourcf");
        break;
    case 8:
        changed[0].value = SV("app.lof");
        break;
    case 9: /* the same bytes, cut elsewhere */
        changed[0] = (struct header){SV("sourcea"), SV("pp.log")};
        break;
    case 10:
        changed[1].value = SV("");
        break;
    case 11: /* another order */
        changed[0] = headers[1];
        changed[1] = headers[0];
        break;
    case 12:
        made.header_count = 1;
        break;
    case 13:
        made.header_count = 3;
        break;
    case 14:
        made.kafka_time_ns += NS_PER_MS;
        break;
    case 15:
        made.timestamp_type = TIMESTAMP_APPEND;
        break;
    case 16:
        made.topic = SV("opt");
        break;
    case 17:
        made.incarnation = 2;
        break;
    case 18:
        made.partition = 3;
        break;
    case 19:
        made.offset = 301;
        break;
    default:
        break;
    }
    return made;
}

static void
every_part_of_a_record_is_covered(void **state)
{
    (void)state;
    struct sha256 leaves[VARIANTS], first[VARIANTS];
    for (int i = 0; i < VARIANTS; i++) {
        struct header changed[3];
        struct record made = variant(i, changed);
        leaf_of(2, &made, &leaves[i]);
        leaf_of(1, &made, &first[i]);
        assert_memory_not_equal(&leaves[i], &first[i], sizeof(first[i]));
        for (int j = 0; j < i; j++)
            assert_memory_not_equal(&leaves[i], &leaves[j], sizeof(leaves[i]));
        /* What version 1 is known not to cover: 4 to 15; the other versions' segments stay so. */
        bool covered = i != 0 && (i < 4 || i > 15);
        assert_int_equal(memcmp(&first[i], &first[0], sizeof(first[i])) != 0, covered);
    }
    assert_memory_equal(&first[2], &first[3], sizeof(first[2])); /* tombstone and empty value */
}

/* Short and long fronts, alone and beside one another. */
static void
pairs_give_what_readers_compute(void **state)
{
    (void)state;
    static char text[3000];
    static const size_t lengths[] = {0, 1, 30, 200, 900, 988, 989, 990, 1002, 1003, 1004, 2900};
    enum { LENGTHS = sizeof(lengths) / sizeof(lengths[0]) };
    struct stream stream = {.incarnation = 1, .partition = 2, .topic = "ops"};
    struct segment segment;
    memset(text, 'h', sizeof(text));
    for (size_t i = 0; i < LENGTHS; i++)
        for (size_t j = 0; j < LENGTHS; j++) {
            struct header header = {SV("n"), sv_of(text, lengths[i])};
            struct record two[] = {record, record};
            segment_init(&segment);
            two[0].headers = &header;
            two[0].header_count = 1;
            two[1].key = sv_of(text, lengths[j]);
            two[1].offset++;
            for (size_t k = 0; k < 2; k++) {
                segment_add(&segment, &stream, &two[k]);
            }
            for (size_t k = 0; k < 2; k++) {
                struct sha256 leaf;
                leaf_of(LEAF_VERSION, &two[k], &leaf);
                assert_memory_equal(&segment.leaves[k], &leaf, sizeof(leaf));
            }
            segment_release(&segment);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_are_those_of_the_documented_steps),
        cmocka_unit_test(every_part_of_a_record_is_covered),
        cmocka_unit_test(pairs_give_what_readers_compute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
