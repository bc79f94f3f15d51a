/*
 * What people do with the configuration that results depend on: apply what their files say, and
 * compare. Main thread.
 */
#ifndef APP_CONFIGURATION_USE_H
#define APP_CONFIGURATION_USE_H

#include <stdio.h>

#include "base/config/config.h"

/* Applies what `config` says, and tells on stdout whether that changed anything. */
int configuration_use_apply(const struct config *config, const volatile bool *stop,
                            struct err *err) MUST_CHECK;
/*
 * Four lines: the digests of what `config` says, for the correlator and for ingest, and those that
 * are applied. A database or a file
 * that cannot be read is told there, and is not a failure.
 */
void configuration_use_print(const struct config *config, const volatile bool *stop, bool json,
                             FILE *out);

#endif
