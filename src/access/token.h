/* What an API token begins with, so that people and scanners of leaks know one. Inside the folder. */
#pragma once
#define SV_TOKEN_PREFIX "svodka_"
