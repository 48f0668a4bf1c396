/* Check digits: see checks.h. Pure functions; the caller guarantees the lengths. */
#include "checks.h"
#include <string.h>

gboolean sv_check_luhn(const char *d, guint n)
{
    guint sum = 0;
    for (guint i = 0; i < n; i++) {
        guint x = (guint)(d[n - 1 - i] - '0');
        if (i & 1)
            x = x > 4 ? 2 * x - 9 : 2 * x;
        sum += x;
    }
    return sum % 10 == 0;
}

gboolean sv_check_iin(const char *d)
{
    guint first = 0, second = 0;
    for (guint i = 0; i < 11; i++) {
        guint x = (guint)(d[i] - '0');
        first += x * (i + 1);
        second += x * (i + 3 > 11 ? i - 8 : i + 3);
    }
    guint key = first % 11 == 10 ? second % 11 : first % 11;
    return key < 10 && key == (guint)(d[11] - '0');
}

static guint two(const char *d)
{
    return (guint)(d[0] - '0') * 10 + (guint)(d[1] - '0');
}

gboolean sv_check_iin_person(const char *d)
{
    guint month = two(d + 2), day = two(d + 4);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 && d[6] <= '6';
}

gboolean sv_check_bin_company(const char *d)
{
    guint month = two(d + 2);
    return month >= 1 && month <= 12 && d[4] >= '4' && d[4] <= '6';
}

gboolean sv_check_inn12(const char *d)
{
    static const guint w[] = {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8};
    guint a = 0, b = 0;
    for (guint i = 0; i < 11; i++) {
        if (i < 10)
            a += w[i + 1] * (guint)(d[i] - '0');
        b += w[i] * (guint)(d[i] - '0');
    }
    return a % 11 % 10 == (guint)(d[10] - '0') && b % 11 % 10 == (guint)(d[11] - '0');
}

gboolean sv_check_snils(const char *d)
{
    guint sum = 0;
    for (guint i = 0; i < 9; i++)
        sum += (9 - i) * (guint)(d[i] - '0');
    return sum > 0 && sum % 101 % 100 == two(d + 9);
}

gboolean sv_check_account(const char *d, const char *bik)
{
    static const guint w[] = {7, 1, 3};
    char all[23];
    gboolean centre = bik[6] == '0' && bik[7] == '0';
    all[0] = centre ? '0' : bik[6];
    all[1] = centre ? bik[4] : bik[7];
    all[2] = centre ? bik[5] : bik[8];
    memcpy(all + 3, d, 20);
    guint sum = 0;
    for (guint i = 0; i < 23; i++)
        sum += w[i % 3] * (guint)(all[i] - '0') % 10;
    return sum % 10 == 0;
}

gboolean sv_check_iban(const char *s, guint n)
{
    guint rest = 0;
    for (guint i = 0; i < n; i++) {
        char c = s[(i + 4) % n];
        if (c >= '0' && c <= '9')
            rest = (rest * 10 + (guint)(c - '0')) % 97;
        else
            rest = (rest * 100 + (guint)(c - 'A') + 10) % 97;
    }
    return rest == 1;
}

guint sv_iban_length(const char *c)
{
    static const char table[] =
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18FR27GB22"
        "GE22"
        "GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21MC27MD24ME22MK19MR27"
        "MT31"
        "MU30NL18NO15PK24PL28PS29PT25QA29RO24RS22SA24SC31SE24SI19SK24SM27SV28TL23TN24TR26UA29VA22VG24XK20";
    for (const char *p = table; *p; p += 4)
        if (p[0] == c[0] && p[1] == c[1])
            return two(p + 2);
    return 0;
}
