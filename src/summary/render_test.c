/* Tests of the renderers on a hand-made history and summary. Golden files: tests/fixtures/render/; with
 * SVODKA_GOLDEN=write they are written anew. */
#include "html.h"
#include "json.h"
#include "notes.h"
#include "render.h"
#include "words.h"
#include "wrap.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HOSTILE "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;\x1b[31m"

static SvTime moment(const char *text)
{
    SvTime t = {0, 0};
    g_assert_true(sv_time_parse(text, NULL, &t));
    return t;
}

static SvDay day(const char *text)
{
    SvDay d = SV_DAY_NONE;
    g_assert_true(sv_day_parse(text, &d));
    return d;
}

static SvMasked masked(const char *text)
{
    return (SvMasked){g_strdup(text), strlen(text)};
}

static guint add_message(
    SvHistory *history, SvChannel channel, const char *at, int author, const char *title, const char *text)
{
    SvMessage *message = sv_message_new(channel);
    message->id = g_strdup_printf("id-%u@example.kz", history->messages->len + 1);
    message->at = moment(at);
    message->author = author;
    g_ptr_array_add(message->to, sv_address_new(author == 0 ? "Олег Юнусов" : "Вера Лим", NULL));
    message->text = masked(text);
    if (title)
        message->title = masked(title);
    g_ptr_array_add(history->messages, message);
    return history->messages->len - 1;
}

static void add_turn(SvMessage *message, int speaker, const char *words)
{
    const char *at = strstr(message->text.bytes, words);
    g_assert_nonnull(at);
    guint32 from = (guint32)(at - message->text.bytes);
    SvTurn turn = {{from, from + (guint32)strlen(words)}, speaker, -1};
    g_array_append_val(message->turns, turn);
}

static SvHistory *make_history(gboolean hostile)
{
    SvHistory *h = sv_history_new();
    h->client_name = g_strdup("АО «Каскад Свет»");
    g_ptr_array_add(h->people, sv_person_new("c1", hostile ? HOSTILE : "Вера Лим", SV_SIDE_CLIENT));
    g_ptr_array_add(h->people, sv_person_new("m1", "Олег Юнусов", SV_SIDE_US));
    add_message(h, SV_CHANNEL_EMAIL, "2024-12-03T10:15:20+05:00", 0,
        hostile ? HOSTILE : "Светильники для склада",
        hostile
            ? HOSTILE " до 20 июня"
            : "Олег, добрый день!\n\nНужно 240 светильников на новый склад. Бюджет утвердили: 14 млн тенге, "
              "решение по поставщику комитет примет до 20 июня.\n\nВаш аванс 50 % нас смущает, просим 30 %.");
    add_message(h, SV_CHANNEL_WHATSAPP, "2025-06-02T09:05:00+05:00", 1, NULL,
        "Вера, паспорта на светильники пришлю до пятницы, расчёт освещённости тоже");
    guint call = add_message(h, SV_CHANNEL_CALL, "2025-06-09T16:40:00+05:00", 0, NULL,
        "Олег, паспорта так и не пришли.\nДа, виноват, завтра будут у вас.\nИ ещё: «Люмен Групп» даёт 12,8 "
        "миллиона, "
        "подумайте о скидке.");
    SvMessage *m = h->messages->pdata[call];
    m->turns = g_array_new(FALSE, FALSE, sizeof(SvTurn));
    add_turn(m, 0, "Олег, паспорта так и не пришли.");
    add_turn(m, 1, "Да, виноват, завтра будут у вас.");
    add_turn(m, 0, "И ещё: «Люмен Групп» даёт 12,8 миллиона, подумайте о скидке.");
    guint note = add_message(h, SV_CHANNEL_NOTE, "2025-06-10T11:00:00+05:00", 1, NULL,
        "Вера просила звонить после обеда, счёт [номер карты] не обсуждать в чате.");
    ((SvMessage *)h->messages->pdata[note])->n_masked = 1;
    return h;
}

