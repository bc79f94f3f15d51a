/*
 * Which of two occurrences comes first where their times do not say, and which of two deliveries
 * counts. Ties are broken by the source's own sequence and by what identifies the event;
 * coordinates (topic, cluster, incarnation, partition, offset, index) are for those that nothing
 * else names. All are total orders, negative when `a` comes first. Pure.
 */
#ifndef CORRELATE_GROUP_ORDER_H
#define CORRELATE_GROUP_ORDER_H

#include "base/strbuf.h"
#include "hindcast/correlation.h"

int occurrence_tie_cmp(const struct observation *a, const struct observation *b);
/* Append bytes that compare as occurrence_tie_cmp() does, when no text holds U+0000. */
void occurrence_tie_bytes(struct strbuf *out, const struct observation *observation);
int coordinates_cmp(const struct observation *a, const struct observation *b);
/* All that an event tells; not what it is called by (scope, uid) nor its version. */
int content_cmp(const struct event *a, const struct event *b);
/*
 * Digest of the value, frame digest, content, Kafka's timestamp, coordinates: for deliveries of one
 * event, and for samples. What the producer says comes before what was added on the way: another
 * header of a gateway, or another clock, does not choose between different values.
 */
int evidence_cmp(const struct observation *a, const struct observation *b);

#endif
