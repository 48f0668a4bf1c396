/* A temporary folder's end, for tests. */
#pragma once
#include <glib.h>
#include <glib/gstdio.h>

/* Removes a folder and all that is in it. */
static inline void sv_folder_remove(const char *dir)
{
    g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(folders, g_strdup(dir));
    for (guint i = 0; i < folders->len; i++) {
        g_autoptr(GDir) open = g_dir_open(folders->pdata[i], 0, NULL);
        for (const char *name; open && (name = g_dir_read_name(open));) {
            g_autofree char *path = g_build_filename(folders->pdata[i], name, NULL);
            if (g_file_test(path, G_FILE_TEST_IS_DIR))
                g_ptr_array_add(folders, g_steal_pointer(&path));
            else
                g_unlink(path);
        }
    }
    for (guint i = folders->len; i-- > 0;)
        g_rmdir(folders->pdata[i]);
}