static void add_statement(
    SvSection *section, const char *text, const char *kind, guint message, const char *quote)
{
    SvStatement *statement = sv_statement_new(text, kind);
    sv_quotes_add(statement->sources, message, quote, strlen(quote));
    g_ptr_array_add(section->statements, statement);
}

static void add_task(SvSummary *s, const char *text, SvSide side, int assignee, const char *due,
    SvTaskState state, guint message, const char *quote)
{
    SvTask *task = sv_task_new(text);
    task->side = side;
    task->assignee = assignee;
    task->due = due ? day(due) : SV_DAY_NONE;
    task->state = state;
    sv_quotes_add(task->sources, message, quote, strlen(quote));
    g_ptr_array_add(s->tasks, task);
}

static void add_event(SvSummary *s, const char *date, const char *text, guint message, const char *quote)
{
    SvTimelineItem *item = sv_timeline_item_new(day(date), text);
    sv_quotes_add(item->sources, message, quote, strlen(quote));
    g_ptr_array_add(s->timeline, item);
}

static SvSummary *make_summary(const char *format, SvLang lang)
{
    SvSummary *s = sv_summary_new(format, lang);
    s->client = g_strdup("АО «Каскад Свет»");
    s->as_of = moment("2025-06-16T09:00:00+05:00");
    s->has_card = TRUE;
    s->coverage = (SvCoverage){.left_out = s->coverage.left_out,
        .read = 731,
        .masked = 7,
        .excluded = 3,
        .calls_without_transcript = 2,
        .has_newest = TRUE,
        .newest = moment("2025-06-15T18:00:00+05:00")};
    return s;
}

static void fill_sections(SvSummary *s)
{
    SvSection *status = sv_section_new("status", "Текущий статус");
    add_statement(status, "Ждём решения комитета по поставщику до 20 июня.", "status", 0,
        "решение по поставщику комитет примет до 20 июня");
    add_statement(status, "Бюджет утверждён: 14 млн тенге на 240 светильников для нового склада.", "budget",
        0, "Бюджет утвердили: 14 млн тенге");
    SvStatement *last = status->statements->pdata[1];
    sv_quotes_add(last->sources, 0, "Нужно 240 светильников на новый склад",
        strlen("Нужно 240 светильников на новый склад"));
    SvSection *risks = sv_section_new("risks", "Риски");
    add_statement(risks, "«Люмен Групп» предлагает 12,8 миллиона, клиент ждёт скидки.", "competitor", 2,
        "«Люмен Групп» даёт 12,8 миллиона, подумайте о скидке");
    add_statement(risks, "Паспорта на светильники обещаны дважды и не присланы.", "broken", 2,
        "паспорта так и не пришли");
    g_ptr_array_add(s->sections, status);
    g_ptr_array_add(s->sections, risks);
}

static void fill_tasks(SvSummary *s)
{
    add_task(s, "Прислать паспорта на светильники.", SV_SIDE_US, 1, "2025-06-10", SV_TASK_OVERDUE, 2,
        "завтра будут у вас");
    add_task(
        s, "Прислать расчёт освещённости", SV_SIDE_US, 1, NULL, SV_TASK_OPEN, 1, "расчёт освещённости тоже");
    add_task(s, "Решить по поставщику", SV_SIDE_CLIENT, 0, "2025-06-20", SV_TASK_OPEN, 0,
        "решение по поставщику комитет примет до 20 июня");
    add_task(s, "Утвердить бюджет", SV_SIDE_CLIENT, -1, NULL, SV_TASK_DONE, 0, "Бюджет утвердили");
}

static void fill_timeline(SvSummary *s)
{
    add_event(s, "2024-12-03", "Клиент запросил 240 светильников на новый склад", 0,
        "Нужно 240 светильников на новый склад");
    add_event(s, "2025-06-02", "Обещали паспорта до пятницы", 1, "паспорта на светильники пришлю до пятницы");
    add_event(s, "2025-06-09", "Клиент назвал цену «Люмен Групп»: 12,8 миллиона", 2,
        "«Люмен Групп» даёт 12,8 миллиона");
    add_event(s, "2025-06-09", "Снова обещали паспорта, на следующий день", 2, "завтра будут у вас");
}

