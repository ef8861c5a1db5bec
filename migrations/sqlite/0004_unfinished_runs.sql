-- The runs that wait or go on are few among all that a thread ever had: claims, limits and lists look only at these.
CREATE INDEX runs_unfinished_of_thread ON runs (group_id, thread_id, id) WHERE status IN ('queued', 'running', 'waiting');
