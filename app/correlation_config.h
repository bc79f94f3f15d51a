/*
 * The correlator's settings from the configuration, the files of correlate.rules,
 * correlate.quiet_alerts, correlate.people and correlate.suppress included. Any thread.
 */
#ifndef APP_CORRELATION_CONFIG_H
#define APP_CORRELATION_CONFIG_H

#include "base/config/config.h"
#include "base/strbuf.h"
#include "hindcast/correlation.h"

/*
 * `texts` is initialized here and keeps the texts of these files while the settings are in use; the
 * caller releases it, also after a failure. IO where a file cannot be read, LIMIT where one is
 * larger than 1 MiB.
 */
int correlation_config_read(const struct config *config, struct strbuf *texts,
                            struct correlation_config *ret_config, struct err *err) MUST_CHECK;

#endif
