/*
 * INI files: see ini.h.
 */
#include "base/config/ini.h"

#include <ini.h>
#include <string.h>

static int
take_pair(void *user, const char *cut_section, const char *key, const char *value)
{
    struct ini *in = user;
    (void)cut_section;
    if (in->failed)
        return 0;
    in->failed = in->set(in, key, value, in->err) != 0;
    if (in->failed)
        err_prefix(in->err, "%s:%d", in->name, in->line);
    return !in->failed;
}

static void
take_section(struct ini *in, const char *text)
{
    text += strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    text += strspn(text, " \t");
    size_t length = strcspn(text, "]");
    if (text[0] == '[' && text[length] == ']')
        snprintf(in->section, sizeof(in->section), "%.*s", (int)length - 1, text + 1);
}

/* False: there is none, or it is too long. */
static bool
next_of_file(struct ini *in, char *text, int size)
{
    if (fgets(text, size, in->file) == NULL)
        return false;
    in->line++;
    in->too_long = strchr(text, '\n') == NULL && !feof(in->file);
    return !in->too_long;
}

static bool
next_of_text(struct ini *in, char *text, int size)
{
    struct sv line;
    if (in->text.len == 0 || !sv_split(&in->text, '\n', &line))
        return false;
    in->line++;
    in->too_long = line.len + 2 > (size_t)size;
    if (in->too_long)
        return false;
    memcpy(text, line.ptr, line.len);
    memcpy(text + line.len, "\n", 2);
    return true;
}

/* inih asks for a line at a time; counting here gives errors their line. */
static char *
take_line(char *text, int size, void *user)
{
    struct ini *in = user;
    if (in->failed || in->too_long ||
        !(in->file != NULL ? next_of_file(in, text, size) : next_of_text(in, text, size)))
        return NULL;
    take_section(in, text);
    return text;
}

int
ini_read(struct ini *in, struct err *err)
{
    in->err = err;
    ini_use_stack = false;
    ini_max_line = (size_t)in->line_max;
    ini_initial_alloc = (size_t)in->line_max;
    ini_allow_multiline = false;
    ini_stop_on_first_error = true;
    int line = ini_parse_stream(take_line, in, take_pair, in);
    if (in->failed)
        return -1;
    if (in->too_long)
        return err_set(err, ERR_CONFIG, "%s:%d: the line is longer than %d bytes", in->name,
                       in->line, in->line_max - 2);
    if (line > 0) {
        err_set(err, ERR_CONFIG, "%s:%d: neither a section, nor name = value, nor a comment",
                in->name, line);
        return err_hint(err, "[section] and below it: key = value");
    }
    if (line < 0 || (in->file != NULL && ferror(in->file)))
        return err_set(err, ERR_IO, "%s cannot be read", in->name);
    return 0;
}
