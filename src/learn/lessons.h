/* Lessons: what the chooser learns from, as numbers. One row is one sentence of a history: its features, and
 * for each target whether it deserves the place.
 *
 * tools/train_worth writes those of the labelled cases at build time (worth-lessons.bin), so that a running
 * system can learn again without the cases themselves. No text is in them. */
#pragma once
#include "worth.h"

#define SV_LESSON_UNKNOWN (-1) /* nothing is known of this row for this target */

typedef struct {
    gint8 y[SV_WORTH_N]; /* 1, 0 or SV_LESSON_UNKNOWN */
    guint8 weight;       /* the labelled weight, 0 … 3 */
    guint8 times;        /* counts that often in learning; 0: only measured, never learned from */
} SvLesson;

typedef struct {
    GArray *lessons;  /* SvLesson */
    GArray *features; /* float, SV_FEATURES a lesson */
} SvLessons;

SvLessons *sv_lessons_new(void);
void sv_lessons_free(SvLessons *lessons);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SvLessons, sv_lessons_free)
void sv_lessons_add(SvLessons *lessons, const SvLesson *lesson, const float *features);
static inline const SvLesson *sv_lessons_get(const SvLessons *lessons, guint i)
{
    return &g_array_index(lessons->lessons, SvLesson, i);
}
static inline const float *sv_lessons_row(const SvLessons *lessons, guint i)
{
    return &g_array_index(lessons->features, float, (gsize)i *SV_FEATURES);
}
/* As a file. SV_ERROR_SETUP: missing, damaged, of another version. */
gboolean sv_lessons_save(const SvLessons *lessons, const char *path, GError **error);
SvLessons *sv_lessons_load(const char *path, GError **error);

/* How well some weights fit. */
typedef struct {
    guint n;          /* sentences */
    double precision; /* average precision of "weight 2 and more" by the score for a page; 0 … 1 */
    double loss;      /* mean over the targets of the mean −ln of the probability given to the truth */
} SvFit;
/* Of the rows that are learned from (`held_out` FALSE) or of those that are only measured. */
SvFit sv_lessons_measure(const SvLessons *lessons, const SvWorth *worth, gboolean held_out);
