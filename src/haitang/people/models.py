from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from haitang.core.privacy import Privacy


class AccountManager(BaseUserManager["Account"]):
    """Looks accounts up by their natural key; accounts are made by people.actions."""


class Account(AbstractBaseUser):
    """A way to sign in, belonging to one person. What it may do is said by its grants, never by a flag."""

    username = models.TextField("账号", unique=True)
    name = models.TextField("姓名")
    is_active = models.BooleanField("启用", default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []

    PRIVACY = {
        "username": Privacy.PERSONAL, "name": Privacy.PERSONAL, "is_active": Privacy.INTERNAL,
        "password": Privacy.SECRET, "last_login": Privacy.PERSONAL,
    }  # fmt: skip

    objects = AccountManager()
