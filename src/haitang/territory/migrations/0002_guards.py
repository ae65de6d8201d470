"""What the database itself keeps: a version of an area never moves, and once closed it never changes."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION territory_area_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.code, NEW.path, NEW.depth) IS DISTINCT FROM (OLD.code, OLD.path, OLD.depth)
       OR NEW.parent_id IS DISTINCT FROM OLD.parent_id THEN
        RAISE EXCEPTION 'code, parent and path of an area are fixed; replace it' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.valid_to IS NOT NULL AND (NEW.valid_to IS DISTINCT FROM OLD.valid_to OR NEW.name <> OLD.name) THEN
        RAISE EXCEPTION 'a closed area is history' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER territory_area_fixed BEFORE UPDATE ON territory_area
    FOR EACH ROW EXECUTE FUNCTION territory_area_fixed();
"""

BACKWARD = """
DROP TRIGGER territory_area_fixed ON territory_area;
DROP FUNCTION territory_area_fixed();
"""


class Migration(migrations.Migration):
    dependencies = [("territory", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
