/*
 * Maps as decoders: see decoders.h. bid() and decode() are called on the threads of workers and
 * only look at what was made here.
 */
#include "ingest/decode/maps/decoders.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ingest/decode/core/decoder_internal.h"
#include "ingest/decode/maps/asks.h"
#include "ingest/decode/maps/info.h"
#include "ingest/decode/maps/maps.h"
#include "ingest/decode/maps/match.h"
#include "ingest/decode/maps/read_record.h"
#include "ingest/decode/maps/trace.h"

/* ---- asked by detection ---- */

static int
bid(const struct probe *probe)
{
    const struct map_format *format = probe->decoder->own;
    struct map_reading reading;
    struct map_match match;
    map_reading_init(&reading, probe);
    bool claimed = map_format_claims(&reading, format, &match);
    map_reading_release(&reading);
    return claimed ? match.shape->bid : 0;
}

static int
decode(const struct probe *probe, struct event_sink *sink, struct decode_result *result)
{
    struct map_reading reading;
    map_reading_init(&reading, probe);
    reading.trace = map_trace_now();
    int status = map_read_record(&reading, probe->decoder->own, sink, result);
    map_reading_release(&reading);
    return status;
}

/* ---- made once ---- */

/* Formats while they are collected. */
struct formats {
    struct map_format **list;
    size_t count, size;
};

/* The name under which the shape is asked: another decoder may have that of its format. */
static const char *
entry_name(const struct map_shape *shape)
{
    const struct decoder *other = decoder_find(sv_from(shape->format));
    if (other == NULL)
        return shape->format;
    char *name = arena_strdup(maps_arena(), shape->name);
    for (char *c = name; *c != '\0'; c++)
        *c = *c == '-' ? '_' : *c;
    if (decoder_find(sv_from(name)) == NULL)
        return name;
    return arena_strdup(maps_arena(), arena_printf(maps_arena(), "map_%s", name));
}

static struct map_format *
format_of(struct formats *formats, const char *name)
{
    for (size_t i = 0; i < formats->count; i++)
        if (strcmp(formats->list[i]->name, name) == 0)
            return formats->list[i];
    formats->list =
        memory_grow(formats->list, &formats->size, formats->count + 1, sizeof(*formats->list));
    struct map_format *format = ARENA_NEW(maps_arena(), struct map_format);
    *format = (struct map_format){.name = name};
    formats->list[formats->count++] = format;
    return format;
}

/* Who bids most is asked first; of equals the one that stands first. */
static void
add_shape(struct map_format *format, const struct map_shape *shape)
{
    format->shapes =
        memory_grow(format->shapes, &format->size, format->count + 1, sizeof(*format->shapes));
    size_t at = format->count++;
    while (at > 0 && format->shapes[at - 1]->bid < shape->bid) {
        format->shapes[at] = format->shapes[at - 1];
        at--;
    }
    format->shapes[at] = shape;
}

static void
add_entry(const struct map_format *format)
{
    struct strbuf signs;
    strbuf_init(&signs, 0);
    for (size_t i = 0; i < format->count; i++)
        map_asks_add(format->shapes[i], &signs);
    struct decoder *decoder = ARENA_NEW(maps_arena(), struct decoder);
    *decoder = (struct decoder){.reads = READS_TAPE, .bid = bid, .decode = decode, .own = format};
    map_format_describe(maps_arena(), format, &decoder->info);
    decoder->info.signs = arena_strdup(maps_arena(), strbuf_view(&signs));
    decoder->info.highest = format->shapes[0]->bid;
    strbuf_release(&signs);
    bool added = registry_add(decoder);
    assert(added);
    (void)added;
}

void
map_decoders_add(void)
{
    struct formats formats = {0};
    maps_ready();
    for (size_t i = 0; i < maps_file_count(); i++) {
        const struct map_file *file = maps_file_at(i);
        for (size_t k = 0; k < file->shape_count; k++) {
            const struct map_shape *shape = &file->shapes[k];
            if (shape->bid > 0 && shape->replaced_by == NULL)
                add_shape(format_of(&formats, entry_name(shape)), shape);
        }
    }
    for (size_t i = 0; i < formats.count; i++)
        add_entry(formats.list[i]);
    free(formats.list);
}

const struct map_format *
map_format_of(struct sv name)
{
    const struct decoder *decoder = decoder_find(name);
    return decoder == NULL || decoder->decode != decode ? NULL : decoder->own;
}
