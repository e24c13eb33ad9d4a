"""The pipeline: from partners' extracts to a published snapshot."""

import datetime as dt
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from wholeplace import __version__
from wholeplace.agreements import (
    FlagStatements,
    Keeping,
    MemoryFlagStatements,
    SignOffs,
    compile_rules,
    countable_facts,
    find_keeping,
    kept_fields,
    read_agreements,
    terms_of,
)
from wholeplace.agreements.drafting.checking import check_agreements
from wholeplace.foundation.deletions import Deletions
from wholeplace.foundation.errors import WholeplaceError
from wholeplace.foundation.folders import DataFolder
from wholeplace.foundation.machine import tell_machine_errors
from wholeplace.foundation.snapshots import Draft, Snapshot, Snapshots
from wholeplace.foundation.store import Store
from wholeplace.intake.loading import load_inbox
from wholeplace.intake.report import LoadReport
from wholeplace.linkage.review import MatchDecision
from wholeplace.partnership.folder import PlaceFolder, load_place
from wholeplace.people.flags import keep_reach
from wholeplace.people.keeping import keeping_as_plain
from wholeplace.pipeline.cutting import Coverage, cut_snapshots, find_coverage
from wholeplace.pipeline.erasing import erase_from_snapshots
from wholeplace.pipeline.fingerprint import folder_hash
from wholeplace.pipeline.lock import hold_run_lock
from wholeplace.pipeline.plan import STAGES, Given, Stage, plan_stages
from wholeplace.pipeline.pruning import prune_snapshots
from wholeplace.pipeline.report import Progress, RunReport, SilentProgress, StageReport
from wholeplace.pipeline.tables import take_over, write_tables
from wholeplace.pipeline.unneeded import delete_unneeded, find_unneeded

__all__ = ["MEMORY_MB", "run_pipeline"]

MEMORY_MB = 2_000
"""What the engine may hold in memory before it spills to disk."""


def run_pipeline(
    place_folder: Path,
    data: DataFolder,
    *,
    sign_offs: SignOffs,
    at: dt.datetime,
    statements: FlagStatements | None = None,
    decisions: Iterable[MatchDecision] = (),
    as_of: dt.date | None = None,
    progress: Progress | None = None,
    engine: str = "duckdb",
    linking: str = "auto",
) -> RunReport:
    """Run every stage whose inputs changed, and publish what came of it.

    Args:
        place_folder: the reviewed text.
        data: the deployment's data folder.
        sign_offs: which agreements are in force.
        at: the instant of the run; agreements in force on its day decide what is kept.
        statements: flags that people stated on screen; none when absent.
        decisions: what people decided about doubtful matches; none when absent.
        as_of: the day on which needs and flags are judged; the day of `at` when absent.
        progress: told of each stage.
        engine: `duckdb`.
        linking: `full` links all records anew, `delta` only what changed; `auto` does whichever
            the schedule asks for.

    Raises:
        CheckFailedError: if the place folder has faults; the last snapshot keeps serving.
        UnsafeActionError: if another run is going on.
        MachineError: if the disk is full, memory ran out or the like; the last snapshot keeps
            serving.
        WholeplaceError: if a stage failed; the last snapshot keeps serving.
    """
    check_engine(engine)
    with (
        tell_machine_errors("The run stopped; the last snapshot keeps serving."),
        hold_run_lock(data, at),
    ):
        stated = statements or MemoryFlagStatements()
        told = progress or SilentProgress()
        run = _Run(place_folder, data, sign_offs, stated, at, as_of, told, linking)
        run.decisions = tuple(decisions)
        return run.go()


def check_engine(engine: str) -> None:
    """Raise WholeplaceError unless this engine can run the pipeline today."""
    if engine == "duckdb":
        return
    raise WholeplaceError(
        f"The engine {engine} cannot be used.",
        "It is not built yet: the pipeline runs on DuckDB alone."
        if engine == "spark"
        else "There is no engine of that name.",
        "Run without --engine, or with --engine duckdb.",
    )


