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
    bool keep;                          /* the database stays: numbers are those that it has */
    const struct redact_policy *policy; /* of what is for the public; NULL: nothing is redacted */
};

/*
 * What was read, by format and kind, what was skipped or could not be read, and the configuration.
 */
void draft_print_overview(const struct draft_result *result, const struct ledger_totals *ledger);
/* Writes and prints; *ret_count: raised incidents; *ret_refused: those that people said are none.
 */
int draft_write_incidents(const struct draft_result *result, size_t *ret_count, size_t *ret_refused,
                          struct err *err) MUST_CHECK;
/* There is none, or none but those that people said are none: how to declare one. */
void draft_print_none(const struct overview *overview, bool refused);

#endif
