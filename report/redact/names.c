/*
 * Identities and phrases: see names.h.
 */
#include "report/redact/names.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/text/utf8.h"
#include "report/redact/pseudonym.h"

#define PART_LEAST 3    /* characters of a part of a name that counts alone */
#define JOINED_LEAST 4  /* of "anaito", "aito" */
#define PHRASE_WORDS 24 /* longer names are found by their first words */
#define HOST_LEAST 4    /* of a host that is a plain word */

struct phrase {
    struct sv joined; /* folded words */
    struct sv exact;  /* folded text; absent: what stands between the words does not matter */
    struct identity *identity; /* NULL: several */
    enum redact_kind kind;
    bool capital; /* counts with a capital letter, or behind '@' */
    bool sigil;   /* counts behind '#', ':' or '@' */
    struct phrase *next;
};

static size_t
slot_of(struct sv text, size_t seed)
{
    size_t hash = 2166136261u + seed; /* FNV-1a */
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 16777619u;
    return (hash ^ hash >> 16) % NAMES_TABLE;
}

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

/* ---- identities ---- */

/* "Ana Ito <ana@x>" and "Ana Ito (she)" are "Ana Ito"; "ana.ito@x" is "ana.ito". */
static struct sv
called(enum redact_kind kind, struct sv text)
{
    text = sv_trim(text);
    if (kind != REDACT_PERSON && kind != REDACT_NAME)
        return text;
    while (text.len > 1 && (text.ptr[0] == '@' || text.ptr[0] == '<'))
        text = sv_slice(text, 1, text.len);
    for (size_t i = 1; i < text.len; i++)
        if (text.ptr[i] == '<' || text.ptr[i] == '(' || text.ptr[i] == '@')
            return sv_trim(sv_slice(text, 0, i));
    return text;
}

/* In the scratch arena, which is emptied. */
static struct sv
key_of(struct names *names, enum redact_kind kind, struct sv text)
{
    size_t count;
    struct sv name = called(kind, text);
    arena_reset(&names->scratch);
    if (kind == REDACT_SECRET)
        return name;
    if (kind != REDACT_PERSON && kind != REDACT_CUSTOMER && kind != REDACT_NAME)
        return fold_text(&names->scratch, name);
    struct fold_word *words = fold_words(&names->scratch, name, &count);
    return count == 0 ? name : fold_joined(&names->scratch, words, count);
}

static struct identity *
find(const struct names *names, enum redact_kind kind, struct sv key)
{
    struct identity *identity = names->identities[slot_of(key, kind)];
    while (identity != NULL && (identity->kind != kind || !sv_eq(identity->key, key)))
        identity = identity->next;
    return identity;
}

struct identity *
names_identity(struct names *names, enum redact_kind kind, struct sv text)
{
    struct sv key = key_of(names, kind, text);
    struct identity *identity = find(names, kind, key);
    if (identity != NULL)
        return identity;
    struct identity **slot = &names->identities[slot_of(key, kind)];
    identity = ARENA_NEW(&names->arena, struct identity);
    *identity = (struct identity){.kind = kind,
                                  .key = arena_copy(&names->arena, key),
                                  .text = arena_copy(&names->arena, text),
                                  .next = *slot};
    *slot = identity;
    return identity;
}

struct sv
names_shown(struct names *names, struct identity *identity)
{
    if (identity->shown.ptr == NULL) {
        identity->shown = pseudonym_make(names, identity);
        names->shown[identity->kind]++;
    }
    return identity->shown;
}

size_t
names_count(const struct names *names, enum redact_kind kind)
{
    return names->shown[kind];
}

/* ---- what is kept ---- */

/* "example.com" also keeps "api.example.com". */
static bool
keeps(struct sv kept, struct sv text)
{
    if (sv_eq_nocase(kept, text))
        return true;
    return sv_find_char(kept, '.') != SIZE_MAX && text.len > kept.len + 1 &&
           text.ptr[text.len - kept.len - 1] == '.' &&
           sv_eq_nocase(kept, sv_slice(text, text.len - kept.len, text.len));
}

bool
names_keeps(const struct names *names, enum redact_kind kind, struct sv text)
{
    enum redact_kind listed = kind == REDACT_NAME      ? REDACT_PERSON
                              : kind == REDACT_MACHINE ? REDACT_HOST
                              : kind >= REDACT_DOUBTS  ? REDACT_SECRET
                                                       : kind;
    const struct redact_words *list = &names->policy->keep[listed];
    text = called(kind, text);
    for (size_t i = 0; i < list->count; i++)
        if (keeps(list->list[i], text))
            return true;
    return false;
}

