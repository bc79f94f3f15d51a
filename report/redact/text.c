/*
 * Redacting a text: see text.h. All that is found is put into one list (spans.h), what overlaps
 * becomes one, and the text is written anew.
 */
#include "report/redact/text.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/strbuf.h"
#include "base/text/utf8.h"
#include "report/redact/pseudonym.h"
#include "report/redact/unescape.h"

#define PASSES_MAX 5 /* what still changes then is removed as a whole */

int
redaction_new(const struct redact_policy *policy, struct redaction **ret_redaction, struct err *err)
{
    struct detectors *detectors;
    if (detectors_built_in(&detectors, err) != 0)
        return -1;
    struct redaction *redaction = memory_calloc(1, sizeof(*redaction));
    redaction->policy = policy;
    redaction->detectors = detectors;
    names_init(&redaction->names, policy);
    arena_init(&redaction->arena, 0);
    arena_init(&redaction->scratch, 0);
    *ret_redaction = redaction;
    return 0;
}

void
redaction_free(struct redaction *redaction)
{
    if (redaction == NULL)
        return;
    detectors_free(redaction->detectors);
    names_release(&redaction->names);
    arena_release(&redaction->arena);
    arena_release(&redaction->scratch);
    free(redaction->spans.list);
    free(redaction);
}

/* ---- finding ---- */

static bool
is_kept(const struct redaction *redaction, enum redact_kind kind, struct sv part)
{
    const struct names *names = &redaction->names;
    if (kind < REDACT_DOUBTS && redaction->policy->show[kind] == SHOW_KEPT)
        return true;
    return names_keeps(names, kind, part);
}

/* "db-1" of "https://ana@db-1:443/x" */
static struct sv
host_of(struct sv url)
{
    size_t at = sv_find(url, SV("://")), end = 0;
    struct sv rest = at == SIZE_MAX ? url : sv_slice(url, at + 3, url.len);
    while (end < rest.len && strchr("/?#", rest.ptr[end]) == NULL)
        end++;
    rest = sv_slice(rest, 0, end);
    at = sv_find_char(rest, '@');
    rest = at == SIZE_MAX ? rest : sv_slice(rest, at + 1, rest.len);
    return sv_slice(rest, 0, sv_find_char(rest, ':'));
}

static void find_names(struct redaction *redaction, struct sv text);

/* What is found in an address beside itself and its host, also behind its escapes. */
static bool
link_is_clean(struct redaction *redaction, struct sv url)
{
    size_t before = redaction->spans.count;
    struct sv plain = unescape_percent(&redaction->scratch, url);
    size_t from, to, next;
    bool clean = utf8_valid(plain);
    for (size_t i = 0; i < detectors_count(redaction->detectors) && clean; i++) {
        enum redact_kind kind = detectors_kind(redaction->detectors, i);
        if (kind == REDACT_LINK || kind == REDACT_HOST || kind >= REDACT_NAME)
            continue;
        clean = !detectors_next(redaction->detectors, i, plain, 0, &from, &to, &next);
    }
    if (clean)
        find_names(redaction, plain);
    clean = clean && redaction->spans.count == before;
    redaction->spans.count = before;
    return clean;
}

static bool
link_is_kept(struct redaction *redaction, struct sv url)
{
    const struct names *names = &redaction->names;
    bool listed = names_keeps(names, REDACT_LINK, host_of(url));
    return (listed || redaction->policy->show[REDACT_LINK] == SHOW_KEPT) &&
           link_is_clean(redaction, url);
}

static void
find_by_detector(struct redaction *redaction, struct sv text, size_t at)
{
    enum redact_kind kind = detectors_kind(redaction->detectors, at);
    size_t from, to, next = 0;
    while (detectors_next(redaction->detectors, at, text, next, &from, &to, &next)) {
        struct found found = {
            .from = from, .to = to, .kind = kind, .name = sv_slice(text, from, to)};
        if (kind == REDACT_LINK)
            found.shield = link_is_kept(redaction, found.name);
        else if (is_kept(redaction, kind, found.name))
            continue;
        span_add(&redaction->spans, found);
    }
}

