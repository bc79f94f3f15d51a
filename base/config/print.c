/*
 * What people see of the configuration: `hindcast config` and docs/configuration.md. Secrets are
 * never written: neither those of the table nor librdkafka settings whose name sounds like one.
 */
#include <string.h>

#include "base/clock.h"
#include "base/config/config.h"
#include "base/config/set.h"
#include "base/strbuf.h"
#include "base/text/json_writer.h"
#include "base/text/visible.h"

bool
config_rdkafka_secret(const char *name)
{
    static const char *const words[] = {
        "password",           "secret",  "jaas",   "key.pem", "token", "private",
        "oauthbearer.config", "ssl.key", "ssl_key"};
    /* A path is none, and people need it to see what they set. */
    if (sv_ends(sv_from(name), SV(".location")))
        return false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strstr(name, words[i]) != NULL)
            return true;
    return false;
}

static const char *
origin_words(enum option_origin origin)
{
    switch (origin) {
    case ORIGIN_DEFAULT:
        return "default";
    case ORIGIN_FILE:
        return "file";
    case ORIGIN_ENVIRONMENT:
        return "environment";
    case ORIGIN_COMMAND:
        return "command line";
    }
    return "";
}

static void
print_line(FILE *out, const char *key, const char *value, bool secret, enum option_origin origin,
           const char *where)
{
    const char *shown = secret && value[0] != '\0' ? "(set, hidden)" : value;
    visible_line(out, "%-18s = %-24s # %s%s%s", key, shown, origin_words(origin),
                 where == NULL ? "" : " ", where == NULL ? "" : where);
}

void
config_print(const struct config *config, FILE *out)
{
    const char *section = "";
    for (enum option i = 0; i < OPTION_COUNT; i++) {
        const struct option_value *value = &config->values[i];
        if (strcmp(section, config_option_section(i)) != 0) {
            fprintf(out, "%s[%s]\n", i == 0 ? "" : "\n", config_option_section(i));
            section = config_option_section(i);
        }
        print_line(out, config_option_key(i), value->text, config_option_type(i) == OPTION_SECRET,
                   value->origin, value->where);
    }
    for (size_t i = 0; i < config->topic_count; i++) {
        const struct topic_setting *at = &config->topics[i];
        if (i == 0 || strcmp(config->topics[i - 1].topic, at->topic) != 0)
            fputs("\n", out);
        visible_line(out, "[%s%s]", TOPIC_PREFIX, at->topic);
        print_line(out, config_option_key(at->option), at->value.text, false, at->value.origin,
                   at->value.where);
    }
    if (config->rdkafka_count > 0)
        fprintf(out, "\n[%s]\n", RDKAFKA_SECTION);
    for (size_t i = 0; i < config->rdkafka_count; i++) {
        const struct rdkafka_setting *at = &config->rdkafka[i];
        print_line(out, at->name, at->value, config_rdkafka_secret(at->name), at->origin,
                   at->where);
    }
}

static void
print_object(FILE *out, const char *section, const char *key, const char *value, bool secret,
             enum option_origin origin, const char *where)
{
    struct strbuf line, name;
    bool hidden = secret && value[0] != '\0';
    strbuf_init(&line, 0);
    strbuf_init(&name, 0);
    strbuf_addf(&name, "%s.%s", section, key);
    strbuf_add_char(&line, '{');
    json_put(&line, "option", strbuf_view(&name));
    json_put(&line, "value", hidden ? SV_NONE : sv_from(value));
    json_put_bool(&line, "hidden", hidden);
    json_put(&line, "origin", sv_from(origin_words(origin)));
    json_put(&line, "where", where == NULL ? SV_NONE : sv_from(where));
    strbuf_add_text(&line, "}\n");
    fwrite(line.ptr, 1, line.len, out);
    strbuf_release(&line);
    strbuf_release(&name);
}

void
config_print_json(const struct config *config, FILE *out)
{
    for (enum option i = 0; i < OPTION_COUNT; i++)
        print_object(out, config_option_section(i), config_option_key(i), config->values[i].text,
                     config_option_type(i) == OPTION_SECRET, config->values[i].origin,
                     config->values[i].where);
    for (size_t i = 0; i < config->topic_count; i++) {
        const struct topic_setting *at = &config->topics[i];
        char section[TOPIC_NAME_MAX + sizeof(TOPIC_PREFIX)];
        snprintf(section, sizeof(section), "%s%s", TOPIC_PREFIX, at->topic);
        print_object(out, section, config_option_key(at->option), at->value.text, false,
                     at->value.origin, at->value.where);
    }
    for (size_t i = 0; i < config->rdkafka_count; i++) {
        const struct rdkafka_setting *at = &config->rdkafka[i];
        print_object(out, RDKAFKA_SECTION, at->name, at->value, config_rdkafka_secret(at->name),
                     at->origin, at->where);
    }
}

static void
print_variable(FILE *out, const char *section, const char *key)
{
    fputs("`HINDCAST_", out);
    for (const char *c = section; *c != '\0'; c++)
        fputc(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c, out);
    fputc('_', out);
    for (const char *c = key; *c != '\0'; c++)
        fputc(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c, out);
    fputc('`', out);
}

