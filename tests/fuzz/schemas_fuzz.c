/*
 * libFuzzer target of values in the frame of a schema registry, Avro and Protocol Buffers, by the
 * schemas of tests/schemas. The first byte chooses the schema, the rest is the value. Run by
 * tests/fuzz/run in the root of the tree.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text/utf8.h"
#include "hindcast/decoder.h"
#include "hindcast/format_files.h"

static void
check(bool fine)
{
    if (!fine)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    if (!ready) {
        struct strbuf problems;
        struct err err = {0};
        strbuf_init(&problems, 0);
        struct format_files files;
        format_files_init(&files);
        check(format_files_read(&files, "", "tests/schemas", &err) == 0);
        check(formats_use(&files, &problems, &err) == 0);
        format_files_release(&files);
        strbuf_release(&problems);
        ready = true;
    }
    if (size == 0)
        return 0;
    char *value = malloc(size + 4);
    check(value != NULL);
    memcpy(value, "\0\0\0\0", 4);
    memcpy(value + 4, data, size);
    value[4] = (char)(17 + data[0] % 5);
    const struct record record = {
        .topic = SV("fuzz"), .kafka_time_ns = TIME_NONE, .value = sv_of(value, size + 4)};
    const struct decode_options options = {0};
    struct arena arena;
    arena_init(&arena, 0);
    struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
    struct decode_result result = decode_record(&record, &options, &sink);
    check(result.status == DECODE_OK || result.reason != QUARANTINE_NONE);
    for (size_t i = 0; result.status == DECODE_OK && i < sink.count; i++)
        check(utf8_storable(sink.events[i].body) && utf8_storable(sink.events[i].attributes));
    arena_release(&arena);
    free(value);
    return 0;
}
