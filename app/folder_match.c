/*
 * Folders and incidents: see folder_match.h. Called by draft before anything is written.
 */
#include "app/folder_match.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

static int
better_first(const void *a, const void *b)
{
    const struct folder_overlap *x = a, *y = b;
    if (x->members != y->members)
        return x->members > y->members ? -1 : 1;
    if (x->attached != y->attached && x->members == 0)
        return x->attached > y->attached ? -1 : 1;
    if (x->folder != y->folder)
        return x->folder < y->folder ? -1 : 1;
    return x->incident < y->incident ? -1 : x->incident > y->incident;
}

struct held {
    bool *folder, *incident; /* shares members with any of the others */
};

static bool
may_go_on(const struct folder_overlap *overlap, const struct folder_counts *folders,
          const struct held *held)
{
    if (overlap->members > 0)
        return true;
    return !held->folder[overlap->folder] && !held->incident[overlap->incident] &&
           2 * overlap->attached > folders[overlap->folder].attached;
}

void
folder_match(struct folder_overlap *overlaps, size_t count, const struct folder_counts *folders,
             size_t folder_count, size_t incident_count, size_t *ret_folder, size_t *ret_incident)
{
    struct held held = {.folder = memory_calloc(folder_count, sizeof(bool)),
                        .incident = memory_calloc(incident_count, sizeof(bool))};
    for (size_t i = 0; i < incident_count; i++)
        ret_folder[i] = FOLDER_NONE;
    for (size_t i = 0; i < folder_count; i++)
        ret_incident[i] = FOLDER_NONE;
    for (size_t i = 0; i < count; i++)
        if (overlaps[i].members > 0)
            held.folder[overlaps[i].folder] = held.incident[overlaps[i].incident] = true;
    if (count > 1)
        qsort(overlaps, count, sizeof(*overlaps), better_first);
    for (size_t i = 0; i < count; i++) {
        const struct folder_overlap *overlap = &overlaps[i];
        size_t folder = overlap->folder, incident = overlap->incident;
        if (ret_folder[incident] == FOLDER_NONE && ret_incident[folder] == FOLDER_NONE &&
            may_go_on(overlap, folders, &held)) {
            ret_folder[incident] = folder;
            ret_incident[folder] = incident;
        }
    }
    for (size_t i = 0; i < count; i++) /* the best of a folder comes first */
        if (overlaps[i].members > 0 && ret_incident[overlaps[i].folder] == FOLDER_NONE)
            ret_incident[overlaps[i].folder] = overlaps[i].incident;
    free(held.folder);
    free(held.incident);
}
