/*
 * Records of a step by what they are called: see hindcast/part.h. One statement for many, by the
 * indexes of identity and place.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text/json_writer.h"
#include "hindcast/decoder.h"
#include "store/casebook/digest.h"
#include "store/casebook/part.h"

#define PLACES_BYTES_MAX ((size_t)200 << 20) /* of a jsonb, which may have 255 MiB */

void
part_put_place(struct strbuf *out, const struct coordinates *at, int64_t event_time_ns)
{
    json_put_comma(out);
    strbuf_add_char(out, '{');
    json_put_int(out, "s", at->stream_id);
    json_put_int(out, "o", at->offset);
    json_put_int(out, "i", at->index);
    if (event_time_ns == TIME_NONE)
        json_put(out, "t", SV("-infinity"));
    else
        json_put_time(out, "t", event_time_ns - event_time_ns % NS_PER_US);
    strbuf_add_char(out, '}');
}

int
part_load(struct loading *loading, const char *uids, const char *places, struct err *err)
{
    const char *values[] = {loading->scope, uids, places};
    PGresult *result;
    size_t before = loading->count;
    if (store_sql(loading->store, QUERY_part_rows, values, 3, &result, err) != 0)
        return -1;
    for (int row = 0; row < PQntuples(result); row++)
        loading_row(loading, result, row);
    PQclear(result);
    return casebook_digests_of_few(loading->store, loading->observations + before,
                                   loading->count - before, err);
}

static struct event_place
place_of(const struct observation *observation)
{
    return (struct event_place){observation->cluster,     observation->topic,
                                observation->incarnation, observation->partition,
                                observation->at.offset,   (size_t)observation->at.index};
}

struct record_name
record_name_of(struct arena *arena, const struct observation *observation)
{
    uint8_t uid[UID_BYTES];
    const struct event_place place = place_of(observation);
    struct record_name name = {.cluster = observation->cluster,
                               .topic = observation->topic,
                               .incarnation = observation->incarnation,
                               .partition = observation->partition,
                               .offset = observation->at.offset,
                               .index = observation->at.index,
                               .event_time_ns = observation->event.event_time_ns};
    event_uid_of_place(observation->event.scope, &place, uid);
    if (memcmp(uid, observation->event.uid, UID_BYTES) != 0)
        name.uid = arena_hex(arena, observation->event.uid, UID_BYTES);
    return name;
}

static const struct stream_name *
stream_of(const struct loading *loading, const struct record_name *name)
{
    for (size_t i = 0; i < loading->stream_count; i++) {
        const struct stream_name *stream = &loading->streams[i];
        if (stream->partition == name->partition && stream->incarnation == name->incarnation &&
            sv_eq(stream->topic, name->topic) && sv_eq(stream->cluster, name->cluster))
            return stream;
    }
    return NULL;
}

static void
put_names(const struct loading *loading, const struct record_name *names, size_t count,
          struct strbuf *uids, struct strbuf *places)
{
    strbuf_add_char(uids, '{');
    strbuf_add_char(places, '[');
    for (size_t i = 0; i < count; i++) {
        if (!sv_empty(names[i].uid)) {
            strbuf_add_text(uids, uids->len > 1 ? "," : "");
            strbuf_add_sv(uids, names[i].uid);
            continue;
        }
        const struct stream_name *stream = stream_of(loading, &names[i]);
        if (stream == NULL)
            continue;
        part_put_place(places,
                       &(struct coordinates){.stream_id = stream->stream_id,
                                             .offset = names[i].offset,
                                             .index = names[i].index},
                       names[i].event_time_ns);
    }
    strbuf_add_char(uids, '}');
    strbuf_add_char(places, ']');
}

int
part_records(struct part *part, const struct record_name *names, size_t count,
             struct observation **ret_observations, size_t *ret_count, struct err *err)
{
    struct loading loading = part->loading;
    struct strbuf uids, places;
    int status;
    loading.observations = NULL;
    loading.count = loading.size = loading.left_out = 0;
    strbuf_init(&uids, PLACES_BYTES_MAX);
    strbuf_init(&places, PLACES_BYTES_MAX);
    put_names(&loading, names, count, &uids, &places);
    if (uids.overflow || places.overflow)
        status = err_set(err, ERR_LIMIT, "%zu records are too many to ask for at once", count);
    else
        status = part_load(&loading, uids.ptr, places.ptr, err);
    strbuf_release(&uids);
    strbuf_release(&places);
    if (status != 0) {
        part_overtaken(err);
        return -1;
    }
    *ret_observations = loading.observations;
    *ret_count = loading.count;
    return 0;
}
