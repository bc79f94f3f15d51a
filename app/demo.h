/*
 * The bundled incident: files of our own making, the same bytes every time. The small ones are
 * embedded (app/demo/), the 20,000 log lines are generated (demo_logs.c).
 */
#ifndef APP_DEMO_H
#define APP_DEMO_H

#include <stdio.h>

#include "base/err.h"

/* Write all files below `folder`, which is made; files of the same name are replaced. */
int demo_write(const char *folder, struct err *err) MUST_CHECK;

enum demo_log { DEMO_SYSLOG, DEMO_ECS, DEMO_LOGFMT, DEMO_JSON, DEMO_LATE };
#define DEMO_LINES 5000 /* of each of the four logs */
void demo_log_write(enum demo_log which, FILE *out);

#endif
