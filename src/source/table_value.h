/* Values as people and programs write them into tables: dates and amounts. */
#pragma once
#include "moment.h"

/* May "3/8/2024" be read month first? Counted over a whole column. */
typedef struct {
    guint day_first, month_first;
} SvDateOrder;

/* Counts one value with slashes. */
void sv_date_order_count(SvDateOrder *order, const char *text);
/* ISO 8601, "03.11.2025 10:15[:20]", "03.11.25", "3/11/2025 10:15 AM", "03-11-2025", Unix seconds or
 * milliseconds. With slashes the month stands first only when the column has a day above 12 in the second
 * place and none in the first. FALSE when it is no date. */
gboolean sv_table_time(const char *text, const SvDateOrder *order, GTimeZone *zone, SvTime *out);
/* "24 750 000,00 ₸", "1,234,567.89", "30000000": the number; NAN when it is none. *tail (may be NULL) is set
 * to what follows the number, borrowed. */
double sv_table_amount(const char *text, const char **tail);
