/*
 * The registry with hundreds of decoders beside those of the program, made at run time: all are
 * found, those of the program read what they read without them, and how many are asked about a
 * record does not depend on how many there are. The registry is filled once in a process, so each
 * size of it is looked at in a child.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/decode/core/table.h"
#include "tests/lib/fixtures.h"

#define SYNTHETIC 400
#define FORMS 5 /* of a synthetic decoder's signs */

/* What an entry made at run time owns. */
struct synthetic {
    struct decoder decoder;
    char name[40], signs[120], header[40], first[4], path[40];
    struct field_list list, *lists[2];
    int bids; /* one less than the highest where that is 99 */
};

static int
bid(const struct probe *probe)
{
    const struct synthetic *own = probe->decoder->own;
    if (probe->decoder->reads == READS_TREE && own->signs[0] != '\0')
        return probe->json != NULL ? own->bids : 0;
    if (probe->decoder->reads == READS_TAPE)
        return tape_has(probe->tape, &own->list) ? own->bids : 0;
    return own->bids;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    const struct synthetic *own = probe->decoder->own;
    struct event *event = event_sink_add(sink);
    if (event == NULL)
        return decode_full(result);
    event->kind = EVENT_LOG;
    event->title = sv_from(own->name);
    return 0;
}

/* The signs by which the forms differ; all records of the last form have a field in common. */
static void
claim(struct synthetic *own, size_t number)
{
    struct decoder_info *info = &own->decoder.info;
    own->decoder.reads = READS_TREE;
    info->signs = own->signs;
    switch (number % FORMS) {
    case 0:
        snprintf(own->signs, sizeof(own->signs), "common, synthetic_%zu.id|synthetic%zu", number,
                 number);
        break;
    case 1:
        snprintf(own->signs, sizeof(own->signs), "type=Synthetic.%zu|other.%zu, at", number,
                 number);
        break;
    case 2:
        own->decoder.reads = READS_TAPE;
        snprintf(own->path, sizeof(own->path), "tape.n%zu", number);
        snprintf(own->signs, sizeof(own->signs), "message, tape.n%zu; level, tape_n%zu", number,
                 number);
        own->list.paths = own->path;
        own->lists[0] = &own->list;
        own->decoder.lists = own->lists;
        break;
    case 3:
        own->decoder.reads = READS_TEXT;
        snprintf(own->first, sizeof(own->first), "%c", (int)('\x01' + number % 8));
        info->signs = NULL;
        info->first = own->first;
        break;
    default:
        snprintf(own->header, sizeof(own->header), "X-Synthetic-%zu", number);
        info->signs = NULL;
        info->header = own->header;
    }
}

static struct synthetic *
add(size_t number)
{
    struct synthetic *own = calloc(1, sizeof(*own));
    assert_non_null(own);
    snprintf(own->name, sizeof(own->name), "synthetic_%zu", number);
    own->decoder = (struct decoder){
        .info = {.name = own->name,
                 .identity = own->name,
                 .title = "",
                 .kinds = "log",
                 .identified_by = "",
                 .reference = "",
                 .highest = 96 + (int)(number % 4)},
        .bid = bid,
        .decode = decode,
        .own = own,
    };
    own->bids = number % 4 == 3 ? 98 : own->decoder.info.highest;
    claim(own, number);
    assert_true(decoder_add(&own->decoder));
    return own;
}

/* ---- in a child ---- */

/* What is said of the fixtures: equal for every size of the registry. */
struct told {
    size_t asked, compared, events;
    uint64_t digest;
};

static void
mix(uint64_t *digest, struct sv text)
{
    for (size_t i = 0; i < text.len; i++)
        *digest = (*digest ^ (uint8_t)text.ptr[i]) * UINT64_C(0x100000001B3);
    *digest = (*digest ^ 0xFF) * UINT64_C(0x100000001B3);
}