static const char markdown_head[] =
    "# Configuration\n\n"
    "Generated by `make docs` from `base/config/options.def`; not for editing.\n\n"
    "Four layers, the later wins: the default, the INI file, the environment, the command line.\n"
    "The file is `--config FILE`, else `HINDCAST_CONFIG`, else `./hindcast.ini`, else\n"
    "`/etc/hindcast.ini`. `hindcast config` prints the effective values and where each comes "
    "from;\n"
    "secrets are not shown. An unknown name in the file or in the environment is an error that\n"
    "says where it stands (exit code 3).\n\n"
    "What results depend on counts as it is applied in the database: `[grouping]`, the thresholds\n"
    "and rules of `[correlate]`, and of `[ingest]` what `[topic.NAME]` may set, `maps` and\n"
    "`schemas`. The first process that works applies its own; later changes count after\n"
    "`hindcast config apply`\n"
    "([operations.md](operations.md#one-configuration-for-everybody)).\n\n"
    "Sizes take `KiB MiB GiB kB MB GB`, times `ms s m h d`, truth values `yes no true false`.\n";

static void
print_topic_options(FILE *out)
{
    fputs("\n## [topic.NAME]\n\n"
          "What holds for one topic instead of what `[ingest]` says, in whichever layer either "
          "stands:",
          out);
    for (size_t i = 0; config_topic_option(i) != OPTION_COUNT; i++)
        fprintf(out, "%s `%s`", i == 0 ? "" : ",", config_option_key(config_topic_option(i)));
    fputs(".\nOn the command line: `--per-topic NAME.KEY=VALUE`, as often as needed; in the "
          "environment a list for\neach key: `HINDCAST_TOPIC_DEDUP=app-logs=native,audit=native`. "
          "Without `scope` in a topic's section its\nrecords belong to that of `[ingest]`.\n\n"
          "    [topic.app-logs]\n    format = ecs\n    dedup = native\n",
          out);
}

static const char markdown_tail[] =
    "\n### Scopes\n\n"
    "A scope is a unit of privacy and of correlation: no incident holds records of two. By default "
    "all\nrecords belong to `scope`, which may differ by topic. Where one topic carries those of "
    "several teams or\ntenants, `scope_by` says where a record names its scope, and `scopes` which "
    "ones it may name:\n`header:NAME` (of Kafka; case does not matter), `field:NAME` (`service`, "
    "`environment`, `host`, `source`,\n`channel`, `actor`, with the hints and defaults of the "
    "topic), or `attribute:NAME` (what a decoder\nleaves over, `hindcast read --format jsonl` "
    "shows it; `a.b` looks into objects).\n\n"
    "    [topic.shared-logs]\n    scope_by = attribute:tenant\n    scopes = acme globex\n\n"
    "Names are compared to the byte. A record that names none, or another one, goes to quarantine "
    "under\n`scope`, whole: of a record with many events all must belong. After `scopes` has "
    "grown, `hindcast config\napply` and `hindcast ingest --redecode` read what is there. Records "
    "that `load` writes about files\nbelong to `scope`, unless they name another one.\n"
    "\n## [rdkafka]\n\n"
    "Everything in this section is handed to librdkafka as it stands, for example\n"
    "`security.protocol = SASL_SSL`. On the command line: `--rdkafka NAME=VALUE`, as often as\n"
    "needed; in the environment: `HINDCAST_RDKAFKA_SASL_PASSWORD` for `sasl.password`\n"
    "(underscores stand for dots). Passwords belong in the environment or in a file that only the\n"
    "service may read: a command line is visible to other users of the machine.\n\n"
    "`HINDCAST_KAFKA=HOST:PORT` fills `kafka.brokers` where nothing else does.\n";

void
config_print_markdown(FILE *out)
{
    const char *section = "";
    fputs(markdown_head, out);
    for (enum option i = 0; i < OPTION_COUNT; i++) {
        const char *initial = config_option_default(i);
        if (strcmp(section, config_option_section(i)) != 0) {
            section = config_option_section(i);
            fprintf(out,
                    "\n## [%s]\n\n| Key | Value | Default | Environment | Meaning |\n"
                    "|---|---|---|---|---|\n",
                    section);
        }
        fprintf(out, "| `%s` | ", config_option_key(i));
        for (const char *c = config_option_placeholder(i); *c != '\0'; c++)
            fprintf(out, *c == '|' ? "\\|" : "%c", *c);
        if (initial[0] == '\0')
            fputs(" | empty | ", out);
        else
            fprintf(out, " | `%s` | ", initial);
        print_variable(out, section, config_option_key(i));
        char range[OPTION_RANGE_TEXT];
        config_option_range(i, range);
        fprintf(out, range[0] == '\0' ? " | %s |\n" : " | %s (%s) |\n", config_option_help(i),
                range);
    }
    print_topic_options(out);
    fputs(markdown_tail, out);
}
