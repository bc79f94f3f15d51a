/*
 * The private PostgreSQL of a draft: scripts/postgres, carried inside the program, run through a
 * shell. One thread at a time.
 */
#ifndef APP_DRAFT_CLUSTER_H
#define APP_DRAFT_CLUSTER_H

#include "base/err.h"
#include "base/strbuf.h"

/* Starts a server in `folder` (made as needed) and adds its connection string to `conninfo`. */
int draft_cluster_start(const char *folder, struct strbuf *conninfo, struct err *err) MUST_CHECK;
/* Stops it; `keep`: leave the data. Also right when nothing runs. */
int draft_cluster_stop(const char *folder, bool keep, struct err *err) MUST_CHECK;

#endif
