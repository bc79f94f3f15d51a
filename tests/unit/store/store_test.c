/*
 * The store without a server: COPY encoding, segments, the batch's ledger, backoff.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/embedded.h"
#include "hindcast/retry.h"
#include "store/delivery/part.h"
#include "store/pg/copy.h"
#include "store/pg/query.h"

static void
expect_bytes(struct strbuf *buf, const char *bytes, size_t len)
{
    assert_int_equal(buf->len, len);
    assert_memory_equal(buf->ptr, bytes, len);
    strbuf_clear(buf);
}

static void
fields_have_postgresql_form(void **state)
{
    (void)state;
    struct strbuf buf;
    strbuf_init(&buf, 0);
    copy_int2(&buf, -2);
    expect_bytes(&buf, "\0\0\0\2\377\376", 6);
    copy_int8(&buf, 258);
    expect_bytes(&buf, "\0\0\0\10\0\0\0\0\0\0\1\2", 12);
    copy_text(&buf, SV("ab"));
    expect_bytes(&buf, "\0\0\0\2ab", 6);
    copy_text(&buf, SV_NONE);
    expect_bytes(&buf, "\377\377\377\377", 4);
    copy_bytes(&buf, SV(""));
    expect_bytes(&buf, "\0\0\0\0", 4);
    copy_jsonb(&buf, SV("{}"));
    expect_bytes(&buf, "\0\0\0\3\1{}", 7);
    copy_date(&buf, COPY_EPOCH_DAYS + 1);
    expect_bytes(&buf, "\0\0\0\4\0\0\0\1", 8);
    copy_time(&buf, COPY_EPOCH_DAYS * NS_PER_DAY + 1999); /* cut, not rounded */
    expect_bytes(&buf, "\0\0\0\10\0\0\0\0\0\0\0\1", 12);
    copy_time(&buf, TIME_NONE);
    expect_bytes(&buf, "\377\377\377\377", 4);
    copy_int4_array(&buf, (const int32_t[]){7}, 1);
    expect_bytes(&buf, "\0\0\0\34\0\0\0\1\0\0\0\0\0\0\0\27\0\0\0\1\0\0\0\1\0\0\0\4\0\0\0\7", 32);
    copy_bytes_array(&buf, (const struct sv[]){SV("n"), SV_NONE}, 2);
    expect_bytes(&buf,
                 "\0\0\0\35\0\0\0\1\0\0\0\1\0\0\0\21\0\0\0\2\0\0\0\1\0\0\0\1n"
                 "\377\377\377\377",
                 33);
    copy_bytes_array(&buf, NULL, 0);
    expect_bytes(&buf, "\0\0\0\14\0\0\0\0\0\0\0\1\0\0\0\21", 16);
    strbuf_release(&buf);
}

static void
times_before_1970_keep_a_positive_rest(void **state)
{
    (void)state;
    int rest;
    assert_int_equal(time_us(-1, &rest), -1);
    assert_int_equal(rest, 999);
    assert_int_equal(time_us(1001, &rest), 1);
    assert_int_equal(rest, 1);
}

static struct stream
a_stream(int64_t id)
{
    return (struct stream){.stream_id = id,
                           .epoch = 1,
                           .next_offset = -1,
                           .tail_offset = -1,
                           .incarnation = 1,
                           .topic = "t"};
}

static struct record
a_record(int64_t offset, struct sv value)
{
    return (struct record){.topic = SV("t"),
                           .offset = offset,
                           .kafka_time_ns = 5 * NS_PER_S,
                           .timestamp_type = TIMESTAMP_CREATE,
                           .value = value};
}

