/*
 * What the choice of milestones sees of a row: whether it tells of trouble, answers it, acts
 * against it, says that it is over, and on what kind of evidence that rests. Pure; private to
 * correlate/story/.
 */
#ifndef CORRELATE_MOMENTS_H
#define CORRELATE_MOMENTS_H

#include "correlate/story/rows.h"

/* BASES where the row tells of no trouble. */
enum basis row_trouble(const struct row *row);
/* Trouble that ends a recovery at once: an alert that fires, "it is down again", "did not help". */
bool row_relapses(const struct row *row);
/* BASES where nobody noticed by it. `alert_ns`: of the first alert; an action before it answers
 * none. */
enum basis row_notices(const struct row *row, int64_t alert_ns);
bool row_responds(const struct row *row);
/* What an act against the trouble is worth, told as done; 0: it is none (setbacks.c). */
int32_t row_act_weight(const struct correlation_config *config, const struct row *row);
bool row_failed(const struct row *row); /* a change that failed or was cancelled */
bool row_recovers(const struct row *row);
enum basis row_basis(const struct row *row);
/* BASES where it does not call the incident over. */
enum basis row_resolves(const struct row *row);

#endif
