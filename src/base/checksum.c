/* Checksum of data files: see checksum.h. */
#include "checksum.h"
#include <string.h>

static guint64 mix(guint64 h, guint64 v)
{
    h = (h ^ v) * 0xD6E8FEB86659FD93u;
    return h ^ (h >> 32);
}

guint64 sv_checksum(const void *bytes, gsize len)
{
    const guint8 *p = bytes;
    guint64 lane[4] = {0x9E3779B97F4A7C15u ^ len, 1, 2, 3};
    gsize i = 0;
    for (; i + 32 <= len; i += 32) {
        guint64 v[4];
        memcpy(v, p + i, 32);
        for (int k = 0; k < 4; k++)
            lane[k] = mix(lane[k], v[k]);
    }
    for (; i < len; i++)
        lane[0] = mix(lane[0], p[i]);
    return mix(mix(lane[0], lane[1]), mix(lane[2], lane[3]));
}
