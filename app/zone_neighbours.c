/*
 * Files that disagree about the time: see zone_neighbours.h. Called by app/file_table.c.
 */
#include "app/zone_neighbours.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"

void
zone_neighbours_release(struct zone_neighbours *neighbours)
{
    for (size_t i = 0; i < neighbours->count; i++) {
        free(neighbours->list[i].name);
        free(neighbours->list[i].zone);
        zone_sketch_release(&neighbours->list[i].sketch);
    }
    free(neighbours->list);
    *neighbours = (struct zone_neighbours){0};
}

void
zone_neighbours_add(struct zone_neighbours *neighbours, const char *name, const char *zone,
                    struct zone_sketch *sketch)
{
    if (neighbours->count == NEIGHBOURS_MAX || sketch->native + sketch->assumed == 0) {
        zone_sketch_release(sketch);
        return;
    }
    zone_sketch_close(sketch);
    neighbours->list =
        memory_resize(neighbours->list, neighbours->count + 1, sizeof(*neighbours->list));
    neighbours->list[neighbours->count++] =
        (struct zone_neighbour){memory_copy(name), memory_copy(zone), *sketch};
    zone_sketch_init(sketch);
}

/*
 * Who says most about the file: those that write their zone, or else those before it, since of two
 * that assume one has to be named. NULL: nobody says anything.
 */
static const struct zone_neighbour *
witness(const struct zone_neighbours *neighbours, size_t place, struct zone_distance *ret_distance)
{
    const struct zone_neighbour *file = &neighbours->list[place], *found = NULL;
    for (int native = 1; native >= 0 && found == NULL; native--) {
        struct zone_distance most = {.mentions = 0};
        for (size_t i = 0; i < neighbours->count; i++) {
            const struct zone_neighbour *other = &neighbours->list[i];
            if (zone_sketch_assumed(&other->sketch) == (native == 1) || (native == 0 && i >= place))
                continue;
            struct zone_distance distance = zone_compare(&file->sketch, &other->sketch);
            if (!distance.certain || distance.mentions <= most.mentions)
                continue;
            most = distance;
            found = other;
        }
        *ret_distance = most;
    }
    return found;
}

static void
add_span(struct strbuf *out, int quarters)
{
    int minutes = abs(quarters) * (QUARTER_HOUR_S / 60);
    if (minutes >= 60)
        strbuf_addf(out, "%d h", minutes / 60);
    if (minutes % 60 != 0)
        strbuf_addf(out, "%s%d min", minutes >= 60 ? " " : "", minutes % 60);
}

/* What the zone would be; nothing where that depends on the date. */
static void
add_zone(struct strbuf *out, const char *assumed, int quarters)
{
    int32_t offset;
    if (strcmp(assumed, "UTC") == 0)
        offset = 0;
    else if (time_parse_offset(assumed, &offset, NULL) != 0)
        return;
    offset += quarters * QUARTER_HOUR_S;
    strbuf_addf(out, ", perhaps %c%02d:%02d", offset < 0 ? '-' : '+', abs(offset) / 3600,
                abs(offset) / 60 % 60);
}

bool
zone_neighbours_next(const struct zone_neighbours *neighbours, size_t *at, struct strbuf *ret_text)
{
    assert(neighbours->list != NULL || neighbours->count == 0);
    for (size_t place = *at; place < neighbours->count; place++) {
        const struct zone_neighbour *file = &neighbours->list[place];
        struct zone_distance distance;
        if (!zone_sketch_assumed(&file->sketch))
            continue;
        const struct zone_neighbour *other = witness(neighbours, place, &distance);
        if (other == NULL || distance.quarters == 0)
            continue;
        strbuf_clear(ret_text);
        strbuf_addf(ret_text, "%s: what it mentions comes ", file->name);
        add_span(ret_text, distance.quarters);
        strbuf_addf(ret_text, " %s than in %s (%lld of %lld times): its zone is not %s",
                    distance.quarters > 0 ? "later" : "earlier", other->name,
                    (long long)distance.mentions, (long long)distance.compared, file->zone);
        add_zone(ret_text, file->zone, distance.quarters);
        strbuf_add_text(ret_text, " (--zone)");
        *at = place + 1;
        return true;
    }
    *at = neighbours->count;
    return false;
}
