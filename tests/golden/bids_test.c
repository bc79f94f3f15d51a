/*
 * What the decoders claim, fixture by fixture: every bid of every decoder, those that are not asked
 * included.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "hindcast/maps.h"
#include "tests/lib/fixtures.h"

static bool
is_map(const char *format)
{
    for (size_t i = 0; i < maps_shape_count(); i++)
        if (strcmp(maps_shape_at(i).format, format) == 0)
            return true;
    return false;
}

static struct decoder_bids
bids_on(struct arena *arena, const struct fixture *fixture)
{
    const struct decode_options options = {0};
    const struct record record = fixture_record(fixture, fixture->input);
    struct event_sink sink = {.arena = arena};
    struct decoder_bids bids = {.everyone = true};
    decode_record_bids(&record, &options, &sink, &bids);
    return bids;
}

/* Equal bids would be settled by the order of the table: nobody could tell why. */
static void
no_two_decoders_claim_a_record_at_the_same_bid(void **state)
{
    (void)state;
    for (size_t i = 0; i < fixture_count; i++) {
        struct arena arena;
        arena_init(&arena, 0);
        struct decoder_bids bids = bids_on(&arena, &fixtures[i]);
        for (unsigned round = 0; round < bids.rounds; round++) {
            const struct decoder_bid *best = NULL, *second = NULL;
            for (size_t k = 0; k < bids.count; k++) {
                const struct decoder_bid *one = &bids.list[k];
                if (one->round != round || one->bid == 0)
                    continue;
                if (best == NULL || one->bid > best->bid) {
                    best = one;
                    second = NULL;
                } else if (one->bid == best->bid) {
                    second = one;
                }
            }
            if (second != NULL)
                fail_msg("%s, part %u: %s and %s both bid %d", fixtures[i].path, round,
                         best->decoder->name, second->decoder->name, best->bid);
        }
        arena_release(&arena);
    }
}

/* Signs are to be found in all that a decoder would take. */
static void
who_would_bid_is_asked(void **state)
{
    size_t asked = 0, unasked = 0;
    (void)state;
    for (size_t i = 0; i < fixture_count; i++) {
        struct arena arena;
        arena_init(&arena, 0);
        struct decoder_bids bids = bids_on(&arena, &fixtures[i]);
        for (size_t k = 0; k < bids.count; k++) {
            const struct decoder_bid *one = &bids.list[k];
            if (one->why == BID_UNASKED && one->bid > 0)
                fail_msg("%s: %s bids %d, but finds no sign of it", fixtures[i].path,
                         one->decoder->name, one->bid);
            asked += one->why == BID_ASKED;
            unasked += one->why == BID_UNASKED;
        }
        arena_release(&arena);
    }
    assert_true(asked > 0 && unasked > asked);
}

/* Who says too little would be left out, who says too much is asked in vain. */
static void
every_decoder_reaches_its_highest_bid(void **state)
{
    (void)state;
    for (size_t place = 0; place < decoder_count(); place++) {
        const struct decoder_info *info = decoder_info_at(place);
        int highest = 0;
        for (size_t i = 0; i < fixture_count; i++) {
            struct arena arena;
            arena_init(&arena, 0);
            struct decoder_bids bids = bids_on(&arena, &fixtures[i]);
            for (size_t k = 0; k < bids.count; k++)
                if (bids.list[k].decoder == info && bids.list[k].bid > highest)
                    highest = bids.list[k].bid;
            arena_release(&arena);
        }
        if (highest != info->highest)
            fail_msg("%s says it bids %d at most, its fixtures make it bid %d", info->name,
                     info->highest, highest);
    }
}

/*
 * Stored names of events contain these: a decoder may get another name, its identity must stay. A
 * new decoder gets a line here; no line is ever changed.
 */
