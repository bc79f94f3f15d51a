/*
 * A draft that lies in a file, as people edited it, in another form: `report FOLDER|FILE.md`. No
 * database is asked. Main thread.
 */
#ifndef APP_CONVERTED_H
#define APP_CONVERTED_H

#include <limits.h>

#include "base/err.h"
#include "hindcast/report.h"
#include "report/render/writer.h"

/*
 * Is `operand` a folder of a draft, or a Markdown file (*.md)? Then *ret_path is the file: of a
 * folder the document of this kind.
 */
bool converted_find(const char *operand, enum report_kind kind, char ret_path[PATH_MAX]);
/*
 * Writes it to `out` (NULL: stdout). IO, LIMIT; USAGE where the form is made from records only.
 */
int converted_write(const char *path, const struct document_writer *writer, const char *out,
                    struct err *err) MUST_CHECK;

#endif
