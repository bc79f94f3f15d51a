/*
 * The breaks that a verification finds, and what it looked at, on stdout: lines for people, or JSON
 * Lines. Main thread.
 */
#ifndef APP_VERIFICATION_PRINT_H
#define APP_VERIFICATION_PRINT_H

#include "app/verification.h"

/* For verification.on_break; `opaque` is not used. */
void verification_print_text(void *opaque, const struct verification_break *found);
void verification_print_json(void *opaque, const struct verification_break *found);
/* The last line: what was looked at. */
void verification_print_totals(const struct verification *verification, bool json);

#endif
