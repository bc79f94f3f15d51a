/*
 * The list of people: see list.h. Called by correlate_run() and by the check of a configuration.
 */
#include "correlate/people/list.h"

#include <stdlib.h>

#define CELLS 3

/* What a listed name is found by: an address whole, else the sorted words. */
static struct sv
key_of(const struct person_name *name)
{
    bool alone = name->address.len > 0 && sv_eq_nocase(sv_trim(name->written), name->address);
    return alone ? name->address : name->key;
}

static int
name_order(const void *left, const void *right)
{
    const struct listed_name *a = left, *b = right;
    int order = sv_cmp(key_of(&a->name), key_of(&b->name));
    return order != 0 ? order : a->person < b->person ? -1 : a->person > b->person;
}

struct reading {
    struct arena *arena;
    struct listed_person *people;
    struct listed_name *names;
    size_t count, name_count;
};

static bool
add_name(struct reading *reading, struct sv written)
{
    struct listed_name *listed = &reading->names[reading->name_count];
    written = sv_trim(written);
    if (reading->name_count == PEOPLE_LISTED_MAX)
        return false;
    person_name_read(reading->arena, written, &listed->name);
    listed->person = reading->count;
    reading->name_count++;
    return key_of(&listed->name).len > 0;
}

static bool
read_line(struct reading *reading, struct sv line)
{
    struct sv cells[CELLS] = {SV_NONE, SV_NONE, SV_NONE}, more;
    size_t count = 0;
    while (count < CELLS && sv_split(&line, '\t', &cells[count]))
        cells[count] = sv_trim(cells[count]), count++;
    if (cells[0].len == 0 || sv_split(&line, '\t', &more) || !add_name(reading, cells[0]))
        return false;
    struct sv names = cells[2];
    while (names.len > 0) {
        size_t end = sv_find(names, SV(" | "));
        if (!add_name(reading, end == SIZE_MAX ? names : sv_slice(names, 0, end)))
            return false;
        names = end == SIZE_MAX ? SV_NONE : sv_slice(names, end + 3, names.len);
    }
    reading->people[reading->count++] = (struct listed_person){
        .name = cells[0], .role = cells[1], .tool = sv_eq(cells[1], SV("tool"))};
    return true;
}

/* Sorted, once each; the names of two people: the text of the first that is. */
static struct sv
sort_names(struct reading *reading)
{
    size_t kept = 0;
    if (reading->name_count > 1)
        qsort(reading->names, reading->name_count, sizeof(*reading->names), name_order);
    for (size_t i = 0; i < reading->name_count; i++) {
        const struct listed_name *name = &reading->names[i], *last = &reading->names[kept - 1];
        if (kept > 0 && sv_eq(key_of(&last->name), key_of(&name->name))) {
            if (last->person != name->person)
                return name->name.written;
            continue;
        }
        reading->names[kept++] = *name;
    }
    reading->name_count = kept;
    return SV_NONE;
}

/* At least as many as it has lines and names. */
static size_t
count_names(struct sv text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '\n' || text.ptr[i] == '|' ? 2 : 0;
    return count + 1;
}

int
people_list_read(struct arena *arena, struct sv text, struct people_list *ret_list, struct err *err)
{
    struct reading reading = {.arena = arena};
    struct sv line;
    *ret_list = (struct people_list){.count = 0};
    if (sv_trim(text).len == 0)
        return 0;
    size_t most = count_names(text);
    reading.people = ARENA_ARRAY(arena, struct listed_person, most);
    reading.names = ARENA_ARRAY(arena, struct listed_name, most);
    for (int number = 1; sv_split(&text, '\n', &line); number++) {
        if (sv_trim(line).len == 0 || line.ptr[0] == '#')
            continue;
        if (!read_line(&reading, line))
            return err_set(err, ERR_CONFIG,
                           "people, line %d: expected a name, a role or nothing, and other names "
                           "between \" | \", separated by tabs; %d names at most",
                           number, PEOPLE_LISTED_MAX);
    }
    struct sv shared = sort_names(&reading);
    if (shared.len > 0)
        return err_set(err, ERR_CONFIG, "people: \"" SV_FMT "\" is a name of two people",
                       SV_ARG(shared));
    *ret_list =
        (struct people_list){reading.people, reading.count, reading.names, reading.name_count};
    return 0;
}

static const struct listed_person *
find_key(const struct people_list *list, struct sv key)
{
    size_t low = 0, high = list->name_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sv_cmp(key_of(&list->names[middle].name), key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < list->name_count && key.len > 0 && sv_eq(key_of(&list->names[low].name), key)
               ? &list->people[list->names[low].person]
               : NULL;
}

const struct listed_person *
people_list_find(const struct people_list *list, const struct person_name *name)
{
    const struct listed_person *found = find_key(list, name->address);
    if (found == NULL)
        found = find_key(list, name->key);
    return found != NULL ? found : find_key(list, name->spelled_key);
}
