/*
 * Writes the bundled incident to a folder: `draft --demo` reads it from there, and `draft --demo
 * --write DIR` gives it to people who want to load it into a Kafka of their own. Main thread.
 */
#include "app/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/outfile.h"
#include "base/embedded.h"
#include "base/memory.h"

/* The date of each file is part of what it says: the same every time, like the bytes. */
#define WRITTEN_S INT64_C(1772553600) /* 2026-03-03T16:00Z */

static const struct {
    const char *embedded, *path;
} copies[] = {
    {"alertmanager.jsonl", "alerts/alertmanager.jsonl"},
    {"alertmanager-resolved.json", "alerts/alertmanager-resolved.json"},
    {"pagerduty.jsonl", "alerts/pagerduty.jsonl"},
    {"github.jsonl", "changes/github.jsonl"},
    {"slack-users.json", "chat/users.json"},
    {"slack-channels.json", "chat/channels.json"},
    {"slack-inc-checkout.json", "chat/inc-checkout/2026-03-03.json"},
    {"slack-deploys.json", "chat/deploys/2026-03-03.json"},
    {"pagerduty.jsonl", "late/pagerduty-again.jsonl"}, /* a whole hook delivered twice */
};

static const struct {
    enum demo_log which;
    const char *path;
} logs[] = {
    {DEMO_SYSLOG, "logs/edge-proxy.log"},         {DEMO_ECS, "logs/checkout-api.jsonl"},
    {DEMO_LOGFMT, "logs/payments.log"},           {DEMO_JSON, "logs/orders-worker.jsonl"},
    {DEMO_LATE, "late/orders-worker-late.jsonl"},
};

static const char *const folders[] = {
    "", "/alerts", "/changes", "/chat", "/logs", "/chat/inc-checkout", "/chat/deploys", "/late"};

static int
put(const char *folder, const char *path, struct sv bytes, struct err *err)
{
    char full[PATH_MAX];
    if (snprintf(full, sizeof(full), "%s/%s", folder, path) >= (int)sizeof(full))
        return err_set(err, ERR_IO, "the name of the folder is too long: %s", folder);
    if (outfile_write_bytes(full, bytes, err) != 0)
        return -1;
    const struct timespec written[2] = {{WRITTEN_S, 0}, {WRITTEN_S, 0}};
    if (utimensat(AT_FDCWD, full, written, 0) != 0)
        return err_set_errno(err, ERR_IO, errno, "cannot set the date of %s", full);
    return 0;
}

static int
put_log(const char *folder, const char *path, enum demo_log which, struct err *err)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    memory_need(out);
    demo_log_write(which, out);
    memory_need(fclose(out) == 0 ? text : NULL);
    int status = put(folder, path, sv_of(text, size), err);
    free(text);
    return status;
}

static int
make_folders(const char *folder, struct err *err)
{
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        char full[PATH_MAX];
        if (snprintf(full, sizeof(full), "%s%s", folder, folders[i]) >= (int)sizeof(full))
            return err_set(err, ERR_IO, "the name of the folder is too long: %s", folder);
        if (mkdir(full, 0777) != 0 && errno != EEXIST)
            return err_set_errno(err, ERR_IO, errno, "cannot make the folder %s", full);
    }
    return 0;
}

int
demo_write(const char *folder, struct err *err)
{
    if (make_folders(folder, err) != 0)
        return -1;
    for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); i++) {
        const struct embedded_file *file = embedded_find(embedded_demo, copies[i].embedded);
        if (file == NULL)
            return err_set(err, ERR_INTERNAL, "the demo lacks %s", copies[i].embedded);
        if (put(folder, copies[i].path, sv_of(file->text, file->size), err) != 0)
            return -1;
    }
    for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++)
        if (put_log(folder, logs[i].path, logs[i].which, err) != 0)
            return -1;
    return 0;
}
