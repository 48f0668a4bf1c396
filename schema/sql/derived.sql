-- What can be worked out again: dropped and made anew by `svodka rebuild` and whenever this file changes.
DROP TABLE IF EXISTS view;

CREATE TABLE view(                  -- what the readers of one audience may know of a client, read and masked
  client_id INTEGER NOT NULL REFERENCES client(id) ON DELETE CASCADE,
  audience TEXT NOT NULL,           -- labels held of those that occur, " 3 17 "
  stamp BLOB NOT NULL,              -- digest of what it was made from: visible messages, card, models
  amount REAL NOT NULL DEFAULT 0,   -- of open deals, for the order of a report
  body BLOB NOT NULL,               -- card/knowledge.h
  PRIMARY KEY(client_id, audience)
);

-- what was dropped is asked for anew, by whoever dropped it
INSERT INTO job(kind, subject, due) SELECT 'read', id, 0 FROM client WHERE true
  ON CONFLICT(kind, subject) DO UPDATE SET due=0, asked=asked+1, attempts=0, error='';
