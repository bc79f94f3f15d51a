/*
 * Making names known, in all the forms in which they are written: see names.h.
 */
#include "report/redact/names.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/text/utf8.h"
#include "report/redact/identity.h"
#include "report/redact/phrase.h"
#include "report/redact/pseudonym.h"

#define PART_LEAST 3    /* characters of a part of a name that counts alone */
#define JOINED_LEAST 4  /* of "anaito", "aito" */
#define PHRASE_WORDS 24 /* longer names are found by their first words */
#define HOST_LEAST 4    /* of a host that is a plain word */

void
names_init(struct names *names, const struct redact_policy *policy)
{
    *names = (struct names){.policy = policy};
    arena_init(&names->arena, 0);
    arena_init(&names->scratch, 0);
    names->identities = memory_calloc(NAMES_TABLE, sizeof(struct identity *));
    names->phrases = memory_calloc(NAMES_TABLE, sizeof(struct phrase *));
    for (enum redact_kind kind = 0; kind < REDACT_KINDS; kind++)
        for (size_t i = 0; i < policy->names[kind].count; i++)
            names_add(names, kind, policy->names[kind].list[i], SV_NONE, NAME_OF_POLICY);
    for (size_t i = 0; i < policy->roles.count; i++)
        names_add(names, REDACT_PERSON, policy->roles.list[i].name, policy->roles.list[i].shown,
                  NAME_OF_POLICY);
    for (size_t i = 0; i < policy->words.count; i++)
        names_add(names, REDACT_WORD, policy->words.list[i].name, policy->words.list[i].shown,
                  NAME_OF_POLICY);
}

void
names_release(struct names *names)
{
    free(names->identities);
    free(names->phrases);
    free(names->dense);
    free(names->dense_of);
    free(names->roles);
    arena_release(&names->arena);
    arena_release(&names->scratch);
    *names = (struct names){.policy = NULL};
}

/* ---- the forms of a name ---- */

static bool
is_common(const struct names *names, struct sv folded)
{
    const struct redact_words *list = &names->policy->common;
    for (size_t i = 0; i < list->count; i++)
        if (sv_eq_nocase(list->list[i], folded))
            return true;
    return false;
}

static bool
all_digits(struct sv text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return true;
}

static void
add_joined(struct names *names, struct sv first, struct sv rest, struct phrase like)
{
    like.joined = arena_printf(&names->arena, SV_FMT SV_FMT, SV_ARG(first), SV_ARG(rest));
    like.capital = false;
    if (like.joined.len >= JOINED_LEAST)
        phrase_add(names, like, 1);
}

/* "ito", "anaito", "aito": of a name with blanks or dots, whose parts are a person's. */
static void
add_parts(struct names *names, const struct fold_word *words, size_t count, struct phrase like)
{
    struct sv all = SV("");
    for (size_t i = 0; i < count; i++) {
        struct sv part = words[i].folded;
        all = arena_printf(&names->arena, SV_FMT SV_FMT, SV_ARG(all), SV_ARG(part));
        if (utf8_count(part) < PART_LEAST || all_digits(part) ||
            identity_find(names, REDACT_SERVICE, part) != NULL ||
            names_keeps(names, REDACT_PERSON, part))
            continue;
        like.joined = part;
        like.capital = is_common(names, part);
        phrase_add(names, like, 1);
    }
    struct sv first = words[0].folded;
    add_joined(names, all, SV(""), like);
    add_joined(names, sv_slice(first, 0, utf8_length(first)), words[count - 1].folded, like);
}

static void
add_person(struct names *names, struct identity *identity, struct sv name, enum name_origin origin)
{
    size_t count;
    struct fold_word *words = fold_words(&names->arena, name, &count);
    bool parted =
        count > 1 && (sv_find_char(name, ' ') != SIZE_MAX || sv_find_char(name, '.') != SIZE_MAX);
    if (count == 0 || count > PHRASE_WORDS)
        return;
    bool single = count == 1;
    struct phrase phrase = {.joined = fold_joined(&names->arena, words, count),
                            .identity = identity,
                            .kind = REDACT_PERSON,
                            .capital = single && (origin == NAME_OF_PATTERN ||
                                                  utf8_count(words[0].folded) < PART_LEAST ||
                                                  is_common(names, words[0].folded))};
    if (utf8_count(phrase.joined) >= 2)
        phrase_add(names, phrase, count);
    for (size_t i = 0; i < count; i++)
        if (words[i].dense && utf8_count(words[i].folded) >= 2)
            phrase_add_dense(names, words[i].folded, identity);
    if (parted)
        add_parts(names, words, count, phrase);
}

static bool
has_mark(struct sv text)
{
    for (size_t i = 0; i < text.len; i++)
        if (strchr("0123456789-_.", text.ptr[i]) != NULL)
            return true;
    return false;
}

/* Found as it is written, but for case; a host also without its domain, a file without folders. */
static void
add_exact(struct names *names, struct identity *identity, struct sv name)
{
    size_t count;
    struct fold_word *words = fold_words(&names->arena, name, &count);
    bool loose = identity->kind == REDACT_CUSTOMER || identity->kind == REDACT_WORD;
    if (count == 0)
        return;
    count = count > PHRASE_WORDS ? PHRASE_WORDS : count;
    struct phrase phrase = {.joined = fold_joined(&names->arena, words, count),
                            .identity = identity,
                            .kind = identity->kind};
    if (!loose)
        phrase.exact = fold_text(&names->arena, sv_slice(name, words[0].from, words[count - 1].to));
    phrase.sigil = identity->kind == REDACT_CHANNEL && !(has_mark(name) && name.len > PART_LEAST);
    if (identity->kind == REDACT_HOST && !has_mark(name) && name.len < HOST_LEAST)
        return;
    phrase_add(names, phrase, count);
    for (size_t i = 0; i < count; i++)
        if (words[i].dense && loose)
            phrase_add_dense(names, words[i].folded, identity);
}

