/*
 * hindcast formats: the formats that are read, from the table of decoders; --markdown prints the
 * page docs/formats.md. Main thread; touches no server.
 */
#include <stdio.h>

#include "app/output.h"
#include "base/text/visible.h"
#include "cmd/command.h"
#include "hindcast/decoder.h"
#include "report/render/style.h"

static void
add_text(struct strbuf *out)
{
    strbuf_addf(out, "%s%-18s %-36s %s%s\n", render_style_on(STYLE_HEAD), "FORMAT", "KINDS", "WHAT",
                render_style_off(STYLE_HEAD));
    for (const struct decoder_info *info = decoder_table(); info->name != NULL; info++)
        strbuf_addf(out, "%-18s %-36s %s\n", info->name, info->kinds, info->title);
}

static void
print_markdown(void)
{
    fputs("# Formats\n\n"
          "<!-- Written by `make docs` from include/hindcast/decoders.def; do not edit. -->\n\n"
          "A record's format is found from its bytes and headers: every decoder bids, the highest\n"
          "bid decodes, and equal bids go to the earlier row. The configuration of a topic or the\n"
          "record header `hindcast-format` can fix the format by its name.\n\n"
          "| Name | What | Kinds of events | What identifies one | Described in |\n"
          "|---|---|---|---|---|\n",
          stdout);
    for (const struct decoder_info *info = decoder_table(); info->name != NULL; info++)
        visible_line(stdout, "| `%s` | %s | %s | %s | %s |", info->name, info->title, info->kinds,
                     info->identity, info->reference);
    fputs(
        "\nWhat identifies decides which deliveries are one event, see "
        "[delivery.md](delivery.md).\n"
        "*Native* identities of log lines count only where the topic says `dedup = native`.\n"
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
    bool markdown;
};

static const struct command_option own_options[] = {
    FLAG_AT("--markdown", "print docs/formats.md", struct formats_arguments, markdown),
};

static int
run(struct command_context *context, struct err *err)
{
    const struct formats_arguments *arguments = context->arguments;
    if (context->argc > 1)
        return err_set(err, ERR_USAGE, "formats takes no argument");
    if (arguments->markdown) {
        print_markdown();
        return 0;
    }
    struct strbuf out;
    strbuf_init(&out, 0);
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
