/* Charts: see chart.h.
 *
 * A chart is 320 units wide and as wide as its place on the page. Months are taken from the end, at most
 * MOST_MONTHS. The figures are also there as text (title, description), for who does not see the picture.
 *
 * Keeps true: only numbers and words of ours get into the markup; a wrong document gives a smaller chart. */
#include "chart.h"
#include "html.h"
#include "web_words.h"
#include <math.h>
#include <string.h>

#define MOST_MONTHS 24
#define WIDTH 320.0
#define BARS_HEIGHT 84.0
#define TONE_HEIGHT 46.0
#define LABELS 14.0

typedef struct {
    int year, month;
    double us, client, third;
    double tone; /* NAN unknown */
} Month;

static guint read_months(const cJSON *list, Month out[MOST_MONTHS])
{
    int all = cJSON_GetArraySize(list), skip = MAX(0, all - MOST_MONTHS);
    guint n = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        const char *name = sv_json_string(item, "month");
        if (skip-- > 0 || !name || n == MOST_MONTHS)
            continue;
        gint64 year = g_ascii_strtoll(name, NULL, 10);
        gint64 month = strlen(name) >= 7 ? g_ascii_strtoll(name + 5, NULL, 10) : 0;
        if (month < 1 || month > 12 || year < 1 || year > 9999)
            continue;
        const cJSON *tone = cJSON_GetObjectItemCaseSensitive(item, "tone");
        out[n++] = (Month){(int)year, (int)month, CLAMP(sv_json_number(item, "us", 0), 0, 1e6),
            CLAMP(sv_json_number(item, "client", 0), 0, 1e6), CLAMP(sv_json_number(item, "third", 0), 0, 1e6),
            cJSON_IsNumber(tone) ? CLAMP(tone->valuedouble, -1, 1) : NAN};
    }
    return n;
}

static void begin(GString *out, double height, const char *label)
{
    g_string_append_printf(
        out, "<svg class=\"chart\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"", WIDTH, height);
    sv_html_add(out, label);
    g_string_append(out, "\">");
}

/* A decimal point whatever the locale says. */
static void add_number(GString *out, const char *name, double value)
{
    char room[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, " %s=\"%s\"", name, g_ascii_formatd(room, sizeof room, "%.1f", value));
}

static void add_bar(GString *out, const char *class_name, double x, double y, double width, double height)
{
    if (height <= 0)
        return;
    g_string_append_printf(out, "<rect class=\"%s\"", class_name);
    add_number(out, "x", x);
    add_number(out, "y", y);
    add_number(out, "width", width);
    add_number(out, "height", height);
    g_string_append(out, " rx=\"1.5\"/>");
}

static void add_label(GString *out, double x, double y, const char *anchor, const char *text)
{
    g_string_append(out, "<text");
    add_number(out, "x", x);
    add_number(out, "y", y);
    g_string_append_printf(out, " text-anchor=\"%s\">", anchor);
    sv_html_add(out, text);
    g_string_append(out, "</text>");
}

/* Names under the chart: every month when there is room, else every third or sixth, and years at January. */
static void add_names(GString *out, const Month *months, guint n, double step, double y, SvLang language)
{
    guint every = n <= 8 ? 1 : n <= 14 ? 3 : 6;
    for (guint i = 0; i < n; i++) {
        if (i % every != 0)
            continue;
        g_autofree char *name =
            n > 8 && (months[i].month == 1 || i == 0)
                ? g_strdup_printf("%s %d", sv_web_month(language, months[i].month), months[i].year)
                : g_strdup(sv_web_month(language, months[i].month));
        add_label(out, i == 0 ? 0 : (i + 0.5) * step, y, i == 0 ? "start" : "middle", name);
    }
}

char *sv_chart_activity(const cJSON *list, SvLang language)
{
    Month months[MOST_MONTHS];
    guint n = read_months(list, months);
    double most = 0;
    for (guint i = 0; i < n; i++)
        most = MAX(most, months[i].us + months[i].client + months[i].third);
    if (most <= 0)
        return NULL;
    GString *out = g_string_sized_new(4096);
    begin(out, BARS_HEIGHT + LABELS, sv_web_word(language, "card.activity"));
    double step = WIDTH / n, width = MIN(step * 0.72, 18), top = 12;
    for (guint i = 0; i < n; i++) {
        double scale = (BARS_HEIGHT - top) / most, x = i * step + (step - width) / 2, y = BARS_HEIGHT;
        const double parts[] = {months[i].us * scale, months[i].client * scale, months[i].third * scale};
        static const char *const CLASSES[] = {"us", "client", "third"};
        g_autofree char *all = g_strdup_printf("%.0f", months[i].us + months[i].client + months[i].third);
        g_string_append_printf(
            out, "<g><title>%s %d: %s</title>", sv_web_month(language, months[i].month), months[i].year, all);
        for (guint k = 0; k < G_N_ELEMENTS(parts); k++) {
            y -= parts[k];
            add_bar(out, CLASSES[k], x, y, width, parts[k]);
        }
        g_string_append(out, "</g>");
    }
    g_autofree char *peak = g_strdup_printf("%.0f", most);
    add_label(out, WIDTH, 9, "end", peak);
    g_string_append_printf(out, "<path class=\"axis\" d=\"M0 %.1fH%.0f\"/>", BARS_HEIGHT + 0.5, WIDTH);
    add_names(out, months, n, step, BARS_HEIGHT + LABELS - 2, language);
    g_string_append(out, "</svg>");
    return g_string_free(out, FALSE);
}

char *sv_chart_tone(const cJSON *list, SvLang language)
{
    Month months[MOST_MONTHS];
    guint n = read_months(list, months), known = 0;
    for (guint i = 0; i < n; i++)
        known += !isnan(months[i].tone);
    if (known < 2)
        return NULL;
    GString *out = g_string_sized_new(2048), *curve = g_string_new(NULL);
    begin(out, TONE_HEIGHT, sv_web_word(language, "card.tone"));
    double step = WIDTH / n, last_x = 0, last_y = 0;
    for (guint i = 0; i < n; i++) {
        if (isnan(months[i].tone))
            continue;
        char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];
        last_x = (i + 0.5) * step;
        last_y = TONE_HEIGHT / 2 - months[i].tone * (TONE_HEIGHT / 2 - 5);
        g_string_append_printf(curve, "%s%s %s", curve->len ? "L" : "M",
            g_ascii_formatd(x, sizeof x, "%.1f", last_x), g_ascii_formatd(y, sizeof y, "%.1f", last_y));
    }
    g_string_append_printf(out, "<path class=\"axis\" d=\"M0 %.1fH%.0f\"/><path class=\"curve\" d=\"%s\"/>",
        TONE_HEIGHT / 2, WIDTH, curve->str);
    g_string_free(curve, TRUE);
    g_string_append(out, "<circle class=\"dot\"");
    add_number(out, "cx", last_x);
    add_number(out, "cy", last_y);
    g_string_append(out, " r=\"3.5\"/></svg>");
    return g_string_free(out, FALSE);
}
