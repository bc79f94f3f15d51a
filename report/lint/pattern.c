/*
 * Patterns: see pattern.h.
 */
#include "report/lint/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "base/memory.h"

#define REASON_TEXT 160

struct pattern {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *limits;
};

void
pattern_free(struct pattern *pattern)
{
    if (pattern == NULL)
        return;
    pcre2_code_free(pattern->code);
    pcre2_match_data_free(pattern->data);
    pcre2_match_context_free(pattern->limits);
    free(pattern);
}

static int
compile(struct pattern *pattern, struct sv text, struct err *err)
{
    int number;
    PCRE2_SIZE at;
    PCRE2_UCHAR8 reason[REASON_TEXT];
    pattern->code = pcre2_compile_8(
        (PCRE2_SPTR8)text.ptr, text.len,
        PCRE2_CASELESS | PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, &number, &at, NULL);
    if (pattern->code != NULL)
        return 0;
    if (pcre2_get_error_message_8(number, reason, sizeof(reason)) < 0)
        reason[0] = '\0';
    struct sv before = sv_slice(text, at < 30 ? 0 : at - 30, at);
    return err_set(err, ERR_CONFIG, "not a pattern: %s, behind '" SV_FMT "'", (const char *)reason,
                   SV_ARG(before));
}

int
pattern_new(const struct lint_rules *rules, struct sv source, const struct sv *names,
            size_t name_count, struct pattern **ret_pattern, struct err *err)
{
    struct strbuf text;
    struct pattern *pattern = memory_calloc(1, sizeof(*pattern));
    strbuf_init(&text, LINT_RULES_BYTES_MAX);
    int status = rules_expand(rules, source, names, name_count, &text, err);
    if (status == 0)
        status = compile(pattern, strbuf_view(&text), err);
    strbuf_release(&text);
    if (status != 0) {
        pattern_free(pattern);
        return -1;
    }
    pattern->data = pcre2_match_data_create_8(1, NULL);
    pattern->limits = pcre2_match_context_create_8(NULL);
    memory_need(pattern->data);
    memory_need(pattern->limits);
    pcre2_set_match_limit_8(pattern->limits, LINT_MATCH_LIMIT);
    *ret_pattern = pattern;
    return 0;
}

/* Where the machine has no such compiler the pattern stays as it is. */
void
pattern_speed_up(struct pattern *pattern)
{
    (void)pcre2_jit_compile_8(pattern->code, PCRE2_JIT_COMPLETE);
}

static int
match(const struct pattern *pattern, struct sv text, size_t from, uint32_t options)
{
    return pcre2_match_8(pattern->code, (PCRE2_SPTR8)text.ptr, text.len, from,
                         PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY | options, pattern->data,
                         pattern->limits);
}

int
pattern_find(const struct pattern *pattern, struct sv text, size_t from, size_t *ret_from,
             size_t *ret_to, struct err *err)
{
    if (from > text.len)
        return 0;
    int found = match(pattern, text, from, 0);
    /* The compiled code has a small stack of its own; what is slower has none. */
    if (found == PCRE2_ERROR_JIT_STACKLIMIT)
        found = match(pattern, text, from, PCRE2_NO_JIT);
    if (found == PCRE2_ERROR_NOMATCH)
        return 0;
    if (found < 0)
        return err_set(err, ERR_LIMIT, "a pattern takes too long");
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer_8(pattern->data);
    if (ends[1] < ends[0])
        return 0; /* \K behind the end */
    *ret_from = ends[0];
    *ret_to = ends[1];
    return 1;
}
