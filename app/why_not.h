/*
 * Saying on stdout what became of a record that somebody misses. Main thread.
 */
#ifndef APP_WHY_NOT_H
#define APP_WHY_NOT_H

#include "base/config/config.h"

/* `record`: a uid, FILE:LINE, or TOPIC/PARTITION/OFFSET. USAGE: it is none of these. NOT_FOUND: no
 * such record was read (said on stdout, too). */
int why_not(const struct config *config, const char *record, bool json, const volatile bool *stop,
            struct err *err) MUST_CHECK;

#endif
