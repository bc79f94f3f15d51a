/*
 * Where a JSON value ends, valid or not: strings and brackets are all that matters. Found out as
 * its bytes come, so that what was looked at is not looked at again. Pure; private to
 * ingest/source/file.
 */
#ifndef INGEST_SOURCE_FILE_SPAN_H
#define INGEST_SOURCE_FILE_SPAN_H

#include "base/sv.h"

struct json_span {
    size_t at; /* looked at so far; may be one byte beyond the bytes, behind a backslash */
    int depth;
    bool quoted;
};

/*
 * Goes on in bytes that begin with the value. True: it ends before `at`; false: behind the bytes.
 * What is neither string nor bracket goes up to the comma or bracket of what is around it.
 */
bool json_span_ends(struct json_span *span, struct sv bytes);
/* Is there a list of more elements than the limit, within an object of these bytes or around them?
 */
bool json_span_crowded(struct sv bytes, bool in_object, size_t limit);

#endif
