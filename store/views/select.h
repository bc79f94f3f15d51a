/*
 * The statement that reads a view: DECLARE of a cursor, with names and values quoted. Internal to
 * store/views/; pure but for libpq's quoting.
 */
#ifndef STORE_VIEWS_SELECT_H
#define STORE_VIEWS_SELECT_H

#include "base/strbuf.h"
#include "hindcast/views.h"
#include "store/pg/conn.h"

#define VIEW_CURSOR "hindcast_view"

/* USAGE: the view has no column that a filter asks for. */
int view_select(struct store *store, const struct view *view, const struct view_filter *filter,
                struct strbuf *out, struct err *err) MUST_CHECK;

#endif
