/*
 * Names of folders: see folder_name.h. Called by draft for incidents without a folder.
 */
#include "app/folder_name.h"

#include <stdio.h>

#include "base/clock.h"

#define SERVICE_MAX 40
#define NO_SERVICE "incident"

static struct sv
first_service(const struct incident *incident)
{
    for (int opening = 1; opening >= 0; opening--)
        for (size_t i = 0; i < incident->node_count; i++) {
            const struct node *node = incident->nodes[i];
            if (node_is_opening(node) == (opening == 1) && !sv_empty(node->service))
                return node->service;
        }
    return incident->place; /* of a candidate; absent of others */
}

static char
portable(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-';
}

/* What is not portable is a hyphen, of which never two follow each other or end it. */
static void
simplify(struct sv text, char ret_name[SERVICE_MAX + 1])
{
    size_t length = 0;
    for (size_t i = 0; i < text.len && length < SERVICE_MAX; i++) {
        char c = portable(text.ptr[i]);
        if (c != '-' || (length > 0 && ret_name[length - 1] != '-'))
            ret_name[length++] = c;
    }
    while (length > 0 && ret_name[length - 1] == '-')
        length--;
    ret_name[length] = '\0';
}

void
folder_name(const struct incident *incident, char ret_name[FOLDER_NAME_MAX])
{
    struct civil at;
    char service[SERVICE_MAX + 1];
    civil_from_ns(incident->first_ns, &at);
    simplify(first_service(incident), service);
    snprintf(ret_name, FOLDER_NAME_MAX, "%04d-%02d-%02d-%s", at.year, at.month, at.day,
             service[0] == '\0' ? NO_SERVICE : service);
}

void
folder_name_numbered(const char *name, int n, char ret_name[FOLDER_NAME_MAX])
{
    if (n == 1)
        snprintf(ret_name, FOLDER_NAME_MAX, "%s", name);
    else
        snprintf(ret_name, FOLDER_NAME_MAX, "%.*s-%d", SERVICE_MAX + 11, name, n);
}
