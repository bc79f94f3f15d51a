/*
 * libFuzzer target of the language of maps: any text is read as a map, and one without errors reads
 * a record. Run by tests/fuzz/run.
 */
#include <stdint.h>
#include <stdlib.h>

#include "hindcast/decoder.h"
#include "ingest/decode/maps/asks.h"
#include "ingest/decode/maps/maps.h"
#include "ingest/decode/maps/read_record.h"

static const char record_text[] = "{\"a\":{\"b\":[{\"c\":\"x\",\"key\":\"k\",\"value\":1.5},{\"c\":"
                                  "null}],\"d.e\":\"2026-03-01\"},"
                                  "\"on\":true,\"s\":\"{\\\"t\\\":[1,2]}\",\"tags\":[\"env:prod\","
                                  "\"a\"],\"list\":[{\"id\":7},3]}";

static void
read_record(const struct map_file *file, struct arena *arena)
{
    const struct decode_options options = {0};
    const struct record record = {.topic = SV("fuzz"), .value = sv_from(record_text)};
    struct json_node *nodes = NULL;
    struct tape tape;
    if (tape_scan(arena, record.value, &tape) != TREE_FINE)
        abort();
    const struct probe probe = {
        .arena = arena, .record = &record, .options = &options, .tape = &tape, .nodes = &nodes};
    for (size_t i = 0; i < file->shape_count; i++) {
        const struct map_shape *shape = &file->shapes[i];
        const struct map_format format = {.name = "x", .shapes = &shape, .count = 1};
        struct event_sink sink = {.arena = arena, .max = EVENTS_PER_RECORD_MAX};
        struct decode_result result = {.status = DECODE_OK};
        struct map_reading reading;
        map_reading_init(&reading, &probe);
        (void)map_read_record(&reading, &format, &sink, &result);
        map_reading_release(&reading);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct strbuf text, signs;
    struct map_file file;
    arena_init(&arena, 0);
    strbuf_init(&text, 0);
    strbuf_init(&signs, 0);
    maps_ready();
    struct map_problems problems = {.text = &text, .remarks = true};
    map_file_read(&arena, "x.map", arena_copy(&arena, sv_of((const char *)data, size)), false,
                  maps_file_at(0), &problems, &file);
    if (problems.errors == 0) {
        for (size_t i = 0; i < file.shape_count; i++)
            map_asks_add(&file.shapes[i], &signs);
        read_record(&file, &arena);
    }
    map_file_release(&file);
    strbuf_release(&text);
    strbuf_release(&signs);
    arena_release(&arena);
    return 0;
}
