/*
 * One record to events: see read_record.h.
 */
#include "ingest/decode/maps/read_record.h"

#include <assert.h>

#include "ingest/decode/core/elements.h"
#include "ingest/decode/core/sink.h"
#include "ingest/decode/maps/read_event.h"
#include "ingest/decode/maps/trace.h"

struct collecting {
    struct map_match match; /* of the record, or of `also` */
    struct sv told;         /* `also`: identity of the event that the element itself gave */
    struct element_list list;
    struct event_sink *sink;
    struct decode_result *result;
    int status;
};

bool
map_format_claims(struct map_reading *reading, const struct map_format *format,
                  struct map_match *ret_match)
{
    const struct map_scope record = {.here = probe_nodes(reading->probe)};
    assert(record.here != NULL);
    for (size_t i = 0; i < format->count; i++)
        if (map_shape_claims(reading, format->shapes[i], &record, ret_match))
            return true;
    return false;
}

/* The shape that read the first element of the list; any that finds an object: the format is known
 * already. */
static bool
find_element(struct map_reading *reading, const struct map_format *format,
             const struct map_scope *record, struct map_match *ret_match)
{
    const struct list_reader *list = reading->probe->list;
    struct map_scope ignored;
    if (list != NULL && list->decoder == reading->probe->decoder && list->own != NULL) {
        *ret_match = *(const struct map_match *)list->own;
        return true;
    }
    for (size_t i = 0; i < format->count; i++)
        for (size_t k = 0; k < format->shapes[i]->open_count; k++) {
            const struct map_open *open = &format->shapes[i]->opens[k];
            if (!map_open_first(reading, open, record, &ignored))
                continue;
            *ret_match = (struct map_match){format->shapes[i], open};
            return true;
        }
    return false;
}

/* Whoever reads the first element of a list as a whole reads those that nobody knows. */
static void
note_reader(struct map_reading *reading, const struct map_match *match)
{
    struct list_reader *list = reading->probe->list;
    if (list == NULL || list->decoder != NULL || !match->open->here)
        return;
    struct map_match *kept = ARENA_NEW(reading->probe->arena, struct map_match);
    *kept = *match;
    *list = (struct list_reader){reading->probe->decoder, kept};
}

static bool collect_further(struct map_reading *reading, const struct map_scope *scope, void *own);

/* Replies, timelines, updates: more events out of the same element, whose own was named `told`. */
static int
collect_also(struct map_reading *reading, const struct map_shape *shape,
             const struct map_scope *scope, struct sv told, struct collecting *outer)
{
    struct map_scope first;
    for (size_t i = 0; i < shape->also_count; i++) {
        const struct map_shape *also = map_shape_in_use(shape->also[i]);
        size_t k = 0;
        while (k < also->open_count && !map_open_first(reading, &also->opens[k], scope, &first))
            k++;
        if (k == also->open_count)
            continue;
        struct collecting inner = {.match = {also, &also->opens[k]},
                                   .told = told,
                                   .sink = outer->sink,
                                   .result = outer->result};
        map_open_each(reading, inner.match.open, scope, collect_further, &inner);
        if (inner.status != 0)
            return -1;
    }
    return 0;
}

/* Not an object: kept as a log event that says so. null says nothing. */
static bool
refuse(struct map_reading *reading, const struct json_node *value, struct collecting *in)
{
    if (node_is(value, TAPE_NULL))
        return true;
    decode_bad(in->result, QUARANTINE_BAD_FIELD, "an element of the list is not an object");
    in->status = element_refused(&in->list, reading->probe, node_json(value), in->sink, in->result);
    return in->status == 0;
}

/* Only the shapes of one file are watched, if any. */
static void
read_traced(struct map_reading *reading, const struct map_shape *shape,
            const struct map_scope *scope, struct event *event)
{
    struct map_trace *trace = reading->trace;
    const struct map_when *when = NULL;
    reading->trace = NULL;
    if (trace != NULL && trace->file == shape->file) {
        (void)map_shape_holds(reading, shape, scope, &when);
        map_trace_event(trace, shape, when, scope->here);
        reading->trace = trace;
    }
    map_read_event(reading, shape, scope, event);
    reading->trace = trace;
}

/* The event of an element; NULL: the record is full. */
static struct event *
read_element(struct map_reading *reading, const struct map_shape *shape,
             const struct map_scope *scope, struct collecting *in)
{
    struct event *event = event_sink_add(in->sink);
    if (event == NULL) {
        in->status = decode_full(in->result);
        return NULL;
    }
    read_traced(reading, shape, scope, event);
    in->list.read++;
    return event;
}

static bool
collect(struct map_reading *reading, const struct map_scope *scope, void *own)
{
    struct collecting *in = own;
    in->list.sink_from = in->sink->count;
    if (!node_is(scope->here, TAPE_OBJECT))
        return refuse(reading, scope->here, in);
    const struct map_shape *shape = map_shape_for(reading, &in->match, scope);
    const struct event *event = read_element(reading, shape, scope, in);
    if (event == NULL)
        return false;
    if (event->record_kind == RECORD_PERSON && sv_empty(event->fingerprint)) {
        in->sink->count--; /* a user without an account: it names nobody */
        return true;
    }
    in->status = collect_also(reading, shape, scope, event->identity, in);
    return in->status == 0;
}

static bool
collect_further(struct map_reading *reading, const struct map_scope *scope, void *own)
{
    struct collecting *in = own;
    const struct map_shape *shape = in->match.shape;
    in->list.sink_from = in->sink->count;
    if (!node_is(scope->here, TAPE_OBJECT))
        return refuse(reading, scope->here, in);
    if (shape->when_count > 0 && !map_shape_holds(reading, shape, scope, NULL))
        return true;
    const struct event *event = read_element(reading, shape, scope, in);
    if (event == NULL)
        return false;
    if (!sv_empty(in->told) && sv_eq(event->identity, in->told))
        in->sink->count--; /* the element itself told it */
    return true;
}

int
map_read_record(struct map_reading *reading, const struct map_format *format,
                struct event_sink *sink, struct decode_result *result)
{
    const struct map_scope record = {.here = probe_nodes(reading->probe)};
    struct collecting in = {.sink = sink, .result = result};
    if (!map_format_claims(reading, format, &in.match) &&
        !find_element(reading, format, &record, &in.match))
        return decode_bad(result, QUARANTINE_MISSING_FIELD,
                          "nothing in the record is where the format has it");
    note_reader(reading, &in.match);
    map_open_each(reading, in.match.open, &record, collect, &in);
    if (in.status == 0 && reading->steps_left == 0)
        return decode_bad(result, QUARANTINE_TOO_MANY_EVENTS,
                          "reading the record takes more steps than the limit");
    return in.status != 0 ? -1 : element_list_end(&in.list, result);
}
