/*
 * What grouping has to know of a node, as bytes and back: without its records, of which links,
 * settling and attaching read little. Of an alert the words of its first record and who had to do
 * with it, of talk its channel and its first messages are kept (correlate/group/topic.h reads
 * them), of a declaration its bounds and filters. Pure; what is read points into the bytes, else
 * memory is the arena's.
 */
#ifndef CORRELATE_STORED_CONTENT_H
#define CORRELATE_STORED_CONTENT_H

#include "base/strbuf.h"
#include "correlate/group/nodes.h"
#include "hindcast/groups.h"

#define CONTENT_RECORDS_MAX 50 /* of a node, as many as topic.c looks at */

void content_write(const struct work_node *node, struct strbuf *out);
/* Its id is not part of the bytes. False: they are none of these. */
bool content_read(struct arena *arena, struct sv bytes, const struct node_id *id,
                  struct work_node *ret_node);
struct group_digest content_key_digest(const struct node_key *key);
struct group_digest content_series_digest(struct sv source, struct sv fingerprint);

#endif
