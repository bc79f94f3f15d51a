/*
 * The views of the schemas analyst and responder as a catalogue, and their rows one after the
 * other. What a login may not read is not in the catalogue: neither a view nor a column. One
 * connection, one thread, within store_read_begin(): all rows are of one snapshot, and some hundred
 * are in memory at a time.
 */
#ifndef HINDCAST_VIEWS_H
#define HINDCAST_VIEWS_H

#include "base/arena.h"
#include "hindcast/store.h"

/* How a column is read and written. */
enum view_kind {
    VIEW_TEXT,
    VIEW_NUMBER, /* also a span of time, in seconds */
    VIEW_BOOL,
    VIEW_TIME, /* nanoseconds since 1970 */
    VIEW_JSON, /* JSON, and arrays as JSON */
};

struct view_column {
    struct sv name, type, comment; /* type: as PostgreSQL names it */
    enum view_kind kind;
    bool sortable;
};

struct view {
    struct sv name; /* of analyst's as it is, of responder's with the schema before it */
    struct sv comment, schema, relation;
    const struct view_column *columns; /* only where it was found by name */
    size_t column_count;
};

/* In order of name, without columns. DB_QUERY: the login may read none of them. */
int views_list(struct store *store, struct arena *arena, struct view **ret_views, size_t *ret_count,
               struct err *err) MUST_CHECK;
/* Also by "analyst.NAME". NOT_FOUND, with the nearest as a hint; DB_QUERY: it is there, and the
 * login may not read it. */
int views_find(struct store *store, struct arena *arena, const char *name, struct view *ret_view,
               struct err *err) MUST_CHECK;

/* Rows that are asked for; absent members ask for nothing, empty scopes and services for what has
 * that name. */
struct view_filter {
    int64_t since_ns, until_ns; /* [since, until) of the view's first time column; TIME_NONE */
    struct sv scope, service;
    struct sv incident_key; /* with `scope`, that of an incident */
    struct sv incident;     /* its number, for views without keys */
};

/*
 * Fills in scope, key and number of the incident that `name` names: its number, also a merged one,
 * its key, the uid of a record, or "latest"; of `scope` where that is not absent. NOT_FOUND where
 * it is none, or more than one.
 */
int views_incident(struct store *store, struct arena *arena, const char *name, struct sv scope,
                   struct view_filter *filter, struct err *err) MUST_CHECK;

/* One cell of a row. */
struct view_cell {
    bool null;
    struct sv text;  /* of every kind but TIME */
    int64_t time_ns; /* TIME */
};

/* Called for each row; false ends the reading early, without an error. */
typedef bool view_row(void *opaque, const struct view_cell *cells);

/*
 * All rows in one order, which does not depend on how they are stored: by the first time column,
 * then by every other one from left to right. USAGE: the view has no column that a filter asks for.
 */
int views_read(struct store *store, const struct view *view, const struct view_filter *filter,
               view_row *row, void *opaque, struct err *err) MUST_CHECK;

#endif