class _Run:
    """One run: what it was given, and what it has done so far."""

    def __init__(
        self,
        folder: Path,
        data: DataFolder,
        sign_offs: SignOffs,
        statements: FlagStatements,
        at: dt.datetime,
        as_of: dt.date | None,
        progress: Progress,
        linking: str,
    ) -> None:
        self.folder, self.data, self.sign_offs = folder, data, sign_offs
        self.statements, self.linking = statements, linking
        self.at, self.asked_as_of, self.progress = at, as_of, progress
        self.snapshots = Snapshots(data.snapshots)
        self.previous = self.snapshots.current()
        self.done: list[StageReport] = []
        self.notes: list[str] = []
        self.linked = ""
        self.decisions: tuple[MatchDecision, ...] = ()
        self.began = time.perf_counter()

    def go(self) -> RunReport:
        given = self._take_in()
        while True:
            stages = plan_stages(given, self.previous)
            planned = {stage.name: stage.fingerprint for stage in stages}
            known = {stage.name: stage.fingerprint for stage in self.done}
            is_same = self._fingerprints_before() == known | planned
            if self.previous and is_same and self.linking != "full":
                self._cut_earlier(given)
                return self._report(self.previous, is_published=False)
            published = self._build_all(given, stages)
            if published is not None:
                self._cut_earlier(given)
                return self._report(published, is_published=True)
            # What showed no need was deleted: all is worked out again without it.
            self.done = [each for each in self.done if each.name in ("check", "rules")]
            given = replace(given, loads=self._load(given.place, given.kept, given.keeping))

    def _build_all(self, given: Given, stages: list[Stage]) -> Snapshot | None:
        """Build and publish; None where data had to be deleted first, so that it starts again."""
        draft = self.snapshots.start(self.at)
        work = Path(tempfile.mkdtemp(prefix="work-", dir=self.data.path))
        try:
            with Store(memory_limit_mb=MEMORY_MB, spill=work) as store:
                for stage in stages:
                    self._build(store, draft, stage)
                unneeded = find_unneeded(store, given.place, given.keeping)
            if unneeded:
                note = partial(self.progress.note, "people")
                self.notes += delete_unneeded(given.place, self.data, unneeded, note)
                self.snapshots.discard(draft)
                return None
            return self._publish(draft, given, stages)
        except BaseException:
            self.snapshots.discard(draft)
            raise
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _erase_first(self, place: PlaceFolder) -> None:
        """Nobody erased stands in any snapshot from here on, also where one was put back."""
        for each in erase_from_snapshots(self.data, Deletions(self.data), self.at, place=place):
            self.notes.append(
                f"Snapshot {each.old_id} held people who were erased; they were taken out of it."
            )
        self.previous = self.snapshots.current()

    def _load(
        self, place: PlaceFolder, kept: Mapping[str, frozenset[str]], keeping: Keeping
    ) -> LoadReport:
        loads: LoadReport = self._stage(
            "intake",
            lambda: load_inbox(
                place,
                self.data,
                kept.__getitem__,
                progress=lambda text: self.progress.note("intake", text),
                keeping=keeping,
            ),
            lambda loads: (
                _intake_fingerprint(loads),
                sum(each.accepted for each in loads.datasets),
            ),
        )
        return loads

    def _take_in(self) -> Given:
        """Run the stages that lead up to the store: check, rules, intake."""
        for left in self.data.path.glob("work-*"):
            shutil.rmtree(left, ignore_errors=True)
        place = self._stage("check", self._check, self._hash_folder)
        on = self.at.astimezone(ZoneInfo(place.place.time_zone)).date()
        rules = self._stage(
            "rules",
            lambda: compile_rules(
                read_agreements(place),
                self.sign_offs,
                on,
                terms_of(place.vocabulary, place.partners.values(), place.place.time_zone),
            ),
            lambda rules: (rules.hash, len(rules.clauses)),
        )
        kept = {
            partner: place.vocabulary.expand(kept_fields(rules, partner))
            for partner in place.partners
        }
        if not any(kept.values()):
            self.notes.append("No agreement is in force, so nothing of any partner may be kept.")
        self._erase_first(place)
        loads = self._load(place, kept, find_keeping(rules))
        self.notes += _load_notes(loads)
        return Given(
            folder=self.folder,
            place=place,
            data=self.data,
            loads=loads,
            kept=kept,
            ruleset_hash=rules.hash,
            countable=countable_facts(rules),
            statements=tuple(self.statements.statements()),
            keeping=find_keeping(rules),
            as_of=self.asked_as_of or on,
            note=self.progress.note,
            linking=self.linking,
            decisions=self.decisions,
        )

    def _hash_folder(self, _place: PlaceFolder) -> tuple[str, int]:
        return folder_hash(self.folder, without="agreements/drafts"), 0

    def _check(self) -> PlaceFolder:
        return load_place(self.folder, [check_agreements])

    def _stage(
        self, name: str, work: Callable[[], Any], describe: Callable[[Any], tuple[str, int]]
    ) -> Any:
        self.progress.start(name)
        started = time.perf_counter()
        result = work()
        fingerprint, rows = describe(result)
        self._finished(StageReport(name, fingerprint, rows, _since(started)))
        return result

    def _build(self, store: Store, draft: Draft, stage: Stage) -> None:
        self.progress.start(stage.name)
        started = time.perf_counter()
        if stage.is_reused and self.previous:
            tables = take_over(store, draft, self.previous, stage.tables)
        else:
            stage.build(store)
            tables = write_tables(store, draft, stage.tables)
        self._finished(
            StageReport(
                stage.name,
                stage.fingerprint,
                tables[stage.main_table],
                _since(started),
                stage.is_reused,
                tables,
            )
        )

    def _publish(self, draft: Draft, given: Given, stages: Iterable[Stage]) -> Snapshot:
        self.progress.start("publish")
        started = time.perf_counter()
        keep_reach(self.data, draft.table("flag_reach"))
        tables = {name: rows for stage in self.done for name, rows in stage.tables.items()}
        link = next((stage.report for stage in stages if stage.name == "link"), None)
        self.linked = str((link or {}).get("why", ""))
        if not link and self.previous:
            link = dict(self.previous.manifest["link"])
        manifest = {
            "built_at": self.at.astimezone(dt.UTC).isoformat(),
            "as_of": given.as_of.isoformat(),
            "code_version": __version__,
            "covered": _coverage(given).as_plain(),
            "keeping": keeping_as_plain(given.keeping, given.place.datasets.values()),
            "ruleset_hash": given.ruleset_hash,
            "inputs": given.loads.inputs,
            "stages": {
                stage.name: {
                    "fingerprint": stage.fingerprint,
                    "rows": stage.rows,
                    "seconds": stage.seconds,
                    "reused": stage.is_reused,
                }
                for stage in self.done
            },
            "link": link or {},
            "tables": tables,
        }
        snapshot = self.snapshots.publish(draft, manifest)
        prune_snapshots(self.snapshots)
        self._finished(StageReport("publish", "", sum(tables.values()), _since(started)))
        return snapshot

    def _cut_earlier(self, given: Given) -> None:
        """Take what agreements no longer cover out of the snapshots before the published one."""
        self.notes += cut_snapshots(
            self.data,
            _coverage(given),
            self.at,
            lambda text: self.progress.note("publish", text),
        )

    def _finished(self, stage: StageReport) -> None:
        self.done.append(stage)
        self.progress.finish(stage)

    def _fingerprints_before(self) -> dict[str, str]:
        stages = self.previous.manifest.get("stages", {}) if self.previous else {}
        return {name: stages[name]["fingerprint"] for name in STAGES if name in stages}

    def _report(self, snapshot: Snapshot, *, is_published: bool) -> RunReport:
        return RunReport(
            snapshot_id=snapshot.id,
            is_published=is_published,
            as_of=dt.date.fromisoformat(snapshot.manifest["as_of"]),
            seconds=_since(self.began),
            stages=tuple(self.done),
            people=_count_people(snapshot),
            notes=tuple(self.notes),
            linking=self._tell_linking(),
        )

    def _tell_linking(self) -> str:
        """Say how records were linked in this run; nothing where they were not."""
        return self.linked if any(s.name == "link" and not s.is_reused for s in self.done) else ""


def _coverage(given: Given) -> Coverage:
    return find_coverage(given.place, given.kept, given.countable, given.statements, given.keeping)


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 3)


def _count_people(snapshot: Snapshot) -> int:
    return int(snapshot.manifest.get("link", {}).get("people", 0))


def _intake_fingerprint(loads: Any) -> str:
    from wholeplace.foundation.canonical import content_hash

    return content_hash(
        sorted(
            [
                file.dataset,
                file.file,
                file.fingerprint,
                file.status,
                file.is_whole,
                file.partition,
                file.held_flags,
            ]
            for file in loads.files
        )
    )


def _load_notes(loads: Any) -> list[str]:
    notes = [
        f"{file.dataset}: {file.file} was refused. {file.why_refused}"
        for file in loads.files
        if file.status == "refused"
    ]
    notes += [f"No dataset expects the file {name}." for name in loads.unknown_files]
    return notes + list(loads.notes)
