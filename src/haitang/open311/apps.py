from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class App(AppConfig):
    name = "haitang.open311"
    label = "open311"

    def ready(self) -> None:
        """Ship the settings, and show whoever gives out API keys where the interface is."""
        from haitang.cases.values import SETTINGS, MoreSettings
        from haitang.core.ui.menu import Item, register
        from haitang.people.values import Permission

        SETTINGS.join(MoreSettings("open311", {
            "open311_anonymous": _("开放接口：没有密钥也可以上报"),
            "open311_jurisdictions": _("开放接口：分辖区提供服务的区域编码，留空则全市为一个辖区"),
            "open311_unpublished": _("开放接口：案件不对外列出的类别编码，含其下各类"),
            "open311_reports_per_hour": _("开放接口：同一密钥每小时最多上报次数"),
            "open311_contact": _("开放接口：对外公布的联系方式"),
        }))  # fmt: skip
        register(
            Item(
                gettext_noop("开放接口"), "open311:front", Permission.ACCOUNT_MANAGE, gettext_noop("设置"),
                "world", 899,
            )
        )  # fmt: skip
