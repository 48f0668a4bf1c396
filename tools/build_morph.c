/* Makes the morphology file of src/lang/morph_blob.h from an unpacked pymorphy3 dictionary.
 *
 *     build_morph FOLDER OUT
 *
 * The word graphs are copied as they are. What takes time when a word is looked up is worked out here: the
 * records below a word become short lists found by the node they hang from, tags become bits, P(tag | word)
 * becomes a list a word. Written to OUT.tmp first, then renamed, so a broken run leaves no half file.
 *
 * Formats: the dictionary's own (paradigms, suffixes, tags: JSON and u16 arrays; graphs: dawgdic). */
#include <stdio.h>
#include <string.h>
#include "build_overlay.h"
#include "dawg.h"
#include "error.h"
#include "fold.h"
#include "json.h"
#include "morph_parts.h"
#include "checksum.h"

#define MAX_KEY 200u    /* bytes of a key of P(tag | word) */
#define MAX_RECORDS 64u /* readings of one word */
#define MAX_GUESSES 24u /* kept records of one ending */

typedef struct {
    char *bytes;
    SvDawg graph;
    const guint8 *guide;
} Graph;

typedef struct {
    const char *folder;
    GByteArray *section[SV_SEC_N];
    GHashTable *tag_ids; /* tag text → id + 1 */
    GArray *tags;        /* SvGram */
} Build;

static const char *const grammemes[SV_GR_N] = {"NOUN", "ADJF", "ADJS", "COMP", "VERB", "INFN", "PRTF", "PRTS",
    "GRND", "NUMR", "ADVB", "NPRO", "PRED", "PREP", "CONJ", "PRCL", "INTJ", "anim", "inan", "masc", "femn",
    "neut", "Ms-f", "sing", "plur", "nomn", "gent", "datv", "accs", "ablt", "loct", "voct", "gen2", "loc2",
    "perf", "impf", "tran", "intr", "1per", "2per", "3per", "pres", "past", "futr", "indc", "impr", "actv",
    "pssv", "Name", "Surn", "Patr", "Geox", "Orgn", "Abbr", "Fixd", "Apro", "Infr"};
static const char *const rare[] = {"Infr", "Arch", "Slng", "Erro", "Dist", "V-be", "V-bi", "V-ej", "V-en",
    "V-ey", "V-ie", "V-oy", "V-sh", "Litr", "acc2"};

static gboolean fail(GError **error, const char *folder, const char *file, const char *reason)
{
    g_set_error(error, SV_ERROR, SV_ERROR_SETUP, "%s/%s: %s. Delete the folder and run `make setup`.", folder,
        file, reason);
    return FALSE;
}

static gboolean load(const Build *b, const char *file, char **bytes, gsize *size, GError **error)
{
    g_autofree char *path = g_build_filename(b->folder, file, NULL);
    g_autoptr(GError) cause = NULL;
    if (!g_file_get_contents(path, bytes, size, &cause))
        return fail(error, b->folder, file, cause->message);
    return TRUE;
}

