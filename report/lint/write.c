/*
 * Findings as text and JSON: see write.h.
 */
#include "report/lint/write.h"

#include "base/text/escape.h"
#include "base/text/json_writer.h"

#define ID_COLUMNS 6
#define NAME_COLUMNS 26

void
lint_write_text(const struct lint_rules *rules, const struct lint_file *files, size_t count,
                struct strbuf *out)
{
    for (size_t i = 0; i < count; i++) {
        struct sv name = sv_from(files[i].name);
        for (size_t k = 0; k < files[i].findings.count; k++) {
            const struct lint_finding *one = &files[i].findings.items[k];
            if (one->allowed)
                continue;
            escape_terminal(out, name);
            strbuf_addf(out, ":%zu:%zu: %s: ", one->line, one->column, lint_level_name(one->level));
            escape_terminal(out, one->message);
            strbuf_add_text(out, " [");
            lint_rule_put(lint_rules_at(rules, one->rule), out);
            strbuf_add_text(out, "]\n");
        }
        if (files[i].findings.left_out > 0) {
            escape_terminal(out, name);
            strbuf_addf(out, ": note: %zu more are not shown\n", files[i].findings.left_out);
        }
    }
}

static void
put_finding(const struct lint_rules *rules, const struct lint_finding *one, struct strbuf *out)
{
    json_put_comma(out);
    strbuf_add_char(out, '{');
    json_put(out, "id", lint_rules_at(rules, one->rule).id);
    json_put(out, "rule", lint_rules_at(rules, one->rule).name);
    json_put(out, "level", sv_from(lint_level_name(one->level)));
    json_put_int(out, "line", (int64_t)one->line);
    json_put_int(out, "column", (int64_t)one->column);
    json_put_int(out, "end_line", (int64_t)one->end_line);
    json_put_int(out, "end_column", (int64_t)one->end_column);
    json_put(out, "message", one->message);
    json_put_bool(out, "fixable", one->fixable);
    json_put(out, "allowed", one->allowed ? one->reason : SV_NONE);
    strbuf_add_char(out, '}');
}

static void
put_counts(const struct lint_file *files, size_t count, struct strbuf *out)
{
    json_put_name(out, "counts");
    strbuf_add_char(out, '{');
    for (enum lint_level level = LINT_ERROR; level >= LINT_NOTE; level--) {
        size_t above = level == LINT_ERROR ? 0 : lint_count(files, count, level + 1);
        json_put_int(out, lint_level_name(level),
                     (int64_t)(lint_count(files, count, level) - above));
    }
    strbuf_add_char(out, '}');
}

void
lint_write_json(const struct lint_rules *rules, const struct lint_file *files, size_t count,
                struct strbuf *out)
{
    strbuf_add_char(out, '{');
    json_put_name(out, "files");
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        json_put_comma(out);
        strbuf_add_char(out, '{');
        json_put(out, "file", sv_from(files[i].name));
        json_put_name(out, "findings");
        strbuf_add_char(out, '[');
        for (size_t k = 0; k < files[i].findings.count; k++)
            put_finding(rules, &files[i].findings.items[k], out);
        strbuf_add_char(out, ']');
        json_put_int(out, "left_out", (int64_t)files[i].findings.left_out);
        strbuf_add_char(out, '}');
    }
    strbuf_add_char(out, ']');
    put_counts(files, count, out);
    strbuf_add_text(out, "}\n");
}

void
lint_write_rules(const struct lint_rules *rules, struct strbuf *out)
{
    for (size_t i = 0; i < lint_rules_count(rules); i++) {
        struct lint_rule_text rule = lint_rules_at(rules, i);
        strbuf_addf(out, "%-*.*s %-*.*s %-8s ", ID_COLUMNS,
                    SV_ARG(sv_eq(rule.id, rule.name) ? SV("-") : rule.id), NAME_COLUMNS,
                    SV_ARG(rule.name), lint_level_name(rule.level));
        escape_terminal(out, rule.message);
        if (!sv_empty(rule.instead)) {
            strbuf_add_text(out, "; write ");
            escape_terminal(out, rule.instead);
        }
        strbuf_add_char(out, '\n');
    }
}

size_t
lint_count(const struct lint_file *files, size_t count, enum lint_level least)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < files[i].findings.count; k++) {
            const struct lint_finding *one = &files[i].findings.items[k];
            found += !one->allowed && one->level >= least;
        }
    }
    return found;
}
