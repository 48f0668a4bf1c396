/* Check digits of personal and payment numbers. Digits come as characters '0' to '9' without separators. */
#pragma once
#include <glib.h>

/* ISO/IEC 7812-1 (Luhn). */
gboolean sv_check_luhn(const char *d, guint n);
/* Kazakhstan, 12 digits: weights 1…11, then 3…11 1 2 when the rest is 10. */
gboolean sv_check_iin(const char *d);
/* Begins the 12-digit number of a person (YYMMDD, century digit), or of a company (YYMM, type 4…6)? */
gboolean sv_check_iin_person(const char *d);
gboolean sv_check_bin_company(const char *d);
/* Russian tax number of a person, 12 digits. */
gboolean sv_check_inn12(const char *d);
/* Russian pension number, 11 digits. */
gboolean sv_check_snils(const char *d);
/* Russian account, 20 digits, against a bank's BIK, 9 digits: weights 7 1 3 over the last three of the BIK
 * (of a settlement centre: 0 and its fifth and sixth) and the account. */
gboolean sv_check_account(const char *d, const char *bik);
/* ISO 13616: upper case letters and digits, remainder 97. */
gboolean sv_check_iban(const char *s, guint n);
/* Length of a country's IBAN; 0 when it has none. */
guint sv_iban_length(const char *country);
