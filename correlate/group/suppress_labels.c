/*
 * Labels of alerts, and matchers over them: see suppress.h.
 */
#include <jansson.h>

#include "base/arena.h"
#include "correlate/group/suppress.h"

void
suppress_labels_open(struct arena *arena, const struct event *event,
                     struct suppress_labels *ret_labels)
{
    json_t *attributes = event->attributes.len == 0
                             ? NULL
                             : json_loadb(event->attributes.ptr, event->attributes.len, 0, NULL);
    *ret_labels = (struct suppress_labels){arena, event, attributes};
}

void
suppress_labels_close(struct suppress_labels *labels)
{
    json_decref(labels->attributes);
    labels->attributes = NULL;
}

/* What an alert is told by, whoever told it. */
static bool
own_label(const struct event *event, struct sv name, struct sv *ret_value)
{
    const struct {
        struct sv name, value;
    } own[] = {{SV("name"), event->title},
               {SV("service"), event->service},
               {SV("host"), event->host},
               {SV("environment"), event->environment},
               {SV("severity"), sv_from(severity_band(event->severity))},
               {SV("source"), event->source},
               {SV("format"), event->format},
               {SV("fingerprint"), event->fingerprint}};
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (sv_eq(name, own[i].name)) {
            *ret_value = own[i].value;
            return true;
        }
    return false;
}

static struct sv
member(const struct suppress_labels *labels, const json_t *object, struct sv name)
{
    const json_t *value = json_object_getn(object, name.ptr, name.len);
    if (json_is_string(value))
        return sv_of(json_string_value(value), json_string_length(value));
    if (json_is_integer(value))
        return arena_printf(labels->arena, "%lld", (long long)json_integer_value(value));
    return json_is_boolean(value) ? json_is_true(value) ? SV("true") : SV("false") : SV("");
}

struct sv
suppress_label(const struct suppress_labels *labels, struct sv name)
{
    struct sv value = SV("");
    if (own_label(labels->event, name, &value))
        return value;
    value = member(labels, json_object_get(labels->attributes, "labels"), name);
    return value.len > 0 ? value : member(labels, labels->attributes, name);
}

/* "*" stands for any text, none included. */
static bool
fits(struct sv text, struct sv pattern)
{
    size_t star = sv_find_char(pattern, '*');
    if (star == SIZE_MAX)
        return sv_eq(text, pattern);
    if (!sv_starts(text, sv_slice(pattern, 0, star)))
        return false;
    text = sv_slice(text, star, text.len);
    for (pattern = sv_slice(pattern, star + 1, pattern.len);;) {
        size_t next = sv_find_char(pattern, '*');
        if (next == SIZE_MAX)
            return pattern.len == 0 || sv_ends(text, pattern);
        size_t at = sv_find(text, sv_slice(pattern, 0, next));
        if (next > 0 && at == SIZE_MAX)
            return false;
        text = sv_slice(text, next > 0 ? at + next : 0, text.len);
        pattern = sv_slice(pattern, next + 1, pattern.len);
    }
}

bool
suppress_matches(const struct suppress_side *side, const struct suppress_labels *labels)
{
    for (size_t i = 0; i < side->count; i++) {
        const struct suppress_matcher *matcher = &side->matchers[i];
        if (fits(suppress_label(labels, matcher->label), matcher->value) == matcher->differs)
            return false;
    }
    return true;
}