static void graph_clear(Graph *g)
{
    g_free(g->bytes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Graph, graph_clear)

static gboolean load_graph(const Build *b, const char *file, Graph *g, GError **error)
{
    gsize size;
    if (!load(b, file, &g->bytes, &size, error))
        return FALSE;
    guint32 n = 0;
    if (size >= 8)
        memcpy(&n, g->bytes, 4);
    if (n == 0 || n > size / 4 || size != 8 + 6 * (gsize)n)
        return fail(error, b->folder, file, "is no word graph");
    g->graph.n = n;
    g->graph.unit = (const guint32 *)(const void *)(g->bytes + 4);
    g->guide = (const guint8 *)g->bytes + 8 + 4 * (gsize)n;
    return TRUE;
}

static guint32 first_child(const Graph *g, guint32 node)
{
    guint8 label = g->guide[2 * (gsize)node];
    return label ? sv_dawg_follow(&g->graph, node, label) : SV_DAWG_NONE;
}

static guint32 next_sibling(const Graph *g, guint32 parent, guint32 child)
{
    guint8 label = g->guide[2 * (gsize)child + 1];
    return label ? sv_dawg_follow(&g->graph, parent, label) : SV_DAWG_NONE;
}

typedef void (*KeyVisit)(const char *key, gsize len, guint32 value, gpointer user);

/* Every key below a node, at most max_len bytes of it, with an explicit path instead of recursion. */
static void visit_keys(const Graph *g, guint32 root, gsize max_len, KeyVisit visit, gpointer user)
{
    guint32 path[MAX_KEY + 2] = {root};
    char key[MAX_KEY + 2];
    gsize depth = 0;
    max_len = MIN(max_len, MAX_KEY);
    guint32 next = first_child(g, root);
    for (;;) {
        if (next != SV_DAWG_NONE && depth < max_len) {
            key[depth++] = (char)(g->graph.unit[next] & 0xFF);
            path[depth] = next;
            guint32 value;
            if (sv_dawg_value(&g->graph, next, &value))
                visit(key, depth, value, user);
            next = first_child(g, next);
            continue;
        }
        if (depth == 0)
            return;
        next = next_sibling(g, path[depth - 1], path[depth]);
        depth--;
    }
}

/* --- records below a word --- */

typedef struct {
    guint fields, n;
    guint16 value[MAX_RECORDS][3];
} Records;

static void add_record(const char *key, gsize len, guint32 value, gpointer user)
{
    Records *r = user;
    if (len < 2 || key[len - 1] != '\n' || r->n >= MAX_RECORDS)
        return;
    char text[24] = {0};
    memcpy(text, key, MIN(len - 1, sizeof text - 1));
    gsize size;
    g_autofree guchar *bytes = g_base64_decode(text, &size);
    /* the count of a guess is a u32, all else u16, all big-endian */
    gsize skip = r->fields == 3 ? 2 : 0;
    if (size != skip + 2 * (gsize)r->fields)
        return;
    for (guint i = 0; i < r->fields; i++)
        r->value[r->n][i] = (guint16)(bytes[skip + 2 * i] << 8 | bytes[skip + 2 * i + 1]);
    if (skip && (bytes[0] || bytes[1]))
        r->value[r->n][0] = G_MAXUINT16;
    r->n++;
}

static gboolean tag_guesses(const Build *b, guint16 paradigm, guint16 form)
{
    const guint32 *first = (const guint32 *)(const void *)b->section[SV_SEC_PARADIGMS]->data;
    guint n = b->section[SV_SEC_PARADIGMS]->len / 4 - 1;
    if (paradigm >= n || form >= first[paradigm + 1] - first[paradigm])
        return FALSE;
    const guint16 *forms = (const guint16 *)(const void *)b->section[SV_SEC_FORMS]->data;
    SvGram tag = g_array_index(b->tags, SvGram, forms[3 * (first[paradigm] + form) + 1]);
    SvGram closed = SV_G(SV_POS_NUMR) | SV_G(SV_POS_NPRO) | SV_G(SV_POS_PRED) | SV_G(SV_POS_PREP) |
                    SV_G(SV_POS_CONJ) | SV_G(SV_POS_PRCL) | SV_G(SV_POS_INTJ) | SV_G(SV_GR_APRO) |
                    SV_G(SV_GR_ABBR);
    return !(tag & closed);
}

static int more_often(const void *a, const void *b)
{
    const guint16 *x = a, *y = b;
    if (x[0] != y[0])
        return x[0] > y[0] ? -1 : 1;
    return memcmp(x + 1, y + 1, 4);
}

static guint keep_guesses(const Build *b, Records *r)
{
    guint kept = 0;
    for (guint i = 0; i < r->n; i++)
        if (tag_guesses(b, r->value[i][1], r->value[i][2]))
            memmove(r->value[kept++], r->value[i], sizeof r->value[0]);
    qsort(r->value, kept, sizeof r->value[0], more_often);
    return MIN(kept, MAX_GUESSES);
}

static void append(GByteArray *to, gconstpointer data, gsize size)
{
    g_byte_array_append(to, data, (guint)size);
}

/* A list of u16 records; its place in u16. */
static guint32 append_list(GByteArray *lists, const Records *r)
{
    guint32 at = lists->len / 2;
    guint16 n = (guint16)r->n;
    append(lists, &n, 2);
    for (guint i = 0; i < r->n; i++)
        append(lists, r->value[i], 2 * (gsize)r->fields);
    return at;
}

typedef struct {
    guint32 key, list;
} Slot;

static void write_index(GByteArray *out, const GArray *slots)
{
    guint32 size = 8;
    while (size < slots->len * 2)
        size *= 2;
    g_autofree Slot *table = g_new0(Slot, size);
    for (guint i = 0; i < slots->len; i++) {
        const Slot *s = &g_array_index(slots, Slot, i);
        guint32 at = sv_blob_slot(s->key) & (size - 1);
        while (table[at].key)
            at = (at + 1) & (size - 1);
        table[at] = *s;
    }
    append(out, table, (gsize)size * sizeof(Slot));
}

/* Walks every node once and turns the records below it into lists. */
static void build_lists(const Build *b, const Graph *g, guint fields, GByteArray *index, GByteArray *lists)
{
    g_autofree guint8 *seen = g_malloc0(g->graph.n / 8 + 1);
    g_autofree guint8 *listed = g_malloc0(g->graph.n / 8 + 1);
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(Slot));
    guint32 node = SV_DAWG_ROOT;
    g_array_append_val(stack, node);
    while (stack->len) {
        node = g_array_index(stack, guint32, stack->len - 1);
        g_array_set_size(stack, stack->len - 1);
        guint32 base = sv_dawg_base(&g->graph, node);
        if (base >= g->graph.n || (seen[base / 8] & 1 << base % 8))
            continue;
        seen[base / 8] |= (guint8)(1 << base % 8);
        for (guint32 c = first_child(g, node); c != SV_DAWG_NONE; c = next_sibling(g, node, c)) {
            if ((g->graph.unit[c] & 0xFF) != 1) {
                g_array_append_val(stack, c);
                continue;
            }
            guint32 at = sv_dawg_base(&g->graph, c);
            if (at >= g->graph.n || (listed[at / 8] & 1 << at % 8))
                continue;
            listed[at / 8] |= (guint8)(1 << at % 8);
            Records r = {.fields = fields};
            visit_keys(g, c, 20, add_record, &r);
            r.n = fields == 3 ? keep_guesses(b, &r) : r.n;
            Slot slot = {at + 1, append_list(lists, &r)};
            g_array_append_val(slots, slot);
        }
    }
    write_index(index, slots);
}

