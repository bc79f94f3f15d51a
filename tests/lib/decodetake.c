/*
 * Decoding in tests: see decodetake.h.
 */
#include "tests/lib/decodetake.h"

static struct arena arena;

void
decoded_drop(void)
{
    if (arena.block_bytes != 0)
        arena_release(&arena);
    arena = (struct arena){0};
}

struct decoded
decode_with(struct sv value, const struct decode_options *options, const struct header *headers,
            size_t header_count)
{
    const struct record record = {.topic = SV("t"),
                                  .offset = 1,
                                  .kafka_time_ns = INT64_C(1772359200) * NS_PER_S,
                                  .value = value,
                                  .headers = headers,
                                  .header_count = header_count};
    struct event_sink sink = {.max = EVENTS_PER_RECORD_MAX};
    decoded_drop();
    arena_init(&arena, 0);
    sink.arena = &arena;
    struct decode_result result = decode_record(&record, options, &sink);
    return (struct decoded){result, sink.events, result.status == DECODE_OK ? sink.count : 0};
}

struct decoded
decode_value(struct sv value)
{
    const struct decode_options options = {0};
    return decode_with(value, &options, NULL, 0);
}

struct decoded
decode_text(const char *value)
{
    return decode_value(sv_from(value));
}
