"""Static files under names with their content's digest, those that JavaScript modules import included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Kept by browsers for ever, since a changed file has another name.

    Modules import one another by plain relative names; the names with digests are put in when the files are gathered.
    """

    support_js_module_import_aggregation = True
    max_post_process_passes = 12  # one for each step in the longest chain of imports
