/*
 * Wording: patterns in sentences, and how long these are. See run.h.
 */
#include "report/lint/pattern.h"
#include "report/lint/run.h"

#define WORDS_MOST 35 /* of a sentence */
#define LARGE_BYTES ((size_t)64 << 10)

/* The compiled rule, for one document. */
struct matcher {
    struct pattern *patterns[RULE_PATTERNS_MAX], *excepts[RULE_PATTERNS_MAX];
    const struct lint_rule *rule;
};

static void
release(struct matcher *matcher)
{
    for (size_t i = 0; i < RULE_PATTERNS_MAX; i++) {
        pattern_free(matcher->patterns[i]);
        pattern_free(matcher->excepts[i]);
    }
}

static int
compile(struct matcher *matcher, const struct lint *lint, struct err *err)
{
    const struct lint_rule *rule = matcher->rule;
    bool large = lint->text.len >= LARGE_BYTES;
    int status = 0;
    for (size_t i = 0; i < rule->pattern_count && status == 0; i++)
        status = pattern_new(lint->rules, rule->patterns[i].text, lint->names, lint->name_count,
                             &matcher->patterns[i], err);
    for (size_t i = 0; i < rule->except_count && status == 0; i++)
        status = pattern_new(lint->rules, rule->excepts[i].text, lint->names, lint->name_count,
                             &matcher->excepts[i], err);
    for (size_t i = 0; i < rule->pattern_count && status == 0 && large; i++)
        pattern_speed_up(matcher->patterns[i]);
    return status;
}

/* Does an exception overlap the words [from, to)? */
static int
is_excepted(const struct matcher *matcher, struct sv sentence, size_t from, size_t to,
            struct err *err)
{
    for (size_t i = 0; i < matcher->rule->except_count; i++) {
        size_t at = 0, first, last;
        int found;
        while ((found = pattern_find(matcher->excepts[i], sentence, at, &first, &last, err)) > 0) {
            if (first < to && last > from)
                return 1;
            at = last;
        }
        if (found < 0)
            return -1;
    }
    return 0;
}

/* ---- mending ---- */

/* Deleting words within a line: with the blank behind them, or before them at a sentence's end. */
static void
offer_delete(struct lint *lint, struct lint_finding *finding)
{
    struct sv text = lint->text;
    size_t from = finding->from, to = finding->to;
    bool comma_before = from >= 2 && text.ptr[from - 1] == ' ' && text.ptr[from - 2] == ',';
    bool comma_behind = to < text.len && text.ptr[to] == ',';
    if (comma_before && comma_behind)
        from -= 2; /* ", of course, the" */
    if (comma_behind)
        to++;
    bool blank_behind = to < text.len && text.ptr[to] == ' ';
    bool inside = from > 0 && text.ptr[from - 1] != '\n';
    if (blank_behind && !(comma_before && comma_behind))
        to++;
    else if (comma_before && to < text.len && strchr(".!?;", text.ptr[to]) != NULL)
        from -= 2; /* ", of course." */
    else if (!comma_before && inside && text.ptr[from - 1] == ' ' && to < text.len &&
             strchr(".!?;", text.ptr[to]) != NULL)
        from--;
    else if (!(comma_before && comma_behind && blank_behind))
        return; /* at a line's end or inside of marks: for a person */
    finding->fixable = true;
    finding->fix_from = from;
    finding->fix_to = to;
    finding->fix = SV("");
}

/* What follows begins the sentence now, with a capital letter. */
static void
begin_sentence(struct lint *lint, struct lint_finding *finding)
{
    char next = finding->fix_to < lint->text.len ? lint->text.ptr[finding->fix_to] : ' ';
    if (next < 'a' || next > 'z') {
        finding->fixable = next >= 'A' && next <= 'Z';
        return;
    }
    finding->fix = arena_printf(lint->arena, "%c", next - 'a' + 'A');
    finding->fix_to++;
}

