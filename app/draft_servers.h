/*
 * The servers of a draft: a private PostgreSQL with our schema, and librdkafka's in-process broker.
 * One draft in a process; the thread that starts them stops them.
 */
#ifndef APP_DRAFT_SERVERS_H
#define APP_DRAFT_SERVERS_H

#include "base/config/config.h"
#include "base/strbuf.h"
#include "hindcast/mock_broker.h"
#include "hindcast/store.h"

#define DRAFT_FOLDER ".hindcast" /* the script compares paths as text: no "./" */

struct draft_servers {
    struct strbuf conninfo;     /* of the private PostgreSQL */
    struct strbuf template;     /* path of an empty database, kept for all drafts; may be empty */
    struct store *store;        /* NULL until it runs */
    struct mock_broker *broker; /* likewise */
    bool begun;                 /* there may be a server to stop */
};

/* `keep`: the database stays in DRAFT_FOLDER when it is stopped, however that comes about. */
void draft_servers_init(struct draft_servers *servers, bool keep);
/*
 * Starts both below DRAFT_FOLDER, which is there, and stops what an earlier draft left running.
 * Waits for locks end with *stop.
 */
int
draft_servers_start(struct draft_servers *servers, const struct config *config, const char *topic,
                    int partitions, const volatile bool *stop, struct err *err) MUST_CHECK;
/* Stops what was started; also right after a failure, or when nothing was. */
void draft_servers_stop(struct draft_servers *servers);
/*
 * For a guard on a thread of its own that is about to end the process because something does not
 * come back: stops the private PostgreSQL, unless the owner is at it. Takes ten seconds at most.
 */
void draft_servers_at_last(void);

#endif