static void
identities_never_change(void **state)
{
    static const char *const golden[][2] = {
        {"hindcast", "hindcast"},
        {"cloudevents", "cloudevents"},
        {"alertmanager", "alertmanager"},
        {"github_deployment", "github"},
        {"git_log", "git"},
        {"openslo", "openslo"},
        {"pyrra", "pyrra"},
        {"sloth", "sloth"},
        {"slack", "slack"},
        {"webvtt", "chat-text"},
        {"discord_text", "chat-text"},
        {"subrip", "chat-text"},
        {"zoom_chat", "chat-text"},
        {"whatsapp_export", "chat-text"},
        {"irc_dircproxy", "chat-text"},
        {"irc_znc_energymech", "chat-text"},
        {"irc_irssi", "chat-text"},
        {"irc_xchat_iso", "chat-text"},
        {"irc_weechat", "chat-text"},
        {"call_transcript", "chat-text"},
        {"pasted_chat", "chat-text"},
        {"timeline_notes", "chat-text"},
        {"otlp", "opentelemetry"},
        {"kubernetes_cri", "file"},
        {"docker_json_file", "file"},
        {"fluent_bit_kubernetes", "file"},
        {"vector_kubernetes", "file"},
        {"grafana_loki", "file"},
        {"csv", "file"},
        {"w3c_iis", "file"},
        {"vpc_flow", "file"},
        {"postgres_csvlog", "postgres"},
        {"journal_export", "journald"},
        {"mongodb_json", "file"},
        {"influx_line_protocol", "influxdb"},
        {"ecs", "ecs"},
        {"json", "file"},
        {"syslog5424", "file"},
        {"syslog3164", "file"},
        {"logfmt", "file"},
        {"text", "file"},
        {"aws_sns_envelope", "aws_sns"},
        {"aws_sqs_message", "aws_sqs"},
        {"aws_kinesis_record", "aws_kinesis"},
        {"aws_firehose_record", "aws_firehose"},
        {"aws_cloudwatch_logs_subscription", "aws_cloudwatch_logs"},
        {"json_table", "json_table"},
        {"eventbridge_detail", "aws"},
        {"lambda_kafka_event", "lambda_kafka_event"},
        {"kafka_record", "kafka_record"},
        {"kafka_connect_json_schema", "kafka_connect"},
        {"debezium_change", "debezium"},
        {"gcp_pubsub_message", "gcp_pubsub"},
        {"azure_eventhub_message", "azure_eventhub"},
        {"azure_event_grid", "azure_event_grid"},
        {"rabbitmq_message", "rabbitmq"},
        {"splunk_hec", "splunk_hec"},
        {"splunk_result", "splunk"},
        {"http_request", "http_request"},
        {"http_dump", "http_dump"},
        {"http_form", "http_form"},
        {"json_wrapper", "json_wrapper"},
    };
    size_t count = sizeof(golden) / sizeof(golden[0]);
    (void)state;
    assert_true(decoder_count() >= count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(decoder_info_at(i)->name, golden[i][0]);
        assert_string_equal(decoder_info_at(i)->identity, golden[i][1]);
    }
    /* Formats of lines name no event: they stand behind, all with the same identity. */
    while (count < decoder_count() && strcmp(decoder_info_at(count)->identity, "file") == 0)
        count++;
    for (size_t i = count; i < decoder_count(); i++)
        if (maps_shape_count() == 0 || !is_map(decoder_info_at(i)->name))
            fail_msg("%s is not among the golden names", decoder_info_at(i)->name);
}

/*
 * The same of shapes, in tests/golden/map_namespaces.tsv: a new one gets a line there (make accept
 * adds it), no line is ever changed.
 */
static void
namespaces_of_maps_never_change(void **state)
{
    struct strbuf lines;
    (void)state;
    struct sv golden = fixture_file(&fixture_arena, "tests/golden", "map_namespaces.tsv");
    strbuf_init(&lines, 0);
    for (size_t i = 0; i < maps_shape_count(); i++) {
        const struct map_shape_info shape = maps_shape_at(i);
        struct sv rest = golden, line;
        char name[100];
        snprintf(name, sizeof(name), "%s\t", shape.shape);
        bool found = false;
        while (!found && sv_split(&rest, '\n', &line))
            found = sv_starts(line, sv_from(name));
        if (found && !sv_eq(sv_slice(line, strlen(name), line.len), sv_from(shape.name_space)))
            fail_msg("[%s] has the namespace %s, not '" SV_FMT "'", shape.shape, shape.name_space,
                     SV_ARG(line));
        if (!found)
            strbuf_addf(&lines, "%s\t%s\n", shape.shape, shape.name_space);
    }
    if (lines.len > 0 && getenv("HINDCAST_ACCEPT") == NULL)
        fail_msg("not in tests/golden/map_namespaces.tsv:\n%s", lines.ptr);
    FILE *file = lines.len == 0 ? NULL : fopen("tests/golden/map_namespaces.tsv", "ab");
    if (file != NULL) {
        assert_int_equal(fwrite(lines.ptr, 1, lines.len, file), lines.len);
        assert_int_equal(fclose(file), 0);
    }
    strbuf_release(&lines);
}

/* Ours say what they read and where that is described; theirs need not. */
static void
maps_tell_what_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < decoder_count(); i++) {
        const struct decoder_info *info = decoder_info_at(i);
        if (is_map(info->name) &&
            (info->title[0] == '[' || strncmp(info->reference, "https://", 8) != 0))
            fail_msg("%s does not say `about` and `see`", info->name);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_decoders_claim_a_record_at_the_same_bid),
        cmocka_unit_test(who_would_bid_is_asked),
        cmocka_unit_test(every_decoder_reaches_its_highest_bid),
        cmocka_unit_test(identities_never_change),
        cmocka_unit_test(namespaces_of_maps_never_change),
        cmocka_unit_test(maps_tell_what_they_are),
    };
    return cmocka_run_group_tests(tests, fixtures_find, fixtures_drop);
}
