-- What a lane has closed is a span of event time, and not only the windows that have something in
-- them: of a window that is lost nothing would be recorded.

ALTER TABLE crossfade.runs
  -- The event time that the input of a run is complete for, as its settings say; null if they do not.
  ADD COLUMN covers_from timestamptz,
  ADD COLUMN covers_to timestamptz,
  ADD CHECK (covers_from < covers_to),
  ADD CHECK ((covers_from IS NULL) = (covers_to IS NULL));

-- How far a run that writes its lane itself has closed event time: no window that ends at or before
-- the frontier changes any more.
CREATE TABLE crossfade.frontiers (
  flow text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  run bigint NOT NULL,
  closed_to timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (flow, lane, run)
);

-- Only the attempt that holds a run may write as the run, whatever an older one believes.

-- The advisory lock that the writers of a run share, and that whoever takes the run over has alone.
CREATE FUNCTION crossfade.writers_of(of_run bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT x'63726f7400000000'::bigint + of_run
$$;

-- To be called first in every transaction that writes as a run: fails with the state ZR001 if the
-- run has ended or was started again, and else keeps both from happening before the transaction's
-- end. The lock is one of memory only. What is looked up after it was had is of then: each query of
-- a volatile function sees what was committed before that query.
CREATE FUNCTION crossfade.fence(of_run bigint, of_attempt int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  of_flow text;
  of_lane text;
  stored_attempts int;
  stored_end timestamptz;
  stored_outcome text;
  why text;
  now_at_work text;
BEGIN
  -- A process that is stopped in the middle of this holds up the next one no longer than that.
  PERFORM set_config('idle_in_transaction_session_timeout', '30s', true);
  PERFORM pg_advisory_xact_lock_shared(crossfade.writers_of(of_run));
  SELECT flow, lane, attempts, ended_at, outcome
    INTO of_flow, of_lane, stored_attempts, stored_end, stored_outcome
    FROM crossfade.runs WHERE run = of_run;
  IF stored_attempts = of_attempt AND stored_end IS NULL THEN
    RETURN;
  END IF;
  why := CASE
    WHEN stored_attempts IS NULL THEN format('there is no run %s', of_run)
    WHEN stored_attempts <> of_attempt THEN
      format('run %s was resumed by another process, as its attempt %s', of_run, stored_attempts)
    ELSE
      format('run %s was entered as %s at %s', of_run, stored_outcome,
        to_char(stored_end AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
  END;
  SELECT format('; lane ''%s'' is computed by run %s now, on the %s since %s', lane, run, runner,
      to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
    INTO now_at_work
    FROM crossfade.runs
    WHERE flow = of_flow AND lane = of_lane AND run > of_run AND kind = 'RUN' AND ended_at IS NULL
    ORDER BY run DESC LIMIT 1;
  RAISE EXCEPTION USING ERRCODE = 'ZR001', MESSAGE = why
    || '; what attempt ' || of_attempt || ' of it computes does not count any more'
    || coalesce(now_at_work, '');
END
$$;

-- Waits until no transaction writes as a run, and keeps new ones off until the transaction's end.
CREATE FUNCTION crossfade.await_writers(of_run bigint) RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(crossfade.writers_of(of_run))
$$;

-- Where the events of each window are in their sources, late ones apart: whoever computes the window
-- again has to find them all.
CREATE TABLE crossfade.window_sources (
  flow text COLLATE "C" NOT NULL,
  lane text COLLATE "C" NOT NULL,
  run bigint NOT NULL,
  window_start timestamptz NOT NULL,
  window_end timestamptz NOT NULL,
  source text COLLATE "C" NOT NULL,
  first_position bigint NOT NULL,
  last_position bigint NOT NULL,
  events bigint NOT NULL,
  PRIMARY KEY (flow, lane, run, window_start, source),
  CHECK (window_start < window_end),
  CHECK (first_position <= last_position)
);

-- What a run has lost of the windows that it has computed again, and why that was accepted.
ALTER TABLE crossfade.runs ADD COLUMN accepted_loss text;
