/*
 * Names of kinds: see kinds.h.
 */
#include "report/redact/kinds.h"

static const struct redact_kind_info infos[] = {
#define REDACT_KIND(name, section, label, many) {section, label, many},
#include "report/redact/kinds.def"
};

static const char *const singles[] = {
#define REDACT_KIND(name, section, label, many) #name,
#include "report/redact/kinds.def"
};

const struct redact_kind_info *
redact_kind_info(enum redact_kind kind)
{
    return &infos[kind];
}

enum redact_kind
redact_kind_find(struct sv word)
{
    for (enum redact_kind kind = 0; kind < REDACT_KINDS; kind++)
        if (sv_eq(word, sv_from(infos[kind].word)) || sv_eq_nocase(word, sv_from(singles[kind])))
            return kind;
    return REDACT_KINDS;
}

bool
redact_kind_is_numbered(enum redact_kind kind)
{
    struct sv label = sv_from(infos[kind].label);
    return sv_ends(label, SV(" ")) || sv_ends(label, SV("-"));
}
