/*
 * What was read as JSON Lines: one object for each event, and one for what gave none. Pure; any
 * thread.
 */
#ifndef APP_READ_LINES_H
#define APP_READ_LINES_H

#include "base/strbuf.h"
#include "hindcast/decoder.h"
#include "ingest/source/file/file.h"

/*
 * {"file":..,"line":..,..} of each event. A record without any: {"outcome":"empty"} or
 * {"outcome":"quarantined"}, with reason, detail, format, file and line. The sink had it decoded.
 */
void read_lines_record(struct strbuf *out, const struct file_record *record);
/* {"outcome":"skipped"}: what is not a record at all. `line` 0: the whole of `name`. */
void read_lines_skipped(struct strbuf *out, const char *name, int64_t line, const char *reason);

#endif
