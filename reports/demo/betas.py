"""Two beta programmes: one running with answers, consent and feedback, one that is over with its outcomes."""

from datetime import date, timedelta
from random import Random

from accounts.models import Account, Offering
from goals.models import BetaFeedback, BetaParticipation, BetaProgramme
from kam.integrations.models import ImportBatch
from kam.users.models import User
from reports.demo import texts_pipeline as texts
from reports.demo.made import note_made


def build_betas(planned: list[tuple[Account, User]], batch: ImportBatch, today: date, rng: Random) -> None:
    """Plan a running and a past programme and let accounts with a plan take part."""
    chosen = rng.sample(planned, k=min(len(planned), 9))
    owner = chosen[0][1]
    running = _programme("FERN", today - timedelta(days=60), today + timedelta(days=90), owner)
    over = _programme("PALETTE", today - timedelta(days=420), today - timedelta(days=240), owner)
    note_made(batch, [running, over])
    for place, (account, kam) in enumerate(chosen[:6]):
        _in_running(running, account, kam, today, place, rng)
    for account, _kam in chosen[6:]:
        _in_past(over, account, rng)


def _programme(code: str, start: date, end: date, owner: User) -> BetaProgramme:
    name, offering, buys, purpose, industries = texts.BETAS[code]
    return BetaProgramme.objects.create(
        name=name,
        offering=Offering.objects.filter(code=offering).first(),
        buys=Offering.objects.filter(code=buys).first(),
        purpose=purpose,
        industries=industries,
        starts_on=start,
        ends_on=end,
        places=6,
        owner=owner,
    )


def _in_running(
    programme: BetaProgramme, account: Account, kam: User, today: date, place: int, rng: Random
) -> None:
    state = ["accepted", "accepted", "accepted", "invited", "invited", "declined"][place]
    invited = today - timedelta(days=rng.randint(20, 50))
    row = BetaParticipation(programme=programme, account=account, state=state, invited_on=invited)
    if state == "declined":
        row.answered_on, row.note = invited + timedelta(days=4), texts.BETA_REFUSAL
    if state == "accepted":
        _consent(row, invited + timedelta(days=5), rng)
    row.save(force_insert=True)
    if state == "accepted":
        for kind, text in rng.sample(texts.BETA_FEEDBACK, k=rng.randint(0, 2)):
            day = invited + timedelta(days=rng.randint(8, 18))
            BetaFeedback.objects.create(
                participation=row,
                kind=kind,
                text=text,
                given_on=day,
                contact=account.contacts.first(),
                noted_by=kam,
            )


def _in_past(programme: BetaProgramme, account: Account, rng: Random) -> None:
    invited = programme.starts_on - timedelta(days=20)
    row = BetaParticipation(programme=programme, account=account, state="finished", invited_on=invited)
    row.outcome, row.outcome_text = rng.choice(texts.BETA_OUTCOMES)
    _consent(row, invited + timedelta(days=6), rng)
    row.save(force_insert=True)


def _consent(row: BetaParticipation, day: date, rng: Random) -> None:
    row.answered_on = row.consent_on = day
    row.consent_by = str(row.account.contacts.first() or "Werksleitung")
    row.consent_how = rng.choice(["written", "mail", "meeting"])
