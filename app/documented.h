/*
 * Noting in the database that a document was written, by which analysts find incidents without one.
 * Nobody waits for it, and it fails nobody: who may not write there, or reads from a standby,
 * writes documents all the same. Main thread.
 */
#ifndef APP_DOCUMENTED_H
#define APP_DOCUMENTED_H

#include "base/config/config.h"
#include "hindcast/casebook.h"

/* Parameters as for casebook_documented(). Other failures than those above are told on stderr. */
void documented(const struct config *config, const struct stored_incident *stored,
                const char *document, const char *form, const volatile bool *stop);

#endif
