/* The chooser's model: see worth.h.
 *
 * The file is text, so that what was learned can be read: a line "svodka-worth 1 FEATURES", then for each
 * target a line with its name and FEATURES + 1 numbers, the bias last; weights of one's own also have a line
 * "base" with the digest of those that they take the place of. */
#include "worth.h"
#include "error.h"
#include <math.h>
#include <string.h>

#define LANES 12 /* SV_WORTH_N, up to whole vectors */

#define BASE "base "

struct SvWorth {
    float weight[SV_FEATURES + 1][LANES]; /* the bias last */
};
G_STATIC_ASSERT(SV_WORTH_N <= LANES);

static const char *const names[SV_WORTH_N] = {
    "brief", "page", "timeline", "task", "status", "history", "agreements", "risks", "next_steps"};

const char *sv_worth_name(SvWorthTarget target)
{
    return names[target];
}

static gboolean parse_line(SvWorth *w, const char *line)
{
    g_auto(GStrv) parts = g_strsplit(line, " ", SV_FEATURES + 3);
    if (g_strv_length(parts) != SV_FEATURES + 2)
        return FALSE;
    for (int t = 0; t < SV_WORTH_N; t++)
        if (g_str_equal(parts[0], names[t])) {
            for (int i = 0; i <= SV_FEATURES; i++) {
                w->weight[i][t] = (float)g_ascii_strtod(parts[i + 1], NULL);
                if (!isfinite(w->weight[i][t]))
                    return FALSE;
            }
            return TRUE;
        }
    return FALSE;
}

SvWorth *sv_worth_open(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(SvWorth) w = g_new0(SvWorth, 1);
    g_autofree char *head = g_strdup_printf("svodka-worth 1 %d", SV_FEATURES);
    int seen = 0;
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        g_set_error(error, SV_ERROR, SV_ERROR_SETUP, "%s: cannot be read. Run make", path);
        return NULL;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", 64);
    gboolean good = lines[0] && g_str_equal(lines[0], head);
    for (int i = 1; good && lines[i]; i++) {
        if (!*lines[i] || g_str_has_prefix(lines[i], BASE))
            continue;
        good = parse_line(w, lines[i]);
        seen++;
    }
    if (!good || seen != SV_WORTH_N) {
        g_set_error(error, SV_ERROR, SV_ERROR_SETUP, "%s: not a chooser of this version. Run make", path);
        return NULL;
    }
    return g_steal_pointer(&w);
}

char *sv_worth_base(const char *shipped_path, GError **error)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(shipped_path, &text, NULL, NULL)) {
        g_set_error(error, SV_ERROR, SV_ERROR_SETUP, "%s: cannot be read. Run make", shipped_path);
        return NULL;
    }
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    return g_strconcat(BASE, digest, "\n", NULL);
}

gboolean sv_worth_is_based(const char *path, const char *shipped_path)
{
    g_autofree char *line = sv_worth_base(shipped_path, NULL), *text = NULL;
    return line && g_file_get_contents(path, &text, NULL, NULL) && strstr(text, line);
}

void sv_worth_close(SvWorth *worth)
{
    g_free(worth);
}

void sv_worth_scores(const SvWorth *worth, const float *features, float out[SV_WORTH_N])
{
    float sum[LANES];
    memcpy(sum, worth->weight[SV_FEATURES], sizeof sum);
    for (int i = 0; i < SV_FEATURES; i++) {
        if (features[i] == 0) /* most are */
            continue;
        for (int t = 0; t < LANES; t++)
            sum[t] += worth->weight[i][t] * features[i];
    }
    for (int t = 0; t < SV_WORTH_N; t++)
        out[t] = 1 / (1 + expf(-sum[t]));
}