static struct decoder_bids
bids_on(struct arena *arena, const struct record *record, struct event_sink *sink,
        struct decode_result *ret_result)
{
    const struct decode_options options = {0};
    struct decoder_bids bids = {.everyone = false};
    *sink = (struct event_sink){.arena = arena};
    *ret_result = decode_record_bids(record, &options, sink, &bids);
    return bids;
}

static size_t
asked_in(const struct decoder_bids *bids)
{
    size_t asked = 0;
    for (size_t i = 0; i < bids->count; i++)
        asked += bids->list[i].why == BID_ASKED;
    return asked;
}

static void
tell_record(const struct record *record, struct told *told)
{
    struct arena arena;
    struct event_sink sink;
    struct decode_result result;
    arena_init(&arena, 0);
    struct decoder_bids bids = bids_on(&arena, record, &sink, &result);
    told->asked += asked_in(&bids);
    told->compared += bids.compared;
    mix(&told->digest, sv_from(quarantine_word(result.reason)));
    for (size_t i = 0; result.status == DECODE_OK && i < sink.count; i++) {
        told->events++;
        mix(&told->digest, sink.events[i].format);
        mix(&told->digest, sink.events[i].title);
        mix(&told->digest, sink.events[i].attributes);
        mix(&told->digest, sv_of((const char *)sink.events[i].uid, UID_BYTES));
    }
    arena_release(&arena);
}

static void
tell(struct told *told)
{
    /* Some of what synthetic signs name, none of them whole. */
    static const char *const near_misses[] = {
        "{\"common\":1,\"type\":\"Synthetic\",\"at\":2,\"message\":\"x\",\"level\":\"info\"}",
        "{\"type\":\"Synthetic.1\",\"tape\":{\"n\":1},\"synthetic_0\":{\"name\":\"x\"}}",
        "{\"common\":1,\"synthetic_0\":{\"id\":null},\"synthetic0\":null}",
        "{\"type\":{\"Synthetic.1\":1},\"at\":2}",
    };
    for (size_t i = 0; i < fixture_count; i++) {
        const struct record record = fixture_record(&fixtures[i], fixtures[i].input);
        tell_record(&record, told);
    }
    for (size_t i = 0; i < sizeof(near_misses) / sizeof(near_misses[0]); i++) {
        const struct record record = {.topic = SV("t"), .value = sv_from(near_misses[i])};
        tell_record(&record, told);
    }
}

/* A record of the form; header is what it needs beside. */
static void
write_record(struct strbuf *out, size_t number, bool other_spelling)
{
    strbuf_clear(out);
    if (number % FORMS == 0 && other_spelling)
        strbuf_addf(out, "{\"common\":\"x\",\"synthetic%zu\":true}", number);
    else if (number % FORMS == 0)
        strbuf_addf(out, "{\"common\":\"x\",\"synthetic_%zu\":{\"id\":7}}", number);
    else if (number % FORMS == 1)
        strbuf_addf(out, "{\"at\":1,\"type\":\"%s.%zu\"}", other_spelling ? "OTHER" : "synthetic",
                    number);
    else if (number % FORMS == 2 && other_spelling)
        strbuf_addf(out, "{\"message\":\"m\",\"tape\":{\"n%zu\":1}}", number);
    else if (number % FORMS == 2)
        strbuf_addf(out, "{\"level\":\"l\",\"tape_n%zu\":1,\"tape.n%zu\":2}", number, number);
    else if (number % FORMS == 3)
        strbuf_addf(out, "%c text", (int)('\x01' + number % 8));
    else
        strbuf_addf(out, other_spelling ? "any text" : "{\"any\":\"object\"}");
}

