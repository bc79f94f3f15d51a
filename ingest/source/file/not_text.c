/*
 * What is not text for us: see not_text.h. Called by content.c.
 */
#include "ingest/source/file/not_text.h"

/* Some NUL bytes in a log are a fact of life (a crash, a sparse file). */
const char *
file_not_text(struct sv start)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *reason;
    } magic[] = {
        {"\x7f"
         "ELF",
         4, "a program"},
        {"\x89PNG", 4, "a picture"},
        {"\xff\xd8\xff", 3, "a picture"},
        {"GIF8", 4, "a picture"},
        {"%PDF-", 5, "a PDF"},
        {"SQLite format 3", 15, "a database"},
        {"\xff\xfe\0\0", 4, "UTF-32 text: convert it to UTF-8"},
        {"\0\0\xfe\xff", 4, "UTF-32 text: convert it to UTF-8"},
    };
    for (size_t i = 0; i < sizeof(magic) / sizeof(magic[0]); i++)
        if (sv_starts(start, sv_of(magic[i].bytes, magic[i].len)))
            return magic[i].reason;
    size_t odd = 0;
    for (size_t i = 0; i < start.len; i++) {
        unsigned char c = (unsigned char)start.ptr[i];
        odd += (c < 32 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 27) || c == 127;
    }
    return odd * 10 > start.len ? "binary data" : NULL;
}
