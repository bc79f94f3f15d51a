/*
 * The one way out for postmortem drafts: every command that hands one to people calls this, so that
 * all drafts are made from the same facts, name the file with what they leave out, and keep what
 * people wrote. Main thread.
 */
#ifndef APP_POSTMORTEM_H
#define APP_POSTMORTEM_H

#include <limits.h>

#include "hindcast/casebook.h"
#include "hindcast/counted.h"
#include "hindcast/report.h"
#include "report/render/writer.h"

#define POSTMORTEM_BYTES_MAX (64U << 20) /* of one form */

struct publication;

struct postmortem {
    const struct document_writer *writer; /* of the form; NULL: Markdown, which people edit */
    const struct stored_incident *stored;
    const struct ledger_totals *ledger;
    const struct loaded_file *files; /* of the incident's scope */
    size_t file_count;
    const struct topic_reading *readings; /* of the whole store */
    size_t reading_count;
    struct skipped_lines skipped;
    const struct clock_interval *clocks; /* of clocks_around(); none: they were not compared */
    size_t clock_count;
    const struct report_template *template; /* NULL: the one in the program */
    enum report_kind kind;                  /* which document that makes */
    const char *zone;                       /* of a second time column; NULL or "UTC": none */
    struct store
        *store;       /* page: to show records from, within a reading; NULL: they are not shown */
    const char *path; /* NULL: stdout */
    /*
     * Name of a file beside it into which the caller writes the full timeline. NULL: where lists
     * leave rows out, and `path` is a regular file, PATH.timeline.jsonl is written.
     */
    const char *timeline;
    /* What the public may see of it (app/publication.h): then nothing else is. NULL: all is. */
    const struct publication *publication;
    bool refresh; /* Markdown: what is at `path` is merged with it, see document.h */
};

/* The draft as a document; `rest_name` as below. document_release() gives it back. */
int postmortem_document(const struct postmortem *postmortem, struct sv rest_name,
                        struct document *ret_document, size_t *ret_left_out,
                        struct err *err) MUST_CHECK;
/* The name of the file with all rows beside `path`, in `beside`; absent: there is none. */
int postmortem_rest_name(const struct postmortem *postmortem, char beside[PATH_MAX],
                         struct sv *ret_name, struct err *err) MUST_CHECK;
/* The incident as its readers may see it: what goes into files beside the draft. */
const struct stored_incident *postmortem_shown(const struct postmortem *postmortem);

/*
 * The text alone; `rest_name`: the file beside it that it names for all rows, absent: none. `out`
 * is cleared first; *ret_left_out: rows that its lists only count.
 */
int postmortem_make(const struct postmortem *postmortem, struct sv rest_name, struct strbuf *out,
                    size_t *ret_left_out, struct err *err) MUST_CHECK;
/* Writes such a text to `path`, merged with what is there: see document.h. */
int postmortem_refresh(const struct postmortem *postmortem, const struct strbuf *text,
                       struct err *err) MUST_CHECK;
/* Another text at these paths is kept, see outfile.h; a page is replaced. */
int postmortem_write(const struct postmortem *postmortem, struct err *err) MUST_CHECK;

#endif
