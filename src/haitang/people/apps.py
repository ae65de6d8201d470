from functools import partial
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_noop as _


class App(AppConfig):
    name = "haitang.people"
    label = "people"

    def ready(self) -> None:
        """Ship the roles after each migration, and stand in the menu."""
        from allauth.mfa import signals
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from haitang.core.access import SIGNED_IN
        from haitang.core.resealing import ELSEWHERE
        from haitang.core.ui import menu
        from haitang.people.queries import count_unread
        from haitang.people.values import HISTORY_AUDIT, Permission

        ELSEWHERE.join(_reseal_factors)
        user_logged_in.connect(_note_sign_in, dispatch_uid="people.note_sign_in")
        user_logged_out.connect(_note_sign_out, dispatch_uid="people.note_sign_out")
        for signal, is_added in ((signals.authenticator_added, True), (signals.authenticator_removed, False)):
            signal.connect(
                partial(_note_factor, is_added=is_added), weak=False, dispatch_uid=f"people.factor{is_added}"
            )
        signals.authenticator_used.connect(_note_factor_shown, dispatch_uid="people.factor_shown")
        post_migrate.connect(_ship_roles, sender=self, dispatch_uid="people.ship_roles")
        menu.register(
            menu.Item(_("消息"), "people:notices", SIGNED_IN, _("我的"), "bell", 900, badge=count_unread, pinned=True),
            menu.Item(_("我的信息"), "people:me", SIGNED_IN, _("我的"), "user", 910),
            menu.Item(_("人员"), "people:person_list", Permission.PERSON_MANAGE, _("设置"), "users", 830),
            menu.Item(_("账号"), "people:account_list", Permission.ACCOUNT_MANAGE, _("设置"), "user-cog", 840),
            menu.Item(_("操作日志"), "people:history", HISTORY_AUDIT, _("设置"), "history", 870),
            menu.Item(_("角色"), "people:role_list", Permission.GRANT_MANAGE, _("设置"), "shield", 850),
            menu.Item(
                _("临时权限"),
                "people:elevations",
                SIGNED_IN,
                _("我的"),
                "shield-lock",
                920,
                shown=lambda viewer: bool(viewer.permissions),
            ),
            menu.Item(_("登录与安全"), "people:sign_in_rules", Permission.GRANT_MANAGE, _("设置"), "lock", 865),
            menu.Item(_("授权"), "people:grant_list", Permission.GRANT_MANAGE, _("设置"), "shield-check", 860),
        )


def _ship_roles(**_more: object) -> None:
    from haitang.people import actions

    actions.ship_roles()


def _note_sign_in(request: Any, user: Any, **_more: object) -> None:
    """Begin the session that the list of sessions shows; a program that signs in without a request has none."""
    if "REMOTE_ADDR" not in request.META:
        return
    from allauth.account.adapter import get_adapter

    from haitang.core import clock
    from haitang.people import actions, queries
    from haitang.people.values import SEEN, SINCE

    now = clock.now()
    request.session[SINCE] = request.session[SEEN] = int(now.timestamp())
    actions.begin_session(
        actor=queries.get_actor(user.pk, now=now),
        session_key=request.session.session_key or "",
        address=str(get_adapter().get_client_ip(request)),
        user_agent=request.headers.get("User-Agent", ""),
        now=now,
    )


def _note_sign_out(request: Any, user: Any, **_more: object) -> None:
    if user is None or not getattr(request, "session", None):
        return
    from haitang.core import clock
    from haitang.people import actions, queries

    now = clock.now()
    key = request.session.session_key or ""
    actions.forget_session(actor=queries.get_actor(user.pk, now=now), session_key=key, now=now)


def _note_factor(request: Any, user: Any, authenticator: Any, is_added: bool, **_more: object) -> None:
    """Write it down; who has just set one up, has shown it in this session."""
    from allauth.mfa.adapter import get_adapter

    from haitang.core import clock
    from haitang.people import actions, queries
    from haitang.people.values import FACTOR

    now = clock.now()
    request.session[FACTOR] = get_adapter().is_mfa_enabled(user)
    actions.note_factor(
        actor=queries.get_actor(user.pk, now=now), account_id=user.pk, kind=authenticator.type, is_added=is_added,
        session_key=request.session.session_key or "", now=now,
    )  # fmt: skip


def _note_factor_shown(request: Any, **_more: object) -> None:
    from haitang.people.values import FACTOR

    request.session[FACTOR] = True


def _reseal_factors(limit: int) -> int:
    """Seal the secrets of second factors anew after a change of key."""
    from haitang.core import clock
    from haitang.core.access import system
    from haitang.people.actions import reseal_factors

    return reseal_factors(actor=system("密钥更换"), limit=limit, now=clock.now())
