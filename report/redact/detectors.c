/*
 * Reading and running detectors: see detectors.h.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "base/embedded.h"
#include "base/memory.h"
#include "report/redact/checks.h"
#include "report/redact/detectors.h"

#define MATCH_LIMIT 1000000 /* steps of one search; what needs more is found by no detector */

struct detector {
    enum redact_kind kind;
    redact_check *check; /* NULL: none */
    pcre2_code *code;
};

struct detectors {
    struct detector *list;
    size_t count, room;
    pcre2_match_data *data;
    pcre2_match_context *limits;
};

static int
compile(struct detectors *detectors, struct sv kind, struct sv check, struct sv pattern,
        struct err *err)
{
    int code;
    PCRE2_SIZE at;
    struct detector detector = {.kind = redact_kind_find(kind)};
    if (detector.kind == REDACT_KINDS)
        return err_set(err, ERR_CONFIG, "no kind '" SV_FMT "'", SV_ARG(kind));
    if (!redact_check_find(check, &detector.check))
        return err_set(err, ERR_CONFIG, "no check '" SV_FMT "'", SV_ARG(check));
    detector.code =
        pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len,
                      PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);
    if (detector.code == NULL) {
        char words[128] = "";
        pcre2_get_error_message(code, (PCRE2_UCHAR *)words, sizeof(words));
        return err_set(err, ERR_CONFIG, "column %zu of the pattern: %s", at + 1, words);
    }
    (void)pcre2_jit_compile(detector.code, PCRE2_JIT_COMPLETE);
    detectors->list = memory_grow(detectors->list, &detectors->room, detectors->count + 1,
                                  sizeof(*detectors->list));
    detectors->list[detectors->count++] = detector;
    return 0;
}

/* Examples and comments are for tests and readers. */
static bool
is_detector(struct sv line)
{
    return line.len > 0 && line.ptr[0] != '#' && line.ptr[0] != '+' && line.ptr[0] != '-';
}

static int
read_all(struct detectors *detectors, struct sv text, const char *name, struct err *err)
{
    struct sv line, kind, check;
    for (int number = 1; sv_split(&text, '\n', &line); number++) {
        if (!is_detector(line))
            continue;
        if (!sv_split(&line, '\t', &kind) || !sv_split(&line, '\t', &check) || sv_empty(line))
            return err_set(err, ERR_CONFIG, "%s:%d: a detector has three columns", name, number);
        if (compile(detectors, kind, check, line, err) != 0)
            return err_prefix(err, "%s:%d", name, number);
    }
    return 0;
}

int
detectors_new(struct sv text, const char *name, struct detectors **ret_detectors, struct err *err)
{
    struct detectors *detectors = memory_calloc(1, sizeof(*detectors));
    detectors->data = pcre2_match_data_create(2, NULL);
    detectors->limits = pcre2_match_context_create(NULL);
    memory_need(detectors->data);
    memory_need(detectors->limits);
    pcre2_set_match_limit(detectors->limits, MATCH_LIMIT);
    if (read_all(detectors, text, name, err) != 0) {
        detectors_free(detectors);
        return -1;
    }
    *ret_detectors = detectors;
    return 0;
}

int
detectors_built_in(struct detectors **ret_detectors, struct err *err)
{
    const struct embedded_file *file = embedded_find(embedded_redaction, "detectors.tsv");
    if (file == NULL)
        return err_set(err, ERR_INTERNAL, "the detectors are not in the program");
    return detectors_new(sv_of(file->text, file->size), "detectors.tsv", ret_detectors, err);
}

void
detectors_free(struct detectors *detectors)
{
    if (detectors == NULL)
        return;
    for (size_t i = 0; i < detectors->count; i++)
        pcre2_code_free(detectors->list[i].code);
    free(detectors->list);
    pcre2_match_data_free(detectors->data);
    pcre2_match_context_free(detectors->limits);
    free(detectors);
}

size_t
detectors_count(const struct detectors *detectors)
{
    return detectors->count;
}

enum redact_kind
detectors_kind(const struct detectors *detectors, size_t at)
{
    return detectors->list[at].kind;
}

/* The first group where it took part, else the whole. False: empty. */
static bool
found_part(const PCRE2_SIZE *ends, int groups, size_t *ret_from, size_t *ret_to)
{
    bool grouped = groups > 1 && ends[2] != PCRE2_UNSET;
    *ret_from = grouped ? ends[2] : ends[0];
    *ret_to = grouped ? ends[3] : ends[1];
    return *ret_to > *ret_from;
}

bool
detectors_next(struct detectors *detectors, size_t at, struct sv text, size_t from,
               size_t *ret_from, size_t *ret_to, size_t *ret_next)
{
    const struct detector *detector = &detectors->list[at];
    while (from < text.len) {
        int groups =
            pcre2_match(detector->code, (PCRE2_SPTR)text.ptr, text.len, from,
                        PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY, detectors->data, detectors->limits);
        if (groups < 0)
            return false;
        const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(detectors->data);
        if (found_part(ends, groups == 0 ? 2 : groups, ret_from, ret_to) &&
            (detector->check == NULL || detector->check(sv_slice(text, *ret_from, *ret_to)))) {
            *ret_next = *ret_to;
            return true;
        }
        from = ends[1] > from ? ends[1] : from + 1;
        while (from < text.len && ((unsigned char)text.ptr[from] & 0xC0) == 0x80)
            from++;
    }
    return false;
}