static void
offer_fix(struct lint *lint, const struct lint_rule *rule, struct lint_finding *finding,
          bool begins)
{
    struct sv words = sv_slice(lint->text, finding->from, finding->to);
    for (size_t i = 0; i < words.len; i++)
        if (words.ptr[i] == '\n' || words.ptr[i] == '*' || words.ptr[i] == '_')
            return;
    if (rule->fix == RULE_REPLACE) {
        finding->fixable = true;
        finding->fix_from = finding->from;
        finding->fix_to = finding->to;
        finding->fix = rule->replacement;
    } else if (rule->fix == RULE_DELETE) {
        offer_delete(lint, finding);
        if (finding->fixable && begins)
            begin_sentence(lint, finding);
    }
}

/* ---- matching ---- */

static int
match_sentence(struct lint *lint, const struct matcher *matcher, const struct plain *plain,
               struct sv sentence, struct err *err)
{
    size_t start = (size_t)(sentence.ptr - plain->text);
    for (size_t i = 0; i < matcher->rule->pattern_count; i++) {
        size_t at = 0, from, to;
        int found;
        while ((found = pattern_find(matcher->patterns[i], sentence, at, &from, &to, err)) > 0) {
            int excepted = is_excepted(matcher, sentence, from, to, err);
            if (excepted < 0)
                return -1;
            at = to;
            while (from < to &&
                   (sv_blank(sentence.ptr[from]) || strchr(",;:(", sentence.ptr[from])))
                from++;
            if (excepted > 0)
                continue;
            struct lint_finding *finding = lint_add(lint, matcher->rule, plain->at[start + from],
                                                    (size_t)plain->at[start + to - 1] + 1, NULL);
            if (finding != NULL)
                offer_fix(lint, matcher->rule, finding, from == 0);
        }
        if (found < 0)
            return -1;
    }
    return 0;
}

int
check_words(struct lint *lint, const struct lint_rule *rule, struct err *err)
{
    struct matcher matcher = {.rule = rule};
    struct sv abbreviations = rules_list(lint->rules, SV("abbreviations")), sentence;
    int status = compile(&matcher, lint, err);
    for (size_t i = 0; i < lint->page.block_count && status == 0; i++) {
        const struct plain *plain = &lint->plains[i];
        if (plain->len == 0 || !lint_applies(rule, lint->page.blocks[i].section))
            continue;
        for (size_t at = 0; plain_sentence(plain, at, abbreviations, &sentence, &at);)
            if ((status = match_sentence(lint, &matcher, plain, sentence, err)) != 0)
                break;
    }
    release(&matcher);
    return status;
}

/* ---- length ---- */

/* Words have a letter or a digit; a mark stands for one. */
static size_t
count_words(struct sv sentence)
{
    size_t count = 0;
    bool word = false;
    for (size_t i = 0; i < sentence.len; i++) {
        char c = sentence.ptr[i];
        bool part = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        part = part || (c >= '0' && c <= '9') || (c & 0x80) != 0 || c == PLAIN_MARK;
        if (sv_blank(c))
            word = false;
        else if (part && !word) {
            word = true;
            count++;
        }
    }
    return count;
}

int
check_long_sentence(struct lint *lint, const struct lint_rule *rule, struct err *err)
{
    struct sv abbreviations = rules_list(lint->rules, SV("abbreviations")), sentence;
    (void)err;
    for (size_t i = 0; i < lint->page.block_count; i++) {
        const struct plain *plain = &lint->plains[i];
        if (plain->len == 0 || !lint_applies(rule, lint->page.blocks[i].section))
            continue;
        for (size_t at = 0; plain_sentence(plain, at, abbreviations, &sentence, &at);) {
            size_t start = (size_t)(sentence.ptr - plain->text), words = count_words(sentence);
            if (words > WORDS_MOST)
                lint_add(lint, rule, plain->at[start],
                         (size_t)plain->at[start + sentence.len - 1] + 1, "(%zu words)", words);
        }
    }
    return 0;
}
