-- What can be worked out again: dropped and made anew by `svodka rebuild` and whenever this file changes.
DROP TABLE IF EXISTS phone;
DROP TABLE IF EXISTS view;
DROP TABLE IF EXISTS summary;
DROP TABLE IF EXISTS message_words;

CREATE TABLE phone(                 -- numbers of the card's people, digits only, for the popup
  number TEXT NOT NULL,
  client_id INTEGER NOT NULL REFERENCES client(id) ON DELETE CASCADE,
  PRIMARY KEY(number, client_id)
) WITHOUT ROWID;

CREATE TABLE view(                  -- what the readers of one audience may know of a client, read and masked
  client_id INTEGER NOT NULL REFERENCES client(id) ON DELETE CASCADE,
  audience TEXT NOT NULL,           -- labels held of those that occur, " 3 17 "
  revision INTEGER NOT NULL,        -- of the client when it was found to be current
  stamp BLOB NOT NULL,              -- digest of what it was made from: visible messages, card, models
  body BLOB NOT NULL,
  PRIMARY KEY(client_id, audience)
);

CREATE TABLE summary(
  client_id INTEGER NOT NULL REFERENCES client(id) ON DELETE CASCADE,
  audience TEXT NOT NULL,
  format TEXT NOT NULL,
  language TEXT NOT NULL,
  stamp BLOB NOT NULL,              -- digest of the view's stamp, the format, the day, pins and marks
  body TEXT NOT NULL,               -- the document, JSON
  PRIMARY KEY(client_id, audience, format, language)
);

CREATE VIRTUAL TABLE message_words USING fts5( -- rowid is the message's id; "c_12 lemma lemma …" of masked text
  words, tokenize="unicode61 remove_diacritics 0 tokenchars '_'", detail=none
);
