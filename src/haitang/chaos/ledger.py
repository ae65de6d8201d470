"""What was queued and what was carried out, written down beside the queue in the same transactions.

The worker removes a job that it has done; here it stays. Kept by the database itself, so that no process that is killed
can forget it.
"""

from django.db import connection

_BEGIN = """
CREATE TABLE chaos_job (
    id bigint PRIMARY KEY, task text NOT NULL, args jsonb NOT NULL, begun int NOT NULL DEFAULT 0,
    done boolean NOT NULL DEFAULT false
);
CREATE FUNCTION chaos_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO chaos_job (id, task, args) VALUES (NEW.id, NEW.task_name, NEW.args);
    ELSIF TG_OP = 'DELETE' OR NEW.status = 'succeeded' THEN
        UPDATE chaos_job SET done = true WHERE id = OLD.id;
    ELSIF NEW.status = 'doing' AND OLD.status <> 'doing' THEN
        UPDATE chaos_job SET begun = begun + 1 WHERE id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER chaos_note AFTER INSERT OR UPDATE OR DELETE ON procrastinate_jobs
    FOR EACH ROW EXECUTE FUNCTION chaos_note();
"""
_REACTION = "args ? 'entry_id' OR args ? 'entry_ids'"


def begin() -> None:
    """Write everything down from now on."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN)


def count_waiting() -> int:
    """Return how many reactions were queued and have not been carried out."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM chaos_job WHERE NOT done AND ({_REACTION})")  # noqa: S608 - a text of ours
        return int(cursor.fetchone()[0])


def count_begun_again() -> int:
    """Return how many reactions were begun more than once: those whose worker was killed, or which failed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM chaos_job WHERE begun > 1 AND ({_REACTION})")  # noqa: S608 - a text of ours
        return int(cursor.fetchone()[0])


def carried_out() -> dict[tuple[int, str], list[bool]]:
    """Return for each entry and task whether each of its jobs was carried out; there should be one."""
    found: dict[tuple[int, str], list[bool]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (args->>'entry_id')::bigint, task, done FROM chaos_job WHERE args ? 'entry_id' UNION ALL "
            "SELECT e.id::bigint, task, done FROM chaos_job, jsonb_array_elements_text(args->'entry_ids') AS e(id) "
            "WHERE args ? 'entry_ids'"
        )
        for entry_id, task, done in cursor.fetchall():
            found.setdefault((entry_id, task), []).append(done)
    return found
