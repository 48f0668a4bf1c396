/* Reading a double-array word graph (the dawgdic format of the OpenCorpora dictionary).
 *
 * A unit is: bits 0-7 label, bit 8 has a value, bit 9 offset extension, bits 10-30 offset, bit 31 a value
 * unit. All steps check the index: the file is input. */
#pragma once
#include <glib.h>

typedef struct {
    const guint32 *unit;
    guint32 n;
} SvDawg;

#define SV_DAWG_ROOT 0u
#define SV_DAWG_NONE G_MAXUINT32

/* Where the children of a node stand: the child by `label` is at base ^ label. Equal for equal subgraphs. */
static inline guint32 sv_dawg_base(const SvDawg *d, guint32 node)
{
    guint32 u = d->unit[node];
    return node ^ ((u >> 10) << ((u & 0x200u) >> 6));
}

/* The child of a node by a label; SV_DAWG_NONE when there is none. */
static inline guint32 sv_dawg_follow(const SvDawg *d, guint32 node, guint8 label)
{
    guint32 next = sv_dawg_base(d, node) ^ label;
    return next < d->n && (d->unit[next] & 0x800000FFu) == label ? next : SV_DAWG_NONE;
}

/* The value of the key that ends at a node; FALSE when none ends there. */
static inline gboolean sv_dawg_value(const SvDawg *d, guint32 node, guint32 *value)
{
    guint32 at = sv_dawg_base(d, node);
    if (!(d->unit[node] & 0x100u) || at >= d->n)
        return FALSE;
    *value = d->unit[at] & 0x7FFFFFFFu;
    return TRUE;
}