static void
segments_come_back_as_they_went(void **state)
{
    (void)state;
    struct arena arena;
    struct segment segment;
    struct stream stream = a_stream(1);
    struct header headers[] = {{SV("h"), SV("v")}, {SV("none"), SV_NONE}};
    struct record first = a_record(10, SV("value")), second = a_record(12, SV_NONE), back;
    struct err err = {0};
    first.key = SV("");
    first.headers = headers;
    first.header_count = 2;
    arena_init(&arena, 0);
    segment_init(&segment);
    segment_add(&segment, &stream, &first);
    segment_add(&segment, &stream, &second);

    struct sv bytes = strbuf_view(&segment.data);
    size_t end = (size_t)segment.ends[0];
    assert_int_equal(segment_read(sv_slice(bytes, 0, end), &arena, &back, &err), 0);
    assert_true(sv_eq(back.value, first.value));
    assert_true(back.key.ptr != NULL && back.key.len == 0);
    assert_int_equal(back.header_count, 2);
    assert_true(sv_eq(back.headers[0].value, SV("v")));
    assert_null(back.headers[1].value.ptr);
    assert_true(back.kafka_time_ns == first.kafka_time_ns);
    assert_int_equal(segment_read(sv_slice(bytes, end, bytes.len), &arena, &back, &err), 0);
    assert_null(back.value.ptr);
    for (size_t cut = 0; cut < end; cut++)
        assert_int_equal(segment_read(sv_slice(bytes, 0, cut), &arena, &back, &err), -1);
    segment_release(&segment);
    arena_release(&arena);
}

/* As readers compute it. */
static void
leaf_of(const struct stream *stream, const struct record *record, struct sha256 *ret_leaf)
{
    static char front[256 * 1024];
    struct record placed = *record;
    struct sha256 digest;
    placed.topic = sv_from(stream->topic);
    placed.incarnation = stream->incarnation;
    placed.partition = stream->partition;
    assert_true(frame_front_size(record) <= sizeof(front));
    size_t len = (size_t)(frame_put_front(front, record) - front);
    sha256_of(record->value.ptr, record->value.len, &digest);
    leaf_of_record(LEAF_VERSION, &placed, sv_of(front, len), &digest, ret_leaf);
}

/* Records are hashed two at a time, but each leaf and the last digest are those of its own. */
static void
leaves_are_those_of_single_records(void **state)
{
    (void)state;
    struct segment segment;
    struct stream stream = a_stream(1);
    struct strbuf out;
    struct sha256 leaves[8], digest, root;
    static const char *const values[] = {"one", "", "three", NULL, "five", "a longer sixth", "7"};
    strbuf_init(&out, 0);
    segment_init(&segment);
    for (size_t count = 1; count <= 7; count++) {
        for (size_t i = 0; i < count; i++) {
            struct record record = a_record((int64_t)i, sv_from(values[i]));
            segment_add(&segment, &stream, &record);
            sha256_of(record.value.ptr, record.value.len, &digest);
            leaf_of(&stream, &record, &leaves[i]);
        }
        strbuf_clear(&out);
        segment_cut(&segment, 1, 0, &out);
        segment_root(leaves, count, &root);
        assert_memory_equal(&segment.last_value, &digest, SHA256_BYTES);
        assert_non_null(memmem(out.ptr, out.len, root.bytes, SHA256_BYTES));
    }
    segment_release(&segment);
    strbuf_release(&out);
}

/* The data column of the only row in `out`. */
static struct sv
data_of(const struct strbuf *out)
{
    struct sv rest = sv_slice(strbuf_view(out), 2, out->len), field = SV_NONE;
    while (rest.len >= 4) {
        uint32_t len;
        memcpy(&len, rest.ptr, 4);
        len = __builtin_bswap32(len);
        len = len == UINT32_MAX ? 0 : len;
        field = sv_slice(rest, 4, 4 + (size_t)len);
        rest = sv_slice(rest, 4 + (size_t)len, rest.len);
    }
    return field;
}

/* Readers that do not compute the tree get no changed bytes either; blocks that change places show
 * in the leaf, whatever they hold. */
