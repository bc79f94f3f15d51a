/*
 * Folders of drafts below one folder, which do not move: the incident whose members a folder was
 * made of goes on there, and never another one under a text that people edited. What each folder is
 * of stands in its incident.json (app/incident_file.h); folders without one are somebody else's.
 * Main thread.
 */
#ifndef APP_DRAFT_FOLDERS_H
#define APP_DRAFT_FOLDERS_H

#include "app/incident_file.h"
#include "hindcast/casebook.h"

#define DRAFT_FOLDERS_MAX 100000 /* below one folder */
#define DRAFT_FOLDER_TRIES 10000 /* names of one day and service */

struct draft_folder {
    struct sv name;
    struct incident_file file;
};

struct draft_folders {
    struct arena arena;
    const char *out;
    struct draft_folder *folders; /* by name */
    size_t count;
    struct sv *names; /* by incident: its folder; absent: it has none yet */
    size_t *goes_on;  /* by folder: see folder_match.h */
    size_t incidents;
};

/*
 * What lies below `out` (which need not be there), and which incident goes on where. `heads` as
 * casebook_incidents() gave them.
 */
int draft_folders_find(const char *out, struct store *store, const struct stored_incident *heads,
                       size_t count, struct draft_folders *ret_folders, struct err *err) MUST_CHECK;
void draft_folders_release(struct draft_folders *folders);

/*
 * Numbers that people may have noted do not move either: an incident keeps that of its folder, and
 * a new one does not take that of another folder.
 */
void draft_folders_number(struct draft_folders *folders, struct stored_incident *heads);

/* Makes the folder of an incident that has none; `stored` was loaded in full. */
int draft_folders_make(struct draft_folders *folders, size_t incident,
                       const struct stored_incident *stored, struct err *err) MUST_CHECK;

/* The folder whose incident is now part of this folder's, from *at on; NULL: no other. */
const struct draft_folder *
draft_folders_merged(const struct draft_folders *folders, size_t *at, size_t *ret_incident);

#endif
