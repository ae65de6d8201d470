"""What the database itself keeps: the history only grows, policy versions never repeat, rate windows need no log."""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE core_policy_version_seq;

ALTER TABLE core_ratewindow SET UNLOGGED;

CREATE FUNCTION core_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER core_entry_append_only BEFORE UPDATE OR DELETE ON core_entry
    FOR EACH ROW EXECUTE FUNCTION core_append_only();
CREATE TRIGGER core_entry_no_truncate BEFORE TRUNCATE ON core_entry
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
CREATE TRIGGER core_seal_append_only BEFORE UPDATE OR DELETE ON core_seal
    FOR EACH ROW EXECUTE FUNCTION core_append_only();
CREATE TRIGGER core_seal_no_truncate BEFORE TRUNCATE ON core_seal
    FOR EACH STATEMENT EXECUTE FUNCTION core_append_only();
"""

BACKWARD = """
DROP TRIGGER core_seal_no_truncate ON core_seal;
DROP TRIGGER core_seal_append_only ON core_seal;
DROP TRIGGER core_entry_no_truncate ON core_entry;
DROP TRIGGER core_entry_append_only ON core_entry;
DROP FUNCTION core_append_only();
ALTER TABLE core_ratewindow SET LOGGED;
DROP SEQUENCE core_policy_version_seq;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
