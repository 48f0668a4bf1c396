/* Phones of a card. Inside the folder; sv_phone_key() is in client_store.h. */
#pragma once
#include "json.h"

/* Keys (char *, each once) of the numbers of the client's people and of third ones, not of ours. */
GPtrArray *sv_card_phones(const cJSON *card);
