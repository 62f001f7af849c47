"""Input for the pages of accounts. A form knows what it was filled with, so that conflicts can be shown."""

import contextlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account, AccountTeamMember, Contact, ContactPhone, Task, Verb, Visibility
from accounts.tidy import SPECIAL
from kam.lib.errors import DomainError, InvalidInput
from kam.lib.text import fold_name
from kam.users.models import AccountFunction, Team, User

DATE = {"type": "date"}


class AccountField(forms.CharField):
    """An account typed by name, web domain or customer number; several that fit are named, none is guessed."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "list": "account-suggestions",
            "autocomplete": "off",
            "hx-get": reverse_lazy("accounts:suggest"),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": "#account-suggestions",
            "hx-swap": "outerHTML",
        }
        super().__init__(max_length=200, widget=forms.TextInput(attrs=attrs), **kwargs)
        self.seen = Account.objects.none()
        self.current: tuple[str, Account | None] = ("", None)

    def clean(self, value: Any) -> Account | None:
        text = super().clean(value)
        if text == self.current[0]:
            return self.current[1]
        found = self._matches(text)
        if len(found) > 1:
            names = ", ".join(account.name for account in found[:4])
            raise forms.ValidationError(
                _("Several accounts fit: %(names)s. Type the customer number or the web domain.")
                % {"names": names},
                code="ambiguous",
            )
        if not found:
            raise forms.ValidationError(
                _("No account you see fits “%(text)s”.") % {"text": text}, code="no_match"
            )
        return found[0]

    def _matches(self, text: str) -> list[Account]:
        exact = self.seen.filter(sort_key=fold_name(text)[:200])
        ways = [
            self.seen.known_as(text),
            self.seen.having("domain", [text.lower()]),
            exact,
            self.seen.search(text),
        ]
        with contextlib.suppress(ValueError):
            ways.insert(0, self.seen.filter(pk=UUID(text)))
        return next((found for way in ways if (found := list(way[:6]))), [])


class KeptForm(forms.Form):
    """A form that carries the version and the values it was filled with."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, initial: dict[str, Any], made: dict[str, forms.Field]) -> None:
        super().__init__(data, initial=initial)
        self.fields.update(made)
        for name, field in self.fields.items():
            field.show_hidden_initial = name != "version" and "version" in initial

    def changes(self) -> dict[str, Any]:
        """Return the values that differ from those the form was filled with."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "version"}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in SPECIAL.keys() & data.keys():
            try:
                data[name] = SPECIAL[name](data[name])
            except InvalidInput as error:
                self.add_error(name, str(error))
        return data

    def refuse(self, error: DomainError) -> None:
        """Show what an action refused, at its field where it has one."""
        self.add_error(error.field if error.field in self.fields else None, str(error))


class AccountForm(KeptForm):
    """Everything about an account but who looks after it."""

    FIELDS = (
        "name",
        "brand_name",
        "parent",
        "industry",
        "status",
        "domain",
        "vat_id",
        "street",
        "postal_code",
        "city",
        "country",
        "latitude",
        "longitude",
        "currency",
        "employees",
        "payment_terms_days",
    )
    SECTIONS = (
        (gettext_lazy("Company"), FIELDS[:7]),
        (gettext_lazy("Address"), FIELDS[7:13]),
        (gettext_lazy("Business"), FIELDS[13:]),
    )

    def __init__(self, data: Any = None, *, account: Account | None = None, user: User) -> None:
        plain = [name for name in self.FIELDS if name != "parent"]
        made: dict[str, Any] = dict(forms.fields_for_model(Account, fields=plain))
        for name in ("domain", "vat_id"):  # people paste whole addresses
            made[name] = forms.CharField(label=made[name].label, required=False, max_length=2000)
        seen = Account.objects.visible_to(user)
        made["parent"] = parent = AccountField(label=gettext_lazy("Parent company"), required=False)
        initial: dict[str, Any] = {"currency": "EUR", "status": "active"}
        parent.seen = seen
        if account is not None:
            shown = _name_for(account.parent, seen)
            initial = {name: getattr(account, name) for name in (*plain, "version")} | {"parent": shown}
            parent.current = (shown, account.parent)
        super().__init__(data, initial, {name: made[name] for name in self.FIELDS})

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(str(title), [self[name] for name in names]) for title, names in self.SECTIONS]


def _name_for(parent: Account | None, seen: Any) -> str:
    if parent is None:
        return ""
    return parent.name if seen.filter(pk=parent.pk).exists() else _("(a company you do not see)")


def with_choices(data: Mapping[str, Any]) -> Any:
    """Return posted data after the choices of the conflict page: «theirs» puts back what stands there now."""
    chosen: Any = data.copy()  # type: ignore[attr-defined]  # the data of a form is a QueryDict
    for key in [key for key in chosen if key.startswith("choose-") and chosen[key] == "theirs"]:
        name = key.removeprefix("choose-")
        chosen[name] = chosen.get(f"initial-{name}", "")
    return chosen


class HandoverForm(forms.Form):
    """Who looks after the account from now on."""

    owner = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Account manager"), required=False)
    kam = forms.ModelChoiceField(
        User.objects.none(), label=gettext_lazy("Key account manager"), required=False
    )
    team = forms.ModelChoiceField(Team.objects.all(), label=gettext_lazy("Team"), required=False)
    keep_former = forms.BooleanField(
        label=gettext_lazy("The former account manager stays on the account's team"),
        required=False,
        initial=True,
    )
    note = forms.CharField(
        label=gettext_lazy("What should the successor know?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, account: Account) -> None:
        people = {"owner": account.owner_id, "kam": account.kam_id, "team": account.team_id}
        super().__init__(data, initial=people | {"version": account.version})
        able = User.objects.who_can_own_accounts()
        self.fields["owner"].queryset = able  # type: ignore[attr-defined]  # a choice field
        self.fields["kam"].queryset = able.filter(role__in=["leader", "kam"])  # type: ignore[attr-defined]  # a choice field

    def people(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("owner", "kam", "team")}


class MemberForm(forms.Form):
    """One colleague on the account's team."""

    user = forms.ModelChoiceField(User.objects.active(), label=gettext_lazy("Colleague"), required=False)
    function = forms.ChoiceField(
        label=gettext_lazy("Function"), choices=[("", "–"), *AccountFunction.choices], required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("user")) != bool(data.get("function")):
            raise forms.ValidationError(_("Colleague and function go together."))
        return data


