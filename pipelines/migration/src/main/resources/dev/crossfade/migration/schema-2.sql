-- Where every record went, and what is needed to stop a run, to go on with it and to compute windows
-- again. Whatever is counted is counted by run: two runs never overwrite each other's counts, and
-- which of them stands for a window is what closed_windows says.

ALTER TABLE crossfade.runs
  ADD COLUMN kind text NOT NULL DEFAULT 'RUN' CHECK (kind IN ('RUN', 'RESTATEMENT')),
  -- Its rows are kept aside until all of them are there, and put in place at once.
  ADD COLUMN staged boolean NOT NULL DEFAULT false,
  ADD COLUMN put_in_place_at timestamptz,
  -- The event time that the run computes; null is all of it.
  ADD COLUMN span_from timestamptz,
  ADD COLUMN span_to timestamptz,
  ADD COLUMN reason text,
  -- How often the run was started; a resumed run keeps its number.
  ADD COLUMN attempts int NOT NULL DEFAULT 1,
  ADD COLUMN state_fingerprint text,
  ADD COLUMN state_description text,
  ADD COLUMN logic_fingerprint text,
  -- The directory in which the run's checkpoints are kept.
  ADD COLUMN restore_from text,
  ADD COLUMN savepoint text,
  ADD COLUMN stop_requested text CHECK (stop_requested IN ('SAVEPOINT', 'DRAIN')),
  ADD CHECK (span_from < span_to),
  ADD CHECK ((span_from IS NULL) = (span_to IS NULL)),
  ADD CHECK (staged OR put_in_place_at IS NULL);

-- What the keeper of a source says there is to read: the broker, a count of lines, a count of rows.
CREATE TABLE crossfade.inputs (
  flow text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  run bigint NOT NULL,
  source text COLLATE "C" NOT NULL,
  identity text NOT NULL,
  first_position bigint NOT NULL,
  -- The position after the last one; null if the source goes on.
  end_position bigint,
  PRIMARY KEY (flow, lane, run, source),
  CHECK (first_position <= end_position)
);

-- What the graph says became of the positions of a source.
CREATE TABLE crossfade.origin_ledger (
  flow text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  run bigint NOT NULL,
  source text COLLATE "C" NOT NULL,
  decoded bigint NOT NULL,
  -- Those of the decoded that belong to a window which the run does not compute.
  outside bigint NOT NULL,
  undecodable bigint NOT NULL,
  without_content bigint NOT NULL,
  next_position bigint NOT NULL,
  PRIMARY KEY (flow, lane, run, source)
);

-- How many events of a window came in time, counted where they are decoded.
CREATE TABLE crossfade.window_ledger (
  flow text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  run bigint NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL,
  decoded bigint NOT NULL,
  filtered bigint NOT NULL,
  PRIMARY KEY (flow, lane, run, window_start),
  CHECK (window_start < window_end)
);

-- Events that do not count, since another one of the same id and other content does.
CREATE TABLE crossfade.conflicts (
  flow text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  run bigint NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL,
  -- The key columns as JSON.
  key text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  content text COLLATE "C" NOT NULL,
  PRIMARY KEY (flow, lane, run, window_start, key, id, content),
  CHECK (window_start < window_end)
);

-- A dead letter is kept once for a lane, as the run with the greatest number saw it.
ALTER TABLE crossfade.dead_letters RENAME COLUMN seen_at TO last_seen;
ALTER TABLE crossfade.dead_letters
  -- The window of the event that it is; null if it is none.
  ADD COLUMN window_start timestamptz,
  ADD COLUMN window_end timestamptz,
  ADD COLUMN retryable boolean NOT NULL DEFAULT false,
  -- The fingerprint of the logic that could not process it.
  ADD COLUMN logic text,
  ADD COLUMN attempts int NOT NULL DEFAULT 1,
  ADD COLUMN first_run bigint,
  ADD COLUMN first_seen timestamptz,
  ADD COLUMN status text NOT NULL DEFAULT 'OPEN'
    CHECK (status IN ('OPEN', 'REPLAYED', 'DISCARDED')),
  -- The run that processed it after all.
  ADD COLUMN resolved_by bigint,
  ADD COLUMN resolved_reason text,
  ADD COLUMN resolved_at timestamptz,
  ADD CHECK (window_start < window_end),
  ADD CHECK ((window_start IS NULL) = (window_end IS NULL));
UPDATE crossfade.dead_letters SET first_run = run, first_seen = last_seen;
ALTER TABLE crossfade.dead_letters
  ALTER COLUMN retryable DROP DEFAULT,
  ALTER COLUMN first_run SET NOT NULL,
  ALTER COLUMN first_seen SET NOT NULL,
  ALTER COLUMN first_seen SET DEFAULT clock_timestamp();

-- Which runs saw a dead letter, and as what: each run's own count of them has to add up, also when
-- a later run could process some of them or took them for something else.
CREATE TABLE crossfade.dead_letter_runs (
  flow text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  run bigint NOT NULL,
  origin text COLLATE "C" NOT NULL,
  window_start timestamptz,
  window_end timestamptz,
  PRIMARY KEY (flow, lane, run, origin)
);
INSERT INTO crossfade.dead_letter_runs (flow, lane, run, origin)
SELECT flow, lane, run, origin FROM crossfade.dead_letters;

-- Before the insert, and so whether or not the letter is there and whichever run's version of it
-- stands in the end.
CREATE FUNCTION crossfade.note_dead_letter_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO crossfade.dead_letter_runs AS r (flow, lane, run, origin, window_start, window_end)
  VALUES (NEW.flow, NEW.lane, NEW.run, NEW.origin, NEW.window_start, NEW.window_end)
  ON CONFLICT (flow, lane, run, origin) DO UPDATE
  SET window_start = EXCLUDED.window_start, window_end = EXCLUDED.window_end
  WHERE (r.window_start, r.window_end)
    IS DISTINCT FROM (EXCLUDED.window_start, EXCLUDED.window_end);
  RETURN NEW;
END
$$;
CREATE TRIGGER note_dead_letter_run BEFORE INSERT ON crossfade.dead_letters
FOR EACH ROW EXECUTE FUNCTION crossfade.note_dead_letter_run();

-- The run that computed the record's window again, the record among its events.
ALTER TABLE crossfade.late_records ADD COLUMN restated_by bigint;

-- Where an idle partition was let pass, so that a restart does the same at the same position.
CREATE TABLE crossfade.idle_advances (
  flow text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  run bigint NOT NULL,
  source text COLLATE "C" NOT NULL,
  at_position bigint NOT NULL,
  watermark bigint NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (flow, lane, run, source, at_position, watermark)
);

-- What the rules of the business found in a window.
CREATE TABLE crossfade.quality (
  flow text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  run bigint NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL,
  rule text COLLATE "C" NOT NULL,
  -- Null if there was nothing to judge by, which is not good evidence.
  passed boolean,
  found text NOT NULL,
  PRIMARY KEY (flow, lane, run, window_start, rule),
  CHECK (window_start < window_end)
);
