/*
 * Lines within lines: see boxed_line.h. Called by who joins lines of files, and by the decoding of
 * what was joined.
 */
#include "ingest/parse/boxed_line.h"

#include "ingest/parse/chars.h"
#include "ingest/parse/cri_line.h"

#define NAME_BYTES_MAX 80

static char
escaped_char(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    default:
        return c;
    }
}

/* Docker writes `log` first. */
static bool
read_docker(struct sv line, struct boxed_line *ret)
{
    size_t at = sv_starts(line, SV("{\"log\":")) ? 7 : 0, used = 0;
    char last = '\0';
    at += at > 0 ? blanks_at(line, at) : 0;
    if (at == 0 || char_at(line, at) != '"')
        return false;
    ret->log_from = ++at;
    for (; at < line.len && line.ptr[at] != '"'; at++) {
        last = line.ptr[at];
        if (last == '\\' && at + 1 < line.len)
            last = escaped_char(line.ptr[++at]);
        if (used < BOXED_TEXT_MAX)
            ret->unescaped[used++] = last;
    }
    ret->log_to = at;
    struct sv rest = sv_slice(line, at + 1, line.len);
    if (!is_one_of(char_at(rest, 0), ",}"))
        return false;
    size_t stream = sv_find(rest, SV("\"stream\":"));
    rest = stream == SIZE_MAX ? SV_NONE : sv_slice(rest, stream + 9, rest.len);
    rest = sv_slice(rest, blanks_at(rest, 0), rest.len);
    ret->key = sv_slice(rest, 0, sv_find_char(rest, ','));
    ret->unfinished = last != '\n';
    ret->text = sv_of(ret->unescaped, used);
    return true;
}

/* A name without blanks, which may be coloured. */
static bool
read_compose(struct sv line, struct boxed_line *ret)
{
    size_t bar = sv_find_char(sv_slice(line, 0, NAME_BYTES_MAX), '|'), name = 0;
    while (name < line.len && !is_blank(line.ptr[name]) && line.ptr[name] != '|')
        name++;
    if (bar == SIZE_MAX || name == 0 || bar == name || name + blanks_at(line, name) != bar ||
        !(is_letter(line.ptr[0]) || is_digit(line.ptr[0]) || line.ptr[0] == '\x1b'))
        return false;
    size_t at = bar + 1;
    if (char_at(line, at) == '\x1b') {
        while (at < line.len && line.ptr[at] != 'm')
            at++;
        at++;
    }
    if (char_at(line, at) != ' ')
        return false;
    ret->key = sv_slice(line, 0, bar);
    ret->text = sv_slice(line, at + 1, line.len);
    return true;
}

static bool
read_pod(struct sv line, struct boxed_line *ret)
{
    size_t end = sv_starts(line, SV("[pod/")) ? sv_find(line, SV("] ")) : SIZE_MAX;
    if (end == SIZE_MAX)
        return false;
    ret->key = sv_slice(line, 0, end);
    ret->text = sv_slice(line, end + 2, line.len);
    return true;
}

void
boxed_line_read(struct sv line, struct boxed_line *ret_line)
{
    struct cri_piece piece;
    ret_line->line = ret_line->text = line;
    ret_line->key = SV_NONE;
    ret_line->unfinished = false;
    ret_line->box = BOX_NONE;
    if (char_at(line, 0) == '{') {
        if (read_docker(line, ret_line))
            ret_line->box = BOX_DOCKER;
    } else if (is_digit(char_at(line, 0)) && cri_read(line, &piece)) {
        ret_line->box = BOX_CRI;
        ret_line->key = piece.stream;
        ret_line->text = piece.text;
        ret_line->unfinished = !piece.ends;
    } else if (read_compose(line, ret_line)) {
        ret_line->box = BOX_COMPOSE;
    } else if (read_pod(line, ret_line)) {
        ret_line->box = BOX_POD;
    }
}
