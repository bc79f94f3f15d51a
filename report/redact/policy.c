/*
 * Reading policies: see policy.h. Main thread, since inih has settings of the process.
 */
#include "report/redact/policy.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/config/ini.h"
#include "base/embedded.h"
#include "base/memory.h"

/* Where a value stands. */
struct reader {
    struct redact_policy *policy;
    const char *section;
    struct err *err;
};

/* ---- values ---- */

static void
add_word(struct redact_policy *policy, struct redact_words *words, struct sv word)
{
    if (words->count == words->room) {
        struct sv *grown = ARENA_ARRAY(&policy->arena, struct sv, 2 * words->room + 8);
        for (size_t i = 0; i < words->count; i++)
            grown[i] = words->list[i];
        words->list = grown;
        words->room = 2 * words->room + 8;
    }
    words->list[words->count++] = arena_copy(&policy->arena, word);
}

/* "a, b c, d" */
static void
add_words(struct redact_policy *policy, struct redact_words *words, struct sv value)
{
    struct sv word;
    while (sv_split(&value, ',', &word)) {
        word = sv_trim(word);
        if (!sv_empty(word))
            add_word(policy, words, word);
    }
}

static void
add_pair(struct redact_policy *policy, struct redact_pairs *pairs, struct sv name, struct sv shown)
{
    if (pairs->count == pairs->room) {
        struct redact_pair *grown =
            ARENA_ARRAY(&policy->arena, struct redact_pair, 2 * pairs->room + 8);
        for (size_t i = 0; i < pairs->count; i++)
            grown[i] = pairs->list[i];
        pairs->list = grown;
        pairs->room = 2 * pairs->room + 8;
    }
    pairs->list[pairs->count++] =
        (struct redact_pair){arena_copy(&policy->arena, name), arena_copy(&policy->arena, shown)};
}

static int
set_show(struct reader *in, enum redact_kind kind, struct sv value)
{
    bool people = kind == REDACT_PERSON, numbered = redact_kind_is_numbered(kind);
    enum redact_show *show = &in->policy->show[kind];
    if (sv_eq(value, SV("keep")) && kind != REDACT_SECRET)
        *show = SHOW_KEPT;
    else if (sv_eq(value, SV("roles")) && people)
        *show = SHOW_ROLES;
    else if (sv_eq(value, kind < REDACT_DOUBTS && numbered ? SV("pseudonyms") : SV("remove")))
        *show = SHOW_REPLACED;
    else if (kind == REDACT_SECRET)
        return err_set(in->err, ERR_CONFIG,
                       "secrets are always removed; [secrets] keep lists "
                       "what is none");
    else
        return err_set(in->err, ERR_CONFIG, "'" SV_FMT "' is none of %s%s, keep", SV_ARG(value),
                       people ? "roles, " : "",
                       kind < REDACT_DOUBTS && numbered ? "pseudonyms" : "remove");
    return 0;
}

static int
set_yes_no(struct reader *in, struct sv value, bool *ret_value)
{
    bool yes = sv_eq(value, SV("yes"));
    if (!yes && !sv_eq(value, SV("no")))
        return err_set(in->err, ERR_CONFIG, "'" SV_FMT "' is neither yes nor no", SV_ARG(value));
    *ret_value = yes;
    return 0;
}

/* ---- keys ---- */

static int
key_unknown(struct reader *in, const char *key)
{
    return err_set(in->err, ERR_CONFIG, "no key '%s' in [%s]", key, in->section);
}

static int
set_of_kind(struct reader *in, enum redact_kind kind, const char *key, struct sv value)
{
    struct redact_policy *policy = in->policy;
    if (strcmp(key, "show") == 0)
        return set_show(in, kind, value);
    if (strcmp(key, "keep") == 0)
        add_words(policy, &policy->keep[kind], value);
    else if (strcmp(key, "names") == 0)
        add_words(policy, &policy->names[kind], value);
    else if (strcmp(key, "words") == 0 && kind == REDACT_PERSON)
        add_words(policy, &policy->common, value);
    else
        return key_unknown(in, key);
    return 0;
}

static int
set_doubtful(struct reader *in, const char *key, struct sv value)
{
    enum redact_kind kind = redact_kind_find(sv_from(key));
    if (kind < REDACT_DOUBTS || kind == REDACT_KINDS)
        return key_unknown(in, key);
    return set_show(in, kind, value);
}

static int
set(struct reader *in, const char *key, struct sv value)
{
    struct sv section = sv_from(in->section);
    struct redact_policy *policy = in->policy;
    if (sv_eq(section, SV("doubtful")))
        return set_doubtful(in, key, value);
    if (sv_eq(section, SV("evidence")))
        return strcmp(key, "excerpts") == 0 ? set_yes_no(in, value, &policy->excerpts)
                                            : key_unknown(in, key);
    if (sv_eq(section, SV("pseudonyms"))) {
        policy->key = arena_copy(&policy->arena, value);
        return strcmp(key, "key") == 0 ? 0 : key_unknown(in, key);
    }
    if (sv_eq(section, SV("roles")) || sv_eq(section, SV("words"))) {
        if (sv_empty(value))
            return err_set(in->err, ERR_CONFIG, "nothing is to stand for '%s'", key);
        add_pair(policy, sv_eq(section, SV("roles")) ? &policy->roles : &policy->words,
                 sv_from(key), value);
        return 0;
    }
    enum redact_kind kind = redact_kind_find(section);
    if (kind >= REDACT_DOUBTS || sv_empty(section))
        return err_set(in->err, ERR_CONFIG, "unknown section [%s]", in->section);
    return set_of_kind(in, kind, key, value);
}

/* ---- the file ---- */

static int
set_value(const struct ini *in, const char *key, const char *value, struct err *err)
{
    struct reader reader = {.policy = in->opaque, .section = in->section, .err = err};
    return set(&reader, key, sv_from(value));
}

static int
read_text(struct redact_policy *policy, struct sv text, const char *name, struct err *err)
{
    struct ini in = {.text = text,
                     .name = name,
                     .line_max = POLICY_LINE_MAX,
                     .set = set_value,
                     .opaque = policy};
    if (text.len > POLICY_BYTES_MAX)
        return err_set(err, ERR_LIMIT, "%s is larger than %zu MiB", name, POLICY_BYTES_MAX >> 20);
    return ini_read(&in, err);
}

int
redact_policy_new(struct sv text, const char *name, struct redact_policy **ret_policy,
                  struct err *err)
{
    const struct embedded_file *built_in = embedded_find(embedded_redaction, "default.ini");
    if (built_in == NULL)
        return err_set(err, ERR_INTERNAL, "the default policy is not in the program");
    struct redact_policy *policy = memory_calloc(1, sizeof(*policy));
    arena_init(&policy->arena, 0);
    int status = read_text(policy, sv_of(built_in->text, built_in->size), built_in->name, err);
    if (status == 0 && !sv_empty(text))
        status = read_text(policy, text, name, err);
    if (status != 0) {
        redact_policy_free(policy);
        return -1;
    }
    *ret_policy = policy;
    return 0;
}

void
redact_policy_free(struct redact_policy *policy)
{
    if (policy == NULL)
        return;
    arena_release(&policy->arena);
    free(policy);
}
