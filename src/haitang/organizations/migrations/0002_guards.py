"""What the database itself keeps: on no day does an organization stand above itself in a hierarchy."""

from django.db import migrations

# The lock lets only one writer at a time change a hierarchy: two changes that are each without a cycle
# may have one together. The walk upwards follows only places that hold on a day of the new one.
FORWARD = """
CREATE FUNCTION organizations_refuse_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('organizations_subordination'), hashtext(NEW.hierarchy));
    IF EXISTS (
        WITH RECURSIVE above(id, days) AS (
            SELECT NEW.parent_id, daterange(NEW.from_date, NEW.to_date)
            UNION
            SELECT place.parent_id, above.days * daterange(place.from_date, place.to_date)
            FROM above JOIN organizations_subordination place
                ON place.child_id = above.id AND place.hierarchy = NEW.hierarchy
                AND above.days && daterange(place.from_date, place.to_date)
            WHERE above.id <> NEW.child_id
        )
        SELECT FROM above WHERE id = NEW.child_id
    ) THEN
        RAISE EXCEPTION 'organization % would stand above itself', NEW.child_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'organizations_subordination_no_cycle';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER organizations_subordination_no_cycle AFTER INSERT OR UPDATE ON organizations_subordination
    FOR EACH ROW EXECUTE FUNCTION organizations_refuse_cycle();
"""

BACKWARD = """
DROP TRIGGER organizations_subordination_no_cycle ON organizations_subordination;
DROP FUNCTION organizations_refuse_cycle();
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
