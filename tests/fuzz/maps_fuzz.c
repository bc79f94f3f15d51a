/*
 * libFuzzer target over all maps: the value as detection reads it, and as one of their formats. The
 * first byte chooses the format. Run by tests/fuzz/run.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/text/utf8.h"
#include "hindcast/decoder.h"
#include "hindcast/maps.h"

static void
check(bool fine)
{
    if (!fine)
        abort();
}

static void
check_event(const struct event *event)
{
    const struct sv texts[] = {event->title,       event->body,
                               event->service,     event->host,
                               event->environment, event->actor,
                               event->channel,     event->thread_key,
                               event->url,         event->ref,
                               event->fingerprint, event->incident_ref,
                               event->attributes,  event->source_time_text};
    check(event->kind != EVENT_NO_KIND &&
          record_kind_event_kind(event->record_kind) == event->kind);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        check(utf8_storable(texts[i]));
    check(event->title.len <= TITLE_BYTES_MAX && event->body.len <= BODY_BYTES_MAX);
}

static void
decode(struct sv value, struct sv format)
{
    static const struct header headers[] = {
        {{"Sentry-Hook-Timestamp", 21}, {"1772359200", 10}},
        {{"X-GitHub-Delivery", 17}, {"\xff-1", 3}},
    };
    const struct decode_options options = {.format = format};
    const struct record record = {.topic = SV("fuzz"),
                                  .kafka_time_ns = INT64_C(1772359200) * NS_PER_S,
                                  .value = value,
                                  .headers = headers,
                                  .header_count = 2};
    struct arena arena;
    arena_init(&arena, 0);
    struct event_sink sink = {.arena = &arena, .max = EVENTS_PER_RECORD_MAX};
    struct decode_result result = decode_record(&record, &options, &sink);
    check(result.status == DECODE_OK || result.reason != QUARANTINE_NONE);
    for (size_t i = 0; result.status == DECODE_OK && i < sink.count; i++)
        check_event(&sink.events[i]);
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const struct sv value = sv_of((const char *)data + 1, size - 1);
    decode(value, SV_NONE);
    decode(value, sv_from(maps_shape_at(data[0] % maps_shape_count()).format));
    return 0;
}
