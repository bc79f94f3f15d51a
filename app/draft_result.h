/*
 * What a draft ends with: the list of incidents and the key timeline on stdout, the files of each
 * incident below --out. Main thread.
 */
#ifndef APP_DRAFT_RESULT_H
#define APP_DRAFT_RESULT_H

#include "hindcast/casebook.h"
#include "hindcast/counted.h"
#include "hindcast/report.h"
#include "report/redact/policy.h"
#include "store/status/overview.h"

/* What a user asks to be written. */
struct draft_wish {
    bool all;                     /* every incident, not only those worth it */
    const char *const *incidents; /* these: numbers or keys */
    size_t incident_count;
};

struct draft_result {
    struct store *store;
    const char *out;                         /* folder to write to */
    const char *zone;                        /* of what people read */
    const struct report_template *templates; /* one for each document */
    const char *const *forms;                /* that are asked for */
    size_t form_count;
    const struct overview *overview;
    const char *config_digest;   /* of what was correlated with */
    const char *decoding_digest; /* of what was decoded with */
    struct skipped_lines skipped;
    struct draft_wish wish;
    bool declared;                      /* write the declared incident */
    bool keep;                          /* the database stays: numbers are those that it has */
    const struct redact_policy *policy; /* of what is for the public; NULL: nothing is redacted */
};

/*
 * What was read, by format and kind, what was skipped or could not be read, and the configuration.
 */
void draft_print_overview(const struct draft_result *result, const struct ledger_totals *ledger);
/*
 * Writes and prints; *ret_count: incidents that were found; *ret_refused: those that people said
 * are none. Written are those that are asked for, else the declared ones where one was declared,
 * else those of more than one row that are worth a look; where there is none, those with the
 * highest rank, of one row only where no other is there. What has a folder goes on. The others are
 * listed. NOT_FOUND: no incident is called as asked.
 */
int draft_write_incidents(const struct draft_result *result, size_t *ret_count, size_t *ret_refused,
                          struct err *err) MUST_CHECK;
/* There is none, or none but those that people said are none: how to declare one. */
void draft_print_none(const struct overview *overview, bool refused);

#endif
