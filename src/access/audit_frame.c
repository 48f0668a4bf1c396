/* An entry of the audit's journal as bytes: see audit_frame.h. Reading trusts nothing: a journal may have
 * been cut by a crash or damaged by a disk. */
#include "audit_frame.h"
#include "utf8.h"
#include <sodium.h>
#include <string.h>

#define MAGIC "SvA1"
#define HEAD 24u  /* magic, length, checksum */
#define SUM 16u
#define FIXED 40u /* five numbers */
#define ACTION_MOST 64u
#define DETAIL_MOST 240u
#define ADDRESS_MOST 64u
G_STATIC_ASSERT(HEAD + FIXED + ACTION_MOST + DETAIL_MOST + ADDRESS_MOST + 3 <= SV_AUDIT_FRAME_MOST);

static guint8 *put_number(guint8 *out, gint64 value)
{
    guint64 little = GUINT64_TO_LE((guint64)value);
    memcpy(out, &little, sizeof little);
    return out + sizeof little;
}

static gint64 get_number(const guint8 *bytes, guint i)
{
    guint64 little;
    memcpy(&little, bytes + i * sizeof little, sizeof little);
    return (gint64)GUINT64_FROM_LE(little);
}

/* At most `most` bytes, whole characters; what is no printable text becomes "?". */
static guint8 *put_text(guint8 *out, const char *text, gsize most)
{
    gsize len = text ? strnlen(text, most + 1) : 0;
    if (len > most)
        len = sv_utf8_floor(text, most);
    gboolean valid = len == 0 || g_utf8_validate(text, (gssize)len, NULL);
    for (gsize i = 0; i < len; i++) {
        guint8 c = (guint8)text[i];
        out[i] = c < 0x20 || c == 0x7f || (c >= 0x80 && !valid) ? '?' : c;
    }
    out[len] = 0;
    return out + len + 1;
}

gsize sv_audit_frame_put(guint8 out[SV_AUDIT_FRAME_MOST], gint64 number, gint64 at, const SvDeed *deed)
{
    guint8 *p = out + HEAD;
    p = put_number(p, number);
    p = put_number(p, at);
    p = put_number(p, deed->account);
    p = put_number(p, deed->client);
    p = put_number(p, deed->status);
    p = put_text(p, deed->action, ACTION_MOST);
    p = put_text(p, deed->detail, DETAIL_MOST);
    p = put_text(p, deed->address, ADDRESS_MOST);
    gsize len = (gsize)(p - out) - HEAD;
    guint32 little = GUINT32_TO_LE((guint32)len);
    memcpy(out, MAGIC, 4);
    memcpy(out + 4, &little, 4);
    crypto_generichash(out + 8, SUM, out + HEAD, len, NULL, 0);
    return HEAD + len;
}

/* Three texts, each ended by a NUL, and nothing else. */
static gboolean get_texts(const char *p, gsize len, SvAuditEntry *entry)
{
    const char **texts[] = {&entry->action, &entry->detail, &entry->address};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        const char *end = memchr(p, 0, len);
        if (!end || !g_utf8_validate(p, end - p, NULL))
            return FALSE;
        *texts[i] = p;
        len -= (gsize)(end + 1 - p);
        p = end + 1;
    }
    return len == 0;
}

gboolean sv_audit_frame_get(const guint8 *bytes, gsize len, gsize *used, SvAuditEntry *entry)
{
    guint32 size;
    guint8 sum[SUM];
    if (len < HEAD + FIXED || memcmp(bytes, MAGIC, 4) != 0)
        return FALSE;
    memcpy(&size, bytes + 4, 4);
    size = GUINT32_FROM_LE(size);
    if (size < FIXED || size > SV_AUDIT_FRAME_MOST - HEAD || size > len - HEAD)
        return FALSE;
    const guint8 *rest = bytes + HEAD;
    crypto_generichash(sum, SUM, rest, size, NULL, 0);
    if (memcmp(sum, bytes + 8, SUM) != 0 || !get_texts((const char *)rest + FIXED, size - FIXED, entry))
        return FALSE;
    entry->number = get_number(rest, 0);
    entry->at = get_number(rest, 1);
    entry->account = get_number(rest, 2);
    entry->client = get_number(rest, 3);
    entry->status = get_number(rest, 4);
    *used = HEAD + size;
    return TRUE;
}

gboolean sv_audit_frame_next(const guint8 *bytes, gsize len, gsize *at, gsize *skipped, SvAuditEntry *entry)
{
    for (gsize from = *at; from < len; from++) {
        gsize used;
        const guint8 *found = memmem(bytes + from, len - from, MAGIC, 4);
        if (!found)
            return FALSE;
        from = (gsize)(found - bytes);
        if (!sv_audit_frame_get(found, len - from, &used, entry))
            continue;
        *skipped += from - *at;
        *at = from + used;
        return TRUE;
    }
    return FALSE;
}
