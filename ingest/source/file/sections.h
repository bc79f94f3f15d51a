/*
 * Text of entries over many lines, each of which begins with a line of its form: commits as `git
 * log` prints them, HTTP requests as they were dumped, documents of YAML that define service level
 * objectives. An entry is one record. Pure; private to ingest/source/file.
 */
#ifndef INGEST_SOURCE_FILE_SECTIONS_H
#define INGEST_SOURCE_FILE_SECTIONS_H

#include "base/sv.h"

struct file_sections {
    bool (*begins)(struct sv line); /* with this line, without its end */
    bool (*says)(struct sv line);   /* an entry has such a line; NULL: its first one is enough */
};

/* How the text is cut that begins so; NULL: not at all. */
const struct file_sections *file_sections(struct sv start);
/* How long the first entry is; 0: it goes on behind the text, or ends with it. */
size_t file_section_length(const struct file_sections *sections, struct sv text);

#endif