static void
changed_frames_are_refused(void **state)
{
    (void)state;
    struct segment segment;
    struct stream stream = a_stream(1);
    struct arena arena;
    struct strbuf out;
    struct err err = {0};
    struct sv bytes;
    size_t large = 250000;
    char *noise = malloc(large);
    uint32_t random = 7;
    assert_non_null(noise);
    for (size_t i = 0; i < large; i++) {
        random = random * 1664525 + 1013904223;
        noise[i] = (char)(random >> 24);
    }
    struct header headers[] = {{SV("h"), sv_of(noise, large)}};
    struct record record = a_record(0, SV("value"));
    record.headers = headers;
    record.header_count = 1;
    arena_init(&arena, 0);
    strbuf_init(&out, 0);
    segment_init(&segment);
    segment_add(&segment, &stream, &record);
    segment_cut(&segment, 1, 0, &out);
    struct sv data = data_of(&out);
    assert_int_equal(segment_unpack(data, &arena, &bytes, &err), 0);
    /* The frame's head has 15 bytes; what does not compress is 65536 bytes between 4 and 4. */
    size_t block = 65536 + 8;
    char *changed = malloc(data.len);
    assert_non_null(changed);
    memcpy(changed, data.ptr, data.len);
    memcpy(changed + 15 + block, data.ptr + 15 + 2 * block, block);
    memcpy(changed + 15 + 2 * block, data.ptr + 15 + block, block);
    assert_int_equal(segment_unpack(sv_of(changed, data.len), &arena, &bytes, &err), 0);
    struct record moved;
    struct sha256 leaf, leaf_of_moved, digest;
    assert_int_equal(segment_read(bytes, &arena, &moved, &err), 0);
    moved.topic = record.topic;
    sha256_of(record.value.ptr, record.value.len, &digest);
    leaf_of(&stream, &record, &leaf);
    moved.incarnation = stream.incarnation;
    leaf_of_record(LEAF_VERSION, &moved, frame_front(bytes, moved.value.len), &digest,
                   &leaf_of_moved);
    assert_memory_not_equal(&leaf, &leaf_of_moved, SHA256_BYTES);
    for (size_t at = 0; at < data.len; at += at < 100 ? 1 : 997) {
        memcpy(changed, data.ptr, data.len);
        changed[at] = (char)(changed[at] ^ 0x10);
        assert_int_equal(segment_unpack(sv_of(changed, data.len), &arena, &bytes, &err), -1);
    }
    free(changed);
    free(noise);
    segment_release(&segment);
    strbuf_release(&out);
    arena_release(&arena);
}

/* What cannot be kept is hashed all the same, and its neighbours are kept. */
static void
a_record_beyond_every_segment_spares_its_neighbours(void **state)
{
    (void)state;
    struct segment segment;
    struct stream stream = a_stream(1);
    struct arena arena;
    struct record back;
    struct err err = {0};
    static char large[5000];
    memset(large, 'x', sizeof(large));
    for (int before = 0; before < 3; before++) {
        arena_init(&arena, 0);
        segment_init(&segment);
        strbuf_init(&segment.data, 1000);
        for (int i = 0; i < before; i++) {
            struct record small = a_record(i, SV("small"));
            segment_add(&segment, &stream, &small);
        }
        struct record huge = a_record(before, sv_of(large, sizeof(large)));
        struct record next = a_record(before + 1, SV("next"));
        struct sha256 digest, leaf;
        huge.key = SV("its key");
        segment_add(&segment, &stream, &huge);
        sha256_of(large, sizeof(large), &digest);
        assert_memory_equal(&segment.last_value, &digest, SHA256_BYTES);
        leaf_of(&stream, &huge, &leaf);
        assert_memory_equal(&segment.leaves[before], &leaf, SHA256_BYTES);
        segment_add(&segment, &stream, &next);
        struct sv bytes = strbuf_view(&segment.data);
        struct sv frame = sv_slice(bytes, (size_t)segment.ends[before], bytes.len);
        assert_int_equal(segment_read(frame, &arena, &back, &err), 0);
        assert_true(sv_eq(back.value, SV("next")));
        segment_release(&segment);
        arena_release(&arena);
    }
}

static void
any_leaf(int64_t offset, const char *value, struct sha256 *ret_leaf)
{
    struct stream stream = a_stream(1);
    struct record record = a_record(offset, sv_from(value));
    leaf_of(&stream, &record, ret_leaf);
}

static void
inner_of(const struct sha256 *left, const struct sha256 *right, struct sha256 *ret_node)
{
    sha256_of_parts((struct sha256_part[]){{"\1", 1}, {left, 32}, {right, 32}}, 3, ret_node);
}

static void
the_root_is_that_of_rfc_6962(void **state)
{
    (void)state;
    struct sha256 leaves[5], scratch[5], ab, cd, abcd, all, root;
    for (int i = 0; i < 5; i++)
        any_leaf(i, "same", &leaves[i]);
    inner_of(&leaves[0], &leaves[1], &ab);
    inner_of(&leaves[2], &leaves[3], &cd);
    inner_of(&ab, &cd, &abcd);
    inner_of(&abcd, &leaves[4], &all);
    memcpy(scratch, leaves, sizeof(leaves));
    segment_root(scratch, 5, &root);
    assert_memory_equal(&root, &all, 32);
    any_leaf(4, "sane", &leaves[4]);
    memcpy(scratch, leaves, sizeof(leaves));
    segment_root(scratch, 5, &root);
    assert_memory_not_equal(&root, &all, 32);
    /* the place is part of the leaf */
    any_leaf(5, "same", &scratch[0]);
    any_leaf(6, "same", &scratch[1]);
    assert_memory_not_equal(&scratch[0], &scratch[1], 32);
}