/* --- tags, suffixes, paradigms --- */

static SvGram read_tag(const char *text)
{
    g_auto(GStrv) words = g_strsplit_set(text, ", ", -1);
    SvGram gram = 0;
    for (guint i = 0; words[i]; i++) {
        for (guint k = 0; k < SV_GR_N; k++)
            if (k != SV_GR_RARE && g_str_equal(words[i], grammemes[k]))
                gram |= SV_G(k);
        for (guint k = 0; k < G_N_ELEMENTS(rare); k++)
            if (g_str_equal(words[i], rare[k]))
                gram |= SV_G(SV_GR_RARE);
        if (g_str_equal(words[i], "acc2"))
            gram |= SV_G(SV_GR_ACCS);
    }
    return gram;
}

/* The strings of a JSON array. */
static gboolean load_strings(const Build *b, const char *file, GPtrArray *out, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize size;
    if (!load(b, file, &bytes, &size, error))
        return FALSE;
    g_autoptr(cJSON) list = sv_json_parse(bytes, size, NULL);
    if (!cJSON_IsArray(list))
        return fail(error, b->folder, file, "is no JSON array");
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item))
            return fail(error, b->folder, file, "holds something that is no string");
        g_ptr_array_add(out, g_strdup(item->valuestring));
    }
    if (out->len == 0 || out->len > G_MAXUINT16)
        return fail(error, b->folder, file, "has an unlikely number of strings");
    return TRUE;
}

