"""Replacement texts: where a form cannot say what was typed, the mover chooses what it says instead, blank by blank."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext

from renrakucho.faces.book.saved_forms import flat_form_data, saved_form, saved_wrong_form
from renrakucho.fact.catalogue import Facts
from renrakucho.lib.kana import to_katakana
from renrakucho.lib.text_fields import TextLineField, secret_message
from renrakucho.lib.typed_text import SELECTORS
from renrakucho.mover.book import entries_of
from renrakucho.mover.facts import facts_of
from renrakucho.notice.connected_providers import sheet_for
from renrakucho.notice.models import Notice
from renrakucho.notice.notice_form import draft_of, keep_draft, preview_form, valid_replacements
from renrakucho.page.formatting import text_in_both, translated_text
from renrakucho.sheet.fill import BlankProblem, CannotSay, shown_text
from renrakucho.sheet.form import Sheet
from renrakucho.sheet.phrase import Phrase
from renrakucho.sheet.short_name import shorter_texts
from renrakucho.sheet.variant import suggest_variant

SUGGESTED, SHORTER, KANA, OWN = "suggested", "shorter", "kana", "own"


@dataclass(frozen=True)
class ReplacementChoice:
    """A blank's problem, and the fields to solve it."""

    problem: BlankProblem
    sentence: str
    pick: forms.BoundField
    words: forms.BoundField | None  # for the mover's own text


class ReplacementForm(forms.Form):
    """For each problem a choice of texts, or the mover's own text."""

    def __init__(
        self,
        problems: tuple[BlankProblem, ...],
        sheet: Sheet,
        facts: Facts,
        data: Mapping[str, str] | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(typed or {}))
        self.problems = [problem for problem in problems if problem.blank.say]
        self._suggested = {problem.blank.name: _suggestions(problem, sheet, facts) for problem in self.problems}
        for problem in self.problems:
            name = problem.blank.name
            offered = self._suggested[name]
            choices = [(code, label) for code, (label, _text) in offered.items()]
            if not problem.blank.words:
                choices.append((OWN, gettext("自分で書きかえる") if offered else gettext("書きかえる")))
            self.fields[f"pick-{name}"] = forms.ChoiceField(
                label=text_in_both(problem.blank.label),
                choices=choices,
                initial=choices[0][0] if len(choices) == 1 else None,
                error_messages={"required": gettext("どのように書くかを、お選びください。")},
            )
            self.fields[f"words-{name}"] = TextLineField(
                label=gettext("%(label)sの書きかえ") % {"label": problem.blank.label},
                required=False,
                max_length=200,
                error_messages={"max_length": gettext("200文字までで入れてください。")},
                initial=problem.text,
                strip=False,
            )

    def clean(self) -> None:
        """Drop the errors of own texts that were not chosen."""
        for problem in self.problems:
            if self.cleaned_data.get(f"pick-{problem.blank.name}") != OWN:
                self.errors.pop(f"words-{problem.blank.name}", None)

    def choices(self) -> list[ReplacementChoice]:
        """Return the choices for the page."""
        return [
            ReplacementChoice(
                problem,
                problem_sentence(problem),
                self[f"pick-{problem.blank.name}"],
                self[f"words-{problem.blank.name}"],
            )
            for problem in self.problems
        ]

    def chosen_texts(self) -> dict[str, str]:
        """Return the chosen texts by blank name. Call it when the form is valid."""
        chosen = {}
        for problem in self.problems:
            name = problem.blank.name
            pick = self.cleaned_data[f"pick-{name}"]
            chosen[name] = self.cleaned_data[f"words-{name}"] if pick == OWN else self._suggested[name][pick][1]
        return chosen


def replacement_form(request: HttpRequest, notice: Notice, error: CannotSay) -> ReplacementForm | None:
    """Return the form to choose in, with an error at each choice that does not help; None once the form can be told."""
    said = facts_of(entries_of(notice.book))
    sheet = sheet_for(notice.provider, notice.procedure, said)
    posted = request.POST if "instead" in request.POST else saved_wrong_form(request)
    form = ReplacementForm(
        error.problems, sheet, said, flat_form_data(posted) if posted else None, flat_form_data(saved_form(request))
    )
    if not form.is_valid():
        return form
    words = {**valid_replacements(draft_of(notice), said), **form.chosen_texts()}
    try:
        preview_form(notice, instead=words)
    except CannotSay as still:
        for problem in still.problems:
            if f"words-{problem.blank.name}" in form.fields:
                form.add_error(f"words-{problem.blank.name}", gettext("書きかえた内容も、この様式には書けません。"))
        return form
    if request.method != "POST":
        return form
    keep_draft(notice, instead=words)
    return None