static GPtrArray *make_all(SvLang lang)
{
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)sv_summary_free);
    SvSummary *brief = make_summary("brief", lang);
    SvSection *section = sv_section_new("brief", lang == SV_LANG_RU ? "Кратко" : "Brief");
    add_statement(section, "Комитет решает до 20 июня; «Люмен Групп» дешевле на 1,2 млн.", "status", 0,
        "комитет примет до 20 июня");
    add_statement(section, "Клиент просит аванс 30 % вместо 50 %.", "objection", 0,
        "Ваш аванс 50 % нас смущает, просим 30 %");
    add_statement(section, "Звонить после обеда.", "preference", 3, "Вера просила звонить после обеда");
    g_ptr_array_add(brief->sections, section);
    g_ptr_array_add(all, brief);
    const char *const formats[] = {"sections", "timeline", "tasks"};
    void (*const fill[])(SvSummary *) = {fill_sections, fill_timeline, fill_tasks};
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        SvSummary *s = make_summary(formats[i], lang);
        fill[i](s);
        g_ptr_array_add(all, s);
    }
    return all;
}

static void check_golden(const char *name, const char *got)
{
    g_autofree char *path = g_build_filename(g_getenv("SVODKA_SOURCE"), "tests/fixtures/render", name, NULL);
    if (g_strcmp0(g_getenv("SVODKA_GOLDEN"), "write") == 0) {
        g_assert_true(g_file_set_contents(path, got, -1, NULL));
        return;
    }
    g_autofree char *expected = NULL;
    g_assert_true(g_file_get_contents(path, &expected, NULL, NULL));
    g_assert_cmpstr(got, ==, expected);
}

static void test_plural(void)
{
    static const struct {
        guint n;
        const char *russian, *english;
    } rows[] = {{0, "0 писем", "0 letters"}, {1, "1 письмо", "1 letter"}, {2, "2 письма", "2 letters"},
        {4, "4 письма", "4 letters"}, {5, "5 писем", "5 letters"}, {11, "11 писем", "11 letters"},
        {12, "12 писем", "12 letters"}, {14, "14 писем", "14 letters"}, {21, "21 письмо", "21 letters"},
        {111, "111 писем", "111 letters"}, {731, "731 письмо", "731 letters"},
        {1002, "1002 письма", "1002 letters"}};
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *ru = sv_words_count(SV_LANG_RU, "count.letter", rows[i].n);
        g_autofree char *en = sv_words_count(SV_LANG_EN, "count.letter", rows[i].n);
        g_assert_cmpstr(ru, ==, rows[i].russian);
        g_assert_cmpstr(en, ==, rows[i].english);
    }
}

static void test_dates(void)
{
    g_autofree char *same = sv_words_day(SV_LANG_RU, day("2025-11-15"), day("2025-01-01"));
    g_autofree char *other = sv_words_day(SV_LANG_RU, day("2024-11-15"), day("2025-01-01"));
    g_autofree char *english = sv_words_day(SV_LANG_EN, day("2025-11-15"), day("2025-01-01"));
    g_autofree char *always = sv_words_day(SV_LANG_EN, day("2025-11-15"), SV_DAY_NONE);
    g_autofree char *clock =
        sv_words_moment(SV_LANG_RU, moment("2025-05-09T08:05:00+05:00"), day("2025-01-01"));
    g_assert_cmpstr(same, ==, "15 ноября");
    g_assert_cmpstr(other, ==, "15 ноября 2024");
    g_assert_cmpstr(english, ==, "15 November");
    g_assert_cmpstr(always, ==, "15 November 2025");
    g_assert_cmpstr(clock, ==, "9 мая, 08:05");
}

