/*
 * The private PostgreSQL of a draft: scripts/postgres, carried inside the program, run through a
 * shell. One thread at a time.
 */
#ifndef APP_DRAFT_CLUSTER_H
#define APP_DRAFT_CLUSTER_H

#include "base/err.h"
#include "base/strbuf.h"

/*
 * Starts a server in `folder` (made as needed) and adds its connection string to `conninfo`. Its
 * data is a copy of what was saved as `template`, if something was; NULL: new.
 */
int draft_cluster_start(const char *folder, const char *template, struct strbuf *conninfo,
                        struct err *err) MUST_CHECK;
/*
 * Saves the data as `template` for later starts, unless there is such a one, and starts the server
 * again: nobody may be connected. Also 0 when it cannot be saved.
 */
int draft_cluster_save(const char *folder, const char *template, struct err *err) MUST_CHECK;
/* Stops it; `keep`: leave the data. Also right when nothing runs. */
int draft_cluster_stop(const char *folder, bool keep, struct err *err) MUST_CHECK;

#endif