static gboolean build_tags(Build *b, GError **error)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    if (!load_strings(b, "gramtab-opencorpora-int.json", texts, error))
        return FALSE;
    for (guint i = 0; i < texts->len; i++) {
        SvGram gram = read_tag(texts->pdata[i]);
        g_array_append_val(b->tags, gram);
        g_hash_table_insert(b->tag_ids, g_strdup(texts->pdata[i]), GUINT_TO_POINTER(i + 1));
    }
    append(b->section[SV_SEC_TAGS], b->tags->data, b->tags->len * sizeof(SvGram));
    return TRUE;
}

static gboolean build_suffixes(Build *b, GError **error)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    if (!load_strings(b, "suffixes.json", texts, error))
        return FALSE;
    guint32 at = 0;
    for (guint i = 0; i < texts->len; i++) {
        const char *text = texts->pdata[i];
        append(b->section[SV_SEC_SUFFIXES], &at, 4);
        append(b->section[SV_SEC_SUFFIX_BYTES], text, strlen(text));
        at += (guint32)strlen(text);
    }
    append(b->section[SV_SEC_SUFFIXES], &at, 4);
    return TRUE;
}

static gboolean build_paradigms(Build *b, GError **error)
{
    static const char file[] = "paradigms.array";
    g_autofree char *bytes = NULL;
    gsize size, at = 2;
    if (!load(b, file, &bytes, &size, error))
        return FALSE;
    guint16 count = 0, len = 0;
    if (size >= 2)
        memcpy(&count, bytes, 2);
    guint32 first = 0, n_suffixes = b->section[SV_SEC_SUFFIXES]->len / 4 - 1;
    append(b->section[SV_SEC_PARADIGMS], &first, 4);
    for (guint i = 0; i < count; i++) {
        if (at + 2 > size)
            return fail(error, b->folder, file, "is cut off");
        memcpy(&len, bytes + at, 2);
        at += 2;
        if (len == 0 || len % 3 || at + 2 * (gsize)len > size)
            return fail(error, b->folder, file, "is cut off");
        for (guint f = 0; f < len / 3u; f++) {
            guint16 form[3]; /* suffix, tag, prefix */
            for (guint k = 0; k < 3; k++)
                memcpy(&form[k], bytes + at + 2 * (gsize)(k * (len / 3u) + f), 2);
            if (form[0] >= n_suffixes || form[1] >= b->tags->len || form[2] >= SV_BLOB_PREFIXES)
                return fail(error, b->folder, file, "names a suffix, tag or prefix that is not there");
            append(b->section[SV_SEC_FORMS], form, sizeof form);
        }
        at += 2 * (gsize)len;
        first += len / 3u;
        append(b->section[SV_SEC_PARADIGMS], &first, 4);
    }
    return count > 0 && at == size ? TRUE : fail(error, b->folder, file, "has bytes left over");
}

/* The prefixes are part of our format; a dictionary with others would be read wrongly. */
static gboolean check_meta(const Build *b, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize size;
    if (!load(b, "meta.json", &bytes, &size, error))
        return FALSE;
    g_autoptr(cJSON) meta = sv_json_parse(bytes, size, NULL);
    const cJSON *pair;
    cJSON_ArrayForEach(pair, meta)
    {
        const cJSON *name = cJSON_GetArrayItem(pair, 0);
        if (!cJSON_IsString(name) || !g_str_equal(name->valuestring, "compile_options"))
            continue;
        const cJSON *prefixes = sv_json_array(cJSON_GetArrayItem(pair, 1), "paradigm_prefixes");
        if (cJSON_GetArraySize(prefixes) != (int)SV_BLOB_PREFIXES)
            return fail(error, b->folder, "meta.json", "has other prefixes than we know");
        for (guint i = 0; i < SV_BLOB_PREFIXES; i++)
            if (g_strcmp0(cJSON_GetArrayItem(prefixes, (int)i)->valuestring, sv_blob_prefix[i]) != 0)
                return fail(error, b->folder, "meta.json", "has other prefixes than we know");
        return TRUE;
    }
    return fail(error, b->folder, "meta.json", "names no compile_options");
}