static void
find_dense(struct redaction *redaction, struct sv text)
{
    const struct names *names = &redaction->names;
    struct sv folded = names->dense_count == 0 ? SV_NONE : fold_text(&redaction->scratch, text);
    for (size_t i = 0; i < names->dense_count; i++) {
        struct sv name = names->dense[i];
        for (size_t at = 0, step;
             (step = sv_find(sv_slice(folded, at, folded.len), name)) != SIZE_MAX;
             at += step + name.len)
            span_add(&redaction->spans, (struct found){.from = at + step,
                                                       .to = at + step + name.len,
                                                       .kind = names->dense_of[i]->kind,
                                                       .identity = names->dense_of[i]});
    }
}

static void
find_names(struct redaction *redaction, struct sv text)
{
    size_t count, length;
    struct fold_word *words = fold_words(&redaction->scratch, text, &count);
    for (size_t at = 0; at<count; at += length> 0 ? length : 1) {
        struct found found = {.from = words[at].from};
        length = names_at(&redaction->names, text, words, count, at, &redaction->scratch,
                          &found.kind, &found.identity);
        if (length == 0)
            continue;
        found.to = words[at + length - 1].to;
        found.several = found.identity == NULL;
        span_add(&redaction->spans, found);
    }
    find_dense(redaction, text);
}

static void
find_shields(struct redaction *redaction, struct sv text)
{
    for (size_t at = 0; at < text.len;) {
        size_t length = pseudonym_at(&redaction->names, text, at);
        if (length > 0)
            span_add(&redaction->spans,
                     (struct found){.from = at, .to = at + length, .shield = true});
        at += length > 0 ? length : 1;
    }
}

static void
find_all(struct redaction *redaction, struct sv text)
{
    redaction->spans.count = 0;
    find_shields(redaction, text);
    for (size_t i = 0; i < detectors_count(redaction->detectors); i++)
        find_by_detector(redaction, text, i);
    find_names(redaction, text);
}

/* ---- one list ---- */

static void
note_doubt(struct redaction *redaction, const struct found *found)
{
    struct identity *identity = names_identity(&redaction->names, found->kind, found->name);
    if (identity->shown.ptr != NULL)
        return;
    identity->shown = identity->text; /* left as it is, and told once */
    if (redaction->doubtful_count < REDACT_DOUBTFUL_MAX)
        redaction->doubtful[redaction->doubtful_count] =
            (struct doubtful){found->kind, identity->text};
    redaction->doubtful_count++;
}

/* Takes out what is shielded, and what is only doubtful and stays. */
static void
sift(struct redaction *redaction)
{
    struct span_list *spans = &redaction->spans;
    size_t kept = 0;
    for (size_t i = 0; i < spans->count; i++) {
        struct found *found = &spans->list[i];
        bool stays =
            found->kind >= REDACT_DOUBTS && redaction->policy->show[found->kind] == SHOW_KEPT;
        bool shielded = found->shield || spans_shield(spans, found);
        if (found->kind == REDACT_NAME && !shielded)
            spans_complete_name(spans, found);
        if (stays && !shielded && !spans_meet(spans, redaction->policy, found))
            note_doubt(redaction, found);
        found->drop = stays || shielded;
    }
    for (size_t i = 0; i < spans->count; i++)
        if (!spans->list[i].drop)
            spans->list[kept++] = spans->list[i];
    spans->count = kept;
}

/* ---- writing ---- */

static struct sv
shown(struct redaction *redaction, const struct found *found)
{
    enum redact_kind kind = found->kind == REDACT_NAME      ? REDACT_PERSON
                            : found->kind == REDACT_MACHINE ? REDACT_HOST
                                                            : found->kind;
    if (found->several)
        return SV(NAMES_SEVERAL);
    if (found->identity != NULL)
        return names_shown(&redaction->names, found->identity);
    return names_shown(&redaction->names, names_identity(&redaction->names, kind, found->name));
}