MemberFormSet = forms.formset_factory(MemberForm, extra=2, max_num=100)


def members_of(account: Account) -> list[dict[str, Any]]:
    """Return the team as the initial values of the member forms."""
    rows = AccountTeamMember.objects.filter(account=account).order_by("function", "user__name")
    return [{"user": row.user_id, "function": row.function} for row in rows]


class Lines(forms.CharField):
    """Several values, one a line."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 2, "spellcheck": "false"})
        super().__init__(required=False, max_length=3000, widget=widget, **kwargs)

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class ContactForm(KeptForm):
    """A person; e-mails and phone numbers one a line, the first e-mail is the preferred one."""

    def __init__(self, data: Any = None, *, contact: Contact | None = None) -> None:
        names = ["first_name", "last_name", "job_title", "department", "language"]
        made: dict[str, Any] = dict(forms.fields_for_model(Contact, fields=names))
        hint = gettext_lazy("One a line; the first one is preferred.")
        made["emails"] = Lines(label=gettext_lazy("E-mail addresses"), help_text=hint)
        made["work"] = Lines(label=gettext_lazy("Work phone"), help_text=gettext_lazy("One a line."))
        made["mobile"] = Lines(label=gettext_lazy("Mobile phone"), help_text=gettext_lazy("One a line."))
        made |= forms.fields_for_model(Contact, fields=["note", "left_on"])
        made["note"].widget.attrs["rows"] = 3
        made["left_on"].widget = forms.DateInput(attrs=DATE, format="%Y-%m-%d")
        made["left_on"].help_text = _("Empty while the person works there.")
        super().__init__(data, _contact_values(contact) if contact else {}, made)

    def values(self) -> dict[str, Any]:
        """Return what changed, as the action takes it."""
        changed = self.changes()
        if {"work", "mobile"} & changed.keys():
            pairs = [(kind, self.cleaned_data[kind]) for kind in ("work", "mobile")]
            changed["phones"] = [(number, kind) for kind, numbers in pairs for number in numbers]
        return {name: value for name, value in changed.items() if name not in ("work", "mobile")}


def _contact_values(contact: Contact) -> dict[str, Any]:
    names = ("first_name", "last_name", "job_title", "department", "language", "note", "left_on", "version")
    phones = list(contact.phones.all())
    return {name: getattr(contact, name) for name in names} | {
        "emails": "\n".join(row.address for row in contact.emails.all()),
        "work": "\n".join(row.number for row in phones if row.kind == ContactPhone.Kind.WORK),
        "mobile": "\n".join(row.number for row in phones if row.kind == ContactPhone.Kind.MOBILE),
    }


class ActivityForm(forms.Form):
    """The composer: what happened, with whom, how long."""

    verb = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=Verb.choices, initial=Verb.NOTE, widget=forms.RadioSelect
    )
    body = forms.CharField(
        label=gettext_lazy("What happened?"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": gettext_lazy("What happened?")}),
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=gettext_lazy("With"), required=False, empty_label=gettext_lazy("With …")
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=1440, required=False)
    occurred_at = forms.DateTimeField(
        label=gettext_lazy("When"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    shareable = forms.BooleanField(label=gettext_lazy("May be shown to the customer"), required=False)

    def __init__(self, data: Any = None, *, account: Account, people: list[Contact] | None = None) -> None:
        super().__init__(data, auto_id="log-%s")
        field = self.fields["contact"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        field.queryset = account.contacts.current()
        if people is not None:  # who has read them already saves the query
            field.choices = [("", _("With …")), *((person.pk, str(person)) for person in people)]

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        values["visibility"] = Visibility.SHAREABLE if values.pop("shareable") else Visibility.INTERNAL
        return values


class TaskForm(forms.Form):
    """A next step."""

    title = forms.CharField(label=gettext_lazy("Next step"), max_length=200)
    due_on = forms.DateField(
        label=gettext_lazy("Due"), required=False, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d")
    )
    assignee = forms.ModelChoiceField(User.objects.active(), label=gettext_lazy("Who"), required=False)
    done_when = forms.CharField(label=gettext_lazy("Done when"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, task: Task | None = None, by: User) -> None:
        names = ("title", "due_on", "done_when", "version")
        initial = {name: getattr(task, name) for name in names} if task else {}
        assignee = task.assignee_id if task else by.pk
        super().__init__(data, initial=initial | {"assignee": assignee}, auto_id="task-%s")

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