/* The definitions of RFC 6962, section 2.1, word for word: recursive, split at a power of two. */
static size_t
split_of(size_t count)
{
    size_t split = 1;
    while (split * 2 < count)
        split *= 2;
    return split;
}

static void
hash_of(const struct sha256 *leaves, size_t count, struct sha256 *ret_hash)
{
    struct sha256 left, right;
    size_t split = split_of(count);
    if (count == 1) {
        *ret_hash = leaves[0];
        return;
    }
    hash_of(leaves, split, &left);
    hash_of(leaves + split, count - split, &right);
    inner_of(&left, &right, ret_hash);
}

static void
audit_path_of(const struct sha256 *leaves, size_t count, size_t index, struct merkle_path *path)
{
    size_t split = split_of(count);
    if (count == 1)
        return;
    if (index < split) {
        audit_path_of(leaves, split, index, path);
        hash_of(leaves + split, count - split, &path->siblings[path->count++]);
    } else {
        audit_path_of(leaves + split, count - split, index - split, path);
        hash_of(leaves, split, &path->siblings[path->count++]);
    }
}

static void
a_broken_path_does_not_hold(const struct merkle_path *path, const struct sha256 *leaf, size_t index,
                            size_t count, const struct sha256 *root)
{
    struct sha256 other = *leaf;
    other.bytes[31] ^= 1;
    assert_false(merkle_path_holds(path, &other, index, count, root));
    other = *root;
    other.bytes[0] ^= 128;
    assert_false(merkle_path_holds(path, leaf, index, count, &other));
    for (size_t i = 0; i < path->count; i++) {
        struct merkle_path changed = *path;
        changed.siblings[i].bytes[i] ^= 4;
        assert_false(merkle_path_holds(&changed, leaf, index, count, root));
    }
    struct merkle_path longer = *path, shorter = *path;
    if (longer.count < SEGMENT_PATH_MAX) {
        longer.siblings[longer.count++] = *leaf;
        assert_false(merkle_path_holds(&longer, leaf, index, count, root));
    }
    if (path->count > 0) {
        shorter.count--;
        assert_false(merkle_path_holds(&shorter, leaf, index, count, root));
        /* a sibling is on the other side when the index is another */
        assert_false(merkle_path_holds(path, leaf, index ^ 1, count, root));
    }
    assert_false(merkle_path_holds(path, leaf, count, count, root));
}

static void
paths_are_those_of_rfc_6962(void **state)
{
    (void)state;
    static struct merkle_tree tree;
    static struct sha256 leaves[SEGMENT_RECORDS_MAX];
    for (int i = 0; i < SEGMENT_RECORDS_MAX; i++)
        any_leaf(i, "same", &leaves[i]);
    for (size_t count = 1; count <= SEGMENT_RECORDS_MAX; count += count < 70 ? 1 : 13) {
        struct sha256 root;
        hash_of(leaves, count, &root);
        merkle_tree_build(&tree, leaves, count);
        assert_memory_equal(merkle_tree_root(&tree), &root, sizeof(root));
        for (size_t index = 0; index < count; index += count <= 70 ? 1 : 29) {
            struct merkle_path path, wanted = {0};
            audit_path_of(leaves, count, index, &wanted);
            merkle_tree_path(&tree, index, &path);
            assert_int_equal(path.count, wanted.count);
            assert_memory_equal(path.siblings, wanted.siblings,
                                wanted.count * sizeof(wanted.siblings[0]));
            assert_true(merkle_path_holds(&path, &leaves[index], index, count, &root));
            a_broken_path_does_not_hold(&path, &leaves[index], index, count, &root);
        }
    }
    merkle_tree_build(&tree, leaves, SEGMENT_RECORDS_MAX);
    assert_true(tree.count <= sizeof(tree.nodes) / sizeof(tree.nodes[0]));
}

static void
expect_ledger(const struct batch *batch, size_t at)
{
    const struct part *part = batch->parts[at];
    assert_true(part->records == part->stored + part->empty + part->tombstones + part->quarantined);
    assert_true(part->next_offset - part->first_offset == part->records + part->holes + part->lost);
}

