/*
 * Opening the store from the configuration, in the role that a command needs. Main thread, or the
 * thread that will own the connection.
 */
#ifndef CMD_OPEN_H
#define CMD_OPEN_H

#include "base/config/config.h"
#include "hindcast/store.h"

enum open_role {
    OPEN_LOGIN,     /* the login's own rights: migrate */
    OPEN_CORRELATE, /* database.correlate_role: derive, and read what is derived */
    OPEN_RESPONDER, /* people who decide: declare */
    OPEN_OWNER,     /* database.retention_role: remove partitions */
};

/* Locks of others: told on stderr; given up once command_stop_requested(). */
extern const struct store_patience cmd_patience;

int cmd_open_store(const struct config *config, enum open_role role, struct store **ret_store,
                   struct err *err) MUST_CHECK;
/*
 * For every command that only reads: in the role of OPEN_CORRELATE, with the snapshot of
 * store_read_begin() that all of the command's reading shares; store_close() ends it.
 */
int cmd_open_reader(const struct config *config, enum store_reading what, struct store **ret_store,
                    struct err *err) MUST_CHECK;

#endif
