"""Static files under names with their content's digest, those that JavaScript modules import included."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Kept by browsers for ever, since a changed file has another name.

    Modules (*.mjs) import one another by plain relative names; the names with digests are put in when the files are
    gathered. Only in ours: libraries ship modules whose imports lead nowhere.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = ("*.mjs", HashedFilesMixin._js_module_import_aggregation_patterns[1])  # type: ignore[attr-defined]  # unknown to the stubs
    max_post_process_passes = 12  # one for each step in the longest chain of imports
