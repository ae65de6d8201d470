"""What the tables of signing in and of grants must keep whoever writes them, and a fresh start for what is open."""

from django.db import migrations

DUTIES = """
CREATE FUNCTION people_duty_of(permission text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE permission
        WHEN 'people.account.manage' THEN 'system'
        WHEN 'people.grant.manage' THEN 'security'
        WHEN 'core.history.audit' THEN 'audit'
        ELSE '' END
$$;

CREATE FUNCTION people_guard_grant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted text;
BEGIN
    IF NEW.role_id IS NULL THEN
        wanted := people_duty_of(NEW.permission);
    ELSE
        SELECT duty INTO wanted FROM people_role WHERE id = NEW.role_id;
    END IF;
    IF NEW.duty IS DISTINCT FROM wanted THEN
        RAISE EXCEPTION 'a grant''s duty is that of its role or permission'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'people_grant_duty', TABLE = 'people_grant';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER people_grant_duty BEFORE INSERT OR UPDATE OF role_id, permission, duty ON people_grant
    FOR EACH ROW EXECUTE FUNCTION people_guard_grant();

CREATE FUNCTION people_guard_role_permission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF people_duty_of(NEW.permission) <> ''
            AND people_duty_of(NEW.permission) <> (SELECT duty FROM people_role WHERE id = NEW.role_id) THEN
        RAISE EXCEPTION 'a role with an administrator''s permission is that administrator''s'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'people_rolepermission_duty', TABLE = 'people_rolepermission';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER people_rolepermission_duty BEFORE INSERT OR UPDATE ON people_rolepermission
    FOR EACH ROW EXECUTE FUNCTION people_guard_role_permission();

CREATE FUNCTION people_guard_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.duty <> OLD.duty AND EXISTS (SELECT FROM people_grant WHERE role_id = NEW.id) THEN
        RAISE EXCEPTION 'a role that was given to somebody does not become, or stop being, an administrator''s'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'people_role_duty', TABLE = 'people_role';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER people_role_duty BEFORE UPDATE OF duty ON people_role
    FOR EACH ROW EXECUTE FUNCTION people_guard_role();
"""
NO_DUTIES = """
DROP TRIGGER people_role_duty ON people_role;
DROP TRIGGER people_rolepermission_duty ON people_rolepermission;
DROP TRIGGER people_grant_duty ON people_grant;
DROP FUNCTION people_guard_role(), people_guard_role_permission(), people_guard_grant(), people_duty_of(text);
"""
UNLOGGED, LOGGED = "ALTER TABLE people_apiuse SET UNLOGGED", "ALTER TABLE people_apiuse SET LOGGED"
# Passwords chosen before ages were kept count from today, and are not chosen again. Sessions that no list shows end.
BEGIN = """
UPDATE people_account SET password_changed_at = now() WHERE password NOT LIKE '!%' AND NOT must_change_password;
INSERT INTO people_pastpassword (account_id, password, at)
    SELECT id, password, now() FROM people_account WHERE password NOT LIKE '!%';
DELETE FROM django_session;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0004_signing"), ("sessions", "0001_initial")]

    operations = [
        migrations.RunSQL(DUTIES, NO_DUTIES),
        migrations.RunSQL(UNLOGGED, LOGGED),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
    ]