/* --- lists named by the hash of a word --- */

typedef struct {
    guint32 low, high, list;
} HashSlot;

static void add_hash_slot(GArray *slots, const char *word, guint32 list)
{
    guint64 hash = sv_blob_hash(word, strlen(word));
    HashSlot slot = {(guint32)hash, (guint32)(hash >> 32) | 1u, list};
    g_array_append_val(slots, slot);
}

static void write_hash_index(GByteArray *out, const GArray *slots)
{
    guint32 size = 8;
    while (size < slots->len * 2)
        size *= 2;
    g_autofree Slot *table = g_new0(Slot, size);
    for (guint i = 0; i < slots->len; i++) {
        const HashSlot *s = &g_array_index(slots, HashSlot, i);
        guint32 at = sv_blob_slot(s->low) & (size - 1);
        while (table[at].key)
            at = (at + 1) & (size - 1);
        table[at] = (Slot){s->high, s->list};
    }
    append(out, table, (gsize)size * sizeof(Slot));
}

/* --- P(tag | word) --- */

typedef struct {
    const Build *build;
    GHashTable *words; /* folded word → GArray of {tag, probability} */
} Scores;

static void add_score(const char *key, gsize len, guint32 value, gpointer user)
{
    Scores *s = user;
    const char *colon = memchr(key, ':', len);
    char word[MAX_KEY], tag[MAX_KEY];
    if (!colon || !sv_fold_into(key, (gsize)(colon - key), word, sizeof word))
        return;
    g_strlcpy(tag, colon + 1, MIN(sizeof tag, len - (gsize)(colon - key)));
    guint id = GPOINTER_TO_UINT(g_hash_table_lookup(s->build->tag_ids, tag));
    if (id == 0)
        return;
    GArray *list = g_hash_table_lookup(s->words, word);
    if (!list) {
        list = g_array_new(FALSE, FALSE, 4);
        g_hash_table_insert(s->words, g_strdup(word), list);
    }
    guint16 item[2] = {(guint16)(id - 1), (guint16)(MIN(value, 1000000u) * 65535u / 1000000u)};
    if (list->len < MAX_RECORDS)
        g_array_append_val(list, item);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static gboolean build_scores(const Build *b, GError **error)
{
    g_auto(Graph) g = {0};
    if (!load_graph(b, "p_t_given_w.intdawg", &g, error))
        return FALSE;
    g_autoptr(GHashTable) words =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    Scores scores = {b, words};
    visit_keys(&g, SV_DAWG_ROOT, MAX_KEY, add_score, &scores);
    guint n;
    g_autofree gpointer *names = g_hash_table_get_keys_as_array(words, &n);
    qsort(names, n, sizeof *names, by_name); /* the same file every time */
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(HashSlot));
    GByteArray *lists = b->section[SV_SEC_SCORE_LISTS];
    for (guint i = 0; i < n; i++) {
        const GArray *list = g_hash_table_lookup(words, names[i]);
        guint16 count = (guint16)list->len;
        add_hash_slot(slots, names[i], lists->len / 2);
        append(lists, &count, 2);
        append(lists, list->data, 4 * (gsize)list->len);
    }
    write_hash_index(b->section[SV_SEC_SCORE_INDEX], slots);
    return TRUE;
}

/* --- the file --- */

static gboolean build_graph(
    Build *b, const char *file, guint fields, guint units, guint index, guint lists, GError **error)
{
    g_auto(Graph) g = {0};
    if (!load_graph(b, file, &g, error))
        return FALSE;
    append(b->section[units], g.graph.unit, 4 * (gsize)g.graph.n);
    build_lists(b, &g, fields, b->section[index], b->section[lists]);
    return TRUE;
}

