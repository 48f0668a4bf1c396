/* Lessons as a file, and how well weights fit them: see lessons.h.
 *
 * The file: "svodka-lessons 1 FEATURES TARGETS\n", the number of rows (u32), then for each row its targets (a
 * byte each), weight and times, the number of features that are not 0 and those as (index, float). Numbers
 * are little endian. Everything read is checked against the end of the file and the head. */
#include "lessons.h"
#include "error.h"
#include <math.h>
#include <string.h>

#define ROWS_MOST 4000000u
#define LEAST_PROBABILITY 1e-6

SvLessons *sv_lessons_new(void)
{
    SvLessons *l = g_new0(SvLessons, 1);
    l->lessons = g_array_new(FALSE, FALSE, sizeof(SvLesson));
    l->features = g_array_new(FALSE, TRUE, sizeof(float));
    return l;
}

void sv_lessons_free(SvLessons *l)
{
    if (!l)
        return;
    g_array_unref(l->lessons);
    g_array_unref(l->features);
    g_free(l);
}

void sv_lessons_add(SvLessons *l, const SvLesson *lesson, const float *features)
{
    g_array_append_vals(l->lessons, lesson, 1);
    g_array_append_vals(l->features, features, SV_FEATURES);
}

/* ── the file ── */

static char *head(void)
{
    return g_strdup_printf("svodka-lessons 1 %d %d\n", SV_FEATURES, SV_WORTH_N);
}

static void put_u32(GByteArray *out, guint32 value)
{
    value = GUINT32_TO_LE(value);
    g_byte_array_append(out, (const guint8 *)&value, 4);
}

static void put_row(GByteArray *out, const SvLesson *lesson, const float *row)
{
    guint8 n = 0, tail[2] = {lesson->weight, lesson->times};
    for (int k = 0; k < SV_FEATURES; k++)
        n += row[k] != 0;
    g_byte_array_append(out, (const guint8 *)lesson->y, SV_WORTH_N);
    g_byte_array_append(out, tail, 2);
    g_byte_array_append(out, &n, 1);
    for (guint k = 0; k < SV_FEATURES; k++) {
        guint8 index = (guint8)k;
        guint32 bits;
        if (row[k] == 0)
            continue;
        memcpy(&bits, &row[k], 4);
        g_byte_array_append(out, &index, 1);
        put_u32(out, bits);
    }
}
G_STATIC_ASSERT(SV_FEATURES < 256);

gboolean sv_lessons_save(const SvLessons *l, const char *path, GError **error)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_autofree char *first = head();
    g_byte_array_append(out, (const guint8 *)first, (guint)strlen(first));
    put_u32(out, l->lessons->len);
    for (guint i = 0; i < l->lessons->len; i++)
        put_row(out, sv_lessons_get(l, i), sv_lessons_row(l, i));
    return g_file_set_contents(path, (const char *)out->data, (gssize)out->len, error);
}

typedef struct {
    const guint8 *at, *end;
} Bytes;

static gboolean take(Bytes *b, void *to, gsize n)
{
    if ((gsize)(b->end - b->at) < n)
        return FALSE;
    memcpy(to, b->at, n);
    b->at += n;
    return TRUE;
}

static gboolean take_row(Bytes *b, SvLessons *l)
{
    float row[SV_FEATURES] = {0};
    SvLesson lesson = {{0}, 0, 0};
    guint8 tail[3], index;
    guint32 bits;
    if (!take(b, lesson.y, SV_WORTH_N) || !take(b, tail, 3))
        return FALSE;
    for (int t = 0; t < SV_WORTH_N; t++)
        if (lesson.y[t] < SV_LESSON_UNKNOWN || lesson.y[t] > 1)
            return FALSE;
    lesson.weight = tail[0];
    lesson.times = tail[1];
    for (guint k = 0; k < tail[2]; k++) {
        if (!take(b, &index, 1) || !take(b, &bits, 4) || index >= SV_FEATURES)
            return FALSE;
        bits = GUINT32_FROM_LE(bits);
        memcpy(&row[index], &bits, 4);
        if (!isfinite(row[index]))
            return FALSE;
    }
    sv_lessons_add(l, &lesson, row);
    return TRUE;
}

SvLessons *sv_lessons_load(const char *path, GError **error)
{
    g_autofree char *text = NULL, *first = head();
    gsize len = 0, n = strlen(first);
    guint32 rows = 0;
    g_autoptr(SvLessons) l = sv_lessons_new();
    if (!g_file_get_contents(path, &text, &len, NULL)) {
        g_set_error(error, SV_ERROR, SV_ERROR_SETUP, "%s: cannot be read. Run make", path);
        return NULL;
    }
    Bytes b = {(const guint8 *)text, (const guint8 *)text + len};
    gboolean good = len >= n && memcmp(text, first, n) == 0;
    b.at += good ? n : 0;
    good = good && take(&b, &rows, 4) && GUINT32_FROM_LE(rows) <= ROWS_MOST;
    rows = GUINT32_FROM_LE(rows);
    for (guint i = 0; good && i < rows; i++)
        good = take_row(&b, l);
    if (!good || b.at != b.end) {
        g_set_error(error, SV_ERROR, SV_ERROR_SETUP, "%s: no lessons of this version. Run make", path);
        return NULL;
    }
    return g_steal_pointer(&l);
}

/* ── how well weights fit ── */

typedef struct {
    float score;
    gboolean good;
} Ranked;

static int by_score(gconstpointer a, gconstpointer b)
{
    const Ranked *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return x->good - y->good; /* of equals the wrong one first: no luck is counted */
}

/* Mean, over the good ones, of the share of good ones among all that rank as high. */
static double average_precision(GArray *ranked)
{
    guint found = 0;
    double sum = 0;
    g_array_sort(ranked, by_score);
    for (guint i = 0; i < ranked->len; i++)
        if (g_array_index(ranked, Ranked, i).good)
            sum += (double)++found / (i + 1);
    return found ? sum / found : 0;
}

SvFit sv_lessons_measure(const SvLessons *l, const SvWorth *worth, gboolean held_out)
{
    g_autoptr(GArray) ranked = g_array_new(FALSE, FALSE, sizeof(Ranked));
    double loss[SV_WORTH_N] = {0}, sum = 0;
    guint known[SV_WORTH_N] = {0}, targets = 0;
    for (guint i = 0; i < l->lessons->len; i++) {
        const SvLesson *lesson = sv_lessons_get(l, i);
        float score[SV_WORTH_N];
        if ((lesson->times == 0) != held_out)
            continue;
        sv_worth_scores(worth, sv_lessons_row(l, i), score);
        Ranked r = {score[SV_WORTH_PAGE], lesson->weight >= 2};
        g_array_append_val(ranked, r);
        for (int t = 0; t < SV_WORTH_N; t++) {
            if (lesson->y[t] == SV_LESSON_UNKNOWN)
                continue;
            double p = lesson->y[t] ? score[t] : 1 - (double)score[t];
            loss[t] -= log(MAX(p, LEAST_PROBABILITY));
            known[t]++;
        }
    }
    for (int t = 0; t < SV_WORTH_N; t++) {
        sum += known[t] ? loss[t] / known[t] : 0;
        targets += known[t] > 0;
    }
    return (SvFit){ranked->len, average_precision(ranked), targets ? sum / targets : 0};
}