static void
add_shorter(struct names *names, struct identity *identity, struct sv name)
{
    size_t at = SIZE_MAX;
    if (identity->kind == REDACT_HOST) {
        at = sv_find_char(name, '.');
        struct sv label = at == SIZE_MAX ? SV_NONE : sv_slice(name, 0, at);
        if (label.len >= PART_LEAST && has_mark(label) && !all_digits(label))
            add_exact(names, identity, label);
    } else if (identity->kind == REDACT_FILE) {
        for (size_t i = 0; i < name.len; i++)
            at = name.ptr[i] == '/' || name.ptr[i] == '!' ? i : at;
        struct sv base = at == SIZE_MAX ? SV_NONE : sv_slice(name, at + 1, name.len);
        if (base.len > PART_LEAST && has_mark(base))
            add_exact(names, identity, base);
    }
}

void
names_add(struct names *names, enum redact_kind kind, struct sv name, struct sv role,
          enum name_origin origin)
{
    name = identity_called(kind, name);
    bool service = kind != REDACT_SERVICE && names_is_service(names, name);
    if (sv_empty(name) || names_keeps(names, kind, name) ||
        (origin != NAME_OF_POLICY && (service || pseudonym_is_one(names, name))))
        return;
    struct identity *identity = names_identity(names, kind, name);
    if (identity->role.ptr == NULL && !sv_empty(role))
        identity->role = arena_copy(&names->arena, role);
    int sure = origin == NAME_OF_PATTERN ? 1 : 2;
    if (identity->added >= sure)
        return;
    identity->added = sure;
    if (kind == REDACT_PERSON)
        add_person(names, identity, name, origin);
    else if (kind != REDACT_SERVICE || names->policy->show[kind] != SHOW_KEPT)
        add_exact(names, identity, name);
    add_shorter(names, identity, name);
}

void
names_add_alias(struct names *names, struct sv name, struct sv alias)
{
    name = identity_called(REDACT_PERSON, name);
    alias = identity_called(REDACT_PERSON, alias);
    if (sv_empty(name) || sv_empty(alias) || names_keeps(names, REDACT_PERSON, alias) ||
        names_is_service(names, alias) || pseudonym_is_one(names, alias))
        return;
    add_person(names, names_identity(names, REDACT_PERSON, name), alias, NAME_OF_DATA);
}

void
names_add_role(struct names *names, struct sv role)
{
    for (size_t i = 0; i < names->role_count; i++)
        if (sv_eq(names->roles[i], role))
            return;
    if (sv_empty(role))
        return;
    names->roles =
        memory_grow(names->roles, &names->role_room, names->role_count + 1, sizeof(*names->roles));
    names->roles[names->role_count++] = arena_copy(&names->arena, role);
}

/* ---- finding ---- */

/* Nothing but words and what joins the parts of a name. */
static bool
is_plain(struct sv text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < 0x80 && strchr("<>()@:/|,;\"[]{}=+", text.ptr[i]) != NULL)
            return false;
    return true;
}

struct identity *
names_whole(struct names *names, struct sv text)
{
    static const enum redact_kind kinds[] = {REDACT_PERSON, REDACT_HOST, REDACT_CHANNEL,
                                             REDACT_FILE};
    size_t count;
    text = sv_trim(text);
    if (names_is_service(names, text))
        return NULL;
    const struct fold_word *words = fold_words(&names->scratch, text, &count);
    if (count == 0 || words[0].from > 0 || words[count - 1].to < text.len)
        return NULL; /* more than a name */
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct identity *identity =
            identity_find(names, kinds[i], identity_key(names, kinds[i], text));
        if (identity != NULL && names->policy->show[kinds[i]] != SHOW_KEPT &&
            (is_plain(text) || sv_eq(text, identity->text)))
            return identity;
    }
    return NULL;
}

void
names_add_rest(struct names *names, struct sv name)
{
    size_t count, length;
    enum redact_kind kind = REDACT_KINDS;
    struct identity *identity = NULL;
    struct arena scratch;
    arena_init(&scratch, 0);
    const struct fold_word *words = fold_words(&scratch, name, &count);
    for (size_t at = 0; at<count; at += length> 0 ? length : 1) {
        length = names_at(names, name, words, count, at, &scratch, &kind, &identity);
        bool known = length > 0 && kind == REDACT_PERSON && identity != NULL;
        for (size_t i = at + length; known && i < count; i++) {
            struct sv part = words[i].folded;
            if (utf8_count(part) >= PART_LEAST && !names_is_service(names, part) &&
                !names_keeps(names, REDACT_PERSON, part))
                phrase_add(names,
                           (struct phrase){.joined = arena_copy(&names->arena, part),
                                           .identity = identity,
                                           .kind = REDACT_PERSON,
                                           .capital = true},
                           1);
        }
        if (known)
            break;
    }
    arena_release(&scratch);
}
