/*
 * Numbering publications; see saving.h. Called by casebook_save() within its transaction.
 */
#include "hindcast/changes.h"
#include "store/casebook/saving.h"

int
saving_publish(struct saving *saving, struct err *err)
{
    char kept[INT_TEXT];
    const char *values[] = {saving->scope, int_text(CHANGES_REMOVED_KEPT, kept)};
    if (store_do(saving->store, QUERY_casebook_publish, values, 1, NULL, err) != 0)
        return -1;
    return store_do(saving->store, QUERY_casebook_published, values, 2, NULL, err);
}
