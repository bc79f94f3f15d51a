/*
 * Runs the embedded scripts/postgres: see draft_cluster.h. The shell is in a process group of its
 * own, so that Ctrl-C reaches us alone and the server is always stopped by us, in order.
 */
#include "app/draft_cluster.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/embedded.h"

#define OUTPUT_MAX ((size_t)64 * 1024)

struct shell {
    pid_t pid;
    int input, output;
};

static int
spawn(struct shell *shell, char *const *argv, int in[2], int out[2])
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults, none;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGXFSZ);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    sigemptyset(&none); /* the thread that calls may block all */
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETPGROUP);
    int number = posix_spawn(&shell->pid, "/bin/sh", &actions, &attributes, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return number;
}

static int
shell_start(struct shell *shell, char *const *argv, struct err *err)
{
    int in[2], out[2];
    if (pipe2(in, O_CLOEXEC) != 0)
        return err_set_errno(err, ERR_FAILED, errno, "cannot make a pipe");
    if (pipe2(out, O_CLOEXEC) != 0) {
        err_set_errno(err, ERR_FAILED, errno, "cannot make a pipe");
        close(in[0]);
        close(in[1]);
        return -1;
    }
    int number = spawn(shell, argv, in, out);
    close(in[0]);
    close(out[1]);
    shell->input = in[1];
    shell->output = out[0];
    if (number == 0)
        return 0;
    close(in[1]);
    close(out[0]);
    return err_set_errno(err, ERR_FAILED, number, "cannot run /bin/sh");
}

/* The script prints nothing before it was read whole, so writing first cannot block for good. */
static int
shell_finish(struct shell *shell, const struct embedded_file *script, struct strbuf *output)
{
    size_t written = 0;
    while (written < script->size) {
        ssize_t put = write(shell->input, script->text + written, script->size - written);
        if (put < 0 && errno != EINTR)
            break;
        written += put > 0 ? (size_t)put : 0;
    }
    close(shell->input);
    char chunk[4096];
    for (;;) {
        ssize_t got = read(shell->output, chunk, sizeof(chunk));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        strbuf_add(output, chunk, (size_t)got);
    }
    close(shell->output);
    int status;
    while (waitpid(shell->pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
run_script(const char *command, const char *folder, bool keep, const char *template,
           struct strbuf *output, struct err *err)
{
    const struct embedded_file *script = embedded_find(embedded_scripts, "postgres");
    if (script == NULL)
        return err_set(err, ERR_INTERNAL, "this program was built without scripts/postgres");
    const char *argv[12] = {"sh", "-s", "--", command, "--private", "--dir", folder};
    size_t count = 7;
    if (keep)
        argv[count++] = "--keep";
    if (template != NULL) {
        argv[count++] = "--template";
        argv[count++] = template;
    }
    struct shell shell;
    if (shell_start(&shell, (char *const *)argv, err) != 0)
        return -1;
    if (shell_finish(&shell, script, output) == 0)
        return 0;
    err_set(err, ERR_DB_DOWN, "the private PostgreSQL in %s did not %s", folder, command);
    return err_hint(
        err, "the reason is above; 'make demo' installs what is missing on Debian and Ubuntu");
}

/* "export PGHOST='/tmp/x'": the word as the shell would read it, quoted for libpq. */
static void
add_setting(struct strbuf *conninfo, const char *name, struct sv word)
{
    strbuf_addf(conninfo, "%s='", name);
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        if (c == '\'') {
            struct sv rest = sv_slice(word, i, word.len);
            if (!sv_starts(rest, SV("'\\''")))
                continue; /* opens or closes the word */
            strbuf_add_text(conninfo, "\\'");
            i += 3;
        } else {
            if (c == '\\')
                strbuf_add_char(conninfo, c);
            strbuf_add_char(conninfo, c);
        }
    }
    strbuf_add_text(conninfo, "' ");
}

static void
read_settings(struct sv output, struct strbuf *conninfo)
{
    static const struct {
        const char *prefix, *name;
    } settings[] = {{"export PGHOST=", "host"},
                    {"export PGPORT=", "port"},
                    {"export PGUSER=", "user"},
                    {"export PGDATABASE=", "dbname"}};
    struct sv line;
    while (sv_split(&output, '\n', &line))
        for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
            if (sv_starts(line, sv_from(settings[i].prefix)))
                add_setting(conninfo, settings[i].name,
                            sv_slice(line, strlen(settings[i].prefix), line.len));
}

int
draft_cluster_start(const char *folder, const char *template, struct strbuf *conninfo,
                    struct err *err)
{
    struct strbuf output;
    strbuf_init(&output, OUTPUT_MAX);
    int status = run_script("start", folder, false, template, &output, err);
    if (status == 0)
        read_settings(strbuf_view(&output), conninfo);
    strbuf_release(&output);
    return status;
}

int
draft_cluster_save(const char *folder, const char *template, struct err *err)
{
    struct strbuf output;
    strbuf_init(&output, OUTPUT_MAX);
    int status = run_script("save", folder, false, template, &output, err);
    strbuf_release(&output);
    return status;
}

int
draft_cluster_stop(const char *folder, bool keep, struct err *err)
{
    struct strbuf output;
    strbuf_init(&output, OUTPUT_MAX);
    int status = run_script("stop", folder, keep, NULL, &output, err);
    strbuf_release(&output);
    return status;
}
