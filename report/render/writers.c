/*
 * The table of writers: see writer.h.
 */
#include "report/render/writer.h"

#include <string.h>

const struct document_writer document_writers[] = {
#define DOCUMENT_WRITER(id, file, about) {#id, file, about, write_##id},
#include "report/render/writers.def"
#undef DOCUMENT_WRITER
};

const size_t document_writers_count = sizeof(document_writers) / sizeof(document_writers[0]);

const struct document_writer *
document_writer_find(const char *name)
{
    if (name == NULL || strcmp(name, "md") == 0)
        return &document_writers[0];
    for (size_t i = 0; i < document_writers_count; i++)
        if (strcmp(name, document_writers[i].name) == 0)
            return &document_writers[i];
    return NULL;
}