static gboolean build_all(Build *b, GError **error)
{
    return check_meta(b, error) && build_tags(b, error) && build_suffixes(b, error) &&
           build_paradigms(b, error) &&
           build_graph(b, "words.dawg", 2, SV_SEC_WORD_UNITS, SV_SEC_WORD_INDEX, SV_SEC_WORD_LISTS, error) &&
           build_graph(b, "prediction-suffixes-0.dawg", 3, SV_SEC_GUESS0_UNITS, SV_SEC_GUESS0_INDEX,
               SV_SEC_GUESS_LISTS, error) &&
           build_graph(b, "prediction-suffixes-1.dawg", 3, SV_SEC_GUESS1_UNITS, SV_SEC_GUESS1_INDEX,
               SV_SEC_GUESS_LISTS, error) &&
           build_graph(b, "prediction-suffixes-2.dawg", 3, SV_SEC_GUESS2_UNITS, SV_SEC_GUESS2_INDEX,
               SV_SEC_GUESS_LISTS, error) &&
           build_scores(b, error);
}

static GByteArray *make_blob(const Build *b)
{
    SvBlobHeader header = {.magic = SV_BLOB_MAGIC, .version = SV_BLOB_VERSION, .n_sections = SV_SEC_N};
    GByteArray *body = g_byte_array_new();
    for (guint i = 0; i < SV_SEC_N; i++) {
        static const guint8 zeros[8] = {0};
        append(body, zeros, (8 - body->len % 8) % 8);
        header.section[i].at = sizeof header + body->len;
        header.section[i].size = b->section[i]->len;
        append(body, b->section[i]->data, b->section[i]->len);
    }
    header.size = sizeof header + body->len;
    header.checksum = sv_checksum(body->data, body->len);
    g_byte_array_prepend(body, (const guint8 *)&header, sizeof header);
    return body;
}

/* The words of the trade, spelled with what stands in the file so far. */
static gboolean build_overlay(Build *b, GError **error)
{
    g_autoptr(GByteArray) blob = make_blob(b);
    g_autoptr(SvMorph) morph = sv_morph_open_bytes(blob->data, blob->len, "the new dictionary", error);
    if (!morph)
        return FALSE;
    g_autoptr(GPtrArray) words = sv_overlay_make(morph);
    g_autoptr(GArray) slots = g_array_new(FALSE, FALSE, sizeof(HashSlot));
    GByteArray *lists = b->section[SV_SEC_OVERLAY_LISTS];
    for (guint i = 0; i < words->len; i++) {
        const SvOverlayWord *w = g_ptr_array_index(words, i);
        guint16 count = (guint16)w->records->len;
        add_hash_slot(slots, w->folded, lists->len / 2);
        append(lists, &count, 2);
        append(lists, w->records->data, 2 * SV_BLOB_OVERLAY_WIDTH * (gsize)count);
    }
    write_hash_index(b->section[SV_SEC_OVERLAY_INDEX], slots);
    return TRUE;
}

static gboolean write_blob(Build *b, const char *out, GError **error)
{
    if (!build_overlay(b, error))
        return FALSE;
    g_autoptr(GByteArray) blob = make_blob(b);
    return g_file_set_contents(out, (const char *)blob->data, blob->len, error);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: build_morph FOLDER OUT\n");
        return 2;
    }
    Build b = {.folder = argv[1]};
    for (guint i = 0; i < SV_SEC_N; i++)
        b.section[i] = g_byte_array_new();
    b.tag_ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    b.tags = g_array_new(FALSE, FALSE, sizeof(SvGram));
    g_autoptr(GError) error = NULL;
    gboolean ok = build_all(&b, &error) && write_blob(&b, argv[2], &error);
    if (!ok)
        fprintf(stderr, "build_morph: %s\n", error->message);
    for (guint i = 0; i < SV_SEC_N; i++)
        g_byte_array_unref(b.section[i]);
    g_hash_table_unref(b.tag_ids);
    g_array_unref(b.tags);
    return ok ? 0 : sv_error_exit_code(error);
}
