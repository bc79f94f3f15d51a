/*
 * incident.json in the folder of a draft: which incident the folder is of. The folder is found
 * again by the uids in it (app/draft_folders.h), whatever key, number, first time or first service
 * the incident has by then. docs/draft.md lists the members. Any thread.
 */
#ifndef APP_INCIDENT_FILE_H
#define APP_INCIDENT_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/sha256.h"
#include "base/strbuf.h"
#include "hindcast/incident.h"

#define INCIDENT_FILE "incident.json"
#define INCIDENT_FILE_BYTES_MAX ((size_t)16 << 20)
#define INCIDENT_FILE_UIDS_MAX 100000 /* of each list: the first in order */

/* Uids in hex, sorted, each once. */
struct uid_list {
    const struct sv *uids;
    size_t count;
};

struct incident_file {
    struct sv key, number, scope;
    struct sv incident_digest; /* of the incident's canonical export, hex */
    struct sv document_digest; /* SHA-256 of postmortem.md as it was generated, hex */
    struct sv configuration;   /* digest of the one that was applied, hex */
    struct sv decoding;        /* digest of the decoding options that were applied, hex */
    struct sv merged_into;     /* name of the folder that goes on; absent: this one does */
    const struct incident
        *shown;               /* whose start, end, state and rank stand there; NULL: read back */
    struct uid_list members;  /* of alerts and declarations: what makes the incident */
    struct uid_list attached; /* of what hangs on those: talk, changes, logs */
};

/* What is shown of an incident that was loaded in full; views into the arena and the incident. */
void incident_file_of(const struct stored_incident *stored, struct arena *arena,
                      struct incident_file *ret_file);
/* Adds the JSON, one line. Same incident, same bytes. */
void incident_file_put(const struct incident_file *file, struct strbuf *out);
/*
 * Reads it back; members that are not known are left out, so are uids that are none. False: it is
 * not one of ours.
 */
bool incident_file_read(struct sv json, struct arena *arena, struct incident_file *ret_file);

/* The list of uids that is a member of a JSON object of ours. */
struct json_t;
struct uid_list
incident_file_uids(const struct json_t *object, const char *name, struct arena *arena);

#endif
