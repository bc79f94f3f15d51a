/*
 * Rows of the table of files: how wide its columns are and what stands in them. Text for people;
 * everything from outside is made visible. Private to app/file_table.c.
 */
#ifndef APP_FILE_ROW_H
#define APP_FILE_ROW_H

#include "app/file_tally.h"
#include "base/strbuf.h"

struct file_row_widths {
    size_t all, name, format; /* columns; those of numbers and times are fixed */
};

/* `columns` of the terminal (0: none); `name_max`: of the longest name, 0 where nobody knows. */
struct file_row_widths file_row_widths(size_t columns, size_t name_max);
void file_row_head(struct strbuf *out, const struct file_row_widths *widths);
/* `mark`: '!' where a person should look, else ' '. */
void file_row(struct strbuf *out, const struct file_row_widths *widths, char mark,
              const struct file_tally *tally, const char *name);
/* A file that nothing was read of. */
void file_row_skipped(struct strbuf *out, const struct file_row_widths *widths, const char *name,
                      const char *reason);
void file_row_known(struct strbuf *out, const struct file_row_widths *widths, const char *name,
                    int64_t records);
/* Takes the next line of at most `columns` off the text, at a blank where there is one. False: the
 * text is at its end. */
bool file_row_wrap(struct sv *text, size_t columns, struct sv *ret_line);
/* "2026-03-01 10:00", and what is needed beside it: "10:15", "03-05 10:15" or "2027-01-01". */
#define ROW_TIME 20
void file_row_times(int64_t first_ns, int64_t last_ns, char ret_first[ROW_TIME],
                    char ret_last[ROW_TIME]);

#endif
