/*
 * What the reasons of a score mean, in words: report/why/reasons.tsv, embedded. Pure; any thread.
 */
#ifndef REPORT_WHY_REASONS_H
#define REPORT_WHY_REASONS_H

#include "base/sv.h"

/* One sentence without a full stop; of a reason that is not in the file, what kind of reason it
 * is. Lives as long as the program. */
struct sv reason_meaning(struct sv name);

#endif
