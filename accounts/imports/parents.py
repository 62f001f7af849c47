"""Who stands above whom: the parents that an account file names, settled before anything is written.

A parent is named by the id that the source gives it, or by its name; it stands in the file or in the system.
So the whole file has to be seen first. What is kept of a row is its number, its names and its parent.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_noop

from accounts.actions.tree import MAX_DEPTH
from accounts.merging.chain import live_ids
from accounts.models import Account, AccountReference
from kam.lib.tabular.problems import ValueProblem
from kam.lib.text import fold_name

if TYPE_CHECKING:
    from accounts.imports.account_rows import Entry

TEXTS_A_STEP = 500
UNKNOWN = gettext_noop(
    "The parent company “%(name)s” is neither among the accounts nor in a good row of the file."
)
SEVERAL = gettext_noop("Several accounts are called “%(name)s”; name the parent company by its id.")
CIRCLE = gettext_noop("The parent companies form a circle: %(names)s.")
TOO_DEEP = gettext_noop("“%(name)s” stands too deep: a group has at most %(max)s levels.")
# An account of the system by its id, a new one by the number of its row.
Node = UUID | int


@dataclass(slots=True)
class _Row:
    node: Node
    external_id: str
    names: tuple[str, ...]
    parent: str | None


class Parents:
    """What the rows of a file say about parents: refused rows by number, and the accounts that move."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.refused: dict[int, ValueProblem] = {}
        self.moves: dict[Node, Node | None] = {}
        self._rows: dict[int, _Row] = {}
        self._labels: dict[Node, str] = {}
        self._ids: dict[str, UUID] = {}
        self._named: dict[str, set[UUID]] = {}
        self._stands: dict[UUID, UUID | None] = {}

    def note(self, entries: Iterable["Entry"]) -> None:
        """Remember rows that can be used, each with the account that it fits."""
        for entry in entries:
            node = node_of(entry)
            name = entry.values.get("name") or (entry.account.name if entry.account else "")
            brand = entry.values.get("brand_name", entry.account.brand_name if entry.account else "")
            names = tuple({fold_name(text) for text in (name, brand) if text})
            self._labels[node] = brand or name
            self._rows[entry.number] = _Row(node, entry.external_id, names, entry.parent)

    def settle(self) -> None:
        """Find the parent of every row that names one; a row that is refused is nobody's parent any more."""
        self._look_up()
        while found := self._problems():
            self.refused |= found
            for number in found:
                del self._rows[number]
        self._rows.clear()

    def _problems(self) -> dict[int, ValueProblem]:
        finder, problems = _Finder(self._rows.values(), self._ids, self._named), {}
        self.moves = {}
        for number, row in self._rows.items():
            if row.parent is not None:
                try:
                    self.moves[row.node] = finder.find(row.parent) if row.parent else None
                except ValueProblem as problem:
                    problems[number] = problem
        return problems or self._circles()

    def _circles(self) -> dict[int, ValueProblem]:
        self._look_up_above({node for node in self.moves.values() if isinstance(node, UUID)})
        problems = {}
        for number, row in self._rows.items():
            if row.node in self.moves and (problem := self._wrong_chain(row)):
                problems[number] = problem
        return problems

    def _wrong_chain(self, row: _Row) -> ValueProblem | None:
        chain = list(islice(self._climb(row.node), MAX_DEPTH + 1))
        if row.node in chain:
            circle = [row.node, *chain[: chain.index(row.node) + 1]]
            names = self.labels_of(circle)
            return ValueProblem(
                "parent_circle", CIRCLE, {"names": " → ".join(names[node] for node in circle)}
            )
        # What leads into a circle of others is looked at again when those are out.
        if len(chain) > MAX_DEPTH and len(set(chain)) == len(chain):
            return ValueProblem(
                "parent_too_deep", TOO_DEEP, {"name": self._labels[row.node], "max": MAX_DEPTH}
            )
        return None

    def _climb(self, node: Node) -> Iterator[Node]:
        above = self.moves.get(node)
        while above is not None:
            yield above
            above = self.moves[above] if above in self.moves else self._stands.get(above)  # type: ignore[arg-type]  # a new account stands nowhere yet

    def labels_of(self, nodes: Iterable[Node | None]) -> dict[Node | None, str]:
        """Return what accounts are called, those of the file and those of the system; nobody has no name."""
        labels: dict[Node | None, str] = {None: ""}
        others = []
        for node in set(nodes) - {None}:
            if node in self._labels:
                labels[node] = self._labels[node]
            else:
                others.append(node)
        labels.update((account.pk, str(account)) for account in Account.objects.filter(pk__in=others))
        return labels

    def _look_up(self) -> None:
        """Find the accounts of the system that the file names as parents, by id and by name."""
        texts = iter({row.parent for row in self._rows.values() if row.parent})
        while step := list(islice(texts, TEXTS_A_STEP)):
            references = AccountReference.objects.filter(source=self.source, external_id__in=step)
            self._ids.update(references.values_list("external_id", "account_id"))
            rows = Account.everything.filter(Q(sort_key__in=map(fold_name, step)) | Q(name__in=step))
            found = list(rows.values_list("pk", "merged_into", "name", "sort_key"))
            ends = live_ids(pk for pk, merged_into, *_names in found if merged_into)
            for pk, _merged_into, name, sort_key in found:
                for key in {sort_key, fold_name(name)}:
                    self._named.setdefault(key, set()).add(ends.get(pk, pk))

    def _look_up_above(self, nodes: set[UUID]) -> None:
        """Read who stands above some accounts of the system, level by level."""
        level = nodes - self._stands.keys()
        while level:
            found = dict(Account.objects.filter(pk__in=level).values_list("pk", "parent"))
            self._stands |= found
            level = {above for above in found.values() if above is not None} - self._stands.keys()


class _Finder:
    """Whom a text means: a row of the file or an account of the system, by its id before any name."""

    def __init__(self, rows: Iterable[_Row], ids: Mapping[str, UUID], named: Mapping[str, set[UUID]]) -> None:
        self._ids: dict[str, Node] = dict(ids)
        self._names: defaultdict[str, set[Node]] = defaultdict(set)
        for name, accounts in named.items():
            self._names[name] |= accounts
        for row in rows:
            if row.external_id:
                self._ids[row.external_id] = row.node
            for name in row.names:
                self._names[name].add(row.node)

    def find(self, text: str) -> Node:
        """Return the node that a text means. Raises ValueProblem for nobody and for several."""
        if text in self._ids:
            return self._ids[text]
        fitting = self._names.get(fold_name(text), set())
        if len(fitting) > 1:
            raise ValueProblem("parent_ambiguous", SEVERAL, {"name": text})
        if not fitting:
            raise ValueProblem("parent_unknown", UNKNOWN, {"name": text})
        return next(iter(fitting))


def node_of(entry: "Entry") -> Node:
    """Return what stands for a row's account before it is written."""
    return entry.account.pk if entry.account else entry.number
