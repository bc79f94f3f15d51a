/*
 * Variables of templates: see variables.h.
 */
#include "report/variables.h"

#include "report/section/sources.h"

/* ---- what they stand for ---- */

static void
say_number(struct draft *draft)
{
    if (sv_empty(draft->context->number))
        document_words(draft->document, "an incident without a number");
    else
        document_text(draft->document, draft->context->number);
}

static void
say_title(struct draft *draft)
{
    if (sv_empty(draft->incident->title))
        document_words(draft->document, "incident without a title");
    else
        document_text(draft->document, draft->incident->title);
}

static void
say_incident(struct draft *draft)
{
    if (!sv_empty(draft->context->number)) {
        document_text(draft->document, draft->context->number);
        document_words(draft->document, ": ");
    }
    say_title(draft);
}

static void
say_entries(struct draft *draft)
{
    document_wordsf(draft->document, "%zu", draft->incident->entry_count);
}

static void
say_records(struct draft *draft)
{
    document_wordsf(draft->document, "%lld", (long long)draft->incident->record_count);
}

static void
say_sources(struct draft *draft)
{
    sources_say(draft, true);
}

static void
say_missing(struct draft *draft)
{
    sources_say(draft, false);
}

static void
say_zone(struct draft *draft)
{
    if (draft->second_zone)
        document_text(draft->document, draft->context->time_zone);
    else
        document_words(draft->document, "UTC");
}

static void
say_tz(struct draft *draft)
{
    if (sv_empty(draft->context->tz_version))
        document_words(draft->document, "unknown");
    else
        document_text(draft->document, draft->context->tz_version);
}

static void
say_digest(struct draft *draft)
{
    if (sv_empty(draft->context->digest_hex))
        document_words(draft->document, "unknown");
    else
        document_text(draft->document, draft->context->digest_hex);
}

/* ---- finding them ---- */

static const struct {
    const char *name;
    void (*say)(struct draft *draft);
} variables[] = {
#define VARIABLE(name, meaning) {#name, say_##name},
#include "report/variables.def"
#undef VARIABLE
};

#define VARIABLES (sizeof(variables) / sizeof(variables[0]))

static size_t
find(struct sv name)
{
    size_t i = 0;
    while (i < VARIABLES && !sv_eq(name, sv_from(variables[i].name)))
        i++;
    return i;
}

bool
variable_exists(struct sv name)
{
    return find(name) < VARIABLES;
}

void
variable_say(struct draft *draft, struct sv name)
{
    size_t i = find(name);
    if (i < VARIABLES)
        variables[i].say(draft);
}

const char *
variable_names(void)
{
    static const char names[] =
#define VARIABLE(name, meaning) " {" #name "}"
#include "report/variables.def"
#undef VARIABLE
        ;
    return names + 1;
}

bool
variable_next(struct sv *rest, struct sv *ret_words, struct sv *ret_name)
{
    *ret_name = SV_NONE;
    if (rest->len == 0)
        return false;
    size_t open = sv_find_char(*rest, '{');
    size_t end = open == SIZE_MAX ? rest->len : open;
    if (open != SIZE_MAX && open + 1 < rest->len && rest->ptr[open + 1] == '{') {
        *ret_words = sv_slice(*rest, 0, open + 1); /* with one of the two */
        *rest = sv_slice(*rest, open + 2, rest->len);
        return true;
    }
    *ret_words = sv_slice(*rest, 0, end);
    if (open == SIZE_MAX) {
        *rest = SV_NONE;
        return true;
    }
    struct sv name = sv_slice(*rest, open + 1, rest->len);
    size_t close = sv_find_char(name, '}');
    *ret_name = close == SIZE_MAX ? sv_slice(*rest, open, rest->len) : sv_slice(name, 0, close);
    if (ret_name->len == 0)
        *ret_name = SV("{}");
    *rest = close == SIZE_MAX ? SV_NONE : sv_slice(name, close + 1, name.len);
    return true;
}
