from django.db import models

from haitang.core.brought import BroughtFile
from haitang.core.privacy import Privacy


class ProjectFile(BroughtFile):
    """A sheet of projects on its way in. known: rows whose project is on the list already."""

    known = models.IntegerField("已在清单中")

    PRIVACY = {**BroughtFile.PRIVACY, "known": Privacy.INTERNAL}

    class Meta:
        indexes = [models.Index(fields=["account_id", "-brought_at"], name="projects_file_account")]

    @property
    def refused(self) -> int:
        """How many rows cannot be taken in and are not on the list."""
        return self.rows - self.sound - self.known