static void
every_record_has_one_outcome(void **state)
{
    (void)state;
    struct batch *batch = batch_new(&(struct batch_limits){.rows = 5, .evidence = true});
    struct stream one = a_stream(1), two = a_stream(2);
    struct record record = a_record(100, SV("x"));
    struct decode_result result = {.reason = QUARANTINE_SYNTAX, .detail = SV("bad \377 byte")};
    struct event event = {.scope = SV("default"),
                          .kind = EVENT_LOG,
                          .record_kind = RECORD_LOG,
                          .event_time_ns = 7,
                          .format = SV("f"),
                          .body = SV("b"),
                          .precision = PRECISION_SECOND,
                          .time_source = TIME_SOURCE_NATIVE};
    assert_true(batch_empty(batch));
    batch_add(batch, &one, &record, OUTCOME_STORED, &event, 1, &result);
    record.offset = 101;
    batch_add(batch, &one, &record, OUTCOME_QUARANTINED, NULL, 0, &result);
    batch_add_holes(batch, &one, 102, 104);
    record.offset = 104;
    batch_add(batch, &one, &record, OUTCOME_TOMBSTONE, NULL, 0, &result);
    batch_add_lost(batch, &two, 0, 50);
    record.offset = 50;
    batch_add(batch, &two, &record, OUTCOME_EMPTY, NULL, 0, &result);
    expect_ledger(batch, 0);
    expect_ledger(batch, 1);
    assert_int_equal(batch->parts[0]->first_offset, 100);
    assert_int_equal(batch_next_offset(batch, 1), 105);
    assert_int_equal(batch_next_offset(batch, 2), 51);
    assert_int_equal(batch_next_offset(batch, 3), -1);
    assert_int_equal(batch_counts(batch).records, 4);
    assert_int_equal(batch_counts(batch).events, 1);
    assert_int_equal(batch_counts(batch).quarantined, 1);
    assert_false(batch_full(batch, batch->began_ns));
    assert_true(batch_full(batch, batch->began_ns + 500 * NS_PER_MS));
    record.offset = 51;
    batch_add(batch, &two, &record, OUTCOME_EMPTY, NULL, 0, &result);
    assert_true(batch_full(batch, batch->began_ns));
    batch_drop_stream(batch, 1);
    assert_int_equal(batch_counts(batch).records, 2);
    assert_int_equal(batch_counts(batch).events, 0);
    batch_drop_stream(batch, 2);
    assert_true(batch_empty(batch));
    batch_free(batch);
}

static void
waits_grow_and_end(void **state)
{
    (void)state;
    struct retry retry;
    retry_init(&retry, &(struct retry_policy){.first_ns = 100, .max_ns = 400, .attempts = 5}, 1);
    for (int64_t most = 100, i = 0; i < 4; i++, most = most < 400 ? most * 2 : 400) {
        int64_t wait = retry_next_ns(&retry);
        assert_in_range(wait, most / 2, most);
    }
    assert_true(retry_next_ns(&retry) < 0);
}

/* enum query and embedded_queries[] come of the same list of files. */
static void
every_query_is_the_file_of_its_name(void **state)
{
    (void)state;
    static const char *const names[] = {
#define QUERY(name) #name ".sql",
#include "embedded/queries.def"
#undef QUERY
    };
    for (enum query query = 0; query < QUERY_COUNT; query++) {
        assert_string_equal(store_query_name(query), names[query]);
        assert_string_not_equal(store_query_text(query), "");
    }
    assert_null(embedded_queries[QUERY_COUNT].name);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_query_is_the_file_of_its_name),
        cmocka_unit_test(fields_have_postgresql_form),
        cmocka_unit_test(times_before_1970_keep_a_positive_rest),
        cmocka_unit_test(segments_come_back_as_they_went),
        cmocka_unit_test(leaves_are_those_of_single_records),
        cmocka_unit_test(changed_frames_are_refused),
        cmocka_unit_test(a_record_beyond_every_segment_spares_its_neighbours),
        cmocka_unit_test(the_root_is_that_of_rfc_6962),
        cmocka_unit_test(paths_are_those_of_rfc_6962),
        cmocka_unit_test(every_record_has_one_outcome),
        cmocka_unit_test(waits_grow_and_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
