/*
 * Running the program: see say.h.
 */
#include "tests/lib/say.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
/* wants the four before it */
#include <cmocka.h>

int
say(const char *arguments, struct strbuf *out)
{
    char command[4096], piece[8192];
    size_t got;
    int length = snprintf(command, sizeof(command), "'%s' %s", getenv("HINDCAST"), arguments);
    assert_in_range(length, 1, sizeof(command) - 1);
    FILE *pipe = popen(command, "re");
    assert_non_null(pipe);
    strbuf_clear(out);
    while ((got = fread(piece, 1, sizeof(piece), pipe)) > 0)
        strbuf_add(out, piece, got);
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
