/* Templates and static files out of the program: see site.h.
 *
 * Keeps true: everything is read once and never changed, so that threads may share it. */
#include "site.h"
#include "sv-web-data.h"
#include <gio/gio.h>
#include <string.h>

#define PAGES "/svodka/app/pages"

const char SV_SITE_POLICY[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; worker-src 'self'";

typedef struct {
    const char *name, *type;
} FileType;

static const FileType FILES[] = {
    {"app.css", "text/css; charset=utf-8"},
    {"app.js", "text/javascript; charset=utf-8"},
    {"htmx.js", "text/javascript; charset=utf-8"},
    {"worker.js", "text/javascript; charset=utf-8"},
    {"app.webmanifest", "application/manifest+json"},
    {"icon.svg", "image/svg+xml"},
    {"icon-192.png", "image/png"},
    {"icon-512.png", "image/png"},
};

typedef struct {
    SvTemplates *templates;
    GBytes *files[G_N_ELEMENTS(FILES)];
    char version[13];
} Site;

static GBytes *load(const char *path)
{
    g_autoptr(GError) error = NULL;
    GBytes *bytes =
        g_resource_lookup_data(sv_web_data_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
    if (!bytes)
        g_error("%s", error->message);
    return bytes;
}

static void load_templates(Site *site)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names =
        g_resource_enumerate_children(sv_web_data_get_resource(), PAGES, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    site->templates = sv_templates_new();
    for (guint i = 0; names && names[i]; i++) {
        g_autofree char *path = g_strconcat(PAGES "/", names[i], NULL);
        g_autofree char *name = g_strndup(names[i], strcspn(names[i], "."));
        g_autoptr(GBytes) bytes = load(path);
        gsize len;
        const char *text = g_bytes_get_data(bytes, &len);
        if (!sv_templates_add(site->templates, name, text, len, &error))
            g_error("%s", error->message);
    }
    if (!sv_templates_check(site->templates, &error))
        g_error("%s", error->message);
}

static void load_files(Site *site)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < G_N_ELEMENTS(FILES); i++) {
        g_autofree char *path = g_strconcat("/svodka/app/", FILES[i].name, NULL);
        site->files[i] = load(path);
        gsize len;
        const guchar *bytes = g_bytes_get_data(site->files[i], &len);
        g_checksum_update(checksum, bytes, (gssize)len);
    }
    g_strlcpy(site->version, g_checksum_get_string(checksum), sizeof site->version);
}

static const Site *get_site(void)
{
    static gsize once = 0;
    static Site site;
    if (g_once_init_enter(&once)) {
        load_templates(&site);
        load_files(&site);
        g_once_init_leave(&once, 1);
    }
    return &site;
}

const SvTemplates *sv_site_templates(void)
{
    return get_site()->templates;
}

const char *sv_site_version(void)
{
    return get_site()->version;
}

GBytes *sv_site_file(const char *name, const char **type)
{
    for (guint i = 0; i < G_N_ELEMENTS(FILES); i++) {
        if (strcmp(FILES[i].name, name) != 0)
            continue;
        *type = FILES[i].type;
        return get_site()->files[i];
    }
    return NULL;
}
