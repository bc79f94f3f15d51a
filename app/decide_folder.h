/*
 * The folder of a draft as a home for decisions: decisions.jsonl beside the document, one decision
 * a line as `decide list --format jsonl` prints them. A later draft into the folder applies them.
 * Main thread.
 */
#ifndef APP_DECIDE_FOLDER_H
#define APP_DECIDE_FOLDER_H

#include "app/decide.h"

#define DECISIONS_FILE "decisions.jsonl"
#define DECISIONS_FILE_BYTES_MAX ((size_t)64 << 20)

/* True if `name` is a folder that a draft made. */
bool decide_is_folder(const char *name);
/*
 * The incident of such a folder, out of incident.json, timeline.jsonl and decisions.jsonl: what is
 * needed to name rows and to show them. IO, BAD_DATA: a file is not there or damaged.
 */
int decide_folder_read(const char *folder, struct arena *arena, struct stored_incident *ret_stored,
                       struct err *err) MUST_CHECK;
/* Adds decisions that are not there yet to the file, whole or not at all; how many were new. */
int decide_folder_add(const char *folder, const struct decision *decisions, size_t count,
                      size_t *ret_new, struct err *err) MUST_CHECK;
/* Adds those of FOLDER/decisions.jsonl, where it is there. USAGE names file and line. */
int decide_folder_decisions(const char *folder, struct arena *arena, struct decision_list *list,
                            struct err *err) MUST_CHECK;
/* The same of every folder below `out`, which need not be there. */
int decide_folders_decisions(const char *out, struct arena *arena, struct decision_list *list,
                             struct err *err) MUST_CHECK;

#endif
