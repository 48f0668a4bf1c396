/* Word lists: see lists.h. */
#include "lists.h"
#include "lang_data.h"

void sv_list_visit(const char *name, SvTableVisit visit, gpointer user)
{
    g_autofree char *path = g_strconcat("/svodka/lang/", name, NULL);
    sv_table_visit(sv_lang_data_get_resource(), path, visit, user);
}
