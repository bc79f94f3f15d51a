/*
 * Options of a connection from the configuration: see hindcast/store_options.h. Any thread.
 */
#include "hindcast/store_options.h"

#include <assert.h>

#define RESPONDER_ROLE "hindcast_responder"

static const char *
configured(const struct config *config, enum option option)
{
    const char *name = config_text(config, option);
    return name[0] == '\0' ? NULL : name;
}

static const char *
role_name(const struct config *config, enum store_role role)
{
    switch (role) {
    case STORE_INGEST:
        return configured(config, OPT_database_ingest_role);
    case STORE_CORRELATE:
        return configured(config, OPT_database_correlate_role);
    case STORE_RESPONDER:
        /* Who switched roles off (one login with all rights) means it for people, too. */
        return configured(config, OPT_database_correlate_role) == NULL ? NULL : RESPONDER_ROLE;
    case STORE_OWNER:
        return configured(config, OPT_database_retention_role);
    case STORE_LOGIN:
        break;
    }
    return NULL;
}

struct store_options
store_options_for(const struct config *config, enum store_role role, const char *application)
{
    assert(config != NULL);
    assert(application != NULL && application[0] != '\0');
    return (struct store_options){
        .conninfo = config_text(config, OPT_database_conninfo),
        .role = role_name(config, role),
        .application_name = application,
        .connect_timeout_ns = config_duration_ns(config, OPT_database_connect_timeout),
        .check_schema = role != STORE_LOGIN,
    };
}
