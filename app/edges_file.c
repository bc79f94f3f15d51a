/*
 * Edges out of a file: see edges_file.h. The CSV is read here.
 */
#include "app/edges_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/edges_list.h"
#include "ingest/parse/csv.h"

#define COLUMNS_MAX 64

/* Which columns count; without a first line that says so the only two. */
struct columns {
    char separator;
    bool named;
    size_t from, to;
};

static char
separator_of(struct sv row)
{
    if (sv_find_char(row, '\t') != SIZE_MAX)
        return '\t';
    return sv_find_char(row, ',') == SIZE_MAX && sv_find_char(row, ';') != SIZE_MAX ? ';' : ',';
}

/* True where the row is a head: it names both ends. */
static bool
read_head(struct arena *arena, struct sv row, struct columns *columns)
{
    struct sv cells[COLUMNS_MAX];
    size_t found[2] = {SIZE_MAX, SIZE_MAX};
    columns->separator = separator_of(row);
    columns->to = 1;
    size_t count = csv_cells(arena, row, columns->separator, cells, COLUMNS_MAX);
    for (size_t i = 0; i < count && i < COLUMNS_MAX; i++) {
        enum edge_end end = edge_end_of(sv_trim(cells[i]));
        if (end != EDGE_NEITHER && found[end] == SIZE_MAX)
            found[end] = i;
    }
    if (found[EDGE_FROM] == SIZE_MAX || found[EDGE_TO] == SIZE_MAX)
        return false;
    columns->named = true;
    columns->from = found[EDGE_FROM];
    columns->to = found[EDGE_TO];
    return true;
}

static int
read_row(struct edges_list *list, const struct columns *columns, size_t line, struct sv row,
         struct err *err)
{
    struct sv cells[COLUMNS_MAX];
    if (csv_open(row))
        return edges_list_fail(line, "a quote is not closed", err);
    size_t count = csv_cells(list->arena, row, columns->separator, cells, COLUMNS_MAX);
    if (count > COLUMNS_MAX || count <= columns->from || count <= columns->to)
        return edges_list_fail(line, "not as many cells as an edge has: FROM,TO", err);
    if (!columns->named && count > 2)
        return edges_list_fail(
            line, "more than FROM,TO, and no first line says which columns these are", err);
    return edges_list_add(list, line, cells[columns->from], cells[columns->to], err);
}

static int
read_csv(struct edges_list *list, struct sv text, struct err *err)
{
    struct columns columns = {.separator = '\0'};
    struct sv row, rest = text;
    for (size_t line = 1; rest.len > 0 && sv_split(&rest, '\n', &row); line++) {
        if (row.len > 0 && row.ptr[row.len - 1] == '\r')
            row.len--;
        if (sv_empty(sv_trim(row)) || row.ptr[0] == '#')
            continue;
        if (columns.separator == '\0' && read_head(list->arena, row, &columns))
            continue;
        if (read_row(list, &columns, line, row, err) != 0)
            return -1;
    }
    return 0;
}

static int
read_bytes(const char *path, struct strbuf *out, struct err *err)
{
    char block[16384];
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
    if (file == NULL)
        return err_set_errno(err, ERR_IO, errno, "cannot read %s", path);
    for (size_t got; (got = fread(block, 1, sizeof(block), file)) > 0 && !out->overflow;)
        strbuf_add(out, block, got);
    int number = ferror(file) ? errno : 0;
    if (file != stdin)
        fclose(file);
    if (number != 0)
        return err_set_errno(err, ERR_IO, number, "cannot read %s", path);
    if (out->overflow)
        return err_set(err, ERR_LIMIT, "%s is larger than %zu MiB", path, EDGES_FILE_MAX >> 20);
    return 0;
}

/* Sorted and once each; what a graph may have at most is told before it is stored. */
static int
finish(struct edges_list *list, struct strbuf *out, struct edges_tally *ret_tally, struct err *err)
{
    struct service_graph graph;
    size_t from = out->len, to_itself = 0;
    for (size_t i = 0; i < list->count; i++)
        to_itself += sv_eq(list->edges[i].from, list->edges[i].to);
    size_t edges = service_graph_write(list->edges, list->count, out);
    *ret_tally = (struct edges_tally){edges, list->count - to_itself - edges, to_itself};
    return service_graph_read(list->arena, sv_slice(strbuf_view(out), from, out->len), &graph, err);
}

int
edges_file_read(const char *path, struct strbuf *out, struct edges_tally *ret_tally,
                struct err *err)
{
    struct arena arena;
    struct strbuf bytes;
    arena_init(&arena, 0);
    strbuf_init(&bytes, EDGES_FILE_MAX);
    struct edges_list list = {.arena = &arena,
                              .edges = ARENA_ARRAY(&arena, struct service_edge, EDGES_TOLD_MAX)};
    int status = read_bytes(path, &bytes, err);
    if (status == 0) {
        struct sv text = strbuf_view(&bytes), begin;
        if (sv_starts(text, SV("\xef\xbb\xbf")))
            text = sv_slice(text, 3, text.len);
        begin = sv_trim(text);
        bool json = sv_starts(begin, SV("[")) || sv_starts(begin, SV("{"));
        status = json ? edges_read_json(&list, text, err) : read_csv(&list, text, err);
        if (status != 0)
            err_prefix(err, "%s", path);
    }
    if (status == 0)
        status = finish(&list, out, ret_tally, err);
    strbuf_release(&bytes);
    arena_release(&arena);
    return status;
}
