/*
 * The writers of documents: one row for each form that a draft leaves in (writers.def), one file
 * for each. A writer is a pure function of the document (and the time zone in use): same document,
 * same bytes. The document was checked (document_check()) before any writer has it.
 */
#ifndef REPORT_RENDER_WRITER_H
#define REPORT_RENDER_WRITER_H

#include "hindcast/activity.h"
#include "hindcast/document.h"

/* What a writer is handed. */
struct writing {
    const struct document *document;
    const struct stored_incident *stored; /* whose document it is */
    struct sv rest_name;                  /* of the file with every row; absent: none */
    /* The page's, see page.h: the value of a record. NULL: records are not shown. */
    bool (*record)(void *opaque, const struct evidence *evidence, struct arena *arena,
                   struct sv *ret_value);
    void *opaque;
    const struct activity *activity; /* the page's, for its chart; NULL: not known */
};

struct document_writer {
    const char *name;  /* of the form, as --format names it */
    const char *file;  /* where a draft writes it */
    const char *about; /* in a few words */
    void (*write)(const struct writing *writing, struct strbuf *out);
};

#define DOCUMENT_WRITER(id, file, about)                                                           \
    void write_##id(const struct writing *writing, struct strbuf *out);
#include "report/render/writers.def"
#undef DOCUMENT_WRITER

extern const struct document_writer document_writers[];
extern const size_t document_writers_count;
/* NULL where there is none of this name; NULL is the first one, "md" is "markdown". */
const struct document_writer *document_writer_find(const char *name);

/* "md|markdown|html|...", for options. */
#define DOCUMENT_WRITER(id, file, about) "|" #id
static const char DOCUMENT_FORMATS[] = "md"
#include "report/render/writers.def"
    ;
#undef DOCUMENT_WRITER

#endif
