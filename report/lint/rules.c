/*
 * Rules as they are looked up: see rules.h and lint.h.
 */
#include "report/lint/rules.h"

#include <stdlib.h>

const char *
lint_level_name(enum lint_level level)
{
    static const char *const names[] = {"off", "note", "warning", "error"};
    return names[level];
}

size_t
lint_rules_count(const struct lint_rules *rules)
{
    return rules->count;
}

struct lint_rule_text
lint_rules_at(const struct lint_rules *rules, size_t index)
{
    const struct lint_rule *rule = &rules->items[index];
    return (struct lint_rule_text){rule->id, rule->name, rule->message, rule->instead, rule->level};
}

void
lint_rule_put(struct lint_rule_text rule, struct strbuf *out)
{
    strbuf_add_sv(out, rule.id);
    if (!sv_eq(rule.id, rule.name))
        strbuf_addf(out, " " SV_FMT, SV_ARG(rule.name));
}

size_t
rules_find(const struct lint_rules *rules, struct sv name_or_id)
{
    size_t i = 0;
    while (i < rules->count && !sv_eq(rules->items[i].name, name_or_id) &&
           !sv_eq(rules->items[i].id, name_or_id))
        i++;
    return i;
}

struct sv
rules_list(const struct lint_rules *rules, struct sv name)
{
    for (size_t i = 0; i < rules->list_count; i++)
        if (sv_eq(rules->lists[i].name, name))
            return rules->lists[i].words;
    return SV_NONE;
}

/* "(?:a|b)" */
static void
add_words(struct strbuf *out, struct sv words, const struct sv *names, size_t count)
{
    size_t bar;
    strbuf_add_text(out, "(?:");
    /* Bars without blanks around them belong to one word. */
    while ((bar = sv_find(words, SV(" | "))) != SIZE_MAX) {
        strbuf_add_sv(out, sv_trim(sv_slice(words, 0, bar)));
        strbuf_add_char(out, '|');
        words = sv_slice(words, bar + 3, words.len);
    }
    strbuf_add_sv(out, sv_trim(words));
    for (size_t i = 0; i < count; i++) {
        strbuf_add_text(out, "|");
        for (size_t j = 0; j < names[i].len; j++) {
            char c = names[i].ptr[j];
            bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
            strbuf_add_text(out, letter || c == ' ' ? "" : "\\");
            strbuf_add_char(out, c);
        }
    }
    strbuf_add_char(out, ')');
}

int
rules_expand(const struct lint_rules *rules, struct sv pattern, const struct sv *names,
             size_t name_count, struct strbuf *out, struct err *err)
{
    size_t open;
    strbuf_clear(out);
    while ((open = sv_find(pattern, SV("{{"))) != SIZE_MAX) {
        struct sv rest = sv_slice(pattern, open + 2, pattern.len);
        size_t close = sv_find(rest, SV("}}"));
        struct sv name = sv_slice(rest, 0, close == SIZE_MAX ? rest.len : close);
        struct sv words = rules_list(rules, name);
        if (close == SIZE_MAX || sv_empty(words))
            return err_set(err, ERR_CONFIG, "there is no list '" SV_FMT "'", SV_ARG(name));
        strbuf_add_sv(out, sv_slice(pattern, 0, open));
        bool people = sv_eq(name, SV("person")) || sv_eq(name, SV("people"));
        add_words(out, words, names, people ? name_count : 0);
        pattern = sv_slice(rest, close + 2, rest.len);
    }
    strbuf_add_sv(out, pattern);
    if (out->overflow)
        return err_set(err, ERR_LIMIT, "a pattern with its lists is larger than 1 MiB");
    return 0;
}

void
lint_rules_free(struct lint_rules *rules)
{
    if (rules == NULL)
        return;
    arena_release(&rules->arena);
    free(rules->items);
    free(rules);
}
