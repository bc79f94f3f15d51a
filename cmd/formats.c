/*
 * hindcast formats: the formats that are read, from the registry of decoders; --format md prints
 * the page docs/formats.md. Main thread; touches no server.
 */
#include <stdio.h>

#include "app/output.h"
#include "base/text/json_writer.h"
#include "base/text/visible.h"
#include "cmd/command.h"
#include "hindcast/decoder.h"
#include "report/render/style.h"

static void
add_text(struct strbuf *out)
{
    strbuf_addf(out, "%s%-18s %-13s %3s  %-36s %s%s\n", render_style_on(STYLE_HEAD), "FORMAT",
                "IDENTITY", "BID", "KINDS", "WHAT", render_style_off(STYLE_HEAD));
    for (size_t i = 0; i < decoder_count(); i++) {
        const struct decoder_info *info = decoder_info_at(i);
        strbuf_addf(out, "%-18s %-13s %3d  %-36s %s\n", info->name, info->identity, info->highest,
                    info->kinds, info->title);
    }
}

/* A '|' would end the cell, in code too. */
static void
add_signs(struct strbuf *out, const struct decoder_info *info)
{
    if (info->signs != NULL) {
        strbuf_add_char(out, '`');
        for (const char *at = info->signs; *at != '\0'; at++)
            if (*at == ';')
                strbuf_add_text(out, "`; `");
            else if (*at == '|')
                strbuf_add_text(out, "\\|");
            else if (*at != ' ' || at[-1] != ';')
                strbuf_add_char(out, *at);
        strbuf_add_char(out, '`');
    }
    if (info->header != NULL)
        strbuf_addf(out, "%sheader `%s`", info->signs != NULL ? "; " : "", info->header);
    if (info->first != NULL)
        strbuf_addf(out, "text that begins with one of `%s`", info->first);
    else if (out->len == 0)
        strbuf_add_text(out, "all of its form");
}

static void
print_claims(void)
{
    fputs(
        "\n## Who is asked\n\n"
        "A decoder bids on what has one of its signs, with `;` between them: fields that must all\n"
        "be there (`\\|` between those of which one will do, `=` before what one must say), a\n"
        "header, or the first byte of a text. *Identity* is the namespace of the names that a\n"
        "decoder gives to events; it stays when a format gets another name.\n\n"
        "| Name | Identity | Highest bid | Asked about |\n"
        "|---|---|---|---|\n",
        stdout);
    for (size_t i = 0; i < decoder_count(); i++) {
        const struct decoder_info *info = decoder_info_at(i);
        struct strbuf signs;
        strbuf_init(&signs, 0);
        add_signs(&signs, info);
        visible_line(stdout, "| `%s` | `%s` | %d | " SV_FMT " |", info->name, info->identity,
                     info->highest, SV_ARG(strbuf_view(&signs)));
        strbuf_release(&signs);
    }
}

/* null where a decoder has none. */
static struct sv
text_of(const char *text)
{
    return text == NULL ? SV_NONE : sv_from(text);
}

static void
add_json(struct strbuf *out)
{
    for (size_t i = 0; i < decoder_count(); i++) {
        const struct decoder_info *info = decoder_info_at(i);
        strbuf_add_char(out, '{');
        json_put(out, "format", sv_from(info->name));
        json_put(out, "identity", text_of(info->identity));
        json_put_int(out, "highest_bid", info->highest);
        json_put(out, "kinds", text_of(info->kinds));
        json_put(out, "title", text_of(info->title));
        json_put(out, "signs", text_of(info->signs));
        json_put(out, "header", text_of(info->header));
        json_put(out, "first", text_of(info->first));
        json_put(out, "reference", text_of(info->reference));
        strbuf_add_text(out, "}\n");
    }
}

static void
print_markdown(void)
{
    fputs(
        "# Formats\n\n"
        "<!-- Written by `make docs` from the entries of the decoders; do not edit. -->\n\n"
        "A record's format is found from its bytes and headers: the decoders that find a sign in\n"
        "it bid, the highest bid decodes, and equal bids go to the earlier row. The configuration\n"
        "of a topic or the record header `hindcast-format` can fix the format by its name.\n\n"
        "| Name | What | Kinds of events | What identifies one | Described in |\n"
        "|---|---|---|---|---|\n",
        stdout);
    for (size_t i = 0; i < decoder_count(); i++) {
        const struct decoder_info *info = decoder_info_at(i);
        visible_line(stdout, "| `%s` | %s | %s | %s | %s |", info->name, info->title, info->kinds,
                     info->identified_by, info->reference);
    }
    fputs("\nWhat identifies decides which deliveries are one event, see "
          "[delivery.md](delivery.md).\n"
          "*Native* identities of log lines count only where the topic says `dedup = native`.\n",
          stdout);
    print_claims();
    fputs(
        "\nBefore the bids, frames and envelopes are opened: the five bytes of Confluent's frame\n"
        "before JSON, a byte order mark, Kafka Connect's `{schema, payload}`, Amazon SNS, a JSON\n"
        "object kept as text in `message` by an HTTP source or a log shipper, Docker's json-file,\n"
        "the `name | ` of compose. What the inner record lacks comes from the envelope. A record\n"
        "may hold a JSON array or one JSON object per line: each element is decoded by itself,\n"
        "and one that cannot be read, in such a list or among the alerts of a webhook, is kept\n"
        "as a log event with its text and the reason (`not_read`, `why`).\n\n"
        "What no decoder knows but people can read becomes a `text` log line; bytes that are not\n"
        "text go to quarantine with a reason.\n"
        "\n## Headers\n\n"
        "Producers may say in `hindcast-format`, `hindcast-service`, `hindcast-host`,\n"
        "`hindcast-source` and `hindcast-time` what a record does not; CloudEvents has a mode of\n"
        "headers, and `X-GitHub-Delivery` names a delivery. Where a topic's producers send no\n"
        "headers, `headers = no` saves asking for them ([performance.md](performance.md)):\n"
        "whatever stands in headers then says nothing about a record. Evidence keeps them all\n"
        "the same.\n",
        stdout);
}

struct formats_arguments {
    const char *format;
};

static const struct command_option own_options[] = {
    VALUE_AT("--format", "text|jsonl|md",
             "a table (default), one JSON object a line, or docs/formats.md",
             struct formats_arguments, format),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct formats_arguments *arguments = context->arguments;
    if (context->argc > 1)
        return err_set(err, ERR_USAGE, "formats takes no argument");
    if (command_word(arguments->format, "md")) {
        print_markdown();
        return 0;
    }
    struct strbuf out;
    strbuf_init(&out, 0);
    if (command_word(arguments->format, "jsonl"))
        add_json(&out);
    else
        add_text(&out);
    int status = output_buffer(&out, "the list", err);
    strbuf_release(&out);
    return status;
}

const struct command command_formats = {
    .name = "formats",
    .usage = "",
    .summary = "list the formats that are read",
    COMMAND_OPTIONS(own_options),
    .arguments_size = sizeof(struct formats_arguments),
    .pages = true,
    .run = run,
};
