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
