/*
 * What is read whole, from a file or standard input: see decide.h.
 */
#include <stdio.h>
#include <string.h>

#include "app/decide.h"
#include "app/infile.h"

struct sv
decide_text(struct sv text)
{
    return sv_starts(text, SV("\xef\xbb\xbf")) ? sv_slice(text, 3, text.len) : text;
}

int
decide_input(const char *file, struct strbuf *text, struct err *err)
{
    bool there = true;
    char block[16384];
    if (strcmp(file, "-") != 0) {
        int status = infile_read(file, text, &there, err);
        return status == 0 && !there ? err_set(err, ERR_NOT_FOUND, "there is no file %s", file)
                                     : status;
    }
    for (size_t got; (got = fread(block, 1, sizeof(block), stdin)) > 0 && !text->overflow;)
        strbuf_add(text, block, got);
    return text->overflow
               ? err_set(err, ERR_LIMIT, "standard input is larger than %zu bytes", text->max)
               : 0;
}
