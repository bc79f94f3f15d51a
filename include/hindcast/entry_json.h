/*
 * The lists of a timeline entry as JSON, one form for the tables, the canonical export and the
 * renderers: members "milestones" and "reasons" of the object that `out` is in.
 */
#ifndef HINDCAST_ENTRY_JSON_H
#define HINDCAST_ENTRY_JSON_H

#include "base/text/json_writer.h"
#include "hindcast/incident.h"

/* `"milestones":["detected",...]` */
void entry_json_milestones(struct strbuf *out, const struct entry *entry);
/* `"reasons":[["name",hundredths],...]` */
void entry_json_reasons(struct strbuf *out, const struct entry *entry);
/*
 * `"evidence":[{...},...]`, coordinates and digest; `with_stream` adds the stream's number, which
 * is of this database only and in no export.
 */
void entry_json_evidence(struct strbuf *out, const struct entry *entry, bool with_stream);

#endif
