/*
 * Writing decisions down: from what a person names to sealed decisions, and from there to the
 * database. Main thread.
 */
#ifndef APP_DECIDE_H
#define APP_DECIDE_H

#include "base/config/config.h"
#include "base/err.h"
#include "hindcast/casebook.h"

struct decide_request {
    const struct config *config;
    const char *verb;            /* NULL: of `file` */
    const char *const *operands; /* behind the verb */
    size_t operand_count;
    const char *by;    /* who decides; NULL: the name in $USER, else that of the login */
    const char *why;   /* NULL: not told */
    const char *file;  /* decisions as JSON Lines; "-": standard input; NULL: none */
    const char *scope; /* of decisions whose incident is not there; NULL: that of ingest */
    bool dry_run;      /* shows what would change */
    bool json;         /* of `list` */
    const volatile bool *stop;
};

/* USAGE names what is wrong, NOT_FOUND what is not there. */
int decide_run(const struct decide_request *request, struct err *err) MUST_CHECK;

/* ------------------------------------------------------------------ between its files */

/* Sealed decisions of one scope, in the arena. */
struct decision_list {
    struct sv scope;
    struct decision *all;
    size_t count, size;
};
void
decision_list_add(struct arena *arena, struct decision_list *list, const struct decision *decision);

/* decision_list.c: who decides, and when: what every decision of a run begins with. USAGE: nobody
 * is named. */
int decide_begin(const struct decide_request *request, struct decision *ret_decision,
                 struct err *err) MUST_CHECK;
/* A decision as a line of JSON, its id first. */
void decide_put_line(struct strbuf *out, const struct decision *decision);
/* decide_input.c: a whole file, or standard input ("-"). */
int decide_input(const char *file, struct strbuf *text, struct err *err) MUST_CHECK;
/* The same without the byte order mark that some editors put before a text. */
struct sv decide_text(struct sv text);
/* decide_words.c: what the operands of a verb say, one decision for each row. */
int decide_words(const struct decide_request *request, struct store *store, struct arena *arena,
                 struct decision_list *list, struct err *err) MUST_CHECK;
/* decide_file.c: the same of lines of JSON; `text` lives as long as the list. */
int decide_lines(const struct decide_request *request, struct store *store, struct arena *arena,
                 struct sv text, struct decision_list *list, struct err *err) MUST_CHECK;

/* decide_load.c: an incident by its name, or by the folder of a draft. */
int decide_load(struct store *store, struct arena *arena, const char *name,
                struct stored_incident *ret_stored, struct err *err) MUST_CHECK;
/*
 * The same as it will be once what was decided since it was correlated, or drafted, is applied;
 * *ret_pending: those of the database that wait for that.
 */
int decide_load_now(struct store *store, struct arena *arena, const char *name,
                    struct stored_incident *ret_stored, struct decision_list *ret_pending,
                    struct err *err) MUST_CHECK;
/* Opens the database for reading, unless what is named is a folder: then *ret_store is NULL. */
int decide_open(const struct config *config, const char *name, const volatile bool *stop,
                struct store **ret_store, struct err *err) MUST_CHECK;
/* decide_write.c: to the folder that is named, else to the database; prints the ids. */
int decide_write(const struct config *config, const volatile bool *stop, const char *name,
                 const struct decision_list *list, struct err *err) MUST_CHECK;

/* decide_rows.c: true if this is the uid of an event. */
bool decide_is_uid(struct sv text);
/* Uid of a record that the incident holds. */
struct sv decide_uid(const struct incident *incident);
/* The row that `name` fits, as a decision names it. USAGE, NOT_FOUND. */
int decide_row(struct arena *arena, const struct incident *incident, const char *name,
               struct decision_row *ret_row, struct err *err) MUST_CHECK;
/* A time as people write it; "14:05" and "14:05:10" are of the day of `near_ns`, in the zone in
 * use. "2026-03-03 14:05" is UTC, as what names no zone is everywhere. */
int decide_time(struct arena *arena, const char *text, int64_t near_ns, int64_t *ret_ns,
                struct err *err) MUST_CHECK;

/* decide_show.c: the decisions about an incident and what became of them. */
int decide_list(const struct decide_request *request, struct store *store, struct arena *arena,
                struct err *err) MUST_CHECK;
/* decide_apply.c: the incident as it is with what was decided of it and, beside that, with the
 * list.
 */
void decide_apply(struct arena *arena, const struct stored_incident *stored,
                  const struct decision_list *list, struct incident *ret_incident);
/* What the decisions would change, line by line; incident NULL: that of the first. */
int decide_preview(struct store *store, struct arena *arena, const char *incident,
                   const struct decision_list *list, struct err *err) MUST_CHECK;

#endif
