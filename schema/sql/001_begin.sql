-- What is permanent. All that can be worked out again from it is in derived.sql.
-- Times are Unix seconds; ids are ours; `external` is the key of the outside system, unique within its owner.

CREATE TABLE team(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);

CREATE TABLE account(               -- a user: "user" is a word of SQL
  id INTEGER PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK(role IN ('manager','support','head','director','admin')),
  team_id INTEGER REFERENCES team(id),
  language TEXT NOT NULL DEFAULT 'ru' CHECK(language IN ('ru','en')),
  password TEXT NOT NULL,           -- Argon2id, as libsodium writes it
  disabled INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL
);

CREATE TABLE session(
  hash BLOB PRIMARY KEY,            -- of the token; the token itself is nowhere
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  csrf TEXT NOT NULL,
  created INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  agent TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX session_account ON session(account_id);

CREATE TABLE api_token(
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,             -- "read write admin", parted by spaces
  created INTEGER NOT NULL,
  expires INTEGER
);

CREATE TABLE client(
  id INTEGER PRIMARY KEY,
  external TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL DEFAULT '',
  name_key TEXT NOT NULL DEFAULT '', -- the name folded (sv_utf8_fold), to be searched in
  newest INTEGER NOT NULL DEFAULT 0, -- time of the newest message without labels: the order of lists must not tell of others
  card TEXT NOT NULL DEFAULT '{}',  -- client.json as the CRM gave it
  owner_id INTEGER REFERENCES account(id),
  team_id INTEGER REFERENCES team(id),
  revision INTEGER NOT NULL DEFAULT 1, -- grows with every change of card, messages, labels, pins, marks
  created INTEGER NOT NULL
);
CREATE INDEX client_newest ON client(newest, id, name_key);
CREATE INDEX client_owner ON client(owner_id, newest, id, name_key);
CREATE INDEX client_team ON client(team_id, newest, id, name_key);

CREATE TABLE phone(                 -- numbers of the card's people, digits only, for the popup
  number TEXT NOT NULL,
  client_id INTEGER NOT NULL REFERENCES client(id) ON DELETE CASCADE,
  PRIMARY KEY(number, client_id)
) WITHOUT ROWID;
CREATE INDEX phone_client ON phone(client_id);

CREATE TABLE client_reader(         -- who may open a client besides its owner, team and those who see all
  client_id INTEGER NOT NULL REFERENCES client(id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  PRIMARY KEY(client_id, account_id)
) WITHOUT ROWID;
CREATE INDEX client_reader_account ON client_reader(account_id);

CREATE TABLE label(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE         -- "legal", "board", "private: Anna"
);

CREATE TABLE label_holder(
  label_id INTEGER NOT NULL REFERENCES label(id) ON DELETE CASCADE,
  account_id INTEGER REFERENCES account(id) ON DELETE CASCADE,
  team_id INTEGER REFERENCES team(id) ON DELETE CASCADE,
  UNIQUE(label_id, account_id, team_id),
  CHECK((account_id IS NULL) <> (team_id IS NULL))
);
CREATE INDEX label_holder_account ON label_holder(account_id);
CREATE INDEX label_holder_team ON label_holder(team_id);

CREATE TABLE message(
  id INTEGER PRIMARY KEY,
  client_id INTEGER NOT NULL REFERENCES client(id) ON DELETE CASCADE,
  external TEXT NOT NULL,
  part INTEGER NOT NULL DEFAULT 0,  -- 1: a second message with the same key (a table's rows are told apart by keys)
  channel TEXT NOT NULL,
  at INTEGER NOT NULL,
  labels TEXT NOT NULL DEFAULT '',  -- ids of labels, ascending, " 3 17 "; '' for everybody who may open the client
  body BLOB NOT NULL,               -- the message as received (message/pack.h)
  digest BLOB NOT NULL,             -- of body: the same message again changes nothing
  revision INTEGER NOT NULL,        -- the client's revision when it was last written
  UNIQUE(client_id, external, part)
);
CREATE INDEX message_time ON message(client_id, at);
CREATE INDEX message_labels ON message(client_id, labels, at);

CREATE TABLE visit(                 -- when a reader last looked, and what he saw then
  account_id INTEGER NOT NULL REFERENCES account(id) ON DELETE CASCADE,
  client_id INTEGER NOT NULL REFERENCES client(id) ON DELETE CASCADE,
  at INTEGER NOT NULL,              -- the visit before this one
  last INTEGER NOT NULL,            -- the newest request
  PRIMARY KEY(account_id, client_id)
) WITHOUT ROWID;

CREATE TABLE task_mark(             -- what a person said of a task: done, taken into the CRM, no task
  client_id INTEGER NOT NULL REFERENCES client(id) ON DELETE CASCADE,
  task TEXT NOT NULL,               -- key of the task: its first source
  state TEXT NOT NULL CHECK(state IN ('done','taken','dropped','open')),
  account_id INTEGER REFERENCES account(id) ON DELETE SET NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY(client_id, task)
) WITHOUT ROWID;

CREATE TABLE feedback(
  id INTEGER PRIMARY KEY,
  client_id INTEGER NOT NULL REFERENCES client(id) ON DELETE CASCADE,
  account_id INTEGER REFERENCES account(id) ON DELETE SET NULL,
  kind TEXT NOT NULL CHECK(kind IN ('useful','missing','wrong')),
  format TEXT NOT NULL,
  message_id INTEGER REFERENCES message(id) ON DELETE CASCADE, -- missing: what was missed; wrong: what it rests on
  quote TEXT NOT NULL DEFAULT '',   -- the sentence of that message (masked)
  comment TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'new' CHECK(state IN ('new','accepted','dismissed')),
  at INTEGER NOT NULL
);
CREATE INDEX feedback_client ON feedback(client_id);
CREATE INDEX feedback_message ON feedback(message_id);

CREATE TABLE job(
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  subject INTEGER NOT NULL DEFAULT 0, -- what it is about: a client
  due INTEGER NOT NULL,               -- the largest number: given up, kept for the administrator
  asked INTEGER NOT NULL DEFAULT 1,   -- grows with every request: what is asked for while it runs is run again
  attempts INTEGER NOT NULL DEFAULT 0,
  lease INTEGER NOT NULL DEFAULT 0,   -- until when a worker has it
  holder INTEGER NOT NULL DEFAULT 0,  -- the run that has it: one that lost its lease may not end it
  error TEXT NOT NULL DEFAULT '',
  UNIQUE(kind, subject)
);
CREATE INDEX job_due ON job(kind, due);

CREATE TABLE erased(                -- what was erased, so that an older backup does not bring it back (store/erased.h)
  id BLOB PRIMARY KEY,              -- of this erasure
  kind TEXT NOT NULL CHECK(kind IN ('client','message','person','feedback')),
  key BLOB NOT NULL,                -- of the hash
  hash BLOB NOT NULL                -- of outside keys; no text
) WITHOUT ROWID;

CREATE TABLE audit(
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  account_id INTEGER,               -- no foreign key: the record outlives the account
  action TEXT NOT NULL,             -- "summary.read", "login.denied", "erase" …
  client_id INTEGER,
  detail TEXT NOT NULL DEFAULT '',  -- a format, a count, a route: never a customer's text
  address TEXT NOT NULL DEFAULT '',
  status INTEGER NOT NULL DEFAULT 0,
  previous BLOB NOT NULL,
  hash BLOB NOT NULL
);
CREATE INDEX audit_client ON audit(client_id, at);

CREATE TABLE clock(                 -- counts changes of rights, so that what was looked up before is known to be old
  id INTEGER PRIMARY KEY CHECK(id = 1),
  rights INTEGER NOT NULL
);
INSERT INTO clock VALUES(1, 1);