static void test_coverage(void)
{
    g_autoptr(SvSummary) s = make_summary("brief", SV_LANG_RU);
    g_autofree char *russian = sv_words_coverage(s);
    g_assert_cmpstr(russian, ==,
        "Прочитано\u00A0731\u00A0сообщение (до\u00A015 июня 2025), замаскировано\u00A07, исключено\u00A03, "
        "2\u00A0звонка без расшифровки.");
    s->language = SV_LANG_EN;
    s->coverage = (SvCoverage){.left_out = s->coverage.left_out, .read = 1};
    s->sides_inferred = TRUE;
    g_autofree char *english = sv_words_coverage(s);
    g_assert_cmpstr(
        english, ==, "1\u00A0message read. No client card: sides are inferred from the messages.");
}

static void test_table_is_whole(void)
{
    g_autofree char *path = g_build_filename(g_getenv("SVODKA_SOURCE"), "data/summary/words.tsv", NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (!**line || **line == '#')
            continue;
        g_auto(GStrv) cells = g_strsplit(*line, "\t", -1);
        g_assert_cmpuint(g_strv_length(cells), ==, 3);
        g_assert_cmpstr(sv_word(SV_LANG_RU, cells[0]), ==, cells[1]);
        g_assert_cmpstr(sv_word(SV_LANG_EN, cells[0]), ==, cells[2]);
    }
    g_assert_cmpstr(sv_word(SV_LANG_RU, "no.such.key"), ==, "no.such.key");
}

static void test_unbroken(void)
{
    static const char *const rows[][2] = {
        {"Итого 31 800 000 ₸ — до 19 декабря", "Итого 31_800_000_₸_— до 19_декабря"},
        {"в 2025 2026 году, 4 % и 12 шт", "в 2025 2026_году, 4_% и 12_шт"},
        {"5 (шесть) 7 \xF0", "5 (шесть) 7 \xF0"}, {" 5", " 5"}, {"", ""}};
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *got = sv_words_unbroken(rows[i][0]);
        g_auto(GStrv) pieces = g_strsplit(got, "\u00A0", -1);
        g_autofree char *shown = g_strjoinv("_", pieces);
        g_assert_cmpstr(shown, ==, rows[i][1]);
    }
}

static void test_wrap(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    SvWrap wrap = {.width = 20, .first = 2, .rest = 2, .bullet = "• "};
    sv_wrap_add(out, "раз два три четыре пять 漢字漢字漢字漢字漢字漢字", &wrap);
    g_assert_cmpstr(out->str, ==, "• раз два три четыре\n  пять\n  漢字漢字漢字漢字漢\n  字漢字\n");
    g_string_truncate(out, 0);
    SvWrap cut = {.width = 20, .max_lines = 2, .tail = "…»"};
    sv_wrap_add(out, "один два три четыре пять шесть семь восемь девять", &cut);
    g_assert_cmpstr(out->str, ==, "один два три четыре\nпять шесть семь…»\n");
    g_string_truncate(out, 0);
    SvWrap comma = {.width = 20, .max_lines = 1};
    sv_wrap_add(out, "один два три, четыре пять", &comma);
    g_assert_cmpstr(out->str, ==, "один два три…\n");
    g_string_truncate(out, 0);
    SvWrap plain = {.width = 40};
    sv_wrap_add(out,
        "a\x1b[31mb\x07 \xC2\x9B"
        "31m c\u202Ed\ne",
        &plain);
    g_assert_cmpstr(out->str, ==, "a[31mb 31m cd e\n");
}

static void test_text_golden(void)
{
    g_autoptr(SvHistory) h = make_history(FALSE);
    g_autoptr(GPtrArray) russian = make_all(SV_LANG_RU);
    g_autoptr(GPtrArray) english = make_all(SV_LANG_EN);
    g_autofree char *ru = sv_render_text_all(russian, h, 80, FALSE);
    g_autofree char *en = sv_render_text_all(english, h, 80, FALSE);
    g_autofree char *md = sv_render_markdown_all(russian, h);
    check_golden("all.ru.txt", ru);
    check_golden("all.en.txt", en);
    check_golden("all.ru.md", md);
    g_autoptr(SvSummary) none = make_summary("tasks", SV_LANG_RU);
    g_autofree char *empty = sv_render_text(none, h, 80, FALSE);
    check_golden("no-tasks.ru.txt", empty);
}

