/*
 * man(7) source: see roff.h.
 */
#include "cmd/manual/roff.h"

#include <ctype.h>

#include "hindcast/version.h"

void
roff_text(struct strbuf *out, struct sv text)
{
    if (text.len > 0 && (text.ptr[0] == '.' || text.ptr[0] == '\''))
        strbuf_add_text(out, "\\&");
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\')
            strbuf_add_text(out, "\\e");
        else if (text.ptr[i] == '-')
            strbuf_add_text(out, "\\-");
        else if (text.ptr[i] == '\'')
            strbuf_add_text(out, "\\(aq");
        else
            strbuf_add_char(out, text.ptr[i]);
    }
}

void
roff_upper(struct strbuf *out, const char *text)
{
    for (; *text != '\0'; text++)
        strbuf_add_char(out, (char)toupper((unsigned char)*text));
}

void
roff_head(struct strbuf *out, const char *name, const char *summary)
{
    strbuf_add_text(out, ".\\\" Made by hindcast from its tables; not for editing.\n.TH ");
    roff_upper(out, name);
    strbuf_addf(out, " 1 \"\" \"hindcast %s\" \"User commands\"\n.SH NAME\n%s \\- ",
                HINDCAST_VERSION, name);
    roff_text(out, sv_from(summary));
    strbuf_add_text(out, "\n.SH SYNOPSIS\n");
}

void
roff_sentence(struct strbuf *out, const char *summary)
{
    strbuf_add_char(out, (char)toupper((unsigned char)summary[0]));
    roff_text(out, sv_from(summary + 1));
    strbuf_add_text(out, ".\n");
}

void
roff_option(void *opaque, const struct manual_option *option)
{
    struct strbuf *out = opaque;
    strbuf_add_text(out, ".TP\n\\fB");
    roff_text(out, sv_from(option->name));
    strbuf_add_text(out, "\\fR");
    if (option->placeholder != NULL) {
        strbuf_add_text(out, " \\fI");
        roff_text(out, sv_from(option->placeholder));
        strbuf_add_text(out, "\\fR");
    }
    strbuf_add_char(out, '\n');
    roff_text(out, sv_from(option->help));
    strbuf_add_char(out, '\n');
}
