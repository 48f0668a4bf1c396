/* Style, scripts, icons; the pages that are the same for everybody. */
#include "pages.h"
#include "error.h"
#include <string.h>

#define NOTHING "default-src 'none'; frame-ancestors 'none'"

static SvAnswer *answer_file(const char *name, const char *keep, const char *policy, GError **error)
{
    const char *type = NULL;
    GBytes *bytes = sv_site_file(name, &type);
    if (!bytes) {
        g_set_error(error, SV_ERROR, SV_ERROR_NOT_FOUND, "there is no such file");
        return NULL;
    }
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);
    SvAnswer *answer = sv_answer_new(200, type, data, len);
    g_autofree char *etag = g_strdup_printf("\"%s\"", sv_site_version());
    sv_answer_header(answer, "ETag", etag);
    sv_answer_header(answer, "Cache-Control", keep);
    sv_answer_header(answer, "X-Content-Type-Options", "nosniff");
    sv_answer_header(answer, "Content-Security-Policy", policy);
    return answer;
}

SvAnswer *sv_page_static(SvCall *call, GError **error)
{
    const char *version = sv_request_query(call->request, "v");
    gboolean ours = version && strcmp(version, sv_site_version()) == 0;
    return answer_file(
        call->parameters[0], ours ? "public, max-age=31536000, immutable" : "no-cache", NOTHING, error);
}

/* The worker stands at the root, because it may only look after what is below it. It asks only us. */
SvAnswer *sv_page_worker(SvCall *call, GError **error)
{
    return answer_file(
        "worker.js", "no-cache", "default-src 'none'; connect-src 'self'; frame-ancestors 'none'", error);
}

SvAnswer *sv_page_favicon(SvCall *call, GError **error)
{
    return answer_file("icon-192.png", "public, max-age=86400", NOTHING, error);
}

SvAnswer *sv_page_offline(SvCall *call, GError **error)
{
    return sv_page_answer(sv_page_new(call, "offline", "offline.title"), "offline", 200, error);
}

SvAnswer *sv_page_help(SvCall *call, GError **error)
{
    return sv_page_answer(sv_page_new(call, "help", "help.title"), "help", 200, error);
}