/* Its own decoder reads it (of texts, one with the same first byte), and few were asked. */
static void
expect_found(struct strbuf *text, size_t number, bool other_spelling)
{
    struct arena arena;
    struct event_sink sink;
    struct decode_result result;
    char name[40], header_name[40];
    arena_init(&arena, 0);
    snprintf(name, sizeof(name), "synthetic_%zu", number);
    snprintf(header_name, sizeof(header_name), "x-synthetic-%zu", number);
    const struct header header = {sv_from(header_name), SV("1")};
    write_record(text, number, other_spelling);
    const struct record record = {.topic = SV("t"),
                                  .value = strbuf_view(text),
                                  .headers = &header,
                                  .header_count = number % FORMS == 4};
    struct decoder_bids bids = bids_on(&arena, &record, &sink, &result);
    assert_int_equal(result.status, DECODE_OK);
    assert_int_equal(sink.count, 1);
    if (number % FORMS == 3)
        assert_true(sv_starts(sink.events[0].format, SV("synthetic_")));
    else
        assert_true(sv_eq(sink.events[0].format, sv_from(name)));
    if (number % FORMS != 3)
        assert_true(asked_in(&bids) <= 2 && bids.compared <= 2);
    arena_release(&arena);
}

/* One record that has the signs of all of two forms: who bids most wins, the earlier of equals,
 * also when it is asked later since it bids less at most. */
static void
expect_all_asked(struct strbuf *text)
{
    struct arena arena;
    struct event_sink sink;
    struct decode_result result;
    arena_init(&arena, 0);
    strbuf_clear(text);
    strbuf_add_text(text, "{\"common\":1,\"message\":\"m\"");
    for (size_t i = 0; i < SYNTHETIC; i++)
        strbuf_addf(text, ",\"synthetic%zu\":1,\"tape.n%zu\":2", i, i);
    strbuf_add_char(text, '}');
    const struct record record = {.topic = SV("t"), .value = strbuf_view(text)};
    struct decoder_bids bids = bids_on(&arena, &record, &sink, &result);
    assert_int_equal(result.status, DECODE_OK);
    assert_true(sv_eq(sink.events[0].format, SV("synthetic_2")));
    assert_int_equal(bids.compared, SYNTHETIC / FORMS * 2);
    arena_release(&arena);
}

static void
look(size_t synthetic, struct told *ret_told)
{
    size_t real = decoder_count();
    for (size_t i = 0; i < synthetic; i++)
        add(i);
    assert_int_equal(decoder_count(), real + synthetic);
    memset(ret_told, 0, sizeof(*ret_told));
    tell(ret_told);
    if (synthetic < SYNTHETIC)
        return;
    struct strbuf text;
    strbuf_init(&text, 0);
    for (size_t i = 0; i < synthetic; i++) {
        expect_found(&text, i, false);
        expect_found(&text, i, true);
    }
    expect_all_asked(&text);
    strbuf_release(&text);
    assert_string_equal(decoder_find(SV("synthetic_399"))->info.name, "synthetic_399");
}

static struct told
told_with(size_t synthetic)
{
    struct told told = {0};
    int ends[2], status = -1;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        look(synthetic, &told);
        _exit(write(ends[1], &told, sizeof(told)) == sizeof(told) ? 0 : 1);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &told, sizeof(told)), sizeof(told));
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    return told;
}

/* ---- the tests ---- */

static void
a_record_asks_no_more_where_there_are_more(void **state)
{
    (void)state;
    const struct told alone = told_with(0), some = told_with(100), many = told_with(SYNTHETIC);
    assert_true(alone.events > 50 && alone.asked > 0);
    assert_int_equal(some.events, alone.events);
    assert_int_equal(many.events, alone.events);
    assert_true(some.digest == alone.digest && many.digest == alone.digest);
    assert_int_equal(some.asked, alone.asked);
    assert_int_equal(many.asked, alone.asked);
    assert_int_equal(many.compared, some.compared);
}

static void
a_name_is_given_once(void **state)
{
    (void)state;
    struct decoder second = *decoder_find(sv_from(decoder_info_at(0)->name));
    size_t count = decoder_count();
    assert_false(decoder_add(&second));
    assert_int_equal(decoder_count(), count);
    assert_null(decoder_find(SV("no_such_decoder")));
    assert_null(decoder_find(SV("")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_asks_no_more_where_there_are_more),
        cmocka_unit_test(a_name_is_given_once),
    };
    return cmocka_run_group_tests(tests, fixtures_find, fixtures_drop);
}