static void test_text_width(void)
{
    g_autoptr(SvHistory) h = make_history(FALSE);
    g_autoptr(GPtrArray) all = make_all(SV_LANG_RU);
    for (int width = 40; width <= 140; width += 20) {
        g_autofree char *text = sv_render_text_all(all, h, width, FALSE);
        g_assert_true(g_utf8_validate(text, -1, NULL));
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        for (char **line = lines; *line; line++)
            g_assert_cmpint(sv_wrap_columns(*line, strlen(*line)), <=, width);
    }
    g_autofree char *coloured = sv_render_text_all(all, h, 80, TRUE);
    g_autofree char *plain = sv_render_text_all(all, h, 80, FALSE);
    g_assert_nonnull(strstr(coloured, "\033["));
    g_assert_null(strchr(plain, '\033'));
}

static void test_markdown_is_escaped(void)
{
    g_autoptr(SvHistory) h = make_history(FALSE);
    g_autoptr(SvSummary) s = make_summary("brief", SV_LANG_RU);
    SvSection *section = sv_section_new("brief", "a\n# b");
    add_statement(section, "1. [x](http://evil.example) ![y](z) <b> `c` *d* www.evil.example\n# заголовок",
        "status", 0, "Нужно");
    g_ptr_array_add(s->sections, section);
    g_autofree char *md = sv_render_markdown(s, h);
    g_assert_nonnull(strstr(md,
        "- 1\\. \\[x\\](http\\://evil.example) !\\[y\\](z) \\<b\\> \\`c\\` \\*d\\* www\\.evil.example "
        "\\# заголовок[^1]\n"));
    g_assert_nonnull(strstr(md, "\n## a \\# b\n"));
}

static const cJSON *member(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    g_assert_nonnull(item);
    return item;
}

/* The part of JSON Schema that our schema uses: type, enum, const, required, properties,
 * additionalProperties, items, minItems, minimum, $ref to $defs. A pattern is checked for being there
 * only. */
static void check_schema(const cJSON *root, const cJSON *schema, const cJSON *value, int depth)
{
    g_assert_cmpint(depth, <, 16);
    const char *ref = sv_json_string(schema, "$ref");
    if (ref) {
        g_assert_true(g_str_has_prefix(ref, "#/$defs/"));
        schema = member(member(root, "$defs"), ref + strlen("#/$defs/"));
    }
    static const char *const keywords[] = {"type", "enum", "required", "properties", "additionalProperties",
        "items", "minItems", "minimum", "description", "title", "format", "pattern", "minLength", "$ref"};
    for (const cJSON *word = schema->child; word; word = word->next)
        if (depth > 0)
            g_assert_true(g_strv_contains(keywords, word->string) || ref);
    const cJSON *type = cJSON_GetObjectItemCaseSensitive(schema, "type");
    const char *actual = cJSON_IsObject(value)   ? "object"
                         : cJSON_IsArray(value)  ? "array"
                         : cJSON_IsString(value) ? "string"
                         : cJSON_IsNumber(value) ? "integer"
                         : cJSON_IsNull(value)   ? "null"
                                                 : "boolean";
    gboolean fits = cJSON_IsString(type) && strcmp(type->valuestring, actual) == 0;
    for (const cJSON *one = cJSON_IsArray(type) ? type->child : NULL; one; one = one->next)
        fits |= strcmp(one->valuestring, actual) == 0;
    g_assert_true(fits || !type);
    const cJSON *allowed = cJSON_GetObjectItemCaseSensitive(schema, "enum");
    gboolean is_allowed = !allowed;
    for (const cJSON *one = allowed ? allowed->child : NULL; one; one = one->next)
        is_allowed |= cJSON_Compare(one, value, TRUE);
    g_assert_true(is_allowed);
    const cJSON *required = sv_json_array(schema, "required");
    for (const cJSON *one = required ? required->child : NULL; one && cJSON_IsObject(value); one = one->next)
        member(value, one->valuestring);
    const cJSON *properties = sv_json_object(schema, "properties");
    for (const cJSON *one = properties && cJSON_IsObject(value) ? value->child : NULL; one; one = one->next)
        check_schema(root, member(properties, one->string), one, depth + 1);
    const cJSON *items = sv_json_object(schema, "items");
    if (cJSON_IsArray(value)) {
        g_assert_nonnull(items);
        g_assert_cmpint(cJSON_GetArraySize(value), >=, (int)sv_json_number(schema, "minItems", 0));
    }
    for (const cJSON *one = cJSON_IsArray(value) ? value->child : NULL; one; one = one->next)
        check_schema(root, items, one, depth + 1);
}

