/*
 * Files of rules: see rules.h; what they may say stands at the head of rules.ini.
 */
#include "base/memory.h"
#include "report/lint/rules.h"

struct reader {
    struct lint_rules *rules;
    struct lint_rule *rule; /* of the section; NULL before the first */
    const char *name;
    int line;
    bool team;
    bool patterns, excepts, examples; /* the section has named its own */
    struct err *err;
};

static int
fail(const struct reader *reader, const char *what, struct sv value)
{
    return err_set(reader->err, ERR_CONFIG, "%s:%d: %s%s" SV_FMT "%s", reader->name, reader->line,
                   what, value.ptr == NULL ? "" : " '", SV_ARG(sv_slice(value, 0, 100)),
                   value.ptr == NULL ? "" : "'");
}

/* ---- keys ---- */

static bool
is_id(struct sv id)
{
    for (size_t i = 0; i < id.len; i++) {
        char c = id.ptr[i];
        if (!((c >= 'A' && c <= 'Z') || (i > 0 && c >= '0' && c <= '9')))
            return false;
    }
    return id.len > 0 && id.len <= RULE_ID_MAX;
}

static int
set_id(struct reader *reader, struct sv value)
{
    const struct lint_rules *rules = reader->rules;
    size_t other = rules_find(rules, value);
    if (!is_id(value))
        return fail(reader, "an id is capital letters and digits, not", value);
    if (other < rules->count && &rules->items[other] != reader->rule)
        return fail(reader, "another rule has the id", value);
    reader->rule->id = value;
    return 0;
}

static int
set_severity(struct reader *reader, struct sv value)
{
    static const char *const words[] = {"off", "note", "warning", "error"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (sv_eq(value, sv_from(words[i]))) {
            reader->rule->level = (enum lint_level)i;
            return 0;
        }
    return fail(reader, "severity is note, warning, error or off, not", value);
}

static int
set_check(struct reader *reader, struct sv value)
{
    static const char *const names[] = {
#define CHECK(name) #name,
#include "report/lint/checks.def"
#undef CHECK
    };
    for (size_t i = 0; i < CHECK_COUNT; i++)
        if (sv_eq(value, sv_from(names[i]))) {
            reader->rule->check = (enum lint_check)i;
            return 0;
        }
    return fail(reader, "there is no check", value);
}

static int
add_pattern(struct reader *reader, struct rule_line *lines, size_t *count, bool *began,
            struct sv value)
{
    if (!*began)
        *count = 0;
    *began = true;
    if (*count >= RULE_PATTERNS_MAX)
        return fail(reader, "more patterns than a rule may have", SV_NONE);
    lines[(*count)++] = (struct rule_line){value, reader->line};
    return 0;
}

static int
set_pattern(struct reader *reader, struct sv value)
{
    return add_pattern(reader, reader->rule->patterns, &reader->rule->pattern_count,
                       &reader->patterns, value);
}

static int
set_except(struct reader *reader, struct sv value)
{
    return add_pattern(reader, reader->rule->excepts, &reader->rule->except_count, &reader->excepts,
                       value);
}

static int
set_sections(struct reader *reader, uint32_t *ret_bits, struct sv value)
{
    struct sv word;
    uint32_t bits = 0;
    while (sv_split(&value, ' ', &word)) {
        size_t i = 0;
        while (i < SECTION_COUNT && !sv_eq(word, sv_from(page_section_names[i])))
            i++;
        if (i == SECTION_COUNT && !sv_empty(word))
            return fail(reader, "there is no section", word);
        bits |= sv_empty(word) ? 0 : UINT32_C(1) << i;
    }
    *ret_bits = bits;
    return 0;
}

static int
set_in(struct reader *reader, struct sv value)
{
    return set_sections(reader, &reader->rule->in, value);
}

static int
set_not_in(struct reader *reader, struct sv value)
{
    return set_sections(reader, &reader->rule->not_in, value);
}

static int
set_message(struct reader *reader, struct sv value)
{
    reader->rule->message = value;
    return 0;
}

static int
set_instead(struct reader *reader, struct sv value)
{
    reader->rule->instead = value;
    return 0;
}

static int
set_fix(struct reader *reader, struct sv value)
{
    struct lint_rule *rule = reader->rule;
    rule->fix = sv_eq(value, SV("delete")) ? RULE_DELETE : RULE_NO_FIX;
    if (sv_starts(value, SV("replace "))) {
        rule->fix = RULE_REPLACE;
        rule->replacement = sv_trim(sv_slice(value, 8, value.len));
    }
    if (rule->fix == RULE_NO_FIX && !sv_eq(value, SV("none")))
        return fail(reader, "fix is none, delete, or replace TEXT, not", value);
    return 0;
}

/* "\n" in an example is the end of a line. */
static struct sv
example_text(struct arena *arena, struct sv value)
{
    char *text = arena_alloc(arena, value.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < value.len; i++) {
        bool end = value.ptr[i] == '\\' && i + 1 < value.len && value.ptr[i + 1] == 'n';
        text[len++] = end ? '\n' : value.ptr[i];
        i += end;
    }
    text[len] = '\0';
    return sv_of(text, len);
}

static int
add_example(struct reader *reader, struct sv value, bool fires)
{
    struct lint_rule *rule = reader->rule;
    if (!reader->examples)
        rule->example_count = 0;
    reader->examples = true;
    if (rule->example_count >= RULE_EXAMPLES_MAX)
        return fail(reader, "more examples than a rule may have", SV_NONE);
    rule->examples[rule->example_count++] =
        (struct rule_example){example_text(&reader->rules->arena, value), fires, reader->line};
    return 0;
}

static int
set_fires(struct reader *reader, struct sv value)
{
    return add_example(reader, value, true);
}

static int
set_quiet(struct reader *reader, struct sv value)
{
    return add_example(reader, value, false);
}

static const struct {
    const char *key;
    int (*set)(struct reader *reader, struct sv value);
} keys[] = {
    {"id", set_id},           {"severity", set_severity}, {"check", set_check},
    {"pattern", set_pattern}, {"except", set_except},     {"in", set_in},
    {"not_in", set_not_in},   {"message", set_message},   {"instead", set_instead},
    {"fix", set_fix},         {"fires", set_fires},       {"quiet", set_quiet},
};

/* ---- lines ---- */

static bool
is_name(struct sv name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i > 0)))
            return false;
    }
    return name.len > 0 && name.len <= 64;
}

