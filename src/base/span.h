/* Bytes from…to of a text: to is one past the last. */
#pragma once
#include <glib.h>

typedef struct {
    guint32 from, to;
} SvSpan;

static inline gboolean sv_span_overlaps(SvSpan a, SvSpan b)
{
    return a.from < b.to && b.from < a.to;
}
