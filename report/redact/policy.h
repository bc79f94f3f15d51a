/*
 * What a redaction replaces, by what, and what it leaves: the policy, an INI file
 * (docs/redaction.md lists sections and keys). default.ini is read first; a file of the user's
 * changes what it names, and its lists add up. Read only once made; freed by its owner.
 */
#ifndef REPORT_REDACT_POLICY_H
#define REPORT_REDACT_POLICY_H

#include "base/arena.h"
#include "base/err.h"
#include "report/redact/kinds.h"

#define POLICY_BYTES_MAX ((size_t)1 << 20)
#define POLICY_LINE_MAX 4096

enum redact_show {
    SHOW_REPLACED, /* a label, or a pseudonym where the kind has numbers */
    SHOW_ROLES,    /* people: their role where one is known */
    SHOW_KEPT,
};

struct redact_words {
    struct sv *list;
    size_t count, room;
};

/* "Ana Ito = the database lead", "Project Falcon = the project" */
struct redact_pair {
    struct sv name, shown;
};
struct redact_pairs {
    struct redact_pair *list;
    size_t count, room;
};

struct redact_policy {
    struct arena arena;
    enum redact_show show[REDACT_KINDS];
    struct redact_words names[REDACT_KINDS]; /* that count as of this kind, found by no detector */
    struct redact_words keep[REDACT_KINDS];
    struct redact_words common; /* names of people that are words, too */
    struct redact_pairs roles, words;
    bool excerpts;
    struct sv key; /* of pseudonyms; empty: numbers */
};

/*
 * The default, and on top of it `text`, which may be absent; `name` is its file's, for messages.
 * CONFIG: a line is wrong; LIMIT: it is too large.
 */
int redact_policy_new(struct sv text, const char *name, struct redact_policy **ret_policy,
                      struct err *err) MUST_CHECK;
/* NULL is none. */
void redact_policy_free(struct redact_policy *policy);

#endif
