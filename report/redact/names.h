/*
 * Who and what a document names, and what stands there instead: people with the forms in which they
 * are called, hosts, channels, files, customers. One identity has one pseudonym; pseudonyms are
 * given when they are first asked for, so that they are numbered in the order of what is redacted.
 * Where the policy has a key, they are made from it instead. One thread.
 */
#ifndef REPORT_REDACT_NAMES_H
#define REPORT_REDACT_NAMES_H

#include "report/redact/fold.h"
#include "report/redact/policy.h"

struct identity {
    enum redact_kind kind;
    struct sv key;   /* folded */
    struct sv text;  /* as it was first met */
    struct sv role;  /* of a person; absent: unknown */
    struct sv shown; /* absent: not asked for yet */
    int added;       /* how sure the origin was with which its phrases became known; 0: none */
    struct identity *next;
};

#define NAMES_TABLE 8192 /* slots of its hash tables */

struct phrase;

struct names {
    struct arena arena, scratch;
    const struct redact_policy *policy;
    struct identity **identities;    /* by hash of kind and key */
    struct phrase **phrases;         /* by hash of their folded words */
    uint8_t most_words[NAMES_TABLE]; /* of a phrase, by hash of its first one */
    struct sv *dense;                /* folded names of scripts without blanks */
    struct identity **dense_of;
    size_t dense_count, dense_room[2];
    struct sv *roles; /* that people have in the records */
    size_t role_count, role_room;
    uint32_t numbers[REDACT_KINDS]; /* given so far */
    size_t shown[REDACT_KINDS];     /* identities that are shown */
};

void names_init(struct names *names, const struct redact_policy *policy);
void names_release(struct names *names);

/* How sure it is that a text is a name: phrases that are words, too, count with a capital alone. */
enum name_origin {
    NAME_OF_DATA, /* a record says so */
    NAME_OF_POLICY,
    NAME_OF_PATTERN, /* a detector found it in a text */
};
/* Makes the name known in all forms. Services first: what is called like one is one. */
void names_add(struct names *names, enum redact_kind kind, struct sv name, struct sv role,
               enum name_origin origin);

/* Another name of a person who is known: what stands for the one stands for the other. */
void names_add_alias(struct names *names, struct sv name, struct sv alias);

/* Makes a role known that people have in the records, before any name. */
void names_add_role(struct names *names, struct sv role);
/*
 * Of words that look like a whole name ("Ana Ito"): where a person is known by the first ones, the
 * others are this person's, too.
 */
void names_add_rest(struct names *names, struct sv name);
/* Does the policy keep this text of this kind? */
bool names_keeps(const struct names *names, enum redact_kind kind, struct sv text);
/* Is it called like a service? */
bool names_is_service(struct names *names, struct sv text);
/* That of this kind and text, made where there is none. */
struct identity *names_identity(struct names *names, enum redact_kind kind, struct sv text);
/* Of a text that is nothing but the name of a person, host or channel; NULL: it is none. */
struct identity *names_whole(struct names *names, struct sv text);
/* The longest name that begins with word `at`; 0 words: none. `ret_identity`: NULL: several. */
size_t names_at(const struct names *names, struct sv text, const struct fold_word *words,
                size_t count, size_t at, struct arena *scratch, enum redact_kind *ret_kind,
                struct identity **ret_identity);
/* What stands for it. */
struct sv names_shown(struct names *names, struct identity *identity);
/* How many identities of a kind are shown so far. */
size_t names_count(const struct names *names, enum redact_kind kind);

#define NAMES_SEVERAL "[name]" /* a name that more than one person has */

#endif
