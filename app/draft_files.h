/*
 * The files of one incident in its folder: incident.json first, which says whose folder it is, then
 * the draft and what is beside it. A run that is killed between any two of them is made good by the
 * next one. Main thread.
 */
#ifndef APP_DRAFT_FILES_H
#define APP_DRAFT_FILES_H

#include <limits.h>

#include "app/draft_folders.h"
#include "app/draft_result.h"
#include "app/publication.h"
#include "hindcast/counted.h"
#include "report/render/writer.h"

#define DRAFT_DOCUMENT "postmortem.md"
#define DRAFT_PAGE "postmortem.html"
#define DRAFT_SUMMARY "summary.md"
#define DRAFT_SHEET "facilitator.md"
#define DRAFT_TIMELINE "timeline.jsonl"
#define DRAFT_TABLE "timeline.csv"

/* What all drafts of one store share. */
struct about_store {
    struct ledger_totals ledger;
    struct loaded_file *files;
    size_t file_count;
    struct topic_reading *readings;
    size_t reading_count;
    const char *config_digest, *decoding_digest; /* NULL: not known */
};

/* FOLDER/NAME; IO where that is too long. */
int draft_files_path(const char *folder, const char *name, char ret_path[PATH_MAX],
                     struct err *err) MUST_CHECK;
/* What the public may see of an incident; `about` lives as long. */
int draft_files_publish(const struct draft_result *result, const struct stored_incident *stored,
                        const struct about_store *about, struct publication *ret_publication,
                        struct err *err) MUST_CHECK;
/*
 * Writes all of them, in the folder that the incident has or gets; with a publication (else NULL)
 * what that has.
 */
int
draft_files_write(const struct draft_result *result, struct draft_folders *folders, size_t incident,
                  const struct stored_incident *stored, const struct about_store *about,
                  const struct publication *publication, struct err *err) MUST_CHECK;
/* The writer of the form that is asked for; false: it is written anyway, or was asked for before.
 */
bool draft_files_form(const struct draft_result *result, size_t i,
                      const struct document_writer **ret_writer);
/* Says in the folders of incidents that became part of another one where it goes on. */
int draft_files_write_merged(const struct draft_folders *folders, struct err *err) MUST_CHECK;

#endif
