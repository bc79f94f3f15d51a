/*
 * Redacting texts: detectors and known names together, and what looks doubtful. Pure but for the
 * pseudonyms given so far; one thread.
 *
 * A text is redacted until nothing changes any more, so that what was redacted once stays as it
 * is. Results are UTF-8, whatever came in.
 */
#ifndef REPORT_REDACT_TEXT_H
#define REPORT_REDACT_TEXT_H

#include "report/redact/detectors.h"
#include "report/redact/spans.h"

#define REDACT_REMEMBERED 4096  /* texts, of which many come again in a timeline */
#define REDACT_DOUBTFUL_MAX 200 /* that are listed; further ones are counted */

/* Looks like something to redact, and is left as it is. */
struct doubtful {
    enum redact_kind kind;
    struct sv text;
};

struct redaction {
    const struct redact_policy *policy;
    struct detectors *detectors;
    struct names names;
    struct arena arena;   /* of results */
    struct arena scratch; /* of one text */
    struct doubtful doubtful[REDACT_DOUBTFUL_MAX];
    size_t doubtful_count; /* all, also those not listed */
    struct remembered {
        struct sv text, redacted;
    } remembered[REDACT_REMEMBERED]; /* by hash, the latest */
    struct span_list spans;          /* of one text */
};

/* The policy lives as long. INTERNAL: the detectors are wrong. */
int redaction_new(const struct redact_policy *policy, struct redaction **ret_redaction,
                  struct err *err) MUST_CHECK;
/* NULL is none. */
void redaction_free(struct redaction *redaction);

/* Makes known the names that detectors find in a text, before the first one is redacted. */
void redact_learn(struct redaction *redaction, struct sv text);
/* The text as the public may see it; absent stays absent. Lives as long as the redaction. */
struct sv redact_text(struct redaction *redaction, struct sv text);
/* The same of an address: absent unless it may stay. */
struct sv redact_link(struct redaction *redaction, struct sv url);
/* A name of this kind: a pseudonym, or the name where the policy keeps it. */
struct sv redact_name(struct redaction *redaction, enum redact_kind kind, struct sv name);

#endif
