-- The rows of a table have no positions. Such a source is judged by count: its first position is 0,
-- and its end is how many records there are.
ALTER TABLE crossfade.inputs
  ADD COLUMN counted boolean NOT NULL DEFAULT false,
  ADD CHECK (NOT counted OR (first_position = 0 AND end_position IS NOT NULL));

-- What a stream does to survive its process: how often it should keep a checkpoint, since when there is
-- no newer one, whether there is any, and why it could not stop when it was told to.
ALTER TABLE crossfade.runs
  ADD COLUMN checkpoint_every_millis bigint,
  ADD COLUMN checkpoint_since timestamptz,
  ADD COLUMN checkpoint text,
  ADD COLUMN stop_trouble text;
