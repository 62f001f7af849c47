"""A playbook of the demo company, and the accounts where it is running."""

from datetime import date, timedelta

from accounts.models import Account
from goals.actions.playbooks import Step, save_playbook, start_playbook
from kam.integrations.models import ImportBatch
from kam.users.models import User
from reports.demo import texts_pipeline as texts
from reports.demo.made import note_made

# Days since it was begun at the first planned accounts: halfway through, and just begun.
BEGUN = (38, 6)


def build_playbooks(planned: list[tuple[Account, User]], batch: ImportBatch, today: date, by: User) -> None:
    """Write the playbook and begin it at two accounts."""
    steps = [Step(*step) for step in texts.PLAYBOOK_STEPS]
    playbook = save_playbook(None, name=texts.PLAYBOOK, purpose=texts.PLAYBOOK_PURPOSE, steps=steps, by=by)
    note_made(batch, [playbook])
    for (account, kam), days in zip(planned, BEGUN, strict=False):
        start_playbook(playbook, account, on=today - timedelta(days=days), by=kam)
