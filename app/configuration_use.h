/*
 * What people do with the configuration that results depend on: apply what their files say, and
 * compare. Main thread.
 */
#ifndef APP_CONFIGURATION_USE_H
#define APP_CONFIGURATION_USE_H

#include <stdio.h>

#include "base/config/config.h"
#include "base/sha256.h"
#include "hindcast/correlation.h"

/* What the files say; not known where they cannot be read. Parts point into it. */
struct own_sets {
    bool known; /* `config` is */
    struct correlation_config config;
    struct strbuf texts;
    struct sv decoding; /* its digest; absent: not known */
    char decoding_hex[SHA256_HEX + 1];
};

void configuration_use_own(const struct config *config, struct own_sets *ret_own);
void configuration_use_own_release(struct own_sets *own);
/* Applies what `config` says, and tells on stdout whether that changed anything. */
int configuration_use_apply(const struct config *config, const volatile bool *stop,
                            struct err *err) MUST_CHECK;
/*
 * Four lines: the digests of what `config` says, for the correlator and for ingest, and those that
 * are applied. A database or a file that cannot be read is told there, and is not a failure.
 */
void configuration_use_print(const struct config *config, const volatile bool *stop, bool json,
                             FILE *out);

#endif