/* With what was found replaced, in the scratch arena; the text itself where that is nothing. */
static struct sv
write_anew(struct redaction *redaction, struct sv text)
{
    struct strbuf out;
    size_t at = 0;
    if (redaction->spans.count == 0)
        return text;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < redaction->spans.count; i++) {
        const struct found *found = &redaction->spans.list[i];
        strbuf_add_sv(&out, sv_slice(text, at, found->from));
        strbuf_add_sv(&out, shown(redaction, found));
        at = found->to;
    }
    strbuf_add_sv(&out, sv_slice(text, at, text.len));
    struct sv result = arena_copy(&redaction->scratch, strbuf_view(&out));
    strbuf_release(&out);
    return result;
}

/* As it is compared: UTF-8, and characters instead of JSON's escapes for them. */
static struct sv
plain(struct redaction *redaction, struct sv text)
{
    struct arena *scratch = &redaction->scratch;
    return utf8_repair(scratch, unescape_unicode(scratch, utf8_repair(scratch, text)));
}

static struct sv
pass(struct redaction *redaction, struct sv text)
{
    text = plain(redaction, text);
    if (pseudonym_is_one(&redaction->names, sv_trim(text)))
        return text;
    struct identity *whole = names_whole(&redaction->names, text);
    if (whole != NULL)
        return names_shown(&redaction->names, whole);
    find_all(redaction, text);
    sift(redaction);
    spans_join(&redaction->spans);
    return write_anew(redaction, text);
}

/* Until nothing changes any more. */
static struct sv
redact_anew(struct redaction *redaction, struct sv text)
{
    int passes = 0;
    arena_reset(&redaction->scratch);
    struct sv now = text, before;
    do {
        before = now;
        now = pass(redaction, before);
    } while (!sv_eq(now, before) && ++passes < PASSES_MAX);
    return sv_eq(now, before) ? arena_copy(&redaction->arena, now) : SV("[removed]");
}

static struct remembered *
place_of(struct redaction *redaction, struct sv text)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 16777619u;
    return &redaction->remembered[(hash ^ hash >> 16) % REDACT_REMEMBERED];
}

struct sv
redact_text(struct redaction *redaction, struct sv text)
{
    if (sv_empty(text))
        return text;
    struct remembered *remembered = place_of(redaction, text);
    if (!sv_eq(remembered->text, text)) {
        remembered->text = arena_copy(&redaction->arena, text);
        remembered->redacted = redact_anew(redaction, remembered->text);
    }
    return remembered->redacted;
}

struct sv
redact_link(struct redaction *redaction, struct sv url)
{
    arena_reset(&redaction->scratch);
    redaction->spans.count = 0;
    if (sv_empty(url) || !utf8_storable(url))
        return SV_NONE;
    if (link_is_kept(redaction, url))
        return arena_copy(&redaction->arena, url);
    (void)names_shown(&redaction->names, names_identity(&redaction->names, REDACT_LINK, url));
    return SV_NONE;
}

struct sv
redact_name(struct redaction *redaction, enum redact_kind kind, struct sv name)
{
    struct names *names = &redaction->names;
    if (sv_empty(name))
        return name;
    arena_reset(&redaction->scratch);
    name = utf8_repair(&redaction->scratch, name);
    if (redaction->policy->show[kind] == SHOW_KEPT || names_keeps(names, kind, name) ||
        names_is_service(names, name) || pseudonym_is_one(names, name))
        return redact_text(redaction, arena_copy(&redaction->arena, name));
    return names_shown(names, names_identity(names, kind, name));
}

static void
learn_one(struct redaction *redaction, enum redact_kind kind, struct sv name)
{
    if (kind == REDACT_NAME)
        names_add_rest(&redaction->names, name);
    else if (!is_kept(redaction, kind, name))
        names_add(&redaction->names, kind, name, SV_NONE, NAME_OF_PATTERN);
}

void
redact_learn(struct redaction *redaction, struct sv text)
{
    size_t from, to, next;
    arena_reset(&redaction->scratch);
    text = plain(redaction, text);
    for (size_t i = 0; i < detectors_count(redaction->detectors); i++) {
        enum redact_kind kind = detectors_kind(redaction->detectors, i);
        if (kind != REDACT_PERSON && kind != REDACT_HOST && kind != REDACT_NAME)
            continue;
        next = 0;
        while (detectors_next(redaction->detectors, i, text, next, &from, &to, &next))
            learn_one(redaction, kind, sv_slice(text, from, to));
    }
}
