/*
 * One writer at a time in a folder: two runs that find the drafts of a folder, or merge a draft and
 * keep its base, wait for each other. The lock is on the folder itself, leaves no file, and goes
 * with the process that holds it. Main thread.
 *
 * A folder that holds folders of drafts is locked before one of these; no run takes a lock twice.
 */
#ifndef APP_FOLDER_LOCK_H
#define APP_FOLDER_LOCK_H

/*
 * Waits for it, and says so on stderr where it has to. Returns what to give back; -1 where the
 * folder is not there or its file system knows no locks: then nobody waits.
 */
int folder_lock(const char *folder);
/* The same for the folder that a file is in. */
int folder_lock_of(const char *path);
/* -1: nothing. */
void folder_unlock(int lock);

#endif
