/*
 * The closed lists of decisions, derived from decision.def. Pure; any thread.
 */
#include "hindcast/decision.h"

#include <stdlib.h>

#include "hindcast/event.h"

static const struct verb {
    const char *word, *meaning;
    enum decision_about about;
    enum decision_value value;
} verbs[] = {
    {"", "", ABOUT_INCIDENT, VALUE_NOTHING},
#define DECISION_VERB(name, word, about, value, meaning)                                           \
    {word, meaning, ABOUT_##about, VALUE_##value},
#include "hindcast/decision.def"
};

static const char *const states[] = {"applied", "overruled", "undone", "unmatched"};

const char *
decision_word(enum decision_verb verb)
{
    return verbs[verb].word;
}

const char *
decision_meaning(enum decision_verb verb)
{
    return verbs[verb].meaning;
}

enum decision_about
decision_about(enum decision_verb verb)
{
    return verbs[verb].about;
}

enum decision_value
decision_takes(enum decision_verb verb)
{
    return verbs[verb].value;
}

enum decision_verb
decision_read_word(struct sv word)
{
    for (int i = 1; i < DECISION_VERBS; i++)
        if (sv_eq(word, sv_from(verbs[i].word)))
            return (enum decision_verb)i;
    return DECISION_NONE;
}

const char *
decided_word(enum decided_state state)
{
    return states[state];
}

enum decided_state
decided_read_word(struct sv word)
{
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (sv_eq(word, sv_from(states[i])))
            return (enum decided_state)i;
    return DECIDED_UNMATCHED;
}

/* "SEV2", "sev 2", "sev-2", "P2", "S2": what teams count from 1 (some from 0) down to 5; 0: another
 * word. */
static int
level_severity(struct sv value)
{
    static const char *const names[] = {"sev", "p", "s"};
    static const int severities[] = {SEVERITY_FATAL, SEVERITY_FATAL, SEVERITY_ERROR,
                                     SEVERITY_WARN,  SEVERITY_INFO,  SEVERITY_DEBUG};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct sv name = sv_from(names[i]);
        if (!sv_starts_nocase(value, name))
            continue;
        struct sv level = sv_of(value.ptr + name.len, value.len - name.len);
        if (level.len == 2 && (level.ptr[0] == ' ' || level.ptr[0] == '-'))
            level = sv_of(level.ptr + 1, 1);
        if (level.len == 1 && level.ptr[0] >= '0' && level.ptr[0] <= '5')
            return severities[level.ptr[0] - '0'];
    }
    return 0;
}

int
decision_severity(struct sv value)
{
    static const struct {
        const char *word;
        int severity;
    } words[] = {{"critical", SEVERITY_FATAL},
                 {"error", SEVERITY_ERROR},
                 {"warning", SEVERITY_WARN},
                 {"info", SEVERITY_INFO},
                 {"debug", SEVERITY_DEBUG}};
    int number = level_severity(value);
    if (number != 0)
        return number;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sv_eq_nocase(value, sv_from(words[i].word)))
            return words[i].severity;
    for (size_t i = 0; i < value.len && value.len <= 2; i++)
        number = value.ptr[i] >= '0' && value.ptr[i] <= '9' ? number * 10 + value.ptr[i] - '0'
                                                            : SEVERITY_MAX + 1;
    return number >= SEVERITY_TRACE && number <= SEVERITY_MAX ? number : 0;
}

int
decision_order(const void *left, const void *right)
{
    const struct decision *a = left, *b = right;
    if (a->at_ns != b->at_ns)
        return a->at_ns < b->at_ns ? -1 : 1;
    return sv_cmp(a->id, b->id);
}
