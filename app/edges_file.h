/*
 * Edges of services out of a file that people or tools wrote: CSV, JSON or JSON Lines. Any thread.
 *
 * CSV: two cells a line, FROM and TO; or a first line that names columns, of which "from" and "to"
 * (or parent and child, source and target, caller and callee) count. Separated by commas,
 * semicolons or tabs; empty lines and lines that begin with "#" say nothing. JSON: objects with
 * such members, one a line, in a list, or in a list that is the first member of an object ("edges",
 * "data").
 */
#ifndef APP_EDGES_FILE_H
#define APP_EDGES_FILE_H

#include "base/err.h"
#include "base/strbuf.h"

#define EDGES_FILE_MAX ((size_t)16 << 20)

struct edges_tally {
    size_t edges;     /* in the text */
    size_t doubled;   /* more often than once in the file */
    size_t to_itself; /* from a service to itself: left out */
};

/*
 * Adds the text that service_graph_read() takes. `path`: "-" is standard input. IO where it cannot
 * be read, LIMIT where it is larger than EDGES_FILE_MAX, BAD_RECORD with the number of a line that
 * is no edge, CONFIG where there are more edges than a graph may have.
 */
int edges_file_read(const char *path, struct strbuf *out, struct edges_tally *ret_tally,
                    struct err *err) MUST_CHECK;

#endif
