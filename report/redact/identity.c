/*
 * Identities: see identity.h and names.h.
 */
#include "report/redact/identity.h"

#include "report/redact/pseudonym.h"

size_t
names_slot(struct sv text, size_t seed)
{
    size_t hash = 2166136261u + seed; /* FNV-1a */
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 16777619u;
    return (hash ^ hash >> 16) % NAMES_TABLE;
}

struct sv
identity_called(enum redact_kind kind, struct sv text)
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

struct sv
identity_key(struct names *names, enum redact_kind kind, struct sv text)
{
    size_t count;
    struct sv name = identity_called(kind, text);
    arena_reset(&names->scratch);
    if (kind == REDACT_SECRET)
        return name;
    if (kind != REDACT_PERSON && kind != REDACT_CUSTOMER && kind != REDACT_NAME)
        return fold_text(&names->scratch, name);
    struct fold_word *words = fold_words(&names->scratch, name, &count);
    return count == 0 ? name : fold_joined(&names->scratch, words, count);
}

struct identity *
identity_find(const struct names *names, enum redact_kind kind, struct sv key)
{
    struct identity *identity = names->identities[names_slot(key, kind)];
    while (identity != NULL && (identity->kind != kind || !sv_eq(identity->key, key)))
        identity = identity->next;
    return identity;
}

struct identity *
names_identity(struct names *names, enum redact_kind kind, struct sv text)
{
    struct sv key = identity_key(names, kind, text);
    struct identity *identity = identity_find(names, kind, key);
    if (identity != NULL)
        return identity;
    struct identity **slot = &names->identities[names_slot(key, kind)];
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
    text = identity_called(kind, text);
    for (size_t i = 0; i < list->count; i++)
        if (keeps(list->list[i], text))
            return true;
    return false;
}

bool
names_is_service(struct names *names, struct sv text)
{
    return identity_find(names, REDACT_SERVICE, identity_key(names, REDACT_SERVICE, text)) != NULL;
}
