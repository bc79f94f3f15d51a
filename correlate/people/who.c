/*
 * Who somebody is, from one record: see who.h. Called while signs of candidates are found.
 */
#include "correlate/people/who.h"

bool
who_is(struct arena *arena, const struct people_known *known, const struct event *event,
       struct sv actor, struct sv *ret_who)
{
    struct person_name name;
    const struct directory_entry *entry =
        directory_find(known->directory, directory_system(event), actor);
    person_name_read(arena, entry != NULL ? entry->shown : actor, &name);
    const struct listed_person *listed = people_list_find(known->list, &name);
    if (listed != NULL ? listed->tool : entry != NULL && entry->tool)
        return false;
    *ret_who = listed != NULL ? listed->name : name.key.len > 0 ? name.key : actor;
    return true;
}
