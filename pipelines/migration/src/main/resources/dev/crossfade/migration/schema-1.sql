-- What Crossfade keeps beside the results. Addresses sort by bytes everywhere (COLLATE "C"), so that
-- no database's locale decides which two texts are the same one.

-- Every attempt to compute a lane. The number grows from run to run and is part of a result's version.
CREATE TABLE crossfade.runs (
  run bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  flow text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  runner text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at timestamptz,
  outcome text,
  counts jsonb,
  CHECK ((ended_at IS NULL) = (outcome IS NULL))
);

CREATE INDEX ON crossfade.runs (flow, lane, run);

-- The windows that a lane will not change any more. Only these are compared.
CREATE TABLE crossfade.closed_windows (
  flow text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL,
  run bigint NOT NULL,
  closed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (flow, lane, window_start, window_end),
  CHECK (window_start < window_end)
);

-- Records that could not be processed.
CREATE TABLE crossfade.dead_letters (
  flow text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  origin text COLLATE "C" NOT NULL,
  step text NOT NULL,
  cause text NOT NULL,
  message text,
  bytes bytea,
  event_time timestamptz,
  run bigint NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (flow, lane, origin)
);

-- Records that came after their window had closed.
CREATE TABLE crossfade.late_records (
  flow text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  origin text COLLATE "C" NOT NULL,
  event_time timestamptz NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL,
  behind_millis bigint NOT NULL,
  bytes bytea,
  run bigint NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (flow, lane, origin)
);