def problem_sentence(problem: BlankProblem) -> str:
    """Say what is wrong with the blank."""
    words = {"label": problem.blank.label, "limit": problem.limit, "characters": "」「".join(problem.characters)}
    if problem.kind == "unsayable" and (letter := _letter_of_selector(problem)):
        return gettext(
            "「%(letter)s」に、字の形を選ぶ目に見えない印（異体字セレクタ）がついています。"
            "この事業者の様式では、印のない「%(letter)s」で書きます。"
        ) % {"letter": letter}
    if problem.kind == "abroad":
        return gettext("この事業者の様式には、日本の電話番号だけを書けます。日本でつながる番号を入れてください。")
    if problem.kind == "unsayable":
        return (
            ngettext(
                "「%(characters)s」は、この事業者の様式では書けない文字です。",
                "「%(characters)s」は、この事業者の様式では書けない文字です。",
                len(problem.characters),
            )
            % words
        )
    if problem.kind == "too_long":
        if not problem.in_bytes:
            return gettext("この欄には%(limit)s文字まで入ります。いまの内容は入りきりません。") % words
        return (
            gettext("この欄には半角で%(limit)s文字分（全角はその半分）まで入ります。いまの内容は入りきりません。")
            % words
        )
    if problem.kind == "again":
        return gettext("ほかの希望とちがう時間帯を、お選びください。")
    if problem.kind in ("my_number", "card_number", "password"):
        return secret_message(problem.kind)
    if problem.kind == "missing":
        return gettext("この事業者の様式では、必ず書く欄です。") % words
    return translated_text(problem.blank.pattern_help) or gettext("この欄の書き方に合っていません。")


def _other_part(phrase: Phrase, facts: Facts) -> str:
    """The name's other part, as this blank writes it: for a name that has one part only. "" for any other blank."""
    other = {"family": "given", "given": "family"}
    names = [name for name in phrase.facts() if name.endswith(("_name", "_kana"))]
    if len(names) != 1:
        return ""
    whose, _dot, part = names[0].partition(".")
    which, _line, kind = part.partition("_")
    said = facts.get(f"{whose}.{other[which]}_{kind}", "") if which in other else ""
    return phrase.text({**facts, names[0]: said}).strip()


def _letter_of_selector(problem: BlankProblem) -> str:
    """The letter whose variation selector is all that cannot be written; "" for any other problem."""
    plain = [SELECTORS.sub("", seen) for seen in problem.characters]
    selected = all(SELECTORS.search(seen) for seen in problem.characters)
    return "」「".join(plain) if selected and all(plain) else ""


def _suggestions(problem: BlankProblem, sheet: Sheet, facts: Facts) -> dict[str, tuple[str, str]]:
    """Code → (label, text) of each text that can be suggested."""
    if problem.blank.words:
        return {word: (shown_text(problem.blank, word, {}), word) for word in problem.blank.words}
    if problem.kind == "missing" and problem.blank.say and (text := _other_part(problem.blank.say, facts)):
        return {SUGGESTED: (gettext("もう一方の欄と同じ「%(text)s」と書く") % {"text": text}, text)}
    if problem.kind == "too_long":
        shorter = enumerate(shorter_texts(problem.blank, facts, sheet.encoding), start=1)
        return {
            f"{SHORTER}{number}": (gettext("「%(text)s」と書く") % {"text": text}, text) for number, text in shorter
        }
    if problem.kind != "unsayable" or problem.blank.say is None:
        return {}
    offers = {}
    suggested = suggest_variant(problem.text, sheet.encoding)
    if suggested:
        offers[SUGGESTED] = (gettext("「%(text)s」と書く") % {"text": suggested}, suggested)
    in_kana = problem.blank.say.in_kana()
    if in_kana:
        text = to_katakana(in_kana.text(facts))
        offers[KANA] = (gettext("フリガナで「%(text)s」と書く") % {"text": text}, text)
    return offers
