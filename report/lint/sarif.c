/*
 * Findings as SARIF 2.1.0 (OASIS Static Analysis Results Interchange Format): see write.h. Members
 * that its schema requires are always there; columns count characters.
 */
#include "base/text/json_writer.h"
#include "hindcast/version.h"
#include "report/lint/write.h"

#define SCHEMA                                                                                     \
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

static void
open_object(struct strbuf *out, const char *name)
{
    if (name == NULL)
        json_put_comma(out);
    else
        json_put_name(out, name);
    strbuf_add_char(out, '{');
}

static void
open_list(struct strbuf *out, const char *name)
{
    json_put_name(out, name);
    strbuf_add_char(out, '[');
}

/* "name":{"text":"..."} */
static void
put_message(struct strbuf *out, const char *name, struct sv text)
{
    open_object(out, name);
    json_put(out, "text", text);
    strbuf_add_char(out, '}');
}

static void
put_rules(const struct lint_rules *rules, struct strbuf *out)
{
    open_list(out, "rules");
    for (size_t i = 0; i < lint_rules_count(rules); i++) {
        struct lint_rule_text rule = lint_rules_at(rules, i);
        open_object(out, NULL);
        json_put(out, "id", rule.id);
        json_put(out, "name", rule.name);
        put_message(out, "shortDescription", rule.message);
        if (!sv_empty(rule.instead))
            put_message(out, "help", rule.instead);
        open_object(out, "defaultConfiguration");
        if (rule.level == LINT_OFF)
            json_put_bool(out, "enabled", false);
        else
            json_put(out, "level", sv_from(lint_level_name(rule.level)));
        strbuf_add_text(out, "}}");
    }
    strbuf_add_char(out, ']');
}

/* A path as a URI reference: what RFC 3986 does not let stand there is written as %XX. */
static void
put_artifact(struct strbuf *out, const char *name)
{
    static const char plain[] = "-._~/!$&'()*+,;=@";
    struct strbuf uri;
    strbuf_init(&uri, 0);
    if (strcmp(name, "-") == 0)
        name = "stdin";
    strbuf_add_text(&uri, name[0] == '/' ? "file://" : "");
    for (; *name != '\0'; name++) {
        char c = *name;
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter || strchr(plain, c) != NULL)
            strbuf_add_char(&uri, c);
        else
            strbuf_addf(&uri, "%%%02X", (unsigned)(unsigned char)c);
    }
    open_object(out, "artifactLocation");
    json_put(out, "uri", strbuf_view(&uri));
    strbuf_add_char(out, '}');
    strbuf_release(&uri);
}

static void
put_region(struct strbuf *out, const char *name, const struct lint_finding *one)
{
    open_object(out, name);
    json_put_int(out, "startLine", (int64_t)one->line);
    json_put_int(out, "startColumn", (int64_t)one->column);
    json_put_int(out, "endLine", (int64_t)one->end_line);
    json_put_int(out, "endColumn", (int64_t)one->end_column);
    strbuf_add_char(out, '}');
}

/* What --fix would do, by its bytes. */
static void
put_fix(struct strbuf *out, const char *name, const struct lint_finding *one)
{
    open_list(out, "fixes");
    open_object(out, NULL);
    open_list(out, "artifactChanges");
    open_object(out, NULL);
    put_artifact(out, name);
    open_list(out, "replacements");
    open_object(out, NULL);
    open_object(out, "deletedRegion");
    json_put_int(out, "byteOffset", (int64_t)one->fix_from);
    json_put_int(out, "byteLength", (int64_t)(one->fix_to - one->fix_from));
    strbuf_add_char(out, '}');
    put_message(out, "insertedContent", one->fix);
    strbuf_add_text(out, "}]}]}]");
}

static void
put_result(const struct lint_rules *rules, const char *name, const struct lint_finding *one,
           struct strbuf *out)
{
    open_object(out, NULL);
    json_put(out, "ruleId", lint_rules_at(rules, one->rule).id);
    json_put_int(out, "ruleIndex", (int64_t)one->rule);
    json_put(out, "level", sv_from(lint_level_name(one->level)));
    put_message(out, "message", one->message);
    open_list(out, "locations");
    open_object(out, NULL);
    open_object(out, "physicalLocation");
    put_artifact(out, name);
    put_region(out, "region", one);
    strbuf_add_text(out, "}}]");
    if (one->fixable)
        put_fix(out, name, one);
    if (one->allowed) {
        open_list(out, "suppressions");
        open_object(out, NULL);
        json_put(out, "kind", SV("inSource"));
        json_put(out, "justification", one->reason);
        strbuf_add_text(out, "}]");
    }
    strbuf_add_char(out, '}');
}

void
lint_write_sarif(const struct lint_rules *rules, const struct lint_file *files, size_t count,
                 struct strbuf *out)
{
    strbuf_add_char(out, '{');
    json_put(out, "$schema", SV(SCHEMA));
    json_put(out, "version", SV("2.1.0"));
    open_list(out, "runs");
    open_object(out, NULL);
    open_object(out, "tool");
    open_object(out, "driver");
    json_put(out, "name", SV("hindcast report lint"));
    json_put(out, "version", SV(HINDCAST_VERSION));
    put_rules(rules, out);
    strbuf_add_text(out, "}}");
    json_put(out, "columnKind", SV("unicodeCodePoints"));
    open_list(out, "results");
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < files[i].findings.count; k++)
            put_result(rules, files[i].name, &files[i].findings.items[k], out);
    strbuf_add_text(out, "]}]}\n");
}
