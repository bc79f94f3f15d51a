/*
 * Names of the folders of drafts: date and first service of an incident, "2026-03-01-checkout-api",
 * when its draft is made for the first time. Portable: lower-case ASCII letters, digits and
 * hyphens, FOLDER_NAME_MAX bytes at most, none that some system reserves. Pure.
 */
#ifndef APP_FOLDER_NAME_H
#define APP_FOLDER_NAME_H

#include "hindcast/incident.h"

#define FOLDER_NAME_MAX 64 /* bytes with the suffix and the terminator */

/*
 * The date (UTC) of its first alert or declaration, and the service of the first of them that names
 * one, else of the first member that does, else "incident". Of an incident that was loaded in full.
 */
void folder_name(const struct incident *incident, char ret_name[FOLDER_NAME_MAX]);
/* The n-th name to try, from 1: where others of that day and service are there, "-2", "-3". */
void folder_name_numbered(const char *name, int n, char ret_name[FOLDER_NAME_MAX]);

#endif
