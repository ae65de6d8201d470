"""What is typed at a sitting of the council."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haitang.core.errors import Refusal
from haitang.people.queries import get_account_id
from haitang.rounds.values import MEMBERS_MAX, NAME_LENGTH_MAX, PLACE_LENGTH_MAX, WORDS_LENGTH_MAX, Choice, SeatDraft


class SittingForm(forms.Form):
    """When and where the council sits, and who its members are."""

    held_on = forms.DateField(label=gettext_lazy("会议日期"), widget=forms.DateInput(attrs={"type": "date"}))
    place = forms.CharField(label=gettext_lazy("地点"), max_length=PLACE_LENGTH_MAX, required=False)
    members = forms.CharField(
        label=gettext_lazy("应到成员"), max_length=MEMBERS_MAX * (NAME_LENGTH_MAX + 40),
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy(
            "每行一位：姓名 | 登录名。有登录名的在自己手机上表决，其余由记录人代录；上次填过的不用再填登录名"
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, members: Sequence[SeatDraft] = (), **kwargs: Any) -> None:
        """members: those of the last sitting; whoever had an account there keeps it without typing it again."""
        self._accounts = {each.name: each.account_id for each in members}
        kwargs.setdefault("initial", {"members": "\n".join(each.name for each in members)})
        super().__init__(*args, **kwargs)

    def clean_members(self) -> list[SeatDraft]:
        """Read a member from each line."""
        found = []
        for line in self.cleaned_data["members"].replace("｜", "|").splitlines():
            name, _bar, username = (part.strip() for part in line.partition("|"))
            if not name:
                continue
            try:
                account_id = get_account_id(username) if username else self._accounts.get(name)
                found.append(SeatDraft(name, account_id))
            except Refusal as refusal:
                raise forms.ValidationError(refusal.message) from refusal
        return found


class PresentForm(forms.Form):
    """Who is present."""

    seats = forms.MultipleChoiceField(
        label=gettext_lazy("到会成员"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, seats: Iterable[Any], **kwargs: Any) -> None:
        rows = list(seats)
        kwargs.setdefault("initial", {"seats": [str(each.pk) for each in rows if each.is_present]})
        super().__init__(*args, **kwargs)
        names = [(str(each.pk), each.name) for each in rows]
        self.fields["seats"].choices = names  # type: ignore[attr-defined]  # a choice field

    def seat_ids(self) -> list[int]:
        """Return who was marked."""
        return [int(each) for each in self.cleaned_data["seats"]]


class HandsForm(forms.Form):
    """A hand for each proposal on the agenda; one left open is not given."""

    def __init__(self, *args: Any, agenda: Iterable[tuple[Any, str]], **kwargs: Any) -> None:
        """agenda: proposals, each with what was said so far."""
        super().__init__(*args, **kwargs)
        for proposal, said in agenda:
            self.fields[f"hand_{proposal.pk}"] = forms.ChoiceField(
                label=f"{proposal.number} {proposal.title}", choices=Choice.choices, widget=forms.RadioSelect,
                required=False, initial=said,
            )  # fmt: skip

    def hands(self) -> dict[int, str]:
        """Return what was said, by proposal."""
        return {int(name.removeprefix("hand_")): said for name, said in self.cleaned_data.items() if said}


class CloseForm(forms.Form):
    """The minutes."""

    minutes = forms.CharField(
        label=gettext_lazy("会议记录"), max_length=WORDS_LENGTH_MAX, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
