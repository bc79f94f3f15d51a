/*
 * Which folder goes on with which incident, after merges, splits and late data. Pure.
 */
#ifndef APP_FOLDER_MATCH_H
#define APP_FOLDER_MATCH_H

#include <stddef.h>
#include <stdint.h>

#define FOLDER_NONE SIZE_MAX

/* What an incident holds of what a folder was made of. */
struct folder_overlap {
    size_t folder, incident;
    int64_t members;  /* alerts and declarations */
    int64_t attached; /* talk, changes, logs */
};

struct folder_counts {
    int64_t attached; /* of the folder, all told */
};

/*
 * Pairs are taken in order of the members that they share, ties by the place of the folder (by
 * name), then of the incident: of merged incidents the folder with most members goes on, of a split
 * one the part that holds most keeps it. What is attached says nothing where an alert or a
 * declaration does: it moves between incidents. Only a folder whose members nobody holds any more
 * goes, by more than half of what was attached, to an incident that holds no folder's members.
 *
 * ret_folder[incident]: its folder; ret_incident[folder]: the incident that it goes on with, or
 * whose other folder does, as it holds most of its members. FOLDER_NONE: none.
 */
void
folder_match(struct folder_overlap *overlaps, size_t count, const struct folder_counts *folders,
             size_t folder_count, size_t incident_count, size_t *ret_folder, size_t *ret_incident);

#endif