static void test_json(void)
{
    g_autofree char *path = g_build_filename(g_getenv("SVODKA_SOURCE"), "schema/summary.schema.json", NULL);
    g_autofree char *schema_text = NULL;
    gsize len = 0;
    g_assert_true(g_file_get_contents(path, &schema_text, &len, NULL));
    g_autoptr(cJSON) schema = sv_json_parse(schema_text, len, NULL);
    g_assert_nonnull(schema);
    g_autoptr(SvHistory) h = make_history(FALSE);
    g_autoptr(GPtrArray) all = make_all(SV_LANG_RU);
    g_ptr_array_add(all, sv_summary_new("brief", SV_LANG_EN));
    ((SvSummary *)all->pdata[4])->as_of = moment("2025-06-16T09:00:00Z");
    for (guint i = 0; i < all->len; i++) {
        g_autofree char *text = sv_render_json(all->pdata[i], h);
        g_autoptr(cJSON) document = sv_json_parse(text, strlen(text), NULL);
        g_assert_nonnull(document);
        check_schema(schema, schema, document, 0);
    }
    g_autofree char *text = sv_render_json(all->pdata[3], h);
    g_autoptr(cJSON) document = sv_json_parse(text, strlen(text), NULL);
    const cJSON *task = sv_json_array(document, "tasks")->child;
    g_assert_cmpstr(sv_json_string(task, "due"), ==, "2025-06-10");
    g_assert_cmpstr(sv_json_string(task, "state"), ==, "overdue");
    g_assert_cmpstr(sv_json_string(task, "assignee"), ==, "Олег Юнусов");
    const cJSON *source = sv_json_array(task, "sources")->child;
    g_assert_cmpstr(sv_json_string(source, "at"), ==, "2025-06-09T16:40:00+05:00");
    g_assert_cmpstr(sv_json_string(source, "id"), ==, "id-3@example.kz");
    g_assert_cmpstr(sv_json_string(source, "channel"), ==, "call");
}

static guint count(const char *text, const char *what)
{
    guint n = 0;
    for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
        n++;
    return n;
}

static void check_page(const char *page)
{
    g_assert_true(g_utf8_validate(page, -1, NULL));
    g_assert_cmpuint(count(page, "<script"), ==, 1);
    g_assert_cmpuint(count(page, "<style"), ==, 1);
    g_assert_null(strstr(page, "<img"));
    g_assert_null(strstr(page, "http://"));
    g_assert_null(strstr(page, "https://"));
    g_assert_null(strstr(page, " style="));
    g_assert_null(strchr(page, '\033'));
    g_assert_cmpuint(count(page, "Content-Security-Policy"), ==, 1);
    const char *start = strstr(page, "<style>") + strlen("<style>");
    g_autofree char *digest = sv_html_digest(start, (gsize)(strstr(start, "</style>") - start));
    g_assert_nonnull(strstr(page, digest));
    start = strstr(page, "<script>") + strlen("<script>");
    g_autofree char *script = sv_html_digest(start, (gsize)(strstr(start, "</script>") - start));
    g_assert_nonnull(strstr(page, script));
}

