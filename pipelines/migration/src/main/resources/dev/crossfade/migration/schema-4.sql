-- The rows of a table have no positions. Such a source is judged by count: its first position is 0,
-- and its end is how many records there are.
ALTER TABLE crossfade.inputs
  ADD COLUMN counted boolean NOT NULL DEFAULT false,
  ADD CHECK (NOT counted OR (first_position = 0 AND end_position IS NOT NULL));
