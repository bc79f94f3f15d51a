/*
 * What rules suppressed, for people: "12 alerts suppressed by db-down (inhibit): ...". Main thread.
 */
#ifndef APP_SUPPRESSED_PRINT_H
#define APP_SUPPRESSED_PRINT_H

#include "hindcast/suppressed.h"

/* A line for each rule. */
void suppressed_print(const struct suppressed_row *rows, size_t count);
/* Reads all there is and prints it; nothing where no rule suppressed anything. */
int suppressed_tell(struct store *store, struct arena *arena, struct err *err) MUST_CHECK;

#endif
