/*
 * The correlator's settings from the configuration, the file of correlate.rules included. Any
 * thread.
 */
#ifndef APP_CORRELATION_CONFIG_H
#define APP_CORRELATION_CONFIG_H

#include "base/config/config.h"
#include "base/strbuf.h"
#include "hindcast/correlation.h"

/*
 * `rules` is initialized here and keeps the text of correlate.rules while the settings are in use;
 * the caller releases it, also after a failure. IO where the file cannot be read, LIMIT where it is
 * larger than 1 MiB.
 */
int correlation_config_read(const struct config *config, struct strbuf *rules,
                            struct correlation_config *ret_config, struct err *err) MUST_CHECK;

#endif
