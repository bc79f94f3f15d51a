/*
 * How the store is opened, from the configuration: the one place that knows which option names the
 * role that a part of the program takes on. Any thread.
 */
#ifndef HINDCAST_STORE_OPTIONS_H
#define HINDCAST_STORE_OPTIONS_H

#include "base/config/config.h"
#include "hindcast/store.h"

/* Whose rights a connection takes on after the login. */
enum store_role {
    STORE_LOGIN,     /* the login's own: migrate, which needs no schema yet */
    STORE_INGEST,    /* database.ingest_role: store what was read */
    STORE_CORRELATE, /* database.correlate_role: derive, and read what is derived */
    STORE_RESPONDER, /* people who decide: declare; the login's own where correlate_role is empty */
    STORE_OWNER,     /* database.retention_role: remove partitions */
};

/*
 * Where, as whom and with which patience for connecting: for store_open(). An empty role in the
 * configuration is none. Every role but STORE_LOGIN has the schema checked. `application` is the
 * name that the server shows. All texts are the configuration's, or literals: they are not copied.
 */
struct store_options
store_options_for(const struct config *config, enum store_role role, const char *application);

#endif
