/*
 * Repeated heads: see repeated_head.h. Called by who joins lines of files, and by the decoding of
 * what was joined.
 */
#include "ingest/parse/repeated_head.h"

#include "ingest/parse/chars.h"

/* Where the first of these words stands, behind a time at least; SIZE_MAX: nowhere. */
static size_t
find_one(struct sv line, const char *const *words)
{
    struct sv start = sv_slice(line, 0, REPEATED_HEAD_MAX);
    size_t first = SIZE_MAX;
    for (size_t i = 0; words[i] != NULL; i++) {
        size_t at = sv_find(start, sv_from(words[i]));
        if (at != SIZE_MAX && at > 8 && at < first)
            first = at;
    }
    return first;
}

static size_t
find_level(struct sv line)
{
    static const char *const words[] = {
        "LOG:  ",    "ERROR:  ",       "FATAL:  ",  "PANIC:  ",      "WARNING:  ",
        "NOTICE:  ", "INFO:  ",        "FEHLER:  ", "WARNUNG:  ",    "HINWEIS:  ",
        "ERREUR:  ", "ATTENTION:  ",   "ERRORE:  ", "ATTENZIONE:  ", "ERRO:  ",
        "AVISO:  ",  "ADVERTENCIA:  ", "ОШИБКА:  ", "ВАЖНО:  ",      "ПРЕДУПРЕЖДЕНИЕ:  ",
        "错误:  ",   "警告:  ",        NULL};
    return find_one(line, words);
}

static size_t
find_detail(struct sv line)
{
    static const char *const words[] = {
        "DETAIL:  ",      "HINT:  ",      "STATEMENT:  ",    "QUERY:  ",
        "CONTEXT:  ",     "LOCATION:  ",  "TIPP:  ",         "KONTEXT:  ",
        "ANWEISUNG:  ",   "DÉTAIL:  ",    "ASTUCE:  ",       "CONTEXTE:  ",
        "INSTRUCTION:  ", "DETALLE:  ",   "SUGERENCIA:  ",   "CONTEXTO:  ",
        "SENTENCIA:  ",   "DETTAGLI:  ",  "SUGGERIMENTO:  ", "CONTESTO:  ",
        "ISTRUZIONE:  ",  "DETALHE:  ",   "DICA:  ",         "COMANDO:  ",
        "ПОДРОБНОСТИ:  ", "ПОДСКАЗКА:  ", "КОНТЕКСТ:  ",     "ОПЕРАТОР:  ",
        "详细信息:  ",    "提示:  ",      "语句:  ",         NULL};
    return find_one(line, words);
}

static int64_t
number(struct sv digits)
{
    int64_t value;
    return digits.len > 0 && digits.len < 15 && sv_to_int64(digits, &value) ? value : -1;
}

/* "[15-2] " */
static bool
find_chunk(struct sv line, struct repeated_head *ret)
{
    struct sv start = sv_slice(line, 0, REPEATED_HEAD_MAX);
    for (size_t at = 0; at < start.len; at++) {
        if (start.ptr[at] != '[')
            continue;
        size_t first = digits_at(start, at + 1), dash = at + 1 + first;
        size_t second = char_at(start, dash) == '-' ? digits_at(start, dash + 1) : 0;
        size_t end = dash + 1 + second;
        if (first == 0 || second == 0 || char_at(start, end) != ']' ||
            char_at(start, end + 1) != ' ')
            continue;
        ret->len = at;
        ret->chunk_end = end + 2;
        ret->message = number(sv_slice(start, at + 1, dash));
        ret->part = number(sv_slice(start, dash + 1, end));
        return at > 8;
    }
    return false;
}

void
repeated_head_read(struct sv line, struct repeated_head *ret_head)
{
    *ret_head = (struct repeated_head){0};
    if (find_chunk(line, ret_head))
        return;
    size_t at = find_level(line);
    *ret_head = (struct repeated_head){.len = at == SIZE_MAX ? 0 : at};
}

/* The same, but that the time may be a second on: no other number may differ. */
static bool
same(struct sv a, struct sv b)
{
    size_t i = 0, j = 0;
    int different = 0;
    while (i < a.len && j < b.len) {
        size_t m = digits_at(a, i), n = digits_at(b, j);
        if (m == 0 && n == 0 && a.ptr[i++] != b.ptr[j++])
            return false;
        if (m == 0 && n == 0)
            continue;
        bool equal = sv_eq(sv_slice(a, i, i + m), sv_slice(b, j, j + n));
        if (!equal && (m == 0 || n == 0 || i == 0 || (a.ptr[i - 1] != ':' && a.ptr[i - 1] != '.')))
            return false;
        different += !equal;
        i += m;
        j += n;
    }
    return i == a.len && j == b.len && different <= 1;
}

bool
repeated_head_goes_on(struct sv first, const struct repeated_head *head, int64_t last_part,
                      struct sv line, size_t *ret_text)
{
    struct repeated_head next = {0};
    if (head->len == 0)
        return false;
    if (head->chunk_end > 0) {
        *ret_text = 0;
        bool follows =
            find_chunk(line, &next) && next.message == head->message && next.part == last_part + 1;
        *ret_text = next.chunk_end;
        return follows && same(sv_slice(first, 0, head->len), sv_slice(line, 0, next.len));
    }
    size_t at = find_detail(line);
    *ret_text = at;
    return at != SIZE_MAX && same(sv_slice(first, 0, head->len), sv_slice(line, 0, at));
}
