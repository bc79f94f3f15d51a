/*
 * Running the program as a user's shell would, and taking what it prints.
 */
#ifndef TESTS_LIB_SAY_H
#define TESTS_LIB_SAY_H

#include "base/strbuf.h"

/*
 * The exit code of `$HINDCAST ARGUMENTS`, a line of the shell of at most 4,000 bytes; what it
 * printed on stdout in `out`, which is cleared first. 128 and the signal where one ended it.
 */
int say(const char *arguments, struct strbuf *out);

#endif
