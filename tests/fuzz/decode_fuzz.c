/*
 * libFuzzer target of one decoder: -DFORMAT=name fixes the format (without it, detection decides).
 * The first byte chooses some headers, the rest is the value. With -DLINES the second byte chooses
 * one of the decoders of text. Run by tests/fuzz/run.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/text/utf8.h"
#include "hindcast/decoder.h"

#define TEXT_OF(name) #name
#define TEXT(name) TEXT_OF(name)

#ifdef LINES
/* One of those that begin by a byte or by none: readers of text. */
static struct sv
reader_of_text(uint8_t number)
{
    size_t place = number % decoder_count();
    while (decoder_info_at(place)->signs != NULL)
        place = (place + 1) % decoder_count();
    return sv_from(decoder_info_at(place)->name);
}
#endif

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
    if (size == 0)
        return 0;
    static const struct header headers[] = {
        {{"hindcast-time", 13}, {"2026-03-01T10:00:00Z", 20}},
        {{"hindcast-channel", 16}, {"inc-7", 5}},
        {{"ce_specversion", 14}, {"1.0", 3}},
        {{"ce_id", 5}, {"1", 1}},
        {{"ce_source", 9}, {"/a", 2}},
    };
    struct decode_options options = {0};
#ifdef FORMAT
    options.format = sv_from(TEXT(FORMAT));
#endif
#ifdef LINES
    if (size < 2)
        return 0;
    options.format = reader_of_text(data[1]);
    data++;
    size--;
#endif
    const struct record record = {
        .topic = SV("fuzz"),
        .kafka_time_ns = data[0] & 8 ? TIME_NONE : INT64_C(1772359200) * NS_PER_S,
        .value = sv_of((const char *)data + 1, size - 1),
        .headers = headers,
        .header_count = data[0] % 6,
    };
    struct arena arena;
    arena_init(&arena, 0);
    struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
    struct decode_result result = decode_record(&record, &options, &sink);
    check(result.status == DECODE_OK || result.reason != QUARANTINE_NONE);
    for (size_t i = 0; result.status == DECODE_OK && i < sink.count; i++) {
        const struct event *event = &sink.events[i];
        bool absent = event->time_source == TIME_SOURCE_ABSENT;
        check(event->kind != EVENT_NO_KIND);
        check(absent ? event->event_time_ns == TIME_NONE
                     : event->event_time_ns >= TIME_MIN_NS && event->event_time_ns <= TIME_MAX_NS);
        check(utf8_storable(event->title) && utf8_storable(event->body) &&
              utf8_storable(event->attributes) && utf8_storable(event->actor) &&
              utf8_storable(event->source_time_text));
    }
    arena_release(&arena);
    return 0;
}
