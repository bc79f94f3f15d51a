/*
 * What of an incident may be published: its draft, redacted once, from which every form for the
 * public is written (app/postmortem.h), and which the files beside it show, too. Main thread.
 */
#ifndef APP_PUBLICATION_H
#define APP_PUBLICATION_H

#include "app/postmortem.h"
#include "base/config/config.h"
#include "report/redact/document.h"

struct publication {
    struct redacted *copy; /* of the document and the incident */
    size_t left_out;       /* rows that the draft only counts */
};

/* That of report.redaction, else the built-in one. redact_policy_free() gives it back. */
int publication_policy(const struct config *config, struct redact_policy **ret_policy,
                       struct err *err) MUST_CHECK;
/*
 * `rest_name` as in postmortem_make(). The policy lives as long. publication_release() gives it
 * back.
 */
int publication_make(const struct postmortem *postmortem, struct sv rest_name,
                     const struct redact_policy *policy, struct publication *ret_publication,
                     struct err *err) MUST_CHECK;
void publication_release(struct publication *publication);

/* postmortem_write() of what is for the public alone; tells on stderr what was replaced. */
int publication_write(const struct config *config, const struct postmortem *postmortem,
                      struct err *err) MUST_CHECK;

/* Says what was replaced, how often, and what looks doubtful; no secret is printed. */
void publication_tell(const struct publication *publication, FILE *to, const char *name);

/*
 * A folder for the public holds nothing else: it is empty, or PUBLICATION_LOG says that it was made
 * for that. FAILED otherwise.
 */
int publication_folder(const char *path, struct err *err) MUST_CHECK;
#define PUBLICATION_LOG "redaction.txt"

#endif
