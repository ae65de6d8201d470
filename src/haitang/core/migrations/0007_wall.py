"""What the second wall asks: what the asker of the present request holds, by app (core.wall)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION haitang_areas(VARIADIC apps text[]) RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(held::bigint), '{}')
    FROM unnest(apps) AS app,
         jsonb_array_elements_text(nullif(current_setting('haitang.sight', true), '')::jsonb -> 'areas' -> app) AS held
$$;
CREATE FUNCTION haitang_organizations(VARIADIC apps text[]) RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(held::bigint), '{}')
    FROM unnest(apps) AS app,
         jsonb_array_elements_text(
             nullif(current_setting('haitang.sight', true), '')::jsonb -> 'organizations' -> app) AS held
$$;
CREATE FUNCTION haitang_accounts() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(held::bigint), '{}')
    FROM jsonb_array_elements_text(nullif(current_setting('haitang.sight', true), '')::jsonb -> 'accounts') AS held
$$;
"""

BACKWARD = """
DROP FUNCTION haitang_accounts();
DROP FUNCTION haitang_organizations(VARIADIC text[]);
DROP FUNCTION haitang_areas(VARIADIC text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0006_looks")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