/* ---- phrases ---- */

static bool
is_common(const struct names *names, struct sv folded)
{
    const struct redact_words *list = &names->policy->common;
    for (size_t i = 0; i < list->count; i++)
        if (sv_eq_nocase(list->list[i], folded))
            return true;
    return false;
}

static void
add_dense(struct names *names, struct sv folded, struct identity *identity)
{
    names->dense = memory_grow(names->dense, &names->dense_room[0], names->dense_count + 1,
                               sizeof(*names->dense));
    names->dense_of = memory_grow(names->dense_of, &names->dense_room[1], names->dense_count + 1,
                                  sizeof(struct identity *));
    names->dense[names->dense_count] = folded;
    names->dense_of[names->dense_count++] = identity;
}

static struct sv
first_word(struct sv joined)
{
    return sv_slice(joined, 0, sv_find_char(joined, ' '));
}

/* Two people of one name are several; a stronger kind takes the place of a weaker one. */
static void
add_phrase(struct names *names, struct phrase phrase, size_t words)
{
    uint8_t *most = &names->most_words[slot_of(first_word(phrase.joined), 1)];
    *most = words > *most ? (uint8_t)words : *most;
    struct phrase **slot = &names->phrases[slot_of(phrase.joined, 0)];
    for (struct phrase *old = *slot; old != NULL; old = old->next) {
        if (!sv_eq(old->joined, phrase.joined) || !sv_eq(old->exact, phrase.exact))
            continue;
        if (old->kind == phrase.kind && old->identity != phrase.identity)
            old->identity = NULL;
        if (old->kind == phrase.kind)
            old->capital = old->capital && phrase.capital;
        if (phrase.kind < old->kind) {
            phrase.next = old->next;
            *old = phrase;
        }
        return;
    }
    struct phrase *made = ARENA_NEW(&names->arena, struct phrase);
    *made = phrase;
    made->next = *slot;
    *slot = made;
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
        add_phrase(names, like, 1);
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
            find(names, REDACT_SERVICE, part) != NULL || names_keeps(names, REDACT_PERSON, part))
            continue;
        like.joined = part;
        like.capital = is_common(names, part);
        add_phrase(names, like, 1);
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
        add_phrase(names, phrase, count);
    for (size_t i = 0; i < count; i++)
        if (words[i].dense && utf8_count(words[i].folded) >= 2)
            add_dense(names, words[i].folded, identity);
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
    add_phrase(names, phrase, count);
    for (size_t i = 0; i < count; i++)
        if (words[i].dense && loose)
            add_dense(names, words[i].folded, identity);
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
    name = called(kind, name);
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

bool
names_is_service(struct names *names, struct sv text)
{
    return find(names, REDACT_SERVICE, key_of(names, REDACT_SERVICE, text)) != NULL;
}

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
        struct identity *identity = find(names, kinds[i], key_of(names, kinds[i], text));
        if (identity != NULL && names->policy->show[kinds[i]] != SHOW_KEPT &&
            (is_plain(text) || sv_eq(text, identity->text)))
            return identity;
    }
    return NULL;
}

static bool
fits(const struct phrase *phrase, struct sv text, const struct fold_word *words, size_t at,
     size_t last, struct arena *scratch)
{
    char before = words[at].from == 0 ? '\0' : text.ptr[words[at].from - 1];
    if (phrase->capital && !words[at].capital && before != '@')
        return false;
    if (phrase->sigil && before != '#' && before != ':' && before != '@')
        return false;
    return phrase->exact.ptr == NULL ||
           sv_eq(phrase->exact, fold_text(scratch, sv_slice(text, words[at].from, words[last].to)));
}

size_t
names_at(const struct names *names, struct sv text, const struct fold_word *words, size_t count,
         size_t at, struct arena *scratch, enum redact_kind *ret_kind,
         struct identity **ret_identity)
{
    size_t most = names->most_words[slot_of(words[at].folded, 1)];
    most = count - at < most ? count - at : most;
    for (size_t length = most; length > 0; length--) {
        struct sv joined = fold_joined(scratch, words + at, length);
        const struct phrase *phrase = names->phrases[slot_of(joined, 0)];
        for (; phrase != NULL; phrase = phrase->next)
            if (sv_eq(phrase->joined, joined) && names->policy->show[phrase->kind] != SHOW_KEPT &&
                fits(phrase, text, words, at, at + length - 1, scratch)) {
                *ret_kind = phrase->kind;
                *ret_identity = phrase->identity;
                return length;
            }
    }
    return 0;
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
                add_phrase(names,
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