static void test_html(void)
{
    g_autoptr(SvHistory) h = make_history(FALSE);
    g_autoptr(GPtrArray) all = make_all(SV_LANG_RU);
    g_autofree char *page = sv_render_html(all, h);
    check_page(page);
    const char *out = g_getenv("SVODKA_PAGE");
    if (out)
        g_assert_true(g_file_set_contents(out, page, -1, NULL));
    g_assert_cmpuint(count(page, "class=\"tab\""), ==, 4);
    g_assert_cmpuint(count(page, "class=\"original\""), ==, 4);
    g_assert_cmpuint(count(page, "class=\"item task overdue\""), ==, 1);
    g_assert_cmpuint(count(page, "class=\"who\""), ==, 3);
    g_assert_nonnull(strstr(page, "<time datetime=\"2024-12-03\">3 декабря</time>"));
    g_assert_null(strstr(page, "class=\"speaker\""));
    SvSection *section = ((SvSummary *)all->pdata[0])->sections->pdata[0];
    add_statement(section, "Олег Юнусов: завтра будут у вас.", "promise", 2, "завтра будут у вас");
    g_autofree char *spoken = sv_render_html(all, h);
    g_assert_nonnull(
        strstr(spoken, "<span class=\"speaker\">Олег Юнусов:</span> завтра будут у вас.</span>"));
}

static void test_html_hostile(void)
{
    g_autoptr(SvHistory) h = make_history(TRUE);
    g_autoptr(GPtrArray) all = make_all(SV_LANG_RU);
    SvSummary *s = all->pdata[1];
    g_free(s->client);
    s->client = g_strdup(HOSTILE);
    SvSection *section = sv_section_new("x", HOSTILE);
    add_statement(section, HOSTILE, "status", 0, HOSTILE);
    g_ptr_array_add(s->sections, section);
    add_task(all->pdata[3], HOSTILE, SV_SIDE_US, 0, NULL, SV_TASK_OPEN, 0, "\xff\xfe broken");
    add_event(all->pdata[2], "2025-06-10", HOSTILE, 0, "</script><script>");
    g_ptr_array_remove_index(all, 0);
    g_autofree char *page = sv_render_html(all, h);
    check_page(page);
    g_autofree char *text = sv_render_text_all(all, h, 80, FALSE);
    g_assert_null(strchr(text, '\033'));
    g_autoptr(GPtrArray) nothing = g_ptr_array_new();
    g_autofree char *empty = sv_render_html(nothing, h);
    g_assert_cmpstr(empty, ==, "");
}

/* A quote of a message that is not there must not be read beyond the list. */
static void test_lost_message(void)
{
    g_autoptr(SvHistory) h = make_history(FALSE);
    g_autoptr(GPtrArray) all = make_all(SV_LANG_RU);
    SvSummary *s = all->pdata[1];
    add_statement(((SvSection *)s->sections->pdata[0]), "Чужое.", "status", 4000, "нет такого");
    g_autofree char *page = sv_render_html(all, h);
    g_autofree char *text = sv_render_text_all(all, h, 80, FALSE);
    g_autofree char *json = sv_render_json(s, h);
    g_assert_null(strstr(page, "m4000"));
    g_assert_null(strstr(json, "нет такого"));
    g_assert_nonnull(strstr(text, "Чужое."));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/words/plural", test_plural);
    g_test_add_func("/words/dates", test_dates);
    g_test_add_func("/words/coverage", test_coverage);
    g_test_add_func("/words/table", test_table_is_whole);
    g_test_add_func("/words/unbroken", test_unbroken);
    g_test_add_func("/render/wrap", test_wrap);
    g_test_add_func("/render/text/golden", test_text_golden);
    g_test_add_func("/render/text/width", test_text_width);
    g_test_add_func("/render/markdown/escaped", test_markdown_is_escaped);
    g_test_add_func("/render/json/schema", test_json);
    g_test_add_func("/render/html", test_html);
    g_test_add_func("/render/html/hostile", test_html_hostile);
    g_test_add_func("/render/lost", test_lost_message);
    return g_test_run();
}
