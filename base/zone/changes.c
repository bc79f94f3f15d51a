/*
 * The list of changes of a zone while it is made: see zoneinfo.h.
 */
#include "base/memory.h"
#include "base/zone/zoneinfo.h"

void
zone_add(struct zone **zone, size_t *room, int64_t at_s, int32_t offset_s, struct sv name)
{
    size_t count = *zone == NULL ? 0 : (*zone)->count;
    if (*zone == NULL || count == *room) {
        *room = count == 0 ? 1 : 2 * *room;
        *zone = memory_resize(*zone, sizeof(**zone) + *room * sizeof((*zone)->changes[0]), 1);
    }
    struct zone_change change = {.at_s = at_s, .offset_s = offset_s};
    for (size_t i = 0; i < name.len && i < sizeof(change.name) - 1; i++)
        change.name[i] = name.ptr[i];
    (*zone)->changes[count] = change;
    (*zone)->count = count + 1;
}
