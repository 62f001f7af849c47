"""Pages about people: handover, the account's team, the customer's contacts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actions.contacts import create_contact, delete_contact, update_contact
from accounts.actions.team import reassign_account, set_team
from accounts.conflicts import merge_rows
from accounts.forms import ContactForm, HandoverForm, MemberFormSet, members_of, with_choices
from accounts.models import Account, Contact
from accounts.permissions import caller, can_work
from kam.lib.errors import Conflict, DomainError
from kam.users.policy import MANAGERS, WORKERS, policy


@policy("GET", "POST", read=MANAGERS, write=MANAGERS, about="account")
def handover(request: HttpRequest, pk: object) -> HttpResponse:
    """Give the account to somebody else."""
    account = get_object_or_404(Account.objects.visible_to(request.user).with_people(), pk=pk)
    form = HandoverForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        keep, note = form.cleaned_data["keep_former"], form.cleaned_data["note"]
        version = form.cleaned_data["version"]
        try:
            reassign_account(
                account,
                people=form.people(),
                by=caller(request),
                note=note,
                keep_former=keep,
                expected_version=version,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("The handover is noted."))
            return redirect("accounts:detail", pk=pk)
    return render(request, "accounts/handover.html", {"form": form, "account": account})


@policy("GET", "POST", read=MANAGERS, write=MANAGERS, about="account")
def team(request: HttpRequest, pk: object) -> HttpResponse:
    """The colleagues on the account's team and what they do there."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    forms = MemberFormSet(request.POST or None, initial=members_of(account))
    refusal = ""
    if request.method == "POST" and forms.is_valid():
        rows = [form.cleaned_data for form in forms if form.cleaned_data.get("user")]
        try:
            set_team(account, members=[(r["user"], r["function"]) for r in rows], by=caller(request))
        except DomainError as error:
            refusal = str(error)
        else:
            messages.success(request, _("The team is saved."))
            return redirect("accounts:detail", pk=pk)
    return render(request, "accounts/team.html", {"forms": forms, "account": account, "refusal": refusal})


@policy("GET", about="account")
def contacts(request: HttpRequest, pk: object) -> HttpResponse:
    """Everybody at the account, those who left last."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    people = account.contacts.with_addresses().order_by("left_on", "sort_key", "id")
    current = [person for person in people if person.left_on is None]
    former = [person for person in people if person.left_on is not None]
    context = {
        "account": account,
        "current": current,
        "former": former,
        "may_work": can_work(caller(request)),
    }
    return render(request, "accounts/contacts.html", context)


@policy("GET", "POST", read=WORKERS, write=WORKERS, about="account")
def contact_create(request: HttpRequest, pk: object) -> HttpResponse:
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            contact = create_contact(account, values=form.values(), by=caller(request))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("%(name)s is added.") % {"name": contact})
            return redirect("accounts:contacts", pk=pk)
    return render(request, "accounts/contact_form.html", {"form": form, "account": account})


@policy("GET", "POST", read=WORKERS, write=WORKERS, about="contact")
def contact_edit(request: HttpRequest, pk: object) -> HttpResponse:
    """Change a person; when somebody else did meanwhile, show yours, theirs and before."""
    contact = _contact(request, pk)
    data = with_choices(request.POST) if request.method == "POST" else None
    form = ContactForm(data, contact=contact)
    if data is not None and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            update_contact(contact, values=form.values(), by=caller(request), expected_version=version)
        except Conflict as conflict:
            rows = merge_rows(form, ContactForm(contact=conflict.current))
            context = {"rows": rows, "version": conflict.current.version, "account": contact.account}
            return render(request, "accounts/conflict.html", context, status=409)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The changes are saved."))
            return redirect("accounts:contacts", pk=contact.account_id)
    context = {"form": form, "contact": contact, "account": contact.account}
    return render(request, "accounts/contact_form.html", context)


@policy("POST", write=WORKERS, about="contact")
def contact_delete(request: HttpRequest, pk: object) -> HttpResponse:
    contact = _contact(request, pk)
    delete_contact(contact, by=caller(request))
    messages.success(request, _("The person is deleted."))
    return redirect("accounts:contacts", pk=contact.account_id)


def _contact(request: HttpRequest, pk: object) -> Contact:
    people = Contact.objects.with_addresses().visible_to(request.user).with_account()
    contact: Contact = get_object_or_404(people, pk=pk)
    return contact