static int
begin_rule(struct reader *reader, struct sv line)
{
    struct lint_rules *rules = reader->rules;
    struct sv name = sv_trim(sv_slice(line, 1, line.len - 1));
    size_t i = rules_find(rules, name);
    if (line.ptr[line.len - 1] != ']' || (i == rules->count && !is_name(name)))
        return fail(reader,
                    "a section is [name] in small letters, digits and hyphens, or the id of a "
                    "rule, not",
                    line);
    if (i < rules->count && rules->items[i].line > 0)
        return fail(reader, "there are two sections", name);
    if (i == rules->count) {
        if (i == LINT_RULES_MAX)
            return fail(reader, "more rules than there may be", SV_NONE);
        rules->items = memory_grow(rules->items, &rules->room, i + 1, sizeof(*rules->items));
        rules->items[rules->count++] = (struct lint_rule){
            .id = name, .name = name, .level = LINT_WARNING, .check = CHECK_words};
    }
    reader->rule = &rules->items[i];
    reader->rule->team = reader->team;
    reader->rule->line = reader->line;
    reader->patterns = reader->excepts = reader->examples = false;
    return 0;
}

/* A team's words join those of the list. */
static int
add_list(struct reader *reader, struct sv name, struct sv words)
{
    struct lint_rules *rules = reader->rules;
    if (!is_name(name) || sv_empty(words))
        return fail(reader, "a list is @name = words between |, not", name);
    for (size_t i = 0; i < rules->list_count; i++)
        if (sv_eq(rules->lists[i].name, name)) {
            rules->lists[i].words = arena_printf(&rules->arena, SV_FMT " | " SV_FMT,
                                                 SV_ARG(rules->lists[i].words), SV_ARG(words));
            return 0;
        }
    if (rules->list_count == RULE_LISTS_MAX)
        return fail(reader, "more lists than there may be", SV_NONE);
    rules->lists[rules->list_count++] = (struct rule_list){name, words};
    return 0;
}

static int
read_line(struct reader *reader, struct sv line)
{
    if (sv_empty(line) || line.ptr[0] == '#')
        return 0;
    if (line.ptr[0] == '[')
        return begin_rule(reader, line);
    size_t equals = sv_find_char(line, '=');
    if (equals == SIZE_MAX)
        return fail(reader, "neither [name], @name = words nor key = value:", line);
    struct sv key = sv_trim(sv_slice(line, 0, equals));
    struct sv value = sv_trim(sv_slice(line, equals + 1, line.len));
    if (line.ptr[0] == '@')
        return add_list(reader, sv_slice(key, 1, key.len), value);
    if (reader->rule == NULL)
        return fail(reader, "before the first [name] stands", key);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (sv_eq(key, sv_from(keys[i].key)))
            return keys[i].set(reader, value);
    return fail(reader, "there is no key", key);
}

int
rule_file_read(struct lint_rules *rules, struct sv text, const char *name, bool team,
               struct err *err)
{
    struct reader reader = {.rules = rules, .name = name, .team = team, .err = err};
    struct sv rest = arena_copy(&rules->arena, text), line;
    for (size_t i = 0; i < rules->count && team; i++)
        rules->items[i].line = 0; /* of another file: no line of this one is meant */
    if (sv_starts(rest, SV("\xEF\xBB\xBF")))
        rest = sv_slice(rest, 3, rest.len);
    while (sv_split(&rest, '\n', &line)) {
        reader.line++;
        if (read_line(&reader, sv_trim(line)) != 0)
            return -1;
    }
    return 0;
}
