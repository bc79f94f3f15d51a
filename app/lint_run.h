/*
 * Lint of files (report/lint/lint.h): reads them, tells what was found on stdout, and mends what
 * can be mended. All files are read and looked at before any is written. Main thread.
 */
#ifndef APP_LINT_RUN_H
#define APP_LINT_RUN_H

#include "base/config/config.h"
#include "report/lint/lint.h"

#define LINT_FILES_MAX 1000
#define LINT_FOUND 7 /* exit code: something of the level, or above it, was found */

enum lint_form { LINT_TEXT, LINT_JSON, LINT_SARIF };

struct lint_request {
    const struct config *config; /* report.lint_rules */
    char **paths;                /* "-": standard input */
    size_t count;
    enum lint_form form;
    enum lint_level least;
    bool fix; /* files are replaced whole; what was done goes to stderr */
    const volatile bool *stop;
};

/* 0, LINT_FOUND, or -1. */
int lint_run(const struct lint_request *request, struct err *err) MUST_CHECK;
/* Prints every rule, those of the team's file among them. */
int lint_print_rules(const struct config *config, struct err *err) MUST_CHECK;

#endif
