/*
 * Names of services: see services.h. Called by correlate_run() for each incident before its head is
 * set.
 */
#include "correlate/story/services.h"

#include "correlate/people/names.h"

void
service_names_init(struct service_names *names, struct arena *arena, size_t most)
{
    *names =
        (struct service_names){.arena = arena, .shown = ARENA_ARRAY(arena, struct sv, most + 1)};
    counter_init(&names->records, arena);
    counter_init(&names->places, arena);
}

/* What is left without case and punctuation; a name that has nothing else, or is longer than names
 * are compared, as it is. */
static struct sv
key_of(const struct service_names *names, struct sv service)
{
    struct sv key = service.len > NAME_BYTES_MAX ? SV_NONE : name_squeezed(names->arena, service);
    return key.len > 0 ? key : service;
}

void
service_names_add(struct service_names *names, struct sv service)
{
    if (service.len == 0)
        return;
    int64_t records = ++*counter_at(&names->records, service, 0);
    int64_t *place = counter_at(&names->places, key_of(names, service), 0);
    if (*place == 0) {
        names->shown[names->count] = service;
        *place = (int64_t)++names->count;
        return;
    }
    struct sv *shown = &names->shown[*place - 1];
    int64_t most = *counter_find(&names->records, *shown);
    if (records > most || (records == most && sv_cmp(service, *shown) < 0))
        *shown = service;
}

struct sv
service_shown(const struct service_names *names, struct sv service)
{
    const int64_t *place = counter_find(&names->places, key_of(names, service));
    return service.len == 0 || place == NULL ? service : names->shown[*place - 1];
}
